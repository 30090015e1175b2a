"""A site with raised floors promises its own numbers; what was shown before says those of its release."""

import re
from html import unescape

import pytest

from assessments.discussing.heard import Heard
from assessments.models import Release
from tests import factories

pytestmark = pytest.mark.django_db
BALLOT = "/rate/sample-buckeye-coalition/2026q2/"
HOME = "/c/sample-buckeye-coalition/results/"
NUMBERS = re.compile(
    r"(?:fewer than|With|with|have|has|from|From|menos de|Con|con|tiene|de|Desde) (5|6|10) (?:or|answers|resp)"
)


@pytest.fixture
def raised(settings):
    settings.MIN_WHOLE, settings.MIN_SIDE = 12, 13


def text(response):
    assert response.status_code == 200
    return re.sub(r"\s+", " ", unescape(response.content.decode()))


def in_spanish(client):
    client.post("/language/", {"language": "es", "next": "/"})
    return client


def test_by_default_the_search_finds_what_a_page_promises(coalition, ana, ben, as_user):
    """The control of `NUMBERS`, in both languages."""
    factories.collecting_assessment(coalition, by=ana)
    client = as_user(ben)
    assert NUMBERS.findall(text(client.get(BALLOT))) == ["5", "6", "10"]
    assert NUMBERS.findall(text(in_spanish(client).get(BALLOT))) == ["5", "6", "10"]
    assert NUMBERS.findall(text(client.get("/privacy/who-sees-what/"))) == ["10"] * 4


@pytest.mark.parametrize(
    "room_sees, said",
    [
        ("compare_voices", "With 13 or more answers on each side, it will also see the level of parents"),
        ("see_the_spread", "With 12 or more answers, it will also see how many people chose each level."),
    ],
)
def test_a_ballot_and_its_paper_promise_the_raised_numbers(raised, room_sees, said, coalition, ana, ben, as_user):
    assessment = factories.collecting_assessment(coalition, by=ana, room_sees=room_sees)
    client = as_user(ben)
    first, paper = text(client.get(BALLOT)), text(client.get(assessment.url("print_worksheet"), {"lang": "both"}))
    assert "With fewer than 12 answers we show nothing." in first and "ticked notes from 12 answers on" in first
    assert "With fewer than 12 answers we show nothing." in paper and "Con menos de 12 respuestas" in paper
    assert "With 12 or more answers, the coalition can read it" in paper
    assert said in first and said in paper
    client.post(BALLOT, {"voice": "parent", "start": "1"})
    pages = [first, paper, *(text(client.get(BALLOT + path)) for path in ("1.2/", "check/"))]
    assert all("fewer than 12 answers" in page for page in pages)
    pages.append(text(in_spanish(client).get(BALLOT)))
    assert not [found for page in pages for found in NUMBERS.findall(page)]


def test_the_forms_of_a_draft_promise_the_raised_numbers(raised, coalition, ana, as_user):
    draft = factories.draft(coalition, by=ana)
    page = text(as_user(ana).get(draft.url("assessment_edit")))
    for said in (
        "With 13 or more answers on each side",
        "With 12 or more answers, also how many",
        "both sides have 13 or more answers",
    ):
        assert said in page
    assert not NUMBERS.findall(page)


def test_who_sees_what_says_the_raised_number(raised, client):
    page = text(client.get("/privacy/who-sees-what/"))
    assert page.count("From 12 answers on") == 4 and not NUMBERS.findall(page)
    assert "hints at such a difference" in page
    page = text(in_spanish(client).get("/privacy/who-sees-what/"))
    assert page.count("Desde 12 respuestas") == 4 and "deja ver que hubo esa diferencia" in page


@pytest.mark.parametrize("then, now", [((5, 8), (5, 6)), ((5, 8), (7, 9))])
def test_results_and_the_record_say_the_floors_of_their_release(settings, then, now, coalition, ana, as_user):
    settings.MIN_WHOLE, settings.MIN_SIDE = then
    assessment = factories.closed(coalition, by=ana, parents=[1] * 7, others=[3] * 7)
    assert Release.objects.get().content["floors"] == {"whole": 5, "side": 8}
    settings.MIN_WHOLE, settings.MIN_SIDE = now
    for path in (HOME, HOME + "setting-the-table/", assessment.url("agreed_rating", "1.2")):
        page = text(as_user(ana).get(path))
        assert "We show the two sides only when each has 8 or more answers." in page, path
        assert "6 or more" not in page and "9 or more" not in page


def test_lanes_say_the_floor_of_their_release_too(settings, coalition, ana, ben, as_user):
    settings.MIN_SIDE = 7
    assessment = factories.collecting_assessment(coalition, by=ana)
    for n in range(14):  # the first question has 7 on each side, the others 6 on one
        factories.ballot(assessment, 2 if n else {"1.2": 3}, voice="parent" if n % 2 else "staff")
    factories.close.close(assessment=assessment, by=ana)
    settings.MIN_SIDE = 6
    page = text(as_user(ben).get(HOME))
    assert "side-mark side-parents at-2" in page
    assert "We show the two sides only when each has 7 or more answers." in page and "6 or more" not in page


def test_counts_say_from_how_many_on(settings, coalition, ana, ben, as_user):
    settings.MIN_WHOLE = 11
    factories.closed(coalition, by=ana, room_sees="see_the_spread", parents=[2] * 11)
    release = Release.objects.get().content
    assert release["indicators"][0]["counts"] and release["indicators"][0]["notes"] and release["beyond_notes"]
    few = {**release["indicators"][0], "counts": None}
    assert Heard(few, "see_the_spread", False, release["floors"]).not_shown.endswith("only with 11 or more answers.")
    settings.MIN_WHOLE = 5
    assert Heard(few, "see_the_spread", False, release["floors"]).not_shown.endswith("only with 11 or more answers.")
    assert Heard(few, "see_the_spread").not_shown.endswith("only with 10 or more answers.")
