"""Coalitions one under another on one axis of time, each with what happened around it. Pure."""

from collections.abc import Sequence

from assessments.reports.svg.canvas import MARGIN, key_of
from assessments.reports.svg.grid import levels_key
from assessments.reports.svg.steps import WHOLE, Flag, Line, axis, drawn_flags, drawn_line


def drawing(
    panels: Sequence[tuple[Line, Sequence[Flag]]], quarters: Sequence[tuple[str, str]], happened: str,
    levels: Sequence[str],
):  # fmt: skip
    """How these lines are drawn from some height down, the events of each below it, the quarters below them all."""

    def draw(top: float) -> tuple[list[str], float]:
        parts = key_of(levels_key(levels), MARGIN, top + 8)
        y = top + 32
        for line, flags in panels:
            parts += drawn_line(line, y, len(quarters), WHOLE)
            y += WHOLE.high
            if flags:
                parts += drawn_flags(flags, happened, y, len(quarters), WHOLE)
                y += 34
        return parts + axis(quarters, y, WHOLE), y + 42

    return draw
