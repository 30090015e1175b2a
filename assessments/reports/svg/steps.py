"""Step lines of several milestones on one axis of time, with events along it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.reports.svg.canvas import (
    COLOURS,
    MARGIN,
    WIDTH,
    break_sign,
    element,
    level_sign,
    lines_of,
    mark,
    number,
    text,
)

MOST_TICKS = 12


@dataclass(frozen=True)
class Step:
    """One quarter on a line: `at` counts quarters from the first; `starts` where nothing joins it to the one before."""

    at: int
    level: int
    said: str
    starts: bool = False
    core_only: bool = False
    broken: bool = False  # a question changed before it


@dataclass(frozen=True)
class Line:
    """One milestone's line: its name, and each quarter with a level."""

    label: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Flag:
    """Something that happened in a quarter, in words."""

    at: int
    said: str


@dataclass(frozen=True)
class Place:
    """Where the lines stand, and how large: names from `left`, quarters from `start` to `end`."""

    left: float
    start: float
    end: float
    size: float
    high: float  # of one line
    names: float  # how wide the names are

    def x(self, at: int, count: int) -> float:
        """Where a quarter stands."""
        return self.start + (self.end - self.start) * (at + 0.5) / count

    def y(self, top: float, level: int) -> float:
        """Where a level stands on the line that begins at `top`."""
        room = self.high - 34
        return top + 17 + room * (1 - level / 4)


WHOLE = Place(MARGIN, 330, WIDTH - MARGIN, 18, 62, 280)  # in a file
ON_PAGE = Place(2, 200, 720, 15, 62, 186)  # on a page, 720 wide


def drawing(
    lines: Sequence[Line], quarters: Sequence[tuple[str, str]], flags: Sequence[Flag], happened: str, place=WHOLE
):
    """How these lines are drawn from some height down. `quarters`: the number and the year of each (`Q2`, `2026`)."""

    def draw(top: float) -> tuple[list[str], float]:
        parts: list[str] = []
        y = top + 6
        for line in lines:
            parts += drawn_line(line, y, len(quarters), place)
            y += place.high
        if flags:
            parts += drawn_flags(flags, happened, y, len(quarters), place)
            y += 34
        return parts + axis(quarters, y, place), y + 42

    return draw


@dataclass(frozen=True)
class Sign:
    """Where the mark of one level stands, its middle and its corner, and how large it is."""

    x: float
    y: float
    size: float
    step: Step

    @property
    def left(self) -> float:
        return self.x - self.size / 2

    @property
    def top(self) -> float:
        return self.y - self.size / 2

    @property
    def base(self) -> float:
        """The baseline of the number in it."""
        return self.y + self.size * 0.2

    @property
    def has_number(self) -> bool:
        return self.size >= 12


@dataclass(frozen=True)
class Laid:
    """One line as it stands on the page: its name in lines of text, its paths, its marks and its breaks."""

    top: float
    names: list[tuple[float, str]]
    paths: list[str]
    signs: list[Sign]
    breaks: list[float]
    high: float


def laid(line: Line, top: float, count: int, place: Place) -> Laid:
    """Where everything of one line stands."""
    names = lines_of(line.label, place.names, place.size, 600)[:3]
    middle, gap = top + place.high / 2, (place.end - place.start) / count
    size = float(max(8, min(22, gap - 3)))
    return Laid(
        top=top,
        names=[(middle + 5 + (at - (len(names) - 1) / 2) * place.size * 1.2, name) for at, name in enumerate(names)],
        paths=[path(stretch, top, count, place) for stretch in stretches(line.steps) if len(stretch) > 1],
        signs=[
            Sign(place.x(s.at, count), place.y(top, s.level), size * (0.8 if s.core_only else 1), s) for s in line.steps
        ],
        breaks=[place.x(step.at, count) - gap / 2 for step in line.steps if step.broken],
        high=place.high,
    )


