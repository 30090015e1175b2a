"""Pages for everybody, the language switch, and the pages for when something went wrong."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.test import Client, RequestFactory

from milestones import actions, views
from milestones.middleware import Conflicts
from milestones.models import Finding, Rubric
from tests.milestones.reading import flesch_kincaid_grade

PUBLIC = [
    "/about/", "/about/milestones/", "/about/reading/", "/privacy/who-sees-what/", "/help/", "/accessibility/",
    "/contact/",
]  # fmt: skip
NEVER = r"\b(score|scores|grade|grades|fail|weak|behind|laggard|top|best|rank|anonymous|consensus|just|simply)\b|!"


def words(answer):
    """What a reader sees of a page's main part, block by block."""
    main = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    blocks = re.split(r"</?(?:p|h\d|li|dt|dd|td|th|summary|caption|div|section)[^>]*>", main)
    texts = [" ".join(re.sub(r"<[^>]+>", " ", block).split()) for block in blocks]
    return [text for text in texts if text]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("tongue", ["en", "es"])
def test_public_pages_open_in_both_languages(client, path, tongue):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = tongue
    answer = client.get(path)
    assert answer.status_code == 200 and f'<html lang="{tongue}"' in answer.content.decode()
    assert client.post(path).status_code == client.put(path).status_code == 405


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_use_our_words(client, db, path):
    found = re.findall(NEVER, " ".join(words(client.get(path))), re.IGNORECASE)
    assert not found


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/about/", "/about/reading/", "/privacy/who-sees-what/", "/help/"])
def test_public_pages_read_easily(client, path):
    sentences = [text for text in words(client.get(path)) if re.search(r"[.?]$", text)]
    assert flesch_kincaid_grade(sentences) <= 9


def test_the_milestones_page_names_the_source_and_the_dissent(client, rubric):
    Finding.objects.create(position=1, state_code="OR", text_en="Finished a study.", text_es="Terminó un estudio.")
    text = client.get("/about/milestones/").content.decode()
    assert "Innovation Network for the Alliance for Early Success" in text and "Finished a study." in text
    assert "Not everyone agrees with milestones" in text
    for milestone in rubric.milestones.all():
        assert milestone.name in text
    assert text.count("<details>") == 27


def test_the_milestones_page_costs_no_more_queries_with_more_indicators(client, rubric, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        client.get("/about/milestones/")


@pytest.mark.django_db
def test_the_method_page_has_the_places_that_numbers_link_to(client):
    text = client.get("/about/reading/").content.decode()
    for place in (
        "levels", "milestone-level", "core-only", "status", "change", "evidence", "outside", "suggested", "close-or-wide",
        "too-few", "sides", "blind-spot", "direction", "deference", "notes", "deleted", "worked-out", "compare", "over-time",
        "took-part", "next-steps", "imported", "quarters", "across", "map", "grouping", "together", "downloads", "reports",
        "files", "coded", "link",
    ):  # fmt: skip
        assert f'<h2 id="{place}"' in text


@pytest.mark.django_db
@pytest.mark.parametrize("tongue", ["en", "es"])
def test_the_method_page_lists_its_parts_in_their_order(client, tongue):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = tongue
    text = client.get("/about/reading/").content.decode()
    listed = text.split("<details>")[1].split("</details>")[0]
    assert re.findall(r'<a href="#([\w-]+)">(.*?)</a>', listed) == re.findall(r'<h2 id="([\w-]+)">(.*?)</h2>', text)


# Language


@pytest.mark.django_db
def test_the_language_stays_in_browser_and_account(as_user, ben):
    client = as_user(ben)
    answer = client.post("/language/", {"language": "es", "next": "/me/?a=b"})
    assert (answer.status_code, answer.url) == (303, "/me/?a=b")
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "es"
    ben.refresh_from_db()
    assert ben.language == "es"
    assert 'lang="es"' in client.get("/me/").content.decode()


@pytest.mark.django_db
def test_an_account_remembers_its_language_on_a_new_device(as_user, ben):
    type(ben).objects.filter(pk=ben.pk).update(language="es")
    assert 'lang="es"' in as_user(ben).get("/me/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "back", ["//evil.org", "https://evil.org", "javascript:alert(1)", "/signout/", "/admin/", "/x\r\nA: b", "\0", ""]
)
def test_the_language_switch_leads_nowhere_else(client, back):
    assert client.post("/language/", {"language": "es", "next": back}).url == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", ["fr", "", "es\0", "EN", "../es"])
def test_other_languages_change_nothing(client, chosen):
    answer = client.post("/language/", {"language": chosen, "next": "/about/"})
    assert answer.status_code == 303 and settings.LANGUAGE_COOKIE_NAME not in answer.cookies
    assert client.get("/language/").status_code == 405


# When something went wrong


def strict(**headers):
    return Client(enforce_csrf_checks=True, headers=headers)


@pytest.mark.django_db
def test_an_old_page_keeps_what_was_typed():
    answer = strict().post("/signin/", {"email": "long <b>typed</b> text", "next": "/me/"})
    text = answer.content.decode()
    assert answer.status_code == 403 and "long &lt;b&gt;typed&lt;/b&gt; text" in text
    assert "Nothing was saved" in text and "Send again" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}])
