"""One coalition's quarter as a page: the one builder of the funder's page, its preview, results and revisions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from assessments.models import RoomSees
from assessments.quarters import Quarter
from assessments.reports import next_steps, rows, sentences, shown
from milestones.bilingual import pick


@dataclass(frozen=True)
class CoalitionPage:
    """What one page says of one coalition in one quarter."""

    coalition: rows.Coalition
    quarter: Quarter
    quarters: list[Quarter]
    notes: list[str]
    headline: str
    level_rows: list[sentences.LevelRow]
    compares: Quarter | None
    milestones: list[shown.Milestone]
    beyond: str
    beyond_steps: list[shown.Step]
    looked_back: list[shown.Step]
    not_shared: list[str]
    mode: str
    in_meeting: bool
    over_time: "OverTime"
    inside: bool = False
    since: Quarter | None = None  # the earlier quarter that was asked for
    earlier: list[Quarter] = field(default_factory=list)
    ballots: Mapping | None = None  # how many sent answers, as bands
    planned: list[next_steps.Planned] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)  # of each milestone that may be read of, by slug

    @property
    def suggests(self) -> bool:
        """Whether a row holds the level that the answers suggest."""
        return any(row.suggested_level is not None for row in self.level_rows)

    @property
    def tells_direction(self) -> bool:
        """Whether a row says where members think it moved."""
        return any(milestone.direction for milestone in self.milestones)

    @property
    def is_empty(self) -> bool:
        return not (self.milestones or self.beyond or self.beyond_steps)


@dataclass(frozen=True)
class TimeLine:
    """One milestone's line over time."""

    name: str
    own: bool
    points: list[rows.Point]
    slug: str = ""
    number: int = 0


@dataclass(frozen=True)
class TimeRow:
    """One quarter of all lines."""

    quarter: Quarter
    points: list[rows.Point]
    events: list[rows.Event]


@dataclass(frozen=True)
class OverTime:
    """All lines on one axis, and what happened along it."""

    quarters: list[Quarter]
    lines: list[TimeLine]
    events: list[rows.Event]

    @property
    def drawn(self) -> bool:
        """Whether there is a line to draw: two quarters, and a level."""
        return len(self.quarters) > 1 and any(point.level is not None for line in self.lines for point in line.points)

    @property
    def table(self) -> list[TimeRow]:
        """The same as a table: each quarter with its levels and events."""
        return [
            TimeRow(quarter, [line.points[at] for line in self.lines], [e for e in self.events if e.quarter == quarter])
            for at, quarter in enumerate(self.quarters)
        ]

    @property
    def breaks(self) -> bool:
        return any(point.new_series for line in self.lines for point in line.points)

    @property
    def core_only(self) -> bool:
        return any(point.core_only for line in self.lines for point in line.points)


def build(
    coalition: rows.Coalition,
    quarter: Quarter,
    readable: Iterable[rows.Row],
    records: Mapping,
    *,
    events: Iterable[rows.Event] = (),
    reopened: Callable = lambda record: None,
    inside: bool = False,
    file_url: Callable = lambda quarter, key: "",
    since: Quarter | None = None,
) -> CoalitionPage:
    """The page of one quarter from the rows its reader may read, of all quarters, and the quarter's bodies.

    `records` holds each revision that a row of this quarter names, and of earlier ones those whose next steps are
    shown. A milestone comes from the revision that shares it. It is compared with `since`, or with the last quarter
    before in which it may be read.
    """
    readable = list(readable)
    here = sorted((row for row in readable if row.quarter == quarter), key=lambda row: (row.number or 10**3, row.slug))
    used = sorted({records[row.revision].number: records[row.revision] for row in here}.items())
    used = [record for _number, record in used]
    milestones, names = [], names_of(readable, used)
    history = [row for row in readable if row.quarter == since] if since else readable
    for row in here:
        if row.slug == rows.BEYOND:
            continue
        body = records[row.revision].content
        of = next(m for m in body["milestones"] if m["slug"] == row.slug)
        move = rows.move(row, rows.before(row, history))
        milestones.append(
            shown.milestone(of, row, move, body, inside=inside, file_url=lambda key: file_url(quarter, key))
        )
    standing = [m for m in milestones if m.row.shows_level]
    last = used[-1].content if used else None
    beyond = next((records[row.revision].content for row in here if row.slug == rows.BEYOND), None)
    return CoalitionPage(
        coalition=coalition,
        quarter=quarter,
        quarters=sorted({row.quarter for row in readable}, reverse=True),
        notes=notes(used, coalition.zone, reopened),
        headline=sentences.headline([(m.name, m.move) for m in standing]),
        level_rows=[sentences.level_row(m.name, m.row, m.move, f"#{m.slug}", m.heard) for m in standing],
        compares=max((m.move.since for m in standing if m.move.comparable_level is not None), default=None),
        milestones=milestones,
        beyond=beyond["beyond"] if beyond else "",
        beyond_steps=shown.steps(beyond, rows.BEYOND, inside=inside) if beyond else [],
        looked_back=looked_back(last) if inside and last else looked_back_outside(here, records),
        not_shared=[] if inside else not_shared(last, here),
        mode=str(sentences.MODES.get(last["mode"], "")) if standing else "",
        in_meeting=bool(standing) and last["room_sees"] == RoomSees.MEETING_ONLY,
        over_time=over_time(readable, names, events),
        inside=inside,
        since=since,
        earlier=earlier(readable, quarter),
        ballots=ballots(here, records),
        planned=next_steps.planned(readable, records, quarter, inside=inside),
        names=names_of(readable, sorted(records.values(), key=lambda record: (record.quarter, record.number))),
    )


