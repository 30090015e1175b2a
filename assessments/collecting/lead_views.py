"""A lead runs collecting: invite, the code of the room, helpers, a later last day, close. Only counts are shown."""

from django.conf import settings
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import access, guards
from assessments.collecting import actions, ballots, qr
from assessments.collecting import close as closing
from assessments.collecting.forms import AgainForm, DeadlineForm, HelperForm, PeopleForm
from assessments.collecting.roster import NOT_INVITED, roster
from assessments.collecting.wording import count_words, last_day
from assessments.models import Stage
from coalitions.models import INSIDE
from coalitions.permissions import Permission, can
from milestones.answers import methods, page, read_form, see_other


@methods("POST")
def collecting_open(request, slug, quarter):
    """Open a draft for answers: what is asked is fixed, and everybody on the list gets an invitation."""
    stages = (Stage.DRAFT, Stage.COLLECTING)
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RUN, at=stages)
    actions.open_collecting(assessment=assessment, by=request.user)
    return see_other(assessment.get_absolute_url())


@methods("GET", "POST")
def invite(request, slug, quarter):
    """Who is on the list and invited, never who answered; add people, or invite the whole list."""
    assessment = get_asking(request, slug, quarter)
    if "everybody" in request.POST:
        return invited(request, assessment, actions.invite(assessment=assessment, everybody=True, by=request.user))
    form = read_form(request, PeopleForm)
    if form.is_valid():
        try:
            number = actions.invite(assessment=assessment, people_to_add=form.sent, by=request.user)
            return invited(request, assessment, number)
        except actions.NotInvited as refused:
            form.refuse(refused.reasons)
    return invite_page(request, assessment, form)


def get_asking(request, slug, quarter, to=Permission.MANAGE_PEOPLE):
    """An assessment while people may be asked to answer."""
    return access.get_assessment(request.user, slug, quarter, to=to, at=actions.ASKING)


def invited(request, assessment, number: int):
    """Back to the list, with how many were invited."""
    words = ngettext("%(number)s person is invited now.", "%(number)s people are invited now.", number)
    messages.info(request, words % {"number": number} if number else _("Everybody was invited already."))
    return see_other(assessment.url("invite"))


def invite_page(request, assessment, form=None, *, moving=None):
    """The list with its forms; `form` or `moving` is the one that was sent."""
    counted, people = ballots.counted(assessment), roster(assessment)
    context = {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "people": people,
        "somebody_is_not_invited": any(row.state == NOT_INVITED for row in people),
        "all_are_invited": all(row.is_invited for row in people),
        "is_collecting": assessment.stage == Stage.COLLECTING,
        "counted": counted,
        "count_words": count_words(counted),
        "last_day": last_day(assessment),
        "may_run": can(request.user, Permission.RUN, assessment.coalition),
        "adding": form if isinstance(form, PeopleForm) else PeopleForm(),
        "moving": moving or DeadlineForm(),
        "form_id": "deadline-form" if moving else "page-form",
    }
    return page(request, "collecting/invite.html", context, form=moving or form)


def get_invitation(assessment, key):
    return get_object_or_404(assessment.invitations.select_related("user"), pk=key)


@methods("POST")
def invite_resend(request, slug, quarter, invitation):
    """Send somebody a new link; the one before is dead."""
    assessment = get_asking(request, slug, quarter)
    invitation = get_invitation(assessment, invitation)
    invitation.assessment = assessment
    form = read_form(request, AgainForm)
    if form.is_valid():
        as_read = form.cleaned_data["as_read"]
        actions.resend(invitation=invitation, as_read=as_read, by=request.user)
        return see_other(assessment.url("invite"))
    return invite_page(request, assessment, form)


@methods("POST")
def invite_revoke(request, slug, quarter, invitation):
    """Take an invitation back."""
    assessment = get_asking(request, slug, quarter)
    invitation = get_invitation(assessment, invitation)
    invitation.assessment = assessment
    actions.revoke(invitation=invitation, by=request.user)
    return see_other(assessment.url("invite"))


@methods("GET")
def progress(request, slug, quarter):
    """How many were asked and how many answered: two numbers, for the screen of the room to ask again and again."""
    stages = (Stage.COLLECTING,)
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.READ_COALITION, at=stages)
    counted = ballots.counted(assessment)
    words = count_words(counted)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        response = JsonResponse({"answered": counted.answered, "of": counted.of, "words": words})
    else:
        context = {
            "assessment": assessment,
            "coalition": assessment.coalition,
            "counted": counted,
            "count_words": words,
        }
        response = page(request, "collecting/progress.html", context)
    response["Vary"] = "Accept"
    return response


@methods("POST")
def helper(request, slug, quarter):
    """Name a member who types paper ballots, or thank them."""
    assessment = get_asking(request, slug, quarter, to=Permission.RUN)
    form = read_form(request, HelperForm)
    if not form.is_valid():
        return invite_page(request, assessment, form)
    people = assessment.coalition.memberships.filter(role__in=INSIDE)
    person = get_object_or_404(people.select_related("user"), pk=form.cleaned_data["person"]).user
    act = actions.name_helper if form.cleaned_data["act"] == "name" else actions.thank_helper
    act(assessment=assessment, user=person, by=request.user)
    return see_other(assessment.url("invite"))


@methods("GET", "POST")
def join_code(request, slug, quarter):
    """The code of the room with its address and QR code, to show or print; a new one, and the old one is dead."""
    stages = (Stage.COLLECTING,)
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RUN, at=stages)
    if request.method == "POST":
        as_read = request.POST.get("as_read") or None
        actions.make_join_code(assessment=assessment, as_read=as_read, by=request.user)
        return see_other(assessment.url("join_code"))
    address = settings.SITE_URL + reverse("join", args=[assessment.join_code])
    d, size = qr.path(address)
    context = {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "code": assessment.join_code,
        "address": address,
        "d": d,
        "size": size,
        "last_day": last_day(assessment),
    }
    return page(request, "collecting/join_code.html", context)


@methods("POST")
def deadline(request, slug, quarter):
    """Keep answers open until a later day."""
    stages = (Stage.COLLECTING,)
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RUN, at=stages)
    form = read_form(request, DeadlineForm)
    if form.is_valid():
        try:
            actions.move_deadline(assessment=assessment, by=request.user, **form.cleaned_data)
            return see_other(assessment.url("invite"))
        except actions.NotLater as refused:
            form.add_error("closes_on", refused.message)
    return invite_page(request, assessment, moving=form)


@methods("GET", "POST")
def close(request, slug, quarter):
    """Close answers, after a page that says what that does; whoever comes second is told that it is done."""
    stages = (Stage.COLLECTING, Stage.DISCUSSING) if request.method == "POST" else (Stage.COLLECTING,)
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RUN, at=stages)
    if not assessment.has_ballots:
        guards.check_stage(assessment, Stage.COLLECTING)
    if request.method == "POST":
        if assessment.stage == Stage.DISCUSSING:
            messages.info(request, _("Answers are closed already."))
        closing.close(assessment=assessment, by=request.user)
        return see_other(assessment.url("agenda"))
    counted = ballots.counted(assessment)
    context = {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "count_words": count_words(counted),
        "few": counted.answered < settings.MIN_WHOLE,
        "is_open": ballots.is_open(assessment),
        "last_day": last_day(assessment),
    }
    return page(request, "collecting/close.html", context)
