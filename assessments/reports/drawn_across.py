"""The figure of a view across states, by what the view shows."""

from assessments.reports import figures_map, figures_over, figures_states
from assessments.reports.figures_across import Across, View


def of_view(view: View, context: dict) -> Across | None:
    """The figure of what a page holds in this context; none where it shows nothing."""
    if "tiles" in context:
        return figures_map.tile_map(view, context["state_list"], context["tiles"])
    if context.get("panels"):
        return figures_over.over_time(view, context["panels"], context["notes"])
    if context.get("cards"):
        return figures_over.cards(view, context["cards"])
    found = context.get("found")
    if not found:
        return None
    if "boxes" in context:
        return figures_states.grouped(view, found)
    if "lists" in context:
        return figures_states.one_list(view, found, [row for _group, of in context["lists"] for row in of])
    return figures_states.table(view, found)
