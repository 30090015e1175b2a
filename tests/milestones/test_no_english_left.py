"""Every page in Spanish, for everybody who may open it: no English is left, people's own words and names apart."""

import re
from datetime import date
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail
from django.urls import URLPattern, get_resolver, reverse
from django.utils import translation

from assessments.discussing import actions as discussing
from assessments.drafting import actions as drafting
from assessments.quarters import Quarter
from coalitions.models import Role
from tests import factories
from tests.milestones.test_catalogue import in_code, in_templates

pytestmark = pytest.mark.django_db
ENGLISH = re.compile(
    r"\b(the|of|and|to|is|you|your|this|that|these|with|not|what|who|which|for|it|its|are|be|by|from|an|we|our|their"
    r"|they|them|in|at|or|if|all|was|were|has|have|had|will|can|when|where|there|here|only|one|two|three|any|each|own"
    r"|levels?|quarters?|milestones|evidence|stor(y|ies)|steps?|next|add|changed?|see|read|share[ds]?|save[ds]?|open|back"
    r"|people|person|name|date|year|state|states|coalition|question|questions|answers?|required|choose|write|agreed"
    r"|january|february|april|june|july|august|september|october|november|december"
    r"|lead|member|funder|evaluator|administrator|revision|draft|reason|yes)\b",
    re.IGNORECASE,
)
NAMES = re.compile(  # proper names, things that are the same in every language, and the codes of files and columns
    r"Milestones for Collective Power|Milestones|Innovation Network|Alliance for Early Success|CC NEXT( Initiative)?"
    r"|Sample \w+( \w+)?|Virginia Early Childhood Foundation|[\w.]+@[\w.]+|https?://\S+|bindquote\(strict\)"
    r"|\bown-(\d+|…)|\bdate(?= día)"
)
ALOUD = ("aria-label", "alt", "title", "placeholder")
SILENT = {"script", "style", "code"}


class Reader(HTMLParser):
    """What a person sees or hears of a page, block by block; not what is marked as another language."""

    INLINE = {"a", "strong", "em", "span", "b", "i", "br", "abbr"}
    VOID = {"br", "img", "input", "meta", "link", "hr", "use", "path", "circle", "col", "wbr"}

    def __init__(self):
        super().__init__()
        self.blocks, self.now, self.hidden = [], [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        quiet = tag in SILENT or attributes.get("lang") not in (None, "es")
        if tag not in self.VOID:
            self.hidden.append((tag, quiet))
        if tag == "br":
            self.now.append(" ")
        if tag not in self.INLINE:
            self.end_block()
        if not any(silent for _tag, silent in self.hidden):
            said = {n: v for n, v in attributes.items() if v and (n in ALOUD or n.startswith("data-") and " " in v)}
            self.blocks += said.values()

    def handle_endtag(self, tag):
        while self.hidden and tag in (name for name, _quiet in self.hidden):
            if self.hidden.pop()[0] == tag:
                break
        if tag not in self.INLINE:
            self.end_block()

    def handle_data(self, data):
        if not any(quiet for _tag, quiet in self.hidden):
            self.now.append(data)

    def end_block(self):
        text = " ".join("".join(self.now).split())
        self.blocks += [text] if text else []
        self.now = []


def english(page: str, untranslated=frozenset()) -> list[str]:
    """The blocks of a page that read as English."""
    reader = Reader()
    reader.feed(page)
    reader.end_block()
    found = []
    for block in reader.blocks:
        rest = NAMES.sub(" ", block)
        if ENGLISH.search(rest) or rest.strip() in untranslated:
            found.append(block)
    return found


def test_the_search_finds_english_and_nothing_else():
    assert english("<p>Save the <b>page</b></p>") == ["Save the page"]
    assert english('<p>Guardar</p><input placeholder="Write here"><p data-saved="Saved at {time}">x</p>') != []
    assert english('<button lang="en">Save the page</button><code>is not</code><p>Sample Ohio</p>') == []
    assert english("<p>No se comparte: Hay un problema con este nivel. 2026 Q2</p>") == []


@pytest.fixture(scope="module")
def untranslated():
    """The catalogue's English without placeholders, where Spanish says something else."""
    with translation.override("es"):
        strings = {wanted[1] for wanted, _path in [*in_code(), *in_templates()]}
        return {text for text in strings if "%(" not in text and translation.gettext(text) != text}


QUARTERS = [Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3), Quarter(2026, 4)]


