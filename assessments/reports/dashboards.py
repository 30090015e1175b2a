"""The pages across states and of one state: rows, put together with their words for the templates. No database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.levels import NOT_ASKED, NOT_SHARED
from assessments.quarters import Quarter
from assessments.reports import charts, figures_time, filters, page, rows, sentences, shown
from assessments.reports.figures import Figure, with_files
from assessments.reports.figures_levels import evidence_said
from assessments.reports.svg.steps import Picture

PORTRAIT_STEPS = 3


@dataclass(frozen=True)
class Choices:
    """What the form of the cross-state pages offers."""

    quarters: list[tuple[Quarter, bool]]
    milestones: list[tuple[str, str, bool]]
    states: list[tuple[str, str, bool]]
    chosen_states: list[tuple[str, str, str]]


def choices(chosen: filters.Filters, coalitions, quarters: Sequence[Quarter], milestones: Mapping[str, str]) -> Choices:
    states = dict.fromkeys((c.state, c.state_name) for c in coalitions)
    return Choices(
        quarters=[(quarter, quarter == chosen.quarter) for quarter in reversed(quarters)],
        milestones=[(slug, name, slug == chosen.milestone) for slug, name in milestones.items()],
        states=[(code, name, code in chosen.states) for code, name in states],
        chosen_states=[(code, name, chosen.without_state(code)) for code, name in states if code in chosen.states],
    )


@dataclass(frozen=True)
class NotShown:
    """Coalitions that a view leaves out, and why."""

    why: str
    coalitions: list[rows.Coalition]


def not_shown(reasons: Iterable[tuple[str, rows.Coalition]]) -> list[NotShown]:
    found: dict[str, NotShown] = {}
    for why, coalition in reasons:
        found.setdefault(why, NotShown(why, [])).coalitions.append(coalition)
    return list(found.values())


@dataclass(frozen=True)
class Written:
    """A cell in words: written once for all cells that say the same."""

    css: str
    number: str
    word: str
    small: tuple[str, ...]
    status: str

    @property
    def has_mark(self) -> bool:
        """Whether this way of having no level has a mark of its own."""
        return self.status not in (NOT_SHARED, NOT_ASKED, rows.STORY_ONLY)


def written(cell: rows.Cell) -> Written:
    small = [_("core")] if cell.core_only else []
    if cell.was is not None:
        small.append(_("was %(level)s") % {"level": cell.was})
    number = "" if cell.level is None else str(cell.level)
    return Written(cell.css, number, sentences.standing(cell.level, cell.status), tuple(small), cell.status)


def written_lines(group: rows.StateGroup, said: dict) -> list[tuple[rows.Coalition, list[Written]]]:
    """The lines of one state; `said` keeps what was written already."""
    return [
        (line.coalition, [said[cell] if cell in said else said.setdefault(cell, written(cell)) for cell in line.cells])
        for line in group.lines
    ]


def table(chosen: filters.Filters, coalitions, found: list[rows.Row], milestones: Mapping[str, str]) -> dict:
    """One quarter: all milestones as a table, or one milestone as a list."""
    slugs = [chosen.milestone] if chosen.milestone else list(milestones)
    groups = rows.table(coalitions, found, chosen.quarter, slugs)
    there = {line.coalition.id for group in groups for line in group.lines}
    nothing = _("Nothing shared of %(quarter)s") % {"quarter": chosen.quarter.label}
    if chosen.milestone:
        nothing = _("Nothing shared of this milestone in %(quarter)s") % {"quarter": chosen.quarter.label}
    missing = [c for c in coalitions if c.id not in there]
    said: dict[rows.Cell, Written] = {}
    return {
        "groups": [(group, written_lines(group, said)) for group in groups],
        "lists": [(group, one_milestone(group, found, chosen)) for group in groups] if chosen.milestone else [],
        "levels": levels(),
        "columns": [(slug, milestones[slug], chosen.address(milestone=slug)) for slug in slugs],
        "milestone_name": milestones.get(chosen.milestone, ""),
        "moved": any(cell.was is not None for group in groups for line in group.lines for cell in line.cells),
        "not_shown": not_shown((nothing, c) for c in missing),
        "coalitions": [line.coalition for group in groups for line in group.lines] + missing,
    }


def one_milestone(group: rows.StateGroup, found: list[rows.Row], chosen: filters.Filters) -> list[sentences.LevelRow]:
    """The level rows of one milestone in one state: a coalition each, beside the quarter before."""
    named = {(row.coalition, row.quarter): row for row in found if row.slug == chosen.milestone}
    listed = []
    for coalition in (line.coalition for line in group.lines):
        row, earlier = (
            named.get((coalition.id, quarter)) for quarter in (chosen.quarter, rows.quarter_before(chosen.quarter))
        )
        move = rows.move(row, earlier if earlier and earlier.shows_level else None)
        url = reverse("shared_coalition", args=[coalition.state, coalition.slug])
        listed.append(sentences.level_row(coalition.name, row, move, f"{url}?q={chosen.quarter.slug}"))
    return listed


@dataclass(frozen=True)
class Panel:
    """One coalition's line over time: the figure, the sentence under it and the rows of its table."""

    coalition: rows.Coalition
    sentence: str
    points: list[tuple[rows.Point, list[rows.Event]]]
    figure: dict

    @property
    def has_events(self) -> bool:
        return any(events for _point, events in self.points)


