"""Malformed and hostile input, by the numbers of the catalogue: never a 5xx, nothing half-saved, what was typed kept.

No route takes JSON: a JSON body is 415 everywhere, which is what rows 3, 4, 6 and 16 to 23 come to here. Row 70 is in
assessments/test_ballots_at_once.py. Rows 50 to 52 belong to a real server; 54 to 66, of files, are in test_bad_csv.py.
"""

import html
import io
import json
import logging
import re
import time
import unicodedata
import uuid
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.signals import request_started
from django.db import IntegrityError, close_old_connections, transaction
from django.db.models import DateTimeField
from django.test import Client, RequestFactory
from django.utils import timezone

from assessments.collecting import actions as collecting
from assessments.collecting import close
from assessments.collecting.keys import link_token
from assessments.models import AgreedRating, Assessment, Event, Evidence, Invitation, NextStep
from assessments.models.ballots import Answer
from coalitions import actions as people
from coalitions.letters import stop_token
from coalitions.models import AuditEvent, Coalition, Mail, Role, SigninLink, User
from tests import factories
from tests.authz import PDF, ROUTES, dump, expected, nothing_changes, one_world, patterns, said, written_coalition

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("sqlite")]
STORED = pytest.mark.any_engine("both")  # what a database may take or refuse by itself
ONCE = pytest.mark.any_engine("postgres")  # refused before a database is asked, or asked of any alike
MADE = ["draft", "collecting", "discussing", "submitted_unshared"]
ASKED_IN = ["discussing", "draft", "collecting", "submitted_unshared"]
URLENCODED = "application/x-www-form-urlencoded"
CSRF_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
PAYLOAD = '"><img src=x onerror=alert(1)></title></script><script>alert(2)</script>{{7*7}}{% load x %}${7*7}'


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with one_world(django_db_blocker, drawn=True, situations=MADE) as made:
        yield made


@pytest.fixture(autouse=True)
def no_limits_from_other_tests(db):
    cache.clear()


# Every POST that takes effect, as the lead of A, and every field of it in which people write


def actor_of(name) -> str:
    """Who sends this form: the lead; paper is typed by a member."""
    return "MA" if name == "paper" else "LA"


def situation_of(name) -> str:
    """One in which the POST takes effect."""
    asked_in = [s for s in ASKED_IN if s in ROUTES[name].get("only", ASKED_IN)]
    return next(s for s in asked_in if expected(name, "POST", actor_of(name), s)[0] in (200, 303))


def takes_effect(name, situation) -> bool:
    return expected(name, "POST", actor_of(name), situation)[0] in (200, 303)


POSTS = [
    name for name in ROUTES
    if "@" not in name and "POST" in ROUTES[name] and any(takes_effect(name, situation) for situation in MADE)
]  # fmt: skip
CLOSED_POSTS = [name for name in ROUTES if "@" not in name and "POST" in ROUTES[name]]
# route, field, longest, required
TEXTS = [
    ("person_add", "name", 120, True),
    ("coalition_edit", "name", 120, True),
    ("coalition_edit", "about", 2000, False),
    ("coalition_edit", "thanks", 1000, False),
    ("my_settings", "name", 120, True),
    ("own_indicators", "name", 120, True),
    ("own_indicators", "definition", 1000, False),
    ("set_aside", "reason", 500, True),
    ("agreed_rating", "reason", 2000, False),
    ("agreed_rating_save", "reason", 2000, False),
    ("different_view", "text", 2000, True),
    ("evidence", "shows", 2000, True),
    ("story", "text", 5000, False),
    ("story_save", "text", 5000, False),
    ("beyond", "text", 5000, False),
    ("beyond_save", "text", 5000, False),
    ("next_steps", "text-1", 500, True),
    ("next_steps", "owner_name-1", 120, True),
    ("next_steps", "owner_role-1", 120, True),
    ("events", "words", 200, True),
    ("reopen", "reason", 500, True),
    ("ballot_question", "note", 1000, False),
    ("ballot_check", "beyond", 1000, False),
    ("paper", "beyond", 1000, False),
]
ALSO = {"paper": {"beyond_tick": "on"}}  # what a form needs for its text to be taken
AS_JSON = (
    "agreed_rating_save",
    "story_save",
    "beyond_save",
)  # autosaves: what was typed stays in the page that sent it
OWN_QUESTION = {"code": "own-1", "milestone": "cohesion", "title": "Rural", "question": "Do we reach farms?"} | {
    f"level_{level}": f"Level {level}" for level in range(5)
}


def usual(world, name) -> dict:
    """The form of a route as it would be right."""
    return {**world.body(name, actor_of(name), situation_of(name)), **ALSO.get(name, {})}


def post(world, name, changes=None, **more):
    """The POST of a route as it would be right, with changes; None takes a field out."""
    situation, actor = situation_of(name), actor_of(name)
    body = {**usual(world, name), **(changes or {})}
    body = {key: value for key, value in body.items() if value is not None}
    return world.ask("POST", world.url(name, actor, situation), actor, situation, body, **more)


def raw(world, name, content, content_type, **more):
    """A POST with any body at all."""
    situation, actor = situation_of(name) if name in POSTS else "draft", actor_of(name)
    world.ask("HEAD", "/healthz", actor, situation)  # puts the cookies of this person in the client
    return world.client.generic("POST", world.url(name, actor, situation), content, content_type=content_type, **more)


@pytest.fixture
def unchanged(db):
    """Nothing at all was saved."""
    with nothing_changes():
        yield


def test_the_fields_here_are_all_in_which_people_write(world):
    """Of every form there is; a new field of text must be added above."""
    from django import forms

    from milestones.forms import PlainTextField

    assert list(patterns())  # every view, and with it every form, is imported

    def below(form):
        for child in form.__subclasses__():
            yield child
            yield from below(child)

    found = {
        name
        for form in below(forms.BaseForm)
        if form.__module__.split(".")[0] in ("coalitions", "assessments") and not form.__module__.endswith("admin")
        for name, field in form.base_fields.items()
        if isinstance(field, PlainTextField)
    }
    known = {field.split("-")[0] for _name, field, _longest, _required in TEXTS} | OWN_QUESTION.keys()
    assert found - known == {"working_since"}  # a year: a text field, for the sake of the keyboard it brings up


@pytest.mark.parametrize("name", POSTS)
def test_the_posts_stand_as_they_are(world, name):
    """Each really takes effect, so that what is refused below is refused for what was changed."""
    assert post(world, name).status_code in (200, 303)


# 1, 2: NUL


@STORED
@pytest.mark.parametrize("name, field", [row[:2] for row in TEXTS] + [("person_add", "email"), ("evidence", "link")])
def test_1_nul_in_a_text(world, unchanged, name, field):
    assert post(world, name, {field: "a\0b"}).status_code == 422


TAKES_NUL = {  # fields of which only a few words are read, or whether they are there: the rest is as if it were not sent
    ("language", "language"): {303}, ("language", "next"): {303}, ("check", "despite_warnings"): {303},
    ("ballot_check", "send"): {303}, ("paper", "beyond_tick"): {303}, ("pledge", "accept"): {303}, ("signin_sample", "as"): {404}, ("coalition_edit", "as_read"): {409, 422},
}  # fmt: skip


@STORED
@pytest.mark.parametrize("name", POSTS)
def test_1_nul_in_every_field_of_every_form(world, name):
    """Hidden fields, choices, dates and numbers too."""
    for field in usual(world, name):
        point = transaction.savepoint()
        assert post(world, name, {field: "a\0b"}).status_code in TAKES_NUL.get((name, field), {422}), field
        transaction.savepoint_rollback(point)


@STORED
@pytest.mark.parametrize("name", [name for name in ROUTES if "GET" in ROUTES[name] and "@" not in name])
def test_2_nul_in_an_address(world, unchanged, name):
    url = world.url(name, "LA", "discussing")
    between = "&" if "?" in url else "?"
    for actor in ("LA", "nobody"):
        for address in (f"{url}{between}q=%00", f"{url}{between}%00=1", f"{url}{between}page=1%00", f"{url}%00"):
            if name == "signin_link" and address.endswith("/%00"):
                continue
            answer = world.ask("GET", address, actor, "discussing")
            assert answer.status_code in (400, 404) and (answer.status_code == 400 or "?" not in address), address


