"""Import past quarters: the template, one's own quarters in the same form, a look at a file, then all of it or none."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from assessments.importing import actions, facts, past
from assessments.importing.parse import past_quarters
from assessments.importing.words import SENTENCES
from coalitions.access import get_coalition
from coalitions.permissions import Permission, can
from milestones.answers import methods, page, read_form, see_other
from milestones.csv_forms import CsvForm
from milestones.csv_in import Refused, read
from milestones.csv_text import lines
from milestones.csv_words import said

TEMPLATE = "importing/import.html"


@methods("GET", "POST")
def import_quarters(request, slug):
    """Send a file of past quarters: first it is looked at, then it is imported, all of it or nothing."""
    coalition = get_coalition(request.user, slug, to=Permission.IMPORT)
    form = read_form(request, CsvForm)
    context = {"coalition": coalition, "may_take": can(request.user, Permission.RECORD, coalition)}
    if not form.is_valid():
        return page(request, TEMPLATE, context, form=form)
    content = form.content
    try:
        quarters = past_quarters(read(content, past.COLUMNS), facts.known(coalition))
        done = actions.import_quarters(
            coalition=coalition, quarters=quarters, by=request.user, only_try=not form.is_sure
        )
    except Refused as refused:
        return not_imported(request, context, refused)
    if form.is_sure:
        named = ", ".join(quarter_label(quarter) for quarter in done.new)
        nothing_new = _("Everything in this file is here already. Nothing was changed.")
        messages.success(request, _("Imported: %(quarters)s") % {"quarters": named} if named else nothing_new)
        return see_other(coalition.get_absolute_url())
    return page(request, TEMPLATE, {**context, "done": done, "form": form.carried(content)})


def quarter_label(quarter: past.Past) -> str:
    """A quarter as people write it."""
    return f"{quarter.quarter[:4]} {quarter.quarter[4:]}"


def not_imported(request, context, refused: Refused):
    """What is to change, by row and column; 409 where all that is wrong is that a quarter is here already."""
    status = 409 if isinstance(refused, actions.Taken) else 422
    found = {"problems": said(refused.problems, SENTENCES), "number": len(refused.problems), "form": CsvForm()}
    return page(request, TEMPLATE, {**context, **found, "has_errors": True}, status=status)


@methods("GET")
def import_template(request, slug):
    """The template: a row for each question of the current version, to be filled in."""
    get_coalition(request.user, slug, to=Permission.IMPORT)
    return as_file("past-quarters.csv", facts.template_rows())


@methods("GET")
def own_quarters(request, slug):
    """The coalition's own quarters in the form in which past quarters are imported."""
    coalition = get_coalition(request.user, slug, to=Permission.RECORD)
    sample = "sample-" if coalition.sample else ""
    return as_file(f"{sample}{coalition.slug}-quarters.csv", facts.own_rows(coalition))


def as_file(name: str, rows) -> HttpResponse:
    """Rows as a CSV to save."""
    answer = HttpResponse(lines([past.COLUMNS, *rows]), content_type="text/csv; charset=utf-8; header=present")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
