"""Open a quarter, change or delete its draft, start the meeting, add one's own questions, set a milestone aside."""

from django.utils.translation import gettext as _

from assessments import access, guards
from assessments.drafting import actions
from assessments.drafting.asked import get_milestone, milestones_of
from assessments.drafting.forms import (
    DraftForm,
    OpenForm,
    OwnIndicatorForm,
    OwnMilestoneForm,
    SetAsideForm,
    ask_again,
    quarters_to_open,
    today_in,
)
from assessments.models import Stage
from coalitions.access import get_coalition
from coalitions.permissions import Permission
from milestones.answers import is_switching_language, methods, page, read_form, see_other
from milestones.models import Milestone, Rubric


@methods("GET", "POST")
def assessment_new(request, slug):
    """Open a quarter: which one, how much is asked, what the room will see, the last day for answers."""
    coalition = get_coalition(request.user, slug, to=Permission.RUN)
    taken = set(coalition.assessments.values_list("quarter_text", flat=True))
    milestones = list(Milestone.objects.filter(rubric=Rubric.objects.current()))
    form = read_form(
        request,
        OpenForm,
        initial=start(request, deference=[row.slug for row in milestones if row.number in actions.DEFERRING]),
        quarters=quarters_to_open(coalition),
        taken=taken,
        today=today_in(coalition),
        milestones=milestones,
    )
    if form.is_valid():
        assessment = actions.open_quarter(coalition=coalition, by=request.user, **form.sent)
        return see_other(assessment.get_absolute_url())
    return page(request, "drafting/assessment_new.html", {"coalition": coalition}, form=form)


def start(request, **there) -> dict:
    """What a form starts from; nothing where it was typed in already, so that a tick taken out stays out."""
    return {} if is_switching_language(request) else there


@methods("GET", "POST")
def assessment_edit(request, slug, quarter):
    """Change a draft: how much is asked, what the room will see, the last day for answers."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RUN, at=(Stage.DRAFT,))
    there = start(
        request,
        mode=assessment.mode,
        focus=list(assessment.focus.values_list("slug", flat=True)),
        room_sees=assessment.room_sees,
        closes_on=assessment.closes_on,
        deference=list(assessment.deference.values_list("slug", flat=True)),
        meets_on=assessment.meets_on,
        version=assessment.version,
    )
    milestones, today = assessment.rubric.milestones.all(), today_in(assessment.coalition)
    form = read_form(request, DraftForm, initial=there, milestones=milestones, today=today)
    if form.is_valid():
        actions.edit_draft(assessment=assessment, by=request.user, **form.sent)
        return see_other(assessment.get_absolute_url())
    return page(request, "drafting/assessment_edit.html", draft_context(assessment), form=form)


def draft_context(assessment) -> dict:
    """What the page of a draft shows beside its form: each milestone, and whether it is set aside."""
    reasons = dict(assessment.set_asides.values_list("milestone__slug", "reason"))
    return {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "milestones": [(milestone, reasons.get(milestone.slug)) for milestone in milestones_of(assessment)],
    }


@methods("POST")
def meeting_only(request, slug, quarter):
    """Start recording what is agreed in a meeting, without ballots; again, and nothing changes."""
    stages = (Stage.DRAFT, Stage.DISCUSSING)
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RUN, at=stages)
    actions.start_meeting(assessment=assessment, by=request.user)
    return see_other(assessment.get_absolute_url())


@methods("POST")
def assessment_delete(request, slug, quarter):
    """Delete a draft."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.DELETE_DRAFT, at=(Stage.DRAFT,))
    actions.delete_draft(assessment=assessment, by=request.user)
    return see_other(assessment.coalition.get_absolute_url())


ADDING = {
    "indicator": (OwnIndicatorForm, actions.add_own_indicator),
    "milestone": (OwnMilestoneForm, actions.add_own_milestone),
}


@methods("GET", "POST")
def own_indicators(request, slug, quarter):
    """The coalition's own questions and milestones: list them, add one (`?add=`), stop asking one."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RUN, at=(Stage.DRAFT,))
    if "stop" in request.POST:
        actions.retire_own_indicator(assessment=assessment, code=request.POST["stop"], by=request.user)
        return see_other(assessment.url("own_indicators"))
    form, add = own_form(request, assessment)
    if form and form.is_valid():
        try:
            add(assessment=assessment, by=request.user, **form.sent)
            return see_other(assessment.url("own_indicators"))
        except guards.KeyReused:
            again = _("This was sent before, or somebody added one meanwhile. To add this one too, send it again.")
            ask_again(form, again, code=actions.next_own_code(assessment.coalition))
    return page(request, "drafting/own_indicators.html", own_context(assessment), form=form)


def own_form(request, assessment):
    """The form that `?add=` names, and the verb that takes it; neither on the list alone."""
    form_class, add = ADDING.get(request.GET.get("add"), (None, None))
    if form_class is None:
        return None, None
    form = read_form(
        request,
        form_class,
        initial={"code": actions.next_own_code(assessment.coalition)},
        milestones=milestones_of(assessment, all_own=True),
        levels=assessment.rubric.levels.all(),
    )
    return form, add


def own_context(assessment) -> dict:
    """The coalition's own milestones and the questions it asks, each with its levels."""
    coalition = assessment.coalition
    names = {level.value: level.name for level in assessment.rubric.levels.all()}
    own = actions.own_questions(coalition).prefetch_related("descriptors")
    return {
        "assessment": assessment,
        "coalition": coalition,
        "own_milestones": Milestone.objects.filter(rubric=coalition.own_rubric_id, slug__startswith="own-"),
        "questions": [(row, [(names[d.value], d.text) for d in row.descriptors.all()]) for row in own],
    }


@methods("GET", "POST")
def set_aside(request, slug, quarter, milestone):
    """Set a milestone aside this quarter, with the reason; or take it up again."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RECORD, at=actions.SETTING_ASIDE)
    milestone = get_milestone(assessment, milestone)
    if "take_up" in request.POST:
        actions.take_up_again(assessment=assessment, milestone=milestone, by=request.user)
        return see_other(assessment.get_absolute_url())
    row = assessment.set_asides.filter(milestone=milestone).first()
    there = row.reason if row else ""
    form = read_form(request, SetAsideForm, initial={"reason": there, "as_read": there})
    if form.is_valid():
        try:
            actions.set_aside(assessment=assessment, milestone=milestone, by=request.user, **form.cleaned_data)
            return see_other(assessment.get_absolute_url())
        except actions.OtherReason as other:
            words = _(
                "Somebody set this aside meanwhile. Their reason: %(reason)s. To put yours in its place, save again."
            )
            ask_again(form, words % {"reason": other}, as_read=str(other))
    context = {"assessment": assessment, "coalition": assessment.coalition, "milestone": milestone, "set_aside": row}
    return page(request, "drafting/set_aside.html", context, form=form)
