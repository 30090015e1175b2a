"""Stopping mail: by the link in it, without signing in, and in one's settings."""

import pytest
from django.core import signing
from django.test import Client

from coalitions.letters import NEWS, REMINDERS, stop_token
from coalitions.models import AuditEvent, User

pytestmark = pytest.mark.django_db
KINDS = [REMINDERS, NEWS]


def address(user, kind):
    return f"/unsubscribe/{stop_token(user, kind)}/"


@pytest.fixture
def stranger():
    """Somebody who is not signed in, with a browser that checks tokens of forms."""
    return Client()


def wishes(user):
    return User.objects.values_list("reminders", "news").get(pk=user.pk)


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_shows_a_button_and_the_button_stops_one_kind(stranger, ben, ana, kind):
    for _scanner in range(3):
        page = stranger.get(address(ben, kind))
        assert page.status_code == 200 and wishes(ben) == (True, True), "a mail scanner opens every link"
        assert stranger.head(address(ben, kind)).status_code == 200
    shown = page.content.decode()
    assert ben.email not in shown and ben.name not in shown and "<button" in shown
    for _time in range(2):
        answer = stranger.post(address(ben, kind))
        assert (answer.status_code, answer.url) == (303, address(ben, kind))
    assert wishes(ben) == (kind == NEWS, kind == REMINDERS) and wishes(ana) == (True, True)
    after = stranger.get(address(ben, kind)).content.decode()
    assert "You get no more" in after and "/me/settings/" in after and ben.email not in after
    assert not AuditEvent.objects.filter(by=ben).exists(), "a coalition's history does not tell who wants no mail"


def test_a_link_never_gets_too_old_and_is_no_way_in(stranger, ben):
    assert stop_token(ben, NEWS) == stop_token(ben, NEWS), "nothing in it but whose and what"
    stranger.post(address(ben, NEWS))
    assert "_auth_user_id" not in stranger.session
    assert stranger.get("/me/settings/").status_code == 302


def wrong_tokens(user):
    right = stop_token(user, NEWS)
    return {
        "cut": right[:-1],
        "longer": right + "A",
        "case": right.swapcase(),
        "none": "x",
        "unsigned": right.split(":")[0],
        "another kind of secret": signing.dumps([user.pk, NEWS]),
        "another purpose": signing.Signer(salt="another").sign_object([user.pk, NEWS]),
        "another kind of mail": stop_token(user, "is_active"),
        "nobody": stop_token(User(pk=987654), NEWS),
        "no list": signing.Signer(salt="coalitions.unsubscribe").sign_object(user.pk),
        "long": "A" * 1500,
        "odd letters": "٣:٣",
    }


@pytest.mark.parametrize("wrong", wrong_tokens(User(pk=1)))
def test_every_wrong_token_gets_the_same_404(ben, wrong):
    token = wrong_tokens(ben)[wrong]
    answers = [Client().get(f"/unsubscribe/{token}/"), Client().post(f"/unsubscribe/{token}/")]
    unknown = Client().get("/unsubscribe/nothing/")
    assert [answer.status_code for answer in answers] == [404, 404]
    strip = lambda answer: answer.content.replace(answer.wsgi_request.path.encode(), b"").split(b"<main")[1]  # noqa: E731
    assert strip(answers[0]) == strip(unknown)
    assert wishes(ben) == (True, True)


def test_the_link_of_a_closed_account_is_like_an_unknown_one(stranger, ben):
    User.objects.filter(pk=ben.pk).update(is_active=False)
    assert stranger.get(address(ben, NEWS)).status_code == 404
    assert stranger.post(address(ben, NEWS)).status_code == 404


def test_the_page_speaks_spanish_and_switching_stops_nothing(stranger, ben):
    answer = stranger.post(address(ben, REMINDERS), {"language": "es"})
    assert answer.status_code == 200 and wishes(ben) == (True, True)
    assert "No recibir más recordatorios" in answer.content.decode()


def test_a_forged_form_stops_nothing(ben):
    checked = Client(enforce_csrf_checks=True)
    assert checked.post(address(ben, NEWS)).status_code == 403 and wishes(ben) == (True, True)


def test_the_address_is_neither_kept_nor_sent_on(stranger, ben):
    headers = stranger.get(address(ben, NEWS)).headers
    assert headers["Referrer-Policy"] == "strict-origin" and headers["Cache-Control"] == "no-store"


def test_settings_turn_each_kind_off_and_on(as_user, ben):
    client = as_user(ben)
    assert client.get("/me/settings/").content.decode().count(" checked") == 2 + 1, "both boxes, and the language"
    base = {"name": "Ben", "tongue": "en"}
    assert client.post("/me/settings/", {**base, "news": "on"}).status_code == 303
    assert wishes(ben) == (False, True)
    assert client.post("/me/settings/", {**base, "reminders": "on"}).status_code == 303
    assert wishes(ben) == (True, False)


def test_switching_language_keeps_which_boxes_were_ticked(as_user, ben):
    client = as_user(ben)
    answer = client.post("/me/settings/", {"name": "Ben", "tongue": "en", "news": "on", "language": "es"})
    form = answer.context["form"]
    assert (form["reminders"].value(), bool(form["news"].value())) == (False, True)
    assert wishes(ben) == (True, True)


def test_a_settings_form_with_an_error_keeps_the_boxes(as_user, ben):
    answer = as_user(ben).post("/me/settings/", {"name": "", "tongue": "en", "news": "on"})
    assert answer.status_code == 422
    assert not answer.context["form"]["reminders"].value() and answer.context["form"]["news"].value()
