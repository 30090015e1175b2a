"""What mail says, to whom it goes, and what is never in it."""

import json
import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from assessments import mails
from assessments.collecting import actions as collecting
from assessments.collecting import ballots, keys
from assessments.collecting.close import close
from assessments.models import Invitation, Mode
from assessments.submitting import actions as submitting
from coalitions import outbox
from coalitions.letters import whose_stop
from coalitions.models import Mail, Membership, Role, User, hash_of
from milestones.forms import PlainEmailField
from tests import factories

pytestmark = pytest.mark.django_db
SITE = "https://milestones.example.org"
SPANISH, ENGLISH = (
    re.compile(r"\b(respuestas|usted|coalición|hasta|Ver|Leer|Empezar)\b"),
    re.compile(r"\b(answers|you|the)\b"),
)

STARTS = {
    "invitation": {"en": "Your voice: 3 minutes", "es": "Su voz: 3 minutos"},
    "reminder": {"en": "Your voice: open", "es": "Su voz: tiene"},
    "deadline": {"en": "Answers stay open", "es": "Puede responder"},
    "closed": {"en": "Answers are closed", "es": "Ya hay resultados"},
    "submitted": {"en": "What we heard, what we did", "es": "Lo que oímos, lo que hicimos"},
    "reopened": {"en": "The record", "es": "El registro"},
}


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = SITE
    settings.MAIL_AT_ONCE = False


@pytest.fixture
def assessment(coalition, ana, ben):
    return factories.collecting_assessment(coalition, by=ana)


def send(kind=None, to=None):
    """Send what is due; the messages that went out now, of all or of one person."""
    before = len(mail.outbox)
    outbox.send_due()
    sent = mail.outbox[before:]
    return [message for message in sent if to is None or message.to == [to.email]]


def link_in(message):
    return re.search(rf"{SITE}/signin/link/([0-9a-f]{{64}})/", message.body)[1]


def html_of(message):
    return message.alternatives[0][0]


def finish(assessment, ana, level=2):
    factories.rate_all(assessment, level, by=ana)
    factories.submit(assessment, by=ana)


def all_kinds(assessment, ana, ben):
    """One message of each kind to Ben, played through the real verbs."""
    messages = {"invitation": send(to=ben)[0]}
    ballots.remind(assessment, round_number=1)
    messages["reminder"] = send(to=ben)[0]
    collecting.move_deadline(assessment=assessment, closes_on=assessment.closes_on + timedelta(days=60), by=ana)
    messages["deadline"] = send(to=ben)[0]
    for level in (1, 2, 2, 3, 3):
        factories.ballot(assessment, level)
    close(assessment=assessment, by=ana)
    messages["closed"] = send(to=ben)[0]
    assessment.refresh_from_db()
    finish(assessment, ana)
    messages["submitted"] = send(to=ben)[0]
    submitting.reopen(assessment=assessment, number=1, reason="A date was wrong", by=ana)
    messages["reopened"] = send(to=ben)[0]
    return messages


@pytest.mark.parametrize("tongue", ["en", "es"])
def test_every_mail_speaks_both_languages_the_readers_first_with_one_link_and_a_way_out(assessment, ana, ben, tongue):
    User.objects.filter(pk=ben.pk).update(language=tongue)
    found = all_kinds(assessment, ana, ben)
    assert set(found) | {"signin_code", "unknown_account"} == set(mails.WRITERS)
    for kind, message in found.items():
        one, other = message.body.split("– – –")
        first, second = (SPANISH, ENGLISH) if tongue == "es" else (ENGLISH, SPANISH)
        assert first.search(one) and second.search(other), kind
        assert not SPANISH.search(one if tongue == "en" else other), kind
        assert len(message.subject) <= 45 and message.subject.startswith(STARTS[kind][tongue]), kind
        html = html_of(message)
        assert html.count("display:inline-block") == 2, "one button in each language"
        assert re.findall(r'lang="(\w\w)"', html) == ([tongue, tongue, "es" if tongue == "en" else "en"])
        assert not re.search(r"<img|<script|<link|src=|url\(|@import", html), "nothing is loaded from anywhere"
        addresses = set(re.findall(r"https?://[^\s\"<]+", message.body + html))
        assert len(addresses) == 2 and all(address.startswith(SITE + "/") for address in addresses), kind
        stop = next(address for address in addresses if "/unsubscribe/" in address)
        assert message.extra_headers["List-Unsubscribe"] == f"<{stop}>"
        wanted = "reminders" if kind in ("invitation", "reminder") else "news"
        assert whose_stop(urlsplit(stop).path.split("/")[2]) == (ben, wanted)
        said = message.body + html + message.subject
        assert "Ana" not in said and "Ben" not in said and ana.email not in said and ben.email not in said


