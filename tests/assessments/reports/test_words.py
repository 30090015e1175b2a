"""Nothing that is shared, exported or printed puts coalitions in order, in either language; and every figure leads to
the place of the method page that says how it is made. All of it is read once.
"""

import html as markup
import io
import json
import re
import uuid
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, resolve

from assessments.reports import pdf
from assessments.reports.blocks import Report
from assessments.reports.figures import METHOD
from assessments.sharing import actions as sharing
from coalitions import actions
from coalitions.models import Role
from tests import factories
from tests.assessments.reports.made import Q1, Q2, Q3, clone, share_all, told
from tests.assessments.reports.test_members_view import quarter
from tests.assessments.reports.words_of import WORDS_OF

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("sqlite")]
NEVER = re.compile(
    r"\b(rank\w*|top|tops|best|worst|scor(?:e|es|ed|ing|ecards?)|averag\w*|grad(?:e|es|ed|ing)|leagues?|leader ?boards?"
    r"|winners?|percentiles?|outperform\w*"
    r"|clasific\w+|mejor(?:es)?|peor(?:es)?|puntaj\w+|puntuaci\w+|puntuad\w+|promedi\w+|calific\w+|podios?|ganador\w*"
    r"|puestos?|posici(?:ón|ones)|(?:a la|en) cabeza)\b",
    re.IGNORECASE,
)
# A promise not to do it needs the word; and two lines of the rubric that speak of a life and of an agreement.
ALLOWED = ("Nunca sumamos niveles ni sacamos un promedio", "infantil viven mejor gracias", "hemos puesto de acuerdo")
BUCKEYE, STATE = "/states/OH/sample-buckeye-coalition/", "/states/OH/"
HOME = "/c/sample-buckeye-coalition/"
READERS = [
    "/states/", "/states/?m=cohesion", "/states/?m=cohesion&group=level&q=2026q2", "/states/?view=map",
    "/states/?view=map&shade=1", "/states/?view=trend&m=cohesion", "/states/?view=cards", "/states/?q=none&m=none",
    "/milestones/", "/milestones/cohesion/", "/next-steps/?q=2026q1", STATE, "/states/IA/", BUCKEYE,
    "/states/IA/sample-prairie-coalition/", "/states/KS/sample-quiet-coalition/",
    "/together/", "/evaluate/", "/evaluate/codebook/", "/evaluate/export/", "/evaluate/export/?coded=1",
    "/evaluate/export/stories.csv", "/evaluate/export/stories.csv?state=none", "/about/reading/",
]  # fmt: skip
LEADS = [
    f"{HOME}results/", f"{HOME}results/cohesion/", f"{HOME}2026q2/revisions/1/", f"{HOME}2026q2/sharing/preview/",
    f"{HOME}files/", f"{HOME}files/stories.csv", f"{HOME}results/figures/now.csv",
]  # fmt: skip
NOT_WORDS = {"export_token", "export_token_revoke", "shared_file"}  # two buttons, and a file that somebody sent
# What pages lead to and is read: of the evaluators' files the package, which has the rows of each.
TAKEN = re.compile(r"^/(?!c/).*/figures/|codebook\.|\.(pdf|zip)$|/print/report/$")


@dataclass(frozen=True)
class Read:
    """One thing as it came: where it lay, in which language, and as what."""

    address: str
    tongue: str
    kind: str
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def words(self) -> str:
        """All that it says to somebody, and to no program."""
        return WORDS_OF[self.kind](self.content)


def found(words: str) -> list[str]:
    """The words of an order, the promises apart."""
    plain = " ".join(words.split())
    for phrase in ALLOWED:
        plain = plain.replace(phrase, "")
    return NEVER.findall(plain)


def fetched(client, address, tongue) -> Read:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = tongue
    answer = client.get(address)
    assert answer.status_code in (200, 400), (address, answer.status_code)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return Read(address, tongue, answer.headers["Content-Type"].split(";")[0], content)


def linked(read: Read) -> list[str]:
    """The reports and files that a page leads to; the variant for Excel is the same but for a mark."""
    found = [
        urldefrag(urljoin(read.address, markup.unescape(url))).url
        for url in re.findall(r'(?:href|data-png)="([^"]+)"', read.text)
    ]
    return [
        url
        for url in found
        if "excel=1" not in url and url.startswith("/") and (TAKEN.search(urlsplit(url).path) or "print=1" in url)
    ]


def all_of(client, addresses, tongue) -> dict[tuple[str, str], Read]:
    """These pages, and every file and report that they lead to."""
    read: dict[tuple[str, str], Read] = {}
    waiting = list(addresses)
    for address in waiting:
        if (address, tongue) not in read:
            read[address, tongue] = here = fetched(client, address, tongue)
            waiting += linked(here) if here.kind == "text/html" else []
    return read


def world():
    """A coalition whose answers, texts and levels are shared, four like it, one that shares a story, one nothing."""
    factories.rubric()
    coalition = factories.coalition(sample=True, about="Parents of the river towns.", working_since=2019)
    ana = factories.person(Role.LEAD, coalition, name="Ana")
    share_all(told(coalition, by=ana, quarter=Q1, level=1), by=ana)
    factories.share(quarter(coalition, by=ana, quarter=Q2), by=ana, members_view=True)
    clone(coalition, range(4), codes=["CO", "NM", "OR", "VA"], quarters=[Q1, Q2, Q3, Q3.next])
    for name, at, what in (("Sample Prairie Coalition", "IA", "story"), ("Sample Quiet Coalition", "KS", "")):
        other = factories.coalition(name, at=at)
        otto = factories.person(Role.LEAD, other)
        made = told(other, by=otto, quarter=Q2)
        share_all(made, by=otto, what="story")
        if not what:
            sharing.withdraw(assessment=made, by=otto)
    eve = factories.person(Role.EVALUATOR, name="Eve")
    return ana, eve, actions.make_export_token(key=uuid.uuid4(), by=eve).token


