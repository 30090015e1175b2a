"""How many queries pages cost: a save few, and a page no more for twenty quarters than for two."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.collecting import actions as collecting
from assessments.collecting import ballots, close
from assessments.discussing import actions, evidence_actions
from assessments.quarters import Quarter
from coalitions.models import Role
from milestones.actions import draft_next, publish
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("sqlite")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SAVEPOINTS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
FEW, MANY = 2, 20


def queries(client, method, address, body=None) -> list[str]:
    """The statements of one request, asked a second time, when sessions and caches are warm."""
    client.get("/me/")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = getattr(client, method)(address, body or {})
    assert answer.status_code in (200, 303), answer.status_code
    return [query["sql"] for query in captured if not query["sql"].startswith(SAVEPOINTS)]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def made(quarters: int):
    """A coalition with so many submitted quarters and one being recorded; its lead, a member, an administrator."""
    coalition = factories.coalition(f"Sample of {quarters}")
    lead = factories.person(Role.LEAD, coalition)
    first = Quarter(2020, 1)
    for number in range(quarters):
        assessment = factories.submitted(coalition, by=lead, quarter=first + number)
        if number % 2:
            factories.share(assessment, by=lead)
    now = factories.discussing_assessment(coalition, by=lead, quarter=first + quarters)
    people = {"lead": lead, "member": factories.person(Role.MEMBER, coalition)}
    return coalition, now, people


@pytest.fixture
def few_and_many(rubric):
    return made(FEW), made(MANY)


# Each autosave reads session, person, coalition, membership and rating, locks, saves and logs.
def test_an_autosave_is_ten_queries_at_most(rubric):
    _coalition, now, people = made(FEW)
    client = signed_in(people["lead"])
    body = {"version": "1", "outcome": "agreed", "level": "2", "reason": "We met"}
    asked = queries(client, "post", now.url("agreed_rating_save", "1.2"), body)
    assert len(asked) <= 10, "\n".join(asked)


def test_a_repeated_autosave_costs_no_more_and_writes_nothing(rubric):
    _coalition, now, people = made(FEW)
    client = signed_in(people["lead"])
    body = {"version": "1", "outcome": "agreed", "level": "2", "reason": "We met"}
    queries(client, "post", now.url("agreed_rating_save", "1.2"), body)
    asked = queries(client, "post", now.url("agreed_rating_save", "1.2"), body)
    assert len(asked) <= 10 and not [sql for sql in asked if sql.startswith(("UPDATE", "INSERT", "DELETE"))]


PAGES = {
    "coalition": lambda coalition, now: coalition.get_absolute_url(),
    "task list": lambda coalition, now: now.get_absolute_url(),
    "record page": lambda coalition, now: now.url("agreed_rating", "1.2"),
    "evidence": lambda coalition, now: now.url("evidence", "1.2"),
    "story": lambda coalition, now: now.url("story", "cohesion"),
    "next steps": lambda coalition, now: now.url("next_steps"),
    "check": lambda coalition, now: now.url("check"),
    "people": lambda coalition, now: f"{coalition.get_absolute_url()}people/",
    "events": lambda coalition, now: f"{coalition.get_absolute_url()}events/",
    "import": lambda coalition, now: f"{coalition.get_absolute_url()}import/",
    "import people": lambda coalition, now: f"{coalition.get_absolute_url()}people/import/",
    "open a quarter": lambda coalition, now: f"{coalition.get_absolute_url()}open/",
    "results": lambda coalition, now: f"{coalition.get_absolute_url()}results/",
    "figure": lambda coalition, now: f"{coalition.get_absolute_url()}results/figures/over-time.svg",
}
MEMBERS = {"coalition", "record page", "people", "events", "results", "figure"}


@pytest.mark.parametrize("where", PAGES)
def test_a_page_costs_no_more_with_twenty_quarters_than_with_two(few_and_many, where):
    for who in ("lead", "member") if where in MEMBERS else ("lead",):
        few, many = (
            queries(signed_in(people[who]), "get", PAGES[where](coalition, now))
            for coalition, now, people in few_and_many
        )
        assert len(many) <= len(few), "\n".join(many)
        assert len(many) <= 40, len(many)


def test_a_record_page_costs_no_more_with_much_on_it(rubric):
    """Ten saves, three pieces of evidence, three different views."""
    _coalition, now, people = made(FEW)
    lead, client = people["lead"], signed_in(people["lead"])
    bare = len(queries(client, "get", now.url("agreed_rating", "1.2")))

    def rating():
        return now.agreed_ratings.select_related("assessment__coalition").get(indicator__code="1.2")

    for number in range(10):
        factories.rate(now, "1.2", number % 5, by=lead, reason=str(number))
    for signed in (True, True, False):
        actions.add_different_view(
            rating=rating(), key=uuid.uuid4(), text="Not for everyone", signed=signed, coalition_only=False, by=lead
        )
        evidence_actions.add_evidence(
            rating=rating(), key=uuid.uuid4(), kind="count", shows="Forty", voice="parent", dated=None, link="",
            visibility="may_be_shared", consent=False, file_type="", by=lead,
        )  # fmt: skip
    assert len(queries(client, "get", now.url("agreed_rating", "1.2"))) <= bare


# ---- While answers are taken, and in the meeting: no page costs more for more questions, people or answers. ----


def with_last_quarter(mode):
    """A coalition whose answers of one quarter are closed; the two sides stood one level apart on each question."""
    coalition = factories.coalition(f"Sample of {mode}")
    lead = factories.person(Role.LEAD, coalition)
    factories.closed(coalition, by=lead, quarter=Quarter(2026, 1), mode=mode, parents=[1] * 6, others=[2] * 6)
    return coalition, lead


def asking(coalition, lead, *, mode, members):
    """Its next quarter, which takes answers: so many members have sent theirs, as far apart as before."""
    assessment = factories.collecting_assessment(coalition, by=lead, quarter=Quarter(2026, 2), mode=mode)
    for number in range(members):
        factories.ballot(assessment, 1 + number % 2, voice=("parent", "staff")[number % 2])
    collecting.invite(assessment=assessment, everybody=True, by=lead)
    ballots.begin(assessment=assessment, user=lead, device=None, voice="staff")
    return assessment, lead


WHILE_COLLECTING = {
    "first page of a ballot": lambda now: ("get", now.url("ballot"), {}),
    "question": lambda now: ("get", now.url("ballot_question", "1.2"), {}),
    "an answer": lambda now: ("post", now.url("ballot_question", "1.2"), {"level": "2"}),
    "last page": lambda now: ("get", now.url("ballot_check"), {}),
    "send": lambda now: ("post", now.url("ballot_check"), {"send": "1"}),
    "own answers": lambda now: ("get", "/me/answers/", {}),
    "invite": lambda now: ("get", now.url("invite"), {}),
    "progress": lambda now: ("get", now.url("progress"), {}),
    "close, asked first": lambda now: ("get", now.url("close"), {}),
    "task list": lambda now: ("get", now.get_absolute_url(), {}),
    "screen": lambda now: ("get", now.url("meeting_screen", "1.2"), {}),
}
IN_THE_MEETING = {
    "agenda": lambda now: ("get", now.url("agenda"), {}),
    "host": lambda now: ("get", now.url("meeting_host", "1.2"), {}),
    "next": lambda now: ("post", now.url("meeting_host", "1.2"), {"act": "next", "step": "read", "version": "0"}),
    "screen": lambda now: ("get", now.url("meeting_screen", "1.2"), {}),
    "sheet": lambda now: ("get", now.url("print_meeting_sheet"), {}),
    "record page": lambda now: ("get", now.url("agreed_rating", "1.2"), {}),
    "results": lambda now: ("get", f"/c/{now.coalition.slug}/results/", {}),
    "milestone": lambda now: ("get", f"/c/{now.coalition.slug}/results/cohesion/", {}),
}


def cost(pages, situation):
    assessment, lead = situation
    client = signed_in(lead)
    return {where: len(queries(client, *pages[where](assessment))) for where in pages}


def test_collecting_costs_no_more_for_27_questions_and_30_members(rubric):
    few = cost(WHILE_COLLECTING, asking(*with_last_quarter("core"), mode="core", members=2))
    many = cost(WHILE_COLLECTING, asking(*with_last_quarter("full"), mode="full", members=30))
    assert {where: many[where] for where in many if many[where] > few[where]} == {}
    assert max(many.values()) <= 40, many
    assert many["an answer"] <= 10  # what a tap costs while a hundred people answer


@pytest.mark.parametrize("new_version", [False, True])
def test_a_meeting_costs_no_more_for_27_questions_on_each_of_which_the_sides_differ_again(rubric, new_version):
    """In a new version of the rubric each question leads back to the one it continues."""
    coalitions = {mode: with_last_quarter(mode) for mode in ("core", "full")}
    if new_version:
        publish(draft_next(last=rubric, version="2"))
    costs = {}
    for mode, there in coalitions.items():
        assessment, lead = asking(*there, mode=mode, members=12)
        close.close(assessment=assessment, by=lead)
        assessment.refresh_from_db()
        costs[mode] = cost(IN_THE_MEETING, (assessment, lead))
    few, many = costs["core"], costs["full"]
    assert {where: many[where] for where in many if many[where] > few[where]} == {}
    assert max(many.values()) <= 40, many


REPORTS = {
    "report": lambda now: now.url("print_report"),
    "report as PDF": lambda now: now.url("print_report_pdf"),
    "shared report": lambda now: f"/states/OH/{now.coalition.slug}/?print=1",
    "shared report as PDF": lambda now: f"/states/OH/{now.coalition.slug}.pdf",
}


@pytest.mark.parametrize("where", REPORTS)
def test_a_report_costs_no_more_with_twenty_quarters_than_with_two(few_and_many, where):
    few, many = (
        queries(
            signed_in(people["lead"]),
            "get",
            REPORTS[where](coalition.assessments.filter(stage="submitted").latest("quarter_text")),
        )
        for coalition, _now, people in few_and_many
    )
    assert len(many) <= len(few) and len(many) <= 20, "\n".join(many)


def test_the_report_of_a_state_costs_no_more_with_ten_coalitions_than_with_one(rubric):
    costs = []
    funder = signed_in(factories.person(Role.FUNDER))
    for number in range(10):
        coalition = factories.coalition(f"Sample {number}")
        lead = factories.person(Role.LEAD, coalition)
        factories.share(factories.submitted(coalition, by=lead), by=lead)
        if number in (0, 9):
            costs.append(len(queries(funder, "get", "/states/OH.pdf")))
    assert costs[1] <= costs[0] <= 20, costs
