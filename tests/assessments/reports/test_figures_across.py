"""Figures of pages across states: page, drawing and file say one thing, under the page's own filters and page number."""

import csv
import io
import re
import uuid
from datetime import date
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from assessments.discussing import step_actions
from assessments.reports import across
from coalitions.models import Role
from milestones.models import Milestone
from tests import factories
from tests.assessments.reports.made import Q1, Q2, text, words_of
from tests.assessments.reports.test_together import copies, played

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("sqlite")]
SVG = "{http://www.w3.org/2000/svg}"
FORBIDDEN = r"\b(score|rank|ranking|top|best|worst|average|grade|weak|laggard|percent)\b"
FIGURES = {
    "table": "/states/",
    "list": "/states/?m=cohesion",
    "boxes": "/milestones/cohesion/?group=level",
    "map": "/states/?view=map&m=cohesion&shade=1",
    "over-time": "/states/?view=trend&m=cohesion",
    "cards": "/states/?view=cards",
    "next-steps": "/next-steps/",
}


def quarter(there, lead, level, at=Q2, *, ask="", what="level_and_story", members_view=False, disagree=False):
    """One shared quarter of a coalition, with an ask on Cohesion where one is given."""
    if members_view:
        assessment = factories.closed(there, by=lead, parents=[level] * 6, others=[level] * 6, quarter=at)
    else:
        assessment = factories.discussing_assessment(there, by=lead, quarter=at)
    factories.rate_all(assessment, level, by=lead)
    if disagree:
        factories.rate(assessment, "3.1", by=lead, outcome="not_agreed")
    if ask:
        step_actions.save_next_step(
            assessment=assessment, key=uuid.uuid4(), version=0, kind="ask", text=ask,
            milestone=Milestone.objects.get(slug="cohesion", rubric__own=False), owner_name="Rosa",
            owner_role="Parent lead", due_on=date(2026, 9, 1), by=lead,
        )  # fmt: skip
    factories.submit(assessment, by=lead)
    assessment.refresh_from_db()
    factories.share(assessment, what, by=lead, members_view=members_view)


@pytest.fixture(scope="module")
def fay(django_db_setup, django_db_blocker):
    """A funder; five coalitions that share where they stand, one that shares its story, one that shares nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        factories.rubric()
        for name, at, fields in [
            ("Sample Ash", "OH", {"level": 3, "ask": "Money for interpreters"}), ("Sample Oak", "OH", {"level": 0}),
            ("Sample Birch", "IA", {"level": 2, "ask": "money for interpreters.", "members_view": True}),
            ("Sample Cedar", "AZ", {"level": 4, "what": "story"}), ("Sample Elm", "GA", {"level": 4}),
            ("Sample Fig", "VT", {"level": 2, "disagree": True}),
        ]:  # fmt: skip
            there = factories.coalition(name, at=at, sample=name == "Sample Ash", about="Of the <rivers> & towns.")
            lead = factories.person(Role.LEAD, there)
            if name == "Sample Ash":
                quarter(there, lead, 1, Q1)
            quarter(there, lead, **fields)
        factories.coalition("Sample Quiet", at="WY")
        yield factories.person(Role.FUNDER, name="Fay", organisation="Sample Fund")
        transaction.set_rollback(True)


@pytest.fixture
def reader(fay):
    client = Client()
    client.force_login(fay, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def links(client, address) -> tuple[str, dict[str, str]]:
    """A page, and the addresses of the files that it leads to, by their ending."""
    page = text(client.get(address))
    found = [unquote(link).replace("&amp;", "&") for link in re.findall(r'href="([^"]*/figures/[^"]*)" download', page)]
    return page, {re.search(r"\.(csv|svg)", link)[1]: link for link in found}


def files(client, address):
    """A page with its two files: the rows of the one, the drawing of the other."""
    page, of = links(client, address)
    table, drawn = (client.get(of[kind]).content.decode() for kind in ("csv", "svg"))
    return page, list(csv.DictReader(io.StringIO(table, newline=""))), ElementTree.fromstring(drawn)


def marks(drawing, kind="") -> list[str]:
    """The words of the marks of one kind, in their order."""
    return [
        g.find(f"{SVG}title").text for g in drawing.iter(f"{SVG}g") if g.get("class", "").startswith(f"mark {kind}")
    ]


def words_in(drawing) -> str:
    return " ".join(" ".join(drawing.itertext()).split())


def said(row) -> str:
    """A row's level as a drawing says it."""
    of_status = {"not_agreed": "Not agreed", "not_shared": "Story only"}
    if not row["level"]:
        return of_status[row["level_status"]]
    return f"{row['level_name']} ({row['level']})" + (", core only" if row["level_rule"] == "core_only" else "")


