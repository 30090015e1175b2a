"""A person's own link: it opens files with the rights of that moment, one at a time, and what is no link is one 404."""

import io
import json
import logging
import re
import uuid
import zipfile
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import Filters
from assessments.reports.exports.log import record_export
from assessments.reports.views import taking
from coalitions import actions
from coalitions.models import AuditEvent, ExportToken, Membership, Pledge, Role, User, hash_of
from milestones.logs import HideTokens
from tests import factories
from tests.assessments.exports.making import from_database

pytestmark = pytest.mark.django_db
PAGE, LINK = "/evaluate/export/", "/evaluate/export/link/"


@pytest.fixture
def submitted(coalition, ana):
    return factories.submitted(coalition, by=ana)


@pytest.fixture
def made(submitted, eve):
    return actions.make_export_token(key=uuid.uuid4(), by=eve)


def address(token, name="agreed_ratings", query=""):
    return f"/evaluate/export/t/{token}/{name}.csv{query}"


def text(answer):
    return b"".join(answer.streaming_content).decode()


def bare(answer):
    """An answer without what differs between any two requests: its own address and the token of its forms."""
    shown = re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", answer.content.decode())
    return answer.status_code, shown


@pytest.mark.parametrize("name", FILES)
def test_it_opens_each_file_without_signing_in(client, made, name):
    answer = client.get(address(made.token, name))
    assert answer.status_code == 200 and text(answer) == from_database(name)
    assert answer["Cache-Control"] == "no-store" and answer["Referrer-Policy"] == "strict-origin"
    assert settings.SESSION_COOKIE_NAME not in answer.cookies


@pytest.mark.parametrize("name", ["agreed_ratings.csv", "agreed_ratings_wide.csv", "package.zip"])
def test_a_quarter_submitted_while_the_log_waited_is_in_a_whole_file(client, made, coalition, ana, monkeypatch, name):
    """The log may wait for a submit to end; what was submitted meanwhile counts as it is read."""

    def submit_first(**logged):
        factories.submitted(coalition, by=ana, quarter=factories.QUARTER.next)
        record_export(**logged)

    monkeypatch.setattr(taking, "record_export", submit_first)
    monkeypatch.setattr(taking, "timezone", SimpleNamespace(now=lambda: timezone.now() + timedelta(minutes=1)))
    answer = client.get(f"/evaluate/export/t/{made.token}/{name}")
    assert factories.QUARTER.next in {row.quarter for row in coalition.revisions.all()}
    if name.endswith("zip"):
        members = members_of(answer)
        assert json.loads(members["manifest.json"])["revisions"] == 2
        assert (
            str(factories.QUARTER.next)
            in members["sample-agreed_ratings.csv" if coalition.sample else "agreed_ratings.csv"]
        )
    else:
        assert str(factories.QUARTER.next) in text(answer)


def members_of(answer):
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def package(token, query=""):
    return f"/evaluate/export/t/{token}/package.zip{query}"


def test_it_opens_the_package_too_with_the_rights_of_the_moment(client, made, eve, coalition):
    other = factories.coalition("Keystone", "PA")
    answer = client.get(package(made.token, "?lang=es"))
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    found = members_of(answer)
    assert found["agreed_ratings.csv"] == from_database(filters=Filters(lang="es"))
    event = AuditEvent.objects.get(verb="export")
    assert (event.by, event.coalition, event.details["file"]) == (eve, coalition, "package.zip")
    eve.memberships.update(coalition=other)
    assert coalition.name not in "".join(members_of(client.get(package(made.token))).values())
    ended(made)
    assert bare(client.get(package(made.token))) == bare(client.get(package("x" * 43)))
    assert client.post(package(made.token)).status_code == 405


def test_filters_hold_under_it_too(client, made):
    assert "Creciendo" in text(client.get(address(made.token, query="?lang=es")))
    assert client.get(address(made.token, query="?state=ZZ")).status_code == 400
    assert client.get(address(made.token, query="?coded=1")).status_code == 200


def test_taking_by_link_is_logged_for_each_coalition(client, made, eve, coalition):
    text(client.get(address(made.token)))
    event = AuditEvent.objects.get(verb="export")
    assert (event.by, event.coalition, event.details["file"]) == (eve, coalition, "agreed_ratings.csv")


def test_it_opens_nothing_but_files(client, made):
    for path in (PAGE, "/evaluate/export/package.zip", "/me/", "/states/"):
        client.get(address(made.token))
        assert client.get(path).status_code == 302
    assert client.get(address(made.token, "ballots")).status_code == 404
    for method in ("post", "put", "delete"):
        assert getattr(client, method)(address(made.token)).status_code == 405


def ended(token):
    actions.revoke_export_token(key=token.pk, by=token.user)


def replaced(token):
    actions.make_export_token(key=uuid.uuid4(), by=token.user)


