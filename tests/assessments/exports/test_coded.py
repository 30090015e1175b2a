"""The coded variant: nothing in it joins a row to the named files, and nothing else is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.quarters import Quarter
from assessments.reports.exports import select
from assessments.reports.exports.coded import CODED, coalition_code
from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import Filters
from coalitions.models import AuditEvent, Coalition, Role
from tests import factories
from tests.assessments.exports.making import from_database, indicator, milestone, records, records_of, repeat, revision
from tests.assessments.exports.test_things import told

GONE = {"state_code", "state_name", "coalition_id", "coalition_name", "submitted_at"}
TEXTS_AND_JOINS = {
    "agreed_ratings": {"reason", "revision_sha256"},
    "releases": {"release_sha256"},
    "evidence": {"evidence_id", "dated", "brought_forward_from", "shows", "link"},
    "next_steps": {"step_id", "step_text", "owner_role", "due_on", "what_happened"},
    "stories": {"story"},
    "events": {"event_id", "happened_on", "words"},
}
CODE = Filters(coded=True)


@pytest.mark.parametrize("name", FILES)
def test_the_columns_are_the_named_ones_without_what_joins(name):
    kept = [column for column in FILES[name].header() if column not in GONE | TEXTS_AND_JOINS.get(name, set())]
    assert list(CODED[name].header()) == ["coalition_code", *kept]


@given(st.uuids())
def test_a_code_is_ten_characters_that_hang_on_the_key(coalition):
    code = coalition_code(str(coalition), "one key")
    assert re.fullmatch("[A-Z2-7]{10}", code) and code == coalition_code(str(coalition), "one key")
    assert code != coalition_code(str(coalition), "another key")


def test_a_title_of_the_coalition_s_own_is_gone_and_the_rubric_s_stay():
    own = milestone([indicator("own-2", own=True, title={"en": "Abuelas", "es": ""})], 8, "own-1")
    made = revision(milestone([indicator()]), own, code="ABCDEFGHIJ")
    rows = records_of("agreed_ratings", made, files=CODED)
    assert [(row["indicator_title"], row["milestone_name"]) for row in rows] == [
        ("Community voices at the table", "Setting the table"), ("", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_no_word_of_people_is_in_it_though_all_is_shared(name):
    rows = records_of(name, told(beyond="story", is_open=True, code="ABCDEFGHIJ"), files=CODED)
    cells = "\n".join(cell for row in rows for cell in row.values())
    assert not re.search("Coalición|Puerto|seat map|We met|interpreters|session|2026-07-01T|0000-4000", cells)
    assert not rows or {row["coalition_code"] for row in rows} == {"ABCDEFGHIJ"}


@pytest.fixture
def three(db, coalition, ana):
    for name, at in (("Keystone", "PA"), ("Alpha", "AL")):
        made = factories.coalition(name, at)
        factories.submitted(made, by=factories.person(Role.LEAD, made), quarter=Quarter(2026, 1))
    factories.submitted(coalition, by=ana)
    return Coalition.objects.all()


@pytest.mark.parametrize("name", ["agreed_ratings", "standings", "agreed_ratings_wide"])
def test_it_holds_the_rows_of_the_named_file_in_the_order_of_the_codes(name, three, settings):
    named, coded = records(from_database(name)), records(from_database(name, CODE))
    codes = [row["coalition_code"] for row in coded]
    assert codes == sorted(codes) and len(set(codes)) == 3

    def code_of(row):
        return coalition_code(row["coalition_id"], settings.EXPORT_PSEUDONYM_KEY)

    expected = sorted(({**row, "coalition_code": code_of(row)} for row in named), key=lambda row: row["coalition_code"])
    assert coded == [{column: row[column] for column in CODED[name].header()} for row in expected]


def test_the_order_of_the_codes_holds_across_queries(three, monkeypatch):
    whole = from_database("agreed_ratings", CODE)
    monkeypatch.setattr(select, "TOGETHER", 2)
    assert from_database("agreed_ratings", CODE) == whole


def test_another_key_gives_other_codes(three, settings):
    before = {row["coalition_code"] for row in records(from_database("standings", CODE))}
    settings.EXPORT_PSEUDONYM_KEY = "another key " * 5
    assert not before & {row["coalition_code"] for row in records(from_database("standings", CODE))}


@pytest.mark.parametrize("query", ["state=OH", "coalition=keystone", "coalition=sample-buckeye-coalition&state=OH"])
def test_a_coded_file_of_one_coalition_is_refused_for_it_would_name_it(three, as_user, eve, query):
    answer = as_user(eve).get(f"/evaluate/export/agreed_ratings.csv?coded=1&{query}")
    assert answer.status_code == 400 and "could not be read" in answer.content.decode()
    page = as_user(eve).get(f"/evaluate/export/?coded=1&{query}")
    assert page.status_code == 200 and page.context["coalitions"] == 3
    assert not AuditEvent.objects.filter(verb="export").exists()


def test_its_name_and_the_log_say_that_it_is_coded(three, as_user, eve, coalition):
    answer = as_user(eve).get("/evaluate/export/standings.csv?coded=1")
    assert answer["Content-Disposition"] == 'attachment; filename="coded-standings.csv"'
    assert b"".join(answer.streaming_content).decode() == from_database("standings", CODE)
    events = AuditEvent.objects.filter(verb="export")
    assert events.count() == 3 and {event.details["file"] for event in events} == {"coded-standings.csv"}
    page = as_user(eve).get("/evaluate/export/?coded=1").content.decode()
    assert "coded=1&amp;lang=en" in page and "can still match the levels" in page


def test_sample_data_is_said_in_a_coded_file_too(three, as_user, eve, ana, coalition):
    repeat(coalition.assessments.get(), 1)
    answer = as_user(eve).get("/evaluate/export/standings.csv?coded=1")
    assert answer["Content-Disposition"] == 'attachment; filename="sample-coded-standings.csv"'
    assert {row["sample_data"] for row in records(from_database("standings", CODE))} == {"0", "1"}
