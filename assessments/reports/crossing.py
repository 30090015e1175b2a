"""Coalitions side by side, each on its own, A to Z: what a table, a map, boxes and cards hold. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assessments import levels
from assessments.quarters import Quarter
from assessments.reports import rows

LEAST_TO_GROUP = 5  # sharing coalitions; with fewer, a box would point at one


@dataclass(frozen=True)
class Place:
    """A state on the tile map, with how many coalitions of this reader's scope are there."""

    code: str
    name: str
    row: int
    column: int
    coalitions: int = 0
    sample: bool = False

    @property
    def order(self):
        return (rows.collated(self.name), self.code)


@dataclass(frozen=True)
class Sum:
    """What the coalitions of one state share of a quarter; the level and status are those of the only one, if any."""

    sharing: int = 0
    with_level: int = 0
    level: int | None = None
    status: str = levels.NOT_SHARED


@dataclass(frozen=True)
class Tile:
    """One state of the map: what is shared there, or, shaded, the level of the one coalition that shares it."""

    place: Place
    of: Sum
    shaded: bool = False

    @property
    def level(self) -> int | None:
        """The level that colours the tile; None where several share one, which are never blended."""
        return self.of.level if self.shaded and self.of.with_level == 1 else None

    @property
    def several(self) -> int | None:
        """How many share their level here, where that is more than one and levels are asked for."""
        return self.of.with_level if self.shaded and self.of.with_level > 1 else None

    @property
    def kind(self) -> str:
        """What is shared at most: level, story, nothing; empty where there is no coalition."""
        if self.of.with_level:
            return "level"
        if self.of.sharing:
            return "story"
        return "nothing" if self.place.coalitions else ""

    @property
    def css(self) -> str:
        if self.level is not None:
            return f"level-{self.level}"
        return {"level": "tile-shared", "story": "tile-story", "nothing": "tile-has-coalition", "": ""}[self.kind]


def tiles(places: Iterable[Place], sums: Mapping[str, Sum], *, shaded: bool) -> list[Tile]:
    """The map, A to Z."""
    return [Tile(place, sums.get(place.code, Sum()), shaded) for place in sorted(places, key=lambda p: p.order)]


@dataclass(frozen=True)
class Boxes:
    """Coalitions by the level of one milestone: five boxes, Not yet to Lasting, A to Z inside; the rest apart."""

    boxes: list[tuple[int, list[tuple[rows.Coalition, rows.Row]]]]
    rest: list[tuple[rows.Coalition, rows.Row]]


def may_group(found: Iterable[rows.Row]) -> bool:
    """Whether enough coalitions share their standing in one milestone to be put into boxes."""
    return len({row.coalition for row in found if row.shows_level}) >= LEAST_TO_GROUP


def boxes(coalitions: Iterable[rows.Coalition], found: Iterable[rows.Row]) -> Boxes | None:
    """The boxes of one milestone in one quarter, from its rows; None where fewer than five coalitions share it."""
    found = list(found)
    if not may_group(found):
        return None
    of = {row.coalition: row for row in found}
    there = [(c, of[c.id]) for c in coalitions if c.id in of]
    in_boxes = [(level, [pair for pair in there if pair[1].level == level]) for level in range(levels.HIGHEST + 1)]
    return Boxes(in_boxes, [pair for pair in there if pair[1].level is None])


@dataclass(frozen=True)
class Cell:
    """One coalition's milestone in the table of all states."""

    status: str
    level: int | None = None
    core_only: bool = False
    was: int | None = None  # the level of the quarter before, where it is another one and compares
    change: str = levels.FIRST

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
    return Cell(row.status, row.level, row.core_only, was, moved.kind)


def table(
    coalitions: Iterable[rows.Coalition], found: Iterable[rows.Row], quarter: Quarter, slugs: Sequence[str]
) -> list[StateGroup]:
    """A row for each of these coalitions, in their order, that shares one of the milestones in the quarter."""
    before = rows.quarter_before(quarter)
    here, earlier = {}, {}
    for row in found:
        known = here if row.quarter == quarter else earlier if row.quarter == before else {}
        known[row.coalition, row.slug] = row
    groups: dict[str, StateGroup] = {}
    for coalition in coalitions:
        now = [here.get((coalition.id, slug)) for slug in slugs]
        if not any(now):
            continue
        cells = [
            cell(row, earlier.get((coalition.id, slug))) for row, slug in zip(now, slugs, strict=True)
        ]  # fmt: skip
        group = groups.setdefault(coalition.state, StateGroup(coalition.state, coalition.state_name))
        group.lines.append(Line(coalition, cells))
    return list(groups.values())
