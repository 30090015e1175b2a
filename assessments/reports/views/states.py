"""What coalitions share, across states and in one state."""

from django.http import Http404
from django.views.decorators.http import condition

from assessments.reports import dashboards, filters, queries, rows
from assessments.reports.freshness import fingerprint
from assessments.reports.views.readers import for_readers
from milestones.answers import methods, page


@methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def states(request):
    """Every coalition that shares something, under its state, A to Z: a table, or lines over time."""
    coalitions = queries.coalitions(request.user)
    milestones = queries.milestone_names()
    quarters = rows.span(quarter for c in coalitions for quarter in (c.first, c.last) if quarter)
    chosen = filters.read(
        request.GET,
        quarters=quarters,
        milestones=list(milestones),
        states=list(dict.fromkeys(c.state for c in coalitions)),
        lasts=[c.last for c in coalitions if c.last],
    )
    draw = trend if chosen.view == filters.TREND else table
    found = {} if chosen.quarter is None else draw(request.user, chosen, coalitions, milestones)
    context = {
        "filters": chosen,
        "choices": dashboards.choices(chosen, coalitions, quarters, milestones),
        "table_url": chosen.address(
            view=filters.TABLE, milestone=chosen.milestone if chosen.view == filters.TABLE else ""
        ),
        "trend_url": chosen.address(view=filters.TREND, quarter=None),
        "all_url": chosen.address(milestone=""),
        "previous_quarter": chosen.quarter and rows.quarter_before(chosen.quarter),
        "is_empty": chosen.quarter is None,
        **sample(found.get("coalitions", ())),
        **found,
    }
    return page(request, "reports/states.html", context)


def table(user, chosen, coalitions, milestones) -> dict:
    """One quarter: a row for each coalition that shares something of it, and who is not shown."""
    of = {"state__in": chosen.states} if chosen.states else {}
    found = queries.shared_rows(
        user, quarter_text__in=[str(chosen.quarter), str(rows.quarter_before(chosen.quarter))], own=False, **of
    )
    asked = [c for c in coalitions if not chosen.states or c.state in chosen.states]
    return dashboards.table(chosen, asked, found, milestones)


def trend(user, chosen, coalitions, milestones) -> dict:
    """One milestone over all quarters: a panel for each coalition that shares its level, six at most."""
    sharing = queries.sharing_coalitions(user, chosen.milestone, chosen.states)
    asked = [c for c in coalitions if not chosen.states or c.state in chosen.states]
    drawn = [c for c in asked if c.id in sharing][: rows.MOST_PANELS]
    ids = [c.id for c in drawn]
    found = queries.shared_rows(user, slug=chosen.milestone, coalition__in=ids)
    return dashboards.trend(chosen, asked, drawn, sharing, found, queries.events(ids), milestones)


@methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def state(request, state):
    """One state: every coalition there that shares something, each on its own, and what the planning year found."""
    code = state.upper()
    coalitions = queries.coalitions(request.user, state=code)
    name = coalitions[0].state_name if coalitions else queries.state_name(code)
    if name is None:
        raise Http404
    sharing = [c for c in coalitions if c.last]
    found = queries.shared_rows(request.user, state=code) if sharing else []
    latest = {(c.id, c.last) for c in sharing}
    records = queries.records(pk__in={row.revision for row in found if (row.coalition, row.quarter) in latest})
    events = queries.events([c.id for c in sharing])
    portraits = [dashboards.portrait(c, found, records, events.get(c.id, [])) for c in sharing]
    context = {
        "code": code,
        "name": name,
        "portraits": portraits,
        "figures": any(portrait.lines for portrait in portraits),
        "not_sharing": [c for c in coalitions if not c.last],
        "findings": queries.findings(code),
        "levels": dashboards.levels(),
        **sample(sharing),
    }
    return page(request, "reports/state.html", context)


def sample(coalitions) -> dict:
    """Turns on the banner where one of these coalitions is a sample."""
    return {"sample_data": True} if any(coalition.sample for coalition in coalitions) else {}
