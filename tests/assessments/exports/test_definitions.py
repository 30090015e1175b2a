"""The columns are those of exports.md, in both languages, and no word of ours reads as missing."""

import csv
import io
import json
import re

import pytest
from pandas._libs.parsers import STR_NA_VALUES

from assessments import levels
from assessments.reports.exports import agreed_ratings_wide, codebook
from assessments.reports.exports.coded import CODED
from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import Filters
from tests.assessments.exports.making import LEVELS
from tests.factories import FIXTURES

COMMON = (
    "state_code, state_name, coalition_id, coalition_name, quarter, quarter_start, revision, submitted_at, "
    "rubric_version, mode, sample_data"
)
NAMES = {
    "agreed_ratings": "milestone_number, milestone_slug, milestone_name, indicator_code, indicator_title, core, "
    "own_indicator, comparable_with_previous, outcome, level, level_name, level_status, suggested_level, "
    "suggested_status, room_sees, reason, different_views, evidence_items, evidence_tag, shared, revision_sha256",
    "agreed_ratings_wide": ", ".join(
        f"{what}_{milestone}_{n}"
        for what in ("level", "status")
        for milestone, many in enumerate([4, 4, 4, 4, 4, 4, 3], 1)
        for n in range(1, many + 1)
    ),
    "standings": "milestone_number, milestone_slug, milestone_name, level, level_name, level_status, level_rule, "
    "indicators_rated, indicators_asked, change_since, change, direction_label, evidence_tag, shared",
    "releases": "indicator_code, side, level, level_name, level_status, agreement, n_band, third_could_not_say, "
    "rule_version, release_sha256",
    "directions": "milestone_number, milestone_slug, direction_label",
    "evidence": "milestone_number, milestone_slug, indicator_code, evidence_id, kind, voice, dated, "
    "brought_forward_from, has_file, shows, link, shared",
    "next_steps": "milestone_number, milestone_slug, step_id, part, kind, step_text, owner_role, due_on, status, "
    "what_happened, shared",
    "stories": "milestone_number, milestone_slug, story, shared",
    "events": "event_id, happened_on, words, shared",
}
# na.strings, type.convert's words for logicals and numbers, and readr's; Stata's missing are . and .a to .z
READ_OTHERWISE_BY_R = {
    "", "NA", "NULL", "NaN", "Inf", "-Inf", "inf", "-inf", "INF", "infinity", "nan", "-", "--", ".", "TRUE", "FALSE",
    "True", "False", "true", "false", "T", "F", "t", "f",
}  # fmt: skip
MISSING = set(STR_NA_VALUES) | READ_OTHERWISE_BY_R | {f".{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"}
COLUMNS = [(file, column) for file in FILES.values() for column in file.columns]
each_column = pytest.mark.parametrize("file, column", COLUMNS, ids=lambda part: part.name)


@pytest.mark.parametrize("name", FILES)
def test_the_columns_are_those_of_the_design_in_its_order(name):
    assert list(FILES[name].header()) == f"{COMMON}, {NAMES[name]}".split(", ")


@each_column
def test_a_column_is_told_in_both_languages(file, column):
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,31}", column.name)
    assert column.type in ("string", "integer", "boolean", "date", "datetime")
    texts = [column.meaning, column.source, *(code.label for code in column.codes)]
    assert all(text.en and text.es for text in texts)
    assert all(bool(text.en) == bool(text.es) for text in (column.unit, column.rule))
    assert column.type != "boolean" or [code.code for code in column.codes] == ["0", "1"]


@each_column
def test_no_code_and_no_label_reads_as_missing(file, column):
    words = [word for code in column.codes for word in (code.code, *code.label)]
    assert not set(words) & MISSING
    assert not any(codebook.BETWEEN.strip() in word for word in words)