# 3, 4, 6, 16 to 23, 28: bodies that are no form

NO_FORMS = [
    ("application/json", b'{"reason": "a\\u0000b"}'),  # 3
    ("application/json", b'{"reason": "\\ud800"}'),  # 4
    ("application/json", b'{"reason": "\xff\xfe"}'),  # 6
    ("application/json", b'{"level": NaN}'),  # 16, 22
    ("application/json", b"{"), ("application/json", b"[]"), ("application/json", b"null"),  # 19
    ("application/json", b'{"reason": {}}'),  # 20
    ("application/json", b"[" * 100_000),  # 21
    ("application/json", b'{"level": ' + b"9" * 5000 + b"}"),  # 22
    ("application/json", b'{"level": 1, "level": 4}'),  # 23
    ("application/json; charset=utf-16", json.dumps({"level": 1}).encode("utf-16")),  # 7
    ("text/plain", b"level=3"), ("text/xml", b"<level>3</level>"), ("application/octet-stream", b"\0\1"),  # 28
    ("application/xml", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'),
    ("application/x-www-form-urlencoded-not", b"level=3"), ("", b"level=3"), ("nonsense", b"level=3"),
]  # fmt: skip


@ONCE
@pytest.mark.parametrize("name", CLOSED_POSTS)
def test_28_bodies_that_are_no_form_are_415(world, unchanged, name):
    for content_type, body in NO_FORMS:
        answer = raw(world, name, body, content_type)
        assert answer.status_code == 415, (content_type, body[:30])


CHARSETS = [
    "rot13",
    "utf-16",
    "utf-7",
    "bogus",
    "latin-1",
    "utf-8-sig",
    "zlib_codec",
    '"rot13"',
    "unicode_escape",
    "idna",
]


@pytest.fixture(autouse=True)
def as_the_web_server(monkeypatch):
    """The test client makes its requests as milestones/wsgi.py does."""
    from milestones.wsgi import Request

    monkeypatch.setattr("django.test.client.WSGIRequest", Request)


@ONCE
@pytest.mark.parametrize("name", CLOSED_POSTS)
def test_7_other_charsets_are_400(world, unchanged, name):
    for charset in CHARSETS:
        for kind in (URLENCODED, "multipart/form-data; boundary=x"):
            assert raw(world, name, "level=3", f"{kind}; charset={charset}").status_code == 400, charset


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("method, address", [("POST", "/me/settings/?a=b"), ("GET", "/about/?a=%E9"), ("PUT", "/?a")])
def test_7_a_charset_does_not_break_the_reading_of_an_address(world, unchanged, charset, method, address):
    """Through the door of the web server, where Django reads the address before any middleware."""
    from milestones.wsgi import application

    path, query = address.split("?")
    environ = RequestFactory().generic(method, path, "level=3", f"{URLENCODED}; charset={charset}").environ
    heard = []
    request_started.disconnect(close_old_connections)  # as the test client does: the connection is the test's
    try:
        application({**environ, "QUERY_STRING": query}, lambda status, headers: heard.append((status, dict(headers))))
    finally:
        request_started.connect(close_old_connections)
    assert heard[0][0] == ("200 OK" if method == "GET" else "400 Bad Request")
    assert "Content-Security-Policy" in heard[0][1]


# 5: broken text in a form


@STORED
@pytest.mark.parametrize("name, field", [*[row[:2] for row in TEXTS], ("invite", "people")])
@pytest.mark.parametrize("broken", ["%FF%FE", "ok%C0%80", "%ED%A0%80", "a%F5b", "%EF%BF%BD"])
def test_5_broken_utf8_is_never_stored(world, unchanged, name, field, broken):
    from urllib.parse import urlencode

    body = usual(world, name)
    body.pop(field, None)
    assert raw(world, name, f"{urlencode(body)}&{field}={broken}", URLENCODED).status_code == 422


# 8 to 12: length, emptiness, hidden characters, other scripts


@STORED
@pytest.mark.parametrize("name, field, longest, required", TEXTS)
def test_8_one_character_too_many(world, unchanged, name, field, longest, required):
    text = "<b>é</b>" + "x" * (longest - 7)
    answer = post(world, name, {field: text})
    assert answer.status_code == 422
    if name in AS_JSON:
        assert "1 character too long" in json.dumps(answer.json())
    else:
        page = answer.content.decode()
        assert "1 character too long" in page
        assert html.escape(text) in page and "<b>é" not in page


@STORED
@pytest.mark.parametrize("name, field, longest, required", TEXTS)
def test_8_as_many_characters_as_there_may_be(world, name, field, longest, required):
    assert post(world, name, {field: "é" * longest}).status_code in (200, 303)


@ONCE
@pytest.mark.parametrize("name, field, longest", [row[:3] for row in TEXTS if row[3]])
@pytest.mark.parametrize(
    "blank", ["", "   ", "\u200b", "\u3164", "\u2060\ufeff", "\u200e \u202e", "\t\r\n", "\u00ad", "\u2800"]
)
def test_9_text_in_which_nothing_can_be_seen(world, unchanged, name, field, longest, blank):
    assert post(world, name, {field: blank}).status_code == 422


@STORED
def test_10_marks_that_turn_text_around_are_taken_out(world):
    answer = post(world, "coalition_edit", {"name": "Sample \u202eevil\u202c \u2066Alliance\u2069"})
    k = Coalition.objects.get(slug=world.things[situation_of("coalition_edit")]["slug"])
    assert answer.status_code == 303 and k.name == "Sample evil Alliance"


@STORED
@pytest.mark.parametrize(
    "name", ["Birch Coalition", "BIRCH  coalition", "Ｂirch Coalition", "Birch\u00a0Coalition", "Bir\u200ech Coalition"]
)
def test_10_a_name_is_told_apart_by_what_is_read(world, unchanged, name):
    answer = post(world, "coalition_edit", {"name": name})
    assert answer.status_code == 422 and "Another coalition has this name" in answer.content.decode()


SCRIPTS = ["👩‍👩‍👧‍👦 👍🏽", "𠀋𡈽𡌛", "अनुच्छेद", "مرحبا بالعالم", "שלום", "Z" + "\u0336\u0353" * 50, "ñandú Ñ", "ﬁ ① Å"]


@STORED
@pytest.mark.parametrize("name, field", [row[:2] for row in TEXTS])
def test_11_every_script_is_kept_whole(world, name, field):
    for text in SCRIPTS:
        point = transaction.savepoint()
        assert post(world, name, {field: text}).status_code in (200, 303), text
        kept = unicodedata.normalize("NFC", text)
        values = [value for rows in dump().values() for row in rows for value in row]
        documents = [json.loads(value) for value in values if isinstance(value, str) and value.startswith("{")]
        assert kept in values + [word for document in documents for word in document.values()]
        transaction.savepoint_rollback(point)


@STORED
def test_12_one_person_however_the_address_is_typed(world):
    """Addresses are ASCII before the @; after it a name may be composed in two ways."""
    for email in ("jose@señal.example", "JOSE@sen\u0303al.example", " Jose@Señal.Example "):
        assert post(world, "person_add", {"email": email}).status_code == 303
    assert User.objects.filter(email__startswith="jose").count() == 1
    assert post(world, "person_add", {"email": "josé@example.org"}).status_code == 422


@STORED
def test_12_one_name_however_it_is_composed(world):
    Coalition.objects.filter(pk=world.b.pk).update(name="Peña", name_key="peña")
    for name in ("Pen\u0303a", "PE\u00d1A", " pen\u0303a "):
        answer = post(world, "coalition_edit", {"name": name})
        assert answer.status_code == 422 and "Another coalition has this name" in answer.content.decode()


# 13, 14: text that would like to be a page


def test_13_14_hostile_text_is_shown_as_text(world):
    """In every field where somebody can write, on every page that shows it, inside and outside, and in the files."""
    k = written_coalition("Hostile", lambda what: f"{PAYLOAD}"[:117])
    quarter = k.assessments.order_by("quarter_text").first()
    quarter.coalition = k
    revision = quarter.revisions.order_by("-number").first()
    choices = dict.fromkeys(revision.standings.values_list("slug", flat=True), "level_and_story") | {"beyond": "story"}
    lead = k.memberships.get(role=Role.LEAD).user
    factories.sharing.share(assessment=quarter, number=revision.number, choices=choices, by=lead)
    view = quarter.agreed_ratings.get(indicator__code="1.2")
    at, later = f"/c/hostile/{quarter.quarter.slug}", f"/c/hostile/{quarter.quarter.next.slug}"
    inside = ["/c/hostile/" + page for page in ("", "people/", "history/", "settings/", "events/", "results/", "open/")]
    inside += [at + page for page in ("/", "/done/", "/sharing/", "/sharing/preview/?cohesion=story", "/revisions/1/",
                                      "/revisions/2/", "/1.2/", "/own-2/", "/reopen/")]  # fmt: skip
    inside += [
        later + page for page in ("/", "/open/", "/own/", "/own/?add=indicator", "/next-steps/", "/set-aside/own-1/")
    ]
    inside += [at + page for page in ("/print/report/", "/print/report.pdf")]
    inside += [at + page for page in ("/agenda/", "/print/meeting/")] + ["/c/hostile/results/setting-the-table/"]
    asking = quarter.quarter.next.next.slug
    collecting = [f"/c/hostile/{asking}/{page}" for page in ("", "invite/", "code/", "close/", "progress/", "print/ballot/",
                  "print/tally/", "paper/", "meet/1.2/screen/", "meet/1.2/host/")]  # fmt: skip
    collecting += [f"/rate/hostile/{asking}/{page}" for page in ("", "1.2/", "check/", "done/")] + ["/me/answers/"]
    outside = ["/states/", "/states/?view=trend", "/states/?view=map&shade=1", "/states/?view=cards", "/next-steps/",
               "/milestones/cohesion/?group=level", "/states/oh/", "/states/oh/hostile/"]  # fmt: skip
    outside += ["/states/oh/?print=1", "/states/oh/hostile/?print=1", "/states/oh.pdf", "/states/oh/hostile.pdf"]
    files = ["/evaluate/export/", "/evaluate/export/agreed_ratings.csv", "/evaluate/export/standings.csv?lang=es"]
    factories.submitting.reopen(
        assessment=Assessment.objects.select_related("coalition").get(pk=quarter.pk), number=2, reason=PAYLOAD, by=lead
    )
    recording = [at + page for page in ("/1.2/", "/1.2/evidence/", "/own-2/", "/beyond/", "/story/cohesion/",
                                        "/story/own-1/", "/next-steps/", "/check/", "/set-aside/cohesion/")]  # fmt: skip
    shown = 0
    for who, addresses in [
        (lead, inside + recording + outside + collecting),
        (k.memberships.exclude(user__name="").filter(role=Role.MEMBER).order_by("pk").first().user,
         inside + recording + collecting),
        (world.people["AD"], inside), (world.people["FG"], outside), (world.people["EV"], outside + files),
    ]:  # fmt: skip
        client = Client(raise_request_exception=True)
        client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[0])
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code in (200, 302, 403, 409), address
            if answer.headers["Content-Type"] == "application/pdf":  # its text: tests/assessments/reports/test_pdf.py
                continue
            text = said(answer)
            if answer.headers["Content-Type"].startswith("text/html"):
                assert "<img src=x" not in text and "</script><script>" not in text, address
                assert "<script>" not in text and "{{7*7}}".replace("7*7", "49") not in text, address
                shown += html.escape(PAYLOAD[:28]) in text or "u003Cimg" in text
            else:
                assert not [line for line in text.splitlines() if line.startswith(("=", "+", "@"))]
    assert shown > 60 and view is not None