def test_a_form_of_ours_can_be_sent_again_with_a_fresh_token(headers):
    client = strict(**headers)
    text = client.post("/language/?a=b", {"language": "en", "next": "/about/"}).content.decode()
    assert "Send again" in text and 'action="/language/?a=b"' in text and 'name="next"' in text
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[-1]
    answer = client.post("/language/", {"next": "/about/", "csrfmiddlewaretoken": token})
    assert answer.status_code == 303


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.org"}, {"sec-fetch-site": "same-site"}]
)
def test_a_form_of_another_site_cannot_be_sent_on_from_here(headers):
    answer = strict(**headers).post("/language/", {"next": "/about/", "language": "es"})
    assert answer.status_code == 403 and "Send again" not in answer.content.decode()


@pytest.mark.django_db
def test_a_code_is_never_shown_on_the_page_for_old_forms():
    assert "BBBB-CCCC" not in strict().post("/signin/code/", {"code": "BBBB-CCCC"}).content.decode()


@pytest.mark.django_db
def test_every_page_that_takes_a_post_asks_for_a_token(coalition):
    for path in ("/signin/", "/signin/code/", "/signin/sample/", "/signout/", "/language/", "/me/settings/"):
        assert strict().post(path, {"language": "es"}).status_code in (302, 403), path


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("handler", "status"), [(views.bad_request, 400), (views.forbidden, 403), (views.not_found, 404)]
)
def test_error_pages_need_no_person_on_the_request(handler, status):
    answer = handler(RequestFactory().get("/"), SuspiciousOperation("secret detail"))
    assert answer.status_code == status and b"secret" not in answer.content


def test_the_page_for_our_own_mistakes_asks_no_database():
    answer = views.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500 and "Algo salió mal" in answer.content.decode()


def test_a_page_that_the_database_kept_waiting_is_asked_for_again_by_itself(caplog):
    """Without the database, in both languages: a projector has nobody beside it."""
    waited = OperationalError("canceling statement due to lock timeout\nCONTEXT: while locking a row of Ben")
    answer = Conflicts(None).process_exception(RequestFactory().get("/c/x/"), waited)
    assert answer.status_code == 503 and 0 < int(answer.headers["Refresh"]) < 60
    assert "The site is busy" in answer.content.decode() and "El sitio está ocupado" in answer.content.decode()
    assert "due to lock timeout" in caplog.text and "Ben" not in caplog.text


@pytest.mark.django_db
def test_what_was_sent_meanwhile_is_not_sent_again_by_itself():
    sent = RequestFactory().post("/c/x/", {"reason": "We met"})
    sent.user = AnonymousUser()
    answer = Conflicts(None).process_exception(sent, OperationalError("database is locked"))
    assert answer.status_code == 503 and "Refresh" not in answer.headers and "We met" in answer.content.decode()


@pytest.mark.django_db
def test_healthz_says_ok_and_nothing_else(client, monkeypatch):
    assert client.get("/healthz").content == b"ok\n"

    def broken():
        raise OperationalError("secret host name")

    monkeypatch.setattr(views.connection, "cursor", broken)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"not ok\n")


@pytest.mark.django_db
def test_a_second_version_replaces_the_first_on_the_page(client, rubric):
    draft = actions.draft_next(last=rubric, version="2")
    assert "Version 1 of" in client.get("/about/milestones/").content.decode()
    actions.publish(draft)
    assert "Version 2 of" in client.get("/about/milestones/").content.decode()
    assert Rubric.objects.count() == 2
