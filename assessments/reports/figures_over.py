"""Over time and cards across states as figures. From what the page shows; no database."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import words
from assessments.reports import rows, sentences
from assessments.reports.explorer import Card, Panel
from assessments.reports.figures import Column, levels_by_name
from assessments.reports.figures_across import (
    Across,
    View,
    milestone_columns,
    of_level,
    of_whom,
    said_of_level,
    said_whose,
    whose_columns,
)
from assessments.reports.figures_time import breaks, comparable_part, said_of_ends
from assessments.reports.svg import panels as svg_panels
from assessments.reports.svg import steps, told


def over_time(view: View, panels: Sequence[Panel], notes: dict) -> Across:
    """One milestone over the quarters, a line a coalition."""
    quarters = [point.quarter for point, _events in panels[0].points]
    happened = [
        f"{panel.coalition.name}, {point.quarter.label}: {event.words}"
        for panel in panels for point, events in panel.points for event in events
    ]  # fmt: skip
    said = {"core_only": _("A diamond: the core question only."),
            "breaks": _("Two upright lines: a question changed, so levels on both sides are not compared."),
            "events": _("A triangle: something happened. %(events)s") % {"events": "; ".join(happened)}}  # fmt: skip

    def draw(top):
        named = [(f"Q{quarter.number}", str(quarter.year)) for quarter in quarters]
        drawn = [(line_of(panel), flags_of(panel)) for panel in panels]
        return svg_panels.drawing(drawn, named, _("What happened"), levels_by_name())(top)

    return view.figure(
        name="over-time", topic=_("%(name)s, over time") % {"name": view.milestone},
        title=said_of_lines([[point for point, _events in panel.points] for panel in panels]),
        how=_("Each coalition beside its own past. A step is an agreed level; a gap is a quarter without one."),
        when=quarters[0].label if len(quarters) == 1 else f"{quarters[0].label} – {quarters[-1].label}",
        columns=(
            *whose_columns(), *milestone_columns(), Column("level", _("Level"), said_of_level), Column("level_name"),
            Column("level_status"), Column("level_rule"), Column("comparable_with_previous"),
            evidence_column(), Column("events", _("What happened")),
        ),
        rows=lambda: [row for panel in panels for row in of_panel(view, panel)],
        draw=draw, chart="reports/_trend.html", own_table=False,
        notes=tuple(words for name, words in said.items() if notes[name]),
    )  # fmt: skip


def evidence_column() -> Column:
    return Column("evidence_tag", _("Evidence"), lambda row: words.TAGS.get(row["evidence_tag"], ""))


def of_panel(view: View, panel: Panel) -> list[dict]:
    found, last = [], None
    for point, events in panel.points:
        given = point.level is not None
        compares = "" if not given else "first" if last is None else "no" if breaks(last, point) else "yes"
        found.append(
            of_whom(panel.coalition, point.quarter) | view.of_milestone(view.chosen.milestone)
            | of_level(point.level, point.status, point.core_only)
            | {"comparable_with_previous": compares, "evidence_tag": point.evidence_tag,
               "events": "; ".join(f"{event.on.isoformat()}: {event.words}" for event in events)}
        )  # fmt: skip
        last = point if given else last
    return found


def line_of(panel: Panel) -> steps.Line:
    name = f"{panel.coalition.name}, {panel.coalition.state_name}"
    return steps.Line(
        name,
        tuple(
            steps.Step(
                at, point.level, f"{name}. {point.quarter.label}: {sentences.level_word(point.level)} ({point.level})",
                point.starts, point.core_only, point.new_series,
            )
            for at, (point, _events) in enumerate(panel.points)
            if point.level is not None
        ),
    )  # fmt: skip


def flags_of(panel: Panel) -> list[steps.Flag]:
    return [
        steps.Flag(at, f"{event.on.isoformat()}: {event.words}")
        for at, (_point, events) in enumerate(panel.points)
        for event in events
    ]


def said_of_lines(lines: Sequence[Sequence[rows.Point]]) -> str:
    """How many coalitions stand elsewhere than where their comparable line began; none is named."""
    parts = [part for part in map(comparable_part, lines) if len(part) > 1]
    if not parts:
        return _("No two quarters here compare yet.")
    whose = ngettext(
        "%(count)s coalition beside where its line began",
        "%(count)s coalitions beside where their lines began",
        len(lines),
    ) % {"count": len(lines)}
    return f"{whose}: {said_of_ends([(part[0].level, part[-1].level) for part in parts], len(lines) - len(parts))}."


# Cards


def cards(view: View, found: Sequence[Card]) -> Across:
    """Coalitions in their own words, what they ask for, and their levels; a row for each level that a card shows."""

    def draw(top):
        return told.drawing([("", [entry_of(card) for card in found])])(top)

    return view.figure(
        name="cards", title=said_of_cards(found),
        how=_("A card for each coalition, A to Z by state: its own words and what it asks for come first."),
        columns=(
            *whose_columns(), Column("working_since"), Column("about"), Column("asks"), *milestone_columns()[:2],
            Column("milestone_name", _("Milestone")), Column("focus"),
            Column("level", _("Level"), said_of_level), Column("level_name"), Column("level_status"),
            Column("level_rule"), evidence_column(), Column("n_band"), Column("agreement"),
        ),
        rows=lambda: [row for card in found for row in of_card(view, card)],
        draw=draw, chart="reports/_cards.html",
    )  # fmt: skip


def asks_of(card: Card) -> list[str]:
    return [f"{kind}: {text}" for kind, text in card.asks]


def of_card(view: View, card: Card) -> list[dict]:
    """A row for each level of a card; one that says so where the story alone is shared."""
    whose = of_whom(card.coalition, view.chosen.quarter) | {
        "working_since": card.coalition.working_since,
        "about": card.about,
        "asks": "; ".join(asks_of(card)),
    }
    nothing = view.of_milestone("") | {"focus": None, **of_level(None, rows.STORY_ONLY)}
    nothing |= {"evidence_tag": "", "n_band": rows.NOT_KNOWN, "agreement": rows.NOT_KNOWN}
    return [whose | of_standing(view, standing.row) for standing in card.standings] or [whose | nothing]


def of_standing(view: View, row: rows.Row) -> dict:
    return {
        **view.of_milestone(row.slug), **of_level(row.level, row.status, row.core_only), "focus": int(row.focus),
        "evidence_tag": row.evidence_tag, "n_band": row.n_band, "agreement": row.agreement,
    }  # fmt: skip


def entry_of(card: Card) -> told.Entry:
    focus = [f"{_('Chosen focus:')} {', '.join(card.focus)}"] if card.focus else []
    about = [card.about] if card.about else []
    signs = [
        told.Sign("level" if s.row.level is not None else "status", said_of_sign(s), s.row.level, s.row.status)
        for s in card.standings
    ]
    return told.Entry(
        said_whose({"coalition_name": card.coalition.name, "state_name": card.coalition.state_name}),
        since(card.coalition.working_since), [*about, *focus, *asks_of(card)],
        signs or [told.Sign("status", _("Story only"), None, rows.STORY_ONLY)],
    )  # fmt: skip


def since(year: int | None) -> str:
    return _("working since %(year)s") % {"year": year} if year else ""


def said_of_sign(standing) -> str:
    """One level on a card in words."""
    row = standing.row
    evidence = _("Evidence: %(tag)s") % {"tag": standing.evidence} if standing.evidence else ""
    parts = (said_of_level(of_level(row.level, row.status, row.core_only)), evidence, standing.heard)
    return f"{standing.name}: " + ". ".join(part for part in parts if part)


def said_of_cards(found: Sequence[Card]) -> str:
    asking = sum(bool(card.asks) for card in found)
    text = ngettext(
        "%(count)s coalition in its own words.", "%(count)s coalitions in their own words.", len(found)
    ) % {"count": len(found)}  # fmt: skip
    if not asking:
        return text
    more = ngettext("%(count)s asks for or offers something.", "%(count)s ask for or offer something.", asking)
    return f"{text} {more % {'count': asking}}"
