"""Next steps over the quarters and what came of them, as a figure. From a page's rows; no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.levels import NOT_ASKED, NOT_SHARED
from assessments.quarters import Quarter
from assessments.reports import rows, sentences, shown
from assessments.reports.figures import Column, Figure, level_columns, milestone_columns, status_in_files
from assessments.reports.next_steps import Planned
from assessments.reports.page import CoalitionPage, OverTime
from assessments.reports.svg import lanes, steps


def of_page(page: CoalitionPage) -> dict[str, Figure]:
    """The figure of next steps; none where no step may be read."""
    return {"next_steps": next_steps(page)} if page.planned else {}


def next_steps(page: CoalitionPage) -> Figure:
    names = names_of(page)
    quarters = rows.span(one.quarter for one in page.planned)
    levels = levels_of(page, quarters)
    drawn = lanes_of(page.planned, names, quarters, levels)
    key = [(status, str(shown.STATUSES[status])) for status in lanes.GLYPHS]
    return Figure(
        name="next-steps",
        topic=_("Next steps, and what came of them"),
        title=said_of_steps([one.step for one in page.planned]),
        how=how(levels),
        coalition=page.coalition,
        when=quarters[0].label if len(quarters) == 1 else f"{quarters[0].label} – {quarters[-1].label}",
        columns=(
            Column("quarter", _("Planned in"), lambda row: row["planned"]),
            *milestone_columns(),
            Column("kind", _("What it is"), lambda row: row["kind_label"]),
            Column("step_text", _("Next step")),
            Column("owner_role", _("Who, by role")),
            Column("due_on", _("By"), lambda row: row["due"]),
            Column("step_status", _("Where it stands"), lambda row: row["status_label"]),
            Column("what_happened", _("What came of it")),
            Column("looked_back_in", _("Looked back in"), lambda row: row["looked_back"]),
            *level_columns(_("Level then")),
        ),
        rows=[row_of(one, names, page.over_time) for one in page.planned],
        draw=lanes.drawing(drawn, [(f"Q{quarter.number}", str(quarter.year)) for quarter in quarters], key),
        chart="reports/figures/next_steps.html",
        data={
            "quarters": quarters,
            "lanes": table_of(page.planned, names, quarters, levels),
            "key": key,
        },
        inside=page.inside,
    )


def names_of(page: CoalitionPage) -> dict[str, str]:
    """The name of each milestone that a step belongs to, as far as this page knows it."""
    known = {line.slug: line.name for line in page.over_time.lines} | {m.slug: m.name for m in page.milestones}
    named = {one.slug: known.get(one.slug) or page.names.get(one.slug, one.slug) for one in page.planned}
    return named | {rows.BEYOND: _("Beyond the milestones")}


def levels_of(page: CoalitionPage, quarters: Sequence[Quarter]) -> dict[str, tuple[steps.Step, ...]]:
    """The level of each milestone in these quarters, as far as it may be read: the thin line behind its steps."""
    return {
        line.slug: tuple(
            steps.Step(quarters.index(point.quarter), point.level, "", point.starts)
            for point in line.points
            if point.level is not None and point.quarter in quarters
        )
        for line in page.over_time.lines
    }


def how(levels: Mapping) -> str:
    found = _("A row for each milestone. Each mark is one next step, in the quarter that planned it.")
    if any(levels.values()):
        found += " " + _("The thin line under them is the level of the milestone.")
    return found


def lanes_of(planned: Sequence[Planned], names, quarters: Sequence[Quarter], levels: Mapping) -> list[lanes.Lane]:
    found: dict[str, list[lanes.Glyph]] = {}
    for one in planned:
        glyph = lanes.Glyph(quarters.index(one.quarter), one.step.status, said_of(one.step))
        found.setdefault(one.slug, []).append(glyph)
    return [lanes.Lane(names[slug], tuple(glyphs), levels.get(slug, ())) for slug, glyphs in found.items()]


@dataclass(frozen=True)
class Cell:
    """One quarter of a lane on the page: its steps, and its piece of the line, on a square of 100."""

    steps: list[Planned]
    path: str


def table_of(planned: Sequence[Planned], names, quarters: Sequence[Quarter], levels: Mapping) -> list:
    """The same lanes as a table: of each milestone the steps of each quarter, with the level behind them."""
    return [
        (
            names[slug],
            [
                Cell([one for one in planned if one.slug == slug and one.quarter == quarter], path)
                for quarter, path in zip(quarters, pieces(levels.get(slug, ()), len(quarters)), strict=True)
            ],
        )
        for slug in dict.fromkeys(one.slug for one in planned)
    ]


def pieces(levels: Sequence[steps.Step], count: int) -> list[str]:
    """The line of levels cut into its quarters: along the whole of one, from the height of the one before it.

    >>> pieces([steps.Step(0, 1, "", True), steps.Step(1, 2, ""), steps.Step(3, 2, "", True)], 4)
    ['M0 70H100', 'M0 70V50H100', '', 'M0 50H100']
    """
    found, last = [""] * count, None
    for step in levels:
        y = 90 - 20 * step.level
        joined = last is not None and not step.starts and last.at == step.at - 1
        found[step.at] = f"M0 {90 - 20 * last.level}V{y}H100" if joined else f"M0 {y}H100"
        last = step
    return found


def said_of(step: shown.Step) -> str:
    return f"{step.kind}: {step.text} ({step.status_label})"


def level_then(one: Planned, time: OverTime) -> dict:
    """The level of a step's milestone in the quarter that it is drawn in, as far as it may be read."""
    points = (point for line in time.lines if line.slug == one.slug for point in line.points)
    point = next((point for point in points if point.quarter == one.quarter), None)
    level, status = (point.level, point.status) if point else (None, NOT_SHARED)
    if one.slug == rows.BEYOND:
        status = NOT_ASKED
    return {"level": level, "level_name": sentences.level_word(level), "level_status": status_in_files(status)}


