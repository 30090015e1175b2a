"""What is to change in a file that somebody sent, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from milestones.csv_in import Problem

SENTENCES = {
    "too_large": _("The file is larger than 1 MB. Split it into smaller files."),
    "empty": _("The file is empty."),
    "header_only": _("There is no row below the header."),
    "not_utf8": _("This is no text in UTF-8. Save the table as CSV with the encoding UTF-8, then choose it again."),
    "too_many_rows": _("There are more than %(most)s rows. Split the file."),
    "too_many_columns": _("There are more than 50 columns."),
    "separator_semicolon": _("The columns are separated by semicolons. Save the table with commas."),
    "separator_tab": _("The columns are separated by tabs. Save the table with commas."),
    "separator_bar": _("The columns are separated by bars. Save the table with commas."),
    "missing_column": _("This column is missing."),
    "column_twice": _("This column is there twice."),
    "unknown_column": _("No column of this name is known here. Take it out, or use the name from the template."),
    "ragged": _("This row has %(found)s cells, the header has %(wanted)s."),
    "quotes": _("A quotation mark is opened here and not closed, or stands inside a cell alone."),
    "too_long": _("This cell is too long."),
    "unreadable": _("There is a character here that we cannot read. Take it out, or type the text again."),
}
MOST_SHOWN = 100


@dataclass(frozen=True)
class Said:
    """A problem for a page: where it is, how the cell begins, and what to change."""

    row: int
    column: str
    cell: str
    words: str


def said(problems: list[Problem], sentences: dict) -> list[Said]:
    """The first hundred of these problems in words; `sentences` has those that are not of every file."""
    known = {**SENTENCES, **sentences}
    return [Said(p.row, p.column, p.cell, str(known[p.code]) % p.values) for p in problems[:MOST_SHOWN]]