@pytest.fixture(scope="module")
def read(django_db_setup, django_db_blocker):
    """Everything, in both languages: as an evaluator, who reads what funders read and takes files away, and a lead."""
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        ana, eve, token = world()
        found: dict[tuple[str, str], Read] = {}
        for user, addresses in (
            (eve, [*READERS, *(f"/evaluate/export/t/{token}/{name}" for name in ("stories.csv", "package.zip"))]),
            (ana, LEADS),
        ):
            client = Client()
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            for tongue in ("en", "es"):
                found |= all_of(client, addresses, tongue)
        transaction.set_rollback(True)
    return list(found.values())


def test_everything_on_the_reading_side_was_read_in_both_languages(read):
    names = {(resolve(urlsplit(one.address).path).url_name, one.tongue) for one in read}
    ours = all_names(get_resolver().url_patterns) - NOT_WORDS
    assert {(name, tongue) for name in ours for tongue in ("en", "es")} - names == set()
    assert {(one.kind, one.tongue) for one in read} == {(kind, tongue) for kind in WORDS_OF for tongue in ("en", "es")}


def all_names(patterns) -> set[str]:
    """The names of the routes whose views are of the reading side."""
    found = set()
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            found |= all_names(pattern.url_patterns)
        elif getattr(pattern.callback, "__module__", "").startswith("assessments.reports."):
            found.add(pattern.name)
    return found


def test_no_word_of_an_order_is_in_any_of_it(read):
    said = {(one.address, one.tongue): found(one.words) for one in read}
    assert {where: words for where, words in said.items() if words} == {}


WORDS = ("rank", "top", "best", "score", "average of", "ranking", "clasificación", "los mejores", "puntaje", "promedio")


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("kind", WORDS_OF)
def test_the_search_finds_a_word_wherever_it_stands(kind, word):
    """The negative control: in text, in what is hidden, in a figure, a column, a picture, a PDF and a package."""
    assert all(found(WORDS_OF[kind](content)) for content in written(kind, word))


def written(kind: str, word: str) -> list[bytes]:
    if kind == "text/html":
        figure = json.dumps({"layout": {"yaxis": {"title": {"text": word}}}})
        return [
            text.encode()
            for text in (
                f"<p>A {word}.</p>",
                f'<a aria-label="the {word}">x</a>',
                f'<script type="application/json">{figure}</script><p>x</p>',
            )
        ]
    if kind == "image/svg+xml":
        return [f"<svg><text>{word}</text></svg>".encode()]
    if kind == "application/pdf":
        made_at = datetime(2026, 7, 1, tzinfo=UTC)
        return [pdf.pdf(Report(f"One {word}", "Report", [], "https://example.org/", made_at, "Lede", "All", []))]
    if kind == "application/zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as opened:
            opened.writestr("codebook.es.md", f"| `level_{word.replace(' ', '_')}` |")
        return [packed.getvalue()]
    return [f"state_code,coalition_{word.replace(' ', '_')}\r\n".encode(), f"a\r\nA {word}\r\n".encode()]


def test_plain_words_and_the_promises_are_no_order():
    assert found("Stop here. Strong, then lasting. Use them to learn, not to put coalitions in order.") == []
    assert found("Nunca sumamos niveles ni sacamos un promedio. Para mejorar, el líder mira atrás.") == []


# The method page

METHOD_PAGE = "/about/reading/"
PLACE = re.compile(rf'href="{METHOD_PAGE}#([\w-]+)"')
NUMBERS = re.compile(r'<figure\b|class="(?:level-row|tiles|level-box\b|heat\b|table together)|data-kind=')
PARTS = re.compile(
    r'(?=<section class="(?:figure-section|milestone|portrait)"|<(?:section|figure class="figure") aria-labelledby)'
)
WHOLE = ("/together/", "/evaluate/")  # pages that are one figure


def parts_of(one: Read) -> list[str]:
    """A page in parts: sections, and elsewhere what stands between two headings."""
    main = one.text.split("<main", 1)[1].split("</main>")[0]
    if one.address in WHOLE:
        return [main]
    found = []
    for part in PARTS.split(main):
        found += [part] if part.startswith(("<section", "<figure")) else re.split("(?=<h2)", part)
    return found


def pages(read) -> list[Read]:
    return [one for one in read if one.kind == "text/html"]


def test_every_place_that_is_linked_to_is_on_the_method_page(read):
    for tongue in ("en", "es"):
        page = next(one for one in read if (one.address, one.tongue) == (METHOD_PAGE, tongue))
        places = set(re.findall(r'<h2 id="([\w-]+)"', page.text))
        asked = {place for one in pages(read) if one.tongue == tongue for place in PLACE.findall(one.text)}
        assert asked - places == set()
        assert {*METHOD.values(), "across", "map", "grouping", "together", "quarters", "files", "reports"} <= asked


def test_every_figure_and_every_level_leads_to_its_place_on_the_method_page(read):
    """But for paper, which has the method in it."""
    bare = [
        (one.address, part[:90])
        for one in pages(read)
        if one.address != METHOD_PAGE and '<div class="report">' not in one.text
        for part in parts_of(one)
        if NUMBERS.search(part) and not PLACE.search(part)
    ]
    assert bare == []


def test_a_figure_that_leads_nowhere_is_noticed():
    """The negative control."""
    section = '<main><section class="figure-section"><figure></figure></section></main>'
    one = Read("/x/", "en", "text/html", section.encode())
    assert [part for part in parts_of(one) if NUMBERS.search(part) and not PLACE.search(part)]
