"""How far each coalition is with a quarter: dates and words, A to Z, and never a level."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from assessments.models import Revision, Stage, Standing
from assessments.quarters import Quarter
from coalitions.models import Role
from tests import factories

pytestmark = pytest.mark.django_db
NOW, BEFORE = Quarter(2026, 2), Quarter(2026, 1)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(datetime(2026, 5, 4, 15, tzinfo=UTC), tick=False):
        yield


def at(name, stage, state="OH", quarter=NOW):
    coalition = factories.coalition(name, state)
    if stage:
        factories.at_stage(coalition, stage, by=factories.person(Role.LEAD, coalition), quarter=quarter)
    return coalition


@pytest.fixture
def everywhere(rubric):
    """A coalition at each stage, and one that has not opened the quarter."""
    made = {stage: at(f"Sample {stage} Coalition", stage) for stage in Stage}
    made["none"] = at("Sample Another Coalition", None, "IA")
    return made


def rows(page: str) -> list[tuple]:
    """Of each row: state, coalition, how far, opened, submitted, reopened."""
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)[1]
    cut = [
        re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row, re.DOTALL) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    ]
    return [tuple(re.sub(r"<.*?>", "", cell).strip() for cell in row) for row in cut]


def test_it_says_who_has_not_opened_started_submitted_and_reopened(everywhere, eve, as_user):
    page = as_user(eve).get("/evaluate/").content.decode()
    day = "May 4, 2026"
    assert rows(page) == [
        ("Iowa", "Sample Another Coalition", "Not opened", "–", "–", "–"),
        ("Ohio", "Sample collecting Coalition", "Started: Collecting", day, "–", "–"),
        ("Ohio", "Sample discussing Coalition", "Started: Discussing", day, "–", "–"),
        ("Ohio", "Sample draft Coalition", "Started: Draft", day, "–", "–"),
        ("Ohio", "Sample reopened Coalition", "Reopened", day, f"{day} (revision 1)", day),
        ("Ohio", "Sample submitted Coalition", "Submitted", day, f"{day} (revision 1)", "–"),
    ]
    assert re.findall(r"<dt>(.*?)</dt><dd>(\d) coalitions?</dd>", page) == [
        ("Not opened", "1"), ("Started", "3"), ("Submitted", "1"), ("Reopened", "1"),
    ]  # fmt: skip


def test_it_opens_at_the_last_quarter_that_somebody_opened(rubric, eve, as_user):
    """Not at one that has only just begun, nor at one that somebody opened ahead of its time; at that one none is."""
    assert "selected>2026 Q2" in as_user(eve).get("/evaluate/").content.decode()
    at("Sample Early Coalition", Stage.DRAFT, quarter=NOW.next)
    at("Sample Buckeye Coalition", Stage.DRAFT, quarter=BEFORE)
    page = as_user(eve).get("/evaluate/").content.decode()
    assert "selected>2026 Q1" in page and 'value="2026q2"' in page


def test_another_level_or_another_number_of_answers_gives_the_same_bytes(rubric, eve, ada, as_user):
    pages = []
    for level, answers in [(0, 5), (4, 12)]:
        coalition = factories.coalition("Sample Buckeye Coalition", slug=f"buckeye-{level}")
        lead = factories.person(Role.LEAD, coalition, name="Ana")
        assessment = factories.closed(coalition, by=lead, quarter=NOW, parents=[level] * answers)
        factories.rate_all(assessment, level, by=lead)
        factories.submit(assessment, by=lead)
        for reader in (eve, ada):
            text = as_user(reader).get("/evaluate/").content.decode()
            text = re.sub(r'value="\w{64}"|buckeye-\d', "", text)
            pages.append((reader, text))
        type(coalition).objects.filter(pk=coalition.pk).update(name=f"gone {level}", name_key=f"gone {level}")
        assert Revision.objects.filter(coalition=coalition).exists() and Standing.objects.filter(level=level).exists()
        assessment.agreed_ratings.all().delete()
        type(assessment).objects.filter(pk=assessment.pk).update(quarter_text="2020Q1")
        type(coalition).objects.filter(pk=coalition.pk).update(state=factories.state("PA"))
    (_e, eve_low), (_a, ada_low), (_f, eve_high), (_b, ada_high) = pages

    def of_buckeye(text):
        return [row for row in rows(text) if "Buckeye" in row[1]]

    assert of_buckeye(eve_low) == of_buckeye(eve_high) != []
    assert of_buckeye(ada_low) == of_buckeye(ada_high) != []


def test_an_evaluator_of_one_coalition_sees_that_one(everywhere, as_user):
    ed = factories.person(Role.EVALUATOR, everywhere["none"])
    page = as_user(ed).get("/evaluate/").content.decode()
    assert [row[1] for row in rows(page)] == ["Sample Another Coalition"]
    assert "Sample draft Coalition" not in page


def test_an_administrator_sees_all_and_comes_to_each(everywhere, ada, as_user):
    page = as_user(ada).get("/evaluate/").content.decode()
    assert len(rows(page)) == 6 and f'href="/c/{everywhere["none"].slug}/"' in page
    assert "/together/" not in page, "counts are for evaluators"


def test_another_quarter_is_chosen_and_an_unknown_one_falls_back_with_a_notice(everywhere, eve, as_user):
    at("Sample Earlier Coalition", Stage.SUBMITTED, quarter=BEFORE)
    client = as_user(eve)
    page = client.get("/evaluate/?q=2026q1").content.decode()
    assert [row[2] for row in rows(page) if row[1] == "Sample Earlier Coalition"] == ["Submitted"]
    for odd in ("2026q5", "x", "2011q1", "%F0%9F%99%82"):
        answer = client.get(f"/evaluate/?q={odd}")
        assert answer.status_code == 200 and "This is 2026 Q2." in answer.content.decode()


def test_an_imported_quarter_says_so(everywhere, eve, as_user):
    everywhere[Stage.SUBMITTED].assessments.update(imported=True)
    page = as_user(eve).get("/evaluate/").content.decode()
    assert [row[2] for row in rows(page) if "imported" in row[2]] == ["Submitted (imported)"]


def test_it_costs_no_more_queries_for_a_hundred_coalitions_and_shows_a_hundred(
    everywhere, eve, as_user, django_assert_max_num_queries
):
    for number in range(120):
        factories.coalition(f"Sample {number:03}")
    client = as_user(eve)
    client.get("/me/")
    with django_assert_max_num_queries(16):
        page = client.get("/evaluate/").content.decode()
    assert len(rows(page)) == 100 and "Page 1 of 2" in page
    assert len(rows(client.get("/evaluate/?page=2").content.decode())) == 26
