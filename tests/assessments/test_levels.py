"""The method against its words: the vectors of domain.md b.15 that concern agreed levels, and slow oracles."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import levels
from assessments.levels import Rated, milestone_level

LEVELS = st.none() | st.integers(0, 4)


def item(text, core=False):
    """`3` is an agreed 3; n not agreed, d does not apply, - not rated, x not asked."""
    words = {"n": "not_agreed", "d": "does_not_apply", "-": "not_rated", "x": "not_asked"}
    return Rated(int(text), "rated", core) if text.isdigit() else Rated(None, words[text], core)


def milestone(text, **kwargs):
    return milestone_level([item(mark, core=position == 0) for position, mark in enumerate(text)], **kwargs)


def test_the_examples_in_the_module_hold():
    assert doctest.testmod(levels).failed == 0


@pytest.mark.parametrize(
    ("indicators", "level", "status", "rule"),
    [
        ("2331", 2, "rated", "lower_median"),  # T17
        ("233n", 3, "rated", "lower_median"),
        ("3322", 2, "rated", "lower_median"),
        ("0004", 0, "rated", "lower_median"),
        ("14nd", None, "not_agreed", "none"),  # T18
        ("23d", None, "not_rated", "none"),
        ("024", 2, "rated", "lower_median"),
        ("3xxx", 3, "rated", "core_only"),  # T19
        ("nxxx", None, "not_agreed", "none"),
        ("0xxx", 0, "rated", "core_only"),
        ("dddd", None, "does_not_apply", "none"),
        ("----", None, "not_rated", "none"),
        ("n---", None, "not_agreed", "none"),
        ("xxxx", None, "not_asked", "none"),
        ("dxxx", None, "does_not_apply", "none"),
    ],
)
def test_milestone_level(indicators, level, status, rule):
    result = milestone(indicators)
    assert (result.level, result.status, result.rule) == (level, status, rule)


def test_a_milestone_set_aside_has_no_level_whatever_was_agreed():
    result = milestone("3333", set_aside=True)
    assert (result.level, result.status, result.rule) == (None, "set_aside", "none")


@given(st.lists(LEVELS, max_size=30))
def test_a_suggestion_is_what_the_method_page_says(given_levels):
    """Slow and obvious: try each level, keep the highest that more than half are at or above."""
    rated = [level for level in given_levels if level is not None]
    held = [level for level in range(5) if 2 * sum(one >= level for one in rated) > len(rated)]
    assert levels.lower_median(given_levels) == (max(held) if rated else None)


@given(st.lists(LEVELS, min_size=1), st.randoms(use_true_random=False))
def test_order_and_missing_answers_change_nothing(given_levels, random):
    shuffled = [*given_levels, None, None]
    random.shuffle(shuffled)
    assert levels.lower_median(shuffled) == levels.lower_median(given_levels)


@given(st.lists(st.integers(0, 3), min_size=1), st.data())
def test_a_higher_level_never_lowers_the_result(given_levels, data):
    position = data.draw(st.integers(0, len(given_levels) - 1))
    higher = [level + (index == position) for index, level in enumerate(given_levels)]
    assert levels.lower_median(higher) >= levels.lower_median(given_levels)


@given(st.lists(st.sampled_from("01234nd-x"), max_size=6), st.booleans())
def test_a_milestone_has_a_level_or_says_why(marks, set_aside):
    result = milestone(marks, set_aside=set_aside)
    assert (result.level is not None) == (result.status == "rated") == (result.rule != "none")
    assert result.status in levels.STATUSES


@pytest.mark.parametrize(
    ("items", "tag"),
    [
        ([], "thin"),  # T20
        ([("document", "staff"), ("document", "staff")], "some"),
        ([("document", "staff"), ("count", "staff")], "some"),
        ([("document", "staff"), ("story", "parent")], "solid"),
        ([("story", "parent"), ("story", "provider")], "some"),
    ],
)
def test_evidence_tag(items, tag):
    assert levels.evidence_tag(items) == tag


FORWARD, BACK, NOTHING = "possible_shift_forward", "possible_shift_back", "no_clear_change"


@pytest.mark.parametrize(
    ("now", "before", "solid", "label"),
    [
        (FORWARD, FORWARD, False, "shift_forward"),  # T16
        (FORWARD, BACK, False, FORWARD),
        (FORWARD, NOTHING, True, "shift_forward"),
        (BACK, BACK, False, "shift_back"),
        (BACK, FORWARD, True, "shift_back"),
        (FORWARD, None, False, FORWARD),
        (FORWARD, "too_few", False, FORWARD),
        (FORWARD, "shift_forward", False, "shift_forward"),  # as the last standing said it
        (BACK, "shift_forward", False, BACK),
        (NOTHING, FORWARD, True, NOTHING),
        ("too_few", FORWARD, True, "too_few"),
        ("not_asked", FORWARD, True, "not_asked"),
    ],
)
def test_a_possible_shift_becomes_a_shift_only_with_more_to_stand_on(now, before, solid, label):
    assert levels.direction_label(now, before, solid=solid) == label


@pytest.mark.parametrize(
    ("now", "before", "comparable", "expected"),
    [
        (3, 1, True, "up"),
        (1, 3, True, "down"),
        (0, 0, True, "same"),
        (2, None, True, "first"),
        (None, 2, True, "not_comparable"),
        (3, 1, False, "not_comparable"),
    ],
)
def test_change(now, before, comparable, expected):
    assert levels.change(now, before, comparable=comparable) == expected


def test_zero_is_a_level_and_not_a_gap():
    assert levels.is_jump(2, 0) and not levels.is_jump(1, 0) and not levels.is_jump(2, None)
