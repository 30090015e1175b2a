"""Rule D1: what may be known of the ballots of one quarter. Pure; the one implementation, which runs once, at close.

The rule and its proof are access-privacy-reliability.md (d); decisions.md, sections 5 and 6, say it in short. What
`release` returns is all that is kept of the ballots, as canonical JSON:

    {rule, room_sees, floors: {whole, side},
     ballots: {n_band, sides: null or {parents_providers, everyone_else}},       bands of ballots that were sent
     indicators: [{id, code, milestone, level, level_status, agreement, n_band, third_could_not_say,
                   sides: null or {parents_providers, everyone_else},            their lower medians, nothing else
                   sides_status, counts: null or [n0 … n4], notes}],             counts: *see the spread* from 10 on
     directions: [{milestone, label}], beyond_notes}

`notes` says whether ticked notes on this item may be read, not how many there are. Nothing finer is in it: no
exact n, no mean, no count outside *see the spread*, nothing of one person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessments import levels

RULE = "D1"
MIN_WHOLE, MIN_SIDE = 5, 6  # the floors; settings may raise them, never lower them
SPREAD_FROM = NOTES_FROM = DIRECTIONS_FROM = 10

COMPARE_VOICES, SEE_THE_SPREAD = "compare_voices", "see_the_spread"
PARENTS_PROVIDERS, EVERYONE_ELSE = "parents_providers", "everyone_else"
SIDES = (PARENTS_PROVIDERS, EVERYONE_ELSE)
CLOSE, WIDE, NONE = "close", "wide", "none"
BANDS = ((20, "20+"), (10, "10-19"), (5, "5-9"))

BACK, STAYED, FORWARD = "back", "stayed", "forward"
POSSIBLE_FORWARD, POSSIBLE_BACK = "possible_shift_forward", "possible_shift_back"
NO_CLEAR_CHANGE = "no_clear_change"


class LoweredFloor(ValueError):
    """A floor below the rule's own was asked for."""


@dataclass(frozen=True)
class Floors:
    """The fewest answers of which anything is shown: of all, and of each side. LoweredFloor below 5 and 6."""

    whole: int = MIN_WHOLE
    side: int = MIN_SIDE

    def __post_init__(self):
        if self.whole < MIN_WHOLE or self.side < MIN_SIDE:
            raise LoweredFloor(f"the floors are {MIN_WHOLE} and {MIN_SIDE}; they can be raised, never lowered")

    @property
    def counts(self) -> int:
        """From how many answers on *see the spread* shows how many chose each level."""
        return max(SPREAD_FROM, self.whole)

    @property
    def notes(self) -> int:
        """From how many answers on ticked notes may be read."""
        return max(NOTES_FROM, self.whole)


@dataclass(frozen=True)
class Given:
    """One answer to one indicator: a level, or None for *can't see*; and the side of its ballot, if it has one.

    A skipped question gives nothing at all.
    """

    level: int | None
    side: str | None = None


def side_of(voice: str) -> str | None:
    """The side a voice stands on; None where no voice was asked."""
    if not voice:
        return None
    return PARENTS_PROVIDERS if voice in levels.SIDE_OF_PARENTS_AND_PROVIDERS else EVERYONE_ELSE


def band(n: int) -> str:
    """How many, said no closer than this: `5-9`, `10-19`, `20+`; `none` below 5."""
    return next((name for least, name in BANDS if n >= least), NONE)


