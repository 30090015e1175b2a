"""Many at once: one link has one holder, every member's answers are kept, one close makes one release."""

import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, connections
from django.test import Client

from assessments.collecting import ballots, close
from assessments.collecting.asked import on_the_ballot
from assessments.collecting.keys import link_token
from assessments.collecting.rater import cookie_name
from assessments.models import Assessment, Invitation, Release, Stage
from assessments.models.ballots import Answer, Ballot, ballot_access
from coalitions import actions as people
from coalitions import outbox
from coalitions.models import AuditEvent, Mail, Membership, Role, User, hash_of
from tests import factories
from tests.test_concurrency import at_once, lead, many, on_disk, postgres_only  # noqa: F401  two are fixtures

SAVING = {"postgresql": 12, "sqlite": 10}  # as many as the threads of a site, which here share one process
AT_A_TIME = {"postgresql": 50, "sqlite": 10}  # PostgreSQL takes a hundred; on SQLite nobody waits over 20 seconds


@pytest.fixture
def assessment(lead):  # noqa: F811
    return factories.collecting_assessment(lead.memberships.get().coalition, by=lead)


def fresh(assessment) -> Assessment:
    return Assessment.objects.select_related("coalition").get(pk=assessment.pk)


def in_turns(act, things, *, at_a_time):
    """What `act` returned or raised for each thing, so many of them at any moment."""

    def run(thing):
        try:
            return act(thing)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(at_a_time) as pool:
        return list(pool.map(run, things))


def numbers() -> tuple[int, int]:
    with ballot_access("a test"):
        return Ballot.objects.count(), Answer.objects.count()


@many
def test_two_helpers_type_at_once_and_every_paper_is_in_once(assessment, lead):  # noqa: F811
    helpers = [factories.person(Role.MEMBER, assessment.coalition) for _number in range(2)]
    papers = [(helper, uuid.uuid4()) for helper in helpers for _number in range(6)]

    def send(paper):
        helper, key = paper
        ballots.add_paper(
            assessment=fresh(assessment), key=key, voice="parent", answers=[], directions={}, beyond="",
            beyond_ticked=False, by=helper,
        )  # fmt: skip

    twice = papers + papers
    assert in_turns(send, twice, at_a_time=SAVING[connection.vendor]) == [None] * len(twice)
    assert ballots.counted(assessment).on_paper == len(papers)
    typed = AuditEvent.objects.filter(verb="type_paper")
    assert [typed.filter(by=helper).count() for helper in helpers] == [6, 6]


@many
def test_one_link_opened_two_hundred_times_at_once_has_one_holder(assessment, lead):  # noqa: F811
    invitation = assessment.invitations.get(user=lead)
    times, at_a_time = 200, AT_A_TIME[connection.vendor]

    token = link_token(invitation)
    Invitation.objects.filter(pk=invitation.pk).update(token_sha256=hash_of(token))  # as the mail does, when it is sent

    def press(_time):
        client = Client(raise_request_exception=False)
        answer = client.post(f"/signin/link/{token}/")
        return answer.status_code, client.cookies.get(cookie_name(assessment))

    results = in_turns(press, range(times), at_a_time=at_a_time)
    assert sorted(status for status, _cookie in results) == [303] + [409] * (times - 1)
    holders = [cookie.value for status, cookie in results if cookie is not None]
    assert len(holders) == 1
    assert numbers() == (1, 0)
    assert ballots.own(assessment, device=holders[0]) is not None


@many
def test_a_hundred_members_saving_at_once_lose_nothing(assessment, lead):  # noqa: F811
    """Each begins, answers all, and sends, without a pause, through the site itself.

    Meanwhile the lead reads the count again and again. No answer is lost, and none is an error of ours.
    """
    members = User.objects.bulk_create(
        User(email=f"member.{number}@example.org", name=f"Member {number}") for number in range(100)
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=Role.MEMBER, coalition=assessment.coalition) for user in members
    )
    indicators, _milestones = on_the_ballot(assessment)
    here = [row.indicator.code for row in assessment.agreed_ratings.in_order()]

    def rate(numbered):
        number, user = numbered
        client = Client(raise_request_exception=False)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        posts = [(assessment.url("ballot"), {"voice": "parent" if number % 2 else "staff"})]
        posts += [
            (assessment.url("ballot_question", code), {"level": str((number + position) % 5), "note": f"{number}"})
            for position, code in enumerate(here)
        ]
        posts += [(assessment.url("ballot_check"), {"send": "1"})]
        return [client.post(*post).status_code for post in posts]

    def read(_time):
        client = Client(raise_request_exception=False)
        client.force_login(lead, backend="allauth.account.auth_backends.AuthenticationBackend")
        return [client.get(assessment.url(name)).status_code for name in ("assessment", "progress", "invite")]

    def act(thing):
        return read(thing) if isinstance(thing, int) else rate(thing)

    things = [*enumerate(members), *range(10)]
    random.Random(1).shuffle(things)
    results = in_turns(act, things, at_a_time=SAVING[connection.vendor])
    assert [result for result in results if result not in ([303] * 9, [200] * 3)][:3] == []
    assert numbers() == (100, 100 * len(indicators)) and ballots.counted(assessment).answered == 100
    for number, user in list(enumerate(members))[::7]:
        mine = ballots.own(assessment, user=user)
        assert [mine.answers[row.pk].level for row in indicators] == [
            (number + at) % 5 for at in range(len(indicators))
        ]
        assert {answer.note for answer in mine.answers.values()} == {f"{number}"} and mine.sent


