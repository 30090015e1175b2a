"""Rule D1: the vectors of domain.md b.15, and what holds for every set of answers (P1 to P5, P7, P9)."""

import doctest
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import disclosure, levels
from assessments.disclosure import (
    COMPARE_VOICES,
    EVERYONE_ELSE,
    PARENTS_PROVIDERS,
    SEE_THE_SPREAD,
    SIDES,
    Floors,
    Given,
)
from milestones.texts import canonical
from tests.test_headers import GOOD, start

pytestmark = pytest.mark.any_engine("sqlite")


def test_the_examples_in_the_module_hold():
    assert doctest.testmod(disclosure).failed == 0


# The vectors. A digit is one level, c *can't see*, s *skip*; P parents and providers, E everyone else.


def answers(text, side=None):
    """Those of one text; a skip gives nothing at all."""
    return [Given(None if mark == "c" else int(mark), side) for mark in text if mark != "s"]


def item(parents="", others="", *, room_sees=COMPARE_VOICES):
    given_answers = answers(parents, PARENTS_PROVIDERS) + answers(others, EVERYONE_ELSE)
    return disclosure.of_indicator(given_answers, room_sees=room_sees)


def spread(text):
    return disclosure.of_indicator(answers(text), room_sees=SEE_THE_SPREAD)


def in_words(shown) -> str:
    """All that is shown of one item, on one line: level and agreement, band, sides, suggestion, flag, counts."""
    sides = shown["sides"]
    usual, deferring = (disclosure.suggestion(shown, defers=defers) for defers in (False, True))
    said = [
        f"{shown['level']} {shown['agreement']}" if shown["level_status"] == "rated" else shown["level_status"],
        f"n {shown['n_band']}",
        f"P {sides[PARENTS_PROVIDERS]} E {sides[EVERYONE_ELSE]}" if sides else shown["sides_status"],
        f"suggests {usual}" + (f", deferring {deferring}" if deferring != usual else ""),
    ]
    if shown["third_could_not_say"]:
        said.append("a third could not say")
    if shown["counts"]:
        said.append("counts " + " ".join(map(str, shown["counts"])))
    return "; ".join(said)


HIDDEN = "sides_not_shown"
VECTORS = [
    ("T1", item("12223"), f"2 close; n 5-9; {HIDDEN}; suggests 2"),
    ("T1", item("03333"), f"3 close; n 5-9; {HIDDEN}; suggests 3"),
    ("T1", item("00333"), f"3 wide; n 5-9; {HIDDEN}; suggests 3"),
    ("T1", item("00000"), f"0 close; n 5-9; {HIDDEN}; suggests 0"),
    ("T1", item("44444"), f"4 close; n 5-9; {HIDDEN}; suggests 4"),
    ("T2", item("001344"), f"1 wide; n 5-9; {HIDDEN}; suggests 1"),
    ("T2", item("222333"), f"2 close; n 5-9; {HIDDEN}; suggests 2"),
    ("T2", item("112233"), f"2 wide; n 5-9; {HIDDEN}; suggests 2"),
    ("T3", item("2233"), "too_few; n none; too_few; suggests None"),
    ("T3", item("2223cccccccc"), "too_few; n none; too_few; suggests None"),
    ("T3", spread("2233"), "too_few; n none; not_asked; suggests None"),
    ("T4", item("2" * 9), f"2 close; n 5-9; {HIDDEN}; suggests 2"),
    ("T4", item("2" * 10), f"2 close; n 10-19; {HIDDEN}; suggests 2"),
    ("T4", item("2" * 19), f"2 close; n 10-19; {HIDDEN}; suggests 2"),
    ("T4", item("2" * 20), f"2 close; n 20+; {HIDDEN}; suggests 2"),
    ("T5", item("11122", "22333"), f"2 wide; n 10-19; {HIDDEN}; suggests 2"),
    ("T5", item("011122", "23333"), f"2 wide; n 10-19; {HIDDEN}; suggests 2"),
    ("T6", item("011122", "223333"), "2 wide; n 10-19; P 1 E 3; suggests 2, deferring 1"),
    ("T7", item("333444", "122223"), "3 close; n 10-19; P 3 E 2; suggests 3, deferring 2"),
    ("T8", item("01112cc", "223333"), f"2 wide; n 10-19; {HIDDEN}; suggests 2"),
    ("T9", item("122" + "2233", "112223"), "2 close; n 10-19; P 2 E 2; suggests 2"),
    ("T10", spread("011122223333"), "2 wide; n 10-19; not_asked; suggests 2; counts 1 3 4 4 0"),
    ("T11", spread("111222333"), "2 wide; n 5-9; not_asked; suggests 2"),
    ("T11", spread("1112222333"), "2 wide; n 10-19; not_asked; suggests 2; counts 0 3 4 3 0"),
    ("T11", spread("11122223334"), "2 wide; n 10-19; not_asked; suggests 2; counts 0 3 4 3 1"),
    ("T12", spread("1122222233"), "2 close; n 10-19; not_asked; suggests 2; counts 0 2 6 2 0"),
    ("T13", item("222333ccc"), f"2 close; n 5-9; {HIDDEN}; suggests 2; a third could not say"),
    ("T13", item("222333ccsss"), f"2 close; n 5-9; {HIDDEN}; suggests 2"),
    ("T13", item("11123cc"), f"1 close; n 5-9; {HIDDEN}; suggests 1"),
    ("T13", item("11123ccc"), f"1 close; n 5-9; {HIDDEN}; suggests 1; a third could not say"),
]