@pytest.mark.parametrize("name, field, longest, required", [row for row in TEXTS if row[0] not in AS_JSON])
def test_13_hostile_text_sent_back_for_correction_is_text(world, unchanged, name, field, longest, required):
    answer = post(world, name, {field: PAYLOAD + "x" * longest})
    page = answer.content.decode()
    assert answer.status_code == 422 and "<img src=x" not in page and "<script>alert" not in page
    assert html.escape(PAYLOAD) in page


# 15, 17, 18: levels; and whatever else is one of a few


BAD_LEVELS = ["5", "6", "9", "-1", "1e3", "3.5", "NaN", "Infinity", "0x3", "true", "٣", "３", " 3", "3 ", "+3", "03", "3\n",
              "9" * 5000, "99999999999", "null", "[]"]  # fmt: skip


@pytest.mark.parametrize("name", ["agreed_rating", "agreed_rating_save", "ballot_question"])
@pytest.mark.parametrize("level", BAD_LEVELS, ids=lambda level: level[:12])
def test_15_18_no_level_but_the_five(world, unchanged, name, level):
    assert post(world, name, {"level": level}).status_code == 422


def test_15_zero_is_a_level(world):
    assert post(world, "agreed_rating", {"level": "0"}).status_code == 303
    rating = AgreedRating.objects.get(
        assessment__coalition=world.a["discussing"], indicator__code="1.2", assessment__stage="discussing"
    )
    assert rating.level == 0


@pytest.mark.parametrize("level", BAD_LEVELS, ids=lambda level: level[:12])
def test_15_18_no_mark_on_paper_but_the_boxes(world, unchanged, level):
    asked = AgreedRating.objects.get(assessment__stage="collecting", assessment__coalition=world.a["collecting"],
                                     indicator__code="1.2")  # fmt: skip
    assert post(world, "paper", {f"mark_{asked.indicator_id}": level}).status_code == 422


@pytest.mark.parametrize(
    "sent", [{"level": None}, {"level": ""}, {"level": "3", "answer": "cant_see"}, {"answer": "level"}]
)
def test_16_one_answer_and_no_other(world, unchanged, sent):
    answer = post(world, "ballot_question", {**sent, "note": "The bus strike"})
    assert answer.status_code == 422 and "The bus strike" in answer.content.decode()


def test_15_zero_is_an_answer(world):
    levels = Answer._base_manager.filter(level=0)
    before = levels.count()
    assert post(world, "ballot_question", {"level": "0"}).status_code == 303
    assert levels.count() == before + 1


@pytest.mark.parametrize(
    "values", [{"level": 5}, {"level": -1}, {"level": None}, {"kind": "skip"}, {"kind": "x", "level": None}]
)
def test_15_the_database_keeps_no_other_answer(world, values):
    row = Answer._base_manager.exclude(level=None).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer._base_manager.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize("level", [5, 9, -1])
def test_15_the_database_refuses_other_levels_too(world, level):
    rating = AgreedRating.objects.filter(assessment__stage="discussing").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreedRating.objects.filter(pk=rating.pk).update(outcome="agreed", level=level)


CHOICES = [
    ("agreed_rating", "outcome"), ("evidence", "kind"), ("evidence", "voice"), ("evidence", "visibility"),
    ("different_view", "signed"), ("different_view", "coalition_only"), ("next_steps", "kind-1"),
    ("next_steps", "milestone-1"), ("person_add", "role"), ("person_role", "role"), ("my_settings", "tongue"),
    ("coalition_edit", "time_zone"), ("assessment_new", "quarter"), ("assessment_new", "mode"),
    ("assessment_edit", "mode"), ("share", "cohesion"), ("assessment_new", "room_sees"), ("assessment_edit", "room_sees"),
    ("assessment_edit", "focus"), ("assessment_edit", "deference"), ("ballot", "voice"), ("ballot_question", "answer"),
    ("ballot_check", "direction-cohesion"), ("paper", "voice"), ("helper", "act"), ("meeting_host", "act"),
    ("meeting_host", "step"),
]  # fmt: skip


@ONCE
@pytest.mark.parametrize("name, field", CHOICES)
@pytest.mark.parametrize("choice", ["administrator", "AGREED", "x" * 5000, "١", "<b>x</b>", "../../etc/passwd", "0"])
def test_17_only_what_may_be_chosen(world, unchanged, name, field, choice):
    answer = post(world, name, {field: choice})
    assert answer.status_code == 422 and "<b>x</b>" not in answer.content.decode()


@pytest.mark.parametrize("role", ["funder", "evaluator", "administrator", "Lead", "lead "])
def test_17_no_other_role_is_given(world, unchanged, role):
    for name in ("person_add", "person_role"):
        assert post(world, name, {"role": role}).status_code == 422


# 24: what a form does not have