def test_the_table_is_its_file_and_its_drawing(reader):
    page, rows, drawing = files(reader, FIGURES["table"])
    assert [(r["coalition_name"], r["milestone_number"]) for r in rows][:8:7] == [
        ("Sample Cedar", "1"),
        ("Sample Elm", "1"),
    ]
    assert len(rows) == 6 * 7 and marks(drawing) == [said(row) for row in rows]
    cells = re.findall(r'<td class="(?:level-(\d)|status-(\w+))"', page)
    assert [level or status for level, status in cells] == [row["level"] or row["level_status"] for row in rows]
    assert [row["level_before"] for row in rows if row["coalition_name"] == "Sample Ash"] == ["1"] * 7
    assert page.count("was 1") == 7 == words_in(drawing).count("was 1")
    assert "5 coalitions give a level. 1 moved since 2026 Q1. 1 shares a story alone." in " ".join(
        words_of(page).split()
    )


@pytest.mark.parametrize("name", ["list", "boxes"])
def test_one_milestone_is_its_file_and_its_drawing(name, reader):
    page, rows, drawing = files(reader, FIGURES[name])
    assert [row["coalition_name"].split()[1] for row in rows] == [
        "Cedar",
        "Elm",
        "Birch",
        "Ash",
        "Oak",
        "Fig",
    ]  # A to Z
    at = page.index("<figcaption>")
    shown = page[at : page.index("<details", at)]
    for row in rows:
        assert row["coalition_name"] in shown
    if name == "list":
        assert marks(drawing, "level") == [said(row) for row in rows if row["level"]]
        assert marks(drawing, "before") == ["Starting"] and "Starting in 2026 Q1, now Strong" in words_in(drawing)
        assert marks(drawing, "status") == ["Not agreed"] and "Story only" in words_in(drawing)
    else:
        drawn = {mark.split(",")[0]: int(mark[-2]) for mark in marks(drawing, "level")}
        assert drawn == {row["coalition_name"]: int(row["level"]) for row in rows if row["level"]}
        rest = ["Sample Cedar, Arizona: Story only", "Sample Fig, Vermont: Not agreed"]
        assert marks(drawing, "status") == rest
    table = page[page.index("<details", at) :]
    beside = re.findall(r'<tr><th scope="row">(.*?), [A-Z]\w+</th><td>(.*?)</td>', table)
    assert beside == [(row["coalition_name"], said(row)) for row in rows]


def test_the_map_is_its_file_and_its_drawing(reader):
    page, rows, drawing = files(reader, FIGURES["map"])
    assert [row["state_code"] for row in rows] == ["AZ", "GA", "IA", "OH", "VT", "WY"]
    levels = {row["state_code"]: row["level"] for row in rows}
    assert levels == {"AZ": "", "GA": "4", "IA": "2", "OH": "", "VT": "", "WY": ""}
    assert {row["level_status"] for row in rows if row["state_code"] == "OH"} == {"several_coalitions"}
    assert sorted(marks(drawing, "tile level")) == ["Georgia: Lasting", "Iowa: Growing"]
    assert len(marks(drawing, "tile")) == 6
    assert "2 states have the color of their level; in 1 several coalitions share one" in " ".join(
        words_of(page).split()
    )
    page, rows, drawing = files(reader, "/states/?view=map")
    assert "level" not in rows[0] and not marks(drawing, "tile level")
    assert [row["shared"] for row in rows].count("level_and_story") == len(marks(drawing, "tile shared")) == 4
    assert page.count("<table") == 1
    listed = page[page.index("map-list") :]
    assert re.findall(r'href="/states/(\w\w)/"', listed) == [row["state_code"] for row in rows]


def test_over_time_is_its_file_and_its_drawing(reader):
    page, rows, drawing = files(reader, FIGURES["over-time"])
    given = [row for row in rows if row["level"]]
    drawn = [f"{r['coalition_name']}, {r['state_name']}. {r['quarter'][:4]} {r['quarter'][4:]}: {r['level_name']} ({r['level']})"
             for r in given]  # fmt: skip
    assert marks(drawing, "level") == drawn and len(drawn) == 5
    assert page.count('<h3><a href="/states/') == len({row["coalition_name"] for row in rows}) == 5
    assert "5 coalitions beside where their lines began: 1 stands higher; 4 cannot be compared." in " ".join(
        words_of(page).split()
    )
    assert "Sample Cedar (Arizona)" in words_in(drawing)  # whose level is not shared


def test_cards_are_their_file_and_their_drawing(reader):
    page, rows, drawing = files(reader, FIGURES["cards"])
    assert [row["coalition_name"] for row in rows if not row["level_name"] and row["level_status"] == "not_shared"] == [
        "Sample Cedar"
    ]
    assert (
        len(marks(drawing, "level"))
        == sum(bool(row["level"]) for row in rows)
        == 34
        == page.count('class="word"><span')
    )
    assert len(marks(drawing, "status")) == 2  # a story alone; what was not agreed
    assert {row["asks"] for row in rows if row["coalition_name"] == "Sample Ash"} == {"An ask: Money for interpreters"}
    assert {row["about"] for row in rows} == {"Of the <rivers> & towns."}
    known = {row["coalition_name"] for row in rows if row["n_band"] != "none" or row["agreement"] != "none"}
    assert (
        known == {"Sample Birch"} and sum("10–19 answers" in words for words in marks(drawing, "level")) == 7
    )  # who ticked the members' view