def longest_days():
    return [date(2026, 9, 30), date(2026, 7, 8), date(2026, 2, 28), date(2026, 11, 30), date(2026, 12, 31)]


@pytest.mark.parametrize("day", longest_days(), ids=str)
@pytest.mark.parametrize("mode", Mode.values)
@pytest.mark.parametrize("tongue", ["en", "es"])
def test_no_subject_is_longer_than_a_phone_shows(coalition, ana, ben, day, mode, tongue):
    User.objects.filter(pk=ben.pk).update(language=tongue)
    with time_machine.travel(day - timedelta(days=20), tick=False):
        opened = factories.collecting_assessment(coalition, by=ana, mode=mode, focus=focus(mode))
        ballots.remind(opened, round_number=1)
        subjects = [message.subject for message in send(to=ben)]
        collecting.move_deadline(assessment=opened, closes_on=day, by=ana) if day != opened.closes_on else None
        ballots.renew_link(invitation=opened.invitations.get(user=ben), by=ana)
        subjects += [message.subject for message in send(to=ben)]
    assert len(subjects) == 4 and max(map(len, subjects)) <= 45, subjects


def focus(mode):
    from milestones.models import Milestone

    return list(Milestone.objects.order_by("number")[:2]) if mode == Mode.FOCUS else ()


def test_the_invitation_in_the_words_that_were_agreed(coalition, ana, ben):
    with time_machine.travel("2026-06-24T15:00:00Z", tick=False):
        factories.collecting_assessment(coalition, by=ana)
        User.objects.filter(pk=ben.pk).update(language="es")
        sent = {message.to[0]: message.subject for message in send()}
    assert sent == {
        ana.email: "Your voice: 3 minutes, open until July 8",
        ben.email: "Su voz: 3 minutos, hasta el 8 de julio",
    }


def test_the_link_of_the_invitation_opens_the_page_and_the_reminder_holds_the_same(assessment, ben):
    token = link_in(send(to=ben)[0])
    invitation = assessment.invitations.get(user=ben)
    assert invitation.token_sha256 == hash_of(token) and token == keys.link_token(invitation)
    ballots.remind(assessment, round_number=1)
    assert link_in(send(to=ben)[0]) == token


