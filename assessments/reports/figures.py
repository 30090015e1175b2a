"""A figure: the sentence that states its point, how to read it, its rows, how they are drawn, and its files.

The page's table, the CSV and the drawing come from the same rows, so none can say what another does not. Words are in
the reader's language; columns and codes are those of the evaluators' files. No database, no request.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.quarters import Quarter
from assessments.reports import rows, sentences
from assessments.reports.exports.text import lines
from assessments.reports.svg.canvas import Drawing, Frame, document

FILES = ("csv", "svg")
METHOD = {  # where the method page explains each figure, by its name
    "now": "milestone-level",
    "changed": "compare",
    "over-time": "over-time",
    "voices": "sides",
    "took-part": "took-part",
    "next-steps": "next-steps",
    "table": "across",
    "list": "across",
    "cards": "across",
    "boxes": "grouping",
    "map": "map",
    "together": "together",
}


def as_it_is(value) -> object:
    return "" if value is None else value


@dataclass(frozen=True)
class Column:
    """One column: its name in the file; and its heading and words on the page, where it stands there."""

    name: str
    heading: str = ""
    said: Callable[[Mapping], object] | None = None

    def words(self, row: Mapping) -> object:
        return self.said(row) if self.said else as_it_is(row[self.name])


@dataclass(frozen=True)
class Compare:
    """The earlier quarters that a figure may be compared with, and which one is chosen; None for the usual one."""

    quarter: Quarter
    options: Sequence[Quarter]
    chosen: Quarter | None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of one coalition; `files` is where its files lie, empty where it has none."""

    name: str
    topic: str
    title: str
    how: str
    coalition: rows.Coalition
    when: str
    columns: tuple[Column, ...]
    rows: Sequence[Mapping]
    draw: Drawing
    chart: str
    data: Mapping = field(default_factory=dict)  # what the template of the chart reads
    notes: tuple[str, ...] = ()
    quarter: Quarter | None = None  # of all rows; None where each row has its own
    inside: bool = False
    compare: Compare | None = None
    files: str = ""
    query: str = ""

    @property
    def method(self) -> str:
        """The place of the method page that says how it is made."""
        return METHOD[self.name]

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self.columns if column.heading]

    @property
    def table(self) -> list[tuple[Mapping, list]]:
        """The rows as the page's table says them, each beside what it was made from."""
        shown = [column for column in self.columns if column.heading]
        return [(row, [column.words(row) for column in shown]) for row in self.rows]

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The notes of its files."""
        own = _("For our coalition alone. More may stand here than we share.")
        return (*self.notes, own) if self.inside else self.notes

    note_lines = 3  # of a drawing, at most; 0 for all of them

    @property
    def is_sample(self) -> bool:
        """Whether it shows a sample coalition."""
        return self.coalition.sample

    @property
    def whose(self) -> str:
        """Whose figure it is, as its drawing says under the title."""
        return f"{self.coalition.name}, {self.coalition.state_name}"

    @property
    def said_by(self) -> str:
        """Whose words its source names."""
        return self.coalition.name

    @property
    def slug(self) -> str:
        """What its file names begin with."""
        return self.coalition.slug

    @property
    def fixed(self) -> dict:
        """The columns of its CSV that are the same in every row and stand before the others."""
        before = {
            "state_code": self.coalition.state,
            "state_name": self.coalition.state_name,
            "coalition_name": self.coalition.name,
            "sample_data": int(self.coalition.sample),
        }
        if self.quarter:
            before |= {"quarter": str(self.quarter), "quarter_start": self.quarter.start.isoformat()}
        return before

    @property
    def address(self) -> str:
        """Where a file lies, but for its ending."""
        return f"{self.files}{self.name}" if self.files else ""

    @property
    def csv_url(self) -> str:
        return f"{self.address}.csv{self.query}"

    @property
    def svg_url(self) -> str:
        return f"{self.address}.svg{self.query}"

    @property
    def file_name(self) -> str:
        """What its files are saved as, without the ending; one with sample data says so."""
        marked = "" if self.slug.startswith("sample-") or not self.is_sample else "sample-"
        quarter = f"-{self.quarter.slug}" if self.quarter else ""
        return f"{marked}{self.slug}{quarter}-{self.name}"

    def frame(self, address: str, day: date) -> Frame:
        """The words round its drawing."""
        return Frame(
            self.title, f"{self.whose} · {self.when}", self.how, self.all_notes, caveat(),
            source(self.said_by, address, day), mark_of(self), self.note_lines,
        )  # fmt: skip

    def svg(self, address: str, day: date) -> str:
        """It as an SVG file that says all of it on its own."""
        return document(self.frame(address, day), self.draw, lang=(get_language() or "en")[:2])

    def csv(self, address: str, day: date) -> str:
        """Its rows as CSV, each with whose they are, the title, the source, the caveat and the sample mark."""
        note = " ".join([*([mark_of(self)] if mark_of(self) else []), *self.all_notes, caveat()])
        after = {"figure": self.title, "note": note, "source": source(self.said_by, address, day)}
        names = [column.name for column in self.columns]
        found = [[*self.fixed.values(), *(row[name] for name in names), *after.values()] for row in self.rows]
        return lines([[*self.fixed, *names, *after], *found])


def caveat() -> str:
    return _("Self-ratings. Coalitions set their own bar. Not a contest.")


def mark_of(figure: Figure) -> str:
    """What a figure of a sample coalition says everywhere."""
    return _("Sample data. Not real ratings.") if figure.is_sample else ""


def source(name: str, address: str, day: date) -> str:
    """Who says so, where it stood and when it was taken."""
    said = {"name": name, "address": address, "day": date_format(day, "DATE_FORMAT")}
    return _("Source: %(name)s, in Milestones. %(address)s, %(day)s.") % said


def with_files(found: Mapping[str, Figure], files: str, query: str) -> dict[str, Figure]:
    """These figures, their files under one address with one query."""
    return {name: replace(figure, files=files, query=query) for name, figure in found.items()}


def status_in_files(status: str) -> str:
    """A status as the evaluators' files word it: there a shared story alone is a level not shared."""
    return "not_shared" if status == rows.STORY_ONLY else status


def level_said(row: Mapping) -> str:
    """A level in words with its number, or why there is none."""
    if row["level"] is None:
        return sentences.standing(None, row["level_status"])
    return f"{row['level_name']} ({row['level']})"


def milestone_columns(heading: bool = True) -> tuple[Column, ...]:
    """The three columns of a milestone, its name on the page."""
    return (
        Column("milestone_number"),
        Column("milestone_slug"),
        Column("milestone_name", _("Milestone") if heading else ""),
    )


def level_columns(heading: str) -> tuple[Column, ...]:
    """Level, name and status; on the page one column."""
    return (Column("level", heading, level_said), Column("level_name"), Column("level_status"))


def levels_by_name() -> list[str]:
    """The five levels in words, lowest first."""
    return [sentences.level_word(level) for level in range(5)]
