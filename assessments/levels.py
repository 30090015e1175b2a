"""The method: how levels, changes and evidence tags are made. Pure; missing is None, never 0.

The rules are decisions.md, section 5, and domain.md, b.6, b.9 and b.10. The method page and README
("How levels are made") say the same in words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low

LOWEST, HIGHEST = 0, 4

RATED, NOT_ASKED, NOT_RATED = "rated", "not_asked", "not_rated"
DOES_NOT_APPLY, SET_ASIDE, NOT_AGREED = "does_not_apply", "set_aside", "not_agreed"
TOO_FEW, SIDES_NOT_SHOWN, NOT_SHARED = "too_few", "sides_not_shown", "not_shared"
STATUSES = (
    RATED, NOT_ASKED, NOT_RATED, DOES_NOT_APPLY, SET_ASIDE, NOT_AGREED, TOO_FEW, SIDES_NOT_SHOWN, NOT_SHARED,
)  # fmt: skip

CORE_ONLY, LOWER_MEDIAN, NO_RULE = "core_only", "lower_median", "none"
ENOUGH = 3  # rated indicators that a milestone's level needs

UP, SAME, DOWN, NOT_COMPARABLE, FIRST = "up", "same", "down", "not_comparable", "first"

THIN, SOME, SOLID = "thin", "some", "solid"
SIDE_OF_PARENTS_AND_PROVIDERS = {"parent", "provider"}

BIG_JUMP = 2

# What a possible shift of the direction taps becomes once it stands on more than one quarter's taps.
SHIFTS = {"possible_shift_forward": "shift_forward", "possible_shift_back": "shift_back"}
POSSIBLE = {shift: possible for possible, shift in SHIFTS.items()}


def lower_median(levels: Iterable[int | None]) -> int | None:
    """The highest level that more than half of those who gave one are at or above; None when nobody did.

    >>> lower_median([1, 2, 2, 2, 3]), lower_median([0, 0, 1, 3, 4, 4]), lower_median([None])
    (2, 1, None)
    """
    given = [level for level in levels if level is not None]
    return median_low(given) if given else None


@dataclass(frozen=True)
class Rated:
    """What one indicator of a milestone says: a level with status `rated`, or None with the status that says why."""

    level: int | None
    status: str
    core: bool = False


@dataclass(frozen=True)
class MilestoneLevel:
    """A milestone's level: a number or None, its status, and the rule that made it."""

    level: int | None
    status: str
    rule: str
    rated: int
    asked: int


def milestone_level(indicators: Sequence[Rated], *, set_aside: bool = False) -> MilestoneLevel:
    """The level of one milestone from those of its indicators (decisions.md, sections 5 and 11).

    The lower median of the agreed levels when three or more are rated; where only the core indicator was
    asked, the core level; otherwise none, with the first status that holds.

    >>> milestone_level([Rated(2, "rated"), Rated(3, "rated"), Rated(3, "rated"), Rated(1, "rated")]).level
    2
    """
    asked = [indicator for indicator in indicators if indicator.status != NOT_ASKED]
    given = [indicator.level for indicator in asked if indicator.status == RATED]
    core_only = len(asked) == 1 and asked[0].core

    def without(status):
        return MilestoneLevel(None, status, NO_RULE, len(given), len(asked))

    if set_aside:
        return without(SET_ASIDE)
    if core_only and given:
        return MilestoneLevel(given[0], RATED, CORE_ONLY, 1, 1)
    if not asked:
        return without(NOT_ASKED)
    if all(indicator.status == DOES_NOT_APPLY for indicator in asked):
        return without(DOES_NOT_APPLY)
    if any(indicator.status == NOT_AGREED for indicator in asked) and len(given) < ENOUGH:
        return without(NOT_AGREED)
    if len(given) >= ENOUGH:
        return MilestoneLevel(lower_median(given), RATED, LOWER_MEDIAN, len(given), len(asked))
    return without(NOT_RATED)


def change(now: int | None, before: int | None, *, comparable: bool) -> str:
    """How an agreed level moved: up, same or down; `first` or `not_comparable` where nothing can be said."""
    if before is None:
        return FIRST
    if now is None or not comparable:
        return NOT_COMPARABLE
    return UP if now > before else DOWN if now < before else SAME


def evidence_tag(items: Iterable[tuple[str, str]]) -> str:
    """How solid the evidence is, from (kind, whose voice) of each item: thin, some or solid.

    >>> evidence_tag([]), evidence_tag([("document", "staff")] * 2)
    ('thin', 'some')
    >>> evidence_tag([("document", "staff"), ("story", "parent")])
    'solid'
    """
    items = list(items)
    kinds = {kind for kind, _ in items}
    if not items:
        return THIN
    if len(kinds) >= 2 and any(voice in SIDE_OF_PARENTS_AND_PROVIDERS for _, voice in items):
        return SOLID
    return SOME


def direction_label(label_now: str, label_before: str | None, *, solid: bool) -> str:
    """What a standing says of the direction taps: `shift_…` for a possible shift with more behind it, else the label.

    More is either solid evidence, or the same direction in the quarter just before. `label_before` is that
    quarter's label, of its release or of its standing; None where there was no such quarter.

    >>> direction_label("possible_shift_forward", "possible_shift_forward", solid=False)
    'shift_forward'
    >>> direction_label("possible_shift_forward", "possible_shift_back", solid=False)
    'possible_shift_forward'
    >>> direction_label("no_clear_change", "no_clear_change", solid=True)
    'no_clear_change'
    """
    shift = SHIFTS.get(label_now)
    confirmed = shift is not None and (solid or label_before in (label_now, shift))
    return shift if confirmed else label_now


def is_jump(now: int | None, before: int | None) -> bool:
    """Whether an agreed level moved by two levels or more since the last one."""
    return now is not None and before is not None and abs(now - before) >= BIG_JUMP
