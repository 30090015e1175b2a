"""What the address of the cross-state pages may ask, and what becomes of nonsense."""

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
        "q=2026q5", "q=2026", "q=q", "q=1999q1", "q=2030q1", "q=２０２６q2", "q=" + "9" * 500, "view=xyz", "view=map",
        "view=%27%3E%3Cscript%3E", "m=nope", "m=" + "a" * 5000, "states=ZZ", "states=OH~ZZ", "states=" + "~" * 5000,
        "q=2026q2&q=2026q5", "m=%F0%9F%92%A5", "states=OH;DROP%20TABLE", "view=&q=&m=&states=", "view=trend&m=nope",
    ],
)  # fmt: skip
def test_nonsense_falls_back_to_the_usual(query):
    chosen = read(query)
    assert chosen.quarter == Q2 and chosen.view in filters.VIEWS
    assert chosen.milestone in ("", *MILESTONES) and set(chosen.states) <= set(STATES)


@pytest.mark.parametrize("query", ["q=2026q5", "q=2030q1", "view=xyz", "m=nope", "states=OH~ZZ"])
def test_what_was_not_understood_is_said_and_not_repeated(query):
    notices = read(query).notices
    assert len(notices) == 1
    assert not any(word in notices[0] for word in ("2026q5", "xyz", "nope", "ZZ"))


def test_trend_always_has_a_milestone():
    assert read("view=trend").milestone == "setting-the-table"


def test_a_state_can_be_taken_out():
    assert read("states=IA~OH").without_state("IA") == "?states=OH"
