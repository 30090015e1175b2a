"""The views across states: map, cards, boxes, filters, who is not shown; whole in the address, and bounded by the page."""

import re
from datetime import date
from urllib.parse import unquote

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test.utils import CaptureQueriesContext

from assessments.discussing import step_actions
from assessments.models import Event
from assessments.reports import across, choosing, filters
from coalitions.models import Coalition, Role
from milestones.models import Milestone
from tests import factories
from tests.assessments.reports.made import MILESTONE, Q1, Q2, clone, share, share_all, text, told, words_of

pytestmark = pytest.mark.django_db
SINCE = Q2.year - 4
KEY = "0d9f6f52-5a0e-4f3a-9d3e-2f1d5c1a9b"


def sharing(name, at, level=2, *, what="level_and_story", mode="core", members_view=False, focus=(), ask="", **fields):
    """A coalition that shares all of one quarter; with an ask on Cohesion where one is given."""
    there = factories.coalition(name, at=at, **fields)
    lead = factories.person(Role.LEAD, there)
    assessment = factories.discussing_assessment(there, by=lead, mode=mode, focus=focus)
    factories.rate_all(assessment, level, by=lead)
    if ask:
        step_actions.save_next_step(
            assessment=assessment, key=f"{KEY}{at.encode().hex()[:2]}", version=0, kind="ask", text=ask,
            milestone=Milestone.objects.get(slug="cohesion", rubric__own=False), owner_name="Rosa", owner_role="Parent lead",
            due_on=date(2026, 9, 1), by=lead,
        )  # fmt: skip
    factories.submit(assessment, by=lead)
    assessment.refresh_from_db()
    factories.share(assessment, what, by=lead, members_view=members_view)
    return there


def plain(response) -> str:
    return " ".join(words_of(text(response)).split())


def tile(html, code):
    """The class of a state's tile, and its name."""
    found = re.search(
        rf'<li class="tile r\d+ c\d+ ?([^"]*)"[^>]*>(?:<a[^>]*>|<span>)({code}\b.*?)</(?:a|span)></li>', html
    )
    return found[1], " ".join(words_of(found[2]).split())


# The map


def test_the_map_says_the_most_that_is_shared_and_no_level(rubric, as_user, fay):
    sharing("Sample Ohio", "OH", 4)
    sharing("Sample Ohio Two", "OH", 0, what="story")
    sharing("Sample Iowa", "IA", 3, what="story")
    factories.coalition("Sample Quiet", at="AZ")
    factories.state("WY")
    page = text(as_user(fay).get("/states/?view=map"))
    assert tile(page, "OH") == ("tile-shared", "OH Ohio, Level and story shared")
    assert tile(page, "IA") == ("tile-story", "IA Iowa, Story only")
    assert tile(page, "AZ") == ("tile-has-coalition", "AZ Arizona, Nothing shared")
    assert re.search(r'<li class="tile[^>]*aria-hidden="true"><span>WY</span>', page)
    assert not re.search(r'class="tile[^"]*level-', page)
    assert "Nothing shared of 2026 Q2: Sample Quiet (Arizona)" in " ".join(words_of(page).split())


def test_shaded_it_has_levels_and_blends_nothing(rubric, as_user, fay):
    sharing("Sample Iowa", "IA", 3)
    sharing("Sample Ohio", "OH", 4)
    sharing("Sample Ohio Two", "OH", 0)
    sharing("Sample Story", "AZ", 4, what="story")
    page = text(as_user(fay).get("/states/?view=map&shade=1&m=cohesion"))
    assert tile(page, "IA") == ("level-3", "IA 3 Iowa, Strong")
    assert tile(page, "OH") == ("tile-shared", "OH (2) Ohio, 2 coalitions share their level, each on its own")
    assert tile(page, "AZ") == ("tile-story", "AZ Arizona, Story only")
    assert len(re.findall(r'class="tile[^"]*level-', page)) == 1
    listed = page[page.index("map-list") :]
    assert listed.index("Arizona") < listed.index("Iowa") < listed.index("Ohio")


def test_a_map_obeys_filters_and_scope(rubric, as_user, fay):
    ohio = sharing("Sample Ohio", "OH", mode="full")
    sharing("Sample Iowa", "IA")
    assert tile(text(as_user(fay).get("/states/?view=map&mode=full")), "IA")[0] == "tile-has-coalition"
    assert tile(text(as_user(fay).get("/states/?view=map&mode=full")), "OH")[0] == "tile-shared"
    assert tile(text(as_user(fay).get("/states/?view=map&states=IA")), "OH")[0] == "tile-has-coalition"
    one = factories.person(Role.FUNDER, ohio)
    page = text(as_user(one).get("/states/?view=map"))
    assert "Iowa" not in page and tile(page, "OH")[0] == "tile-shared"


