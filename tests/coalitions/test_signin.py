"""Signing in by code: what a person needs, and what an attacker does not learn."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from coalitions import outbox
from coalitions.models import Mail, User

pytestmark = pytest.mark.django_db
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture(autouse=True)
def no_limits_from_other_tests():
    cache.clear()


def ask(client, email, **more):
    """Ask for a code; what the request left in the outbox goes out."""
    answer = client.post("/signin/", {"email": email, **more})
    outbox.send_due()
    return answer


def code():
    return re.search(r"[B-Z]{4}-[B-Z]{4}", mail.outbox[-1].body)[0]


def signed_in(client):
    return "_auth_user_id" in client.session


def test_a_person_signs_in_with_the_code_from_the_mail(client, ana, coalition):
    answer = ask(client, ana.email)
    assert (answer.status_code, answer.url) == (303, "/signin/code/")
    before = client.session.session_key
    answer = client.post("/signin/code/", {"code": code()})
    assert (answer.status_code, answer.url) == (303, f"/c/{coalition.slug}/")
    assert signed_in(client) and client.session.session_key != before


@pytest.mark.parametrize("typed", [lambda code: code.lower(), lambda code: f"  {code.replace('-', ' ')} "])
def test_the_code_may_be_typed_as_people_type(client, ben, typed):
    ask(client, ben.email)
    assert client.post("/signin/code/", {"code": typed(code())}).url == "/me/"


@pytest.mark.parametrize(
    ("who", "lands"), [("fay", "/states/"), ("eve", "/evaluate/export/"), ("ada", "/admin/"), ("sam", "/me/")]
)
def test_each_role_lands_where_its_work_is(client, request, who, lands):
    ask(client, request.getfixturevalue(who).email)
    assert client.post("/signin/code/", {"code": code()}).url == lands


def test_known_unknown_and_disabled_addresses_get_the_same_bytes(ana, ben):
    ben.is_active = False
    ben.save()
    pages = []
    for email in (ana.email, ben.email, "nobody@example.org"):
        client = Client()
        asked = ask(client, email)
        shown = client.get("/signin/code/").content
        wrong = client.post("/signin/code/", {"code": "BBBB-BBBB"})
        bodies = [CSRF.sub(b"", body).replace(email.encode(), b"X") for body in (shown, wrong.content)]
        pages.append((asked.status_code, asked.url, wrong.status_code, *bodies))
    assert pages[0] == pages[1] == pages[2]
    assert len(mail.outbox) == 3


@pytest.mark.parametrize("change", [str.upper, str.title, lambda email: f" {email} "])
def test_an_address_is_known_however_it_is_typed(client, ana, change):
    ask(client, change(ana.email))
    assert mail.outbox[-1].to == [ana.email] and code()


def test_an_unknown_address_gets_a_mail_without_a_code(client, db):
    ask(client, "nobody@example.org")
    assert not re.search(r"[B-Z]{4}-[B-Z]{4}", mail.outbox[0].body)
    assert not User.objects.filter(email="nobody@example.org").exists()


def test_a_mail_speaks_both_languages_and_never_trusts_the_host(client, ana, settings):
    settings.SITE_URL = "https://milestones.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/signin/", {"email": ana.email}, headers={"host": "evil.example"})
    outbox.send_due()
    body = mail.outbox[0].body
    assert body.count("https://milestones.example.org/signin/code/") == 2 and "evil" not in body


@pytest.mark.parametrize(
    "wrong", ["BBBB-BBBB", "", "٣٣٣٣٣٣", "9" * 5000, "a\0b", "\ufffd", "<script>alert(1)</script>"]
)
def test_every_wrong_code_gets_the_one_message_and_is_not_said_back(client, ana, wrong):
    ask(client, ana.email)
    answer = client.post("/signin/code/", {"code": wrong})
    text = answer.content.decode()
    assert answer.status_code == 422 and "This code is wrong or old." in text
    assert ana.email in text and "Send me a new code" in text
    assert not signed_in(client) and (not wrong or wrong not in text)


def test_three_wrong_tries_end_a_code(client, ana):
    ask(client, ana.email)
    right = code()
    for _try in range(3):
        assert client.post("/signin/code/", {"code": "BBBB-BBBB"}).status_code == 422
    answer = client.post("/signin/code/", {"code": right})
    assert answer.status_code == 422 and "This code is wrong or old." in answer.content.decode()
    assert not signed_in(client)


def test_a_code_is_used_once(client, ana):
    ask(client, ana.email)
    used = code()
    client.post("/signin/code/", {"code": used})
    client.post("/signout/")
    assert client.post("/signin/code/", {"code": used}).status_code == 422
    assert not signed_in(client)


def test_a_code_of_another_address_opens_nothing(ana, ben):
    one, other = Client(), Client()
    ask(one, ana.email)
    hers = code()
    ask(other, ben.email)
    assert other.post("/signin/code/", {"code": hers}).status_code == 422


def test_a_code_lives_ten_minutes(client, ana):
    with time_machine.travel(timezone.now(), tick=False) as now:
        ask(client, ana.email)
        right = code()
        now.shift(timedelta(minutes=10, seconds=1))
        answer = client.post("/signin/code/", {"code": right})
    assert answer.status_code == 422 and "This code is wrong or old." in answer.content.decode()


def test_somebody_made_inactive_meanwhile_does_not_get_in(client, ana):
    ask(client, ana.email)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert client.post("/signin/code/", {"code": code()}).status_code == 422
    assert not signed_in(client)


def test_asking_often_is_slowed_down_alike_for_everybody(ana):
    answers = []
    for email in (ana.email, "nobody@example.org"):
        client = Client()
        answers.append([ask(client, email).status_code for _time in range(4)])
    assert answers == [[303, 303, 303, 429]] * 2


def test_asking_talks_to_no_mail_server(client, ana, settings, monkeypatch, django_capture_on_commit_callbacks):
    settings.MAIL_AT_ONCE = False

    def refuse(*args, **kwargs):
        raise AssertionError("a request opened a connection to the mail server")

    monkeypatch.setattr("coalitions.outbox.get_connection", refuse)
    for email in (ana.email, "nobody@example.org"):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post("/signin/", {"email": email})
        assert answer.status_code == 303
    assert list(Mail.objects.order_by("made_at").values_list("kind", "address", "user")) == [
        ("signin_code", ana.email, None),
        ("unknown_account", "nobody@example.org", None),
    ]


def test_a_code_is_not_kept_once_it_is_sent(client, ana):
    ask(client, ana.email)
    assert code()
    assert Mail.objects.values("about", "address", "user").get() == {"about": {}, "address": "", "user": None}


def test_a_code_that_is_dead_is_not_sent(client, ana):
    with time_machine.travel(timezone.now(), tick=False) as now:
        client.post("/signin/", {"email": ana.email})
        now.shift(timedelta(minutes=10, seconds=1))
        assert outbox.send_due() == 0
    assert not mail.outbox and Mail.objects.get().dropped_at and not Mail.objects.get().about


@pytest.mark.parametrize("email", ["", "a@b", "a\0@b.org", "a@b.c%0a", "a@b.org\nBcc: c@d.org"])
def test_a_text_that_is_no_address_is_refused(client, db, email):
    assert ask(client, email).status_code == 422 and not mail.outbox


@pytest.mark.parametrize(
    "address", ["//evil.org", "https:evil.org", "javascript:alert(1)", "/signout/", "/admin/", "/a%0d%0aSet-Cookie:x=1"]
)
def test_next_never_leads_elsewhere(client, ben, address):
    page = client.get("/signin/", {"next": address})
    assert page.status_code == 200
    ask(client, ben.email, next=address)
    answer = client.post("/signin/code/", {"code": code()})
    assert answer.url == "/me/" and "Set-Cookie:x" not in str(answer.headers)


def test_next_leads_to_the_page_they_came_for(client, ben, coalition):
    wanted = f"/c/{coalition.slug}/people/?page=1"
    sent = client.get(wanted)
    assert sent.status_code == 302 and sent.url.startswith("/signin/?next=")
    assert wanted.replace("&", "&amp;") in client.get(sent.url).content.decode()
    ask(client, ben.email, next=wanted)
    assert client.post("/signin/code/", {"code": code()}).url == wanted


def test_the_code_page_without_an_address_sends_back(client, db):
    assert client.get("/signin/code/").url == "/signin/"
    assert client.post("/signin/code/", {"code": "BBBB-BBBB"}).status_code == 422


def test_switching_language_keeps_what_was_typed_and_sends_nothing(client, ana):
    answer = ask(client, "half@typed", language="es")
    assert answer.status_code == 200 and 'value="half@typed"' in answer.content.decode()
    assert answer.headers["Content-Language"] == "es" and not mail.outbox
    ask(client, ana.email)
    right = code()
    assert client.post("/signin/code/", {"code": right, "language": "en"}).status_code == 200
    assert client.post("/signin/code/", {"code": right}).status_code == 303


def test_who_is_signed_in_is_sent_on(as_user, ben):
    assert as_user(ben).get("/signin/").url == as_user(ben).get("/signin/code/").url == "/me/"


def test_signing_out_ends_the_session_and_clears_the_browser(as_user, ben):
    client = as_user(ben)
    old = client.session.session_key
    answer = client.post("/signout/")
    assert (answer.status_code, answer.url) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies["sessionid"] = old
    assert client.get("/me/").status_code == 302


def test_signing_out_takes_a_post(as_user, ben):
    client = as_user(ben)
    assert client.get("/signout/").status_code == 405 and signed_in(client)
    assert Client().post("/signout/").status_code == 303


def test_a_session_dies_with_its_account(as_user, ben):
    client = as_user(ben)
    assert client.get("/me/").status_code == 200
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert client.get("/me/").status_code == 302


def test_a_session_ends_after_twelve_idle_hours_and_after_two_weeks(as_user, ben):
    with time_machine.travel(timezone.now(), tick=False) as now:
        client = as_user(ben)
        assert client.get("/me/").status_code == 200
        now.shift(timedelta(hours=11))
        assert client.get("/me/").status_code == 200
        now.shift(timedelta(hours=12, minutes=1))
        assert client.get("/me/").status_code == 302
        client = as_user(ben)
        for _day in range(32):
            answer = client.get("/me/")
            now.shift(timedelta(hours=11, minutes=30))
        assert answer.status_code == 302


def test_sign_in_pages_are_not_kept_and_never_send_their_address(client, db):
    answer = client.get("/signin/")
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["Cache-Control"] in ("no-store", "max-age=0, no-cache, no-store, must-revalidate, private")


@pytest.mark.parametrize("path", ["/accounts/login/", "/login/", "/accounts/signup/", "/signup/", "/accounts/email/"])
def test_allauths_own_pages_are_not_there(client, db, path):
    assert client.get(path).status_code in (302, 404)


def test_a_code_is_good_for_the_address_it_went_to_and_for_no_account_that_had_it_for_a_moment(client, ben):
    """Whoever may correct addresses takes one to their own mailbox, asks for a code, and puts the address back."""
    before = ben.email
    User.objects.filter(pk=ben.pk).update(email="mine@example.org")
    ask(client, "mine@example.org")
    User.objects.filter(pk=ben.pk).update(email=before)
    assert client.post("/signin/code/", {"code": code()}).status_code == 422
    assert not signed_in(client)
    ask(client, before)
    assert client.post("/signin/code/", {"code": code()}).status_code == 303  # the control