@pytest.mark.parametrize(("case", "shown", "expected"), VECTORS)
def test_the_vectors_of_one_item(case, shown, expected):
    assert in_words(shown) == expected, case


@pytest.mark.parametrize(
    ("case", "forward", "stayed", "back", "cant_say", "label"),
    [
        ("T14", 9, 0, 0, 4, "too_few"),
        ("T15", 5, 5, 0, 0, "possible_shift_forward"),
        ("T15", 4, 6, 0, 0, "no_clear_change"),
        ("T15", 6, 4, 1, 0, "possible_shift_forward"),
        ("T15", 6, 5, 1, 0, "no_clear_change"),
        ("T15", 7, 8, 1, 0, "possible_shift_forward"),
        ("T15", 0, 5, 5, 0, "possible_shift_back"),
    ],
)
def test_the_vectors_of_the_direction(case, forward, stayed, back, cant_say, label):
    said = ["forward"] * forward + ["stayed"] * stayed + ["back"] * back + ["cant_say"] * cant_say
    assert disclosure.direction(said) == label, case


def test_parents_alone_are_never_a_side():
    """T9: with three parents and no provider there is no side, however many others there are."""
    assert item("122", "112223")["sides"] is None
    voices = ("parent", "provider", "staff", "partner", "other", "")
    assert [disclosure.side_of(voice) for voice in voices] == [PARENTS_PROVIDERS] * 2 + [EVERYONE_ELSE] * 3 + [None]


# What holds whatever is answered

MODES = st.sampled_from([COMPARE_VOICES, SEE_THE_SPREAD])
FLOORS = st.builds(Floors, st.integers(5, 9), st.integers(6, 9))
LEVELS = st.none() | st.integers(0, 4)
CHOICES = st.lists(st.sampled_from(["back", "stayed", "forward", "cant_say"]), max_size=40)
MILESTONES = ("cohesion", "financing")


def for_all(*strategies):
    """A property of every such input, however slow the machine is."""
    return lambda test: settings(deadline=None, max_examples=1000)(given(*strategies)(test))


@st.composite
def quarters(draw):
    """One quarter as `release` is given it: some ballots, three items of which each answered some."""
    room_sees = draw(MODES)
    sides = SIDES if room_sees == COMPARE_VOICES else [None]
    ballots = draw(st.lists(st.sampled_from(sides), max_size=30))
    indicators = []
    for number in range(3):
        marks = [draw(LEVELS | st.just("skip")) for _ballot in ballots]
        kept = [Given(mark, side) for mark, side in zip(marks, ballots, strict=True) if mark != "skip"]
        indicators.append(({"id": number, "code": f"1.{number}", "milestone": MILESTONES[0]}, kept))
    directions = [(slug, draw(st.none() | CHOICES)) for slug in MILESTONES]
    return {
        "room_sees": room_sees, "ballots": ballots, "indicators": indicators, "directions": directions,
        "floors": draw(FLOORS),
    }  # fmt: skip