def test_next_steps_are_their_file_and_their_drawing(reader):
    page, rows, drawing = files(reader, FIGURES["next-steps"])
    assert [(row["coalition_name"], row["coalitions"]) for row in rows] == [("Sample Birch", "2"), ("Sample Ash", "2")]
    assert len(marks(drawing, "step")) == 2 and words_in(drawing).count("2 coalitions") == 3  # title twice, heading
    assert "Rosa" not in words_in(drawing) and {row["owner_role"] for row in rows} == {"Parent lead"}
    assert "1 thing is asked for: by 2 coalitions." in " ".join(words_of(page).split())


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_file_carries_title_quarter_source_caveat_and_the_sample_mark(language, reader):
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    mark = {"en": "Sample data. Not real ratings.", "es": "Datos de ejemplo. No son respuestas reales."}[language]
    caveat = {"en": "Not a contest.", "es": "No es una competencia."}[language]
    quiet = {"en": "Sample Quiet", "es": "No se muestran."}[language]
    for name, address in FIGURES.items():
        page, rows, drawing = files(reader, address)
        title = drawing.find(f"{SVG}title").text
        assert title in " ".join(words_of(page).split()), name
        shown = words_in(drawing).split(drawing.find(f"{SVG}desc").text)[-1]
        for said_there in (title, mark, caveat, "2026 Q", settings.SITE_URL + address.split("?")[0]):
            assert said_there in shown, (name, said_there)
        for row in rows:
            assert row["figure"] == title and row["quarter"] and row["sample_data"] in "01", name
            assert mark in row["note"] and caveat in row["note"] and settings.SITE_URL in row["source"]
            assert all(row[column] for column in row if column.endswith("_status"))
        if name != "map":
            assert quiet in rows[0]["note"]
        assert not re.search(FORBIDDEN, " ".join([shown, *map(str, rows)]).lower()), name
        for at in drawing.iter(f"{SVG}text"):
            assert 0 <= float(at.get("x")) <= 1200 and float(at.get("y")) <= float(drawing.get("height")), name


def test_a_file_takes_the_pages_own_filters_and_page_number(reader, monkeypatch):
    monkeypatch.setattr(across, "A_PAGE", 3)
    seen = []
    for number in (1, 2, 3):
        _page, rows, drawing = files(reader, f"/states/?page={number}&order=za")
        assert f"Page {number} of 3" in words_in(drawing) and "Chosen: Z to A." in words_in(drawing)
        seen.append(list(dict.fromkeys(row["coalition_name"].split()[1] for row in rows)))
    assert seen == [["Fig", "Oak"], ["Ash", "Birch", "Elm"], ["Cedar"]]
    _page, rows, _drawing = files(reader, "/states/?states=OH~IA&kind=ask")
    assert {row["coalition_name"] for row in rows} == {"Sample Ash", "Sample Birch"}
    assert "No such next step shared: Sample Oak (Ohio)." in rows[0]["note"]


@pytest.mark.parametrize(
    "address",
    ["/states/figures/no-such.csv", "/states/figures/map.svg", "/states/figures/table.png", "/states/figures/table.csv?view=map",
     "/milestones/nope/figures/list.csv", "/states/figures/table.csv?q=2026q2&mode=full", "/next-steps/figures/table.csv"],
)  # fmt: skip
def test_a_figure_that_the_page_does_not_show_has_no_file(address, reader):
    assert reader.get(address).status_code == 404


def test_a_file_is_named_for_what_it_shows(reader):
    answer = reader.get("/milestones/cohesion/figures/map.svg?view=map&shade=1")
    assert answer["Content-Disposition"] == 'attachment; filename="sample-cohesion-2026q2-map.svg"'
    assert "style=" not in answer.content.decode() and answer["Content-Type"] == "image/svg+xml"


def test_milestones_that_move_together_are_their_file_and_their_drawing(rubric, eve, as_user):
    first, _lead = played("Sample Buckeye Coalition")
    copies(first, 5)
    page, rows, drawing = files(as_user(eve), "/together/")
    cells = re.findall(r'<td class="(?:few|shade-\d)">(?:<span aria-hidden="true">(\d+/\d+)|No occasion)', page)
    assert cells == [f"{row['went_up_too']}/{row['occasions']}" if row["occasions"] != "0" else "" for row in rows]
    drawn = re.findall(r": (?:(\d+) of (\d+)|No occasion)", "\n".join(marks(drawing, "count")))
    assert [f"{too}/{of}" if of else "" for too, of in drawn] == cells and len(cells) == 42
    assert {row["few_occasions"] for row in rows if int(row["occasions"]) < 10} == {"1"}
    assert "what coalitions submitted" in rows[0]["source"]
    assert "does not mean one causes the other" in rows[0]["note"] and "Sample Buckeye" not in words_in(drawing)
