"""The evaluators' pages: what can be taken away, the files themselves, and the codebook."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from assessments import access
from assessments.reports.exports import filters, select
from assessments.reports.exports.codebook import codebook_csv, codebook_page
from assessments.reports.exports.files import FILES
from assessments.reports.exports.log import record_export
from assessments.reports.exports.stream import stream
from assessments.reports.exports.text import MARK
from milestones.answers import methods, page
from milestones.bilingual import language

CSV = "text/csv; charset=utf-8; header=present"


def for_evaluators(view):
    """Hand the view the coalitions in the evaluator's scope: 403 to others, and first the pledge."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        try:
            coalitions = access.export_scope(request.user)
        except access.PledgeNeeded:
            return redirect("pledge")
        return view(request, *args, coalitions=coalitions, **kwargs)

    return asked


@methods("GET")
@for_evaluators
def export(request, *, coalitions):
    """The files, what the filters choose, and how to read a file."""
    form, unread = filters.read(request.GET, coalitions)
    asked = form.filters()
    found = select.coalitions_in(select.revisions(coalitions, asked))
    context = {
        "form": form,
        "unread": unread,
        "is_filtered": bool(asked.asked()),
        "coalitions": len(found),
        "revisions": sum(coalition.revisions for coalition in found),
        "files": files_to_take(asked, found),
    }
    if any(coalition.sample for coalition in found):
        context["sample_data"] = True
    return page(request, "evaluate/export.html", context)


def files_to_take(asked, found) -> list[dict]:
    """The files as the page lists them, in the reader's language, with the filters in their addresses."""
    tongue = language()
    return [
        {
            "name": file_name(file, found),
            "about": file.about.said(tongue),
            "row_is": file.row_is.said(tongue),
            "columns": len(file.columns),
            "url": f"{reverse('export_file', args=[file.name])}?{asked.query(tongue)}",
            "excel_url": f"{reverse('export_file', args=[file.name])}?{asked.query(tongue, excel=True)}",
        }
        for file in FILES.values()
    ]


def file_name(file, found) -> str:
    """The name a file is saved under; one with sample data says so."""
    return f"sample-{file.name}.csv" if any(coalition.sample for coalition in found) else f"{file.name}.csv"


@methods("GET")
@for_evaluators
def export_file(request, name, *, coalitions):
    """One file, streamed, and logged for every coalition in it; 400 in words where a filter cannot be read."""
    file = FILES.get(name)
    if file is None:
        raise Http404
    form, unread = filters.read(request.GET, coalitions)
    if "format" in request.GET:  # there is one; whoever asks for another would get rows they cannot read
        unread = [*unread, "format"]
    if unread:
        return page(request, "evaluate/unread_filter.html", {"unread": unread}, status=400)
    asked = form.filters()
    chosen = select.revisions(coalitions, asked, of_releases=file.of_releases)
    found = select.coalitions_in(chosen)
    if request.method == "HEAD":
        return csv_answer([], file_name(file, found))
    record_export(file=file, filters=asked, coalitions=found, by=request.user)
    expected = sum(coalition.revisions for coalition in found)
    submitted = select.submitted(chosen, asked.milestone)
    content = stream(file, submitted, expected=expected, tongue=asked.lang, excel=asked.excel)
    return csv_answer(content, file_name(file, found))


def csv_answer(content, name) -> StreamingHttpResponse:
    """CSV to be saved under a name, never kept by a cache in between."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(content, content_type=CSV, headers=headers)


@login_not_required
@methods("GET")
def codebook(request):
    """Every column of every file in words; open to everybody."""
    return page(request, "evaluate/codebook.html", {"files": codebook_page(language())})


@login_not_required
@methods("GET")
def codebook_file(request):
    """The codebook as a file, in both languages; open to everybody."""
    mark = MARK if request.GET.get("excel") == "1" else ""
    return csv_answer([(mark + codebook_csv()).encode()], "codebook.csv")
