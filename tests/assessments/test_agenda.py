"""The order of talk: where it is worth most, and never by level."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import disclosure, levels
from assessments.discussing import agenda
from assessments.discussing.agenda import Item

ORDER = [agenda.SIDES_APART, agenda.WIDE, agenda.BLIND_SPOT]


def item(level=2, *, sides=None, wide=False, blind=False):
    """An indicator as a release holds it."""
    both = {disclosure.PARENTS_PROVIDERS: sides[0], disclosure.EVERYONE_ELSE: sides[1]} if sides else None
    return {
        "level": level, "level_status": levels.RATED if level is not None else levels.TOO_FEW,
        "agreement": disclosure.WIDE if wide else disclosure.CLOSE, "n_band": "10-19", "third_could_not_say": blind,
        "sides": both, "sides_status": levels.RATED if both else levels.SIDES_NOT_SHOWN, "counts": None, "notes": True,
    }  # fmt: skip


TOO_FEW = item(None)


def asked(*found, milestone="m"):
    return [Item(str(n), milestone, now) for n, now in enumerate(found)]


def codes(points):
    return [point.code for point in points]


def reasons(points):
    return {point.code: point.reason for point in points}


def test_sides_apart_come_before_wide_before_blind_spots_before_the_rest():
    points = agenda.order(
        asked(item(), item(blind=True), TOO_FEW, item(wide=True), item(sides=(1, 3)), item(sides=(3, 1), wide=True))
    )
    assert codes(points) == ["4", "5", "3", "1", "0", "2"]
    assert reasons(points) == {
        "4": agenda.SIDES_APART, "5": agenda.SIDES_APART, "3": agenda.WIDE, "1": agenda.BLIND_SPOT, "0": agenda.QUICK,
        "2": agenda.TOO_FEW,
    }  # fmt: skip
    assert [point.code for point in points if point.quick] == ["0"]


def test_a_meeting_without_ballots_keeps_the_order_of_the_record():
    points = agenda.order(asked(None, None, None))
    assert codes(points) == ["0", "1", "2"] and {point.reason for point in points} == {agenda.IN_MEETING}


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (None, agenda.QUICK),
        (item(sides=(2, 2)), agenda.QUICK),
        (item(sides=(3, 2)), agenda.QUICK),  # the other way round
        (item(), agenda.QUICK),  # not shown last time
        (item(sides=(0, 1)), agenda.WORTH_ASKING),
        (item(sides=(1, 2)), agenda.WORTH_ASKING),
    ],
)
def test_one_level_apart_is_raised_only_where_it_comes_again(before, expected):
    points = agenda.order([Item("1", "m", item(sides=(1, 2)), before)])
    assert points[0].reason == expected


def test_one_level_apart_on_half_of_a_milestone_is_raised():
    lean, even, against = item(sides=(1, 2)), item(sides=(2, 2)), item(sides=(3, 2))
    assert set(reasons(agenda.order(asked(lean, lean, even, even))).values()) == {agenda.WORTH_ASKING, agenda.QUICK}
    assert set(reasons(agenda.order(asked(lean, lean, even, even, even))).values()) == {agenda.QUICK}
    assert reasons(agenda.order(asked(lean, lean, against)))["2"] == agenda.QUICK


def test_one_level_apart_on_the_only_question_of_a_milestone_is_not_raised():
    """With one question a milestone half of them is one, and chance alone makes such a gap 45 times of 100."""
    points = agenda.order([Item(str(n), f"m{n}", item(sides=(1, 2))) for n in range(7)])
    assert {point.reason for point in points} == {agenda.QUICK}


published = st.one_of(
    st.just(TOO_FEW),
    st.builds(
        item,
        st.integers(0, 3),
        sides=st.one_of(st.none(), st.tuples(st.integers(0, 3), st.integers(0, 3))),
        wide=st.booleans(),
        blind=st.booleans(),
    ),
)
things = st.lists(st.tuples(published, st.one_of(st.none(), published), st.sampled_from("ab")), min_size=1, max_size=34)


def items(made):
    return [Item(str(n), milestone, now, before) for n, (now, before, milestone) in enumerate(made)]


@given(things)
def test_the_agenda_is_a_permutation_by_reason_then_by_record(made):
    points = agenda.order(items(made))
    assert sorted(codes(points)) == sorted(str(n) for n in range(len(made)))
    keys = [(ORDER.index(point.reason) if point.reason in ORDER else 3, int(point.code)) for point in points]
    assert keys == sorted(keys)


@given(things)
def test_it_fits_one_hour(made):
    points = agenda.order(items(made))
    assert sum(point.minutes for point in points) <= 60 and all(point.minutes >= 1 for point in points)


@given(things, st.randoms())
def test_reasons_hang_on_the_item_and_not_on_its_place(made, random):
    there = items(made)
    shuffled = random.sample(there, len(there))
    assert reasons(agenda.order(shuffled)) == reasons(agenda.order(there))


def shifted(now):
    if now is None or now["level"] is None:
        return now
    sides = now["sides"] and {side: level + 1 for side, level in now["sides"].items()}
    return {**now, "level": now["level"] + 1, "sides": sides}


@given(things)
def test_levels_never_decide(made):
    """Everything one level higher is the same agenda; and so is any other level without its sides."""
    higher = [(shifted(now), shifted(before), milestone) for now, before, milestone in made]
    assert agenda.order(items(higher)) == agenda.order(items(made))
    flat = [({**now, "level": 0} if now["level"] is not None else now, b, m) for now, b, m in made]
    assert agenda.order(items(flat)) == agenda.order(items(made))
