"""The cross-state dashboard and the pages of states: who may read them, in which order, and what stays unsaid."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalitions.models import Role
from milestones.models import Finding
from tests import factories
from tests.assessments.reports.made import MILESTONE, Q1, Q2, clone, share, share_all, text, told, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("postgres")]
FORBIDDEN = r"\b(score|rank|ranking|top|best|worst|average|grade|weak|laggard|percent|anonymous)\b"


@pytest.fixture
def shared(coalition, ana):
    assessment = told(coalition, by=ana)
    share_all(assessment, by=ana)
    return assessment


def row_of(html, name):
    """The cells of one coalition's row in the table."""
    found = re.search(rf'<th scope="row"><a [^>]*>{re.escape(name)}</a></th>(.*?)</tr>', html, re.S)
    return [" ".join(words_of(cell).split()) for cell in re.findall(r"<td.*?</td>", found[1], re.S)]


PAGES = [
    "/states/", "/states/?view=trend", "/states/?view=map", "/states/?view=cards", "/milestones/", "/milestones/cohesion/",
    "/next-steps/", "/states/OH/", "/states/OH/sample-buckeye-coalition/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_who_may_open_shared_pages(path, shared, as_user, ana, ben, fay, eve, ada, sam):
    other = factories.person(Role.LEAD, factories.coalition("Sample Quiet Coalition", at="IA"))
    unpledged = factories.person(Role.FUNDER, pledged=False)
    answers = {user: as_user(user).get(path) for user in (ana, ben, fay, eve, ada, sam, other, unpledged)}
    assert {user: answer.status_code for user, answer in answers.items()} == {
        ana: 200, ben: 403, fay: 200, eve: 200, ada: 403, sam: 403, other: 403, unpledged: 302,
    }  # fmt: skip
    assert answers[unpledged]["Location"] == "/pledge/"


@pytest.mark.parametrize("path", PAGES)
def test_shared_pages_are_read_only_and_closed_to_strangers(path, shared, client, as_user, fay):
    assert client.get(path).status_code == 302
    assert as_user(fay).post(path).status_code == 405
    assert as_user(fay).head(path).status_code == 200


def test_a_funder_of_one_coalition_sees_that_one_alone(shared, as_user, ana):
    elsewhere = factories.coalition("Sample Prairie Coalition", at="IA")
    lead = factories.person(Role.LEAD, elsewhere)
    share_all(told(elsewhere, by=lead), by=lead)
    one = factories.person(Role.FUNDER, elsewhere)
    page = text(as_user(one).get("/states/"))
    assert "Sample Prairie Coalition" in page and "Buckeye" not in page
    assert "Buckeye" not in text(as_user(one).get("/states/?view=trend"))
    assert "Nothing shared here yet" in text(as_user(one).get("/states/OH/"))
    assert as_user(one).get("/states/OH/sample-buckeye-coalition/").status_code == 404


def test_nothing_shared_yet(coalition, ana, as_user, fay):
    told(coalition, by=ana)
    page = text(as_user(fay).get("/states/"))
    assert "No coalition has shared yet. They choose when." in page
    assert as_user(ana).get("/states/").status_code == 403


def test_a_cell_says_level_story_only_or_not_shared(shared, as_user, fay, ana):
    share(shared, by=ana, cohesion="level_and_story", financing="story")
    assert row_of(text(as_user(fay).get("/states/")), "Sample Buckeye Coalition") == [
        "Not shared", "Not shared", "2 Growing core", "Story only", "Not shared", "Not shared", "Not shared",
    ]  # fmt: skip


def test_each_way_of_having_no_level_has_its_own_word(coalition, ana, as_user, fay):
    assessment = factories.discussing_assessment(coalition, by=ana, mode="core")
    outcomes = {"1": "not_agreed", "2": "does_not_apply"}
    for code in assessment.agreed_ratings.values_list("indicator__code", flat=True):
        outcome = outcomes.get(code[0], "agreed")
        factories.rate(assessment, code, 2 if outcome == "agreed" else None, by=ana, outcome=outcome, reason="So")
    factories.submit(assessment, by=ana)
    share_all(assessment, by=ana)
    page = text(as_user(fay).get("/states/"))
    assert row_of(page, coalition.name)[:3] == ["Not agreed", "Does not apply", "2 Growing core"]
    assert 'class="status-not_agreed"' in page and 'class="status-does_not_apply"' in page


def test_rows_stand_a_to_z_never_by_level(rubric, as_user, fay):
    for name, at, level in [("Sample B", "OH", 4), ("Sample A", "OH", 0), ("Sample C", "AZ", 1), ("Sample D", "VT", 4)]:
        there = factories.coalition(name, at=at)
        lead = factories.person(Role.LEAD, there)
        factories.share(factories.submitted(there, by=lead, level=level), by=lead)
    for query in ("", "?m=cohesion"):
        page = text(as_user(fay).get("/states/" + query))
        places = [
            page.index(f">{name}</a>") for name in ("Arizona", "Sample C", "Ohio", "Sample A", "Sample B", "Sample D")
        ]
        assert places == sorted(places)
    assert not re.search(FORBIDDEN, words_of(page).lower())


def test_a_change_is_told_only_from_what_is_shared(coalition, ana, as_user, fay):
    first = factories.submitted(coalition, by=ana, level=0, quarter=Q1)
    second = factories.submitted(coalition, by=ana, level=3, quarter=Q2)
    factories.share(second, by=ana)
    reader = as_user(fay)
    pages = ["/states/", "/states/?m=cohesion", "/states/?view=trend", "/states/OH/", f"/states/OH/{coalition.slug}/"]
    for page in pages:
        found = text(reader.get(page))
        assert "2026 Q1: " not in found and "in 2026 Q1" not in found and "was 0" not in found, page
        assert "2026Q1" not in found
    factories.share(first, by=ana)
    assert "was 0" in text(reader.get("/states/"))
    assert "Not yet in 2026 Q1, now Strong" in text(reader.get("/states/?m=cohesion"))


@pytest.mark.parametrize(
    "page",
    [
        "/states/",
        f"/states/?m={MILESTONE}",
        f"/states/?view=trend&m={MILESTONE}",
        "/states/{}/",
        "/states/{}/{}/",
        "/states/?mode=core",
        "/states/?mode=full&view=cards",
        "/states/?view=cards",
        f"/milestones/{MILESTONE}/?group=level",
        "/states/?kind=ask",
        "/states/?shared=level",
        f"/states/?focus={MILESTONE}",
        "/next-steps/",
        "/next-steps/?kind=ask",
    ],
)
def test_a_story_alone_tells_nothing_of_the_level(page, rubric, as_user, fay):
    """Two coalitions, alike but for every level they agreed: their pages are the same."""
    found = []
    for name, at, level, mode in [("Sample Aa", "OH", 0, "full"), ("Sample Bb", "IA", 4, "core")]:
        there = factories.coalition(name, at=at)
        lead = factories.person(Role.LEAD, there)
        assessment = told(there, by=lead, level=level, mode=mode)
        share_all(assessment, by=lead, what="story")
        one = factories.person(Role.FUNDER, there, name="Fay")
        html = text(as_user(one).get(page.format(at, there.slug)))
        assert "canary-reason" not in html and "canary-open" not in html and "canary-event" not in html
        html = re.sub(r'(csrfmiddlewaretoken" value=|data-user=)"[^"]*"', "", html)
        for is_now, then in [(name, "NAME"), (there.slug, "SLUG"), (there.state.name_en, "STATE"), (at, "ST")]:
            html = html.replace(is_now, then)
        found.append(html)
    assert found[0] == found[1]


def test_who_is_not_shown_is_named_with_the_reason(shared, as_user, fay):
    factories.coalition("Sample Quiet Coalition", at="IA")
    page = " ".join(words_of(text(as_user(fay).get("/states/"))).split())
    assert "Nothing shared of 2026 Q2: Sample Quiet Coalition (Iowa)" in page
    assert "Each coalition rates itself and sets its own bar." in page


def test_six_panels_at_most_and_the_rest_named(rubric, as_user, fay):
    for number in range(8):
        there = factories.coalition(f"Sample {number}", at="OH" if number % 2 else "IA")
        lead = factories.person(Role.LEAD, there)
        factories.share(factories.submitted(there, by=lead), by=lead)
    page = text(as_user(fay).get("/states/?view=trend&m=cohesion"))
    assert page.count("<figure data-chart") == 6 == page.count('role="img"') == page.count('type="application/json"')
    rest = " ".join(words_of(page[page.index("Not shown") :]).split())
    assert "Sample 5 (Ohio), Sample 7 (Ohio)" in rest
    page = text(as_user(fay).get("/states/?view=trend&m=cohesion&states=OH"))
    assert page.count("<figure data-chart") == 4 and "Iowa)" not in words_of(page)


@pytest.mark.parametrize(
    "query",
    ["q=2026q5", "view=xyz", "mode=xyz", "kind=ask&kind=xyz", "years=-1", "group=level", "shade=1", "from=2026q9", "m=nope", "m=own-1", "m=beyond", "states=OH~ZZ", "q=2026q2&q=2031q1",
     "q=%F0%9F%92%A5", "page=0", "states=" + "OH~" * 500, "view=trend&m=nope&states=ZZ"],
)  # fmt: skip
def test_a_bad_address_still_gives_a_page(query, shared, as_user, fay):
    assert "Sample Buckeye Coalition" in text(as_user(fay).get(f"/states/?{query}"))


def test_nul_is_refused(shared, as_user, fay):
    assert as_user(fay).get("/states/?q=%00").status_code == 400


@pytest.mark.parametrize("code", ["ZZ", "O", "OHIO", "%F0%9F%92%A5", "ß", "'"])
def test_an_unknown_state_is_404(code, shared, as_user, fay):
    assert as_user(fay).get(f"/states/{code}/").status_code == 404


def test_a_known_state_where_nothing_is_shared_is_a_page(shared, as_user, fay):
    factories.state("IA")
    assert "Nothing shared here yet." in text(as_user(fay).get("/states/IA/"))


def test_a_state_page_keeps_each_coalition_apart_and_names_the_source(shared, as_user, fay):
    other = factories.coalition("Sample Lake Coalition", at="OH")
    lead = factories.person(Role.LEAD, other)
    factories.share(factories.submitted(other, by=lead, level=4), by=lead)
    Finding.objects.create(state_code="OH", position=1, text_en="found-here", text_es="hallado-aquí")
    page = text(as_user(fay).get("/states/oh/"))
    assert page.count('<section class="portrait"') == 2
    assert "found-here" in page and "Innovation Network" in page and "in our words" in page
    assert "canary-story" in page and "canary-step" in page
    assert f'href="/states/OH/sample-buckeye-coalition/#{MILESTONE}"' in page
    assert not [word for word in ("canary-owner", "canary-closed") if word in page]


def test_sample_data_says_so(rubric, as_user, fay, settings):
    settings.SAMPLE_DATA = False
    there = factories.coalition("Sample Buckeye Coalition", sample=True)
    lead = factories.person(Role.LEAD, there)
    factories.share(factories.submitted(there, by=lead), by=lead)
    for path in (path for path in PAGES if path != "/milestones/"):  # which names none
        assert "Sample data. Not real ratings." in text(as_user(fay).get(path)), path
    assert "Sample data." not in text(as_user(fay).get("/about/"))


def test_spanish(shared, as_user, fay):
    client = as_user(fay)
    client.cookies["django_language"] = "es"
    page = text(client.get("/states/"))
    assert '<html lang="es">' in page and "Cohesión: ir en la misma dirección" in page
    assert '<html lang="es">' in text(client.get("/states/OH/sample-buckeye-coalition/"))


def test_queries_stay_as_many_when_coalitions_grow(coalition, ana, as_user, fay):
    for quarter in (Q1, Q2):
        share_all(told(coalition, by=ana, quarter=quarter, mode="core"), by=ana)
    clone(coalition, [0])
    client = as_user(fay)

    def counts():
        found = {}
        for path in (*PAGES, "/states/?m=cohesion"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            found[path] = len(queries)
        return found

    few = counts()
    clone(coalition, range(1, 56))
    assert counts() == few
    assert max(few.values()) <= 10, few