def test_no_status_level_or_state_reads_as_missing():
    states = json.loads((FIXTURES / "states.json").read_text())
    words = [*levels.STATUSES, *(state["code"] for state in states)]
    words += [name for texts in LEVELS.values() for name in texts.values()]
    words += [name for state in states for name in state["name"].values()]
    assert not set(words) & MISSING


def test_the_wide_file_has_the_questions_of_the_rubric():
    rubric = json.loads((FIXTURES / "rubric-1.json").read_text())
    codes = [indicator["code"] for milestone in rubric["milestones"] for indicator in milestone["indicators"]]
    assert list(agreed_ratings_wide.CODES) == codes


def test_the_search_for_missing_words_finds_them():
    assert {"NA", "None", "null", "nan", "N/A", "-", "", "TRUE", "F", "."} <= MISSING


def test_codes_of_the_rubric_stay_apart_even_where_a_program_reads_them_as_numbers():
    rubric = json.loads((FIXTURES / "rubric-1.json").read_text())
    codes = [indicator["code"] for milestone in rubric["milestones"] for indicator in milestone["indicators"]]
    assert len(codes) == 27
    assert [str(float(code)) for code in codes] == codes


def test_the_codebook_has_a_row_for_every_column_of_every_file():
    found = list(csv.DictReader(io.StringIO(codebook.codebook_csv(), newline="")))
    assert [(row["file"], row["column"]) for row in found] == [(file.name, column.name) for file, column in COLUMNS]
    status = next(row for row in found if row["column"] == "level_status")
    assert status["codes"] == " | ".join(levels.STATUSES)
    assert status["labels_es"].count(" | ") == status["codes"].count(" | ")
    assert all(len(row) == len(codebook.HEADER) and None not in row.values() for row in found)


@pytest.mark.parametrize("tongue", ["en", "es"])
def test_the_codebook_page_says_the_same_as_its_file(tongue):
    shown = {
        (file["name"], column["name"]): column for file in codebook.codebook_page(tongue) for column in file["columns"]
    }
    for row in csv.DictReader(io.StringIO(codebook.codebook_csv(), newline="")):
        column = shown[row["file"], row["column"]]
        assert column["meaning"] == row[f"meaning_{tongue}"]
        assert " | ".join(code for code, _label in column["codes"]) == row["codes"]


@pytest.mark.parametrize("files", [FILES, CODED], ids=["named", "coded"])
@pytest.mark.parametrize("tongue", ["en", "es"])
def test_the_codebook_as_text_names_every_column_and_every_word_of_missing(tongue, files):
    text = codebook.codebook_md(tongue, files)
    parts = {part.split("\n")[0]: part for part in text.split("\n## ")}
    for file in files.values():
        part = parts[f"{file.name}.csv"]
        assert all(f"| `{column.name}` |" in part for column in file.columns)
        assert all(code.label.said(tongue) in part for column in file.columns for code in column.codes)
        rows = [line for line in part.splitlines() if line.startswith("|")]
        assert len(rows) == len(file.columns) + 2 and {line.count("|") for line in rows} == {6}
    assert all(f"- `{status}`: " in text for status in levels.STATUSES)
    first = text[: text.index("state_code" if files is FILES else "coalition_code")]
    for command in ("pandas.read_csv(", "readr::read_csv(", "\n- R: `read.csv(", "import delimited", "LibreOffice"):
        assert command in first


def test_keys_name_columns_that_are_there_on_both_sides():
    for files in (FILES, CODED):
        for file in files.values():
            assert set(file.key) <= set(file.header())
            for key, other in file.within:
                assert set(key) <= set(file.header()) and set(key) <= set(files[other].header())
    assert all(file.key for file in FILES.values())


def test_an_address_names_only_what_was_asked():
    assert Filters().query("en") == "lang=en"
    asked = Filters(state="OH", first="2026Q1", revisions="latest", sample="without")
    assert asked.query("es", excel=True) == "state=OH&from=2026Q1&revisions=latest&sample=without&lang=es&excel=1"
