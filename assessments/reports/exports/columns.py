"""What a column of an evaluators' file is, what a file is, and the columns every row starts with. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from assessments.quarters import Quarter


class Words(NamedTuple):
    """A text of ours in both languages."""

    en: str = ""
    es: str = ""

    def said(self, tongue: str) -> str:
        """The text in one language."""
        return self.es if tongue == "es" else self.en


class Code(NamedTuple):
    """A word that never changes and is never translated, with its label in both languages."""

    code: str
    label: Words


def said(texts: dict, tongue: str) -> str:
    """The text of `{"en": …, "es": …}` in one language, or in the other where that one is empty."""
    return texts[tongue] or texts["es" if tongue == "en" else "en"]


def is_yes(value) -> int:
    """A boolean as the files write it: 0 or 1."""
    return 1 if value else 0


@dataclass(frozen=True)
class Submitted:
    """One submitted revision as plain facts, with what its coalition shares of it right now."""

    state_code: str
    state_name: dict
    coalition_id: str
    coalition_name: str
    sample: bool
    quarter: Quarter
    number: int
    submitted_at: datetime
    sha256: str
    body: dict  # as assessments/submitting/snapshot.py describes it
    sharing: dict = field(default_factory=dict)  # by slug of milestone: nothing, story, level_and_story
    level_names: dict = field(default_factory=dict)  # by level, {"en": …, "es": …}
    beyond: str | None = None  # what is shared of Beyond the milestones; None where the filters leave it out
    events: tuple[dict, ...] = ()  # {id, happened_on, words}, where the file is about them
    is_open: bool = False  # whether some level of this quarter is shared, of whichever revision
    code: str = ""  # what stands for the coalition in the coded variant
    own: bool = False  # for the coalition itself: what it wrote is there, shared or not

    def milestones(self) -> list[dict]:
        """The milestones of the body, in the order of the files."""
        return sorted(self.body["milestones"], key=lambda milestone: milestone["number"])


@dataclass(frozen=True)
class Row:
    """One row before it is written: a revision, and what in it the row is about."""

    revision: Submitted
    tongue: str
    milestone: dict | None = None
    indicator: dict | None = None
    thing: dict | None = None  # a piece of evidence, a step, an event

    @property
    def is_level_shared(self) -> bool:
        """Whether the coalition shares level and story of this milestone of this revision."""
        return self.revision.sharing.get(self.milestone["slug"]) == "level_and_story"

    @property
    def is_story_shared(self) -> bool:
        """Whether it shares at least the story of this milestone, or of Beyond the milestones where there is none."""
        told = self.revision.sharing.get(self.milestone["slug"]) if self.milestone else self.revision.beyond
        return told in ("story", "level_and_story")

    def told(self, is_shared: bool, text, instead=""):
        """What the coalition wrote, where it is shared or the file is for itself; `instead` elsewhere."""
        return text if is_shared or self.revision.own else instead

    def level_name(self, level: int | None) -> str:
        """The name of a level in the language asked for; empty for none."""
        return "" if level is None else said(self.revision.level_names[level], self.tongue)


@dataclass(frozen=True)
class Column:
    """One column: what it means, what may stand in it, and how it is read off a row.

    `type` is one of Frictionless: string, integer, boolean (written 0 and 1), date, datetime. `names`: it is text, or
    something that would join a row to the named files, so the coded variant leaves it out.
    """

    name: str
    type: str
    meaning: Words
    value: Callable[[Row], str | int | None]
    codes: tuple[Code, ...] = ()
    unit: Words = Words()
    rule: Words = Words()
    source: Words = Words()
    may_be_empty: bool = False
    names: bool = False


@dataclass(frozen=True)
class File:
    """One file: what a row of it is, its columns, and how one revision becomes rows.

    `size` says how many rows a revision must give, counted apart from making them. `of_releases`: its rows tell what a
    quarter's members answered, which no revision changes, so they stand once, with the quarter's first revision.
    `of_last`: it has each quarter's last revision and no other. `of_milestones`: a row is about one milestone, so that
    the filter by milestone chooses among them; a row about none stands whichever is asked for.
    `key`: the columns that no two rows share; `within`: columns, and the file in which the same ones are to be found.
    """

    name: str
    row_is: Words
    about: Words
    columns: tuple[Column, ...]
    facts: Callable[[Submitted, str], Iterator[Row]]
    size: Callable[[Submitted], int]
    key: tuple[str, ...] = ()
    within: tuple[tuple[tuple[str, ...], str], ...] = ()  # these columns, and the file that holds the same ones
    of_releases: bool = False
    of_last: bool = False
    of_events: bool = False
    of_milestones: bool = True

    def header(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def col_types(self) -> str:
        """The types of the columns as R's readr takes them, a letter each: codes stay text, 0 and 1 are numbers."""
        return "".join(COL_TYPES[column.type] for column in self.columns)

    def rows(self, revision: Submitted, tongue: str) -> Iterator[tuple]:
        """The rows that one revision gives, labels in one language."""
        for row in self.facts(revision, tongue):
            yield tuple(column.value(row) for column in self.columns)