def agreement(given: Sequence[int]) -> str:
    """`wide` where the middle half of the levels still spans two levels or more, else `close`.

    A quarter of them, rounded down but at least one, is dropped at each end.

    >>> agreement([0, 3, 3, 3, 3]), agreement([0, 0, 3, 3, 3])
    ('close', 'wide')
    """
    dropped = max(1, len(given) // 4)
    middle = sorted(given)[dropped:-dropped]
    return WIDE if middle[-1] - middle[0] >= 2 else CLOSE


def of_indicator(answers: Iterable[Given], *, room_sees: str, floors: Floors = Floors()) -> dict:
    """What may be shown of the answers to one indicator; without `id`, `code` and `milestone`."""
    answers = list(answers)
    given = [answer.level for answer in answers if answer.level is not None]
    compares = room_sees == COMPARE_VOICES
    if len(given) < floors.whole:
        return {
            "level": None, "level_status": levels.TOO_FEW, "agreement": NONE, "n_band": NONE,
            "third_could_not_say": False, "sides": None,
            "sides_status": levels.TOO_FEW if compares else levels.NOT_ASKED, "counts": None, "notes": False,
        }  # fmt: skip
    could_not = len(answers) - len(given)
    by_side = {side: [a.level for a in answers if a.side == side and a.level is not None] for side in SIDES}
    both = compares and all(len(by_side[side]) >= floors.side for side in SIDES)
    spread = room_sees == SEE_THE_SPREAD and len(given) >= floors.counts
    return {
        "level": levels.lower_median(given),
        "level_status": levels.RATED,
        "agreement": agreement(given),
        "n_band": band(len(given)),
        "third_could_not_say": 3 * could_not >= len(answers),
        "sides": {side: levels.lower_median(by_side[side]) for side in SIDES} if both else None,
        "sides_status": levels.RATED if both else levels.SIDES_NOT_SHOWN if compares else levels.NOT_ASKED,
        "counts": [given.count(level) for level in range(5)] if spread else None,
        "notes": len(given) >= floors.notes,
    }


def direction(choices: Iterable[str], *, floors: Floors = Floors()) -> str:
    """The label of the direction taps of one milestone: possible shift when |forward − back| ≥ 1.5·√n (domain.md, b.9).

    *Can't say* is not in n; `too_few` under 10.

    >>> direction(["forward"] * 5 + ["stayed"] * 5)
    'possible_shift_forward'
    """
    said = [choice for choice in choices if choice in (BACK, STAYED, FORWARD)]
    if len(said) < max(DIRECTIONS_FROM, floors.whole):
        return levels.TOO_FEW
    moved = said.count(FORWARD) - said.count(BACK)
    if 4 * moved**2 < 9 * len(said):
        return NO_CLEAR_CHANGE
    return POSSIBLE_FORWARD if moved > 0 else POSSIBLE_BACK


def of_ballots(sides: Iterable[str | None], *, room_sees: str, floors: Floors = Floors()) -> dict:
    """How many ballots were sent, as bands: of all, and of each side only where both have enough."""
    sides = list(sides)
    counted = {side: sides.count(side) for side in SIDES}
    both = room_sees == COMPARE_VOICES and all(counted[side] >= floors.side for side in SIDES)
    n_band = band(len(sides)) if len(sides) >= floors.whole else NONE
    return {"n_band": n_band, "sides": {side: band(counted[side]) for side in SIDES} if both else None}


def release(
    *,
    room_sees: str,
    ballots: Sequence[str | None],
    indicators: Iterable[tuple[Mapping, Iterable[Given]]],
    directions: Iterable[tuple[str, Iterable[str] | None]],
    floors: Floors = Floors(),
) -> dict:
    """All that may be known of one quarter's ballots.

    `ballots`: the side of each that was sent. `indicators`: of each indicator asked its `id`, `code` and
    `milestone`, and its answers. `directions`: of each milestone its slug and its choices; None where nobody
    was asked, in a coalition's first quarter.
    """
    return {
        "rule": RULE,
        "room_sees": room_sees,
        "floors": {"whole": floors.whole, "side": floors.side},
        "ballots": of_ballots(ballots, room_sees=room_sees, floors=floors),
        "indicators": [
            {**named, **of_indicator(answers, room_sees=room_sees, floors=floors)} for named, answers in indicators
        ],
        "directions": [
            {"milestone": slug, "label": levels.NOT_ASKED if said is None else direction(said, floors=floors)}
            for slug, said in directions
        ],
        "beyond_notes": len(ballots) >= floors.notes,
    }


def suggestion(item: Mapping, *, defers: bool) -> int | None:
    """The level that the ballots suggest: the lower median, or the lower side where they are shown and it defers."""
    if defers and item["sides"]:
        return min(item["sides"].values())
    return item["level"]


def outside(body: Mapping) -> dict:
    """A release as it may leave the coalition: without counts and without word of notes."""
    kept = [{**item, "counts": None, "notes": False} for item in body["indicators"]]
    return {**body, "indicators": kept, "beyond_notes": False}


def gap(item: Mapping) -> int | None:
    """How many levels the two sides stand apart; None where they are not shown."""
    return abs(item["sides"][PARENTS_PROVIDERS] - item["sides"][EVERYONE_ELSE]) if item["sides"] else None