EXTRA = {
    "stage": "submitted", "state": "submitted", "coalition": "x", "coalition_id": "1", "is_staff": "1", "is_active": "0",
    "is_superuser": "1", "saved_by": "1", "confirmed": "0", "sample": "1", "sharing": "level_and_story", "by": "1",
    "imported": "1", "room_sees": "see_the_spread", "id": "1", "pk": "1", "user": "1", "own": "1", "rubric": "2",
    "published_at": "2026-01-01", "signed_by": "1", "added_by": "1", "opened_by": "1", "file_type": "text/html",
    "brought_forward_from": "2020Q1", "position": "9", "submitted_at": "2020-01-01", "password": "x", "slug": "x",
    "_connector": "OR", "__class__": "x", "members_view": "", "holder": "x", "device_sha256": "x", "device": "x",
    "channel": "paper", "sent": "1", "generation": "9", "revoked": "1", "join_code": "ABCDEFGH", "reminded": "9",
    "deadline": "2099-01-01", "invited_by": "1", "host": "1", "release": "{}", "ballot": "1",
}  # fmt: skip


NEW_EACH_TIME = ("about_id", "details", "password", "token_sha256", "join_code", "device_sha256")


def rows_without_keys() -> dict:
    """All rows, without what every write makes anew: primary keys, references, instants, secrets."""
    from django.apps import apps

    kept = {}
    for app in ("milestones", "coalitions", "assessments"):
        for model in apps.get_app_config(app).get_models():
            names = [
                field.attname for field in model._meta.concrete_fields
                if not field.primary_key and not field.is_relation and not isinstance(field, DateTimeField)
                and field.name not in NEW_EACH_TIME and (model is not Mail or field.name not in ("about", "key"))
            ]  # fmt: skip
            rows = model._base_manager.values_list(*names) if names else model._base_manager.values_list("pk")
            kept[model.__name__] = sorted(map(repr, rows))
    return kept


@ONCE
@pytest.mark.parametrize("name", POSTS)
def test_24_fields_that_a_form_does_not_have_change_nothing(world, name):
    found, right = [], usual(world, name)
    with time_machine.travel(timezone.now(), tick=False):  # a packed text holds the second of its submit
        for extra in ({}, {key: value for key, value in EXTRA.items() if key not in right}):
            point = transaction.savepoint()
            answer = post(world, name, {**right, **extra})
            found.append((answer.status_code, rows_without_keys()))
            transaction.savepoint_rollback(point)
    assert found[0][0] == found[1][0]
    assert {kind: rows for kind, rows in found[0][1].items() if rows != found[1][1][kind]} == {}


# 25 to 27: too much, or torn


@ONCE
@pytest.mark.parametrize("name", POSTS)
def test_25_26_too_many_fields_and_too_much(world, unchanged, name):
    many = "&".join(f"f{n}=1" for n in range(1001))
    assert raw(world, name, many, URLENCODED).status_code == 400
    started = time.monotonic()
    assert raw(world, name, b"reason=" + b"x" * 3_000_000, URLENCODED).status_code == 400
    declared = raw(world, name, b"reason=x", URLENCODED, CONTENT_LENGTH=str(10**9))
    assert declared.status_code in (400, 413) and time.monotonic() - started < 1
    for length in ("abc", "-1", "1e3", "٣", "9" * 5000):
        assert raw(world, name, b"reason=x", URLENCODED, CONTENT_LENGTH=length).status_code in (400, 413, 422), length


def parts(*files, boundary="x"):
    body = b""
    for field, filename, content in files:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"'.encode()
        body += (f'; filename="{filename}"\r\nContent-Type: image/png' if filename is not None else "").encode()
        body += b"\r\n\r\n" + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode()


def evidence_parts(world, *files):
    fields = [(name, None, value.encode()) for name, value in world.body("evidence", "LA", "discussing").items()]
    return parts(*fields, *files)


@ONCE
@pytest.mark.parametrize("name", POSTS)
def test_25_27_files_and_torn_bodies(world, unchanged, name):
    multipart = "multipart/form-data; boundary=x"
    assert raw(world, name, parts(*[(f"f{n}", "a.png", b"x") for n in range(101)]), multipart).status_code == 400
    assert raw(world, name, b"--x\r\n", "multipart/form-data").status_code == 400
    assert raw(world, name, b"--x\r\n", "multipart/form-data; boundary=" + "é" * 10).status_code == 400


@pytest.mark.parametrize("name", ["events", "evidence", "agreed_rating", "person_add", "different_view"])
def test_27_a_body_that_breaks_off_saves_nothing(world, unchanged, name):
    for torn in (b"--x\r\nContent-Disposition: form-data; name=", b"--x\r\n\r\n", b"x", b"--x--\r\n", b"\r\n" * 100):
        assert raw(world, name, torn, "multipart/form-data; boundary=x").status_code in (400, 422)


@pytest.mark.parametrize("filename", ["", "../../../etc/x.png", "a" * 300 + ".png", "a\r\nX: y.png", "a.php;.png"])
def test_27_66_names_of_files_are_ignored(world, filename):
    body = evidence_parts(world, ("file", filename, PDF))
    answer = raw(world, "evidence", body, "multipart/form-data; boundary=x")
    assert answer.status_code in (303, 400)  # a line break in a name breaks the part
    kept = Evidence.objects.filter(shows="Minutes of April").first()
    if kept and kept.file:
        assert "/" not in kept.file.name.removeprefix("evidence/") and kept.file.name.endswith(".pdf")
        assert len(kept.file.name) < 60


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a" + b"\0" * 50, b"<svg onload=alert(1)>", b"MZ\x90", b"PK\x03\x04" * 9, b"%PDF-1.7 cut off",
                b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"<html>", io.BytesIO().read() + b"\xff\xd8\xff"]
)  # fmt: skip
def test_27_files_that_are_none_of_ours(world, unchanged, content):
    body = evidence_parts(world, ("file", "picture.png", content))
    answer = raw(world, "evidence", body, "multipart/form-data; boundary=x")
    assert answer.status_code == 422 and "Minutes of April" in answer.content.decode()


@pytest.mark.parametrize("size, status", [(10.2, 422), (12, 413)])
def test_26_a_file_that_is_too_large(world, unchanged, size, status):
    """A little too large is said beside the field; what no form of ours can be is not read at all."""
    body = evidence_parts(world, ("file", "minutes.pdf", PDF + b"\0" * int(size * 1024 * 1024)))
    answer = raw(world, "evidence", body, "multipart/form-data; boundary=x")
    assert answer.status_code == status
    assert status == 413 or "Minutes of April" in answer.content.decode()


# 29: the token of a page


@pytest.mark.parametrize("name, field", [*[row[:2] for row in TEXTS], ("invite", "people")])
def test_29_without_the_right_token_what_was_typed_is_shown(world, unchanged, name, field):
    situation = situation_of(name)
    for token in (None, "x" * 64, "old", "\u200b"):
        client = Client(enforce_csrf_checks=True)
        client.cookies[settings.SESSION_COOKIE_NAME] = world.session(actor_of(name), situation)
        body = {**usual(world, name), field: "<b>typed</b>"}
        body |= {} if token is None else {"csrfmiddlewaretoken": token}
        answer = client.post(world.url(name, actor_of(name), situation), body)
        page = answer.content.decode()
        assert answer.status_code == 403 and "&lt;b&gt;typed" in page and "<b>typed" not in page


# 30, 31: versions and keys


@ONCE
@pytest.mark.parametrize(
    "name, field",
    [("agreed_rating", "version"), ("agreed_rating_save", "version"), ("story", "version"), ("story_save", "version"),
     ("beyond", "version"), ("beyond_save", "version"), ("assessment_edit", "version"), ("next_steps", "version-1"),
     ("check", "number"), ("share", "number"), ("reopen", "number")],
)  # fmt: skip
def test_30_no_save_without_the_version_that_was_read(world, unchanged, name, field):
    for version in (None, "", "-1", "abc", "1.5", "1e3", "9" * 5000, "2" * 30, "0x1"):
        assert post(world, name, {field: version}).status_code == 422, version
    for version in ("7", "9999"):
        assert post(world, name, {field: version}).status_code == 409, version


