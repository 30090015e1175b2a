"""One-time links that an operator prints, and the sample people's buttons."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from coalitions.actions import make_link, open_link
from coalitions.models import Membership, Role, SigninLink, User

pytestmark = pytest.mark.django_db


def link_for(user):
    return f"/signin/link/{make_link(user=user)}/"


def test_a_scanner_that_opens_a_link_uses_nothing_up(client, ben):
    link = link_for(ben)
    for _time in range(3):
        shown = client.get(link)
        assert shown.status_code == 200 and "_auth_user_id" not in client.session
        assert ben.email not in shown.content.decode() and ben.name not in shown.content.decode()
    answer = client.post(link)
    assert (answer.status_code, answer.url) == (303, "/me/") and "_auth_user_id" in client.session


def test_only_the_hash_is_kept(ben):
    token = make_link(user=ben)
    assert len(token) >= 43 and not SigninLink.objects.filter(token_sha256__contains=token[:10]).exists()


def test_unknown_changed_used_and_expired_links_get_one_answer(ben, ana):
    used, good = make_link(user=ben), make_link(user=ana)
    assert open_link(token=used) == ben
    with time_machine.travel(timezone.now() - timedelta(minutes=11)):
        expired = make_link(user=ben)
    inactive = make_link(user=User.objects.create_user("gone@example.org", is_active=False))
    answers = set()
    for token in ("x", used, expired, inactive, good[:-1], good + "A", good.swapcase(), "٣", "a" * 3000):
        for method in ("get", "post"):
            client = Client(HTTP_COOKIE="csrftoken=" + "a" * 32)
            answer = getattr(client, method)(f"/signin/link/{token}/")
            body = answer.content.split(b'name="csrfmiddlewaretoken"')
            answers.add((answer.status_code, body[0], b"This link is old" in answer.content))
            assert "_auth_user_id" not in client.session
    assert {(status, old) for status, _body, old in answers} == {(404, True)} and len(answers) == 1


def test_a_link_signs_in_once(ben):
    link = link_for(ben)
    assert Client().post(link).status_code == 303
    assert Client().post(link).status_code == 404


def test_a_link_in_the_other_language_is_still_unused(client, ben):
    link = link_for(ben)
    answer = client.post(link, {"language": "es"})
    assert answer.status_code == 200 and answer.headers["Content-Language"] == "es"
    assert client.post(link).status_code == 303


def test_the_operators_command_prints_a_link_that_works(client, ben, settings):
    out = StringIO()
    call_command("signin_link", ben.email.upper(), stdout=out)
    printed = out.getvalue().strip()
    assert printed.startswith(settings.SITE_URL)
    assert client.post(printed.removeprefix(settings.SITE_URL)).status_code == 303
    with pytest.raises(CommandError, match="Nobody with this address"):
        call_command("signin_link", "nobody@example.org")


def test_an_administrator_is_made_by_a_command(db):
    for _time in range(2):
        call_command("create_administrator", "Ada@Example.org", stdout=StringIO())
    membership = Membership.objects.get(user__email="ada@example.org")
    assert membership.role == Role.ADMINISTRATOR and not membership.user.has_usable_password()
    with pytest.raises(CommandError, match="name@example.org"):
        call_command("create_administrator", "no-address")


@pytest.mark.parametrize("role", Role.values)
def test_sample_people_are_one_button_away_on_a_sample_site_alone(client, settings, role):
    User.objects.create_user(f"{role}@sample.example", sample=True)
    settings.SAMPLE_DATA = False
    assert client.post("/signin/sample/", {"as": role}).status_code == 404
    assert "sample person" not in client.get("/signin/").content.decode()
    settings.SAMPLE_DATA = True
    assert f'value="{role}"' in client.get("/signin/").content.decode()
    assert client.post("/signin/sample/", {"as": role}).status_code == 303
    assert "_auth_user_id" in client.session


def test_a_sample_button_never_signs_in_a_real_person(client, settings):
    settings.SAMPLE_DATA = True
    User.objects.create_user("lead@sample.example")
    assert client.post("/signin/sample/", {"as": "lead"}).status_code == 404
    assert client.post("/signin/sample/", {"as": "../lead"}).status_code == 404
    assert client.get("/signin/sample/").status_code == 405
