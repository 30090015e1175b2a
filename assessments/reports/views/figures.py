"""The files of figures: the CSV of what a page shows and its drawing as SVG, through the same doors as the page."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import condition

from assessments import access
from assessments.reports import drawn, queries
from assessments.reports.freshness import fingerprint
from assessments.reports.views import crossing, quarters, results, shared
from assessments.reports.views.readers import for_readers
from assessments.reports.views.taking import for_evaluators
from coalitions.access import get_coalition
from coalitions.permissions import Permission
from milestones import answers

TYPES = {"csv": "text/csv; charset=utf-8; header=present", "svg": "image/svg+xml"}


@answers.methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def shared_figure(request, state, slug, figure, kind):
    """One figure of what a coalition shares, as a file."""
    found = access.get_shared_coalition(request.user, state, slug)
    readable = queries.shared_rows(request.user, coalition=found)
    if not readable:
        raise Http404
    context = shared.asked_context(request, queries.as_coalition(found), readable)
    return file_of(context, figure, kind, reverse("shared_coalition", args=[found.state_id, found.slug]))


@answers.methods("GET")
def results_figure(request, slug, figure, kind):
    """One figure of a coalition's own results, as a file for its own people."""
    found = get_coalition(request.user, slug, to=Permission.READ_RECORD)
    context = results.asked_context(request, found)
    return file_of(context, figure, kind, reverse("results", args=[found.slug]))


@answers.methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def states_figure(request, figure, kind):
    """What a page across states shows under its filters, as a file."""
    return file_of(crossing.explore(request), figure, kind, reverse("states"))


@answers.methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def milestone_figure(request, milestone, figure, kind):
    """What the page of one milestone shows under its filters, as a file."""
    return file_of(crossing.explore(request, fixed=milestone), figure, kind, reverse("milestone", args=[milestone]))


@answers.methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def next_steps_figure(request, figure, kind):
    """What the page of next steps shows under its filters, as a file."""
    return file_of(crossing.plan(request), figure, kind, reverse("shared_next_steps"))


@answers.methods("GET")
@for_evaluators
def together_figure(request, figure, kind, *, coalitions):
    """The counts of milestones that move together, as a file."""
    return file_of(quarters.counts(coalitions), figure, kind, reverse("together"))


def file_of(context, name: str, kind: str, page: str) -> HttpResponse:
    """The file of the figure with this name; 404 where the page has no such figure."""
    found = drawn.named(context.get("figures", {}), name)
    if found is None:
        raise Http404
    address = settings.SITE_URL.rstrip("/") + page + context.get("query", "")
    made = found.svg if kind == "svg" else found.csv
    saved = f'attachment; filename="{found.file_name}.{kind}"'
    headers = {"Content-Disposition": saved, "Cache-Control": "no-store"}
    return HttpResponse(made(address, timezone.localdate()), content_type=TYPES[kind], headers=headers)
