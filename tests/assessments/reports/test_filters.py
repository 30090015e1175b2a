"""What the address of the cross-state pages may ask, and what becomes of nonsense."""

from dataclasses import replace

import pytest
from django.http import QueryDict

from assessments.reports import filters
from tests.assessments.reports.made import Q1, Q2

MILESTONES = ["setting-the-table", "cohesion"]
STATES = ["IA", "OH"]


def read(query):
    return filters.read(QueryDict(query), quarters=[Q1, Q2], milestones=MILESTONES, states=STATES)


def test_the_usual_choice_is_the_table_of_the_latest_quarter():
    chosen = read("")
    assert (chosen.view, chosen.quarter, chosen.milestone, chosen.states) == ("table", Q2, "", ())
    assert chosen.notices == () and chosen.address() == "?"


@pytest.mark.parametrize(
    "query",
    [
        "q=2026q1",
        "m=cohesion",
        "states=IA",
        "states=IA~OH",
        "view=trend&m=cohesion&states=IA~OH",
        "q=2026q1&m=cohesion",
        "view=map",
        "view=map&m=cohesion&shade=1",
        "view=cards&order=za&shared=story",
        "m=cohesion&group=level&mode=full&focus=setting-the-table&kind=ask&years=3-5",
        "view=trend&m=cohesion&from=2026q2",
    ],
)
def test_a_choice_survives_its_address(query):
    chosen = read(query)
    assert not chosen.notices
    assert read(chosen.address()[1:]) == chosen
    assert set(chosen.address()[1:].split("&")) == set(query.split("&"))


def test_states_may_come_one_by_one_as_checkboxes_send_them():
    assert read("states=OH&states=IA").states == ("IA", "OH") == read("states=oh~ia").states


@pytest.mark.parametrize(
    "query",
    [
        "q=2026q5", "q=2026", "q=q", "q=1999q1", "q=2030q1", "q=２０２６q2", "q=" + "9" * 500, "view=xyz", "mode=MAP", "years=3", "kind=money",
        "shared=nothing", "order=level", "sort=level", "group=level", "shade=2", "from=2031q1", "focus=nope",
        "view=%27%3E%3Cscript%3E", "m=nope", "m=" + "a" * 5000, "states=ZZ", "states=OH~ZZ", "states=" + "~" * 5000,
        "q=2026q2&q=2026q5", "m=%F0%9F%92%A5", "states=OH;DROP%20TABLE", "view=&q=&m=&states=", "view=trend&m=nope",
    ],
)  # fmt: skip
def test_nonsense_falls_back_to_the_usual(query):
    chosen = read(query)
    assert chosen.quarter == Q2 and chosen.view in filters.VIEWS
    assert chosen.milestone in ("", *MILESTONES) and set(chosen.states) <= set(STATES)


@pytest.mark.parametrize(
    "query",
    [
        "q=2026q5",
        "q=2030q1",
        "view=xyz",
        "m=nope",
        "states=OH~ZZ",
        "mode=xyz",
        "years=xyz&kind=xyz",
        "order=xyz",
        "from=2026q5",
        "group=level",
        "focus=nope",
    ],
)
def test_what_was_not_understood_is_said_and_not_repeated(query):
    notices = read(query).notices
    assert len(notices) == 1
    assert not any(word in notices[0] for word in ("2026q5", "xyz", "nope", "ZZ"))


def test_what_a_view_does_not_know_is_left_behind_and_the_usual_words_say_nothing():
    assert read("view=trend&shade=1&group=level").address() == "?view=trend&m=setting-the-table"
    assert read("m=cohesion&shade=1").shade == "" and read("view=map&shade=1").milestone == "setting-the-table"
    assert read("order=az&shade=0&group=&mode=&page=7").address() == "?"


def test_the_view_is_the_table_and_no_level_colours_the_map_until_it_is_asked():
    assert (read("").view, read("view=map").shade) == ("table", "")


def test_the_link_that_is_copied_names_the_quarter_and_the_page():
    chosen = replace(read("m=cohesion"), page=2)
    assert chosen.address() == "?m=cohesion" and set(chosen.link[1:].split("&")) == {"q=2026q2", "m=cohesion", "page=2"}
    assert read(chosen.link[1:]) == replace(chosen, page=1)


def test_a_milestone_of_the_path_is_not_in_the_query():
    chosen = filters.read(QueryDict("m=nope"), quarters=[Q1], milestones=MILESTONES, states=STATES, fixed="cohesion")
    assert (chosen.milestone, chosen.notices, chosen.address(view="map")) == ("cohesion", (), "?view=map")


def test_years_in_the_work_count_from_the_quarter_shown():
    assert read("years=3-5&q=2026q1").founded == (2021, 2023)


def test_trend_always_has_a_milestone():
    assert read("view=trend").milestone == "setting-the-table"


def test_a_state_can_be_taken_out():
    assert read("states=IA~OH").without_state("IA") == "?states=OH"