def counted(given_answers, side=None):
    """How many levels there are, of all or of one side: by hand."""
    return len([a for a in given_answers if a.level is not None and (side is None or a.side == side)])


@for_all(quarters())
def test_p1_floors_hold_and_sides_are_all_or_nothing(quarter):
    body, floors = disclosure.release(**quarter), quarter["floors"]
    compares = quarter["room_sees"] == COMPARE_VOICES
    for shown, (_named, given_answers) in zip(body["indicators"], quarter["indicators"], strict=True):
        n, each = counted(given_answers), [counted(given_answers, side) for side in SIDES]
        if n < floors.whole:
            silent = {"level": None, "level_status": "too_few", "agreement": "none", "n_band": "none", "sides": None}
            assert silent.items() <= shown.items() and not shown["third_could_not_say"] and not shown["notes"]
        assert (shown["level"] is not None) == (n >= floors.whole)
        assert (shown["sides"] is not None) == (compares and min(each) >= floors.side)
        assert shown["sides"] is None or set(shown["sides"]) == set(SIDES)
        assert (shown["counts"] is not None) == (not compares and n >= 10)
        assert shown["notes"] == (n >= 10)
    each = [quarter["ballots"].count(side) for side in SIDES]
    assert (body["ballots"]["sides"] is not None) == (compares and min(each) >= floors.side)
    assert (body["ballots"]["n_band"] == "none") == (len(quarter["ballots"]) < floors.whole)
    assert body["beyond_notes"] == (len(quarter["ballots"]) >= 10)
    for shown, (_slug, said) in zip(body["directions"], quarter["directions"], strict=True):
        if said is not None and len([choice for choice in said if choice != "cant_say"]) < 10:
            assert shown["label"] == "too_few"


@for_all(quarters(), st.randoms(use_true_random=False))
def test_p2_the_order_of_ballots_changes_nothing(quarter, random):
    def shuffled(things):
        return None if things is None else random.sample(list(things), len(things))

    again = quarter | {
        "ballots": shuffled(quarter["ballots"]),
        "indicators": [(named, shuffled(given_answers)) for named, given_answers in quarter["indicators"]],
        "directions": [(slug, shuffled(said)) for slug, said in quarter["directions"]],
    }
    assert canonical(disclosure.release(**quarter)) == canonical(disclosure.release(**again))


@for_all(quarters(), st.randoms(use_true_random=False))
def test_p3_who_gave_which_level_changes_nothing(quarter, random):
    """Noninterference: inside the finest set that is published, levels change hands and not one byte changes."""
    before = disclosure.release(**quarter)

    def dealt_again(given_answers, sets):
        dealt = list(given_answers)
        for chosen in sets:
            places = [i for i, a in enumerate(dealt) if a.level is not None and a.side in chosen]
            dealt_levels = random.sample([dealt[i].level for i in places], len(places))
            for i, level in zip(places, dealt_levels, strict=True):
                dealt[i] = Given(level, dealt[i].side)
        return dealt

    again = quarter | {
        "indicators": [
            (named, dealt_again(given_answers, [(side,) for side in SIDES] if shown["sides"] else [(*SIDES, None)]))
            for shown, (named, given_answers) in zip(before["indicators"], quarter["indicators"], strict=True)
        ]
    }
    assert canonical(before) == canonical(disclosure.release(**again))


@for_all(
    st.lists(st.integers(0, 4), min_size=6, max_size=15),
    st.lists(st.integers(0, 4), min_size=6, max_size=15),
    st.data(),
)
def test_p4_one_side_never_changes_what_is_said_of_the_other(parents, others, data):
    changed = data.draw(st.lists(st.integers(0, 4), min_size=6, max_size=15))

    def shown(of_others):
        given_answers = [Given(level, PARENTS_PROVIDERS) for level in parents]
        given_answers += [Given(level, EVERYONE_ELSE) for level in of_others]
        return disclosure.of_indicator(given_answers, room_sees=COMPARE_VOICES)["sides"][PARENTS_PROVIDERS]

    assert shown(others) == shown(changed) == levels.lower_median(parents)