LOST = {
    "revoked": ended,
    "replaced": replaced,
    "no evaluator any more": lambda token: Membership.objects.filter(user=token.user).delete(),
    "a funder now": lambda token: Membership.objects.filter(user=token.user).update(role=Role.FUNDER),
    "no pledge": lambda token: Pledge.objects.filter(user=token.user).delete(),
    "may not sign in": lambda token: User.objects.filter(pk=token.user_id).update(is_active=False),
    "account closed": lambda token: actions.close_account(user=token.user),
}


@pytest.mark.parametrize("how", LOST)
def test_whatever_ends_it_the_answer_is_that_to_an_unknown_one(client, made, how):
    assert client.get(address(made.token)).status_code == 200
    LOST[how](made)
    unknown = bare(client.get(address("x" * 43)))
    assert unknown[0] == 404
    assert bare(client.get(address(made.token))) == unknown
    assert "agreed_ratings" not in unknown[1].replace("agreed_ratings.csv", "")


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t + "a", lambda t: t.swapcase(), lambda t: t[::-1]])
def test_nothing_but_the_secret_itself_opens(client, made, spoil):
    assert client.get(address(spoil(made.token))).status_code == 404


def test_an_unknown_one_costs_as_much_as_a_revoked_one(client, made):
    ended(made)
    counts = []
    for token in (made.token, "x" * 43):
        with CaptureQueriesContext(connection) as queries:
            client.get(address(token))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_rights_are_those_of_the_moment(client, made, eve, coalition):
    other = factories.coalition("Keystone", "PA")
    factories.submitted(other, by=factories.person(Role.LEAD, other))
    assert coalition.name in text(client.get(address(made.token)))
    eve.memberships.update(coalition=other)
    now = text(client.get(address(made.token)))
    assert other.name in now and coalition.name not in now


def test_only_the_hash_is_kept(made):
    assert made.token_sha256 == hash_of(made.token) and len(made.token) == 43
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM coalitions_exporttoken")
        assert made.token not in str(cursor.fetchall())
    assert made.token not in str(list(AuditEvent.objects.values_list()))


def test_the_log_hides_it(made):
    record = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", (address(made.token),), None)
    HideTokens().filter(record)
    assert made.token not in record.getMessage() and "/evaluate/export/t/…/agreed_ratings.csv" in record.getMessage()


def test_a_person_makes_and_ends_it_on_the_page(as_user, submitted, eve):
    client = as_user(eve)
    page = client.get(PAGE).content.decode()
    assert "Make my link" in page and "End this link" not in page
    key = str(uuid.uuid4())
    for _twice in range(2):
        answer = client.post(LINK, {"key": key})
        assert (answer.status_code, answer.url) == (303, f"{PAGE}#link")
    made = ExportToken.objects.get()
    page = client.get(PAGE + "?state=OH").content.decode()
    whole = f"{settings.SITE_URL}/evaluate/export/t/{made.token}/standings.csv?state=OH&amp;lang=en"
    assert f"/evaluate/export/t/{made.token}/package.zip?state=OH&amp;lang=en" in page
    assert whole in page and "pandas.read_csv(" in page and "readr::read_csv(" in page
    assert client.post(f"{LINK}{made.pk}/revoke/").status_code == 303
    assert client.post(f"{LINK}{made.pk}/revoke/").status_code == 303
    assert made.token not in client.get(PAGE).content.decode()
    assert client.post(LINK, {"key": key}).status_code == 303  # an old page: it does not come to life again
    assert not ExportToken.objects.filter(revoked_at=None).exists()
    assert list(AuditEvent.objects.values_list("verb", flat=True).order_by("pk"))[-2:] == [
        "make_export_token", "revoke_export_token",
    ]  # fmt: skip


def test_another_s_link_is_not_there_to_end(as_user, made):
    other = factories.person(Role.EVALUATOR, name="Ed")
    unknown = as_user(other).post(f"{LINK}{uuid.uuid4()}/revoke/")
    foreign = as_user(other).post(f"{LINK}{made.pk}/revoke/")
    assert unknown.status_code == foreign.status_code == 404
    assert ExportToken.objects.get().revoked_at is None
    assert as_user(other).post(LINK, {"key": str(made.pk)}).status_code == 409


@pytest.mark.parametrize("key", ["", "x", "0" * 32])
def test_a_page_that_is_old_is_said_in_words(as_user, submitted, eve, key):
    answer = as_user(eve).post(LINK, {"key": key})
    assert answer.status_code == 422 and "This page is old" in answer.content.decode()
    assert not ExportToken.objects.exists()


def test_where_the_site_s_key_changed_it_works_and_is_not_shown(as_user, client, submitted, made, eve, settings):
    token = made.token
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, []
    assert client.get(address(token)).status_code == 200
    page = as_user(eve).get(PAGE).content.decode()
    assert "cannot be shown again" in page and token not in page
