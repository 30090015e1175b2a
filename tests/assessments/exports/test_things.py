"""Evidence, next steps, stories, events and the wide file: whole texts, and what is told only where it is shared."""

import re
import uuid
from datetime import date

import pytest

from assessments.discussing import step_actions
from assessments.drafting import actions as drafting
from assessments.quarters import Quarter
from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import Filters
from assessments.submitting import actions as submitting
from coalitions.models import Role
from tests import factories
from tests.assessments.exports import worlds
from tests.assessments.exports.making import (
    event,
    from_database,
    indicator,
    item,
    milestone,
    records,
    records_of,
    revision,
    step,
    text_of,
)
from tests.assessments.exports.worlds import of, once

CANARY = "Canary: only we may read this"
START = (
    "PR,Puerto Rico,00000000-0000-4000-8000-000000000001,Sample Coalición Niñez,2026Q2,2026-04-01,1,"
    "2026-07-01T14:05:09Z,1,core,1,"
)
ITEM, STEP, EVENT = (f"00000000-0000-4000-8000-0000000000{end}" for end in ("e1", "a1", "b1"))


def told(sharing="level_and_story", **fields):
    """A revision with one thing of each kind."""
    one = {**milestone([indicator(evidence=[item()])]), "story": "=We met"}
    made = revision(one, sharing=sharing, events=(event(),), **fields)
    made.body.update(next_steps=[step()], beyond="And we sang")
    return made


def rows_after_the_header(name, *revisions, **kwargs):
    return text_of(name, *revisions, **kwargs).split("\r\n", 1)[1]


def test_each_file_as_a_whole_text():
    made = told(beyond="story", is_open=True)
    assert rows_after_the_header("evidence", made) == (
        START
        + f"1,setting-the-table,1.2,{ITEM},document,parent,2026-05-02,,0,The seat map,https://example.org/map,1\r\n"
    )
    assert rows_after_the_header("next_steps", made) == (
        START + f"1,setting-the-table,{STEP},planned,ask,Money for interpreters,Parent lead,2026-09-30,planned,,1\r\n"
    )
    assert rows_after_the_header("stories", made) == (
        START + "1,setting-the-table,'=We met,1\r\n" + START + ",,And we sang,1\r\n"
    )
    assert rows_after_the_header("events", made) == START + f"{EVENT},2026-05-09,The session ended,1\r\n"


def test_what_is_not_shared_stands_there_without_a_word():
    made = told("nothing")
    assert rows_after_the_header("evidence", made) == (
        START + f"1,setting-the-table,1.2,{ITEM},not_shared,not_shared,,,0,,,0\r\n"
    )
    assert (
        rows_after_the_header("next_steps", made)
        == START + f"1,setting-the-table,{STEP},planned,not_shared,,,,not_shared,,0\r\n"
    )
    assert rows_after_the_header("stories", made) == START + "1,setting-the-table,,0\r\n" + START + ",,,0\r\n"
    assert rows_after_the_header("events", made) == START + f"{EVENT},,,0\r\n"


def test_the_coalition_itself_reads_all_it_wrote_and_what_is_shared_is_said_as_it_is():
    made = told("nothing", own=True)
    kept = records_of("evidence", told("nothing", own=True))[0]
    assert (kept["shows"], kept["voice"], kept["shared"]) == ("The seat map", "parent", "0")
    assert [row["story"] for row in records_of("stories", made)] == ["'=We met", "And we sang"]
    assert records_of("next_steps", made)[0]["step_text"] == "Money for interpreters"
    assert records_of("events", made)[0]["words"] == "The session ended"


@pytest.mark.parametrize(
    "sharing, evidence, steps",
    [("nothing", "0", "0"), ("story", "0", "1"), ("level_and_story", "1", "1")],
)
def test_evidence_goes_with_the_level_and_steps_with_the_story(sharing, evidence, steps):
    made = told(sharing)
    assert records_of("evidence", made)[0]["shared"] == evidence
    assert records_of("next_steps", made)[0]["shared"] == records_of("stories", made)[0]["shared"] == steps


@pytest.mark.parametrize(
    "kept", [{"visibility": "coalition_only"}, {"status": "set_aside"}], ids=["coalition only", "set aside"]
)
def test_evidence_kept_inside_stays_there_though_the_level_is_shared(kept):
    status = kept.pop("status", "rated")
    made = revision(milestone([indicator(status=status, evidence=[item(shows=CANARY, **kept)])]))
    assert "Canary" not in text_of("evidence", made)
    assert records_of("evidence", made)[0]["shared"] == "0"


def looked_back(sharing):
    """A revision that looks back at a step of the quarter before and plans it once more."""
    made = told(sharing)
    made.body["looked_back"] = [step(status="done", what_happened="=They came")]
    return made


def test_what_came_of_a_step_is_a_row_of_the_quarter_that_looks_back():
    assert rows_after_the_header("next_steps", looked_back("story")).splitlines()[1] == (
        START + f"1,setting-the-table,{STEP},looked_back,ask,Money for interpreters,Parent lead,2026-09-30,done,"
        "'=They came,1"
    )
    hidden = records_of("next_steps", looked_back("nothing"))
    assert [(row["part"], row["status"], row["what_happened"]) for row in hidden] == [
        ("planned", "not_shared", ""), ("looked_back", "not_shared", ""),
    ]  # fmt: skip


def test_a_quarter_that_plans_says_nothing_of_what_came_of_it():
    """A record corrected after the next quarter looked back has it in its body."""
    made = told()
    made.body["next_steps"] = [step(status="done", what_happened=CANARY)]
    (row,) = records_of("next_steps", made)
    assert (row["status"], row["what_happened"]) == ("planned", "")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example", "data:text/html,x"])
