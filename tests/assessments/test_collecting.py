"""A lead opens, runs and closes collecting; nothing but counts is ever shown."""

import json
import re
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.collecting import actions, ballots, close, qr
from assessments.collecting.keys import link_token
from assessments.models import Assessment, Release, Stage
from assessments.quarters import local_deadline
from coalitions import actions as people
from coalitions.models import AuditEvent, Mail, Role, User
from milestones.answers import Conflict
from tests import factories
from tests.milestones.test_no_english_left import english

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(coalition, ana, ben):
    closes_on = timezone.localdate() + timedelta(days=14)
    return factories.draft(coalition, by=ana, room_sees="compare_voices", closes_on=closes_on)


@pytest.fixture
def running(coalition, ana, ben):
    return factories.collecting_assessment(coalition, by=ana)


def text_of(answer) -> str:
    """What a page says, without tags and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def count(model: str, app="assessments") -> int:
    return apps.get_model(app, model)._base_manager.count()


def invitation_of(assessment, user):
    return assessment.invitations.get(user=user)


class TestOpening:
    def test_the_draft_says_what_opening_does_and_to_how_many(self, as_user, ana, draft):
        page = text_of(as_user(ana).get(draft.get_absolute_url()))
        assert "Compare voices" in page and "are then fixed" in page
        assert "gets an invitation by e-mail: 2 people" in page
        assert "Safety and trust across members; Directed by parents and providers" in page
        assert "Start recording" not in page

    def test_opening_invites_everybody_and_fixes_the_questions_once(self, as_user, ana, ben, draft):
        for _ in range(2):
            answer = as_user(ana).post(draft.url("collecting_open"))
            assert (answer.status_code, answer["Location"]) == (303, draft.get_absolute_url())
        draft.refresh_from_db()
        assert (draft.stage, draft.agreed_ratings.count()) == (Stage.COLLECTING, 7)
        assert draft.deadline == local_deadline(draft.closes_on, draft.coalition.time_zone)
        assert set(draft.invitations.values_list("user", flat=True)) == {ana.pk, ben.pk}
        assert Mail.objects.filter(kind="invitation").count() == 2
        assert AuditEvent.objects.filter(verb="open_collecting").count() == 1

    def test_without_a_last_day_it_says_what_is_missing_and_does_not_open(self, as_user, ana, coalition):
        draft = factories.draft(coalition, by=ana, room_sees="see_the_spread")
        page = as_user(ana).get(draft.get_absolute_url()).content.decode()
        assert "One thing is missing" in page and draft.url("collecting_open") not in page
        assert as_user(ana).post(draft.url("collecting_open")).status_code == 409
        assert Assessment.objects.get().stage == Stage.DRAFT

    def test_a_last_day_that_is_over_does_not_open(self, as_user, ana, draft):
        Assessment.objects.update(closes_on=timezone.localdate() - timedelta(days=3))
        page = text_of(as_user(ana).get(draft.get_absolute_url()))
        assert "The last day for answers is over" in page and "Choose a later day" in page
        assert as_user(ana).post(draft.url("collecting_open")).status_code == 409

    def test_meeting_only_starts_recording_and_is_never_opened_for_answers(self, as_user, ana, coalition):
        draft = factories.draft(coalition, by=ana)
        page = as_user(ana).get(draft.get_absolute_url()).content.decode()
        assert "Start recording" in page and "Open for answers" not in page
        assert as_user(ana).post(draft.url("collecting_open")).status_code == 409

    @pytest.mark.parametrize(("who", "status"), [("ben", 403), ("ada", 403), ("fay", 404), ("eve", 404), ("sam", 404)])
    @pytest.mark.parametrize("name", ["collecting_open", "helper", "deadline", "join_code", "close"])
    def test_only_leads_run_it(self, as_user, request, running, who, status, name):
        before = Assessment.objects.values().get()
        client = as_user(request.getfixturevalue(who))
        assert client.post(running.url(name), {"person": "1", "act": "name"}).status_code == status
        assert Assessment.objects.values().get() == before

    @pytest.mark.parametrize("stage", [Stage.DISCUSSING, Stage.SUBMITTED, Stage.REOPENED])
    @pytest.mark.parametrize(
        "name", ["collecting_open", "invite", "helper", "deadline", "join_code", "progress", "close"]
    )
    def test_afterwards_it_is_409(self, as_user, ana, coalition, stage, name):
        assessment = factories.at_stage(coalition, stage, by=ana)
        method = as_user(ana).get if name == "progress" else as_user(ana).post
        assert method(assessment.url(name), {}).status_code == 409


class TestInviting:
    def test_people_are_added_invited_and_mailed(self, as_user, ana, coalition, running):
        typed = (
            "rosa@example.org, Rosa Ruiz\n\nLee@Example.org\n  mia@example.org; Mía Peña  \nNia Ng <nia@example.org>"
        )
        answer = as_user(ana).post(running.url("invite"), {"people": typed})
        assert (answer.status_code, answer["Location"]) == (303, running.url("invite"))
        names = dict(coalition.memberships.filter(role="member").values_list("user__email", "user__name"))
        assert names["rosa@example.org"] == "Rosa Ruiz" and names["mia@example.org"] == "Mía Peña"
        assert names["nia@example.org"] == "Nia Ng"
        assert names["lee@example.org"] == ""
        assert running.invitations.count() == 6
        assert Mail.objects.filter(kind="invitation").count() == 6
        assert coalition.memberships.get(user__email="lee@example.org").invited_by == ana
        assert "4 people are invited now" in text_of(as_user(ana).get(running.url("invite")))

    def test_sent_twice_invites_once(self, as_user, ana, running):
        for _ in range(2):
            assert as_user(ana).post(running.url("invite"), {"people": "rosa@example.org"}).status_code == 303
        assert Mail.objects.filter(kind="invitation").count() == 3
        assert AuditEvent.objects.filter(verb="grant").count() == 1

    def test_in_a_draft_no_mail_goes(self, as_user, ana, draft):
        page = text_of(as_user(ana).get(draft.url("invite")))
        assert "Mail goes once you open the quarter for answers" in page and "have answered" not in page
        assert as_user(ana).post(draft.url("invite"), {"people": "rosa@example.org"}).status_code == 303
        assert Mail.objects.count() == 0
        as_user(ana).post(draft.url("collecting_open"))
        assert Mail.objects.filter(kind="invitation").count() == 3

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("", ["Write at least one e-mail address"]),
            (" \n ", ["Write at least one e-mail address"]),
            ("rosa@example.org\n\nnonsense", ["Line 3: Write an e-mail address like name@example.org"]),
            ("\n\nnonsense\nrosa@", ["Line 3: Write", "Line 4: Write"]),
            ("a@b.org\nRosa rosa@example.org", ["Line 2: Write an e-mail address"]),
            ("rosa@example.org\nlee@example.org\n\nROSA@example.org, R", ["Lines 1 and 4 have the same address."]),
            ("rosa@example.org " + "R" * 123, ["Line 1: Your text is 3 characters too long"]),
            ("rosa@example.org\n" + "a@a.a" * 25000, ["Line 2: Write an e-mail address"]),
            ("\n".join(f"p{n}@example.org" for n in range(201)), ["Write at most 200 lines at a time."]),
            ("rosa@example.org, R\0", ["There is a character here that we cannot read."]),
        ],
    )
    def test_a_bad_line_is_named_and_nobody_is_invited(self, as_user, ana, running, typed, said):
        users, invited = User.objects.count(), running.invitations.count()
        answer = as_user(ana).post(running.url("invite"), {"people": typed})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert not [words for words in said if words not in page]
        if typed.strip() and "\0" not in typed:
            assert "rosa@example.org" not in typed or "rosa@example.org" in page.split("<textarea")[1]
        assert (User.objects.count(), running.invitations.count()) == (users, invited)

    def test_two_hundred_lines_are_not_too_many(self, as_user, ana, running):
        typed = "\n".join(f"p{number}@example.org, Person {number}" for number in range(200))
        assert as_user(ana).post(running.url("invite"), {"people": typed}).status_code == 303
        assert running.invitations.count() == 202

    def test_who_cannot_be_added_is_named_quietly_and_nobody_is_added(self, as_user, ana, fay, eve, running):
        gone = factories.person(name="Gone")
        User.objects.filter(pk=gone.pk).update(is_active=False)
        typed = f"rosa@example.org\n{fay.email}\n{gone.email}\n{eve.email}"
        answer = as_user(ana).post(running.url("invite"), {"people": typed})
        page = answer.content.decode()
        assert answer.status_code == 422
        for number in (2, 3, 4):
            assert f"Line {number}: This person cannot be added. Ask the people who run this site." in page
        assert "unders and evaluators" not in page and "Line 1" not in page
        assert not User.objects.filter(email="rosa@example.org").exists()
        assert running.invitations.count() == 2

    def test_switching_language_keeps_the_list_and_invites_nobody(self, as_user, ana, running):
        answer = as_user(ana).post(running.url("invite"), {"people": "rosa@example.org", "language": "es"})
        assert answer.status_code == 200 and "rosa@example.org" in answer.content.decode()
        assert running.invitations.count() == 2

    def test_everybody_on_the_list(self, as_user, ana, coalition, running):
        late = factories.person(Role.MEMBER, coalition, name="Late")
        assert "Not invited yet" in text_of(as_user(ana).get(running.url("invite")))
        for _ in range(2):
            assert as_user(ana).post(running.url("invite"), {"everybody": "1"}).status_code == 303
        assert running.invitations.filter(user=late).exists()
        assert Mail.objects.filter(kind="invitation").count() == 3

    def test_taken_back_is_not_asked_again_by_the_way(self, as_user, ana, ben, running):
        invitation = invitation_of(running, ben)
        for _ in range(2):
            answer = as_user(ana).post(running.url("invite_revoke", invitation.pk))
            assert (answer.status_code, answer["Location"]) == (303, running.url("invite"))
        invitation.refresh_from_db()
        assert invitation.revoked and invitation.token_sha256 is None
        assert AuditEvent.objects.filter(verb="revoke_invitation").count() == 1
        as_user(ana).post(running.url("invite"), {"everybody": "1"})
        invitation.refresh_from_db()
        assert invitation.revoked
        as_user(ana).post(running.url("invite"), {"people": ben.email})
        invitation.refresh_from_db()
        assert not invitation.revoked
        assert Mail.objects.filter(kind="invitation").count() == 3

    def test_taken_back_in_a_draft_stays_so_when_it_is_opened(self, as_user, ana, ben, draft):
        as_user(ana).post(draft.url("invite"), {"everybody": "1"})
        as_user(ana).post(draft.url("invite_revoke", invitation_of(draft, ben).pk))
        assert "by e-mail: 1 person" in text_of(as_user(ana).get(draft.get_absolute_url()))
        as_user(ana).post(draft.url("collecting_open"))
        assert [mail.user for mail in Mail.objects.filter(kind="invitation")] == [ana]

    def test_in_a_draft_an_invitation_that_was_taken_back_holds_again(self, as_user, ana, ben, draft):
        as_user(ana).post(draft.url("invite"), {"everybody": "1"})
        invitation = invitation_of(draft, ben)
        as_user(ana).post(draft.url("invite_revoke", invitation.pk))
        assert as_user(ana).post(draft.url("invite_resend", invitation.pk)).status_code == 303
        invitation.refresh_from_db()
        assert not invitation.revoked and Mail.objects.count() == 0

    def test_a_new_link_kills_the_one_before_and_a_second_press_sends_no_third(self, as_user, ana, ben, running):
        invitation = invitation_of(running, ben)
        old = link_token(invitation)
        for _ in range(2):
            sent = {"as_read": "1"}
            assert as_user(ana).post(running.url("invite_resend", invitation.pk), sent).status_code == 303
        invitation.refresh_from_db()
        assert (invitation.generation, link_token(invitation) == old) == (2, False)
        assert Mail.objects.filter(kind="invitation").count() == 3

    def test_who_left_gets_no_new_link(self, as_user, ana, ben, running):
        invitation = invitation_of(running, ben)
        people.remove(membership=ben.memberships.get(), by=ana)
        assert "No longer in the coalition" in text_of(as_user(ana).get(running.url("invite")))
        assert as_user(ana).post(running.url("invite_resend", invitation.pk)).status_code == 409
        assert as_user(ana).post(running.url("invite_revoke", invitation.pk)).status_code == 303

    @pytest.mark.parametrize("name", ["invite_resend", "invite_revoke"])
    def test_an_invitation_of_another_assessment_is_404(self, as_user, ana, coalition, running, name):
        other = factories.coalition("Sample Other Coalition", at="IA")
        theirs = factories.collecting_assessment(other, by=factories.person(Role.LEAD, other))
        next_one = factories.draft(coalition, by=ana, quarter=factories.QUARTER.next)
        stranger, own = theirs.invitations.get(), invitation_of(running, ana)
        assert as_user(ana).post(running.url(name, stranger.pk)).status_code == 404
        assert as_user(ana).post(next_one.url(name, own.pk)).status_code == 404
        assert as_user(ana).post(theirs.url(name, stranger.pk)).status_code == 404

    def test_after_the_last_day_nobody_is_invited(self, as_user, ana, ben, running):
        with time_machine.travel(running.deadline + timedelta(seconds=1), tick=False):
            assert as_user(ana).post(running.url("invite"), {"people": "rosa@example.org"}).status_code == 409
            address = running.url("invite_resend", invitation_of(running, ben).pk)
            assert as_user(ana).post(address).status_code == 409
        assert not User.objects.filter(email="rosa@example.org").exists()

    @pytest.mark.parametrize(("who", "status"), [("ana", 200), ("ada", 200), ("ben", 403), ("fay", 404), ("sam", 404)])
    def test_who_sees_the_list(self, as_user, request, running, who, status):
        assert as_user(request.getfixturevalue(who)).get(running.url("invite")).status_code == status

    def test_an_administrator_invites_and_runs_nothing_else(self, as_user, ada, running):
        page = as_user(ada).get(running.url("invite")).content.decode()
        for name in ("helper", "deadline", "join_code"):
            assert running.url(name) not in page
        assert as_user(ada).post(running.url("invite"), {"people": "rosa@example.org"}).status_code == 303
        assert running.invitations.count() == 3


class TestCounts:
    def test_only_counts_and_the_same_page_whoever_answered(self, as_user, ana, coalition, running):
        others = [factories.person(Role.MEMBER, coalition, name=name) for name in ("Cam", "Dee")]
        actions.invite(assessment=running, everybody=True, by=ana)
        pages = []
        for user in others:
            factories.ballot(running, 2, user=user)
            pages.append(text_of(as_user(ana).get(running.url("invite"))))
            ballots.erase(assessment=running, user=user, device=None)
        assert "1 of 4 people have answered" in pages[0]
        assert pages[0] == pages[1]

    def test_by_code_and_on_paper_are_counted_apart_and_members_see_it_too(self, as_user, ana, ben, coalition, running):
        """So that nobody can add answers of people who are not there without all others seeing that some came so."""
        device = ballots.hold_by_code(assessment=running, code=running.join_code, user=None, device=None)
        page = text_of(as_user(ana).get(running.url("invite")))
        assert "0 of 2 people have answered" in page and "0 of these answered by the code" in page
        whose = {"assessment": running, "user": None, "device": device}
        ballots.begin(**whose, voice="parent")
        ballots.save_last_page(**whose, directions={}, beyond="", beyond_ticked=False, send=True)
        for _paper in range(2):
            ballots.add_paper(assessment=running, key=uuid.uuid4(), voice="parent", answers=[], directions={},
                              beyond="", beyond_ticked=False, by=ben)  # fmt: skip
        page = text_of(as_user(ana).get(running.url("invite")))
        assert "1 of these answered by the code" in page
        page = text_of(as_user(ben).get(running.url("progress")))
        assert "3 of 5 people have answered" in page
        assert "Of these came by the code of the room: 1, on paper: 2." in page

    def test_progress_is_two_numbers(self, as_user, ben, ada, running):
        factories.ballot(running, 3, user=ben)
        answer = as_user(ben).get(running.url("progress"), headers={"accept": "application/json"})
        assert json.loads(answer.content) == {"answered": 1, "of": 2, "words": "1 of 2 people have answered"}
        assert answer["Content-Type"] == "application/json" and answer["Cache-Control"] == "no-store"
        page = as_user(ada).get(running.url("progress"))
        assert page.status_code == 200 and "1 of 2 people have answered" in text_of(page)
        assert as_user(ben).post(running.url("progress")).status_code == 405

    @pytest.mark.parametrize(("who", "status"), [("fay", 404), ("eve", 404), ("sam", 404)])
    def test_progress_is_the_coalitions(self, as_user, request, running, who, status):
        assert as_user(request.getfixturevalue(who)).get(running.url("progress")).status_code == status

    def test_no_page_of_a_lead_holds_a_level_while_answers_come_in(self, as_user, ana, coalition, running):
        addresses = pages_of(running)
        before = [text_of(as_user(ana).get(address)) for address in addresses]
        user = factories.person(Role.MEMBER, coalition, name="Cam")
        actions.invite(assessment=running, everybody=True, by=ana)
        with_nobody = [text_of(as_user(ana).get(address)) for address in addresses]
        factories.ballot(running, 4, user=user, beyond="A marker nobody may read")
        after = [text_of(as_user(ana).get(address)) for address in addresses]
        assert before != with_nobody  # the pages do change with what may be seen
        assert [re.sub("1 of 3 people", "0 of 3 people", page) for page in after] == with_nobody


def pages_of(assessment) -> list[str]:
    """Every page that a lead may open while answers come in."""
    names = ("assessment", "invite", "join_code", "close", "progress", "next_steps")
    own = [reverse(name, args=[assessment.coalition.slug]) for name in ("coalition", "coalition_people")]
    return [*own, *(assessment.url(name) for name in names)]


def test_no_page_and_no_table_holds_the_token_of_a_link(as_user, ana, ben, running):
    actions.resend(invitation=invitation_of(running, ben), by=ana)
    tokens = [link_token(invitation) for invitation in running.invitations.all()]
    history = reverse("coalition_history", args=[running.coalition.slug])
    bodies = [as_user(ana).get(address).content.decode() for address in [*pages_of(running), history]]
    bodies.append(as_user(ana).post(running.url("invite"), {"people": "nonsense"}).content.decode())
    bodies.append(as_user(ana).post(running.url("deadline"), {"closes_on": ""}).content.decode())
    for model in apps.get_models():
        bodies.append(repr(list(model._base_manager.values())))
    everything = "\n".join(bodies)
    assert len(tokens) == 2 and str(invitation_of(running, ben).pk) in everything  # the search does find what is there
    assert not [token for token in tokens if token in everything]


def test_the_pages_are_in_spanish_too(as_user, ana, draft, running_in_spanish):
    client, running = running_in_spanish
    pages = {address: client.get(address).content.decode() for address in [*pages_of(running), draft.url("invite")]}
    pages["a bad line"] = client.post(running.url("invite"), {"people": "nonsense\na@b.org\na@b.org"}).content.decode()
    pages["an earlier day"] = client.post(running.url("deadline"), {"closes_on": "2020-01-01"}).content.decode()
    assert {name: english(page) for name, page in pages.items() if english(page)} == {}


@pytest.fixture
def running_in_spanish(as_user, ana, coalition):
    client = as_user(ana)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    return client, factories.collecting_assessment(coalition, by=ana, quarter=factories.QUARTER.next)


class TestCode:
    def test_the_page_has_code_address_and_qr_in_both_languages(self, as_user, ana, running, settings):
        page = as_user(ana).get(running.url("join_code")).content.decode()
        address = f"{settings.SITE_URL}/join/{running.join_code}/"
        d, size = qr.path(address)
        assert address in page and f'd="{d}"' in page and f'viewBox="0 0 {size} {size}"' in page
        assert "Scan this with your phone" in page and "Escanee esto" in page
        assert 'role="img"' in page and "style=" not in page

    def test_a_new_code_kills_the_old_one_and_a_repeat_changes_nothing(self, as_user, ana, running):
        old = running.join_code
        for _ in range(2):
            answer = as_user(ana).post(running.url("join_code"), {"as_read": old})
            assert (answer.status_code, answer["Location"]) == (303, running.url("join_code"))
        running.refresh_from_db()
        assert running.join_code != old and len(running.join_code) == 8
        assert AuditEvent.objects.filter(verb="make_join_code").count() == 1
        assert old not in as_user(ana).get(running.url("join_code")).content.decode()

    def test_a_draft_has_none(self, as_user, ana, draft):
        assert as_user(ana).get(draft.url("join_code")).status_code == 409

    def test_the_path_draws_every_dark_module(self):
        import segno

        d, size = qr.path("https://example.org/join/ABCDEFGH/")
        drawn = {
            (int(x) + step, int(y))
            for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", d)
            for step in range(int(width))
        }
        matrix = segno.make("https://example.org/join/ABCDEFGH/", micro=False, error="m").matrix
        dark = {(x + 4, y + 4) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
        assert drawn == dark and size == len(matrix) + 8


class TestHelpers:
    def test_a_member_is_named_and_thanked(self, as_user, ana, ben, draft):
        person = ben.memberships.get().pk
        for _ in range(2):
            answer = as_user(ana).post(draft.url("helper"), {"person": person, "act": "name"})
            assert (answer.status_code, answer["Location"]) == (303, draft.url("invite"))
        assert list(draft.helpers.all()) == [ben]
        assert "types in paper ballots" in text_of(as_user(ana).get(draft.url("invite")))
        for _ in range(2):
            as_user(ana).post(draft.url("helper"), {"person": person, "act": "thank"})
        assert not draft.helpers.exists()
        verbs = AuditEvent.objects.filter(verb__in=["name_helper", "thank_helper"])
        assert sorted(verbs.values_list("verb", flat=True)) == ["name_helper", "thank_helper"]

    def test_a_lead_is_never_one(self, as_user, ana, running):
        sent = {"person": ana.memberships.get().pk, "act": "name"}
        assert as_user(ana).post(running.url("helper"), sent).status_code == 409
        assert not running.helpers.exists()

    @pytest.mark.parametrize("person", ["", "x", "-1", "9" * 30, "1.5"])
    def test_nonsense_is_422(self, as_user, ana, running, person):
        assert as_user(ana).post(running.url("helper"), {"person": person, "act": "name"}).status_code == 422

    def test_somebody_of_another_coalition_is_404(self, as_user, ana, fay, running):
        other = factories.person(Role.MEMBER, factories.coalition("Sample Other Coalition", at="IA"))
        for user in (other, fay):
            sent = {"person": user.memberships.get().pk, "act": "name"}
            assert as_user(ana).post(running.url("helper"), sent).status_code == 404

    def test_an_unknown_act_is_422(self, as_user, ana, ben, running):
        sent = {"person": ben.memberships.get().pk, "act": "bless"}
        assert as_user(ana).post(running.url("helper"), sent).status_code == 422


class TestLastDay:
    def test_it_moves_later_and_everybody_is_told(self, as_user, ana, running):
        later = running.closes_on + timedelta(days=3)
        for _ in range(2):
            answer = as_user(ana).post(running.url("deadline"), {"closes_on": later.isoformat()})
            assert (answer.status_code, answer["Location"]) == (303, running.url("invite"))
        running.refresh_from_db()
        assert running.closes_on == later
        assert running.deadline == local_deadline(later, running.coalition.time_zone)
        assert Mail.objects.filter(kind="deadline").count() == 2
        assert AuditEvent.objects.filter(verb="move_deadline").count() == 1

    @pytest.mark.parametrize(("days", "said"), [(-1, "never earlier"), (-30, "never earlier"), (None, "Choose a date")])
    def test_it_never_moves_earlier(self, as_user, ana, running, days, said):
        day = "" if days is None else (running.closes_on + timedelta(days=days)).isoformat()
        before = Assessment.objects.values().get()
        answer = as_user(ana).post(running.url("deadline"), {"closes_on": day})
        page = answer.content.decode()
        assert answer.status_code == 422 and said in page
        assert re.search(r'id="id_closes_on_error"', page) and f'value="{day}"' in page or not day
        assert Assessment.objects.values().get() == before and not Mail.objects.filter(kind="deadline").exists()

    def test_once_it_is_over_answers_stay_closed(self, as_user, ana, running):
        later = running.closes_on + timedelta(days=3)
        with time_machine.travel(running.deadline + timedelta(seconds=1), tick=False):
            answer = as_user(ana).post(running.url("deadline"), {"closes_on": later.isoformat()})
        assert answer.status_code == 422 and "Answers stay closed" in answer.content.decode()


class TestClosing:
    def test_the_page_says_what_it_does(self, as_user, ana, running):
        page = text_of(as_user(ana).get(running.url("close")))
        assert "all ballots are deleted. Nobody can change an answer or look one up." in page
        assert "Results appear for all members at the same moment." in page
        assert "0 of 2 people have answered" in page and "Too few to show. You can still agree levels." in page
        assert "After this they can no longer answer." in page
        assert Assessment.objects.get().stage == Stage.COLLECTING

    def test_with_five_it_does_not_say_too_few_and_after_the_last_day_nobody_is_cut_off(self, as_user, ana, running):
        for _ in range(5):
            factories.ballot(running, 2)
        with time_machine.travel(running.deadline + timedelta(minutes=1), tick=False):
            page = text_of(as_user(ana).get(running.url("close")))
        assert "Too few" not in page
        assert "The last day for answers is over." in page and "no longer answer" not in page

    def test_closing_leads_to_the_agenda_and_a_second_closer_is_told(self, as_user, ana, coalition, running):
        factories.ballot(running, 2)
        for _ in range(2):
            answer = as_user(ana).post(running.url("close"))
            assert (answer.status_code, answer["Location"]) == (303, running.url("agenda"))
        assert Release.objects.count() == 1 and count("ballot") == 0
        assert AuditEvent.objects.filter(verb="close").count() == 1
        assert "Answers are closed already." in text_of(as_user(ana).get(coalition.get_absolute_url()))
        assert as_user(ana).get(running.url("close")).status_code == 409

    def test_a_quarter_of_a_meeting_alone_has_nothing_to_close(self, as_user, ana, coalition):
        assessment = factories.discussing_assessment(coalition, by=ana)
        assert as_user(ana).post(assessment.url("close")).status_code == 409

    def test_removing_somebody_never_touches_what_was_closed(self, as_user, ana, coalition):
        raters = [factories.person(Role.MEMBER, coalition) for _ in range(6)]
        assessment = factories.collecting_assessment(coalition, by=ana)
        for user in raters:
            factories.ballot(assessment, 3, user=user)
        close.close(assessment=assessment, by=ana)
        before = Release.objects.values().get()
        membership = raters[0].memberships.get()
        address = reverse("person_remove", args=[coalition.slug, membership.pk])
        assert as_user(ana).post(address).status_code == 303
        assert Release.objects.values().get() == before
        people.close_account(user=raters[1])
        assert Release.objects.values().get() == before

    def test_removing_somebody_leaves_what_they_sent_while_answers_come_in(self, as_user, ana, ben, coalition, running):
        factories.ballot(running, 3, user=ben)
        people.remove(membership=ben.memberships.get(), by=ana)
        assert ballots.counted(running).answered == 1


@pytest.mark.parametrize("zone", ["Pacific/Guam", "Pacific/Honolulu"])
def test_all_pages_name_one_last_day_also_where_the_coalition_moved_its_clock(as_user, ben, coalition, running, zone):
    factories.ballot(running, 2, user=ben)
    coalition.time_zone = zone
    coalition.save()
    day = date_format(running.closes_on, "DATE_FORMAT")
    for address in (running.url("ballot"), running.url("ballot_done"), "/me/", "/me/answers/", running.url("progress")):
        page = text_of(as_user(ben).get(address))
        other = [date_format(running.closes_on + timedelta(days=by), "DATE_FORMAT") for by in (-1, 1)]
        assert not [words for words in other if words in page], address
        assert day in page or address == running.url("progress")


# The last and first days of quarters, and the days on which clocks change: in the states, and a leap day.
EDGES = [
    date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1),
    date(2026, 12, 31), date(2027, 1, 1), date(2026, 3, 7), date(2026, 3, 8), date(2026, 11, 1), date(2028, 2, 29),
]  # fmt: skip
ZONES = [
    "Pacific/Guam", "Pacific/Honolulu", "America/Anchorage", "America/Phoenix", "America/New_York",
    "America/Puerto_Rico", "UTC",
]  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", EDGES, ids=str)
def test_answers_close_at_the_end_of_the_day_where_the_coalition_lives(rubric, day, zone):
    coalition = factories.coalition(time_zone=zone)
    lead = factories.person(Role.LEAD, coalition)
    end = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZoneInfo(zone))
    with time_machine.travel(end - timedelta(days=3), tick=False) as clock:
        opened = factories.draft(coalition, by=lead, room_sees="see_the_spread", closes_on=day)
        assessment = actions.open_collecting(assessment=opened, by=lead)
        assert assessment.deadline == end
        factories.ballot(assessment, 1, user=lead)
        indicator = assessment.agreed_ratings.in_order()[0].indicator
        mine = {"assessment": assessment, "user": lead, "device": None, "indicator": indicator, "kind": ballots.LEVEL}
        clock.move_to(end - timedelta(seconds=1))
        ballots.save_answer(**mine, level=3)
        assert ballots.own(assessment, user=lead).answers[indicator.pk].level == 3
        clock.move_to(end + timedelta(seconds=1))
        with pytest.raises(Conflict):
            ballots.save_answer(**mine, level=0)
        clock.move_to(end)
        assert ballots.own(assessment, user=lead).answers[indicator.pk].level == 3
