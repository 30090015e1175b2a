"""Reads submitted revisions for the files: which ones, how many, and each in turn, in constant memory.

A few coalitions at a time, each time one query that is read to its end: so the first rows come at once, and SQLite has
nothing open that would keep others from writing.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Aggregate, CharField, Count, Exists, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Concat

from assessments.models import BEYOND, Revision, RoomSees, Standing
from assessments.quarters import Quarter
from assessments.reports.exports import packs
from assessments.reports.exports.coded import coalition_code
from assessments.reports.exports.columns import File, Submitted
from assessments.reports.exports.filters import LATEST, ONLY, WITHOUT, Filters
from assessments.reports.exports.happened import events_of, with_events
from assessments.reports.exports.stream import CutShort, written
from assessments.submitting.packed import FORMAT, pack
from milestones.models import Indicator, Level, Milestone

TOGETHER = 100  # coalitions that one query reads at most
BODIES, PACKS = 60, 600  # revisions that it reads, if no one coalition has more
ROW = ("coalition_id", "quarter_text", "number")
BODY = (*ROW, "submitted_at", "sha256", "body", "shared")
BLANK = {"quarter": Quarter(2000, 1), "number": 0, "submitted_at": datetime.min, "sha256": "", "body": {}}
OF_COALITION = ("pk", "sample", "name", "slug", "state_id", "state__name_en", "state__name_es")


@dataclass(frozen=True)
class InFile:
    """One coalition of a file, and how many of its revisions are in it."""

    coalition_id: object
    sample: bool
    name: str
    slug: str
    state_code: str
    state_name: dict
    revisions: int
    code: str = ""  # what stands for it in the coded variant


def revisions(coalitions, filters: Filters, *, of_releases=False, of_last=False, until=None):
    """The submitted revisions of these coalitions that the filters choose, as they were at the moment `until`.

    `of_releases`: of each quarter that asked its members the first revision, `of_last`: of each quarter the last,
    whichever revisions are asked for.
    """
    there = Revision.objects.all() if until is None else Revision.objects.filter(submitted_at__lte=until)
    chosen = there.filter(coalition__in=coalitions)
    if filters.state:
        chosen = chosen.filter(coalition__state=filters.state)
    if filters.coalition:
        chosen = chosen.filter(coalition__slug=filters.coalition)
    if filters.first:
        chosen = chosen.filter(quarter_text__gte=filters.first)
    if filters.last:
        chosen = chosen.filter(quarter_text__lte=filters.last)
    if filters.sample in (WITHOUT, ONLY):
        chosen = chosen.filter(coalition__sample=filters.sample == ONLY)
    if of_releases:
        return chosen.exclude(assessment__room_sees=RoomSees.MEETING_ONLY).filter(number=1)
    if of_last or filters.revisions == LATEST:
        later = there.filter(assessment=OuterRef("assessment"), number__gt=OuterRef("number"))
        chosen = chosen.exclude(Exists(later))
    return chosen


def of_file(file: File, coalitions, filters: Filters, *, until=None):
    """The revisions that one file is made of."""
    return revisions(coalitions, filters, of_releases=file.of_releases, of_last=file.of_last, until=until)


def coalitions_in(chosen, coalitions, *, coded=False) -> list[InFile]:
    """Those of these coalitions that the chosen revisions are of, in the order of the files, with how many of each.

    By state and address, or where the file is coded by the code that stands for each.
    """
    many = dict(chosen.order_by().values_list("coalition").annotate(number_of=Count("pk")))
    found = [
        InFile(pk, sample, name, slug, state, {"en": name_en, "es": name_es}, many[pk], code_of(pk) if coded else "")
        for pk, sample, name, slug, state, name_en, name_es in coalitions.order_by().values_list(*OF_COALITION)
        if pk in many
    ]
    return sorted(found, key=lambda one: (one.code,) if coded else (one.state_code, one.slug))


def code_of(coalition) -> str:
    """What stands for a coalition in the coded variant."""
    return coalition_code(str(coalition), settings.EXPORT_PSEUDONYM_KEY)


@dataclass(frozen=True)
class Asked:
    """One file as it was asked for: of which coalitions, with which filters; `own`: for the coalition itself."""

    file: File
    coalitions: object
    filters: Filters
    until: datetime | None = None
    own: bool = False

    @property
    def milestone(self) -> str:
        return self.filters.milestone if self.file.of_milestones else ""

    def chosen(self, coalitions=None):
        """The revisions that it is made of, of all its coalitions or of some."""
        within = self.coalitions if coalitions is None else self.coalitions.filter(pk__in=list(coalitions))
        return of_file(self.file, within, self.filters, until=self.until)

    def found(self) -> list[InFile]:
        """Its coalitions in the order of the file, with how many revisions of each."""
        return coalitions_in(self.chosen(), self.coalitions, coded=self.filters.coded)

    def lines(self, found: list[InFile]) -> Iterator[tuple[str, int]]:
        """The lines of each revision of these coalitions, with how many."""
        if self.file.name in packs.LARGE:
            return packed_for(self, found)
        return written(self.file, facts_for(self, found), self.filters.lang)


def some_of(found: Iterable[InFile], most: int) -> Iterator[dict]:
    """The coalitions by id in their order, so many at a time that one query reads about `most` revisions."""
    some, many = {}, 0
    for one in found:
        if some and (many + one.revisions > most or len(some) == TOGETHER):
            yield some
            some, many = {}, 0
        some[one.coalition_id] = one
        many += one.revisions
    if some:
        yield some


def in_order(rows, some: dict) -> list[tuple]:
    """Rows of some coalitions: these in their order, of each the quarters, of each the revisions."""
    place = {pk: at for at, pk in enumerate(some)}
    return sorted(rows, key=lambda row: (place[row[0]], row[1], row[2]))


class Words(Aggregate):
    """The texts of many rows as one, with a space between."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ' ')"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def with_sharing(chosen, milestone: str = ""):
    """The revisions, each with `shared`: of each of its milestones, or of one, the slug and what is shared of it."""
    standings = Standing.objects.filter(revision=OuterRef("pk"))
    if milestone:
        standings = standings.filter(slug=milestone)
    told = Words(Concat("slug", Value(" "), "sharing", output_field=CharField()))
    return chosen.annotate(shared=Subquery(standings.order_by().values("revision").annotate(x=told).values("x")))


