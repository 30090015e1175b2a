"""What coalitions share in one state."""

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import condition

from assessments.reports import across, dashboards, queries, rows
from assessments.reports.freshness import fingerprint
from assessments.reports.views import reporting
from assessments.reports.views.readers import for_readers
from milestones.answers import methods, page


@methods("GET")
@for_readers
@condition(etag_func=fingerprint)
def state(request, state):
    """One state: every coalition there that shares something, each on its own, and what the planning year found."""
    code = state.upper()
    printed = reporting.state(request.user, code) if reporting.wants_print(request) else None
    if printed:
        return reporting.as_page(request, printed, pdf_url=reverse("state_pdf", args=[code]), back=request.path)
    there = across.of_state(request.user, code)
    number, number_sharing = across.numbers_of(there)
    of_page = Paginator(range(number), across.IN_A_STATE).get_page(request.GET.get("page"))
    start = max(of_page.start_index() - 1, 0)
    on_page = there[start : start + across.IN_A_STATE] if number else []
    coalitions = [queries.as_coalition(c, c.first, c.last) for c in on_page]
    name = coalitions[0].state_name if coalitions else queries.state_name(code)
    if name is None:
        raise Http404
    sharing = [c for c in coalitions if c.last]
    found = rows.outside(queries.as_rows(across.shared(sharing))) if sharing else []
    latest = {(c.id, c.last) for c in sharing}
    revisions = {row.revision for row in found if (row.coalition, row.quarter) in latest}
    records = queries.records(pk__in=revisions, named=False) if sharing else {}
    events = queries.events([c.id for c in sharing]) if sharing else {}
    said: dict = {}
    portraits = [dashboards.portrait(c, found, records, events.get(c.id, []), said) for c in sharing]
    context = {
        "code": code,
        "name": name,
        "portraits": portraits,
        "number": number_sharing,
        "page": of_page,
        "figures": any(portrait.levels or portrait.lines for portrait in portraits),
        "not_sharing": [c for c in coalitions if not c.last],
        "findings": queries.findings(code),
        "levels": dashboards.levels(),
        **sample(sharing),
    }
    return page(request, "reports/state.html", context)


def sample(coalitions) -> dict:
    """Turns on the banner where one of these coalitions is a sample."""
    return {"sample_data": True} if any(coalition.sample for coalition in coalitions) else {}
