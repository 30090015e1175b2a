"""The large files from packed revisions: the cells of the same columns, each text of a row written out once. Pure.

A row is what hangs on its revision alone (`start`, `end`) and a middle, which hangs on few words: the same ones come in
thousands of revisions. So middles are kept, up to a number, and a revision is its middles joined.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import NamedTuple

from assessments.reports.exports.coded import COALITION_CODE
from assessments.reports.exports.columns import COMMON, File, Row, Submitted
from assessments.reports.exports.releases import SIDES
from assessments.reports.exports.stream import CutShort
from assessments.reports.exports.text import lines
from assessments.submitting import packed

MOST = 20_000
HOLE = "\ue000"  # where a kept middle has a coalition's reason, whatever it says
ENDS = ("revision_sha256", "release_sha256")


@dataclass(frozen=True)
class Known:
    """The texts of the rubric's versions: of levels, of milestones by slug, of indicators by slug and code."""

    levels: dict[str, dict[int, dict]]
    names: dict[tuple[str, str], dict]
    titles: dict[tuple[str, str, str], dict]


class Part(NamedTuple):
    """One milestone of a packed revision, as submitting/packed.py has it."""

    number: int
    slug: str
    name: dict | None
    direction: str
    standing: str
    ratings: list[str]
    items: list[str]
    titles: dict[str, dict]
    reasons: dict[str, str]
    many: list[int]


class Large(NamedTuple):
    """How one file comes out of a milestone: the words of its rows, how many these are, and what words say."""

    words: Callable[[Part], list[str]]
    size: Callable[[Part], int]
    said: Callable[[str], dict]
    of_indicators: bool = False


LARGE = {
    "agreed_ratings": Large(lambda part: part.ratings, lambda part: part.many[0], packed.rating, True),
    "releases": Large(lambda part: part.items, lambda part: len(SIDES) * part.many[1], packed.item, True),
    "standings": Large(
        lambda part: [part.standing], lambda part: 1, lambda words: {"standing": packed.standing(words)}
    ),
    "directions": Large(lambda part: [part.direction], lambda part: 1, lambda words: {"direction": words}),
}


def opened(text: str) -> tuple[dict, list[Part]] | None:
    """The head of a packed revision and its milestones; None where it was packed in another format."""
    form, *rest = json.loads(text)
    if form != packed.FORMAT:
        return None
    head = dict(zip(packed.HEAD[1:], rest, strict=True))
    return head, [Part(*part) for part in head.pop("parts")]


def body_of(head: dict) -> dict:
    """A body as far as the columns of the large files read it, without its milestones."""
    release = {"rule": head["rule"], "sha256": head["release_sha256"]}
    return {name: head[name] for name in ("rubric_version", "mode", "room_sees")} | {"release": release}


@dataclass
class Writer:
    """Writes one file in one language; keeps the middles it wrote, and begins anew where they are more than `most`."""

    file: File
    known: Known
    tongue: str
    most: int = MOST
    kept: dict = field(default_factory=dict)
    many: int = 0

    def __post_init__(self):
        columns = self.file.columns
        self.start = [column for column in columns if column in (*COMMON, COALITION_CODE)]
        self.end = [column for column in columns if column.name in ENDS]
        self.middle = columns[len(self.start) : len(columns) - len(self.end)]
        self.large = LARGE[self.file.name]

    def lines(self, revision: Submitted, parts: list[Part]) -> tuple[str, int]:
        """The lines of one revision and how many; CutShort where its milestones hold another number."""
        middles = list(chain.from_iterable(chain.from_iterable(self.middles(revision, part) for part in parts)))
        size = sum(map(self.large.size, parts))
        if len(middles) != size:
            raise CutShort(f"{self.file.name}: {len(middles)} rows of a revision that has {size}")
        if not middles:
            return "", 0
        row = Row(revision, self.tongue)
        start = self.cells(self.start, row) + ","
        end = ("," + self.cells(self.end, row) if self.end else "") + "\r\n"
        return start + (end + start).join(middles) + end, size

    def middles(self, revision: Submitted, part: Part) -> list[list[str]]:
        """The middles of the rows of each indicator of a milestone, or of the milestone."""
        words = self.large.words(part)
        if part.titles or part.name:
            return [self.written(revision, part, one, part.reasons.get(str(n), "")) for n, one in enumerate(words)]
        kept = self.kept_of(revision, part)
        if part.reasons and self.file.name == "agreed_ratings":
            return [self.with_reason(kept, revision, part, one, str(n)) for n, one in enumerate(words)]
        for one in words:
            if one not in kept:
                self.keep(kept, revision, part, one)
        return [kept[one] for one in words]

    def kept_of(self, revision: Submitted, part: Part) -> dict:
        """What is kept of rows that differ in nothing but their words."""
        if self.many > self.most:
            self.kept, self.many = {}, 0
        body = revision.body
        key = (
            body["rubric_version"], body["room_sees"], body["release"]["rule"], part.number, part.slug,
            revision.sharing[part.slug], revision.own,
        )  # fmt: skip
        return self.kept.setdefault(key, {})

    def keep(self, kept: dict, revision: Submitted, part: Part, words: str, reason=""):
        self.many += 1
        kept[words + reason] = self.written(revision, part, words, reason)

    def with_reason(self, kept: dict, revision: Submitted, part: Part, words: str, place: str) -> list[str]:
        """The middle of a rating that may have a reason, which stands in it where it may be read."""
        reason = part.reasons.get(place)
        key = words + HOLE if reason else words
        if key not in kept:
            self.keep(kept, revision, part, words, HOLE if reason else "")
        (middle,) = kept[key]
        return [middle.replace(HOLE, lines([["", reason]])[1:-2]) if reason and HOLE in middle else middle]

    def written(self, revision: Submitted, part: Part, words: str, reason: str) -> list[str]:
        """The middles of what these words say, by the columns of the file."""
        found = self.large.said(words)
        version = revision.body["rubric_version"]
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
            milestone |= found
        alone = replace(revision, body={**revision.body, "milestones": [milestone]})
        return [self.cells(self.middle, row) for row in self.file.facts(alone, self.tongue)]

    def cells(self, columns, row: Row) -> str:
        """Cells of one row as they stand in its line."""
        return lines([[column.value(row) for column in columns]])[:-2]
