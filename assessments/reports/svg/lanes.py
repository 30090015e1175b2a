"""What came next: a lane a milestone, a glyph a next step, in the quarter it was planned. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.reports.svg.canvas import COLOURS, MARGIN, WIDTH, element, key_of, lines_of, mark, number, text
from assessments.reports.svg.steps import Place, Step, axis, stretches

PLANNED, DOING, DONE, STOPPED = "planned", "doing", "done", "stopped"
GLYPHS = (PLANNED, DOING, DONE, STOPPED)
PLACE = Place(MARGIN, 330, WIDTH - MARGIN, 18, 60, 280)


@dataclass(frozen=True)
class Glyph:
    """One next step: the quarter it was planned in, what became of it, and that in words."""

    at: int
    status: str
    said: str


@dataclass(frozen=True)
class Lane:
    """One milestone with its next steps."""

    label: str
    glyphs: tuple[Glyph, ...]
    levels: tuple[Step, ...] = ()  # of the milestone over the same quarters: the thin line behind


def glyph(status: str) -> str:
    """The shape of a status, 16 across, round 0: open, half, full, or a cross.

    >>> GLYPHS
    ('planned', 'doing', 'done', 'stopped')
    """
    ink = COLOURS["ink"]
    if status == STOPPED:
        return element("path", d="M-6 -6L6 6M6 -6L-6 6", stroke=ink, stroke_width=2.5, fill="none")
    ring = element("circle", r=7, fill=ink if status == DONE else COLOURS["white"], stroke=ink, stroke_width=2)
    return ring + (element("path", d="M0 -7A7 7 0 0 1 0 7Z", fill=ink) if status == DOING else "")


def drawing(lanes: Sequence[Lane], quarters: Sequence[tuple[str, str]], key: Sequence[tuple[str, str]]):
    """How these lanes are drawn from some height down; `key` names each status."""

    def draw(top: float) -> tuple[list[str], float]:
        parts = key_of([(glyph(status), words) for status, words in key], MARGIN, top + 8)
        y = top + 30
        for lane in lanes:
            parts += drawn_lane(lane, y, len(quarters))
            y += height_of(lane)
        return parts + axis(quarters, y, PLACE), y + 42

    return draw


def height_of(lane: Lane) -> float:
    """A lane is as high as its fullest quarter and its name need."""
    most = max((len([g for g in lane.glyphs if g.at == at]) for at in {g.at for g in lane.glyphs}), default=1)
    return max(PLACE.high, len(lines_of(lane.label, PLACE.names, PLACE.size, 600)) * 22 + 14, most * 20 + 14)


def level_lines(levels: Sequence[Step], top: float, high: float, count: int) -> list[str]:
    """The levels of a lane as paths, each quarter a step of its whole width; cut where nothing joins two quarters."""
    wide = (PLACE.end - PLACE.start) / count
    found = []
    for stretch in stretches(levels):
        drawn, last = "", None
        for step in stretch:
            left = number(float(PLACE.x(step.at, count) - wide / 2))
            y = number(float(top + 8 + (high - 16) * (1 - step.level / 4)))
            drawn += f"M{left} {y}" if last is None else f"V{y}"
            drawn, last = f"{drawn}h{number(float(wide))}", step
        found.append(drawn)
    return found


def drawn_lane(lane: Lane, top: float, count: int) -> list[str]:
    high = height_of(lane)
    names = lines_of(lane.label, PLACE.names, PLACE.size, 600)
    parts = [element("path", d=f"M{MARGIN} {number(top)}H{number(PLACE.end)}", stroke=COLOURS["hairline"])]
    for at, name in enumerate(names):
        parts.append(text(PLACE.left, top + high / 2 + 6 + (at - (len(names) - 1) / 2) * 22, name, weight=600))
    parts += [
        element("path", d=d, fill="none", stroke=COLOURS["control"], stroke_width=1.5, class_="level-line")
        for d in level_lines(lane.levels, top, high, count)
    ]
    for at in sorted({one.at for one in lane.glyphs}):
        here = [one for one in lane.glyphs if one.at == at]
        x = PLACE.x(at, count)
        for place, one in enumerate(here):
            y = top + high / 2 + (place - (len(here) - 1) / 2) * 20
            drawn = element("g", glyph(one.status), transform=f"translate({number(x)} {number(y)})")
            parts.append(mark(f"step {one.status}", one.said, drawn, data_x=x))
    return parts