@pytest.mark.parametrize(
    "name, field, model",
    [("events", "words", Event), ("evidence", "shows", Evidence), ("different_view", "text", None),
     ("paper", "beyond", None)],
)  # fmt: skip
def test_31_a_key_with_other_words(world, name, field, model):
    key = str(uuid.uuid4())
    assert post(world, name, {"key": key}).status_code == 303
    before = dump()
    assert post(world, name, {"key": key}).status_code == 303
    again = post(world, name, {"key": key, field: "Other words"})
    assert again.status_code == 422 and "Other words" in again.content.decode()
    assert dump() == before


def test_31_a_new_step_with_the_key_of_another_shows_both(world):
    """With version 0 and other words it is a change over somebody's step: 409, with both texts."""
    key = str(uuid.uuid4())
    step = {"key-2": key, "kind-2": "ask", "text-2": "First words", "milestone-2": "beyond", "owner_name-2": "Bo",
            "owner_role-2": "lead", "due_on-2": "2026-12-01"}  # fmt: skip
    own = {"text-1": "Meet in the library"}
    assert post(world, "next_steps", {**own, **step}).status_code == 303
    before = NextStep.objects.count()
    again = post(world, "next_steps", {**own, **step, "version-1": "2", "text-2": "Other words"})
    page = again.content.decode()
    assert again.status_code in (409, 422) and "Other words" in page
    assert NextStep.objects.count() == before and NextStep.objects.get(pk=key).text == "First words"


@pytest.mark.parametrize("name", ["events", "evidence", "different_view", "paper"])
@pytest.mark.parametrize("key", [None, "", "x", "{key}", "A" * 36, "0" * 32, "{00000000-0000-4000-8000-000000000000}",
                                 "00000000-0000-4000-8000-00000000000A", "٣" * 36])  # fmt: skip
def test_31_a_form_without_a_key_of_its_own(world, unchanged, name, key):
    assert post(world, name, {"key": key}).status_code == 422


@pytest.mark.parametrize("version", [None, "", "-1", "abc", "1.5", "1e3", "9" * 5000, "0x1"])
def test_30_no_move_of_a_meeting_without_the_version_that_was_read(world, unchanged, version):
    assert post(world, "meeting_host", {"version": version}).status_code == 422


@pytest.mark.parametrize("as_read", ["-1", "abc", "1.5", "9" * 5000, "32769"])
def test_30_a_new_link_for_a_generation_that_is_none(world, unchanged, as_read):
    assert post(world, "invite_resend", {"as_read": as_read}).status_code == 422


@pytest.mark.parametrize("person", [None, "", "0", "-1", "abc", "1.5", "9" * 5000])
def test_30_a_helper_who_is_nobody(world, unchanged, person):
    assert post(world, "helper", {"person": person}).status_code == 422


# 32: one second too late


LATE = [("ballot_question", "note"), ("ballot_check", "beyond"), ("paper", "beyond")]


@pytest.fixture
def asked_of_a(world):
    return Assessment.objects.select_related("coalition").get(
        coalition=world.a["collecting"], quarter_text=str(world.quarter)
    )


@pytest.mark.parametrize("name, field", LATE)
@pytest.mark.parametrize("closed", [False, True], ids=["past its deadline", "closed"])
def test_32_one_second_after_close_the_words_come_back(world, asked_of_a, name, field, closed):
    if closed:
        close.close(assessment=asked_of_a, by=None)
    else:
        Assessment.objects.filter(pk=asked_of_a.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    before = dump()
    answer = post(world, name, {field: "The <b>bus</b> strike"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "The &lt;b&gt;bus&lt;/b&gt; strike" in page and "<b>bus" not in page
    assert dump() == before


@pytest.mark.parametrize("name", ["ballot", "ballot_erase", "ballot_end_device", "deadline", "join_code"])
def test_32_after_close_nothing_of_collecting_is_done(world, asked_of_a, name):
    close.close(assessment=asked_of_a, by=None)
    before = dump()
    assert post(world, name).status_code == 409
    assert dump() == before


# Lists of people


BAD_LINES = ["nobody", "a@b", "a@b.org\nc@", "a@b.org Ana\na@b.org Ana", "<a@b.org", "a@b.org>", "@", "a" * 320 + "@b.org",
             "a@b.org " + "x" * 121, "a@b.org\u202e, Evil\nx", "\n\n", " ", "\u200b", "a@b.org,c@d.org", "a@-b.org",
             "\n".join(f"p{n}@example.org" for n in range(201)), "Bcc: x@evil.org", "a@b.org\r\nTo: x@evil.org y@evil.org",
             "josé@example.org", "a@[127.0.0.1]", '"a b"@c.org', "a@b.org\0", "a@b.org\n=cmd|x", "x" * 400_000]  # fmt: skip


@STORED
@pytest.mark.parametrize("lines", BAD_LINES, ids=lambda lines: lines[:16].encode("unicode_escape").decode())
def test_12_72_one_bad_line_and_nobody_is_invited(world, unchanged, lines):
    answer = post(world, "invite", {"people": lines})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert lines.strip() in html.unescape(page).replace("\r", "") or "\0" in lines or "\r" in lines


# 33: a milestone that lacks


def test_33_submitting_names_what_is_open(world, unchanged):
    answer = post(world, "check", {"despite_warnings": None})
    page = answer.content.decode()
    assert answer.status_code == 422 and all(code in page for code in ("1.2", "2.1", "7.1"))


# 34 to 36: what stands in an address


@pytest.mark.parametrize(
    "number", ["9223372036854775808", "9" * 30, "9" * 5000, "-1", "0", "2147483648", "32768", "1.5"]
)
def test_34_numbers_in_addresses(world, unchanged, number):
    slug = world.things["discussing"]["slug"]
    for address in (f"/c/{slug}/people/{number}/role/", f"/c/{slug}/people/{number}/remove/"):
        assert world.ask("POST", address, "LA", "discussing", {"role": "lead"}).status_code == 404
    slug = world.things["submitted_unshared"]["slug"]
    address = f"/c/{slug}/{world.quarter.slug}/revisions/{number}/"
    assert world.ask("GET", address, "LA", "submitted_unshared").status_code == 404
    assert world.ask("GET", f"/admin/coalitions/membership/{number}/change/", "AD", "discussing").status_code in (
        302,
        404,
    )


ODD = [
    "abc",
    "%00",
    "١",
    "%EF%BF%BD",
    "%ff",
    "%ED%A0%80",
    "..",
    "%2e%2e%2f",
    "a'b",
    'a"b',
    "%3Cb%3E",
    "x" * 3000,
    "%F0%9F%91%8D",
    "a b",
]


@ONCE
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:12])
def test_35_odd_words_in_addresses(world, unchanged, odd):
    slug, quarter = world.things["discussing"]["slug"], world.quarter.slug
    inside = [
        f"/c/{odd}/", f"/c/{slug}/{odd}/", f"/c/{slug}/{quarter}/{odd}/", f"/c/{slug}/{quarter}/{odd}/evidence/",
        f"/c/{slug}/{quarter}/set-aside/{odd}/", f"/c/{slug}/{quarter}/story/{odd}/", f"/c/{slug}/people/{odd}/role/",
        f"/c/{slug}/{quarter}/evidence-files/{odd}/", f"/c/{slug}/{quarter}/revisions/{odd}/",
    ]  # fmt: skip
    outside = [f"/states/{odd}/", f"/states/oh/{odd}/", f"/states/{odd}/{slug}/", f"/states/oh/{slug}/{quarter}/files/{odd}/",
               f"/evaluate/export/{odd}.csv", f"/milestones/{odd}/",
               f"/states/{odd}.pdf", f"/states/oh/{odd}.pdf", f"/states/figures/{odd}.svg",
               f"/milestones/{odd}/figures/list.csv"]  # fmt: skip
    inside += [f"/c/{slug}/results/{odd}/", f"/c/{slug}/{quarter}/meet/{odd}/screen/", f"/rate/{odd}/{quarter}/",
               f"/rate/{slug}/{quarter}/{odd}/", f"/c/{slug}/{quarter}/invite/{odd}/resend/"]  # fmt: skip
    inside += [f"/c/{slug}/files/{odd}.csv"]
    secrets = [
        f"/signin/link/{odd}/",
        f"/join/{odd}/",
        f"/unsubscribe/{odd}/",
        f"/evaluate/export/t/{odd}/standings.csv",
    ]
    for actor, addresses in [("LA", inside), ("EV", outside), ("nobody", secrets)]:
        for address in addresses:
            answer = world.ask("GET", address, actor, "discussing")
            assert answer.status_code in (400, 404), (actor, address[:80], answer.status_code)
            assert (answer.status_code == 400) == ("%00" in address)


def test_36_one_spelling_of_an_id(world, unchanged):
    slug, key = world.things["discussing"]["slug"], str(world.things["discussing"]["event"])
    spellings = [
        key.upper(),
        "{" + key + "}",
        key.replace("-", ""),
        "urn:uuid:" + key,
        str(uuid.UUID(int=0)),
        key[:-1],
        key + "0",
    ]
    for spelling in spellings:
        if spelling != key:
            answer = world.ask("POST", f"/c/{slug}/events/{spelling}/remove/", "LA", "discussing")
            assert answer.status_code == 404, spelling


@pytest.mark.parametrize(
    "quarter",
    ["2026q5", "2026q0", "0000q1", "1999q4", "2100q1", "2026Q2", "2026-q2", "2026q2;drop", "10000q1", "２０２６q2"],
)
def test_40_no_other_quarters_in_addresses(world, unchanged, quarter):
    for page in ("", "open/", "1.2/", "check/"):
        address = f"/c/{world.things['discussing']['slug']}/{quarter}/{page}"
        assert world.ask("GET", address, "LA", "discussing").status_code == 404
    for page in ("", "1.2/", "check/", "done/"):
        address = f"/rate/{world.things['collecting']['slug']}/{quarter}/{page}"
        assert world.ask("GET", address, "LA", "collecting").status_code == 404


# 37 to 43: questions after the address


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "99999", "9" * 5000, "1.5", "", "١", "last", "<b>"])
def test_37_pages_that_are_not_there(world, unchanged, asked):
    address = f"/c/{world.things['discussing']['slug']}/history/?page={asked}"
    assert world.ask("GET", address, "LA", "discussing").status_code == 200


