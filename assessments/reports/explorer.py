"""The views across states: rows put together with their words for the templates. No database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from assessments import words
from assessments.quarters import Quarter
from assessments.reports import asks, charts, crossing, filters, rows, sentences
from assessments.reports.dashboards import in_a_row


@dataclass(frozen=True)
class WrittenLine:
    """One coalition's row of the table: its cells are written once for all rows that say the same."""

    name: str
    url: str
    cells: SafeString


@dataclass(frozen=True)
class WrittenGroup:
    """The rows of one state."""

    name: str
    url: str
    lines: list[WrittenLine]


def written_groups(groups: Iterable[crossing.StateGroup], quarter: Quarter) -> list[WrittenGroup]:
    said: dict[crossing.Cell, SafeString] = {}
    return [
        WrittenGroup(
            group.name,
            reverse("state", args=[group.code]),
            [
                WrittenLine(line.coalition.name, address(line.coalition, quarter), in_a_row(line.cells, said))
                for line in group.lines
            ],
        )
        for group in groups
    ]


def table(chosen: filters.Filters, coalitions, found: list[rows.Row], milestones: Mapping[str, str]) -> dict:
    """One quarter: all milestones as a table; or one milestone as a list, or in boxes by level."""
    slugs = [chosen.milestone] if chosen.milestone else list(milestones)
    groups = crossing.table(coalitions, found, chosen.quarter, slugs)
    if not chosen.milestone:
        return {
            "found": groups,
            "groups": written_groups(groups, chosen.quarter),
            "columns": [(slug, milestones[slug], chosen.address(milestone=slug)) for slug in slugs],
        }
    now = [row for row in found if row.quarter == chosen.quarter]
    boxed = crossing.boxes(coalitions, now)
    context = {"found": groups, "may_group": boxed is not None}
    if chosen.group and boxed:
        context["boxes"] = [(level, word(level), [chip(c, row, chosen) for c, row in of]) for level, of in boxed.boxes]
        context["rest"] = [chip(coalition, row, chosen) for coalition, row in boxed.rest]
    else:
        context["lists"] = [(group, one_milestone(group, found, chosen)) for group in groups]
    return context


def word(level: int) -> str:
    return sentences.level_word(level)


@dataclass(frozen=True)
class Chip:
    """One coalition in a box."""

    coalition: rows.Coalition
    url: str
    core_only: bool
    status: str


def chip(coalition: rows.Coalition, row: rows.Row, chosen: filters.Filters) -> Chip:
    return Chip(coalition, address(coalition, chosen.quarter), row.core_only, sentences.standing(row.level, row.status))


def address(coalition: rows.Coalition, quarter: Quarter | None = None) -> str:
    """Where a coalition's shared page is, of one quarter or of its last."""
    url = reverse("shared_coalition", args=[coalition.state, coalition.slug])
    return f"{url}?q={quarter.slug}" if quarter else url


def one_milestone(
    group: crossing.StateGroup, found: list[rows.Row], chosen: filters.Filters
) -> list[sentences.LevelRow]:
    """The level rows of one milestone in one state: a coalition each, beside the quarter before."""
    named = {(row.coalition, row.quarter): row for row in found if row.slug == chosen.milestone}
    listed = []
    for coalition in (line.coalition for line in group.lines):
        row, earlier = (
            named.get((coalition.id, quarter)) for quarter in (chosen.quarter, rows.quarter_before(chosen.quarter))
        )
        move = rows.move(row, earlier if earlier and earlier.shows_level else None)
        listed.append(sentences.level_row(coalition.name, row, move, address(coalition, chosen.quarter)))
    return listed


@dataclass(frozen=True)
class StateLine:
    """One state of the list beside the map."""

    tile: crossing.Tile
    words: str

    @property
    def chip(self) -> dict:
        """What `_level_chip.html` reads, where one level is shown."""
        return {"level": self.tile.level, "name": sentences.level_word(self.tile.level)}


def map_of(chosen: filters.Filters, places, sums: Mapping[str, crossing.Sum]) -> dict:
    """Every state as a tile, in its place, and the states with a coalition as a list, A to Z."""
    if chosen.states:
        sums = {code: of for code, of in sums.items() if code in chosen.states}
    tiles = crossing.tiles(places, sums, shaded=bool(chosen.shade))
    lines = [StateLine(tile, words_of(tile)) for tile in tiles]
    in_place = sorted(lines, key=lambda line: (line.tile.place.row, line.tile.place.column))
    return {"tiles": in_place, "state_list": [line for line in lines if line.tile.kind]}


