"""Coalitions side by side: boxes from five on and never fewer, tiles that blend nothing."""

from hypothesis import given
from hypothesis import strategies as st

from assessments.reports import asks, crossing, rows
from tests.assessments.reports.made import Q2, row

OHIO = crossing.Place("OH", "Ohio", 4, 8, coalitions=2)
STANDINGS = st.tuples(st.none() | st.integers(0, 4), st.sampled_from(["nothing", "story", "level_and_story"]))


def coalition(name, state="OH", state_name="Ohio"):
    return rows.Coalition(id=name, slug=name.lower(), name=name, state=state, state_name=state_name)


@given(st.lists(STANDINGS, max_size=12))
def test_boxes_hold_every_shared_level_once_and_stand_only_where_five_share(found):
    there = [coalition(f"{number:02}") for number in range(len(found))]
    made = [row(level, coalition=c.id, sharing=s) for c, (level, s) in zip(there, found, strict=True)]
    boxes = crossing.boxes(there, rows.outside(made))
    sharing = [r for r in made if r.sharing == "level_and_story"]
    assert (boxes is None) == (len(sharing) < 5)
    if boxes:
        placed = {(level, c.id) for level, of in boxes.boxes for c, _row in of}
        assert placed == {(r.level, r.coalition) for r in sharing if r.level is not None}
        assert [level for level, _of in boxes.boxes] == [0, 1, 2, 3, 4]
        for _level, of in boxes.boxes:
            assert [c.name for c, _row in of] == sorted(c.name for c, _row in of)
        hidden = {r.coalition for r in made if r.sharing == "nothing"}
        assert not hidden & {c.id for c, _row in boxes.rest}


def test_four_and_a_story_are_not_five():
    there = [coalition(name) for name in "abcde"]
    made = [row(2, coalition=c.id) for c in there[:4]] + [row(2, coalition="e", sharing="story")]
    assert crossing.boxes(there, rows.outside(made)) is None
    assert crossing.boxes(there, rows.outside([*made[:4], row(None, coalition="e")])) is not None


@given(st.integers(0, 3), st.integers(0, 3), st.none() | st.integers(0, 4), st.booleans())
def test_a_tile_has_a_level_only_where_one_coalition_shares_it_and_it_was_asked(stories, with_level, level, shaded):
    (tile,) = crossing.tiles([OHIO], {"OH": crossing.Sum(stories + with_level, with_level, level)}, shaded=shaded)
    if tile.level is not None:
        assert shaded and with_level == 1 and tile.css == f"level-{level}"
    assert (tile.several is not None) == (shaded and with_level > 1)
    assert not (tile.level is not None and tile.several)
    if not shaded:
        assert tile.css == ("tile-shared" if with_level else "tile-story" if stories else "tile-has-coalition")


def test_a_state_without_a_coalition_is_an_empty_tile():
    (tile,) = crossing.tiles([crossing.Place("WY", "Wyoming", 4, 3)], {}, shaded=True)
    assert (tile.kind, tile.css, tile.level) == ("", "", None)


def test_tiles_are_a_to_z():
    places = [OHIO, crossing.Place("IA", "Iowa", 4, 5), crossing.Place("AK", "Álaska", 1, 1)]
    assert [tile.place.code for tile in crossing.tiles(places, {}, shaded=False)] == ["AK", "IA", "OH"]


def step(text, kind="ask", role="Lead"):
    return {"id": text, "kind": kind, "text": text, "owner_role": role, "due_on": "2026-09-01"}


def test_the_same_words_stand_once_with_every_coalition_that_says_them():
    there = [coalition("A"), coalition("B"), coalition("C")]
    steps = [
        ("C", "financing", step("money for  Interpreters.")),
        ("A", "cohesion", step("Money for interpreters")),
        ("B", "cohesion", step("A map of seats", "offer")),
        ("B", "cohesion", step("Money for interpreters", "offer")),
        ("gone", "cohesion", step("Not in this page")),
    ]
    found = asks.together(steps, there)
    assert [(one.kind, one.text, one.coalitions) for one in found] == [
        ("ask", "Money for interpreters", 2), ("offer", "A map of seats", 1), ("offer", "Money for interpreters", 1),
    ]  # fmt: skip
    assert [(by.coalition.name, by.slug) for by in found[0].by] == [("A", "cohesion"), ("C", "financing")]


def test_a_coalition_that_says_a_thing_twice_counts_once():
    steps = [("A", slug, step("Money")) for slug in ("cohesion", "financing")]
    (one,) = asks.together(steps, [coalition("A")])
    assert (one.coalitions, len(one.by)) == (1, 2)


def test_a_row_of_a_story_has_no_place_in_a_table_of_levels():
    groups = crossing.table([coalition("a")], rows.outside([row(3, coalition="a", sharing="story")]), Q2, ["cohesion"])
    assert groups[0].lines[0].cells[0].level is None
