"""The evaluators' pages: what can be taken away, the codebook, a person's own link; and a coalition's own files."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import reverse

from assessments.reports.exports import filters, select
from assessments.reports.exports.codebook import codebook_csv, codebook_md, codebook_page
from assessments.reports.exports.coded import CODED
from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import Filters
from assessments.reports.exports.package import file_name
from assessments.reports.exports.text import MARK
from assessments.reports.forms import LinkForm
from assessments.reports.views.taking import download, for_evaluators, has_sample
from coalitions import actions
from coalitions.access import get_coalition
from coalitions.models import Coalition, ExportToken
from coalitions.permissions import Permission
from milestones.answers import methods, page, read_form, see_other
from milestones.bilingual import LANGUAGES, language

MARKDOWN = "text/markdown; charset=utf-8"


@methods("GET")
@for_evaluators
def export(request, *, coalitions):
    """The files, what the filters choose, the person's own link, and how to read a file."""
    return export_page(request, coalitions)


def export_page(request, coalitions, sent=None):
    """The page, with the form for a link as it was sent, if it was."""
    form, unread = filters.read(request.GET, coalitions)
    asked = form.filters()
    found = select.coalitions_in(select.revisions(coalitions, asked), coalitions)
    link = ExportToken.objects.of(request.user)
    context = {
        "filters": form,
        "unread": unread,
        "is_filtered": bool(asked.asked()) or asked.coded,
        "coalitions": len(found),
        "revisions": sum(coalition.revisions for coalition in found),
        "files": files_to_take(asked, found, link=link),
        "package": {
            "name": file_name("milestones", sample=has_sample(found), coded=asked.coded, ending="zip"),
            "url": f"{reverse('export_package')}?{asked.query(language())}",
            "link": linked(link, "export_package_by_link", asked.query(language())) if link else "",
        },
        "link": link,
        "making": LinkForm(),
    }
    if has_sample(found):
        context["sample_data"] = True
    return page(request, "evaluate/export.html", context, form=sent)


def files_to_take(asked, found, *, link=None, address="export_file", of=()) -> list[dict]:
    """The files as a page lists them, in the reader's language, with the filters in their addresses."""
    tongue = language()
    return [
        {
            "name": file_name(file.name, sample=has_sample(found), coded=asked.coded),
            "about": file.about.said(tongue),
            "row_is": file.row_is.said(tongue),
            "columns": len(file.columns),
            "url": f"{reverse(address, args=[*of, file.name])}?{asked.query(tongue)}",
            "excel_url": f"{reverse(address, args=[*of, file.name])}?{asked.query(tongue, excel=True)}",
            "link": linked(link, "export_by_link", asked.query(tongue), file.name) if link else "",
        }
        for file in (CODED if asked.coded else FILES).values()
    ]


def linked(link: ExportToken, route: str, query: str, *name: str) -> str:
    """The whole address of a file or package under a person's own link; empty where it cannot be shown any more."""
    token = link.token
    return f"{settings.SITE_URL}{reverse(route, args=[token, *name])}?{query}" if token else ""


@methods("POST")
@for_evaluators
def export_token(request, *, coalitions):
    """Make the person's own link, in place of the one before."""
    form = read_form(request, LinkForm)
    if form.is_valid():
        actions.make_export_token(key=form.cleaned_data["key"], by=request.user)
        return see_other(f"{reverse('export')}#link")
    return export_page(request, coalitions, form)


@methods("POST")
@for_evaluators
def export_token_revoke(request, link, *, coalitions):
    """End the person's own link; that of another is not there."""
    if not actions.revoke_export_token(key=link, by=request.user):
        raise Http404
    return see_other(f"{reverse('export')}#link")


@methods("GET")
def own_files(request, slug):
    """What a coalition's leads can take of their own."""
    coalition = get_coalition(request.user, slug, to=Permission.SHARE)
    alone = Coalition.objects.filter(pk=coalition.pk)
    found = select.coalitions_in(select.revisions(alone, Filters()), alone)
    files = files_to_take(Filters(), found, address="own_file", of=[slug])
    context = {"coalition": coalition, "files": files, "revisions": sum(of.revisions for of in found)}
    if coalition.sample:
        context["sample_data"] = True
    return page(request, "evaluate/own_files.html", context)


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
    return download([(mark + codebook_csv(described(request))).encode()], "codebook.csv")


@login_not_required
@methods("GET")
def codebook_markdown(request):
    """The codebook as text, in the language of the address or of the reader; open to everybody."""
    tongue = request.GET.get("lang")
    tongue = tongue if tongue in LANGUAGES else language()
    return download([codebook_md(tongue, described(request)).encode()], f"codebook.{tongue}.md", MARKDOWN)


def described(request):
    """The files that a codebook is asked for: those with names, or the coded ones."""
    return CODED if request.GET.get("coded") == "1" else FILES
