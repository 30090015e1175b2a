"""Next steps over the quarters and what came of them, as a figure. From a page's rows; no database."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.quarters import Quarter
from assessments.reports import rows, shown
from assessments.reports.figures import Column, Figure, milestone_columns
from assessments.reports.next_steps import Planned
from assessments.reports.page import CoalitionPage
from assessments.reports.svg import lanes


def of_page(page: CoalitionPage) -> dict[str, Figure]:
    """The figure of next steps; none where no step may be read."""
    return {"next_steps": next_steps(page)} if page.planned else {}


def next_steps(page: CoalitionPage) -> Figure:
    names = names_of(page)
    quarters = rows.span(one.quarter for one in page.planned)
    drawn = lanes_of(page.planned, names, quarters)
    key = [(status, str(shown.STATUSES[status])) for status in lanes.GLYPHS]
    return Figure(
        name="next-steps",
        topic=_("Next steps, and what came of them"),
        title=said_of_steps([one.step for one in page.planned]),
        how=_("A row for each milestone. Each mark is one next step, in the quarter that planned it."),
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
        ),
        rows=[row_of(one, names) for one in page.planned],
        draw=lanes.drawing(drawn, [(f"Q{quarter.number}", str(quarter.year)) for quarter in quarters], key),
        chart="reports/figures/next_steps.html",
        data={
            "quarters": quarters,
            "lanes": table_of(page.planned, names, quarters),
            "key": key,
        },
        inside=page.inside,
    )


def names_of(page: CoalitionPage) -> dict[str, str]:
    """The name of each milestone that a step belongs to, as far as this page knows it."""
    known = {line.slug: line.name for line in page.over_time.lines} | {m.slug: m.name for m in page.milestones}
    named = {one.slug: known.get(one.slug) or page.names.get(one.slug, one.slug) for one in page.planned}
    return named | {rows.BEYOND: _("Beyond the milestones")}


def lanes_of(planned: Sequence[Planned], names, quarters: Sequence[Quarter]) -> list[lanes.Lane]:
    found: dict[str, list[lanes.Glyph]] = {}
    for one in planned:
        glyph = lanes.Glyph(quarters.index(one.quarter), one.step.status, said_of(one.step))
        found.setdefault(one.slug, []).append(glyph)
    return [lanes.Lane(names[slug], tuple(glyphs)) for slug, glyphs in found.items()]


def table_of(planned: Sequence[Planned], names, quarters: Sequence[Quarter]) -> list[tuple[str, list[list[Planned]]]]:
    """The same lanes as a table: of each milestone the steps of each quarter."""
    slugs = dict.fromkeys(one.slug for one in planned)
    return [
        (names[slug], [[one for one in planned if one.slug == slug and one.quarter == q] for q in quarters])
        for slug in slugs
    ]


def said_of(step: shown.Step) -> str:
    return f"{step.kind}: {step.text} ({step.status_label})"


def row_of(one: Planned, names) -> dict:
    return {
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
