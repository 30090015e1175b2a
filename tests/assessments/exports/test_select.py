"""Which rows a file holds, in which order, at what cost; from the database, through the real verbs."""

import pytest
from django.db import connection

from assessments.drafting import actions as drafting
from assessments.models import Mode, Standing
from assessments.quarters import Quarter
from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import LATEST, ONLY, WITHOUT, Filters
from assessments.reports.exports.stream import CutShort
from assessments.sharing import actions as sharing
from assessments.submitting import actions as submitting
from coalitions.models import Coalition, Role
from tests import factories
from tests.assessments.exports.making import from_database, records

pytestmark = pytest.mark.django_db
CANARY = "Canary: only we may read this"


@pytest.fixture
def submitted(coalition, ana):
    return factories.submitted(coalition, by=ana)


def coalition_with_a_quarter(name, at, quarter=factories.QUARTER, **fields):
    """Another coalition, with one submitted quarter."""
    made = factories.coalition(name, at, **fields)
    return made, factories.submitted(made, by=factories.person(Role.LEAD, made), quarter=quarter)


def of_coalitions(text):
    return [row["coalition_name"] for row in records(text)]


def test_every_indicator_of_the_rubric_has_a_row_asked_or_not(submitted):
    rows = records(from_database())
    assert len(rows) == 27
    assert [row["indicator_code"] for row in rows] == sorted(row["indicator_code"] for row in rows)
    asked = [row for row in rows if row["level_status"] == "rated"]
    assert len(asked) == 7 and all(row["core"] == "1" and row["level"] == "2" for row in asked)
    assert {row["level_status"] for row in rows if row not in asked} == {"not_asked"}
    assert {row["room_sees"] for row in rows} == {"meeting_only"}
    assert {row["suggested_status"] for row in rows} == {"not_rated"}


def test_a_milestone_has_one_row_and_beyond_has_none(submitted):
    rows = records(from_database("standings"))
    assert [row["milestone_number"] for row in rows] == list("1234567")
    assert {(row["level"], row["level_rule"], row["direction_label"]) for row in rows} == {
        ("2", "core_only", "not_asked")
    }


def test_standings_say_what_the_standing_rows_say(submitted):
    rows = {row["milestone_slug"]: row for row in records(from_database("standings"))}
    for standing in Standing.objects.milestones():
        row = rows[standing.slug]
        assert row["level"] == ("" if standing.level is None else str(standing.level))
        assert (row["level_status"], row["level_rule"]) == (standing.level_status, standing.level_rule)
        assert (row["change"], row["change_since"]) == (standing.change, standing.change_since)
        assert (row["indicators_rated"], row["indicators_asked"]) == (
            str(standing.indicators_rated),
            str(standing.indicators_asked),
        )


def test_a_reason_leaves_with_its_milestone_and_goes_again_when_it_is_withdrawn(coalition, ana):
    assessment = factories.discussing_assessment(coalition, by=ana)
    factories.rate_all(assessment, by=ana)
    factories.rate(assessment, "1.2", 3, by=ana, reason=CANARY)
    factories.rate(assessment, "2.1", 3, by=ana, reason="Canary of another milestone")
    factories.submit(assessment, by=ana)
    assessment.refresh_from_db()
    assert "Canary" not in from_database()
    factories.share(assessment, "story", by=ana, slugs=["setting-the-table"])
    assert "Canary" not in from_database()
    factories.share(assessment, by=ana, slugs=["setting-the-table"])
    shared = [row["reason"] for row in records(from_database()) if row["shared"] == "1"]
    assert CANARY in shared and "another milestone" not in from_database()
    sharing.withdraw(assessment=assessment, by=ana)
    assert "Canary" not in from_database()


