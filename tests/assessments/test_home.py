"""Where people land, a coalition's page and the task list of a quarter, stage by stage."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from assessments import tasks
from assessments.collecting import actions
from assessments.models import Assessment, Stage
from coalitions.models import Role
from tests import factories
from tests.assessments.test_collecting import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(coalition, ana, ben):
    return factories.collecting_assessment(coalition, by=ana)


def test_a_member_lands_on_the_one_ballot_that_is_open(as_user, ben, running):
    answer = as_user(ben).get("/")
    assert (answer.status_code, answer["Location"]) == (302, running.url("ballot"))
    with time_machine.travel(running.deadline + timedelta(seconds=1), tick=False):
        client = as_user(ben)
        assert client.get("/")["Location"] == reverse("me")


def test_a_member_with_none_or_two_open_chooses(as_user, ben, coalition, running):
    other = factories.coalition("Sample Other Coalition", at="IA")
    factories.collecting_assessment(other, by=factories.person(Role.LEAD, other))
    assert as_user(ben).get("/")["Location"] == running.url("ballot")  # the other one is not theirs
    other.memberships.create(user=ben, role=Role.MEMBER)
    assert as_user(ben).get("/")["Location"] == reverse("me")
    Assessment.objects.update(stage=Stage.DRAFT)
    assert as_user(ben).get("/")["Location"] == reverse("me")


@pytest.mark.parametrize("who", ["ana", "fay", "eve", "ada", "sam"])
def test_nobody_else_lands_on_a_ballot(as_user, request, running, who):
    assert "/rate/" not in as_user(request.getfixturevalue(who)).get("/")["Location"]


def test_a_member_sees_how_long_until_when_and_how_many(as_user, ben, coalition, running):
    with time_machine.travel(timezone.now(), tick=False):
        coalition.time_zone = "Pacific/Guam"
        coalition.save()
        Assessment.objects.update(closes_on="2030-07-10")
        page = as_user(ben).get(coalition.get_absolute_url())
    said = text_of(page)
    assert "Your voice: 3 minutes, open until Wednesday, July 10, 2030 (Guam and the Northern Mariana Islands)" in said
    assert "0 of 2 people have answered" in said and "Rate now" in said
    assert running.url("ballot") in page.content.decode() and running.url("close") not in page.content.decode()


def test_a_lead_sees_the_next_undone_step(as_user, ana, coalition, running):
    address = coalition.get_absolute_url()
    assert "Next: close answers" in text_of(as_user(ana).get(address))
    factories.person(Role.MEMBER, coalition)
    assert "Next: invite whoever is not invited yet" in text_of(as_user(ana).get(address))
    with time_machine.travel(running.deadline + timedelta(seconds=1), tick=False):
        page = as_user(ana).get(address).content.decode()
    assert "Rate now" not in page and running.url("close") in page


def test_only_a_named_helper_finds_the_way_to_paper(as_user, ana, ben, coalition, running):
    helper = factories.person(Role.MEMBER, coalition)
    actions.name_helper(assessment=running, user=helper, by=ana)
    address = coalition.get_absolute_url()
    assert running.url("paper") in as_user(helper).get(address).content.decode()
    for other in (ana, ben):
        assert running.url("paper") not in as_user(other).get(address).content.decode()


def test_an_administrator_sees_the_count_and_no_ballot(as_user, ada, coalition, running):
    page = as_user(ada).get(coalition.get_absolute_url()).content.decode()
    assert "0 of 2 people have answered" in page
    assert running.url("ballot") not in page and running.url("close") not in page
    tasks_page = as_user(ada).get(running.get_absolute_url()).content.decode()
    assert running.url("invite") in tasks_page and running.url("close") not in tasks_page


def test_a_draft_of_the_next_quarter_does_not_hide_the_one_that_takes_answers(as_user, ana, ben, coalition, running):
    factories.draft(coalition, by=ana, quarter=factories.QUARTER.next)
    assert running.url("ballot") in as_user(ben).get(coalition.get_absolute_url()).content.decode()


def test_after_close_everybody_gets_to_the_results(as_user, ana, ben, coalition):
    assessment = factories.closed(coalition, by=ana, parents=[2] * 6, others=[2] * 6)
    results = reverse("results", args=[coalition.slug])
    for user in (ana, ben):
        page = as_user(user).get(coalition.get_absolute_url()).content.decode()
        assert "See the results" in page and results in page and "Rate now" not in page
    assert assessment.url("agenda") in as_user(ana).get(coalition.get_absolute_url()).content.decode()


def test_the_tasks_while_answers_come_in(as_user, ana, running):
    page = as_user(ana).get(running.get_absolute_url())
    said = text_of(page)
    for name in ("invite", "ballot", "close", "next_steps"):
        assert running.url(name) in page.content.decode()
    assert said.count("Cannot start yet") == 5 and "2 of 2 on our list are invited" in said
    code = running.agreed_ratings.in_order()[0].indicator.code
    assert running.url("evidence", code) in page.content.decode()
    assert "Start recording" not in said and "Open for answers" not in said


def test_the_task_list_never_says_whether_somebody_answered_its_reader_included(as_user, ana, running):
    before = text_of(as_user(ana).get(running.get_absolute_url()))
    factories.ballot(running, 2, user=ana)
    after = text_of(as_user(ana).get(running.get_absolute_url()))
    assert before.replace("0 of 2 people", "1 of 2 people") == after


def test_the_tasks_of_the_meeting_start_with_the_agenda(as_user, ana, coalition):
    assessment = factories.closed(coalition, by=ana, parents=[2] * 6)
    page = as_user(ana).get(assessment.get_absolute_url()).content.decode()
    assert assessment.url("agenda") in page
    assert page.index(assessment.url("agenda")) < page.index("/1.2/")


def test_a_quarter_of_a_meeting_alone_has_no_agenda_of_ballots(as_user, ana, coalition):
    assessment = factories.discussing_assessment(coalition, by=ana)
    page = as_user(ana).get(assessment.get_absolute_url()).content.decode()
    assert assessment.url("agenda") not in page and "Rated in a meeting, without ballots." in page


def test_members_see_everybody_and_leads_find_the_way_to_invite(as_user, ana, ben, coalition, running):
    actions.invite(assessment=running, people_to_add=[("new@example.org", "")], by=ana)
    address = reverse("coalition_people", args=[coalition.slug])
    mine, theirs = as_user(ben).get(address).content.decode(), as_user(ana).get(address).content.decode()
    assert running.url("invite") in theirs and "new@example.org" in theirs
    assert running.url("invite") not in mine and "Somebody whose name is not set" in mine
    assert "new@example.org" not in mine


@pytest.mark.parametrize(
    ("done", "of", "status"),
    [(0, 0, "completed"), (0, 2, "not-started"), (1, 2, "in-progress"), (2, 2, "completed")],
)
def test_the_status_of_what_is_made_of_several(done, of, status):
    assert tasks.part(done, of) == status
