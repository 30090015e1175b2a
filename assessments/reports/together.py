"""Which milestones move together: how often two of them went up in the same or in the next quarter. Pure.

It counts what `standings.csv` says in its column `change`, of the last revision of each quarter, so that a reader of
that file can count the same. An occasion of a pair is a quarter in which one milestone went up and in which, as in the
quarter after it, the other's change is known: what is missing is never taken for standing still.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from assessments.levels import DOWN, SAME, UP
from assessments.quarters import LAST, Quarter

KNOWN = (UP, SAME, DOWN)
FEW = 10  # occasions: fewer are hatched
ENOUGH_QUARTERS, ENOUGH_COALITIONS = 4, 5
SHADES = 5


@dataclass(frozen=True)
class Moved:
    """What one quarter of one coalition says of one milestone's change."""

    coalition: object
    quarter: Quarter
    slug: str
    change: str


@dataclass
class Pair:
    """How often the second milestone went up too, of how many occasions of the first."""

    too: int = 0
    of: int = 0

    @property
    def is_few(self) -> bool:
        return self.of < FEW

    @property
    def shade(self) -> int:
        """The step of the grey ramp, 0 to 4."""
        return min(SHADES - 1, SHADES * self.too // self.of) if self.of else 0


@dataclass
class Counted:
    """A pair for every two milestones, by their slugs; and over how many quarters and coalitions."""

    pairs: dict[tuple[str, str], Pair]
    quarters: set[Quarter] = field(default_factory=set)
    coalitions: int = 0

    @property
    def is_too_early(self) -> bool:
        return len(self.quarters) < ENOUGH_QUARTERS or self.coalitions < ENOUGH_COALITIONS


def count(moves: Iterable[Moved], slugs: Sequence[str]) -> Counted:
    """The counts of these milestones; `moves` come coalition by coalition."""
    found = Counted({(one, other): Pair() for one in slugs for other in slugs if one != other})
    for _coalition, of_one in groupby(moves, key=lambda move: move.coalition):
        changes = {(move.slug, move.quarter): move.change for move in of_one if move.slug in slugs}
        found.coalitions += 1
        found.quarters |= {quarter for _slug, quarter in changes}
        for (slug, quarter), change in changes.items():
            if change == UP and quarter != LAST:
                add_occasion(found.pairs, slug, quarter, changes)
    return found


def add_occasion(pairs: dict[tuple[str, str], Pair], slug: str, quarter: Quarter, changes: dict) -> None:
    """Count one time that a milestone went up, for every other whose change is known then and in the next quarter."""
    for (one, other), pair in pairs.items():
        if one != slug:
            continue
        then = [changes.get((other, when)) for when in (quarter, quarter.next)]
        if all(change in KNOWN for change in then):
            pair.of += 1
            pair.too += UP in then
