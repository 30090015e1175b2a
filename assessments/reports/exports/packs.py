"""The large files from packed revisions: the cells of the same columns, each text of a row written out once. Pure.

A row is what hangs on its revision alone, `start` and `end`, and a middle, which hangs on few words: the same ones come
in thousands of revisions. So middles are kept, up to a number, and a revision is its middles joined.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import NamedTuple

from assessments.quarters import Quarter
from assessments.reports.exports.coded import COALITION_CODE
from assessments.reports.exports.columns import COMMON, File, Row, Submitted
from assessments.reports.exports.releases import SIDES
from assessments.reports.exports.stream import CutShort
from assessments.reports.exports.text import guarded, lines
from assessments.reports.rows import BEYOND
from assessments.submitting import packed

MOST = 10_000
HOLE = "\ue000"  # where a kept middle has a coalition's reason, whatever it says
QUOTED = re.compile(r'[",\r\n]')  # what makes CSV put quotes around a text
ENDS = ("revision_sha256", "release_sha256")
OF = {  # what the first columns hang on; the others on the coalition alone
    "quarter": "quarter", "quarter_start": "quarter", "revision": "revision", "submitted_at": "submitted_at",
    "rubric_version": "form", "mode": "form", "sample_data": "form",
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """The texts of the rubric's versions: of levels, of milestones by slug, of indicators by slug and code."""

    levels: dict[str, dict[int, dict]]
    names: dict[tuple[str, str], dict]
    titles: dict[tuple[str, str, str], dict]


class Part(NamedTuple):
    """One milestone of a form, as submitting/packed.py has it."""

    number: int
    slug: str
    name: dict | None
    titles: dict[str, dict]
    ratings: int
    items: int


class Form(NamedTuple):
    """What many revisions have in common."""

    rubric_version: str
    mode: str
    room_sees: str
    rule: str | None
    parts: tuple[Part, ...]

    def body(self) -> dict:
        """A body as far as columns that no revision has for itself read it, without its milestones."""
        kept = {"rubric_version": self.rubric_version, "mode": self.mode, "room_sees": self.room_sees}
        return {**kept, "release": {"rule": self.rule}}


class Revised(NamedTuple):
    """One packed revision as a file reads it; `of`: its coalition, `shared`: what is shared of it, in words."""

    of: Submitted
    quarter: str
    number: int
    form: str
    own: str
    lines: str
    reasons: str
    shared: str


class Layout(NamedTuple):
    """Where the lines of revisions of one form and one sharing belong: of each its number, milestone and middles."""

    places: list[int]
    at: dict[int, int]  # the other way round
    parts: list[Part]
    kept: list[dict[str, list[str]]]
    many: int
    sharing: dict[str, str]


class Large(NamedTuple):
    """How one file comes out: the field of its lines, how many a milestone has, the rows of a line, what it says."""

    field: str
    many: Callable[[Part], int]
    rows: int
    said: Callable[[str], dict]
    of_indicators: bool = False


LARGE = {
    "agreed_ratings": Large("ratings", lambda part: part.ratings, 1, packed.rating, True),
    "releases": Large("items", lambda part: part.items, len(SIDES), packed.item, True),
    "standings": Large("standings", lambda part: 1, 1, packed.standing),
    "directions": Large("standings", lambda part: 1, 1, packed.standing),
}


def opened(text: str) -> Form | None:
    """A form; None where it was packed in another format."""
    form, *rest, parts = json.loads(text)
    return Form(*rest, tuple(Part(*part) for part in parts)) if form == packed.FORMAT else None


def sharing_of(words: str | None) -> dict[str, str]:
    """By slug, what is shared of each milestone of one revision, and of Beyond the milestones."""
    listed = (words or "").split()
    return dict(zip(listed[::2], listed[1::2], strict=True))


