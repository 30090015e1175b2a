"""What coalitions ask for, offer and plan, across states, as a figure. From what the page shows; no database."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.reports import rows, sentences
from assessments.reports.asks import By
from assessments.reports.explorer import Said
from assessments.reports.figures import Column
from assessments.reports.figures_across import Across, View, milestone_columns, of_whom, whose_columns
from assessments.reports.svg import lanes, told


def next_steps(view: View, parts: Sequence[tuple[str, Sequence[Said]]]) -> Across:
    """Asks, offers and actions, each under its heading; a row for each coalition that says it."""

    def draw(top):
        return told.drawing([(heading, [entry_of(said) for said in listed]) for heading, listed in parts])(top)

    return view.figure(
        name="next-steps", topic=_("Next steps of %(quarter)s") % {"quarter": view.chosen.quarter.label},
        title=said_of_steps([said for _heading, listed in parts for said in listed]),
        how=_("Next steps that coalitions share, in their own words. What several say in the same words stands once."),
        columns=(
            Column("kind", _("What it is"), lambda row: row["kind_label"]),
            Column("step_text", _("Next step")),
            Column("coalitions"),
            *whose_columns(), *milestone_columns()[:2],
            Column("milestone_name", _("Milestone")),
            Column("owner_role", _("Who, by role")),
            Column("due_on", _("By"), lambda row: row["due"]),
        ),
        rows=lambda: [row_of(view, said, *by) for _heading, listed in parts for said in listed for by in said.by],
        draw=draw, chart="reports/_asks.html",
    )  # fmt: skip


def row_of(view: View, said: Said, who: By, milestone: str, _url: str) -> dict:
    return {
        "kind": said.kind,
        "kind_label": str(sentences.STEP_KINDS[said.kind]),
        "step_text": said.text,
        "coalitions": said.number,
        **of_whom(who.coalition, view.chosen.quarter),
        **view.of_milestone("" if who.slug == rows.BEYOND else who.slug),
        "milestone_name": milestone,
        "owner_role": who.role,
        "due_on": who.due_on.isoformat(),
        "due": date_format(who.due_on, "DATE_FORMAT"),
    }


def entry_of(said: Said) -> told.Entry:
    """One thing and who says it, a mark each."""
    signs = [told.Sign("step", said_by(who, milestone), None, lanes.PLANNED) for who, milestone, _url in said.by]
    number = ngettext("%(number)s coalition", "%(number)s coalitions", said.number) % {"number": said.number}
    return told.Entry(said.text, number if said.number > 1 else "", (), signs)


def said_by(who: By, milestone: str) -> str:
    due = _("by %(day)s") % {"day": date_format(who.due_on, "DATE_FORMAT")}
    return f"{who.coalition.name}, {who.coalition.state_name} · {milestone} · {who.role} · {due}"


def said_of_steps(found: Sequence[Said]) -> str:
    """How many things are asked for, offered and planned, and by how many coalitions."""
    asks, offers, actions = (sum(said.kind == kind for said in found) for kind in ("ask", "offer", "action"))
    whose = len({who.coalition.id for said in found for who, _milestone, _url in said.by})
    parts = [
        (asks, ngettext("%(count)s thing is asked for", "%(count)s things are asked for", asks)),
        (offers, ngettext("%(count)s is offered", "%(count)s are offered", offers)),
        (actions, ngettext("%(count)s is planned", "%(count)s are planned", actions)),
    ]
    said = ", ".join(text % {"count": count} for count, text in parts if count)
    by = ngettext("by %(count)s coalition", "by %(count)s coalitions", whose) % {"count": whose}
    return f"{said[:1].upper()}{said[1:]}: {by}."
