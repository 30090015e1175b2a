"""The files themselves: one alone, by session or by a person's own link; all in one package; a coalition's own."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assessments import access
from assessments.reports.exports import filters, select
from assessments.reports.exports.coded import CODED
from assessments.reports.exports.files import FILES
from assessments.reports.exports.log import record_export
from assessments.reports.exports.method import method_md
from assessments.reports.exports.moment import in_one_moment
from assessments.reports.exports.package import Package, Part, file_name
from assessments.reports.exports.stream import stream
from coalitions.access import get_coalition
from coalitions.models import Coalition, ExportToken
from coalitions.permissions import Permission
from milestones.answers import methods, page

CSV = "text/csv; charset=utf-8; header=present"
ZIP = "application/zip"
PACKAGE = "package.zip"


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
def export_file(request, name, *, coalitions):
    """One file, streamed, and logged for every coalition in it; 400 in words where a filter cannot be read."""
    return take(request, name, coalitions, by=request.user)


@login_not_required
@methods("GET")
def export_by_link(request, token, name):
    """The same for whoever holds a person's own link, with the rights this person has now; else one 404 for all."""
    user = ExportToken.objects.user_of(token)
    if user is None or name not in FILES:
        raise Http404
    return take(request, name, scope_by_link(user), by=user)


@login_not_required
@methods("GET")
def export_package_by_link(request, token):
    """The package by the same link."""
    user = ExportToken.objects.user_of(token)
    if user is None:
        raise Http404
    return take_package(request, scope_by_link(user), by=user)


def scope_by_link(user):
    """The coalitions that the person whose link this is may export now; 404 where there is none of that right."""
    try:
        return access.export_scope(user)
    except (PermissionDenied, access.PledgeNeeded):
        raise Http404 from None


@methods("GET")
def own_file(request, slug, name):
    """A coalition's rows of one file for its leads, with all it wrote; logged like any other."""
    coalition = get_coalition(request.user, slug, to=Permission.SHARE)
    return take(request, name, Coalition.objects.filter(pk=coalition.pk), by=request.user, own=True)


def take(request, name, coalitions, *, by, own=False):
    """One file as it was asked for; 404 where there is no such file, 400 where a filter cannot be read."""
    if name not in FILES:
        raise Http404
    asked, unread = asked_for(request, coalitions, own=own)
    if unread:
        return refused(request, unread)
    file = (CODED if asked.coded else FILES)[name]
    taken = select.Asked(file, coalitions, asked, until=timezone.now(), own=own)
    found = taken.found()
    saved_as = file_name(name, sample=has_sample(found), coded=asked.coded)
    if request.method == "HEAD":
        return download([], saved_as)
    record_export(name=f"{name}.csv", filters=asked, coalitions=found, by=by)

    def content():
        inside = taken.found()  # counted again, in the moment that is read: the log may have waited for a submit
        yield from stream(file, taken.lines(inside), expected=revisions_of(inside), excel=asked.excel)

    return download(in_one_moment(content()), saved_as)


def revisions_of(found) -> int:
    return sum(coalition.revisions for coalition in found)


def asked_for(request, coalitions, *, own=False) -> tuple:
    """The filters of an address, and the labels of those that cannot be read."""
    form, unread = filters.read(request.GET, coalitions)
    if "format" in request.GET:  # there is one; whoever asks for another would get rows they cannot read
        unread = [*unread, "format"]
    asked = form.filters()
    if own and asked.coded:
        unread = [*unread, "coded"]
    return asked, unread


def refused(request, unread):
    return page(request, "evaluate/unread_filter.html", {"unread": unread}, status=400)


@methods("GET")
@for_evaluators
def export_package(request, *, coalitions):
    """Every file with schemas, codebook, method, licence note, checksums and manifest, streamed and logged."""
    return take_package(request, coalitions, by=request.user)


def take_package(request, coalitions, *, by):
    """The package as it was asked for; 400 where a filter cannot be read."""
    asked, unread = asked_for(request, coalitions)
    if unread:
        return refused(request, unread)
    made_at = timezone.now()
    files = CODED if asked.coded else FILES
    found = select.coalitions_in(select.revisions(coalitions, asked, until=made_at), coalitions)
    sample = has_sample(found)
    saved_as = file_name("milestones", sample=sample, coded=asked.coded, ending="zip")
    if request.method == "HEAD":
        return download([], saved_as, ZIP)
    record_export(name=PACKAGE, filters=asked, coalitions=found, by=by)

    def parts():
        for file in files.values():
            taken = select.Asked(file, coalitions, asked, until=made_at)
            inside = taken.found()
            yield Part(file, revisions_of(inside), taken.lines(inside))

    def content():
        inside = select.coalitions_in(select.revisions(coalitions, asked, until=made_at), coalitions)
        package = Package(
            parts=parts,
            files=files,
            filters=asked.asked(),
            tongue=asked.lang,
            sample=sample,
            coded=asked.coded,
            whole=not asked.milestone,
            method={tongue: method_md(tongue) for tongue in ("en", "es")},
            made_at=made_at,
            coalitions=len(inside),
            revisions=revisions_of(inside),
        )
        yield from package.stream()

    return download(in_one_moment(content()), saved_as, ZIP)


def has_sample(found) -> bool:
    return any(coalition.sample for coalition in found)


def download(content, name, content_type=CSV) -> StreamingHttpResponse:
    """Something to be saved under a name, never kept by a cache in between."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(content, content_type=content_type, headers=headers)