def facts_for(asked: Asked, found: list[InFile]) -> Iterator[Submitted]:
    """Each revision as plain facts, with its whole body, or what in it is of one milestone."""
    names, milestone = level_names(), asked.milestone
    columns = (*BODY, "happened", "open") if asked.file.of_events else BODY
    for some in some_of(found, BODIES):
        chosen = with_sharing(asked.chosen(some), milestone)
        rows = (with_events(chosen) if asked.file.of_events else chosen).values_list(*columns)
        for row in in_order(rows, some):
            coalition, quarter, number, at, sha256, text, shared, *happened = row
            body = json.loads(text)
            if milestone:
                body["milestones"] = [m for m in body["milestones"] if m["slug"] == milestone]
            sharing = packs.sharing_of(shared)
            beyond = sharing.pop(BEYOND, None)
            if sharing.keys() != {m["slug"] for m in body["milestones"]}:
                raise CutShort(f"{coalition} {quarter}: other standings than milestones")
            yield submitted(
                some[coalition],
                quarter=Quarter.parse(quarter),
                number=number,
                submitted_at=at,
                sha256=sha256,
                body=body,
                sharing=sharing,
                level_names=names[body["rubric_version"]],
                beyond=beyond,
                events=events_of(happened[0]) if happened else (),
                is_open=bool(happened and happened[1]),
                own=asked.own,
            )


def packed_for(asked: Asked, found: list[InFile]) -> Iterator[tuple[str, int]]:
    """The lines of each revision, from its packed texts; from its body where none are there in our format."""
    writer = packs.Writer(asked.file, known_texts(), asked.filters.lang, asked.milestone)
    fields = ("form", "own", packs.LARGE[asked.file.name].field, "reasons")
    columns = (*ROW, "shared", *(f"packed__{name}" for name in fields))
    readable = f"[{FORMAT},"
    for some in some_of(found, PACKS):
        of = {pk: submitted(one, own=asked.own) for pk, one in some.items()}
        chosen = asked.chosen(some)
        rows = with_sharing(chosen, asked.milestone).order_by().values_list(*columns)
        for coalition, quarter, number, shared, *kept in in_order(rows, some):
            if not (kept[0] and kept[0].startswith(readable)):
                kept = pack_again(chosen.get(coalition=coalition, quarter_text=quarter, number=number), fields)
            yield writer.lines(packs.Revised(of[coalition], quarter, number, *kept, shared or ""))


def pack_again(revision: Revision, fields) -> list[str]:
    """The packed texts of a revision that was written without them, or in another format."""
    texts = pack(revision.content, sha256=revision.sha256, submitted_at=revision.submitted_at)
    return [texts[name] for name in fields]


def submitted(of: InFile, **fields) -> Submitted:
    """A revision of a coalition as plain facts; what is not said of the revision stands there as a blank."""
    return Submitted(
        **{
            "state_code": of.state_code,
            "state_name": of.state_name,
            "coalition_id": str(of.coalition_id),
            "coalition_name": of.name,
            "sample": of.sample,
            "code": of.code,
            **BLANK,
            **fields,
        }
    )


def level_names() -> dict[str, dict[int, dict]]:
    """The names of the levels, by version of the rubric and level."""
    names: dict[str, dict[int, dict]] = {}
    rows = Level.objects.filter(rubric__own=False)
    for version, value, name_en, name_es in rows.values_list("rubric__version", "value", "name_en", "name_es"):
        names.setdefault(version, {})[value] = {"en": name_en, "es": name_es}
    return names


def known_texts() -> packs.Known:
    """The texts of the versions of the rubric that stand in large files."""
    milestones = Milestone.objects.filter(rubric__own=False)
    indicators = Indicator.objects.filter(milestone__rubric__own=False)
    of = ("milestone__rubric__version", "milestone__slug")
    return packs.Known(
        levels=level_names(),
        names={
            (version, slug): {"en": en, "es": es}
            for version, slug, en, es in milestones.values_list("rubric__version", "slug", "name_en", "name_es")
        },
        titles={
            (version, slug, code): {"en": en, "es": es}
            for version, slug, code, en, es in indicators.values_list(*of, "code", "title_en", "title_es")
        },
    )