def trend(chosen, coalitions, drawn, sharing, found, events, milestones: Mapping[str, str]) -> dict:
    """One milestone over time: a panel a coalition on the same quarters; the rest named."""
    quarters = rows.span(row.quarter for row in found if row.shows_level)
    rest = [c for c in coalitions if c.id in sharing and c not in drawn]
    reasons = [(_("Not drawn, since six fit here. Choose states to see them"), c) for c in rest]
    for coalition in coalitions:
        if coalition.id not in sharing:
            why = _("The level of this milestone is not shared") if coalition.last else _("Nothing shared")
            reasons.append((why, coalition))
    panels = [panel(c, [row for row in found if row.coalition == c.id], quarters, events.get(c.id, [])) for c in drawn]
    points = [point for panel in panels for point, _events in panel.points]
    return {
        "levels": levels(),
        "panels": panels,
        "notes": {
            "core_only": any(point.core_only for point in points),
            "breaks": any(point.new_series for point in points),
            "events": any(panel.has_events for panel in panels),
        },
        "milestone_name": milestones.get(chosen.milestone, ""),
        "not_shown": not_shown(reasons),
        "coalitions": coalitions,
    }


def panel(coalition, found: list[rows.Row], quarters, events) -> Panel:
    points = rows.points(found, quarters)
    open_quarters = {row.quarter for row in found if row.shows_level}
    events = [event for event in events if event.quarter in open_quarters]
    return Panel(
        coalition=coalition,
        sentence=sentences.over_time(points),
        points=[(point, [event for event in events if event.quarter == point.quarter]) for point in points],
        figure=charts.as_json(charts.trend(points, events)),
    )


@dataclass(frozen=True)
class Portrait:
    """One coalition on its state's page: its last shared quarter, its words, and its levels over the quarters."""

    coalition: rows.Coalition
    page: page.CoalitionPage
    level_rows: list[sentences.LevelRow]
    stories: list[tuple[str, str]]
    steps: list[tuple[str, shown.Step]]
    evidence: list[tuple[str, shown.EvidenceItem]]
    quarters: list[Quarter]
    history: list[tuple[str, list[Written]]]
    lines: Figure | None
    picture: Picture | None


def portrait(coalition: rows.Coalition, found: Iterable[rows.Row], records: Mapping, events=()) -> Portrait:
    readable = [row for row in found if row.coalition == coalition.id]
    built = page.build(coalition, coalition.last, readable, records, events=events)
    address = reverse("shared_coalition", args=[coalition.state, coalition.slug])
    told = [(m.name, m.story) for m in built.milestones if m.story]
    with_steps = [*((m.name, m.steps) for m in built.milestones), (_("Beyond the milestones"), built.beyond_steps)]
    return Portrait(
        coalition=coalition,
        page=built,
        level_rows=[
            replace(
                row, url=address + row.url, notes=(*row.notes, *([solid] if (solid := evidence_said(m.row)) else []))
            )
            for m, row in zip([m for m in built.milestones if m.row.shows_level], built.level_rows, strict=True)
        ],
        stories=told,
        steps=[(name, step) for name, steps in with_steps for step in steps][:PORTRAIT_STEPS],
        evidence=[(m.name, item) for m in built.milestones for i in m.indicators for item in i.evidence][
            :PORTRAIT_STEPS
        ],
        lines=with_files(figures_time.of_page(built), f"{address}figures/", f"?q={coalition.last.slug}").get(
            "over_time"
        ),
        picture=figures_time.picture(built),
        quarters=built.over_time.quarters,
        history=[
            (line.name, [written(rows.Cell(p.status, p.level, p.core_only)) for p in line.points])
            for line in built.over_time.lines
        ],
    )


def levels() -> list[tuple[int, str]]:
    """The five levels for the key above a chart."""
    return [(level, sentences.level_word(level)) for level in range(5)]