def earlier(readable: Iterable[rows.Row], quarter: Quarter) -> list[Quarter]:
    """The quarters before this one that it may be compared with, latest first."""
    here = {row.slug for row in readable if row.quarter == quarter and row.shows_level}
    found = {row.quarter for row in readable if row.slug in here and row.shows_level and row.quarter < quarter}
    return sorted(found, reverse=True)


def ballots(here: Iterable[rows.Row], records: Mapping) -> Mapping | None:
    """How many sent answers, as bands; None where nobody was asked or the reader may not know it."""
    found = (records[row.revision].content.get("release") for row in here if row.shows_level and row.members_view)
    return next((release["ballots"] for release in found if release), None)


def looked_back_outside(here: Iterable[rows.Row], records: Mapping) -> list[shown.Step]:
    """What came of the last next steps of each milestone of which the story is shared."""
    return [
        step
        for row in here
        for step in shown.steps(records[row.revision].content, row.slug, inside=False, of="looked_back")
    ]


def names_of(readable: Iterable[rows.Row], records) -> dict[str, str]:
    """The name of each milestone that a row speaks of, as far as these bodies know it."""
    known = {m["slug"]: pick(m["name"]) for record in records for m in record.content["milestones"]}
    return {row.slug: known[row.slug] for row in readable if row.slug in known}


def not_shared(body, here) -> list[str]:
    """The names of the rubric's milestones that nothing is shared of; never of the coalition's own ones."""
    shared = {row.slug for row in here}
    return [
        pick(m["name"]) for m in (body or {"milestones": []})["milestones"] if not m["own"] and m["slug"] not in shared
    ]


def looked_back(body) -> list[shown.Step]:
    slugs = dict.fromkeys(step["milestone"] or rows.BEYOND for step in body["looked_back"])
    return [step for slug in slugs for step in shown.steps(body, slug, inside=True, of="looked_back")]


def notes(used, zone: str, reopened: Callable) -> list[str]:
    """The dated notes of a quarter: each correction that is shown, and one that is under way."""
    found = [sentences.corrected(record, zone) for record in used if record.number > 1]
    if used and (used[-1].stage == "reopened" or used[-1].number < used[-1].last_number):
        found.append(sentences.under_way(reopened(used[-1]), zone))
    return found


def over_time(readable, names: Mapping[str, str], events) -> OverTime:
    """The lines of every milestone whose standing is readable in some quarter, over all quarters of which
    anything is; events only of quarters that are."""
    standing = [row for row in readable if row.shows_level and row.slug in names]
    quarters = rows.span(row.quarter for row in standing)
    slugs = {row.slug: row for row in sorted(standing, key=lambda row: (row.number, row.slug))}
    lines = [
        TimeLine(names[slug], row.own, rows.points([r for r in readable if r.slug == slug], quarters), slug, row.number)
        for slug, row in slugs.items()
    ]
    open_quarters = {row.quarter for row in standing}
    return OverTime(quarters, lines, [event for event in events if event.quarter in open_quarters])
