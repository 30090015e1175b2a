"""Reads a CSV that somebody sends: its bytes become rows of text, or numbered problems. Pure.

What it takes: UTF-8, with or without a byte-order mark, any line ends, commas, a header with the columns it knows, in
any order. Rows are numbered as a spreadsheet numbers them: the header is row 1. Of each cell exactly one guard (`'`) is
taken off, so that what `csv_text` wrote comes back as it was.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from milestones.csv_text import MARK, unguarded

MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 1_000_000, 2_000, 50, 5_000
SHOWN = 40  # characters of a cell that a problem repeats
UNREADABLE = "\0\ufffd"  # NUL, and what broken bytes were turned into by somebody before us
SEPARATORS = {";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True)
class Problem:
    """One thing to change: in which row and column (none where it is the whole row or file), and what, as a code.

    `cell` is how the cell begins; `values` go into the sentence that the code stands for.
    """

    row: int
    column: str
    code: str
    cell: str = ""
    values: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One row: its number, and its cells by the name of their column."""

    number: int
    cells: dict[str, str]

    def problem(self, column: str, code: str, **values) -> Problem:
        """A problem with one of its cells."""
        return Problem(self.number, column, code, self.cells.get(column, "")[:SHOWN], values)


class Refused(ValueError):
    """The file cannot be taken as it is; `problems` say why, in the order of its rows."""

    def __init__(self, problems: Sequence[Problem]):
        super().__init__(f"{len(problems)} problems")
        self.problems = sorted(problems, key=lambda problem: problem.row)


def read(data: bytes, columns: Sequence[str], *, most_rows: int = MOST_ROWS) -> list[Line]:
    """The rows below the header, blank ones left out; Refused where it is no such file."""
    header, *rows = numbered(text_of(data), most_rows)
    names = checked_header(header[1], columns)
    found, problems = [], []
    for number, cells in rows:
        if len(cells) != len(names):
            problems.append(Problem(number, "", "ragged", values={"found": len(cells), "wanted": len(names)}))
            continue
        problems += cell_problems(number, names, cells)
        found.append(Line(number, dict(zip(names, map(unguarded, cells), strict=True))))
    if problems:
        raise Refused(problems)
    if not found:
        raise Refused([Problem(1, "", "header_only")])
    return found


def text_of(data: bytes) -> str:
    """The text of the file; Refused where it is too large, empty or no UTF-8."""
    if len(data) > MOST_BYTES:
        raise Refused([Problem(1, "", "too_large")])
    try:
        text = data.decode("utf-8").removeprefix(MARK)
    except UnicodeDecodeError:
        raise Refused([Problem(1, "", "not_utf8")]) from None
    if not text.strip():
        raise Refused([Problem(1, "", "empty")])
    return text


def numbered(text: str, most_rows: int) -> list[tuple[int, list[str]]]:
    """Header and rows with their numbers, blank ones left out; Refused at a torn quotation or after too many rows."""
    found: list[tuple[int, list[str]]] = []
    number = 0
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, cells in enumerate(rows, start=1):
            if cells and any(cells):
                found.append((number, cells))
            if number > most_rows + 1:
                raise Refused([Problem(number, "", "too_many_rows", values={"most": most_rows})])
    except csv.Error as error:
        code = "too_long" if "field limit" in str(error) else "quotes"
        raise Refused([Problem(number + 1, "", code)]) from None
    return found or [(1, [])]


def checked_header(header: list[str], columns: Sequence[str]) -> list[str]:
    """The names of the columns as they stand; Refused where one is missing, unknown or there twice."""
    names = [name.strip().casefold() for name in header]
    if any(ord(c) < ord(" ") for name in names for c in name if c != "\t"):
        raise Refused([Problem(1, "", "not_utf8")])  # a picture, a workbook, UTF-16 without its mark
    if len(names) > MOST_COLUMNS:
        raise Refused([Problem(1, "", "too_many_columns")])
    other = next((name for mark, name in SEPARATORS.items() if len(names) == 1 and mark in names[0]), None)
    if other and len(columns) > 1:
        raise Refused([Problem(1, "", f"separator_{other}")])
    problems = [Problem(1, name, "missing_column") for name in columns if name not in names]
    for at, name in enumerate(names):
        if name in names[:at]:
            problems.append(Problem(1, name[:SHOWN], "column_twice"))
        elif name not in columns:
            problems.append(Problem(1, name[:SHOWN], "unknown_column"))
    if problems:
        raise Refused(problems)
    return names


def cell_problems(number: int, names: list[str], cells: list[str]) -> list[Problem]:
    """What is wrong with the cells of one row, whatever they mean."""
    found = []
    for name, cell in zip(names, cells, strict=True):
        if any(mark in cell for mark in UNREADABLE):
            found.append(Problem(number, name, "unreadable"))
        elif len(cell) > MOST_CHARACTERS:
            found.append(Problem(number, name, "too_long"))
    return found
