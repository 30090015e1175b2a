"""The files as programs open them, with no option given: pandas, and LibreOffice without its window."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

import pandas
import pytest

from assessments.reports.exports import codebook
from assessments.reports.exports.coded import CODED
from assessments.reports.exports.files import FILES
from assessments.reports.exports.text import MARK, unguarded
from tests.assessments.exports.making import (
    event,
    indicator,
    item,
    members,
    milestone,
    records,
    revision,
    step,
    text_of,
)

FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "'1",
    "''",
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|'/c calc'!A1",
]
WIDE = ["＝1+1", "＋1", "－1", "＠SUM(A1)"]
ACCENTED = ["Ñandú y niñez: «sí», 50 % 🙂", 'two "words", a comma']
STATUSES = ["rated", "not_asked", "not_rated", "does_not_apply", "set_aside", "not_agreed"]
# Codes of ours that look like numbers: the codebook says so, and no two of them read alike (test_definitions.py).
LOOK_LIKE_NUMBERS = {"indicator_code", "rubric_version"}


def every_kind():
    """A revision with every status and every kind of text."""
    rated = [indicator(f"1.{n}", n % 5, reason=text) for n, text in enumerate([*FORMULAS, *WIDE, *ACCENTED], 1)]
    rated = [{**row, "members": members()} for row in rated]
    missing = [indicator(f"2.{n}", status=status) for n, status in enumerate(STATUSES, 1)]
    missing[0]["members"] = members(
        level=None, level_status="too_few", agreement="none", n_band="none", sides=None, sides_status="too_few"
    )
    rated[0]["evidence"] = [item(shows=text) for text in [*FORMULAS, *WIDE, *ACCENTED]]
    without = milestone(missing, 2, "safety-and-trust", level=None, status="not_agreed", rule="none")
    told = {**milestone(rated), "story": FORMULAS[0]}
    made = revision(told, without, beyond="nothing", events=(event(words=FORMULAS[0]), event()), is_open=True)
    made.body.update(next_steps=[step(text=FORMULAS[0]), step(milestone="")], beyond=FORMULAS[1])
    return made


@pytest.fixture(params=[False, True], ids=["plain", "for Excel"])
def file(request, tmp_path):
    """The files on a disk, without and with the mark for Excel."""
    for name in FILES:
        (tmp_path / f"{name}.csv").write_bytes((MARK * request.param + text_of(name, every_kind())).encode())
    return lambda name: tmp_path / f"{name}.csv"


@pytest.mark.parametrize("name", FILES)
def test_pandas_reads_columns_types_and_accents(name, file):
    table = pandas.read_csv(file(name))
    assert list(table.columns) == list(FILES[name].header())
    assert len(table) == len(records(text_of(name, every_kind())))
    assert set(table.coalition_name) == {"Sample Coalición Niñez"}
    for column in FILES[name].columns:
        cells, dtype = table[column.name], table[column.name].dtype
        if column.name in LOOK_LIKE_NUMBERS:
            assert pandas.api.types.is_numeric_dtype(dtype) and cells.notna().all()
        elif column.type == "boolean":
            assert dtype == "int64" and set(cells) <= {0, 1}
        elif column.type == "integer":
            assert dtype == ("float64" if cells.isna().any() else "int64")
        elif cells.notna().any():
            assert pandas.api.types.is_string_dtype(dtype), column.name


def test_pandas_takes_no_word_of_ours_for_missing(file):
    table = pandas.read_csv(file("agreed_ratings"))
    for column in FILES["agreed_ratings"].columns:
        if column.codes and column.type == "string":
            assert table[column.name].notna().all(), column.name
    assert table.level_status[table.level.isna()].tolist() == STATUSES[1:]
    assert (table.level_status[table.level.notna()] == "rated").all()


def test_pandas_gives_back_every_text_with_one_quote_off(file):
    table = pandas.read_csv(file("agreed_ratings"))
    assert [unguarded(text) for text in table.reason.dropna()] == [*FORMULAS, *WIDE, *ACCENTED]


def test_a_coalition_s_own_question_makes_the_codes_text(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(text_of("agreed_ratings", revision(milestone([indicator("1.2"), indicator("own-1")]))))
    assert list(pandas.read_csv(path).indicator_code) == ["1.2", "own-1"]


FITS = {  # what readr's collectors take, so that no cell becomes missing
    "c": r"(?s).*", "i": r"-?\d{1,9}|", "D": r"\d{4}-\d\d-\d\d|", "T": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|",
}  # fmt: skip


@pytest.mark.parametrize("files", [FILES, CODED], ids=["named", "coded"])
def test_the_types_told_for_r_fit_every_cell_of_every_column(files):
    told = dict(re.findall(r'read_csv\("(\w+)\.csv", col_types = "([a-zA-Z]+)"\)', codebook.codebook_md("en", files)))
    assert told.keys() == files.keys()
    for name, file in files.items():
        assert len(told[name]) == len(file.columns)
        rows = records(text_of(name, every_kind(), files=files))
        assert rows
        for column, letter in zip(file.columns, told[name], strict=True):
            assert letter != "c" or column.type == "string"
            assert [row[column.name] for row in rows if not re.fullmatch(FITS[letter], row[column.name])] == []


def test_a_type_that_does_not_fit_is_found():
    assert not re.fullmatch(FITS["i"], "5-9") and not re.fullmatch(FITS["D"], "2026Q2")


OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def office_cells(path, tmp_path, *options) -> list[list[dict]]:
    """The cells that LibreOffice makes of a CSV file: of each its type, its text and its formula, if any."""
    office = shutil.which("soffice")
    if not office:
        pytest.fail(
            "LibreOffice is missing: apt-get install -y --no-install-recommends libreoffice-calc (./run test does it)"
        )
    profile = (tmp_path / "profile").as_uri()
    command = [office, "--headless", f"-env:UserInstallation={profile}", *options, "--convert-to", "fods"]
    subprocess.run([*command, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=120)
    sheet = ET.parse(tmp_path / f"{path.stem}.fods")
    rows = [list(cells_of(row)) for row in sheet.iter(f"{{{TABLE}}}table-row")]
    return [row for row in rows if any(cell["type"] for cell in row)]


def cells_of(row):
    """The cells of one row, those that stand for several repeated."""
    for cell in row.iter(f"{{{TABLE}}}table-cell"):
        for part in cell.iter(f"{{{TEXT}}}tab"):
            part.text = "\t"
        texts = ("".join(paragraph.itertext()) for paragraph in cell.findall(f"{{{TEXT}}}p"))
        found = {
            "type": cell.get(f"{{{OFFICE}}}value-type"),
            "text": "\n".join(texts),
            "formula": cell.get(f"{{{TABLE}}}formula"),
        }
        yield from [found] * min(int(cell.get(f"{{{TABLE}}}number-columns-repeated", "1")), 100)


# Without its window LibreOffice never looks for the encoding; its dialog does, and proposes UTF-8.
AS_THE_DIALOG_PROPOSES = ["--infilter=CSV:44,34,UTF8"]


@pytest.mark.parametrize("options", [[], AS_THE_DIALOG_PROPOSES], ids=["no option", "UTF-8"])
def test_libreoffice_reads_columns_and_types_and_no_formula(options, tmp_path):
    path = tmp_path / "agreed_ratings.csv"
    path.write_bytes(text_of("agreed_ratings", every_kind()).encode())
    header, *rows = office_cells(path, tmp_path, *options)
    names = [cell["text"] for cell in header]
    assert names[: len(FILES["agreed_ratings"].columns)] == list(FILES["agreed_ratings"].header())
    assert not any(cell["formula"] for row in rows for cell in row)
    written = records(text_of("agreed_ratings", every_kind()))
    assert len(rows) == len(written)
    for row, expected in zip(rows, written, strict=True):
        cells = dict(zip(names, row, strict=False))
        assert cells["level"]["text"] == expected["level"]
        assert cells["level"]["type"] == ("float" if expected["level"] else None)
        assert cells["quarter_start"]["type"] == "date"
        assert cells["level_status"]["text"] == expected["level_status"]
        if expected["reason"] and (options or expected["reason"].isascii()):
            assert cells["reason"] == {"type": "string", "text": expected["reason"], "formula": None}
        if options:
            assert cells["coalition_name"]["text"] == "Sample Coalición Niñez"
    back = [unguarded(row[names.index("reason")]["text"]) for row in rows][: len(FORMULAS)]
    assert back == FORMULAS
