"""Coalitions side by side, each on its own, A to Z: what a table, a map and a list of levels hold. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assessments import levels
from assessments.quarters import Quarter
from assessments.reports import rows


@dataclass(frozen=True)
class Cell:
    """One coalition's milestone in the table of all states."""

    status: str
    level: int | None = None
    core_only: bool = False
    was: int | None = None  # the level of the quarter before, where it is another one and compares

    @property
    def css(self) -> str:
        if self.level is not None:
            return f"level-{self.level}"
        return "status-not_shared" if self.status == rows.STORY_ONLY else f"status-{self.status}"


@dataclass(frozen=True)
class Line:
    """One coalition's row in the table of all states."""

    coalition: rows.Coalition
    cells: list[Cell]


@dataclass(frozen=True)
class StateGroup:
    """The coalitions of one state, each on its own."""

    code: str
    name: str
    lines: list[Line] = field(default_factory=list)


def cell(row: rows.Row | None, earlier: rows.Row | None) -> Cell:
    """What a table shows of one row; `earlier` is the same milestone in the quarter before, if it may be read."""
    if row is None:
        return Cell(levels.NOT_SHARED)
    moved = rows.move(row, earlier if earlier and earlier.shows_level else None)
    was = moved.comparable_level if moved.moved else None
    return Cell(row.status, row.level, row.core_only, was)


def table(
    coalitions: Iterable[rows.Coalition], found: Iterable[rows.Row], quarter: Quarter, slugs: Sequence[str]
) -> list[StateGroup]:
    """A row for each coalition that shares one of these milestones in the quarter, under its state, A to Z."""
    known = {(row.coalition, row.quarter, row.slug): row for row in found}
    groups: dict[str, StateGroup] = {}
    for coalition in sorted(coalitions, key=lambda c: c.order):
        now = [known.get((coalition.id, quarter, slug)) for slug in slugs]
        if not any(now):
            continue
        was = [known.get((coalition.id, rows.quarter_before(quarter), slug)) for slug in slugs]
        cells = [cell(row, earlier) for row, earlier in zip(now, was, strict=True)]
        group = groups.setdefault(coalition.state, StateGroup(coalition.state, coalition.state_name))
        group.lines.append(Line(coalition, cells))
    return list(groups.values())
