"""A coalition's own results: what members answered from close on, and what was agreed once it is submitted."""

from django.http import Http404
from django.urls import reverse

from assessments.reports import closed_quarters, dashboards, heard_rows, queries
from assessments.reports.views.coalition import inside_context
from coalitions.access import get_coalition
from coalitions.permissions import Permission
from milestones import answers


def latest(found, *, wide_first=False) -> dict:
    """The latest quarter with results: `heard` where its answers are closed, `page` where it is submitted.

    Members read the answers from close on, leads at the same moment; levels that are still being talked about are
    in neither.
    """
    readable = queries.rows_inside(found)
    closed = closed_quarters.closed(found)
    submitted = max((row.quarter for row in readable), default=None)
    if closed and submitted and closed.quarter < submitted:
        closed = None  # a later quarter was agreed in a meeting alone
    context = {"coalition": found, "levels": dashboards.levels()}
    if submitted and (closed is None or closed.quarter == submitted):
        context |= inside_context(found, submitted, readable)
    if closed:
        context["heard"] = heard_rows.build(
            closed,
            context.get("page"),
            url=lambda slug: reverse("results_milestone", args=[found.slug, slug]),
            notes=closed_quarters.notes(closed.assessment),
            wide_first=wide_first,
        )
        context["quarter"] = closed.quarter
    elif submitted:
        context["quarter"] = submitted
    return context


@answers.methods("GET")
def results(request, slug):
    """Where the coalition is, what moved, who sees it differently, and every revision, for its own people."""
    found = get_coalition(request.user, slug, to=Permission.READ_RECORD)
    context = latest(found, wide_first=request.GET.get("order") == "wide")
    context["revisions"] = queries.submitted(found)
    return answers.page(request, "reports/results.html", context)


@answers.methods("GET")
def results_milestone(request, slug, milestone):
    """One milestone of the latest quarter: each question's answers and ticked notes, and what was agreed."""
    found = get_coalition(request.user, slug, to=Permission.READ_RECORD)
    context = latest(found)
    heard, page = context.get("heard"), context.get("page")
    context["answered"] = heard and heard.milestone(milestone)
    context["agreed"] = next((of for of in page.milestones if of.slug == milestone), None) if page else None
    shown = context["answered"] or context["agreed"]
    names = {} if shown else {**queries.milestone_names(), **queries.own_milestones(found)}
    if not shown and milestone not in names:
        raise Http404
    context["name"] = shown.name if shown else names[milestone]
    return answers.page(request, "reports/results_milestone.html", context)