def words_of(tile: crossing.Tile) -> str:
    """What a tile says; without levels, the most that is shared in the state."""
    if tile.several:
        return _("%(number)s coalitions share their level, each on its own") % {"number": tile.several}
    if tile.shaded and tile.of.with_level:
        return sentences.standing(tile.of.level, tile.of.status)
    return {
        "level": _("Level and story shared"),
        "story": _("Story only"),
        "nothing": _("Nothing shared"),
        "": _("No coalition here"),
    }[tile.kind]


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


def trend(chosen: filters.Filters, drawn, found: list[rows.Row], events: Mapping) -> dict:
    """One milestone over time: a panel a coalition, on the same quarters."""
    quarters = rows.span(row.quarter for row in found if row.shows_level)
    drawn = drawn if quarters else ()  # all was withdrawn between two queries
    panels = [panel(c, [row for row in found if row.coalition == c.id], quarters, events.get(c.id, [])) for c in drawn]
    points = [point for panel in panels for point, _events in panel.points]
    return {
        "panels": panels,
        "notes": {
            "core_only": any(point.core_only for point in points),
            "breaks": any(point.new_series for point in points),
            "events": any(panel.has_events for panel in panels),
        },
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
class Standing:
    """One milestone on a card: its level or why there is none, its evidence, and what members said, where shown."""

    name: str
    row: rows.Row
    said: SafeString = SafeString()

    @property
    def key(self) -> tuple:
        """What its words on a card hang on."""
        row = self.row
        return row.level, row.status, row.core_only, row.evidence_tag, row.n_band, row.agreement

    @property
    def level_name(self) -> str:
        return sentences.level_word(self.row.level)

    @property
    def status_label(self) -> str:
        return str(sentences.STATUSES.get(self.row.status, self.row.status))

    @property
    def evidence(self) -> str:
        return str(words.TAGS.get(self.row.evidence_tag, ""))

    @property
    def heard(self) -> str:
        """How many answered and how close, where one question stands for the milestone and the reader may know."""
        if rows.NOT_KNOWN in (self.row.n_band, self.row.agreement):
            return ""
        close = _("Wide: a good place to talk") if self.row.agreement == "wide" else _("Close")
        return f"{_('%(band)s answers') % {'band': self.row.n_band.replace('-', '–')}}. {close}"


@dataclass(frozen=True)
class Card:
    """One coalition in its own words, with what it asks for, before its levels."""

    coalition: rows.Coalition
    url: str
    focus: list[str]
    asks: list[tuple[str, str]]
    standings: list[Standing]

    @property
    def about(self) -> str:
        """Its own words, as many as a card holds."""
        return Truncator(self.coalition.about).words(40)


def on_card(name: str, row: rows.Row, said: dict) -> Standing:
    """One milestone on a card; `said` keeps what was written already, for all that say the same."""
    standing = Standing(name, row)
    if standing.key not in said:
        said[standing.key] = render_to_string("reports/_standing.html", {"standing": standing})
    return replace(standing, said=said[standing.key])


def cards(chosen: filters.Filters, coalitions, found: Iterable[rows.Row], steps, milestones: Mapping[str, str]) -> dict:
    """A card for each coalition; its asks and offers first, then its levels."""
    here, asks_of, said = {}, {}, {}
    for row in found:
        if row.quarter == chosen.quarter and row.slug in milestones:
            here.setdefault(row.coalition, []).append(row)
    for whose, _slug, step in steps:
        if step["kind"] != "action":
            asks_of.setdefault(whose, []).append(step)
    made = []
    for coalition in coalitions:
        of = sorted(here.get(coalition.id, []), key=lambda row: row.number)
        made.append(
            Card(
                coalition,
                address(coalition, chosen.quarter),
                [milestones[row.slug] for row in of if row.focus],
                [(str(sentences.STEP_KINDS[step["kind"]]), step["text"]) for step in asks_of.get(coalition.id, [])],
                [on_card(milestones[row.slug], row, said) for row in of if row.shows_level],
            )
        )
    return {"cards": made}


@dataclass(frozen=True)
class Said:
    """One thing that is asked for, offered or planned, with a line for each who says it."""

    kind: str
    text: str
    number: int
    by: list[tuple[asks.By, str, str]]  # with the name of the milestone, and the address


def steps_by_kind(listed: Iterable[asks.Asked], names: Mapping[str, str], quarter: Quarter) -> list[tuple[str, list]]:
    """Asks, offers and actions, each kind under its heading."""
    headings = {"ask": _("What coalitions ask for"), "offer": _("What they offer"), "action": _("What they plan")}
    found: dict[str, list[Said]] = {}
    for one in listed:
        by = [
            (who, names.get(who.slug, _("A milestone of its own")), address(who.coalition, quarter)) for who in one.by
        ]
        found.setdefault(one.kind, []).append(Said(one.kind, one.text, one.coalitions, by))
    return [(heading, found[kind]) for kind, heading in headings.items() if kind in found]