QUESTIONS = [
    "q=2026q5", "q=0000Q1", "q=2026-Q1;drop", "q=10000", "q=" + "9" * 5000, "q=2099Q4", "q=a&q=2026Q2", "view=xml",
    "view=../../etc/passwd", "m=abc", "m=" + "x" * 5000, "states=zz", "states=" + "oh~" * 5000, "states=oh&states=zz",
    "o=password", "o=log__note", "o=?", "level=abc", "level=", "level=1180591620717411303424", "voice=parent&side=a",
    "format=../../etc/passwd", "format=xml", "_connector=OR&_negated=1", "coalition__slug=x", "q=%EF%BF%BD&m=%ff",
    "q=<script>alert(1)</script>", "m=\"><img src=x>", "lang=xx", "excel=9", "from=2026q5", "to=x", "sample=maybe",
    "revisions=x", "state=zz", "coalition=x", "milestone=x", "from=2026Q4&to=2026Q1", "page=x", "add=x", "next=//evil.org",
    "cohesion=everything&members_view=2", "&&&===", "%", "a[]=1&a[b]=2",
]  # fmt: skip


@ONCE
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question[:25])
def test_38_to_43_questions_that_make_no_sense(world, unchanged, question):
    """They fall back to the usual page, and are never said back unescaped."""
    slug, quarter = world.things["submitted_unshared"]["slug"], world.quarter.slug
    for actor, addresses in [
        ("FG", ["/states/", "/states/oh/", "/states/pa/birch-coalition/", "/milestones/", "/milestones/cohesion/",
                "/next-steps/"]),
        ("EV", ["/evaluate/export/"]),
        ("LA", [f"/c/{slug}/results/", f"/c/{slug}/{quarter}/sharing/", f"/c/{slug}/{quarter}/sharing/preview/",
                f"/c/{slug}/history/"]),
        ("nobody", ["/signin/", "/about/milestones/", "/evaluate/codebook/", "/evaluate/codebook.csv"]),
    ]:  # fmt: skip
        for address in addresses:
            answer = world.ask("GET", f"{address}?{question}", actor, "submitted_unshared")
            text = said(answer)
            assert answer.status_code == 200, address
            assert "<script>alert" not in text and "<img src=x" not in text


@ONCE
@pytest.mark.parametrize("question", [*QUESTIONS, "back=x", "back=check&back=//evil.org", "papers=9999", "papers=x",
                                      "lang=both&lang=xx", "erased=<b>", "step=x", "order=x"], ids=lambda q: q[:25])  # fmt: skip
def test_38_to_43_questions_to_pages_of_collecting(world, unchanged, question):
    slug, quarter, code = (world.thing(name, "LA", "collecting") for name in ("slug", "quarter", "join_code"))
    at, rate = f"/c/{slug}/{quarter}", f"/rate/{slug}/{quarter}"
    for actor, addresses in [
        ("LA", [f"{at}/", f"{at}/invite/", f"{at}/code/", f"{at}/close/", f"{at}/progress/", f"{at}/meet/1.2/screen/",
                f"{at}/meet/1.2/host/", f"{at}/print/ballot/", f"{at}/print/tally/", f"{rate}/", f"{rate}/1.2/",
                f"{rate}/check/", "/me/answers/", f"/c/{slug}/results/cohesion/"]),
        ("MA", [f"{at}/paper/", f"{rate}/done/"]),
        ("nobody", [f"/join/{code}/", "/join/code/", world.filled("/unsubscribe/{stop}/", "LA", "collecting")]),
    ]:  # fmt: skip
        for address in addresses:
            answer = world.ask("GET", f"{address}?{question}", actor, "collecting")
            assert answer.status_code == 200, address
            assert "<script>alert" not in said(answer) and "<img src=x" not in said(answer)


@pytest.mark.parametrize(
    "question", ["lang=xx", "excel=9", "from=2026q5", "to=x", "sample=maybe", "revisions=x", "state=zz", "coalition=x",
                 "milestone=x", "from=2026Q4&to=2026Q1", "format=xml", "format=../../etc/passwd"],
)  # fmt: skip
def test_42_a_file_whose_filter_cannot_be_read_is_400_and_not_logged(world, unchanged, question):
    for name in ("agreed_ratings", "standings"):
        answer = world.ask("GET", f"/evaluate/export/{name}.csv?{question}", "EV", "discussing")
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "question", ["voice=parent&side=a", "_connector=OR", "coalition__slug=x", "o=level", "level=4"]
)
def test_43_74_no_such_filter_gives_the_same_bytes(world, question):
    plain, asked = (
        said(world.ask("GET", f"/evaluate/export/agreed_ratings.csv{end}", "EV", "discussing"))
        for end in ("", "?" + question)
    )
    assert plain == asked and plain.count("\n") > 7


def test_41_the_last_of_a_repeated_parameter_counts(world):
    from assessments.reports import filters

    address = "/states/?q=2001Q1&q=" + world.quarter.slug
    assert world.ask("GET", address, "FG", "discussing").context["filters"].notices == ()
    assert filters.TABLE == "table"


# 44 to 49: where a form leads, and who the site thinks it is


ELSEWHERE = ["//evil.org", "///evil.org", "\\\\evil.org", "/\\evil.org", "https:evil.org", "https://evil.org/me/",
             "javascript:alert(1)", "data:text/html,x", "/signout/", "/admin/", "/signin/link/x/", "/signin/",
             "/a%0d%0aSet-Cookie:x=1", "/me/\r\nSet-Cookie: x=1", "/" + "a" * 20000, "/\x00", "//[", "/me/\ud7ff%"]  # fmt: skip


@pytest.mark.parametrize("address", ELSEWHERE, ids=lambda address: address[:20].encode("unicode_escape").decode())
def test_44_47_nothing_leads_elsewhere(world, address):
    """After signing in, one's own page; after a switch of language the page it stood on, which may be one of signing in."""
    switched = world.ask("POST", "/language/", "nobody", "draft", {"language": "es", "next": address})
    signed_in = world.ask("POST", "/signin/sample/", "nobody", "draft", {"as": "lead", "next": address})
    assert switched.status_code == signed_in.status_code == 303 and signed_in.url == "/me/"
    assert switched.url == (address if address in ("/signin/", "/signin/link/x/") else "/")
    for answer in (switched, signed_in):
        assert "x" not in answer.cookies and "\n" not in answer.headers["Location"]


