"""The order of talk in a meeting, from what a release publishes: where talk is worth most comes first. Pure.

Sides two levels or more apart, then wide, then blind spots, then the rest in the order of the record (domain.md, b.5
and b.8). A level never decides: only distances, the label and the flag do.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessments import disclosure, levels

SIDES_APART, WIDE, BLIND_SPOT = "sides_apart", "wide", "blind_spot"
WORTH_ASKING, TOO_FEW, QUICK, IN_MEETING = "worth_asking", "too_few", "quick", "in_meeting"
FIRST = (SIDES_APART, WIDE, BLIND_SPOT)  # what follows keeps the order of the record, whatever its reason

HOUR = 60
WEIGHT = 4  # of what is not a quick yes
LONGEST, LONGEST_QUICK = 12, 3  # minutes


@dataclass(frozen=True)
class Item:
    """One indicator to talk about: its part of the release and of the last one; None where no ballot asked it."""

    code: str
    milestone: str
    now: Mapping | None = None
    before: Mapping | None = None


@dataclass(frozen=True)
class Point:
    """One line of the agenda: which indicator, why it stands there, and how long to give it."""

    code: str
    reason: str
    minutes: int

    @property
    def quick(self) -> bool:
        """Whether everybody is so near that a yes may do."""
        return self.reason == QUICK


def lean(item: Mapping | None) -> int:
    """Which side sees it higher where the two stand exactly one level apart: 1, -1, or 0 where they do not."""
    if not item or disclosure.gap(item) != 1:
        return 0
    sides = item["sides"]
    return sides[disclosure.EVERYONE_ELSE] - sides[disclosure.PARENTS_PROVIDERS]


def leaning(items: Iterable[Item]) -> set[tuple[str, int]]:
    """The milestones in which half of the indicators asked, and two at least, lean one way; and that way."""
    asked, leans = Counter(), Counter()
    for item in items:
        asked[item.milestone] += item.now is not None
        leans[item.milestone, lean(item.now)] += 1
    return {(slug, way) for (slug, way), count in leans.items() if way and count >= 2 and 2 * count >= asked[slug]}


def reason(item: Item, *, milestone_leans: bool = False) -> str:
    """Why an indicator stands where it stands. A gap of one level counts only where it comes again."""
    now = item.now
    if now is None:
        return IN_MEETING
    if now["level_status"] == levels.TOO_FEW:
        return TOO_FEW
    if (disclosure.gap(now) or 0) >= levels.BIG_JUMP:
        return SIDES_APART
    if now["agreement"] == disclosure.WIDE:
        return WIDE
    if now["third_could_not_say"]:
        return BLIND_SPOT
    if lean(now) and (milestone_leans or lean(now) == lean(item.before)):
        return WORTH_ASKING
    return QUICK


def minutes(reasons: Sequence[str]) -> list[int]:
    """How long to give each, so that up to 60 of them fit one hour: a quick yes a quarter of the others."""
    quick = reasons.count(QUICK)
    others = len(reasons) - quick
    for_quick = min(LONGEST_QUICK, max(1, HOUR // max(1, quick + WEIGHT * others)))
    for_others = min(LONGEST, max(1, (HOUR - quick * for_quick) // max(1, others)))
    return [for_quick if why == QUICK else for_others for why in reasons]


def order(items: Sequence[Item]) -> list[Point]:
    """The agenda. `items` come in the order of the record."""
    leans = leaning(items)
    found = [(item, reason(item, milestone_leans=(item.milestone, lean(item.now)) in leans)) for item in items]
    found.sort(key=lambda pair: FIRST.index(pair[1]) if pair[1] in FIRST else len(FIRST))
    lengths = minutes([why for _item, why in found])
    return [Point(item.code, why, length) for (item, why), length in zip(found, lengths, strict=True)]


def beside(codes: Sequence[str], steps: Sequence[str], place: tuple[str, str], by: int) -> tuple[str, str]:
    """The place so many steps after this one, through all questions; it stays at either end.

    The first of all where the agenda does not hold this one.

    >>> beside(["1.2", "2.1"], ["read", "talk"], ("1.2", "talk"), 1)
    ('2.1', 'read')
    """
    places = [(code, step) for code in codes for step in steps]
    if place not in places:
        return places[0] if places else place
    return places[min(max(places.index(place) + by, 0), len(places) - 1)]
