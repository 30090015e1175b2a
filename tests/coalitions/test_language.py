"""The language of somebody who never chose one: that of their browser, then that of the page they signed in on."""

import pytest

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