def everything_stored():
    """Every cell of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [f"{table}: {row!r}" for row in cursor.fetchall()]
    return "\n".join(found)


def test_the_secret_of_a_link_is_in_the_mail_and_nowhere_else(assessment, ben, ana, as_user, coalition):
    secret = link_in(send(to=ben)[0])
    stored = everything_stored()
    assert hash_of(secret) in stored and secret not in stored
    client = as_user(ana)
    for path in ("", "people/", "history/", f"{assessment.quarter.slug}/", f"{assessment.quarter.slug}/invite/"):
        assert secret not in client.get(f"/c/{coalition.slug}/{path}").content.decode()


def test_nothing_in_the_outbox_says_whom_it_was_for(assessment, ben):
    send()
    assert not Mail.objects.exclude(user=None, address="", about={}, key=None, coalition=None).exists()


def test_a_new_link_kills_the_one_before_it_even_unsent(assessment, ben, ana):
    invitation = assessment.invitations.get(user=ben)
    ballots.renew_link(invitation=invitation, by=ana)
    sent = send(to=ben)
    assert len(sent) == 1, "the first one was not sent any more"
    first = link_in(sent[0])
    invitation.refresh_from_db()
    ballots.renew_link(invitation=invitation, by=ana)
    assert Invitation.objects.get(pk=invitation.pk).token_sha256 is None
    second = link_in(send(to=ben)[0])
    assert first != second and Invitation.objects.get(pk=invitation.pk).token_sha256 == hash_of(second)


@pytest.mark.parametrize("why", ["revoked", "removed", "stopped", "closed", "inactive", "over"])
def test_an_invitation_that_no_longer_applies_is_not_sent(assessment, ben, ana, why):
    if why == "revoked":
        collecting.revoke(invitation=assessment.invitations.get(user=ben), by=ana)
    elif why == "removed":
        Membership.objects.filter(user=ben).delete()
    elif why == "stopped":
        User.objects.filter(pk=ben.pk).update(reminders=False)
    elif why == "inactive":
        User.objects.filter(pk=ben.pk).update(is_active=False)
    elif why == "closed":
        close(assessment=assessment, by=ana)
    subjects = []
    if why == "over":
        with time_machine.travel(assessment.deadline + timedelta(seconds=1)):
            subjects = [message.subject for message in send(to=ben)]
    else:
        subjects = [message.subject for message in send(to=ben)]
    assert not [subject for subject in subjects if subject.startswith("Your voice")]
    assert not outbox.waiting()


def test_reminders_go_to_who_has_not_sent_and_a_number_comes_back(assessment, coalition, ana, ben):
    sent, begun = (factories.person(Role.MEMBER, coalition) for _person in range(2))
    collecting.invite(assessment=assessment, everybody=True, by=ana)
    send()
    factories.ballot(assessment, 2, user=sent)
    factories.ballot(assessment, 2, user=begun, sent=False)
    assert ballots.remind(assessment, round_number=1) == 4
    waits = {mail.user_id for mail in Mail.objects.filter(kind="reminder")}
    assert waits == {ana.pk, ben.pk, sent.pk, begun.pk}  # what waits in the outbox does not tell who answered
    factories.ballot(assessment, 3, user=ana)  # between the moment it was queued and that at which it goes out
    assert sorted(message.to[0] for message in send()) == sorted([ben.email, begun.email])
    assert ballots.remind(assessment, round_number=1) == 0 and not send()


def test_a_reminder_that_waited_until_the_next_one_is_not_sent_beside_it(assessment, ana, ben):
    """The mail server was away for some days: each is reminded once when it is back."""
    send()
    for number in (1, 2):
        ballots.remind(assessment, round_number=number)
    assert sorted(message.to[0] for message in send()) == sorted([ana.email, ben.email]) and not outbox.waiting()


def test_a_reminder_says_that_paper_and_the_code_of_the_room_count(assessment, ana, ben):
    """Such a ballot has no name, so its writer is reminded too: nobody should answer twice because of it."""
    send()
    ballots.remind(assessment, round_number=1)
    said = send(to=ben)[0].body
    assert "Did you answer on paper, or by the code of the room? Then you are done." in said
    assert "¿Respondió en papel o con el código de la reunión? Entonces ya terminó." in said


def test_a_reminder_is_not_sent_to_who_wants_none(assessment, ben, ana):
    send()
    ballots.remind(assessment, round_number=1)
    User.objects.filter(pk=ben.pk).update(reminders=False)
    assert [message.to for message in send()] == [[ana.email]]


def test_news_is_not_sent_to_who_wants_none_nor_to_who_left(assessment, ana, ben, coalition):
    gone = factories.person(Role.MEMBER, coalition)
    send()
    User.objects.filter(pk=ben.pk).update(news=False)
    collecting.move_deadline(assessment=assessment, closes_on=assessment.closes_on + timedelta(days=1), by=ana)
    close(assessment=assessment, by=ana)
    Membership.objects.filter(user=gone).delete()
    assessment.refresh_from_db()
    finish(assessment, ana)
    submitting.reopen(assessment=assessment, number=1, reason="A date was wrong", by=ana)
    assert {message.to[0] for message in send()} == {ana.email}


def test_a_deadline_that_moved_twice_is_told_once(assessment, ana, ben):
    send()
    for days in (1, 2):
        collecting.move_deadline(assessment=assessment, closes_on=assessment.closes_on + timedelta(days=days), by=ana)
        assessment.refresh_from_db()
    sent = send(to=ben)
    assert len(sent) == 1
    with translation.override("en"):
        assert mails.day_of(assessment.closes_on) in sent[0].body
    assert f"{SITE}/rate/{assessment.coalition.slug}/{assessment.quarter.slug}/" in sent[0].body


def test_closed_says_when_we_meet_and_holds_no_level_and_no_count(coalition, ana, ben):
    opened = factories.collecting_assessment(coalition, by=ana, meets_on=timezone.localdate() + timedelta(days=20))
    send()
    for level in (0, 1, 2, 3, 3, 4, 4):
        factories.ballot(opened, level)
    close(assessment=opened, by=ana)
    sent = send(to=ben)[0]
    assert "We talk about them on" in sent.body and f"{SITE}/c/{coalition.slug}/results/" in sent.body
    assert "Answers are closed and deleted. Nobody can look up one person's answers, not even you." in sent.body
    digits = re.sub(r"\d{4} Q\d|https?://\S+|(el )?\b\w+ \d{1,2}\b|\d{1,2} de \w+", "", sent.body)
    assert not re.search(r"\d", digits), digits
    assert not re.search("Growing|Strong|Lasting|Starting|Not yet", sent.body)


def test_what_we_heard_and_what_we_did(coalition, ana, ben):
    opened = factories.collecting_assessment(coalition, by=ana)
    send()
    codes = list(opened.agreed_ratings.values_list("indicator__code", flat=True))
    for level in (1, 1, 2, 2, 2):
        factories.ballot(opened, {code: level for code in codes[1:]})
    close(assessment=opened, by=ana)
    opened.refresh_from_db()
    for code in codes:
        factories.rate(opened, code, 3, by=ana, reason="We saw more than the answers say")
    factories.rate(opened, codes[2], None, outcome="not_agreed", by=ana)
    factories.submit(opened, by=ana)
    body = send(to=ben)[-1].body
    english = body.split("– – –")[0]
    assert english.count("The answers suggested: Growing.") == 6 and english.count("We agreed: Strong.") == 6
    assert english.count("Too few people answered to show this.") == 1
    assert english.count("We did not agree on a level.") == 1
    assert "Las respuestas sugirieron: Creciendo." in body and "Preparar la mesa" in body


def test_a_quarter_rated_in_a_meeting_says_what_was_agreed_alone(coalition, ana, ben):
    factories.submitted(coalition, by=ana, level=1)
    body = send(to=ben)[0].body
    assert "We agreed: Starting." in body and "suggested" not in body and "Too few" not in body


def test_a_revision_that_was_replaced_is_not_told_of(coalition, ana, ben):
    assessment = factories.submitted(coalition, by=ana)
    submitting.reopen(assessment=assessment, number=1, reason="A date was wrong", by=ana)
    assessment.refresh_from_db()
    factories.submit(assessment, by=ana)
    sent = send(to=ben)
    assert [message.subject for message in sent] == ["What we heard, what we did: 2026 Q2"]
    assert "This is revision 2. It was opened again for this reason: A date was wrong" in sent[0].body


def test_what_people_wrote_is_text_and_not_html_and_breaks_no_header(coalition, ana, ben):
    nasty = "<img src=x onerror=alert(1)>\r\nBcc: spy@evil.example"
    coalition.name = nasty[:100]
    coalition.save()
    assessment = factories.submitted(coalition, by=ana)
    submitting.reopen(assessment=assessment, number=1, reason=nasty, by=ana)
    for message in send(to=ben):
        assert "<img" not in html_of(message) and "&lt;img" in html_of(message)
        assert "spy" not in str(message.message().items())


def test_sample_coalitions_say_that_they_are(coalition, ana, ben):
    coalition.sample = True
    coalition.save()
    factories.submitted(coalition, by=ana)
    message = send(to=ben)[0]
    for text in (message.body, html_of(message)):
        assert "Sample data. Not real ratings." in text and "Datos de ejemplo. No son respuestas reales." in text


def test_sample_people_get_nothing(coalition, ana, ben):
    User.objects.update(sample=True)
    factories.collecting_assessment(coalition, by=ana)
    assert not Mail.objects.exists()


def test_links_come_from_the_sites_own_address_whatever_a_request_says(coalition, ana, ben, settings):
    settings.ALLOWED_HOSTS = ["*"]
    factories.submitted(coalition, by=ana)
    client = Client()
    client.force_login(ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/c/{coalition.slug}/2026q2/reopen/"
    client.post(
        address,
        {"reason": "A date", "number": "1"},
        headers={"host": "evil.example", "x-forwarded-host": "evil.example"},
    )
    client.post("/signin/", {"email": ben.email}, headers={"host": "evil.example"})
    sent = send()
    assert len(sent) >= 3
    for message in sent:
        assert SITE in message.body and "evil" not in message.body and "evil" not in json.dumps(message.extra_headers)


@pytest.mark.parametrize(
    "address", ["a@b", "a@b.org\nBcc: x@evil.example", "a@b.org\r\nTo: x@evil.example", "a" * 320 + "@b.org"]
)
def test_an_address_that_would_forge_a_header_never_gets_as_far_as_a_mail(address):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        PlainEmailField().clean(address)


def test_no_mail_touches_ballots_but_to_ask_whether_to_remind(assessment, ana, ben):
    """Every writer runs with the ballot tables shut; only the reminder's question opens them."""
    tables = {apps.get_model("assessments", name)._meta.db_table for name in ("Ballot", "Answer", "Direction")}
    asked = []

    def watch(execute, sql, params, many, context):
        asked.extend(table for table in tables if f'"{table}"' in sql)
        return execute(sql, params, many, context)

    send()
    ballots.remind(assessment, round_number=1)
    with connection.execute_wrapper(watch):
        send()
    assert asked and set(asked) == {apps.get_model("assessments", "Ballot")._meta.db_table}
    close(assessment=assessment, by=ana)
    asked.clear()
    assessment.refresh_from_db()
    finish(assessment, ana)
    submitting.reopen(assessment=assessment, number=1, reason="A date was wrong", by=ana)
    with connection.execute_wrapper(watch):
        assert len(send(to=ben)) >= 2
    assert not asked


