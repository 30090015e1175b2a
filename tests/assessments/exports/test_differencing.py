"""No two exports, views or filters give a cell that the release or the revision does not hold (P7)."""

import importlib
import json
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessments.models import Event, Packed, Release, Revision, Standing
from assessments.quarters import Quarter
from assessments.reports.exports.coded import CODED
from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import ALL, LATEST, ONLY, WITH, WITHOUT, Filters
from coalitions.models import Coalition
from tests.assessments.exports import worlds
from tests.assessments.exports.making import from_database, records
from tests.assessments.exports.oracle import slow
from tests.assessments.exports.worlds import once

pytestmark = pytest.mark.django_db
MANY = settings(max_examples=20)
MILESTONES = ["setting-the-table", "cohesion", "financing"]


made_once = once(worlds.written, worlds.some_of_each_shared)


@pytest.fixture
def world(coalition):
    """Two coalitions; quarters with and without ballots, words and corrections; some of it shared."""
    return coalition


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


@settings(MANY, max_examples=12)
@given(asked=every_filter, coded=st.booleans(), own=st.booleans(), scope=st.sampled_from(["OH", "PA", "both"]))
@example(asked=Filters(), coded=False, own=False, scope="both")
@example(asked=Filters(lang="es"), coded=True, own=False, scope="both")
def test_for_any_filter_each_file_is_byte_for_byte_what_the_slow_way_gives(world, asked, coded, own, scope):
    asked = replace(asked, state="", coalition="", coded=True) if coded else asked
    coalitions = Coalition.objects.all() if scope == "both" else Coalition.objects.filter(state=scope)
    for name in FILES:
        assert from_database(name, asked, coalitions, own=own) == slow(name, asked, coalitions, own=own), name


def test_a_revision_that_was_never_packed_is_read_from_its_body(world):
    whole = {name: from_database(name) for name in FILES}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_packed SET form = replace(form, '[1,', '[0,')")
        assert {name: from_database(name) for name in FILES} == whole
        cursor.execute("DELETE FROM assessments_packed")
    assert {name: from_database(name) for name in FILES} == whole


def test_revisions_of_before_are_packed_as_a_submit_packs_them_now(world):
    before = set(Packed.objects.values_list())
    assert len(before) == Revision.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM assessments_packed")
    importlib.import_module("assessments.migrations.0006_packed").keep(apps, None)
    assert set(Packed.objects.values_list()) == before


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
    of_part = {"planned": "next_steps", "looked_back": "looked_back"}[row["part"]]
    kept = one(of["body"][of_part], "id", row["step_id"])
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
