"""releases.csv and directions.csv: what the release holds and nothing finer, once a quarter, never a count."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import disclosure
from assessments.models import Release, Revision
from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import ALL, LATEST, Filters
from tests.assessments.exports.making import asked, from_database, milestone, records, records_of, revision, text_of
from tests.assessments.exports.worlds import Q1, Q2, of, once, with_ballots

START = (
    "PR,Puerto Rico,00000000-0000-4000-8000-000000000001,Sample Coalición Niñez,2026Q2,2026-04-01,1,"
    "2026-07-01T14:05:09Z,1,core,1,"
)
SIDES = ["whole", "parents_providers", "everyone_else"]


def test_releases_as_a_whole_text():
    text = text_of("releases", revision(milestone([asked()])))
    assert text.split("\r\n", 1)[1] == (
        START + f"1.2,whole,2,Growing,rated,wide,10-19,0,D1,{'cd' * 32}\r\n"
        + START + f"1.2,parents_providers,1,Starting,rated,none,none,0,D1,{'cd' * 32}\r\n"
        + START + f"1.2,everyone_else,3,Strong,rated,none,none,0,D1,{'cd' * 32}\r\n"
    )  # fmt: skip


def test_directions_as_a_whole_text():
    moved = {**milestone([asked()]), "direction": "possible_shift_back"}
    text = text_of("directions", revision(moved), tongue="es")
    assert text.split("\r\n", 1)[1] == START + "1,setting-the-table,possible_shift_back\r\n"


@pytest.mark.parametrize(
    "fields, statuses, flag",
    [
        ({"sides": None, "sides_status": "sides_not_shown"}, ["rated", "sides_not_shown", "sides_not_shown"], "0"),
        ({"sides": None, "sides_status": "not_asked", "third_could_not_say": True}, ["rated"] + ["not_asked"] * 2, "1"),
        (
            {"level": None, "level_status": "too_few", "agreement": "none", "n_band": "none", "sides": None,
             "sides_status": "too_few"},
            ["too_few"] * 3,
            "0",
        ),
    ],
)  # fmt: skip
def test_missing_is_always_said_in_a_word(fields, statuses, flag):
    rows = records_of("releases", revision(milestone([asked(**fields)])))
    assert [row["level_status"] for row in rows] == statuses
    assert all((row["level"] != "") == (row["level_status"] == "rated") for row in rows)
    assert [row["third_could_not_say"] for row in rows] == [flag, "0", "0"]
    assert all(row["agreement"] and row["n_band"] for row in rows)


def test_a_revision_of_the_first_format_has_no_release_and_a_direction_nobody_asked():
    old = milestone([{key: value for key, value in asked().items() if key != "members"}])
    old["standing"].pop("direction_label")
    old.pop("direction")
    body = revision(old)
    body.body.pop("release")
    assert records_of("releases", body) == []
    assert [row["direction_label"] for row in records_of("standings", body)] == ["not_asked"]
    assert [row["direction_label"] for row in records_of("directions", body)] == ["not_asked"]


ANSWERS = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, 3, 4, None]), st.sampled_from(["parents_providers", "everyone_else"])),
    max_size=25,
)


@given(ANSWERS, st.sampled_from(["compare_voices", "see_the_spread"]))
@settings(deadline=None, max_examples=60)
def test_every_cell_is_a_value_of_the_release_and_none_is_a_count(answers, room_sees):
    compares = room_sees == "compare_voices"
    item = disclosure.of_indicator(
        [disclosure.Given(level, side if compares else None) for level, side in answers], room_sees=room_sees
    )
    members = {name: item[name] for name in item if name not in ("counts", "notes")}
    rows = records_of("releases", revision(milestone([{**asked(), "members": members}])))
    whole, *sides = rows
    assert (whole["level"], whole["level_status"]) == (
        "" if item["level"] is None else str(item["level"]),
        item["level_status"],
    )
    assert (whole["agreement"], whole["n_band"]) == (item["agreement"], item["n_band"])
    assert whole["third_could_not_say"] == str(int(item["third_could_not_say"]))
    for row in sides:
        shown = item["sides"][row["side"]] if item["sides"] else ""
        assert (row["level"], row["level_status"]) == (str(shown), item["sides_status"])
        assert (row["agreement"], row["n_band"], row["third_could_not_say"]) == ("none", "none", "0")


made_once = once(with_ballots)


@pytest.fixture
def both(coalition):
    """Of the two coalitions of the module, the quarters that are submitted."""
    mine = [of(coalition.slug, quarter) for quarter in (Q1, Q2)]
    return [*mine, *(of("keystone", quarter) for quarter in (Q1, Q2))]


FILTERS = [
    Filters(), Filters(revisions=LATEST), Filters(revisions=ALL, state="PA"), Filters(first="2026Q2"),
    Filters(last="2026Q1"), Filters(milestone="cohesion"), Filters(coalition="keystone", revisions=LATEST),
    Filters(state="OH", milestone="financing", last="2026Q1", revisions=LATEST),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_for_any_filter_every_row_is_a_row_of_the_whole_file(name, both):
    """P7: comparing two files yields nothing beyond either."""
    everything = from_database(name).splitlines()
    for filters in FILTERS:
        chosen = from_database(name, filters).splitlines()
        assert [line for line in everything if line in chosen] == chosen, filters


@pytest.mark.django_db
@pytest.mark.parametrize("filters", FILTERS)
def test_every_cell_is_in_a_stored_release_byte_for_byte(filters, both):
    """P7: each row against the release that its hash names, and against its revision."""
    releases = {release.sha256: release for release in Release.objects.all()}
    for row in records(from_database("releases", filters)):
        release = releases[row["release_sha256"]]
        item = next(item for item in release.content["indicators"] if item["code"] == row["indicator_code"])
        assert (row["quarter"], row["coalition_id"]) == (release.quarter_text, str(release.coalition_id))
        level = item["level"] if row["side"] == "whole" else (item["sides"] or {}).get(row["side"])
        assert row["level"] == ("" if level is None else json.dumps(level))
        assert row["level_status"] == item["level_status" if row["side"] == "whole" else "sides_status"]
        if row["side"] == "whole":
            assert (row["agreement"], row["n_band"]) == (item["agreement"], item["n_band"])
            assert bool(int(row["third_could_not_say"])) == item["third_could_not_say"]
        assert row["rule_version"] == release.rule
    by_quarter = {(str(r.coalition_id), r.quarter_text): r.content["directions"] for r in Release.objects.all()}
    for row in records(from_database("directions", filters)):
        labels = {d["milestone"]: d["label"] for d in by_quarter[row["coalition_id"], row["quarter"]]}
        assert row["direction_label"] == labels.get(row["milestone_slug"], "not_asked")
    for row in records(from_database("agreed_ratings", filters)):
        kept = Revision.objects.get(sha256=row["revision_sha256"]).content
        indicator = next(i for m in kept["milestones"] for i in m["indicators"] if i["code"] == row["indicator_code"])
        assert row["suggested_level"] == (
            "" if indicator["suggested_level"] is None else str(indicator["suggested_level"])
        )
        assert row["suggested_status"] == indicator["suggested_status"]


@pytest.mark.django_db
def test_a_release_stands_once_with_the_first_revision_and_only_when_submitted(both):
    rows = records(from_database("releases"))
    assert {(row["coalition_name"], row["quarter"], row["revision"]) for row in rows} == {
        ("Sample Buckeye Coalition", "2026Q1", "1"),
        ("Sample Buckeye Coalition", "2026Q2", "1"),
        ("Keystone", "2026Q1", "1"),
    }
    assert len(rows) == 3 * 7 * 3
    assert [row["side"] for row in rows[:3]] == SIDES
    assert len(records(from_database("directions"))) == 3 * 7
    assert from_database("releases", Filters(revisions=LATEST)) == from_database("releases")


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_no_file_holds_a_count(name, both):
    counts = [item["counts"] for item in Release.objects.get(assessment=both[2]).content["indicators"]]
    assert counts[0] == [3, 6, 3, 0, 0]
    for row in records(from_database(name, Filters(state="PA", last="2026Q1"))):
        assert {key for key, cell in row.items() if cell == "6"} <= {"milestone_number"}


@pytest.mark.django_db
def test_suggestions_and_what_the_room_saw_are_in_agreed_ratings(both):
    rows = records(from_database("agreed_ratings", Filters(state="OH", last="2026Q1", revisions=LATEST)))
    first = {row["indicator_code"]: row for row in rows}
    assert (first["1.2"]["suggested_level"], first["1.2"]["suggested_status"]) == ("1", "rated")
    assert (first["1.1"]["suggested_level"], first["1.1"]["suggested_status"]) == ("", "not_asked")
    assert {row["room_sees"] for row in rows} == {"compare_voices"}
    few = records(from_database("agreed_ratings", Filters(state="OH", first="2026Q2")))
    assert {row["suggested_status"] for row in few} == {"too_few", "not_asked"}
    spread = records(from_database("agreed_ratings", Filters(state="PA")))
    assert {row["room_sees"] for row in spread} == {"see_the_spread", "meeting_only"}


@pytest.mark.django_db
def test_the_page_of_the_files_names_them(both, as_user, eve):
    page = as_user(eve).get("/evaluate/export/").content.decode()
    for name in FILES:
        assert f"/evaluate/export/{name}.csv" in page
    answer = as_user(eve).get("/evaluate/export/releases.csv?revisions=latest")
    assert b"".join(answer.streaming_content).decode() == from_database("releases")