# Cards


def test_a_card_tells_words_and_asks_before_levels(rubric, as_user, fay):
    focus = list(Milestone.objects.filter(slug__in=["cohesion", "financing"]))
    sharing(
        "Sample Ohio", "OH", 3, mode="focus", focus=focus, ask="Money for interpreters", about="River towns.",
        working_since=SINCE,
    )  # fmt: skip
    page = text(as_user(fay).get("/states/?view=cards"))
    card = page[page.index('class="card-state"') : page.index("</section>")]
    order = ["River towns.", "Chosen focus:", "Money for interpreters", "card-levels", "Evidence: Thin"]
    assert sorted(order, key=card.index) == order
    assert f"working since {SINCE}" in card and "Rosa" not in card


def test_a_card_tells_what_members_said_only_with_the_tick(rubric, as_user, fay):
    for name, at, members_view in [("Sample Ohio", "OH", True), ("Sample Iowa", "IA", False)]:
        there = factories.coalition(name, at=at)
        lead = factories.person(Role.LEAD, there)
        assessment = factories.closed(there, by=lead, parents=[2] * 6, others=[2] * 6)
        factories.rate_all(assessment, 2, by=lead)
        factories.submit(assessment, by=lead)
        assessment.refresh_from_db()
        factories.share(assessment, by=lead, members_view=members_view)
    told_of = {state: plain(as_user(fay).get(f"/states/?view=cards&states={state}")) for state in ("OH", "IA")}
    assert "10–19 answers. Close" in told_of["OH"]
    assert "answers. Close" not in told_of["IA"] and "10–19" not in told_of["IA"]


def test_a_card_of_a_story_has_no_level_focus_or_mode(rubric, as_user, fay):
    focus = list(Milestone.objects.filter(slug__in=["cohesion", "financing"]))
    sharing("Sample Ohio", "OH", 3, what="story", mode="focus", focus=focus)
    page = text(as_user(fay).get("/states/?view=cards"))
    card = page[page.index('class="card-state"') : page.index("</section>")]
    assert "Story only" in card and "Focus" not in card and "focus" not in card and "Strong" not in card


# Boxes


def five(rubric, of=5):
    for number in range(of):
        sharing(f"Sample {number}", "OH" if number % 2 else "IA", number % 3)


def test_boxes_from_five_coalitions_on(rubric, as_user, fay):
    five(rubric, 4)
    page = text(as_user(fay).get("/states/?m=cohesion&group=level"))
    assert "level-box" not in page and "five must share this milestone" in page and 'id="id_group"' not in page
    sharing("Sample Story", "AZ", what="story")
    assert "level-box" not in text(as_user(fay).get("/milestones/cohesion/?group=level"))
    sharing("Sample Last", "AZ", 4)
    page = text(as_user(fay).get("/milestones/cohesion/?group=level"))
    heads = re.findall(r'<h3 id="box-\d">(.*?)</h3>', page)
    assert heads == ["0 Not yet", "1 Starting", "2 Growing", "3 Strong", "4 Lasting"]
    assert 'id="id_group"' in page
    first = page[page.index('id="box-0"') : page.index('id="box-1"')]
    assert first.index("Sample 0") < first.index("Sample 3")
    assert "Sample Story</a>, Arizona: Story only" in page


def test_the_list_is_what_opens_even_where_boxes_may_stand(rubric, as_user, fay):
    five(rubric)
    page = text(as_user(fay).get("/states/?m=cohesion"))
    assert "level-box" not in page and 'class="level-rows"' in page
    assert "level-box" not in text(as_user(fay).get("/states/?m=cohesion&group=level&states=OH"))


# Filters


def names_in(page):
    """The coalitions that a page shows, those named as not shown apart."""
    return set(re.findall(r"Sample [A-Z]\w*", page.partition("Not shown")[0]))