def row_of(one: Planned, names, time: OverTime) -> dict:
    return level_then(one, time) | {
        "id": one.place,
        "quarter": str(one.planned or ""),
        "planned": one.planned.label if one.planned else _("An earlier quarter"),
        "milestone_number": one.number,
        "milestone_slug": "" if one.slug == rows.BEYOND else one.slug,
        "milestone_name": names[one.slug],
        "kind": one.step.kind_code,
        "kind_label": one.step.kind,
        "step_text": one.step.text,
        "owner_role": one.step.role,
        "due_on": one.step.due_on.isoformat(),
        "due": date_format(one.step.due_on, "DATE_FORMAT"),
        "step_status": one.step.status,
        "status_label": one.step.status_label,
        "what_happened": one.step.what_happened,
        "looked_back_in": str(one.looked_back or ""),
        "looked_back": one.looked_back.label if one.looked_back else "",
    }


def said_of_steps(steps: Sequence[shown.Step]) -> str:
    """How many next steps there are, and how many of them are done, under way and stopped."""
    said = [ngettext("%(count)s next step.", "%(count)s next steps.", len(steps)) % {"count": len(steps)}]
    counts = {status: sum(step.status == status for step in steps) for status in lanes.GLYPHS}
    parts = [
        (counts[lanes.DONE], ngettext("%(count)s is done", "%(count)s are done", counts[lanes.DONE])),
        (counts[lanes.DOING], ngettext("%(count)s is under way", "%(count)s are under way", counts[lanes.DOING])),
        (counts[lanes.PLANNED], ngettext("%(count)s is planned", "%(count)s are planned", counts[lanes.PLANNED])),
        (counts[lanes.STOPPED], ngettext("%(count)s was stopped", "%(count)s were stopped", counts[lanes.STOPPED])),
    ]
    return " ".join([*said, ", ".join(text % {"count": count} for count, text in parts if count) + "."])