@dataclass
class Writer:
    """Writes one file in one language, of one milestone or all; keeps what it wrote, and begins anew past `most`."""

    file: File
    known: Known
    tongue: str
    milestone: str = ""
    most: int = MOST
    kept: dict = field(default_factory=dict)
    layouts: dict = field(default_factory=dict)
    forms: dict = field(default_factory=dict)
    starts: dict = field(default_factory=dict)
    many: int = 0

    def __post_init__(self):
        columns = self.file.columns
        self.start = [column for column in columns if column in (*COMMON, COALITION_CODE)]
        self.dated = any(column.name == "submitted_at" for column in self.start)
        self.end = [column.name for column in columns if column.name in ENDS]
        self.middle = columns[len(self.start) : len(columns) - len(self.end)]
        self.of_release = "release_sha256" in self.end
        self.large = LARGE[self.file.name]

    def lines(self, revision: Revised) -> tuple[str, int]:
        """The lines of one revision and how many; CutShort where it has another number than its form says."""
        if self.many > self.most:
            self.begin_anew()
        layout = self.layouts.get((revision.form, revision.shared)) or self.laid_out(revision)
        given = revision.lines.split("\n") if revision.lines else []
        if len(given) != layout.many:
            raise CutShort(f"{self.file.name}: {len(given)} lines of a revision that has {layout.many}")
        if self.milestone:
            given = [given[place] for place in layout.places]
        try:
            middles = [kept[line] for kept, line in zip(layout.kept, given, strict=True)]
        except KeyError:
            self.keep_all(revision, layout, given)
            middles = [kept[line] for kept, line in zip(layout.kept, given, strict=True)]
        if revision.reasons and self.large.field == "ratings":
            self.put_reasons(revision, layout, given, middles)
        found = list(chain.from_iterable(middles))
        if len(found) != len(layout.places) * self.large.rows:
            raise CutShort(f"{self.file.name}: {len(found)} rows of {len(layout.places)} lines")
        if not found:
            return "", 0
        sha256, submitted_at, release = revision.own.split(" ")
        start = self.starting(revision, submitted_at)
        end = f",{release if self.of_release else sha256}\r\n" if self.end else "\r\n"
        return start + (end + start).join(found) + end, len(found)

    def begin_anew(self):
        self.many = 0
        for kept in (self.kept, self.layouts, self.forms, self.starts):
            kept.clear()

    def form_of(self, revision: Revised) -> Form:
        form = self.forms.get(revision.form)
        if form is None:
            form = self.forms[revision.form] = opened(revision.form)
        return form

    def laid_out(self, revision: Revised) -> Layout:
        """The layout of a form and sharing; CutShort where the standings are not those of its milestones."""
        form, sharing = self.form_of(revision), sharing_of(revision.shared)
        parts = [part for part in form.parts for _line in range(self.large.many(part))]
        places = [place for place, part in enumerate(parts) if self.milestone in ("", part.slug)]
        wanted = {part.slug for part in form.parts if self.milestone in ("", part.slug)}
        if sharing.keys() - {BEYOND} != wanted:
            raise CutShort(f"{revision.of.coalition_id} {revision.quarter}: other standings than milestones")
        of = [parts[place] for place in places]
        at = {place: n for n, place in enumerate(places)}
        layout = Layout(places, at, of, [self.kept_of(revision, part, sharing) for part in of], len(parts), sharing)
        self.layouts[revision.form, revision.shared] = layout
        self.many += len(places)
        return layout

    def kept_of(self, revision: Revised, part: Part, sharing: dict) -> dict:
        """The middles of rows that differ in nothing but the words of their lines."""
        form = self.form_of(revision)
        common = (form.rubric_version, form.room_sees, form.rule, part.number)
        key = revision.form if part.name or part.titles else common
        return self.kept.setdefault((key, part.slug, sharing[part.slug], revision.of.own), {})

    def keep_all(self, revision: Revised, layout: Layout, given: list[str]):
        for part, kept, line in zip(layout.parts, layout.kept, given, strict=True):
            if line not in kept:
                self.many += 1
                kept[line] = self.written(revision, layout, part, line)

    def put_reasons(self, revision: Revised, layout: Layout, given: list[str], middles: list[list[str]]):
        """In the middles of ratings that have a reason it stands where it may be read.

        Where a coalition has texts of its own, which may hold any character, nothing is kept and no hole is filled.
        """
        for place, reason in json.loads(revision.reasons).items():
            at = layout.at.get(int(place))
            if at is None:
                continue
            part, kept, line = layout.parts[at], layout.kept[at], given[at] + HOLE
            if part.name or part.titles:
                middles[at] = self.written(revision, layout, part, given[at], reason)
                continue
            if line not in kept:
                self.many += 1
                kept[line] = self.written(revision, layout, part, given[at], HOLE)
            (middle,) = kept[line]
            before, hole, after = middle.partition(HOLE)
            middles[at] = [f"{before}{cell_text(reason)}{after}" if hole else middle]

    def written(self, revision: Revised, layout: Layout, part: Part, line: str, reason="") -> list[str]:
        """The middles of what a line says, by the columns of the file."""
        found = self.large.said(line)
        form = self.form_of(revision)
        version = form.rubric_version
        milestone = {
            "number": part.number,
            "slug": part.slug,
            "name": part.name or self.known.names[version, part.slug],
            "own": part.name is not None,
            "indicators": [],
        }
        if self.large.of_indicators:
            code = found["code"]
            title = part.titles.get(code) or self.known.titles[version, part.slug, code]
            milestone["indicators"] = [{**found, "title": title, "reason": reason}]
        else:
            milestone |= {"standing": found, "direction": found["direction"]}
        alone = replace(
            revision.of,
            body={**form.body(), "milestones": [milestone]},
            sharing=layout.sharing,
            level_names=self.known.levels[version],
        )
        return [cells_text(self.middle, row) for row in self.file.facts(alone, self.tongue)]

    def starting(self, revision: Revised, submitted_at: str) -> str:
        """What every row of the revision begins with, comma included: the columns of COMMON, in their order."""
        coalition = revision.of.coalition_id
        names = self.starts.get(coalition) or self.start_text(revision, coalition, "coalition")
        quarter = self.starts.get(revision.quarter) or self.start_text(revision, revision.quarter, "quarter")
        key = (revision.form, revision.of.sample)
        form = self.starts.get(key) or self.start_text(revision, key, "form")
        at = f"{submitted_at}," if self.dated else ""
        return f"{names},{quarter},{revision.number},{at}{form},"

    def start_text(self, revision: Revised, key, kind: str) -> str:
        """The cells that hang on the coalition, the quarter or the form alone."""
        body = self.form_of(revision).body()
        row = Row(replace(revision.of, quarter=Quarter.parse(revision.quarter), body=body), self.tongue)
        self.starts[key] = cells_text(
            [column for column in self.start if OF.get(column.name, "coalition") == kind], row
        )
        self.many += 1
        return self.starts[key]


def cells_text(columns, row: Row) -> str:
    """Cells of one row as they stand in its line."""
    cells = [column.value(row) for column in columns]
    return lines([["", *cells]])[1:-2]


def cell_text(text: str) -> str:
    """A text as it stands in a line."""
    return lines([["", text]])[1:-2] if QUOTED.search(text) else guarded(text)