def test_while_the_mail_server_is_away_what_waits_does_not_tell_who_answered(assessment, ana, ben, monkeypatch):
    send()
    factories.ballot(assessment, 2, user=ben)
    ballots.remind(assessment, round_number=1)

    def away(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", away)
    for _turn in range(4):  # with time, every message has had its turn
        outbox.send_due()
        Mail.objects.filter(sent_at=None, dropped_at=None).update(next_try_at=timezone.now())
    assert {row.user_id for row in Mail.objects.filter(kind="reminder")} == {ana.pk, ben.pk}
    monkeypatch.undo()
    assert [message.to for message in send()] == [[ana.email]]


def test_a_row_that_is_done_does_not_tell_whose_it_was_by_its_place(assessment, coalition, ana):
    """It names nobody, but tells whether it was sent: reminders are queued in no order, or a place would be a person."""
    for _person in range(14):
        factories.person(Role.MEMBER, coalition)
    collecting.invite(assessment=assessment, everybody=True, by=ana)
    ballots.remind(assessment, round_number=1)
    queued = list(Mail.objects.filter(kind="reminder").order_by("made_at").values_list("user", flat=True))
    assert len(queued) == 16 and queued not in (sorted(queued), sorted(queued, reverse=True))


def test_at_close_what_asks_to_answer_waits_no_more(assessment, ana, ben):
    """A reminder that a server refused would else go on telling who had not answered."""
    ballots.remind(assessment, round_number=1)
    asking = Mail.objects.filter(kind__in=["invitation", "reminder"]).exclude(user=None)
    assert asking.count() == 4
    close(assessment=assessment, by=ana)
    assert not asking.exists()
    assert {message.subject for message in send()} == {"Answers are closed. See the results"}


def test_what_asks_to_answer_in_another_quarter_still_goes_out(assessment, coalition, ana, ben):
    send()
    later = factories.collecting_assessment(coalition, by=ana, quarter=factories.QUARTER.next)
    close(assessment=assessment, by=ana)
    assert later.invitations.count() == 2
    assert sorted(message.to[0] for message in send() if "Start" in message.body) == sorted([ana.email, ben.email])


def test_a_link_that_a_lead_sends_again_goes_also_to_who_stopped_reminders(assessment, ben, ana):
    """Else their phone would be let go of, the old link dead, and nobody told."""
    send()
    User.objects.filter(pk=ben.pk).update(reminders=False)
    ben.refresh_from_db()
    collecting.resend(invitation=assessment.invitations.get(user=ben), by=ana)
    assert [message.to for message in send()] == [[ben.email]]
