"""The rows of shared pages: what leaves the coalition, what compares with what, and what a line joins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import levels
from assessments.quarters import Quarter
from assessments.reports import crossing, rows
from tests.assessments.reports.made import Q1, Q2, Q3, row


def test_nothing_of_the_unshared_leaves_and_no_level_leaves_with_a_story():
    found = rows.outside(
        [row(4, sharing="nothing"), row(4, sharing="story", series=7, evidence_tag="solid", focus=True), row(3)]
    )
    assert [r.sharing for r in found] == ["story", "level_and_story"]
    story = found[0]
    assert (story.level, story.core_level, story.status, story.series) == (None, None, rows.STORY_ONLY, 1)
    assert (story.evidence_tag, story.focus, story.rule) == ("", False, "none")


@pytest.mark.parametrize(
    ("now", "before", "kind", "by_core"),
    [
        (row(3), None, levels.FIRST, False),
        (row(3), row(2, Q1), levels.UP, False),
        (row(2), row(2, Q1), levels.SAME, False),
        (row(1), row(2, Q1), levels.DOWN, False),
        (row(3, series=2), row(2, Q1), levels.NOT_COMPARABLE, False),
        (row(None, status="set_aside", rule="none"), row(2, Q1), levels.NOT_COMPARABLE, False),
        (row(2), row(None, Q1, status="not_agreed", rule="none"), levels.NOT_COMPARABLE, False),
        # A core-only level and a full one: the core indicator's change.
        (row(3, rule="core_only", core_level=3), row(1, Q1, core_level=3), levels.SAME, True),
        (row(1, core_level=2), row(3, Q1, rule="core_only", core_level=3), levels.DOWN, True),
        (row(3, sharing="story"), row(2, Q1), levels.FIRST, False),
    ],
)
def test_what_compares(now, before, kind, by_core):
    found = rows.move(now, before)
    assert (found.kind, found.by_core) == (kind, by_core)


def test_a_mark_of_the_quarter_before_stands_only_where_the_two_levels_compare():
    assert rows.move(row(3), row(2, Q1)).comparable_level == 2
    assert rows.move(row(3, series=2), row(2, Q1)).comparable_level is None
    assert rows.move(row(3, rule="core_only", core_level=3), row(1, Q1)).comparable_level is None


def test_the_quarter_before_is_the_last_that_may_be_read():
    history = [
        row(1, Q1),
        row(4, Q2, sharing="story"),
        row(3, Q3),
        row(0, Q2, slug="financing"),
        row(0, Q2, coalition="b"),
    ]
    assert rows.before(history[2], rows.outside(history)).quarter == Q1


def test_gaps_stay_gaps():
    quarters = rows.span([Quarter(2025, 4), Q3])
    found = rows.points([row(2, Quarter(2025, 4)), row(None, Q2, status="set_aside"), row(0, Q3)], quarters)
    assert [p.level for p in found] == [2, None, None, 0]
    assert [p.status for p in found] == ["rated", "not_shared", "set_aside", "rated"]
    assert [[p.quarter for p in stretch] for stretch in rows.lines(found)] == [[Quarter(2025, 4)], [Q3]]


def test_a_changed_question_and_a_core_only_quarter_break_the_line():
    found = rows.points([row(2, Q1), row(2, Q2, series=2), row(2, Q3, series=2, rule="core_only")], [Q1, Q2, Q3])
    assert [p.new_series for p in found] == [False, True, False]
    assert [len(stretch) for stretch in rows.lines(found)] == [1, 1, 1]


LEVELS = st.none() | st.integers(0, 4)


@given(st.lists(st.tuples(LEVELS, st.integers(1, 3), st.booleans()), max_size=12))
def test_every_level_is_on_the_line_once_and_nothing_else_is(given_rows):
    quarters = [Quarter(2024, 1) + step for step in range(len(given_rows))]
    made = [
        row(level, quarter, series=series, rule="core_only" if core else "lower_median")
        for quarter, (level, series, core) in zip(quarters, given_rows, strict=True)
    ]
    stretches = rows.lines(rows.points(made, quarters))
    drawn = [(p.quarter, p.level) for stretch in stretches for p in stretch]
    assert drawn == [(r.quarter, r.level) for r in made if r.level is not None]
    by_quarter = {r.quarter: r for r in made}
    for stretch in stretches:
        assert len({by_quarter[p.quarter].series for p in stretch}) == 1
        assert len({p.core_only for p in stretch}) == 1
        assert [p.quarter for p in stretch] == rows.span(p.quarter for p in stretch)


def coalition(name, state="OH", state_name="Ohio"):
    return rows.Coalition(id=name, slug=name.lower(), name=name, state=state, state_name=state_name)


def test_the_table_is_a_to_z_by_state_then_name_with_accents_where_they_belong():
    there = [coalition("b"), coalition("Álamo"), coalition("C", "IA", "Iowa"), coalition("Z", "AZ", "Arizona")]
    made = [row(4, coalition=c.id) for c in there]
    groups = crossing.table(sorted(there, key=lambda c: c.order), made, Q2, ["cohesion"])
    assert [(g.name, [line.coalition.name for line in g.lines]) for g in groups] == [
        ("Arizona", ["Z"]),
        ("Iowa", ["C"]),
        ("Ohio", ["Álamo", "b"]),
    ]


def test_a_cell_says_what_it_was_only_in_the_quarter_before_and_where_it_compares():
    c = coalition("a")

    def was(*made):
        return crossing.table([c], made, Q2, ["cohesion"])[0].lines[0].cells[0].was

    assert was(row(3), row(2, Q1)) == 2
    assert was(row(3), row(3, Q1)) is None
    assert was(row(3), row(2, Quarter(2025, 4))) is None
    assert was(row(3, series=2), row(2, Q1)) is None
    assert was(*rows.outside([row(3), row(2, Q1, sharing="story")])) is None
    assert was(*rows.outside([row(3), row(2, Q1, sharing="nothing")])) is None


def test_a_coalition_without_a_row_in_the_quarter_is_not_in_the_table():
    assert crossing.table([coalition("a")], [row(3, Q1)], Q2, ["cohesion"]) == []


def test_the_first_quarter_of_all_has_none_before_it():
    first = Quarter(2000, 1)
    assert rows.quarter_before(first) is None
    assert crossing.table([coalition("a")], [row(3, first)], first, ["cohesion"])[0].lines[0].cells[0].level == 3


@given(
    st.lists(st.sampled_from(["nothing", "story", "level_and_story"]), min_size=3, max_size=3),
    st.lists(st.sampled_from(["nothing", "story", "level_and_story"]), min_size=3, max_size=3),
)
def test_sharing_a_revision_replaces_an_earlier_one_only_where_it_shares(first, second):
    slugs = ["a", "b", "c"]
    made = [row(1, slug=s, sharing=c, revision_number=1) for s, c in zip(slugs, first, strict=True)]
    made += [row(2, slug=s, sharing="nothing", revision_number=2) for s in slugs]
    after = rows.after_sharing(made, 2, dict(zip(slugs, second, strict=True)))
    for slug, old, new in zip(slugs, first, second, strict=True):
        shared = [(r.revision_number, r.sharing) for r in after if r.slug == slug and r.sharing != "nothing"]
        assert shared == ([(2, new)] if new != "nothing" else [(1, old)] if old != "nothing" else [])