def path(stretch: Sequence[Step], top: float, count: int, place: Place) -> str:
    """A stretch as steps: along, then up or down."""
    points = [(place.x(step.at, count), place.y(top, step.level)) for step in stretch]
    start = f"M{number(points[0][0])} {number(points[0][1])}"
    return start + "".join(f"H{number(x)}V{number(y)}" for x, y in points[1:])


def drawn_line(line: Line, top: float, count: int, place: Place) -> list[str]:
    found = laid(line, top, count, place)
    parts = [element("path", d=f"M{number(place.left)} {number(top)}H{number(place.end)}", stroke=COLOURS["hairline"])]
    parts += [text(place.left, y, name, size=place.size, weight=600) for y, name in found.names]
    parts += [
        element("path", d=d, fill="none", stroke=COLOURS["ink"], stroke_width=2.5, class_="line") for d in found.paths
    ]
    parts += [break_sign(x, top + place.high / 2, place.high - 14) for x in found.breaks]
    for sign in found.signs:
        drawn = level_sign(sign.x, sign.y, sign.step.level, size=sign.size, diamond=sign.step.core_only,
                           with_number=sign.has_number)  # fmt: skip
        parts.append(mark("level", sign.step.said, drawn, data_x=sign.x, data_y=sign.y - top))
    return parts


def stretches(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps, cut where nothing joins them."""
    cut: list[list[Step]] = []
    for step in steps:
        if step.starts or not cut:
            cut.append([])
        cut[-1].append(step)
    return cut


def drawn_flags(flags: Sequence[Flag], happened: str, top: float, count: int, place: Place) -> list[str]:
    """A triangle for each quarter in which something happened."""
    parts = [element("path", d=f"M{number(place.left)} {number(top)}H{number(place.end)}", stroke=COLOURS["hairline"])]
    parts.append(text(place.left, top + 22, happened, size=place.size, weight=600))
    for flag in flags:
        x = place.x(flag.at, count)
        shape = element("path", d=f"M{number(x)} {number(top + 9)}l8 15h-16z", fill=COLOURS["ink-2"])
        parts.append(mark("event", flag.said, shape, data_x=x))
    return parts


def ticks(quarters: Sequence[tuple[str, str]], place: Place) -> list[tuple[float, str, str]]:
    """Where each quarter is named, its name, and the year where it begins; of many quarters some."""
    every, last, found = max(1, -(-len(quarters) // MOST_TICKS)), "", []
    for at, (name, year) in list(enumerate(quarters))[::every]:
        found.append((place.x(at, len(quarters)), name, year if year != last else ""))
        last = year
    return found


def axis(quarters: Sequence[tuple[str, str]], top: float, place: Place) -> list[str]:
    """The quarters under the lines."""
    parts = [element("path", d=f"M{number(place.left)} {number(top)}H{number(place.end)}", stroke=COLOURS["control"])]
    for x, name, year in ticks(quarters, place):
        parts.append(text(x, top + 18, name, size=14, fill="ink-2", anchor="middle"))
        if year:
            parts.append(text(x, top + 36, year, size=14, fill="ink-2", anchor="middle"))
    return parts


@dataclass(frozen=True)
class Picture:
    """The same lines as a page draws them itself: where everything stands, 720 wide."""

    lines: list[Laid]
    ticks: list[tuple[float, str, str]]
    flags: list[tuple[float, str]]
    bottom: float  # of the lines, where flags and axis begin
    height: float
    place: Place = ON_PAGE

    @property
    def axis(self) -> float:
        return self.bottom + (34 if self.flags else 0)


def picture(
    lines: Sequence[Line], quarters: Sequence[tuple[str, str]], flags: Sequence[Flag], happened: str
) -> Picture:
    """The lines for a page; `happened` is said by the page."""
    count, high = len(quarters), ON_PAGE.high
    bottom = 2 + high * len(lines)
    return Picture(
        [laid(line, 2 + at * high, count, ON_PAGE) for at, line in enumerate(lines)],
        ticks(quarters, ON_PAGE),
        [(ON_PAGE.x(flag.at, count), flag.said) for flag in flags],
        bottom,
        bottom + (34 if flags else 0) + 42,
    )
