"""Cells and lines of CSV: the guard against formulas, RFC 4180 quoting, and the way back. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"  # the byte-order mark, which Excel wants and nobody else
FIRST_OF_A_FORMULA = tuple("=+-@\t\r\n" + "＝＋－＠")
QUOTE = "'"


def guarded(text: str) -> str:
    """Text as a cell holds it: with one `'` in front where a spreadsheet might take it for a formula.

    >>> guarded("=1+1"), guarded("'quoted'"), guarded("plain")
    ("'=1+1", "''quoted'", 'plain')
    """
    return QUOTE + text if text.startswith((*FIRST_OF_A_FORMULA, QUOTE)) else text


def unguarded(cell: str) -> str:
    """The text that a cell holds: exactly one `'` taken off the front, if there is one."""
    return cell.removeprefix(QUOTE)


def cell(value: str | int | None) -> str:
    """One value as a cell, before quoting: nothing for None, digits for a number, guarded text."""
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) else str(int(value))


def lines(rows: Iterable[Sequence[str | int | None]]) -> str:
    """Rows as lines of CSV: commas, CRLF, quotes only where a cell holds a comma, a quote or a line end."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL).writerows(
        [cell(value) for value in row] for row in rows
    )
    return written.getvalue()