@pytest.fixture
def several(rubric):
    focus = list(Milestone.objects.filter(slug__in=["cohesion", "financing"], rubric__own=False))
    sharing("Sample Ash", "OH", mode="full", working_since=SINCE)
    sharing("Sample Birch", "IA", mode="focus", focus=focus, ask="Money for interpreters", working_since=SINCE - 10)
    sharing("Sample Cedar", "AZ", what="story", ask="A lawyer", working_since=SINCE)
    factories.coalition("Sample Dogwood", at="VT", working_since=SINCE)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Ash", "Birch", "Cedar"}),
        ("mode=full", {"Ash"}),
        ("mode=core", set()),
        ("focus=cohesion", {"Birch"}),
        ("focus=advocacy-progress", set()),
        ("kind=ask", {"Birch", "Cedar"}),
        ("kind=ask&m=cohesion", {"Birch", "Cedar"}),
        ("kind=ask&m=financing", set()),
        ("kind=offer", set()),
        ("years=3-5", {"Ash", "Cedar"}),
        ("years=11", {"Birch"}),
        ("shared=level", {"Ash", "Birch"}),
        ("shared=story", {"Cedar"}),
        ("states=OH~AZ&years=3-5", {"Ash", "Cedar"}),
        ("kind=ask&shared=level", {"Birch"}),
    ],
)
@pytest.mark.parametrize("view", ["table", "cards"])
def test_filters_choose_and_name_whom_they_leave_out(query, shown, view, several, as_user, fay):
    page = plain(as_user(fay).get(f"/states/?view={view}&{query}"))
    of_states = {"OH": "Ash", "AZ": "Cedar", "IA": "Birch", "VT": "Dogwood"}
    asked = {n for code, n in of_states.items() if "states=" not in query or code in query}
    assert {name.split()[1] for name in names_in(page)} == shown
    left_out = page[page.index("Not shown") :] if "Not shown" in page else ""
    assert set(re.findall(r"Sample (\w+)", left_out)) == asked - shown


@pytest.mark.parametrize("query", ["mode=full", "mode=core", "focus=cohesion", "shared=story", "years=3-5", "years=11"])
def test_no_filter_tells_what_is_not_shared(query, several, as_user, fay):
    """A story alone has no mode and no focus, and of who shares nothing no filter tells anything."""
    page = plain(as_user(fay).get(f"/states/?{query}"))
    left_out = page[page.index("Not shown") :]
    assert "Nothing shared of 2026 Q2: Sample Dogwood (Vermont)" in left_out
    if query.startswith(("mode", "focus")):
        assert "Sample Cedar" in left_out


def test_every_filter_is_a_chip_that_takes_it_out(several, as_user, fay):
    query = "?m=cohesion&states=IA~OH&order=za&mode=focus&focus=cohesion&kind=ask&years=11&shared=level"
    page = text(as_user(fay).get("/states/" + query))
    chips = re.findall(r'<a class="chip" href="([^"]*)">(.*?): take out</a>', page)
    assert len(chips) == 9
    assert [label for _url, label in chips][:3] == ["Cohesion", "Iowa", "Ohio"]
    sizes = {len(url.replace("&amp;", "&").split("&")) for url, label in chips if label not in ("Iowa", "Ohio")}
    assert sizes == {7}
    assert '<a href="?">Reset</a>' in page


def test_z_to_a_turns_states_and_coalitions_round(rubric, as_user, fay):
    for name, at in [("Sample B", "OH"), ("Sample A", "OH"), ("Sample C", "AZ")]:
        sharing(name, at)
    for address in ("/states/?order=za", "/states/?order=za&m=cohesion", "/milestones/cohesion/?order=za&view=cards"):
        page = text(as_user(fay).get(address))
        page = page[page.index("</form>", page.index('class="explorer')) :]
        places = [page.index(f">{name}</a>") for name in ("Sample B", "Sample A", "Sample C")]
        assert places == sorted(places), address


def test_over_time_may_begin_later(coalition, ana, as_user, fay):
    for quarter in (Q1, Q2):
        share_all(told(coalition, by=ana, quarter=quarter), by=ana)
    whole = text(as_user(fay).get("/states/?view=trend&m=cohesion"))
    later = text(as_user(fay).get("/states/?view=trend&m=cohesion&from=2026q2"))
    assert '<th scope="row">2026 Q1</th>' in whole and '<th scope="row">2026 Q1</th>' not in later
    assert "From 2026 Q2: take out" in later


@pytest.mark.parametrize(
    "query",
    ["view=map&shade=1", "view=cards&kind=ask", "m=cohesion&order=za", "view=trend&states=OH", "mode=full&page=9"],
)
def test_the_link_that_is_copied_shows_the_same_to_somebody_else(query, several, as_user, fay, eve):
    page = text(as_user(fay).get("/states/?" + query))
    link = unquote(re.search(r'data-copy-link="([^"]*)"', page)[1]).replace("&amp;", "&")
    assert "q=2026q2" in link or "view=trend" in link
    again = text(as_user(eve).get("/states/" + link))

    def seen(html):
        return " ".join(
            words_of(
                html[html.index("<h1") : html.index("Copy link")] + html[html.index("</p>", html.index("Copy link")) :]
            ).split()
        )

    assert seen(again).replace("2026 Q2: take out", "") == seen(page).replace("2026 Q2: take out", "")


