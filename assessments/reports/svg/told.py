"""What coalitions say, as lists under headings: words first, then a mark and its words on each line. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assessments.reports.svg.canvas import COLOURS, MARGIN, WIDTH, block, element, level_sign, mark, number, status_sign
from assessments.reports.svg.lanes import glyph

WIDE = WIDTH - 2 * MARGIN
LEFT = MARGIN + 44  # where the words beside a mark begin


@dataclass(frozen=True)
class Sign:
    """One line with a mark: a level, a status or a next step, and what stands beside it."""

    kind: str  # level, status, step
    said: str
    level: int | None = None
    status: str = ""


@dataclass(frozen=True)
class Entry:
    """One thing that is told: its heading, a line under it, words, and its marks."""

    heading: str
    caption: str = ""
    words: Sequence[str] = ()
    signs: Sequence[Sign] = field(default_factory=tuple)


def drawing(parts: Sequence[tuple[str, Sequence[Entry]]]):
    """How these entries are drawn from some height down, each part under its heading, which may be empty."""

    def draw(top: float) -> tuple[list[str], float]:
        found: list[str] = []
        y = top + 6
        for heading, entries in parts:
            if heading:
                drawn, y = block(MARGIN, y + 26, heading, WIDE, size=20, weight=700)
                found += drawn
                y -= 8
            for entry in entries:
                drawn, y = drawn_entry(entry, y)
                found += drawn
        return found, y

    return draw


def drawn_entry(entry: Entry, top: float) -> tuple[list[str], float]:
    parts = [element("path", d=f"M{MARGIN} {number(float(top))}H{WIDTH - MARGIN}", stroke=COLOURS["hairline"])]
    drawn, y = block(MARGIN, top + 26, entry.heading, WIDE, size=18, weight=600)
    parts += drawn
    if entry.caption:
        drawn, y = block(MARGIN, y, entry.caption, WIDE, size=15, fill="ink-2")
        parts += drawn
    for words in entry.words:
        drawn, y = block(MARGIN, y + 2, words, WIDE, size=16)
        parts += drawn
    for sign in entry.signs:
        drawn, y = drawn_sign(sign, y + 8)
        parts.append(drawn)
    return parts, y + 4


def drawn_sign(sign: Sign, y: float) -> tuple[str, float]:
    """One line with its mark, and where the next begins."""
    words, end = block(LEFT, y + 6, sign.said, WIDTH - MARGIN - LEFT, size=16)
    if sign.kind == "step":
        shape = element("g", glyph(sign.status), transform=f"translate({MARGIN + 20} {number(float(y))})")
    elif sign.level is not None:
        shape = level_sign(MARGIN + 20, y, sign.level, size=24)
    else:
        shape = status_sign(MARGIN + 20, y, sign.status)
    return mark(f"{sign.kind} {sign.status}".strip(), sign.said, shape, *words), max(end, y + 26)
