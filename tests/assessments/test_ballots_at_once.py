"""Many at once: one link has one holder, every member's answers are kept, one close makes one release."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client

from assessments.collecting import ballots, close
from assessments.collecting.asked import on_the_ballot
from assessments.collecting.keys import link_token
from assessments.collecting.rater import cookie_name
from assessments.models import Assessment, Invitation, Release, Stage
from assessments.models.ballots import Answer, Ballot, ballot_access
from coalitions.models import AuditEvent, Mail, Membership, Role, User, hash_of
from tests import factories
from tests.test_concurrency import at_once, lead, many, on_disk, postgres_only  # noqa: F401  two are fixtures

ON_POSTGRES = 50  # at a time; the server takes a hundred


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
def test_one_link_opened_two_hundred_times_at_once_has_one_holder(assessment, lead):  # noqa: F811
    invitation = assessment.invitations.get(user=lead)
    times, at_a_time = (200, ON_POSTGRES) if connection.vendor == "postgresql" else (20, 10)

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
def test_a_hundred_members_saving_at_once_lose_nothing(assessment):
    """Each begins, answers, says where two milestones went, and sends, without a pause: on SQLite one question each.

    There writers queue for the file, and no queue may be longer than the 20 seconds that each of them waits.
    """
    people = User.objects.bulk_create(
        User(email=f"member.{number}@example.org", name=f"Member {number}") for number in range(100)
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=Role.MEMBER, coalition=assessment.coalition) for user in people
    )
    indicators, milestones = on_the_ballot(assessment)
    indicators = indicators if connection.vendor == "postgresql" else indicators[:1]

    def rate(numbered):
        number, user = numbered
        whose = {"assessment": fresh(assessment), "user": user, "device": None}
        ballots.begin(**whose, voice="parent" if number % 2 else "staff")
        for position, indicator in enumerate(indicators):
            level = (number + position) % 5
            ballots.save_answer(**whose, indicator=indicator, kind="level", level=level, note=f"{number}")
        said = {milestones[0].pk: "forward", milestones[1].pk: "back"}
        ballots.save_last_page(**whose, directions=said, beyond="", beyond_ticked=False, send=True)
        return "sent"

    at_a_time = ON_POSTGRES if connection.vendor == "postgresql" else 10
    results = in_turns(rate, enumerate(people), at_a_time=at_a_time)
    assert set(results) == {"sent"}, [result for result in results if result != "sent"][:3]
    assert numbers() == (100, 100 * len(indicators)) and ballots.counted(assessment).answered == 100
    for number, user in list(enumerate(people))[::7]:
        mine = ballots.own(assessment, user=user)
        assert [mine.answers[row.pk].level for row in indicators] == [
            (number + at) % 5 for at in range(len(indicators))
        ]
        assert {answer.note for answer in mine.answers.values()} == {f"{number}"} and len(mine.directions) == 2


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
    people = assessment.coalition.memberships.count()
    assert Mail.objects.filter(kind="closed").count() == people == 7


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
