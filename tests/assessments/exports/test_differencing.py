"""No two exports, views or filters give a cell that the release or the revision does not hold (P7)."""

import html
import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assessments.models import Event, Release, Revision, Standing
from assessments.quarters import Quarter
from assessments.reports.exports.coded import CODED
from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import ALL, LATEST, ONLY, WITH, WITHOUT, Filters
from coalitions.models import Role
from tests import factories
from tests.assessments.exports.making import from_database, records
from tests.assessments.exports.test_releases import agreed
from tests.assessments.exports.test_things import written  # noqa: F401

pytestmark = pytest.mark.django_db
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MILESTONES = ["setting-the-table", "cohesion", "financing"]
TEXTS = {"agreed_ratings": ["reason"], "evidence": ["shows", "link"], "next_steps": ["step_text", "owner_role"],
         "stories": ["story"], "events": ["words"]}  # fmt: skip


@pytest.fixture
def world(written, coalition, ana):  # noqa: F811
    """Two coalitions; quarters with and without ballots, words and corrections; some of it shared."""
    other = factories.coalition("Keystone", "PA", sample=True)
    lea = factories.person(Role.LEAD, other, name="Lea")
    factories.share(written, by=ana, slugs=["cohesion"])
    first = agreed(
        factories.closed(coalition, by=ana, parents=[1] * 6, others=[3] * 6, quarter=Quarter(2026, 1)), by=ana
    )
    factories.share(first, "story", by=ana, slugs=["financing", "beyond"])
    factories.submitting.reopen(assessment=first, number=1, reason="A date was wrong", by=ana)
    agreed(first, 4, by=ana)
    spread = factories.closed(other, by=lea, others=[0, 1, 1, 2] * 3, room_sees="see_the_spread")
    factories.share(agreed(spread, by=lea), by=lea)
    return coalition, other


quarters = st.sampled_from(["", "2025Q4", "2026Q1", "2026Q2", "2026Q3"])
every_filter = st.builds(
    Filters,
    state=st.sampled_from(["", "OH", "PA"]), coalition=st.sampled_from(["", "keystone", "sample-buckeye-coalition"]),
    first=quarters, last=quarters, milestone=st.sampled_from(["", *MILESTONES]),
    revisions=st.sampled_from([ALL, LATEST]), sample=st.sampled_from([WITH, WITHOUT, ONLY]),
    lang=st.sampled_from(["en", "es"]),
)  # fmt: skip


@MANY
@given(asked=every_filter)
@example(asked=Filters(milestone="cohesion"))
def test_for_any_filter_each_row_is_a_row_of_the_whole_file(world, asked):
    for name in FILES:
        everything = from_database(name, Filters(lang=asked.lang)).splitlines()
        chosen = from_database(name, asked).splitlines()
        assert [line for line in everything if line in chosen] == chosen, name


@MANY
@given(asked=every_filter)
def test_a_coded_row_is_a_named_row_with_cells_taken_away(world, asked):
    named = {**vars(asked), "state": "", "coalition": ""}
    for name in FILES:
        kept = CODED[name].header()[1:]
        rows = [tuple(row[column] for column in kept) for row in records(from_database(name, Filters(**named)))]
        coded = records(from_database(name, Filters(**{**named, "coded": True})))
        assert sorted(tuple(row[column] for column in kept) for row in coded) == sorted(rows)


def test_every_cell_is_in_a_stored_revision_release_or_event(world):
    """Each row of each file, against the row of the database that it names."""
    bodies = {(str(r.coalition_id), r.quarter_text, str(r.number)): r.content for r in Revision.objects.all()}
    releases = {release.sha256: release.content for release in Release.objects.all()}
    sharing = {
        (str(s.coalition_id), s.quarter_text, str(s.revision.number), s.slug): s.sharing
        for s in Standing.objects.select_related("revision")
    }
    seen = set()
    for name in FILES:
        for row in records(from_database(name)):
            key = (row["coalition_id"], row["quarter"], row["revision"])
            of = {"body": bodies[key], "told": lambda slug, key=key: sharing[(*key, slug or "beyond")]}
            CHECKS.get(name, lambda *given: None)(row, of, releases)
            seen.add(name)
    assert seen == set(FILES)


def one(rows, name, value):
    return next(row for row in rows if row[name] == value)