@pytest.mark.parametrize(
    "host", ["evil.org", "a b", "testserver:80:80", "testserver:x", "[::1", "testserver.evil.org", "é.org", "."]
)
def test_48_other_hosts(world, unchanged, host):
    for address in ("/", "/signin/", "/me/", "/healthz", "/no/such/page/"):
        assert Client(raise_request_exception=False).get(address, HTTP_HOST=host).status_code == 400


@pytest.fixture
def mail_goes_out_alone(mail_goes_out):
    """What the world has waiting is not sent with what a test asks for."""
    Mail.objects.update(dropped_at=timezone.now())


@pytest.mark.usefixtures("mail_goes_out_alone")
def test_48_a_mail_names_the_site_and_not_the_request(world):
    client = Client()
    client.post(
        "/signin/", {"email": world.people["FG"].email}, HTTP_HOST="localhost", HTTP_X_FORWARDED_HOST="evil.org"
    )
    assert len(mail.outbox) == 1 and settings.SITE_URL in mail.outbox[0].body and "evil.org" not in mail.outbox[0].body


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-Host": "evil.org"}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-Proto": "https"},
     {"X-Forwarded-Port": "1"}, {"Forwarded": "for=1.2.3.4;host=evil.org"}, {"X-Original-URL": "/admin/"},
     {"X-Rewrite-URL": "/admin/"}, {"X-HTTP-Method-Override": "DELETE"}],
)  # fmt: skip
def test_49_headers_that_anybody_can_send_change_nothing(world, headers):
    def heard(**more):
        answer = world.ask("GET", "/signin/", "nobody", "draft", **more)
        request = answer.wsgi_request
        return answer.status_code, request.get_host(), request.is_secure(), request.build_absolute_uri(), request.method

    assert heard(headers=headers) == heard()


# 53: sessions and methods


def test_53_sessions_that_are_none(world):
    expired = world.session("LA", "draft")
    Session.objects.filter(pk=expired).update(expire_date=timezone.now() - timedelta(days=1))
    for cookie in ("x" * 4096, "wrong-signature", expired, "", "' OR 1=1", "é", "../../etc/passwd", "a" * 32):
        client = Client(raise_request_exception=False)
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        answer = client.get("/me/")
        assert answer.status_code == 302 and answer.url.startswith("/signin/"), cookie[:20]


@ONCE
@pytest.mark.parametrize("method", ["TRACE", "BREW", "PATCH", "CONNECT", "PROPFIND", "X" * 500])
def test_53_other_methods(world, unchanged, method):
    for name in ROUTES:
        if "@" not in name:
            url = world.url(name, "LA", "discussing")
            world.ask("HEAD", "/healthz", "LA", "discussing")
            assert world.client.generic(method, url).status_code == 405, name


# 67, 68: links and dates


BAD_LINKS = ["javascript:alert(1)", "java\tscript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "ftp://a.org/x",
             "//evil.org", "https://good.org@evil.org", "https://a:b@evil.org/", "https://x/" + "a" * 3000, "https://", "http://localhost/",
             "https:evil.org", "https://a .org", "https://a.org/\u202ex", "https://[::1]/", "https://a..org", "file:///etc/passwd",
             "https://a.org\\@evil.org", "https://-a.org", "mailto:a@b.org", "https://a.org:99999999/", "https://a.org:x/"]  # fmt: skip


@pytest.mark.parametrize("link", BAD_LINKS, ids=lambda link: link[:30])
def test_67_links_that_are_none(world, unchanged, link):
    answer = post(world, "evidence", {"link": link})
    assert answer.status_code == 422 and "Minutes of April" in answer.content.decode()
    assert f'href="{link}"' not in answer.content.decode()


DATES = [("events", "happened_on"), ("evidence", "dated"), ("next_steps", "due_on-1"), ("assessment_edit", "meets_on"),
         ("assessment_edit", "closes_on"), ("assessment_new", "closes_on"), ("deadline", "closes_on")]  # fmt: skip
BAD_DATES = ["2026-02-30", "0000-01-01", "10000-01-01", "1899-12-31", "2100-01-01", "2026-2-3", "03/02/2026", "2026-02-03T01:30",
             "2026-13-01", "٢٠٢٦-٠٢-٠٣", "20260203", "-2026-02-03", "yesterday", "9" * 5000, "2026-02-29", "2026-02-03\x00"]  # fmt: skip


@ONCE
@pytest.mark.parametrize("name, field", DATES)
@pytest.mark.parametrize("day", BAD_DATES, ids=lambda day: day[:16].encode("unicode_escape").decode())
def test_68_days_that_are_none(world, unchanged, name, field, day):
    assert post(world, name, {field: day}).status_code == 422


@pytest.mark.parametrize("name", ["assessment_edit", "assessment_new"])
@pytest.mark.parametrize("day", ["", "2020-01-01"])
def test_68_answers_need_a_last_day_that_is_not_over(world, unchanged, name, day):
    assert post(world, name, {"room_sees": "see_the_spread", "closes_on": day}).status_code == 422


@pytest.mark.parametrize("day", ["", "2020-01-01", "now"])
def test_68_the_last_day_moves_later_and_never_earlier(world, unchanged, day):
    day = timezone.localdate().isoformat() if day == "now" else day
    answer = post(world, "deadline", {"closes_on": day})
    assert answer.status_code == 422 and day in answer.content.decode()


# 69, 71, 72: signing in


def test_69_links_that_open_nothing_look_alike(world):
    user = factories.person(name="Lin")
    token = people.make_link(user=user)
    used, expired, disabled = (people.make_link(user=factories.person()) for _n in range(3))
    people.open_link(token=used)
    SigninLink.objects.filter(token_sha256=people.hash_of(expired)).update(expires_at=timezone.now())
    User.objects.filter(pk=SigninLink.objects.get(token_sha256=people.hash_of(disabled)).user_id).update(
        is_active=False
    )
    odd = [
        token[:-1],
        token + "x",
        token.swapcase(),
        used,
        expired,
        disabled,
        "x",
        "x" * 3000,
        people.hash_of(token),
        "١",
        "%20",
    ]
    heard = set()
    for method in ("GET", "POST"):
        for tried in odd:
            answer = world.ask(method, f"/signin/link/{tried}/", "nobody", "draft")
            body = answer.content.decode().replace(html.escape(answer.wsgi_request.get_full_path()), "HERE")
            heard.add((answer.status_code, body.split("csrfmiddlewaretoken")[0], body.split("<main")[1]))
            assert token not in body
    assert len(heard) == 1 and heard.pop()[0] == 404
    assert world.ask("GET", f"/signin/link/{token}/", "nobody", "draft").status_code == 200


def pages_of(world, addresses, method="GET"):
    """The different answers that these addresses get, what was typed apart."""
    heard = set()
    for address in addresses:
        typed = unquote(address.rstrip("/").rsplit("/", 1)[1])
        answer = world.ask(method, address, "nobody", "collecting")
        body = answer.content.decode().replace(html.escape(answer.wsgi_request.get_full_path()), "HERE")
        main = body.split("<main")[1].replace(f'value="{html.escape(typed[:20])}"', "TYPED")
        heard.add((answer.status_code, body.split("csrfmiddlewaretoken")[0], CSRF_TOKEN.sub("", main)))
    return heard


def test_69_codes_of_the_room_that_open_nothing_look_alike(world, asked_of_a):
    code, closed = asked_of_a.join_code, world.b.assessments.get(quarter_text=str(world.quarter))
    assert world.ask("GET", f"/join/{code}/", "nobody", "collecting").status_code == 200
    for same in (code.lower(), f"{code[:4]}-{code[4:]}"):
        assert world.ask("GET", f"/join/{same}/", "nobody", "collecting").status_code == 200
    other = code[:-1] + ("A" if code[-1] != "A" else "B")
    dead = collecting.make_join_code(assessment=asked_of_a, by=None)
    odd = [code, code[:-1], dead[:-1], dead + "A", other, code[::-1], "ABCDEFGH", "0" * 8, "x", "x" * 3000, closed.pk.hex,
           "%D9%A1" * 8, "%20", "a%27b", "%3Cb%3E"]  # fmt: skip
    for method in ("GET", "POST"):
        heard = pages_of(world, [f"/join/{tried}/" for tried in odd], method)
        assert len(heard) == 1 and heard.pop()[0] == 404
    assert world.ask("GET", f"/join/{dead}/", "nobody", "collecting").status_code == 200
    close.close(assessment=asked_of_a, by=None)
    heard = pages_of(world, [f"/join/{tried}/" for tried in (dead, "ABCDEFGH")])
    assert len(heard) == 1 and heard.pop()[0] == 404


