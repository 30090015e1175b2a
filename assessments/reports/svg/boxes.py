"""Five boxes of one size, Not yet to Lasting, with the names of coalitions in them. Pure."""

from collections.abc import Sequence

from assessments.reports.svg.canvas import COLOURS, MARGIN, WIDTH, element, level_sign, lines_of, mark, text

GAP = 16
WIDE = (WIDTH - 2 * MARGIN - 4 * GAP) / 5
STEP = 20


def drawing(boxes: Sequence[tuple[str, Sequence[str]]], none: str, apart: str, rest: Sequence[str]):
    """How the boxes are drawn from some height down: the name of each level and who is in it, in the order given.

    `none` stands in an empty box; `rest` are those without a level, in words, under the heading `apart`.
    """

    def draw(top: float) -> tuple[list[str], float]:
        named = [[lines_of(name, WIDE - 40, 15) for name in names] or [lines_of(none, WIDE - 40, 15)]
                 for _level, names in boxes]  # fmt: skip
        high = 64.0 + max(sum(len(lines) * STEP + 8 for lines in all_lines) for all_lines in named)
        parts: list[str] = []
        for level, ((word, names), lines) in enumerate(zip(boxes, named, strict=True)):
            parts += box(level, word, names, lines, top + 8, high)
        y = top + high + 30
        if rest:
            parts.append(text(MARGIN, y + 8, apart, size=18, weight=700))
            y += 36
            for said in rest:
                lines = lines_of(said, WIDTH - 2 * MARGIN, 16)
                drawn = [text(MARGIN, y + at * STEP, line, size=16) for at, line in enumerate(lines)]
                parts.append(mark("status", said, *drawn))
                y += len(lines) * STEP + 4
        return parts, y

    return draw


def box(level: int, word: str, names: Sequence[str], lines: Sequence[list[str]], top: float, high: float) -> list[str]:
    """One box: its level, then its names, each with a mark in the level's colour."""
    x = MARGIN + level * (WIDE + GAP)
    parts = [
        element("rect", x=x, y=top, width=WIDE, height=high, rx=4, fill=COLOURS["white"], stroke=COLOURS["control"]),
        level_sign(x + 26, top + 28, level),
        text(x + 50, top + 34, word, size=17, weight=700),
    ]
    y = top + 72
    for at, of_name in enumerate(lines):
        drawn = [text(x + 32, y + place * STEP, line, size=15) for place, line in enumerate(of_name)]
        if at < len(names):
            sign = level_sign(x + 18, y - 5, level, size=14, with_number=False)
            parts.append(mark("level", f"{names[at]}: {word} ({level})", sign, *drawn, data_x=x))
        else:
            parts += drawn
        y += len(of_name) * STEP + 8
    return parts
