"""Which milestones move together, as a figure: counts of every two. From what the page shows; no database."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.reports.figures import Column
from assessments.reports.figures_across import Across, Later
from assessments.reports.svg import grid
from assessments.reports.together import Counted, Pair


def together(counted: Counted, milestones: Sequence, *, sample: bool) -> Across:
    """A row for every two milestones: how often the second went up too, of how many times the first did."""
    first, last = min(counted.quarters), max(counted.quarters)
    scope = ngettext("%(count)s coalition", "%(count)s coalitions", counted.coalitions) % {"count": counted.coalitions}

    def draw(top):
        lines = [
            (named(one), [cell(counted.pairs.get((one.slug, other.slug)), one, other) for other in milestones])
            for one in milestones
        ]
        return grid.drawing([named(other) for other in milestones], [grid.Group(_("When this went up"), lines)])(top)

    return Across(
        name="together", topic=_("Which milestones move together"), title=point_of(counted, milestones),
        how=_("Read the table row by row: of all the times the milestone of the row went up, how often did the milestone of the column go up in the same or next quarter?"),  # noqa: E501
        scope=scope, when=f"{first.label} – {last.label}", sample=sample, stem="milestones",
        by=_("what coalitions submitted"),
        columns=(
            Column("first_quarter"), Column("last_quarter"), Column("coalitions"), Column("sample_data"),
            Column("milestone_number"), Column("milestone_slug"), Column("milestone_name", _("When this went up")),
            Column("other_number"), Column("other_slug"), Column("other_name"),
            Column("went_up_too"), Column("occasions"), Column("few_occasions"),
        ),
        rows=Later(lambda: [
            {"first_quarter": str(first), "last_quarter": str(last), "coalitions": counted.coalitions,
             "sample_data": int(sample), **of_pair(counted, one, other)}
            for one in milestones for other in milestones if one != other
        ]),
        draw=draw, chart="evaluate/_together.html", own_table=False,
        notes=(_("Hatched: fewer than 10 occasions. Read nothing into it."),
               _("Moving together does not mean one causes the other.")),
    )  # fmt: skip


def of_pair(counted: Counted, one, other) -> dict:
    pair = counted.pairs[one.slug, other.slug]
    return {
        "milestone_number": one.number, "milestone_slug": one.slug, "milestone_name": one.name,
        "other_number": other.number, "other_slug": other.slug, "other_name": other.name,
        "went_up_too": pair.too, "occasions": pair.of, "few_occasions": int(pair.is_few),
    }  # fmt: skip


def named(milestone) -> str:
    return f"{milestone.number} {milestone.name}"


def cell(pair: Pair | None, one, other) -> grid.Count:
    if pair is None:
        return grid.Count(_("The same milestone"))
    if not pair.of:
        return grid.Count(f"{one.name}, {other.name}: {_('No occasion')}", _("No occasion"), few=True)
    said = _("%(too)s of %(of)s") % {"too": pair.too, "of": pair.of}
    few = f", {_('few occasions')}" if pair.is_few else ""
    return grid.Count(f"{one.name}, {other.name}: {said}{few}", f"{pair.too}/{pair.of}", pair.shade, pair.is_few)


def point_of(counted: Counted, milestones: Sequence) -> str:
    """The first pair in the order of the milestones that has enough occasions, in a sentence."""
    for one in milestones:
        for other in milestones:
            pair = counted.pairs.get((one.slug, other.slug))
            if pair and not pair.is_few:
                parts = {"one": one.name, "other": other.name, "of": pair.of, "too": pair.too}
                return (
                    _("Of %(of)s times %(one)s went up, %(other)s went up in the same or next quarter %(too)s times.")
                    % parts
                )  # noqa: E501
    return _("No two milestones have had 10 occasions yet.")
