"""Who took part, as bands alone: a row for all, and one for each side where both may be shown. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.reports.svg.canvas import COLOURS, MARGIN, element, lines_of, mark, number, status_sign, text

BANDS = ("5-9", "10-19", "20+")
LEFT, WIDTH, HIGH = 460, 200, 44


@dataclass(frozen=True)
class Row:
    """Who, the band they are in (`none` where too few), and that in words."""

    label: str
    band: str
    said: str


def x_of(band: str) -> float:
    """Where the box of a band begins."""
    return LEFT + BANDS.index(band) * (WIDTH + 8)


def drawing(rows: Sequence[Row]):
    """How these rows are drawn from some height down."""

    def draw(top: float) -> tuple[list[str], float]:
        parts, y = [], top + 12
        for row in rows:
            for at, line in enumerate(lines_of(row.label, 400, 18, 600)):
                parts.append(text(MARGIN, y + 28 + at * 22, line, weight=600))
            parts += boxes(row, y)
            y += HIGH + 20
        return parts, y

    return draw


def boxes(row: Row, y: float) -> list[str]:
    """Three boxes of one size, the one that holds filled; where too few took part, the mark of too few."""
    if row.band not in BANDS:
        return [mark("status too_few", row.said, status_sign(LEFT + 14, y + 22, "too_few")),
                text(LEFT + 40, y + 28, row.said, size=16)]  # fmt: skip
    parts = []
    for band in BANDS:
        x, filled = float(x_of(band)), band == row.band
        box = element("rect", x=x, y=y, width=WIDTH, height=HIGH, rx=4,
                      fill=COLOURS["primary"] if filled else COLOURS["white"],
                      stroke=COLOURS["primary" if filled else "hairline"])  # fmt: skip
        words = text(x + WIDTH / 2, y + 28, band.replace("-", "–"), fill="white" if filled else "ink-2",
                     weight=700 if filled else 400, anchor="middle")  # fmt: skip
        parts.append(mark("band", row.said, box, words, data_x=number(x)) if filled else box + words)
    return parts