@many
def test_one_answer_tapped_ten_times_at_once_is_one_answer(assessment, lead):  # noqa: F811
    ballots.begin(assessment=assessment, user=lead, device=None, voice="staff")
    indicator = on_the_ballot(assessment)[0][0]

    def tap(level):
        return lambda: ballots.save_answer(
            assessment=fresh(assessment), user=lead, device=None, indicator=indicator, kind="level", level=level
        )

    assert set(at_once(*[tap(number % 5) for number in range(10)])) == {None}
    assert numbers() == (1, 1)


@many
def test_ten_closers_at_once_make_one_release(assessment, lead):  # noqa: F811
    for level in (1, 2, 2, 2, 3, 3):
        factories.ballot(assessment, level)
    results = at_once(*[lambda: close.close(assessment=fresh(assessment), by=lead).sha256] * 10)
    assert len(set(results)) == 1 and isinstance(results[0], str), results
    assert Release.objects.count() == 1 and numbers() == (0, 0)
    assert AuditEvent.objects.filter(verb="close").count() == 1
    inside = assessment.coalition.memberships.count()
    assert Mail.objects.filter(kind="closed").count() == inside == 7


@many
@pytest.mark.parametrize("round", range(3))
def test_an_answer_and_a_close_at_once_never_part(assessment, lead, round):  # noqa: F811
    """What was sent before the close is in the release; what came after it is refused and is nowhere."""
    for level in (1, 2, 2, 2):
        factories.ballot(assessment, level)
    ballots.begin(assessment=assessment, user=lead, device=None, voice="staff")
    indicators, _milestones = on_the_ballot(assessment)
    for indicator in indicators:
        ballots.save_answer(assessment=assessment, user=lead, device=None, indicator=indicator, kind="level", level=2)

    def send():
        return ballots.save_last_page(
            assessment=fresh(assessment),
            user=lead,
            device=None,
            directions={},
            beyond="",
            beyond_ticked=False,
            send=True,
        ).sent

    sent, closed = at_once(send, lambda: close.close(assessment=fresh(assessment), by=lead))
    statuses = {item["level_status"] for item in closed.content["indicators"]}
    if isinstance(sent, ballots.NotCollecting):
        assert statuses == {"too_few"}
    else:
        assert sent is True and statuses == {"rated"}
    assert numbers() == (0, 0) and fresh(assessment).stage == Stage.DISCUSSING


@many
@postgres_only
def test_two_coalitions_that_close_at_once_do_not_hinder_each_other(lead):  # noqa: F811
    """Both clear the same tables of the disk after their close: neither breaks on the other."""
    opened = [factories.collecting_assessment(factories.coalition(f"Coalition {n}"), by=lead) for n in range(8)]
    for assessment in opened:
        for level in (1, 2, 2, 2, 3):
            factories.ballot(assessment, level)
    results = at_once(*[lambda mine=mine: close.close(assessment=fresh(mine), by=lead).rule for mine in opened])
    assert results == ["D1"] * 8 and Release.objects.count() == 8 and numbers() == (0, 0)


@many
@postgres_only
def test_a_close_and_a_member_who_closes_their_account_do_not_hold_each_other_up(assessment, lead, monkeypatch):  # noqa: F811
    """Each holds a row that the other names. Were these locks stronger than they need be, one of the two would break."""
    for level in (1, 2, 2, 2, 3):
        writer = factories.ballot(assessment, level)
    in_close, in_account = Event(), Event()
    post, remove = outbox.post, people.remove

    def post_late(*args, **kwargs):
        in_close.set()
        in_account.wait(5)
        return post(*args, **kwargs)

    def remove_late(**kwargs):
        in_account.set()
        in_close.wait(5)
        time.sleep(1)  # until the close has come to its end, where PostgreSQL looks at what its rows name
        return remove(**kwargs)

    monkeypatch.setattr("assessments.collecting.close.outbox.post", post_late)
    monkeypatch.setattr(people, "remove", remove_late)
    closed, account = at_once(
        lambda: close.close(assessment=fresh(assessment), by=lead).rule, lambda: people.close_account(user=writer)
    )
    assert (closed, account) == ("D1", None) and in_close.is_set() and in_account.is_set()
