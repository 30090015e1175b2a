"""What coalitions share, across states: every milestone or one of them, and what they ask for, offer and plan."""

from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition

from assessments.reports import (
    across,
    asks,
    choosing,
    dashboards,
    drawn_across,
    explorer,
    figures_asks,
    filters,
    queries,
    rows,
)
from assessments.reports.figures import with_files
from assessments.reports.figures_across import View
from assessments.reports.freshness import fingerprint
from assessments.reports.kept import kept
from assessments.reports.views.readers import for_readers
from milestones.answers import methods, page


@methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def states(request):
    """Every coalition that shares something, under its state, A to Z: table, map, lines over time, or cards."""
    return page(request, "reports/states.html", explore(request))


@methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def milestone(request, milestone):
    """One milestone across states, in the same four views."""
    return page(request, "reports/milestone.html", explore(request, fixed=milestone))


@methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def milestones(request):
    """The milestones, each a way to its page across states."""
    return page(request, "reports/milestones.html", {"milestones": across.milestones()})


def explore(request, fixed: str = "") -> dict:
    """One view of what is shared; `fixed` is the slug of the milestone whose page it is, 404 where there is none."""
    known = across.milestones()
    if fixed and fixed not in known:
        raise Http404
    names = {slug: of.name for slug, of in known.items()}
    places, quarters, lasts = counted(request)
    chosen = filters.read(
        request.GET, quarters=quarters, lasts=lasts, milestones=list(names), states=codes(places), fixed=fixed
    )
    context = {"milestones": known, "milestone": known.get(fixed), "milestone_slug": fixed, **sample(places)}
    if chosen.quarter is None:
        return {**context, "filters": chosen, "is_empty": True}
    slugs = [chosen.milestone] if chosen.milestone else list(names)
    asked = across.conditions(chosen, slugs)
    chosen, of_page, found = one_page(request, chosen, places, asked)
    draw = {filters.TABLE: table, filters.MAP: tiles, filters.TREND: trend, filters.CARDS: cards}[chosen.view]
    fitting = [one.coalition for one in found if not one.unmet]
    drawn = draw(request, chosen, fitting, names, places, asked)
    if chosen.group and "boxes" not in drawn:
        chosen = replace(chosen, group="", notices=(*chosen.notices, too_few_to_group()))
    undrawn = [(drawn_later(), coalition) for coalition in drawn.pop("undrawn", ())]
    context |= {
        **of_page,
        **drawn,
        "filters": chosen,
        "choices": choosing.form(chosen, quarters, names, places, may_group=drawn.get("may_group", False)),
        "tabs": choosing.tabs(chosen),
        "chips": choosing.chips(chosen, names, places),
        "milestone_name": names.get(chosen.milestone, ""),
        "all_url": "" if fixed else chosen.address(milestone="", group=""),
        "previous_quarter": rows.quarter_before(chosen.quarter),
        "levels": dashboards.levels(),
        "not_shown": choosing.not_shown(undrawn + left_out(chosen, found)),
    }
    address = reverse("milestone", args=[fixed]) if fixed else reverse("states")
    figure = drawn_across.of_view(view_of(context, names, fixed or "states"), context)
    return {**context, **with_address(figure, address, chosen)}


def view_of(context, names, stem: str) -> View:
    """What the figure of a page has in common with the page."""
    chosen = context["filters"]
    earlier = rows.quarter_before(chosen.quarter)
    return View(
        chosen, names, context["not_shown"], context["chips"], context["page"], bool(context.get("sample_data")), stem,
        earlier.label if earlier else "",
    )  # fmt: skip


def with_address(figure, address: str, chosen) -> dict:
    """A page's figure, its files under the page's own address and query."""
    found = {figure.name: figure} if figure else {}
    return {"figures": with_files(found, f"{address}figures/", chosen.link), "query": chosen.link}


def left_out(chosen, found) -> list:
    """The coalitions of this page that are not in the view, each with the reason."""
    return [(choosing.why_not(chosen, one.unmet), one.coalition) for one in found if one.unmet]


