"""Import a roster: the template, a look at a file, then all of it or none."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalitions import people_csv
from coalitions.access import get_coalition
from coalitions.permissions import Permission
from coalitions.roster_actions import import_people as add_all
from milestones.answers import methods, page, read_form, see_other
from milestones.csv_forms import CsvForm
from milestones.csv_in import Refused, read
from milestones.csv_text import lines
from milestones.csv_words import said

TEMPLATE = "coalitions/import_people.html"


@methods("GET", "POST")
def import_people(request, slug):
    """Send a roster: first it is looked at, then everybody in it becomes a member, or nobody."""
    coalition = get_coalition(request.user, slug, to=Permission.MANAGE_PEOPLE)
    form = read_form(request, CsvForm)
    context = {"coalition": coalition, "most": people_csv.MOST}
    if not form.is_valid():
        return page(request, TEMPLATE, context, form=form)
    content = form.content
    try:
        people = people_csv.people(read(content, people_csv.COLUMNS, most_rows=people_csv.MOST))
        done = add_all(coalition=coalition, people=people, by=request.user, only_try=not form.is_sure)
    except Refused as refused:
        problems = said(refused.problems, people_csv.SENTENCES)
        found = {"problems": problems, "number": len(refused.problems), "form": CsvForm(), "has_errors": True}
        return page(request, TEMPLATE, {**context, **found}, status=422)
    if form.is_sure:
        number = len(done.new)
        words = ngettext("%(number)s person was added.", "%(number)s people were added.", number)
        nobody_new = _("Everybody in this file is here already.")
        messages.success(request, words % {"number": number} if number else nobody_new)
        return see_other(reverse("coalition_people", args=[slug]))
    return page(request, TEMPLATE, {**context, "done": done, "form": form.carried(content)})


@methods("GET")
def people_template(request, slug):
    """The template of a roster: its header."""
    get_coalition(request.user, slug, to=Permission.MANAGE_PEOPLE)
    answer = HttpResponse(lines([people_csv.COLUMNS]), content_type="text/csv; charset=utf-8; header=present")
    answer.headers["Content-Disposition"] = 'attachment; filename="people.csv"'
    return answer
