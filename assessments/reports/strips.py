"""The small pictures of a report, a row of a table each: where on the ladder a level stands, and a line over quarters.

No database, no request: values in, the places of marks out. `templates/reports/svg/` draws them, for the print page
and for the PDF alike, and `said` is what they say to whoever does not see them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.reports import rows
from assessments.reports.charts import COLOURS

STEP = 40  # from one level to the next
EDGE = 16  # from the side of a picture to the first mark
WIDE = 620  # a line over time
ROW = 14  # from one level to the next, upwards
HIGH = 2 * EDGE + 4 * ROW
BELOW = 16  # room for the names of the first and the last quarter
INK, EDGE_OF_MARK, THIN = COLOURS["ink"], COLOURS["level-edge"], COLOURS["hairline"]
WHITE = "#FFFFFF"


class Picture:
    """What every picture has: its template, its size, and the colours that its marks take."""

    ink, edge, thin, white = INK, EDGE_OF_MARK, THIN, WHITE


def fill(level: int) -> str:
    return COLOURS[f"level-{level}"]


def on(level: int) -> str:
    """The colour of a number on a mark of this level."""
    return WHITE if level >= 3 else INK


@dataclass(frozen=True)
class Strip(Picture):
    """One level on the ladder; an open circle where it stood before, an upright line where the answers suggest."""

    level: int | None
    previous: int | None = None
    suggested: int | None = None
    said: str = ""

    template = "reports/svg/strip.svg"
    width, height = 2 * EDGE + 4 * STEP, 32
    ticks = tuple(EDGE + STEP * level for level in range(5))

    @property
    def fill(self) -> str:
        return fill(self.level)

    @property
    def on(self) -> str:
        return on(self.level)

    def at(self, level: int | None) -> int | None:
        return None if level is None else EDGE + STEP * level

    @property
    def x(self) -> int | None:
        return self.at(self.level)

    @property
    def previous_x(self) -> int | None:
        return self.at(self.previous) if self.previous != self.level else None

    @property
    def suggested_x(self) -> int | None:
        return self.at(self.suggested)


@dataclass(frozen=True)
class Mark:
    """A level of one quarter on a line."""

    x: int
    y: int
    level: int
    core_only: bool

    @property
    def path(self) -> str:
        """A diamond for the core question alone."""
        return f"M{self.x - 7} {self.y}L{self.x} {self.y - 7}L{self.x + 7} {self.y}L{self.x} {self.y + 7}Z"

    @property
    def fill(self) -> str:
        return fill(self.level)

    @property
    def on(self) -> str:
        return on(self.level)


@dataclass(frozen=True)
class Line(Picture):
    """A milestone's levels over quarters: steps, gaps where there is none, two lines where a question changed."""

    points: Sequence[rows.Point]
    said: str = ""

    template = "reports/svg/line.svg"
    width, height = WIDE, HIGH + BELOW
    foot = HIGH + BELOW - 4
    levels = tuple((level, HIGH - EDGE - ROW * level, HIGH - EDGE - ROW * level + 6) for level in range(5))
    right = WIDE - EDGE

    def x(self, place: int) -> int:
        room = WIDE - 4 * EDGE
        return round(3 * EDGE + room * (place + 0.5) / max(1, len(self.points)))

    @property
    def ends(self) -> list[tuple[int, str]]:
        """The first and the last quarter, and where their names stand."""
        at = sorted({0, len(self.points) - 1}) if self.points else []
        return [(self.x(place), self.points[place].quarter.label) for place in at]

    @property
    def places(self) -> dict:
        return {point.quarter: self.x(place) for place, point in enumerate(self.points)}

    @property
    def marks(self) -> list[Mark]:
        return [
            Mark(self.places[point.quarter], self.levels[point.level][1], point.level, point.core_only)
            for point in self.points
            if point.level is not None
        ]

    @property
    def paths(self) -> list[str]:
        """The steps of each stretch that a line may join, as SVG writes a path."""
        found = []
        for stretch in rows.lines(self.points):
            first, *rest = [(self.places[p.quarter], self.levels[p.level][1]) for p in stretch]
            found.append(f"M{first[0]} {first[1]}" + "".join(f"H{x}V{y}" for x, y in rest))
        return found

    @property
    def breaks(self) -> list[str]:
        """Where a question changed, just before the first quarter of the new line: two upright lines, as a path."""
        half = (WIDE - 4 * EDGE) / max(1, len(self.points)) / 2
        at = [round(self.places[point.quarter] - half) for point in self.points if point.new_series]
        return [f"M{x - 1} 8V{HIGH - 8}M{x + 2} 8V{HIGH - 8}" for x in at]
