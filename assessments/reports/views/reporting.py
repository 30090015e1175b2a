"""How a report is put together for a request, and answered: as a page to print or as a PDF to save."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse

from assessments.reports import page, queries, report
from milestones import answers


def where(path: str) -> report.Addresses:
    """The full addresses that stand in print."""
    return report.Addresses(settings.SITE_URL + path, settings.SITE_URL + reverse("about_reading"))


def has_file(quarter, key) -> str:
    """Stands for the address of a file of evidence: paper says that there is one."""
    return key


def build(coalition, quarter, readable, events, *, inside=False):
    """One coalition's page of a quarter from rows its reader may read, and the revisions it is made from."""
    records = queries.records(pk__in={row.revision for row in readable if row.quarter == quarter})
    shown = page.build(
        coalition,
        quarter,
        readable,
        records,
        events=events.get(coalition.id, []),
        reopened=lambda record: queries.reopened_at(record.assessment, record.number),
        inside=inside,
        file_url=has_file,
    )
    return shown, records


def inside(found, quarter) -> report.Report:
    """The report of the last revision of one quarter, with all that is in it, for the coalition's own people."""
    readable = [row for row in queries.rows_inside(found) if row.quarter <= quarter]
    coalition = queries.as_coalition(found)
    shown, records = build(coalition, quarter, readable, queries.events([found.pk]), inside=True)
    return report.of_quarter(shown, records, where(reverse("print_report", args=[found.slug, quarter.slug])))


def shared(coalition, quarter, readable) -> report.Report:
    """The report of what a coalition shares of one quarter; `readable` is what its reader may read of it."""
    shown, records = build(coalition, quarter, readable, queries.events([coalition.id]))
    address = reverse("shared_coalition", args=[coalition.state, coalition.slug])
    return report.of_quarter(shown, records, where(f"{address}?q={quarter.slug}"))


def state(user, code: str) -> report.Report | None:
    """The report of one state over time: each coalition that shares something; None where none does."""
    coalitions = queries.coalitions(user, state=code)
    sharing = [coalition for coalition in coalitions if coalition.last]
    if not sharing:
        if not coalitions and queries.state_name(code) is None:
            raise Http404
        return None
    readable = queries.shared_rows(user, state=code)
    latest = {(coalition.id, coalition.last) for coalition in sharing}
    records = queries.records(pk__in={row.revision for row in readable if (row.coalition, row.quarter) in latest})
    events = queries.events([coalition.id for coalition in sharing])
    found = []
    for coalition in sharing:
        own = [row for row in readable if row.coalition == coalition.id]
        used = {row.revision: records[row.revision] for row in own if row.quarter == coalition.last}
        if not used:  # withdrawn between two queries
            continue
        shown = page.build(coalition, coalition.last, own, used, events=events.get(coalition.id, []), file_url=has_file)
        found.append(report.InState(shown, used))
    return report.of_state(
        code,
        sharing[0].state_name,
        found,
        not_sharing=[coalition for coalition in coalitions if not coalition.last],
        findings=queries.findings(code),
        where=where(reverse("state", args=[code])),
    )


def as_page(request, found: report.Report, *, pdf_url: str, back: str):
    """The print page of a report."""
    context = {"report": found, "pdf_url": pdf_url, "back": back}
    if found.sample:
        context["sample_data"] = True
    return answers.page(request, "reports/report.html", context)


def as_pdf(found: report.Report) -> HttpResponse:
    """The PDF of a report, to be saved."""
    from assessments.reports.pdf import pdf

    name = f'attachment; filename="{found.file_name}.pdf"'
    return HttpResponse(pdf(found), content_type="application/pdf", headers={"Content-Disposition": name})


def wants_print(request) -> bool:
    """Whether the address asks for the page as a report to print."""
    return request.GET.get("print") == "1"
