"""The host's phone: it drives the screen of the room, and records what was agreed."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect

from assessments import access
from assessments.discussing import actions, agenda
from assessments.discussing.meeting import Room, agenda_of, steps_of
from assessments.discussing.meeting_forms import MoveForm
from assessments.discussing.record_views import conflict_again, conflict_page, record_context, record_form, save
from assessments.models import RECORDING, Meeting
from coalitions.permissions import Permission
from milestones.answers import is_switching_language, methods, page, see_other


@methods("GET", "POST")
def meeting_host(request, slug, quarter, code):
    """Where the meeting is, and what moves it: next, back, another question; at *Record* the form of what we agree."""
    rating = access.get_rating(request.user, slug, quarter, code, to=Permission.RECORD, at=actions.MEETING_STAGES)
    if request.method == "POST" and (request.POST.keys() & {"keep", "seen"} or request.POST.get("act") == "save"):
        return record(request, rating)
    if request.method == "POST" and not is_switching_language(request):
        return move(request, rating)
    room = Room.of(rating.assessment, code)
    if request.method == "GET" and room.code != code:
        return redirect(room.host_url)
    return host_page(request, rating, room)


def move(request, rating):
    """Take the screen to the next or the last step, to another question, or into one's own hands."""
    assessment, code = rating.assessment, rating.indicator.code
    form = MoveForm(request.POST)
    if not form.is_valid():
        return host_page(request, rating, Room.of(assessment, code), status=422)
    act, step = form.cleaned_data["act"], form.cleaned_data["step"]
    place = (code, step)
    if act in ("next", "back"):
        codes = [line.code for line in agenda_of(assessment)]
        place = agenda.beside(codes, steps_of(assessment), place, 1 if act == "next" else -1)
    try:
        meeting = actions.host_meeting(
            assessment=assessment, code=place[0], step=place[1], version=form.cleaned_data["version"],
            by=request.user, take_over=act == "take_over",
        )  # fmt: skip
    except (actions.HostedByAnother, actions.MovedOn) as refused:
        room = Room.of(assessment, code)
        there = access.get_rating(request.user, assessment.coalition.slug, assessment.quarter, room.code,
                                  to=Permission.RECORD)  # fmt: skip
        return host_page(request, there, room, said=refused.message, status=409)
    return see_other(assessment.url("meeting_host", meeting.code) + "#steps")


def record(request, rating):
    """Save what was agreed, as a finished page; the room reads it on the screen."""
    access.get_assessment(
        request.user, rating.assessment.coalition.slug, rating.assessment.quarter, to=Permission.RECORD, at=RECORDING
    )
    if is_switching_language(request) and "seen" in request.POST:
        return conflict_again(request, rating)
    form = record_form(request, rating)
    if form.is_bound and form.is_valid():
        try:
            save(request, rating, form, confirm=True)
            return see_other(rating.assessment.url("meeting_host", rating.indicator.code) + "#steps")
        except actions.Overwritten as conflict:
            return conflict_page(request, rating, conflict.theirs, conflict.mine)
        except ValidationError as lacking:
            form.add_error(None, lacking)
    return host_page(request, rating, Room.of(rating.assessment, rating.indicator.code), form=form)


def host_page(request, rating, room, *, form=None, said="", status=None):
    """The page of the phone. `said` is why what was asked for was not done."""
    assessment = rating.assessment
    context = {"assessment": assessment, "coalition": assessment.coalition, "indicator": rating.indicator}
    context |= {"room": room, "said": said, "state": room.state(rating)}
    if room.collecting:
        return page(request, "meeting/host.html", context, status=status)
    lines, steps = agenda_of(assessment), steps_of(assessment)
    here = (room.code, room.step)
    context |= {
        "lines": lines,
        "line": next((line for line in lines if line.code == rating.indicator.code), None),
        "steps": [(step.value, step.label) for step in Meeting.Step if step in steps],
        "another": room.meeting and room.meeting.host_id != request.user.pk and room.meeting.host,
        "is_first": here == agenda.beside([line.code for line in lines], steps, here, -1),
        "is_last": here == agenda.beside([line.code for line in lines], steps, here, 1),
        "recording": form is not None or room.step == Meeting.Step.RECORD,
    }
    if context["recording"]:
        form = form or record_form(request, rating)
        context |= record_context(request, rating, form)
    return page(request, "meeting/host.html", context, form=form, status=status)