def test_a_link_that_no_page_would_show_is_in_no_file(link):
    made = revision(milestone([indicator(evidence=[item(link=link)])]))
    assert records_of("evidence", made)[0]["link"] == ""


def test_nobody_is_named():
    everything = "".join(text_of(name, told(own=True, is_open=True)) for name in FILES)
    assert "Rosa" not in everything and "Parent lead" in everything


def test_the_wide_file_says_what_the_long_one_says():
    rated = indicator("1.2", 3)
    made = revision(milestone([indicator("1.1", status="not_asked"), rated, indicator("own-1")]))
    row = records_of("agreed_ratings_wide", made)[0]
    assert (row["level_1_2"], row["status_1_2"]) == ("3", "rated")
    assert (row["level_1_1"], row["status_1_1"]) == ("", "not_asked")
    assert (row["level_7_3"], row["status_7_3"]) == ("", "not_asked")  # a version without it
    assert not [name for name in row if "own" in name]


# Through the real verbs


made_once = once(worlds.written)


@pytest.fixture
def written(coalition):
    return of(coalition.slug)


def cells(name, column, **filters):
    return [row[column] for row in records(from_database(name, Filters(**filters))) if row["shared"] == "1"]


@pytest.mark.django_db
def test_words_leave_with_their_milestone_and_come_back(written, ana):
    everything = "".join(from_database(name) for name in FILES)
    assert not re.search("Minutes|Story of|Step of|Parent,|On 2026", everything)
    factories.share(written, "story", by=ana, slugs=["beyond"])
    assert (cells("stories", "story"), cells("next_steps", "step_text")) == (["Story of None"], ["Step of None"])
    assert cells("events", "words") == cells("evidence", "shows") == []
    factories.share(written, "story", by=ana, slugs=["cohesion"])
    assert len(cells("stories", "story")) == len(cells("next_steps", "step_text")) == 1
    assert cells("events", "words") == cells("evidence", "shows") == []
    factories.share(written, by=ana, slugs=["cohesion"])
    assert cells("evidence", "shows") == ["Minutes, may_be_shared"]
    assert cells("events", "words") == ["On 2026-04-01", "On 2026-06-30"]
    assert cells("events", "happened_on") == ["2026-04-01", "2026-06-30"]


@pytest.mark.django_db
def test_what_came_of_a_step_leaves_with_the_quarter_that_looks_back(written, coalition, ana, eve, as_user):
    """Whichever way the quarter that planned it is shared; and no file says what the shared page does not."""
    later = factories.discussing_assessment(coalition, by=ana, quarter=factories.QUARTER.next)
    step = written.next_steps.get(milestone__slug="cohesion")
    step_actions.look_back(
        assessment=later, key=step.pk, version=step.version, status="done", what_happened="They came", by=ana
    )
    factories.rate_all(later, by=ana)
    factories.submit(later, by=ana)
    later.refresh_from_db()
    factories.share(written, "story", by=ana, slugs=["cohesion"])
    assert cells("next_steps", "status") == ["planned"] and "They came" not in from_database("next_steps")
    factories.share(later, "story", by=ana, slugs=["cohesion"])
    assert cells("next_steps", "what_happened") == ["", "They came"]
    assert cells("next_steps", "part", first="2026Q3") == ["looked_back"]
    page = as_user(eve).get(f"/states/OH/{coalition.slug}/?q=2026Q3").content.decode()
    assert "They came" in page and step.text in page


@pytest.mark.django_db
def test_every_thing_has_its_row_and_the_counts_agree(written):
    of = {row["indicator_code"]: row for row in records(from_database())}
    assert len(records(from_database("evidence"))) == 2 == int(of["3.1"]["evidence_items"])
    assert len(records(from_database("stories"))) == len(records(from_database("next_steps"))) == 2
    assert len(records(from_database("events"))) == 2
    assert len(records(from_database("agreed_ratings_wide"))) == 1


@pytest.mark.django_db
def test_events_stand_once_with_the_last_revision_and_open_with_a_level_of_any(written, ana):
    factories.share(written, by=ana, slugs=["cohesion"])
    submitting.reopen(assessment=written, number=1, reason="A date was wrong", by=ana)
    written.refresh_from_db()
    factories.submit(written, by=ana)
    rows = records(from_database("events"))
    assert [(row["revision"], row["shared"]) for row in rows] == [("2", "1")] * 2  # revision 1 stays shared
    assert {row["revision"] for row in records(from_database("stories"))} == {"1", "2"}
    assert {row["revision"] for row in records(from_database("agreed_ratings_wide"))} == {"2"}


@pytest.mark.django_db
def test_a_filter_by_milestone_leaves_rows_about_none_as_they_are(written, ana):
    factories.share(written, by=ana, slugs=["financing"])
    chosen = Filters(milestone="cohesion")
    for name in ("events", "agreed_ratings_wide"):
        assert from_database(name, chosen) == from_database(name)
    for name in ("stories", "next_steps"):
        assert [row["milestone_slug"] for row in records(from_database(name, chosen))] == ["cohesion"]


@pytest.mark.django_db
def test_an_event_of_another_coalition_or_of_a_quarter_not_submitted_is_in_no_file(written, ana, coalition):
    other = factories.coalition("Keystone", "PA")
    lea = factories.person(Role.LEAD, other)
    step_actions.add_event(coalition=other, key=uuid.uuid4(), happened_on=date(2026, 5, 1), words=CANARY, by=lea)
    drafting.start_meeting(assessment=factories.draft(other, by=lea, quarter=Quarter(2026, 2)), by=lea)
    factories.share(written, by=ana)
    assert "Canary" not in from_database("events") and len(records(from_database("events"))) == 2