@pytest.fixture
def site(rubric, ana, ben, coalition, fay, eve, ada):
    """A shared quarter, a reopened one, one under discussion with everything in it, and a draft."""
    type(coalition).objects.filter(pk=coalition.pk).update(about="Somos una coalición.", thanks="Hay comida.")
    coalition.refresh_from_db()
    first, second, third, fourth = QUARTERS
    factories.share(factories.submitted(coalition, by=ana, quarter=first, level=1), by=ana)
    reopened = factories.submitted(coalition, by=ana, quarter=second, level=3)
    factories.share(reopened, by=ana)
    factories.submitting.reopen(assessment=reopened, number=1, reason="Una fecha estaba mal", by=ana)
    now = factories.draft(coalition, by=ana, quarter=third)
    texts = {"title": "Comida", "question": "¿Cómo comemos?"}
    drafting.add_own_indicator(
        assessment=now, code="own-1", milestone=rubric.milestones.get(number=1), by=ana,
        descriptors=["Nada", "Poco", "Algo", "Bastante", "Mucho"], **texts,
    )  # fmt: skip
    drafting.start_meeting(assessment=now, by=ana)
    now.refresh_from_db()
    code = now.agreed_ratings.order_by("pk").first().indicator.code
    rating = factories.rate(now, code, 2, by=ana, reason="Se nota")
    milestone = rubric.milestones.get(number=1)
    fields = {"kind": "document", "shows": "Una lista", "voice": "parent", "visibility": "coalition_only"}
    evidence = discussing.add_evidence(rating=rating, key=uuid4(), by=ana, dated=date(2026, 7, 1), link="", **fields)
    discussing.add_different_view(
        rating=rating, key=uuid4(), text="Yo veo otro nivel", signed=True, coalition_only=False, by=ben
    )
    discussing.save_story(assessment=now, milestone=milestone, version=1, text="Empezamos.", by=ana)
    discussing.save_next_step(
        assessment=now, key=uuid4(), version=0, kind="action", text="Invitar", milestone=milestone,
        owner_name="Rosa", owner_role="madre líder", due_on=date(2026, 9, 1), by=ana,
    )  # fmt: skip
    discussing.add_event(coalition=coalition, key=uuid4(), happened_on=date(2026, 5, 3), words="Una sesión", by=ana)
    drafting.set_aside(assessment=now, milestone=rubric.milestones.get(number=7), reason="Este mes no", by=ana)
    factories.draft(coalition, by=ana, quarter=fourth)
    other = factories.coalition("Sample Peach Coalition", at="GA")
    factories.share(factories.submitted(other, by=factories.person(Role.LEAD, other), quarter=second), by=ana)
    return {"slug": coalition.slug, "state": "OH", "code": code, "milestone": milestone.slug, "number": 1,
            "evidence": evidence.pk, "name": "standings", "token": "x" * 20, "pk": 0}  # fmt: skip


def addresses(site, patterns=None, before=()):
    """Every address of the site but the admin's with its name; those of a quarter for each quarter."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        parts = (*before, pattern)
        if not isinstance(pattern, URLPattern):
            if getattr(pattern, "namespace", "") != "admin":
                yield from addresses(site, pattern.url_patterns, parts)
            continue
        asked = {name for part in parts for name in part.pattern.converters}
        for quarter in QUARTERS if "quarter" in asked else [None]:
            values = {name: quarter if name == "quarter" else site.get(name, uuid4()) for name in asked}
            yield pattern.name, reverse(pattern.name, kwargs=values)


def wrong(client, paths, untranslated):
    """`{address: blocks in English}` of the pages that a visitor gets."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    found = {}
    for path in paths:
        answer = client.get(path)
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
            found[path] = english(answer.content.decode(), untranslated)
    return found


def listed(found):
    return "\n".join(f"{path}: {block}" for path, blocks in found.items() for block in blocks)


@pytest.mark.parametrize("who", ["nobody", "ana", "ben", "fay", "eve", "sam"])
def test_no_page_has_english_left(client, as_user, site, request, who, untranslated):
    if who != "nobody":
        client = as_user(request.getfixturevalue(who))
    found = wrong(client, dict.fromkeys(path for name, path in addresses(site) if name != "signout"), untranslated)
    assert len(found) > 10
    assert not any(found.values()), listed(found)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("fay", "/states/?view=trend&m=cohesion"),
        ("fay", "/states/?m=setting-the-table&states=OH~GA"),
        ("fay", "/states/?q=2031q9&view=x&m=x&states=ZZ"),
        ("fay", "/states/OH/sample-buckeye-coalition/?q=2026q1"),
        ("fay", "/states/CO/"),
        ("eve", "/evaluate/export/?state=ZZ&quarter=x&mode=x"),
        ("ana", "/c/sample-buckeye-coalition/2026q4/own/?add=indicator"),
        ("ana", "/c/sample-buckeye-coalition/2026q4/own/?add=milestone"),
        ("ana", "/c/sample-buckeye-coalition/2026q1/sharing/preview/?cohesion=story&financing=x"),
        ("ana", "/c/sample-buckeye-coalition/2026q1/sharing/preview/?setting-the-table=level_and_story"),
    ],
)
def test_no_other_view_of_a_page_has_english_left(as_user, site, request, who, path, untranslated):
    found = wrong(as_user(request.getfixturevalue(who)), [path], untranslated)
    assert found and not any(found.values()), listed(found)


FORMS = {
    "signin", "signin_code", "my_settings", "pledge", "coalition_people", "person_add", "coalition_edit", "events",
    "assessment_new", "assessment_edit", "own_indicators", "set_aside", "agreed_rating", "evidence", "different_view",
    "next_steps", "check", "reopen", "story", "share", "export",
}  # fmt: skip


def test_no_answer_to_an_empty_form_has_english_left(as_user, site, ana, untranslated):
    client = as_user(ana)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    found = {}
    for path in (path for name, path in addresses(site) if name in FORMS):
        answer = client.post(path, {"text-1": "x", "key-1": str(uuid4()), "act": "question"})
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
            found[path] = english(answer.content.decode(), untranslated)
    assert len(found) > 10
    assert not any(found.values()), listed(found)


@pytest.mark.parametrize("known", [True, False])
def test_mail_is_in_the_readers_language_first(client, ben, known):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    client.post("/signin/", {"email": ben.email if known else "nobody@example.org"})
    assert len(mail.outbox) == 1
    assert not ENGLISH.search(NAMES.sub(" ", mail.outbox[0].subject))
    spanish, in_english = mail.outbox[0].body.split("– – –")
    assert not ENGLISH.search(NAMES.sub(" ", spanish)), spanish
    assert ENGLISH.search(in_english)