def indicator_of(row, body):
    return one([i for m in body["milestones"] for i in m["indicators"]], "code", row["indicator_code"])


def cell(value) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def check_agreed(row, of, releases):
    kept = indicator_of(row, of["body"])
    assert (row["level"], row["level_status"]) == (cell(kept["level"]), kept["status"])
    assert row["suggested_level"] == cell(kept["suggested_level"])
    is_open = of["told"](row["milestone_slug"]) == "level_and_story"
    assert row["reason"] == (kept["reason"] if is_open else "") and row["shared"] == str(int(is_open))


def check_wide(row, of, releases):
    by_code = {i["code"]: i for m in of["body"]["milestones"] for i in m["indicators"]}
    for name in (name for name in row if name.startswith(("level_", "status_"))):
        what, code = name.split("_", 1)
        assert row[name] == cell(by_code[code.replace("_", ".")][what])


def check_releases(row, of, releases):
    item = one(releases[row["release_sha256"]]["indicators"], "code", row["indicator_code"])
    level = item["level"] if row["side"] == "whole" else (item["sides"] or {}).get(row["side"])
    assert row["level"] == cell(level)


def check_evidence(row, of, releases):
    kept = one(indicator_of(row, of["body"])["evidence"], "id", row["evidence_id"])
    is_open = of["told"](row["milestone_slug"]) == "level_and_story" and kept["visibility"] == "may_be_shared"
    assert (row["shows"], row["kind"]) == ((kept["shows"], kept["kind"]) if is_open else ("", "not_shared"))


def check_steps(row, of, releases):
    kept = one(of["body"]["next_steps"], "id", row["step_id"])
    is_open = of["told"](row["milestone_slug"]) != "nothing"
    assert (row["step_text"], row["kind"]) == ((kept["text"], kept["kind"]) if is_open else ("", "not_shared"))


def check_stories(row, of, releases):
    body, slug = of["body"], row["milestone_slug"]
    kept = one(body["milestones"], "slug", slug)["story"] if slug else body["beyond"]
    assert row["story"] == (kept if of["told"](slug) != "nothing" else "")


def check_events(row, of, releases):
    kept = Event.objects.get(pk=row["event_id"])
    shared = Standing.objects.filter(
        coalition=row["coalition_id"], quarter_text=row["quarter"], sharing="level_and_story"
    ).exists()
    assert str(Quarter.of(kept.happened_on)) == row["quarter"]
    assert row["words"] == (kept.words if shared else "")


CHECKS = {
    "agreed_ratings": check_agreed, "agreed_ratings_wide": check_wide, "releases": check_releases,
    "evidence": check_evidence, "next_steps": check_steps, "stories": check_stories, "events": check_events,
}  # fmt: skip


def words_in_files() -> set[str]:
    return {
        row[column]
        for name, columns in TEXTS.items()
        for row in records(from_database(name, Filters(state="OH")))
        for column in columns
        if row[column]
    }


shares = st.dictionaries(
    st.sampled_from(MILESTONES), st.sampled_from(["nothing", "story", "level_and_story"]), max_size=3
)


@settings(MANY, max_examples=12)
@given(chosen=shares, beyond=st.sampled_from(["nothing", "story"]))
@example(chosen={"cohesion": "level_and_story"}, beyond="story")
@example(chosen={"cohesion": "story"}, beyond="nothing")
def test_every_word_of_a_file_stands_on_the_shared_page(written, coalition, ana, eve, as_user, chosen, beyond):  # noqa: F811
    """Whatever is shared: an evaluator's file tells nothing that a funder could not read."""
    if coalition.assessments.count() == 1:  # two later quarters, so that there is a line with events on it
        for quarter in (Quarter(2026, 3), Quarter(2026, 4)):
            factories.share(factories.submitted(coalition, by=ana, quarter=quarter), by=ana, slugs=["financing"])
    factories.sharing.withdraw(assessment=written, by=ana)
    factories.sharing.share(assessment=written, number=1, choices={**chosen, "beyond": beyond}, by=ana)
    page = as_user(eve).get(f"/states/OH/{coalition.slug}/?q=2026Q2")
    shown = html.unescape(page.content.decode()) if page.status_code == 200 else ""
    missing = {words for words in words_in_files() if words not in shown}
    assert not missing