def too_few_to_group() -> str:
    return _("To put coalitions together by level, five must share this milestone here. This is the list.")


def drawn_later() -> str:
    return _("Not drawn, since six fit here. Choose states to see them")


def counted(request) -> tuple:
    """Every state with how many coalitions are there; every quarter of which something is shared; each one's last."""
    return kept(
        request, ("places and quarters",), lambda: (across.places(request.user), *across.quarters(request.user))
    )


def codes(places) -> list[str]:
    return [place.code for place in places if place.coalitions]


def sample(places) -> dict:
    """Turns on the banner where one of these places has a sample coalition."""
    return {"sample_data": True} if any(place.sample for place in places) else {}


def one_page(request, chosen, places, asked):
    """The choice with the page that was asked for, or the nearest; what the template says of pages; its coalitions."""
    total = sum(place.coalitions for place in places if not chosen.states or place.code in chosen.states)
    of_page = Paginator(range(total), across.A_PAGE).get_page(request.GET.get("page"))
    chosen = replace(chosen, page=of_page.number)
    start = max(of_page.start_index() - 1, 0)
    return chosen, {"page": of_page}, across.coalitions(request.user, chosen, places, asked, start)


def table(request, chosen, coalitions, names, places, asked) -> dict:
    return explorer.table(chosen, coalitions, across.quarter_rows(chosen, coalitions), names)


def tiles(request, chosen, coalitions, names, places, asked) -> dict:
    slugs = [chosen.milestone] if chosen.milestone else list(names)
    sums = kept(request, ("sums", *slugs, chosen.link), lambda: across.sums(request.user, chosen, slugs, asked))
    return explorer.map_of(chosen, places, sums)


def trend(request, chosen, coalitions, names, places, asked) -> dict:
    drawn, later = coalitions[: rows.MOST_PANELS], coalitions[rows.MOST_PANELS :]
    events = queries.events([coalition.id for coalition in drawn])
    return {**explorer.trend(chosen, drawn, across.lines(chosen, drawn), events), "undrawn": later}


def cards(request, chosen, coalitions, names, places, asked) -> dict:
    found = across.quarter_rows(chosen, coalitions)
    return explorer.cards(chosen, coalitions, found, across.steps(chosen, coalitions), names)


@methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def shared_next_steps(request):
    """What coalitions ask for, offer and plan, where they share it; the same words stand once."""
    return page(request, "reports/next_steps.html", plan(request))


def plan(request) -> dict:
    """The next steps that are shared, put together by their words."""
    names = {slug: of.name for slug, of in across.milestones().items()}
    names[rows.BEYOND] = _("Beyond the milestones")
    places, quarters, lasts = counted(request)
    chosen = filters.read(
        request.GET, quarters=quarters, lasts=lasts, milestones=list(names), states=codes(places),
        views=(filters.TABLE,),
    )  # fmt: skip
    chosen = replace(chosen, group="", mode="", focus="", years="", shared="", since=None)  # they are not of this page
    context = {"filters": chosen, **sample(places)}
    if chosen.quarter is None:
        return {**context, "is_empty": True}
    chosen, of_page, found = one_page(request, chosen, places, across.planning(chosen))
    coalitions = [one.coalition for one in found if not one.unmet]
    listed = asks.together(across.steps(chosen, coalitions), coalitions)
    context |= {
        **of_page,
        "filters": chosen,
        "choices": choosing.steps_form(chosen, quarters, names, places),
        "chips": choosing.chips(chosen, names, places),
        "parts": explorer.steps_by_kind(listed, names, chosen.quarter),
        "not_shown": choosing.not_shown(left_out(chosen, found)),
    }
    view = view_of(context, names, "milestones")
    figure = figures_asks.next_steps(view, context["parts"]) if context["parts"] else None
    return {**context, **with_address(figure, reverse("shared_next_steps"), chosen)}