@for_all(quarters(), quarters())
def test_what_is_said_of_an_item_hangs_on_the_answers_to_it_alone(quarter, other):
    """So what an attacker reads of several items, labels and quarters together is no more than of each."""
    mixed = disclosure.release(
        **(
            quarter
            | {"ballots": other["ballots"], "directions": other["directions"], "indicators": quarter["indicators"][:1]}
        )
    )
    alone = disclosure.release(**quarter)
    assert mixed["indicators"] == alone["indicators"][:1]
    assert mixed["directions"] == disclosure.release(**(other | {"floors": quarter["floors"]}))["directions"]


BANDS = {"none", "5-9", "10-19", "20+"}
ITEM = {
    "id": None, "code": None, "milestone": None,
    "level": {None, 0, 1, 2, 3, 4}, "level_status": {"rated", "too_few"}, "agreement": {"close", "wide", "none"},
    "n_band": BANDS, "third_could_not_say": {True, False}, "sides": None,
    "sides_status": {"rated", "too_few", "sides_not_shown", "not_asked"}, "counts": None, "notes": {True, False},
}  # fmt: skip
LABELS = {"too_few", "not_asked", "no_clear_change", "possible_shift_forward", "possible_shift_back"}


@for_all(quarters())
def test_p5_nothing_but_the_known_keys_with_the_known_values(quarter):
    body = disclosure.release(**quarter)
    assert set(body) == {"rule", "room_sees", "floors", "ballots", "indicators", "directions", "beyond_notes"}
    assert body["rule"] == "D1" and body["room_sees"] in {COMPARE_VOICES, SEE_THE_SPREAD}
    assert set(body["floors"]) == {"whole", "side"} and body["beyond_notes"] in {True, False}
    assert set(body["ballots"]) == {"n_band", "sides"} and body["ballots"]["n_band"] in BANDS
    sides = body["ballots"]["sides"]
    assert sides is None or (set(sides) == set(SIDES) and set(sides.values()) <= BANDS - {"none"})
    for shown in body["indicators"]:
        assert set(shown) == set(ITEM)
        for key, values in ITEM.items():
            assert values is None or (shown[key] in values and isinstance(shown[key], int | str | None)), key
        sides, counts = shown["sides"], shown["counts"]
        assert sides is None or (set(sides) == set(SIDES) and set(sides.values()) <= {0, 1, 2, 3, 4})
        assert counts is None or (body["room_sees"] == SEE_THE_SPREAD and len(counts) == 5 and sum(counts) >= 10)
    for shown in body["directions"]:
        assert set(shown) == {"milestone", "label"} and shown["label"] in LABELS


