"""Reports at their own addresses: of a coalition's quarter for its own people, and PDFs of what is shared."""

from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import condition

from assessments import access
from assessments.models import WITH_REVISION
from assessments.reports import filters, queries
from assessments.reports.freshness import fingerprint
from assessments.reports.views import reporting
from assessments.reports.views.readers import for_readers
from coalitions.permissions import Permission
from milestones.answers import methods


@methods("GET")
def print_report(request, slug, quarter):
    """The whole record of one quarter, as its last revision has it, as a page to print."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.READ_RECORD, at=WITH_REVISION)
    found = reporting.inside(assessment.coalition, quarter)
    pdf_url = reverse("print_report_pdf", args=[slug, quarter.slug])
    return reporting.as_page(request, found, pdf_url=pdf_url, back=reverse("results", args=[slug]))


@methods("GET")
def print_report_pdf(request, slug, quarter):
    """The same as a PDF."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.READ_RECORD, at=WITH_REVISION)
    return reporting.as_pdf(reporting.inside(assessment.coalition, quarter))


@methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def shared_coalition_pdf(request, state, slug):
    """What one coalition shares of one quarter, as a PDF; 404 where it shares nothing now."""
    coalition = queries.as_coalition(access.get_shared_coalition(request.user, state, slug))
    readable = queries.shared_rows(request.user, coalition=coalition.id)
    if not readable:
        raise Http404
    quarters = sorted({row.quarter for row in readable})
    quarter, _notice = filters.read_quarter(request.GET.get("q", ""), quarters, quarters[-1])
    return reporting.as_pdf(reporting.shared(coalition, quarter, readable))


@methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def state_pdf(request, state):
    """One state over time, as a PDF; 404 where nothing is shared there."""
    found = reporting.state(request.user, state.upper())
    if found is None:
        raise Http404
    return reporting.as_pdf(found)