def test_a_milestone_has_a_page_of_its_own(several, as_user, fay):
    page = text(as_user(fay).get(f"/milestones/{MILESTONE}/?m=cohesion&view=cards"))
    assert "<h1>Setting the table</h1>" in page and 'name="m"' not in page
    assert "Cohesion" not in page[page.index('class="grid state-cards"') :]
    assert (
        as_user(fay).get("/milestones/nope/").status_code == as_user(fay).get("/milestones/beyond/").status_code == 404
    )
    index = text(as_user(fay).get("/milestones/"))
    assert index.count('<dt><a href="/milestones/') == 7


# By the page, and no more


@pytest.fixture
def rows_read(monkeypatch):
    """Counts the rows that the database hands over, and the statements asked of it."""
    count = {"rows": 0}

    def counting(name):
        def fetch(self, *args):
            found = getattr(self.cursor, name)(*args)
            count["rows"] += len(found) if isinstance(found, list | tuple) and name != "fetchone" else found is not None
            return found

        return fetch

    for name in ("fetchone", "fetchmany", "fetchall"):
        monkeypatch.setattr(CursorWrapper, name, counting(name), raising=False)

    def of(client, address):
        client.get(address)
        count["rows"] = 0
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries), count["rows"]

    return of


ADDRESSES = [
    "/states/", "/states/?m=cohesion", "/states/?m=cohesion&group=level", "/states/?view=map", "/states/?view=map&shade=1",
    "/states/?view=cards", "/states/?view=trend&from=2026q1", "/states/?mode=core&kind=ask&years=3-5", "/milestones/",
    "/milestones/cohesion/", "/milestones/cohesion/?view=cards", "/next-steps/", "/next-steps/?kind=ask",
    "/states/figures/table.csv", "/states/figures/over-time.svg?view=trend&from=2026q1", "/next-steps/figures/next-steps.csv",
]  # fmt: skip


def test_queries_and_rows_read_are_those_of_one_page_however_many_coalitions_there_are(
    coalition, ana, as_user, fay, rows_read, monkeypatch
):
    """Three coalitions of two quarters, then 63 of eight."""
    monkeypatch.setattr(across, "A_PAGE", 3)
    share_all(told(coalition, by=ana, quarter=Q1), by=ana)
    share_all(told(coalition, by=ana, quarter=Q2), by=ana)
    Event.objects.all().delete()  # those of one coalition are read where it is on the page
    there = ["OH", "IA", "AZ"]
    clone(coalition, range(1, 3), there, quarters=[Q1, Q2])
    client = as_user(fay)
    few = {address: rows_read(client, address) for address in ADDRESSES}
    clone(coalition, range(3, 63), there, quarters=[Q1 - back for back in range(1, 7)] + [Q1, Q2])
    many = {address: rows_read(client, address) for address in ADDRESSES}
    assert {a: many[a] for a in many if many[a] != few[a]} == {}, few
    assert max(queries for queries, _rows in many.values()) <= 10, many


def test_a_states_page_reads_no_more_however_many_coalitions_the_state_has(
    coalition, ana, as_user, fay, rows_read, monkeypatch
):
    monkeypatch.setattr(across, "IN_A_STATE", 3)
    for quarter in (Q1, Q2):
        share_all(told(coalition, by=ana, quarter=quarter), by=ana)
    Event.objects.all().delete()
    clone(coalition, [1, 2], ["OH"])
    client = as_user(fay)
    few = rows_read(client, "/states/OH/")
    clone(coalition, range(3, 12), ["OH"])
    factories.coalition("Sample quiet one")
    assert rows_read(client, "/states/OH/") == few and few[0] <= 10, few
    pages = [text(client.get(f"/states/OH/?page={number}")) for number in range(1, 6)]
    assert all("12 coalitions share here" in " ".join(words_of(page).split()) for page in pages)
    for name in Coalition.objects.values_list("name", flat=True):
        assert sum(f">{name}</a></h2>" in page or f"Nothing shared: {name}" in words_of(page) for page in pages) == 1
    assert "Page 5 of 5" in plain(client.get("/states/OH/?page=99"))