def test_all_revisions_or_the_last_of_each_quarter(submitted, coalition, ana):
    factories.share(submitted, by=ana)
    submitting.reopen(assessment=submitted, number=1, reason="A date was wrong", by=ana)
    submitted.refresh_from_db()
    factories.rate(submitted, "1.2", 4, by=ana)
    factories.submit(submitted, by=ana)
    rows = [row for row in records(from_database()) if row["indicator_code"] == "1.2"]
    assert [(row["revision"], row["level"], row["shared"]) for row in rows] == [("1", "2", "1"), ("2", "4", "0")]
    assert {row["revision"] for row in records(from_database(filters=Filters(revisions=LATEST)))} == {"2"}


def test_own_questions_have_codes_and_titles(coalition, ana):
    assessment = factories.draft(coalition, by=ana, mode=Mode.CORE)
    own = drafting.add_own_milestone(assessment=assessment, code="own-1", name="=Abuelas", definition="", by=ana)
    drafting.add_own_indicator(
        assessment=assessment, code="own-2", milestone=own, title="Abuelas", question="?", descriptors=["a"] * 5, by=ana
    )
    assessment = drafting.start_meeting(assessment=assessment, by=ana)
    factories.rate_all(assessment, by=ana)
    factories.submit(assessment, by=ana)
    row = records(from_database())[-1]
    assert (row["milestone_number"], row["milestone_slug"], row["milestone_name"]) == ("8", "own-1", "'=Abuelas")
    assert (row["indicator_code"], row["indicator_title"], row["core"], row["own_indicator"]) == (
        "own-2",
        "Abuelas",
        "0",
        "1",
    )
    assert records(from_database("standings"))[-1]["milestone_slug"] == "own-1"


def test_rows_stand_by_state_coalition_quarter_and_revision(submitted, coalition, ana):
    factories.submitted(coalition, by=ana, quarter=Quarter(2026, 1))
    coalition_with_a_quarter("Zeta", "AL", slug="a_b")
    coalition_with_a_quarter("Alpha", "AL", slug="a-c")
    coalition_with_a_quarter("Beta", "AL", slug="ab")
    seen = [(row["coalition_name"], row["quarter"]) for row in records(from_database("standings"))[::7]]
    assert seen == [
        ("Alpha", "2026Q2"), ("Zeta", "2026Q2"), ("Beta", "2026Q2"),
        (coalition.name, "2026Q1"), (coalition.name, "2026Q2"),
    ]  # fmt: skip


def test_the_same_revisions_and_filters_give_the_same_bytes(submitted):
    for name in FILES:
        assert from_database(name) == from_database(name)


def test_filters_choose_whole_rows(submitted, coalition, ana):
    coalition_with_a_quarter("Keystone", "PA", Quarter(2025, 4), sample=True)
    everything = from_database().splitlines()
    for filters, rows in [
        (Filters(state="PA"), 27),
        (Filters(coalition="keystone"), 27),
        (Filters(first="2026Q1"), 27),
        (Filters(last="2026Q1"), 27),
        (Filters(first="2025Q4", last="2026Q2"), 54),
        (Filters(milestone="cohesion"), 8),
        (Filters(sample=ONLY), 27),
        (Filters(sample=WITHOUT), 27),
        (Filters(state="PA", sample=WITHOUT), 0),
    ]:
        chosen = from_database(filters=filters).splitlines()
        assert len(chosen) == rows + 1
        assert [line for line in everything if line in chosen] == chosen


def test_only_coalitions_in_scope_are_read(submitted, coalition):
    coalition_with_a_quarter("Keystone", "PA")
    scope = Coalition.objects.filter(pk=coalition.pk)
    assert set(of_coalitions(from_database(coalitions=scope))) == {coalition.name}


def test_labels_come_in_the_language_asked_for(submitted):
    row = records(from_database(filters=Filters(lang="es")))[1]
    assert (row["milestone_name"], row["level_name"], row["outcome"]) == ("Preparar la mesa", "Creciendo", "agreed")


def test_standings_that_are_not_those_of_the_body_break_the_file(submitted):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM assessments_standing WHERE slug = 'cohesion'")
    with pytest.raises(CutShort):
        from_database()
