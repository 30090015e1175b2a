"""Reads submitted revisions for the files: which ones, how many, and each in turn, in constant memory."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Case, Count, Exists, OuterRef, When
from django.db.models.functions import Collate

from assessments.models import BEYOND, Revision, RoomSees, Standing
from assessments.quarters import Quarter
from assessments.reports.exports.coded import coalition_code
from assessments.reports.exports.columns import File, Submitted
from assessments.reports.exports.filters import LATEST, ONLY, WITHOUT, Filters
from assessments.reports.exports.happened import events_of, with_events
from assessments.reports.exports.stream import CutShort
from milestones.models import Level

CHUNK = 25  # revisions held at once
TOGETHER = 100  # coalitions of the coded variant that one query puts in order
BYTEWISE = {"postgresql": "C", "sqlite": "BINARY"}
READ = (
    "pk", "coalition__state_id", "coalition__state__name_en", "coalition__state__name_es", "coalition_id",
    "coalition__name", "coalition__sample", "quarter_text", "number", "submitted_at", "sha256", "body",
)  # fmt: skip


@dataclass(frozen=True)
class InFile:
    """One coalition of a file: how many of its revisions are in it."""

    coalition_id: object
    sample: bool
    revisions: int


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


def coalitions_in(chosen) -> list[InFile]:
    """The coalitions of the chosen revisions, with how many of each."""
    counted = chosen.order_by().values("coalition_id", "coalition__sample").annotate(number_of=Count("pk"))
    return [InFile(row["coalition_id"], row["coalition__sample"], row["number_of"]) for row in counted]


def facts_for(file: File, chosen, filters: Filters, *, own=False) -> Iterator[Submitted]:
    """Each chosen revision as one file reads it, in the order of its rows; `own`: for the coalition itself."""
    asked = {"milestone": filters.milestone if file.of_milestones else "", "events": file.of_events, "own": own}
    if not filters.coded:
        yield from submitted(chosen, **asked)
        return
    codes = codes_of(chosen)
    for start in range(0, len(codes), TOGETHER):
        some = dict(codes[start : start + TOGETHER])
        yield from submitted(chosen.filter(coalition__in=list(some)), **asked, codes=some)


def codes_of(chosen) -> list[tuple]:
    """The coalitions of the chosen revisions with the code that stands for each, in the order of the codes."""
    found = chosen.order_by().values_list("coalition_id", flat=True).distinct()
    codes = ((pk, coalition_code(str(pk), settings.EXPORT_PSEUDONYM_KEY)) for pk in found)
    return sorted(codes, key=lambda pair: pair[1])


def in_order(rows, to_revision: str, codes=None):
    """Rows by state, coalition's address, quarter and revision, the same on either database; or in that of `codes`."""
    state, quarter, number = (f"{to_revision}{name}" for name in ("coalition__state_id", "quarter_text", "number"))
    if codes:
        place = Case(*(When(**{f"{to_revision}coalition": pk}, then=at) for at, pk in enumerate(codes)))
        return rows.order_by(place, quarter, number)
    slug = Collate(f"{to_revision}coalition__slug", BYTEWISE[connection.vendor])
    return rows.order_by(state, slug, quarter, number)


def submitted(chosen, milestone: str = "", *, events=False, own=False, codes=None) -> Iterator[Submitted]:
    """Each chosen revision as plain facts, in order, with one milestone or all.

    Two ordered streams are merged: the revisions with their bodies, and their standings with what is shared.
    CutShort where a revision's standings are not those of its body.
    """
    names = level_names()
    columns = (*READ, "happened", "open") if events else READ
    rows = in_order(with_events(chosen) if events else chosen, "", codes)
    shared = SharingStream(chosen, milestone, codes)
    for row in rows.values_list(*columns).iterator(chunk_size=CHUNK):
        pk, code, name_en, name_es, coalition, name, sample, quarter, number, at, sha256, text, *happened = row
        body = json.loads(text)
        if milestone:
            body["milestones"] = [m for m in body["milestones"] if m["slug"] == milestone]
        wanted = {m["slug"] for m in body["milestones"]}
        sharing = shared.of(pk) if wanted else {}
        beyond = sharing.pop(BEYOND, None)
        if sharing.keys() != wanted:
            raise CutShort(f"revision {pk} has other standings than milestones")
        yield Submitted(
            state_code=code,
            state_name={"en": name_en, "es": name_es},
            coalition_id=str(coalition),
            coalition_name=name,
            sample=sample,
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
            code=codes[coalition] if codes else "",
            own=own,
        )


class SharingStream:
    """What is shared of each milestone, and of Beyond the milestones, read once, in the order of the revisions.

    The revisions are asked first. One that was submitted in between stands in this stream alone: it is passed over.
    """

    def __init__(self, chosen, milestone: str, codes=None):
        rows = Standing.objects.filter(revision__in=chosen.order_by().values("pk"))
        if milestone:
            rows = rows.filter(slug=milestone)
        rows = in_order(rows, "revision__", codes).values_list("revision_id", "slug", "sharing")
        self.rows = rows.iterator(chunk_size=CHUNK * 10)
        self.next = None

    def of(self, revision) -> dict[str, str]:
        """By slug, what is shared of one revision; what stands before it in the stream is left behind."""
        found = {}
        row = self.next or next(self.rows, None)
        while row and (row[0] == revision or not found):
            if row[0] == revision:
                found[row[1]] = row[2]
            row = next(self.rows, None)
        self.next = row
        return found


def level_names() -> dict[str, dict[int, dict]]:
    """The names of the levels, by version of the rubric and level."""
    names: dict[str, dict[int, dict]] = {}
    rows = Level.objects.filter(rubric__own=False)
    for version, value, name_en, name_es in rows.values_list("rubric__version", "value", "name_en", "name_es"):
        names.setdefault(version, {})[value] = {"en": name_en, "es": name_es}
    return names
