"""The language of somebody who never chose one: that of their browser, then that of the page they signed in on."""

import pytest
from django.test import Client

from coalitions import actions
from coalitions.models import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_spanish_phone_stays_spanish_after_signing_in(client):
    invited = factories.person(Role.MEMBER, factories.coalition())
    assert invited.language == ""
    token = actions.make_link(user=invited)
    client.post(f"/signin/link/{token}/", headers={"Accept-Language": "es-MX,es;q=0.9"})
    invited.refresh_from_db()
    assert invited.language == "es"
    page = client.get("/me/", headers={"Accept-Language": "es-MX,es;q=0.9"}).content.decode()
    assert '<html lang="es">' in page


def test_a_choice_once_made_stays(client):
    chosen = factories.person(Role.MEMBER, factories.coalition())
    chosen.keep_language("en")
    token = actions.make_link(user=chosen)
    client.post(f"/signin/link/{token}/", headers={"Accept-Language": "es"})
    chosen.refresh_from_db()
    assert chosen.language == "en"


def test_what_is_chosen_in_the_middle_of_a_ballot_stays_on_another_phone_too(as_user, coalition, ana, ben):
    running = factories.collecting_assessment(coalition, by=ana)
    address = running.url("ballot")
    page = as_user(ben).post(address, {"language": "es"}).content.decode()
    ben.refresh_from_db()
    assert '<html lang="es">' in page and ben.language == "es"
    other_phone = Client()
    other_phone.force_login(ben, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert '<html lang="es">' in other_phone.get(address).content.decode()


def test_a_form_that_is_not_ours_chooses_no_language(coalition, ana, ben):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ben)
    running = factories.collecting_assessment(coalition, by=ana)
    assert strict.post(running.url("ballot"), {"language": "es"}).status_code == 403
    ben.refresh_from_db()
    assert ben.language == ""