COL_TYPES = {"string": "c", "integer": "i", "boolean": "i", "date": "D", "datetime": "T"}
FROM_THE_SITE = Words("set up by an administrator", "lo registra una persona administradora")
FROM_THE_RECORD = Words("the submitted revision", "la revisión entregada")
FROM_THE_RUBRIC = Words("the rubric", "la rúbrica")
COMPUTED = Words("computed when the revision was submitted", "se calculó al entregar la revisión")
FROM_THE_RELEASE = Words(
    "the release: computed once, when answers closed", "el resumen: se calculó una sola vez, al cierre"
)
FROM_SHARING = Words("what the coalition shares now", "lo que la coalición comparte ahora")

NO_YES = (Code("0", Words("No", "No")), Code("1", Words("Yes", "Sí")))
MODES = (
    Code("core", Words("Core: one question for each milestone", "Básico: una pregunta por hito")),
    Code("focus", Words("Focus: core, and all of two milestones", "Con enfoque: lo básico y todo de dos hitos")),
    Code("full", Words("Full: all questions", "Completo: todas las preguntas")),
)


def instant(moment: datetime) -> str:
    """An instant in ISO 8601, in UTC, to the second, with Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


COMMON = (
    Column(
        "state_code",
        "string",
        Words("Postal code of the state", "Abreviatura postal del estado"),
        lambda row: row.revision.state_code,
        source=FROM_THE_SITE,
    ),
    Column(
        "state_name",
        "string",
        Words("Name of the state, in the language asked for", "Nombre del estado, en el idioma elegido"),
        lambda row: said(row.revision.state_name, row.tongue),
        source=FROM_THE_SITE,
    ),
    Column(
        "coalition_id",
        "string",
        Words("The coalition; it never changes", "La coalición; no cambia nunca"),
        lambda row: row.revision.coalition_id,
        unit=Words("UUID", "UUID"),
        source=FROM_THE_SITE,
    ),
    Column(
        "coalition_name",
        "string",
        Words("Name of the coalition, as it is now", "Nombre actual de la coalición"),
        lambda row: row.revision.coalition_name,
        source=FROM_THE_SITE,
    ),
    Column(
        "quarter",
        "string",
        Words("The quarter that was assessed, such as 2026Q2", "El trimestre evaluado, por ejemplo 2026Q2"),
        lambda row: str(row.revision.quarter),
        unit=Words("calendar quarter", "trimestre del año"),
        source=FROM_THE_RECORD,
    ),
    Column(
        "quarter_start",
        "date",
        Words("First day of the quarter", "Primer día del trimestre"),
        lambda row: row.revision.quarter.start.isoformat(),
        unit=Words("day, ISO 8601", "día, ISO 8601"),
        source=FROM_THE_RECORD,
    ),
    Column(
        "revision",
        "integer",
        Words(
            "Number of the submitted record; a corrected quarter has 1 and 2",
            "Número del registro entregado; un trimestre corregido tiene 1 y 2",
        ),
        lambda row: row.revision.number,
        rule=Words(
            "For one row a quarter keep the highest number, or choose the last revisions before the download",
            "Para una fila por trimestre, quédese con el número más alto o elija las últimas revisiones al descargar",
        ),
        source=FROM_THE_RECORD,
    ),
    Column(
        "submitted_at",
        "datetime",
        Words("When this revision was submitted", "Cuándo se entregó esta revisión"),
        lambda row: instant(row.revision.submitted_at),
        unit=Words("instant in UTC, ISO 8601", "instante en UTC, ISO 8601"),
        source=FROM_THE_RECORD,
        names=True,
    ),
    Column(
        "rubric_version",
        "string",
        Words("Version of the rubric that was asked", "Versión de la rúbrica que se usó"),
        lambda row: row.revision.body["rubric_version"],
        rule=Words(
            "A code, not a number, also where it reads as one", "Es un código, no un número, aunque se lea como tal"
        ),
        source=FROM_THE_RUBRIC,
    ),
    Column(
        "mode",
        "string",
        Words("How much of the rubric was asked", "Cuánto de la rúbrica se preguntó"),
        lambda row: row.revision.body["mode"],
        codes=MODES,
        source=FROM_THE_RECORD,
    ),
    Column(
        "sample_data",
        "boolean",
        Words("1 where the coalition is invented: not real ratings", "1 si la coalición es inventada: datos no reales"),
        lambda row: is_yes(row.revision.sample),
        codes=NO_YES,
        source=FROM_THE_SITE,
    ),
)
