"""A coalition's own results: what members answered from close on, and what was agreed once it is submitted."""

from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from assessments.reports import closed_quarters, dashboards, drawn, heard_rows, queries, since
from assessments.reports.figures import with_files
from assessments.reports.page import earlier
from assessments.reports.views.coalition import inside_context
from coalitions.access import get_coalition
from coalitions.permissions import Permission
from milestones import answers


def latest(found, *, wide_first=False, compared="") -> dict:
    """The latest quarter with results: `heard` where its answers are closed, `page` where it is submitted.

    Members read the answers from close on, leads at the same moment; levels that are still being talked about are
    in neither. `compared` is the text of the earlier quarter to compare with.
    """
    readable = queries.rows_inside(found)
    closed = closed_quarters.closed(found)
    submitted = max((row.quarter for row in readable), default=None)
    if closed and submitted and closed.quarter < submitted:
        closed = None  # a later quarter was agreed in a meeting alone
    context = {"coalition": found, "levels": dashboards.levels(), "figures": {}, "notices": []}
    if submitted and (closed is None or closed.quarter == submitted):
        chosen, notice = since.read(compared, earlier(readable, submitted))
        context |= inside_context(found, submitted, readable, chosen)
        context["notices"] = [notice] if notice else []
    if closed:
        context["heard"] = heard_rows.build(
            closed,
            context.get("page"),
            url=lambda slug: reverse("results_milestone", args=[found.slug, slug]),
            notes=closed_quarters.notes(closed.assessment),
            wide_first=wide_first,
        )
        context["quarter"] = closed.quarter
        context["figures"] = (
            drawn.of_page(context["page"], context["heard"])
            if "page" in context
            else drawn.of_heard(context["heard"], queries.as_coalition(found))
        )
    elif submitted:
        context["quarter"] = submitted
    return context


@answers.methods("GET")
def results(request, slug):
    """Where the coalition is, what moved, who sees it differently, and every revision, for its own people."""
    found = get_coalition(request.user, slug, to=Permission.READ_RECORD)
    context = asked_context(request, found)
    context["revisions"] = queries.submitted(found)
    return answers.page(request, "reports/results.html", context)


def asked_context(request, found) -> dict:
    """The latest quarter in the order and compared with the quarter that the address names, with its figures' files."""
    wide_first = request.GET.get("order") == "wide"
    context = latest(found, wide_first=wide_first, compared=request.GET.get("since", ""))
    chosen = context["page"].since if "page" in context else None
    asked = {"since": chosen.slug if chosen else "", "order": "wide" if wide_first else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    context["query"] = f"?{query}" if query else ""
    files = reverse("results", args=[found.slug]) + "figures/"
    context["figures"] = with_files(context["figures"], files, context["query"])
    return context


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
