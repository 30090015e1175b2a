"""Next steps: what came of last quarter's, and what the coalition will try now."""

import uuid

from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments import access, guards
from assessments.discussing import actions, step_actions
from assessments.discussing.next_step_forms import NextStepsForm
from assessments.discussing.record_views import local_time
from assessments.discussing.step_actions import NEXT_STEP_STAGES
from assessments.drafting.asked import milestones_of
from assessments.drafting.forms import ask_again
from assessments.models import NextStep
from coalitions.permissions import Permission
from milestones.answers import methods, page, read_form, see_other

NOT_TYPED = ("csrfmiddlewaretoken", "language", "keep", "conflict", "seen")


@methods("GET", "POST")
def next_steps(request, slug, quarter):
    """Look back at last quarter's next steps, then write up to three of this quarter's."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RECORD, at=NEXT_STEP_STAGES)
    form = (
        settled(request, assessment)
        if "keep" in request.POST
        else read_form(request, NextStepsForm, **parts(assessment))
    )
    if form.is_valid():
        try:
            step_actions.save_next_steps(assessment=assessment, by=request.user, **form.sent)
            return see_other(assessment.get_absolute_url())
        except step_actions.Overwritten as conflict:
            return conflict_page(request, assessment, form, conflict)
        except step_actions.TooMany as too_many:
            form.add_error(None, too_many.message)
        except (step_actions.Gone, guards.KeyReused) as gone:
            put_back(form, gone.args[0])
    context = {"assessment": assessment, "coalition": assessment.coalition}
    return page(request, "discussing/next_steps.html", context, form=form)


def parts(assessment) -> dict:
    """What the form of an assessment is made of."""
    return {
        "steps": list(assessment.next_steps.select_related("milestone")),
        "past": step_actions.last_steps(assessment),
        "milestones": milestones_of(assessment),
    }


def settled(request, assessment):
    """The form as the conflict page sent it: with mine over the version that was seen there, or with theirs."""
    form = NextStepsForm(data=request.POST.copy(), **parts(assessment))
    step = form.saved(request.POST.get("conflict"))
    row = form.row_of(request.POST.get("conflict"))
    form.data[f"version-{row}"] = request.POST.get("seen", "")
    if step and request.POST["keep"] == "theirs":
        there = form.values_of(step)
        mine = {part: request.POST.get(f"{part}-{row}", "") for part in there}
        actions.keep_theirs(row=step, mine=mine, by=request.user, assessment=assessment)
        for part, value in there.items():
            form.data[f"{part}-{row}"] = str(value)
    return form


def put_back(form, key):
    """Somebody removed this step meanwhile: what was typed stays, to be sent again as a new one."""
    row = form.row_of(key)
    again = _("Somebody removed step %(number)s while you had this page open. To put it back, send the page again.")
    ask_again(form, again % {"number": row}, **{f"key-{row}": uuid.uuid4(), f"version-{row}": 0})


def conflict_page(request, assessment, form, conflict):
    """409: both versions of one step side by side; everything else that was typed waits, hidden, to be sent too."""
    theirs, mine = conflict.theirs, conflict.mine
    row = form.row_of(theirs.pk)
    last = step_actions.last_save(theirs)
    typed = [(name, request.POST[name]) for name in request.POST if name not in NOT_TYPED]
    context = {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "heading": theirs.text,
        "theirs_name": str(last and last.by or _("Somebody")),
        "theirs_at": local_time(last.at if last else timezone.now(), assessment.coalition),
        "pairs": [
            (form.fields[f"{part}-{row}"].label, in_words(part, getattr(theirs, part)), in_words(part, mine[part]))
            for part in mine
        ],
        "hidden": [*typed, ("conflict", theirs.pk), ("seen", theirs.version)],
        "not_both": True,
    }
    return page(request, "discussing/conflict.html", context, status=409)


def in_words(part, value) -> str:
    """One part of a step as people read it."""
    if part == "kind":
        return NextStep.Kind(value).label
    if part == "status":
        return NextStep.Status(value).label
    if part == "milestone":
        return value.name if value else _("Beyond the milestones")
    return date_format(value) if part == "due_on" else value


@methods("POST")
def next_step_remove(request, slug, quarter, step):
    """Drop one of this quarter's next steps."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RECORD, at=NEXT_STEP_STAGES)
    if not step_actions.remove_next_step(assessment=assessment, key=step, by=request.user):
        raise Http404
    return see_other(assessment.url("next_steps"))
