"""A table of marks: a row a coalition under its state, a column a milestone; or counts of two milestones. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.reports.svg.canvas import (
    BOLD,
    COLOURS,
    MARGIN,
    WIDTH,
    element,
    key_of,
    level_sign,
    lines_of,
    mark,
    number,
    status_sign,
    text,
)

LABELS = 290  # how wide the column of names is
LOW = 58  # the least height of a row
SHADES = ("white", "hatch", "hairline", "control", "level-edge")  # the grey ramp of counts


@dataclass(frozen=True)
class Cell:
    """One cell: a level or the status that says why there is none, that in words, and what stands small below."""

    said: str
    level: int | None = None
    status: str = ""
    small: str = ""


@dataclass(frozen=True)
class Count:
    """One cell of counts: so many of so many times, how dark; hatched where they are few, empty where it is none."""

    said: str
    words: str = ""
    shade: int = 0
    few: bool = False


@dataclass(frozen=True)
class Group:
    """Rows under one heading, which may be empty: (name, cells) each."""

    label: str
    lines: Sequence[tuple[str, Sequence]]


@dataclass(frozen=True)
class Box:
    """Where a cell stands."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


def drawing(columns: Sequence[str], groups: Sequence[Group], key: Sequence[tuple[str, str]] = ()):
    """How these rows are drawn from some height down, with the names of the columns once at the top."""
    width = (WIDTH - MARGIN - MARGIN - LABELS) / max(1, len(columns))

    def draw(top: float) -> tuple[list[str], float]:
        parts = key_of(key, MARGIN, top + 8)
        parts_of_head, y = head(columns, width, top + (30 if key else 6))
        parts += parts_of_head
        for group in groups:
            if group.label:
                parts.append(text(MARGIN, y + 28, group.label, size=18, weight=700))
                y += 38
            for name, cells in group.lines:
                drawn, y = row(name, cells, width, y)
                parts += drawn
        return parts, y

    return draw


def head(columns: Sequence[str], width: float, top: float) -> tuple[list[str], float]:
    """The names of the columns, their last lines level with each other."""
    named = [lines_of(name, width - 4, 13, 600) for name in columns]
    high, parts = max(map(len, named), default=0), []
    for at, names in enumerate(named):
        for line, name in enumerate(names, high - len(names)):
            x = MARGIN + LABELS + width * (at + 0.5)
            parts.append(text(x, top + 14 + line * 17, name, size=13, weight=600, anchor="middle"))
    return parts, top + high * 17 + 10


def row(name: str, cells: Sequence, width: float, top: float) -> tuple[list[str], float]:
    """One row, and where the next begins."""
    names = lines_of(name, LABELS - 16, 16, 600)
    high = float(max(LOW, len(names) * 20 + 12))
    parts = [element("path", d=f"M{MARGIN} {number(float(top))}H{WIDTH - MARGIN}", stroke=COLOURS["hairline"])]
    for line, part in enumerate(names):
        parts.append(text(MARGIN, top + high / 2 + 5 + (line - (len(names) - 1) / 2) * 20, part, size=16, weight=600))
    for at, cell in enumerate(cells):
        box = Box(MARGIN + LABELS + width * at + 1, top + 2, width - 2, high - 4)
        parts.append(drawn_count(cell, box) if isinstance(cell, Count) else drawn_cell(cell, box))
    return parts, top + high


def drawn_cell(cell: Cell, box: Box) -> str:
    x, y = box.middle
    if cell.level is not None:
        small = [text(x, y + 22, cell.small, size=13, fill="ink-2", anchor="middle")] if cell.small else []
        lift = 8 if cell.small else 0
        return mark("level", cell.said, level_sign(x, y - lift, cell.level), *small, data_x=x)
    sign = status_sign(x, y - 9, cell.status)
    words = lines_of(cell.said, box.width, 13)[:2]
    start = y + 18 if sign else y + 5 - (len(words) - 1) * 8
    said = [text(x, start + line * 16, word, size=13, fill="ink-2", anchor="middle") for line, word in enumerate(words)]
    return mark(f"status {cell.status}", cell.said, sign, *said, data_x=x)


def drawn_count(cell: Count, box: Box) -> str:
    x, y = box.middle
    place = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rx": 4}
    if not cell.words:
        return element("rect", fill=COLOURS["paper"], **place)
    fill = COLOURS["white"] if cell.few else COLOURS[SHADES[cell.shade]]
    shapes = [element("rect", fill=fill, stroke=COLOURS["control"], **place)]
    if cell.few:
        shapes.append(element("rect", fill="url(#hatch)", **place))
    dark = not cell.few and cell.shade >= 3
    large = len(cell.words) * 18 * BOLD < box.width
    words = [cell.words] if large else lines_of(cell.words, box.width, 13)
    for line, word in enumerate(words):
        base = y + 6 + (line - (len(words) - 1) / 2) * 17
        shapes.append(text(x, base, word, size=18 if large else 13, fill="white" if dark else "ink",
                           weight=600 if large else 400, anchor="middle"))  # fmt: skip
    return mark("count", cell.said, *shapes, data_x=x)


def levels_key(names: Sequence[str]) -> list[tuple[str, str]]:
    """The five levels as `key_of` takes them."""
    return [(level_sign(0, 0, level, size=22), name) for level, name in enumerate(names)]