def test_no_page_across_states_reads_a_body(coalition, ana, as_user, fay):
    share_all(told(coalition, by=ana), by=ana)
    client = as_user(fay)
    read = {}
    for address in (*ADDRESSES, "/states/OH/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        read[address] = any('"body"' in query["sql"] for query in queries)
    assert read.pop("/states/OH/"), "the search finds a body where one is read"
    assert not any(read.values()), read


def test_the_count_of_rows_sees_rows(coalition, ana, as_user, fay, rows_read, monkeypatch):
    """The negative control: with pages of 60, more coalitions are more rows."""
    share_all(told(coalition, by=ana, quarter=Q2), by=ana)
    few = rows_read(as_user(fay), "/states/")[1]
    clone(coalition, range(9), ["OH"])
    assert rows_read(as_user(fay), "/states/")[1] >= few + 9 * 7


def test_pages_go_on_from_a_to_z_and_every_coalition_is_on_one(rubric, as_user, fay, monkeypatch):
    monkeypatch.setattr(across, "A_PAGE", 4)
    names = ["Sample Álamo", "Sample alder", "Sample Ñandú", "Sample Oak", "Sample Zed", "Sample nut", "Sample ébano"]
    for number, name in enumerate(names):
        factories.coalition(name, at=["OH", "IA"][number % 2], slug=f"c-{number}")
    sharing("Sample Fig", "VT")
    found = []
    for number in (1, 2):
        page = text(as_user(fay).get(f"/states/?page={number}"))
        assert f"Page {number} of 2" in words_of(page)
        found.append({name for name in (*names, "Sample Fig") if name in page})
    assert not found[0] & found[1] and len(found[0] | found[1]) == 8 and len(found[0]) == 4
    for order in ("", "za"):
        chosen = filters.Filters(quarter=Q2, latest=Q2, order=order)
        places = across.places(fay)
        got = [one.coalition for start in (0, 4) for one in across.coalitions(fay, chosen, places, {}, start)]
        assert got == sorted(got, key=lambda c: c.order, reverse=bool(order)) and len(got) == 8


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "99999", "9" * 5000, "1.5", "", "١", "<b>"])
def test_a_page_that_is_not_there_is_the_nearest(asked, several, as_user, fay):
    for address in ("/states/", "/next-steps/", "/milestones/cohesion/"):
        assert "Sample Dogwood" in text(as_user(fay).get(address, {"page": asked}))


def test_every_reason_has_its_words():
    chosen = filters.Filters(quarter=Q2, latest=Q2)
    reasons = {
        choosing.why_not(chosen, {name}) for name in ("here", "mode", "focus", "kind", "years", "shared", "steps")
    }
    assert len(reasons) == 6 and all(reasons)


# Next steps across states


def test_asks_stand_once_with_every_coalition_that_shares_them(rubric, as_user, fay):
    for name, at in [("Sample Ohio", "OH"), ("Sample Iowa", "IA")]:
        sharing(name, at, what="story", ask="Money for interpreters")
    page = text(as_user(fay).get("/next-steps/"))
    said = page[page.index('class="said"') :]
    assert page.count('<h4>Money for interpreters <span class="tag">2 coalitions</span></h4>') == 1
    assert said.index("Sample Iowa") < said.index("Sample Ohio")
    assert 'href="/states/OH/sample-ohio/?q=2026q2"' in said
    assert "Parent lead" in said and "Rosa" not in page


def test_next_steps_are_there_only_where_their_milestone_is_shared(coalition, ana, as_user, fay):
    assessment = told(coalition, by=ana)
    share(assessment, by=ana, cohesion="level_and_story")
    page = text(as_user(fay).get("/next-steps/"))
    assert "canary" not in page and "No such next step shared: Sample Buckeye Coalition (Ohio)" in " ".join(
        words_of(page).split()
    )
    share(assessment, by=ana, setting_the_table="story")
    page = text(as_user(fay).get("/next-steps/"))
    assert "canary-step" in page and "canary-role" in page and "canary-owner" not in page
    assert "canary-step" in text(as_user(fay).get(f"/next-steps/?kind=ask&m={MILESTONE}"))
    assert "canary-step" not in text(as_user(fay).get("/next-steps/?kind=offer"))
    assert "canary-step" not in text(as_user(fay).get("/next-steps/?m=cohesion"))
    assert "canary-step" not in text(as_user(fay).get("/next-steps/?m=beyond"))


def test_a_funder_of_one_coalition_reads_the_steps_of_that_one(rubric, as_user):
    sharing("Sample Ohio", "OH", ask="Money for interpreters")
    other = sharing("Sample Iowa", "IA", ask="A lawyer")
    page = text(as_user(factories.person(Role.FUNDER, other)).get("/next-steps/"))
    assert "A lawyer" in page and "interpreters" not in page and "Ohio" not in page


def test_no_steps_yet(coalition, ana, as_user, fay):
    told(coalition, by=ana)
    assert "No steps shared yet." in text(as_user(fay).get("/next-steps/"))