def test_69_links_of_a_ballot_that_open_nothing_look_alike(world, asked_of_a):
    def link(invitation):
        token = link_token(invitation)
        Invitation.objects.filter(pk=invitation.pk).update(token_sha256=people.hash_of(token))
        return token

    def invited(name):
        collecting.invite(assessment=asked_of_a, people_to_add=[(f"{name}@example.org", name)], by=None)
        return asked_of_a.invitations.select_related("user").get(user__email=f"{name}@example.org")

    token = link(invited("lin"))
    revoked, resent, disabled, removed = map(invited, ("rev", "res", "dis", "rem"))
    dead = [link(row) for row in (revoked, resent, disabled, removed)]
    collecting.revoke(invitation=revoked, by=None)
    collecting.resend(invitation=resent, by=None)
    User.objects.filter(pk=disabled.user_id).update(is_active=False)
    people.remove(membership=removed.user.memberships.get(), by=None)
    odd = [
        *dead,
        token[:-1],
        token + "0",
        token.swapcase(),
        people.hash_of(token),
        token[::-1],
        "x",
        "x" * 3000,
        "0" * 64,
    ]
    assert token.swapcase() != token
    for method in ("GET", "POST"):
        heard = pages_of(world, [f"/signin/link/{tried}/" for tried in odd], method)
        assert len(heard) == 1 and heard.pop()[0] == 404
    assert world.ask("GET", f"/signin/link/{token}/", "nobody", "collecting").status_code == 200
    close.close(assessment=asked_of_a, by=None)
    heard = pages_of(world, [f"/signin/link/{tried}/" for tried in (token, "x")])
    assert len(heard) == 1 and heard.pop()[0] == 404


def test_69_tokens_that_stop_no_mail_look_alike(world):
    user = world.people["FG"]
    token, gone = stop_token(user, "news"), stop_token(world.person("INACTIVE", "draft"), "news")
    odd = [
        token[:-1],
        token + "A",
        token.swapcase(),
        gone,
        stop_token(user, "everything"),
        "x",
        "x" * 3000,
        "a:b",
        ":",
        "%20",
    ]
    before = dump()
    for method in ("GET", "POST"):
        heard = pages_of(world, [f"/unsubscribe/{tried}/" for tried in odd], method)
        assert len(heard) == 1 and heard.pop()[0] == 404
    assert dump() == before
    assert world.ask("GET", f"/unsubscribe/{token}/", "nobody", "draft").status_code == 200


def asked_for_a_code(email, at="/signin/"):
    client = Client()
    assert client.post(at, {"email": email}).status_code == 303
    return client


def newest_code():
    return re.search(r"[B-Z]{4}-[B-Z]{4}", mail.outbox[-1].body)[0]


def test_71_codes_that_are_wrong_get_one_message(world):
    user = world.people["FG"]
    wrong = ["BBBB-BBBB", "", "٣٣٣٣٣٣", "9" * 5000, "a\0b", "<b>", " "]
    pages = set()
    for code in wrong:
        cache.clear()
        client = asked_for_a_code(user.email)
        answer = client.post("/signin/code/", {"code": code})
        page = answer.content.decode()
        pages.add((answer.status_code, page.split("<main")[1].split("csrfmiddlewaretoken")[0]))
        assert "_auth_user_id" not in client.session and (not code.strip() or code not in page)
    assert len(pages) == 1 and pages.pop()[0] == 422


@pytest.mark.usefixtures("mail_goes_out_alone")
def test_71_three_tries_ten_minutes_once_and_for_one_address(world):
    user, other = world.people["FG"], world.people["EV"]
    client = asked_for_a_code(user.email)
    code = newest_code()
    statuses = [client.post("/signin/code/", {"code": "BBBB-BBBB"}).status_code for _try in range(3)]
    assert statuses == [422] * 3 and client.post("/signin/code/", {"code": code}).status_code == 422

    cache.clear()
    client = asked_for_a_code(user.email)
    code = newest_code()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert client.post("/signin/code/", {"code": code}).status_code == 422

    cache.clear()
    client = asked_for_a_code(user.email)
    code = newest_code()
    theirs = asked_for_a_code(other.email)
    assert theirs.post("/signin/code/", {"code": code}).status_code == 422
    assert client.post("/signin/code/", {"code": code}).status_code == 303
    client.post("/signout/")
    assert client.post("/signin/code/", {"code": code}).status_code == 422


@pytest.mark.usefixtures("mail_goes_out_alone")
@pytest.mark.parametrize("address", ["nobody@example.org", "FG", "FG upper", "disabled"])
def test_72_the_answer_is_the_same_for_every_address(world, address):
    email = {
        "FG": world.people["FG"].email, "FG upper": world.people["FG"].email.upper(),
        "disabled": world.person("INACTIVE", "draft").email,
    }.get(address, address)  # fmt: skip
    answer = Client().post("/signin/", {"email": email})
    assert (answer.status_code, answer.url, answer.content) == (303, "/signin/code/", b"")
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("mail_goes_out_alone")
@pytest.mark.parametrize("address", ["a@b.c\n", "a@b.org\nBcc: x@evil.org", "a@b.org\r\nTo: x@evil.org", "a@b", '"a b"@c.org',
                                     "a@[127.0.0.1]", "a" * 320 + "@b.org", "a@b.org\0", "", "@", "a@b.org,c@d.org", "a@-b.org"])  # fmt: skip
def test_72_addresses_that_are_none_send_no_mail(world, unchanged, address):
    answer = Client().post("/signin/", {"email": address})
    if answer.status_code == 303:  # outer space is taken off
        assert [sent.to for sent in mail.outbox] == [[address.strip()]]
    else:
        assert answer.status_code == 422 and not mail.outbox
    for sent in mail.outbox:
        assert "evil" not in str(sent.message())


# 73: the log


@pytest.fixture
def heard_in_the_log():
    """What the console would hold: the records that pass its filter, as they are written."""
    handler = next(h for h in logging.getLogger().handlers if any(type(f).__name__ == "HideTokens" for f in h.filters))
    written = io.StringIO()
    listening = logging.StreamHandler(written)
    for hide in handler.filters:
        listening.addFilter(hide)
    logging.disable(logging.NOTSET)
    logging.getLogger().addHandler(listening)
    yield written
    logging.getLogger().removeHandler(listening)
    logging.disable(logging.CRITICAL)


@pytest.mark.parametrize(
    "address",
    [
        "/x%0aERROR admin",
        "/x%0d%0aERROR admin",
        "/x%1b[31mred",
        "/c/%0aERROR/",
        "/states/%0aERROR/",
        "/x%c2%85ERROR",
        "/x%e2%80%a8ERROR",
    ],
)
def test_73_no_line_of_the_log_is_forged(world, heard_in_the_log, address):
    client = Client(raise_request_exception=False)
    client.get(address, headers={"User-Agent": "\x1b[31mERROR admin"})
    lines = heard_in_the_log.getvalue().split("\n")
    assert len([line for line in lines if line]) <= 1
    assert "\x1b" not in heard_in_the_log.getvalue() and "\r" not in heard_in_the_log.getvalue()
    assert not [line for line in heard_in_the_log.getvalue().splitlines() if line.startswith("ERROR")]


def test_73_tokens_stay_out_of_the_log(world, heard_in_the_log):
    token = people.make_link(user=factories.person())
    for address in (
        f"/signin/link/{token}/x",
        f"/join/{token}/",
        f"/unsubscribe/{token}/",
        f"/no/?token={token}",
        f"/no/?a=b&token={token}",
    ):
        Client(raise_request_exception=False).get(address)
    Client(raise_request_exception=False).put(f"/signin/link/{token}/")
    assert token not in heard_in_the_log.getvalue() and heard_in_the_log.getvalue()


def test_the_log_of_acts_holds_no_token_and_no_unsigned_author(world):
    token = people.make_link(user=factories.person())
    words = repr(list(AuditEvent.objects.values_list()))
    assert token not in words and str(world.things["discussing"]["unsigned_view"]) not in words
    assert "make_signin_link" in words