def leaves(value, path=()):
    """Every single value of a body with the way to it."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path, value


@for_all(quarters())
def test_p7_what_may_leave_the_coalition_is_in_the_release_or_masked(quarter):
    body = disclosure.release(**quarter)
    inside, outside = dict(leaves(body)), dict(leaves(disclosure.outside(body)))
    for path, value in outside.items():
        masked = path[-1] in ("notes", "beyond_notes") and value is False or path[-1] == "counts" and value is None
        assert masked or inside[path] == value
    assert all(shown["counts"] is None for shown in disclosure.outside(body)["indicators"])


def test_p7_masking_leaves_the_release_itself_as_it_was():
    body = disclosure.release(
        room_sees=SEE_THE_SPREAD, ballots=[None] * 10, indicators=[({"id": 1}, [Given(2)] * 10)], directions=[]
    )
    before = canonical(body)
    assert disclosure.outside(body)["indicators"][0]["counts"] is None and canonical(body) == before
    assert body["indicators"][0]["counts"] == [0, 0, 10, 0, 0]


# The same numbers, slowly

MANY = st.lists(st.integers(0, 4), min_size=5, max_size=40)


@for_all(MANY)
def test_close_and_wide_are_what_the_method_page_says(given_levels):
    """Slow and obvious: take away the lowest and the highest, a quarter of them or one, and look at the rest."""
    rest, times = list(given_levels), max(1, int(Fraction(len(given_levels), 4)))
    for _time in range(times):
        rest.remove(min(rest))
        rest.remove(max(rest))
    assert disclosure.agreement(given_levels) == ("wide" if max(rest) - min(rest) >= 2 else "close")


@for_all(MANY, st.integers(0, 40))
def test_a_third_is_a_third(given_levels, could_not):
    shown = disclosure.of_indicator(
        [Given(level) for level in given_levels] + [Given(None)] * could_not, room_sees=SEE_THE_SPREAD
    )
    share = Fraction(could_not, could_not + len(given_levels))
    assert shown["third_could_not_say"] == (share >= Fraction(1, 3))


@for_all(CHOICES)
def test_the_direction_is_what_the_method_page_says(choices):
    forward, back, n = choices.count("forward"), choices.count("back"), len([c for c in choices if c != "cant_say"])
    clear = abs(forward - back) ** 2 >= Fraction(3, 2) ** 2 * n
    expected = "too_few" if n < 10 else "no_clear_change" if not clear else "forward" if forward > back else "back"
    assert disclosure.direction(choices).removeprefix("possible_shift_") == expected


@for_all(quarters())
def test_a_suggestion_and_a_gap_are_made_of_what_is_published(quarter):
    for shown in disclosure.release(**quarter)["indicators"]:
        of_sides = list(shown["sides"].values()) if shown["sides"] else None
        assert disclosure.suggestion(shown, defers=False) == shown["level"]
        assert disclosure.suggestion(shown, defers=True) == (min(of_sides) if of_sides else shown["level"])
        assert disclosure.gap(shown) == (max(of_sides) - min(of_sides) if of_sides else None)


# P9: floors are raised, never lowered


@pytest.mark.parametrize("lowered", [{"whole": 4}, {"side": 5}, {"whole": 0}, {"side": -1}, {"whole": 4, "side": 9}])
def test_p9_lowered_floors_are_refused(lowered):
    with pytest.raises(disclosure.LoweredFloor):
        Floors(**lowered)


def test_raised_floors_hold():
    shown = disclosure.of_indicator(answers("2222222"), room_sees=SEE_THE_SPREAD, floors=Floors(8, 6))
    assert shown["level_status"] == "too_few"
    high = disclosure.of_indicator(answers("2" * 11), room_sees=SEE_THE_SPREAD, floors=Floors(12, 6))
    assert high["counts"] is None and not high["notes"]
    assert disclosure.direction(["forward"] * 11, floors=Floors(12, 6)) == "too_few"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"MIN_WHOLE": "4"}, "MIN_WHOLE"),
        ({"MIN_SIDE": "5"}, "MIN_SIDE"),
        ({"MIN_WHOLE": "-1"}, "MIN_WHOLE"),
        ({"BALLOT_LINK_KEY": None}, "BALLOT_LINK_KEY"),
        ({"BALLOT_LINK_KEY": ""}, "BALLOT_LINK_KEY"),
        ({"BALLOT_LINK_KEY": "b" * 49}, "BALLOT_LINK_KEY"),
        ({"BALLOT_LINK_KEY": GOOD["SECRET_KEY"]}, "BALLOT_LINK_KEY"),
        ({"BALLOT_LINK_KEY": "ballots-of-a-demo-" + "x" * 40}, "BALLOT_LINK_KEY"),
    ],
)
def test_p9_the_site_does_not_start(changes, named):
    ran = start(**changes)
    last = ran.stderr.strip().splitlines()[-1]
    assert ran.returncode != 0 and "ImproperlyConfigured" in last and named in last, ran.stderr


def test_p9_lowered_floors_stop_a_demo_too():
    ran = start(DEBUG="1", SITE_URL="http://127.0.0.1:8000", MIN_SIDE="5")
    assert ran.returncode != 0 and "MIN_SIDE" in ran.stderr


def test_the_site_starts_with_raised_floors():
    ran = start(MIN_WHOLE="10", MIN_SIDE="11")
    assert ran.returncode == 0, ran.stderr
