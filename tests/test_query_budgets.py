"""How many queries pages cost: a save few, and a page no more for twenty quarters than for two."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.discussing import actions
from assessments.quarters import Quarter
from coalitions.models import Role
from tests import factories

pytestmark = pytest.mark.django_db
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
    "open a quarter": lambda coalition, now: f"{coalition.get_absolute_url()}open/",
}
MEMBERS = {"coalition", "record page", "people", "events"}


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
        actions.add_evidence(
            rating=rating(), key=uuid.uuid4(), kind="count", shows="Forty", voice="parent", dated=None, link="",
            visibility="may_be_shared", consent=False, file_type="", by=lead,
        )  # fmt: skip
    assert len(queries(client, "get", now.url("agreed_rating", "1.2"))) <= bare
