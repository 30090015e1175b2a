"""The agenda, the screen of the room, and the sheet on paper."""

from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers

from assessments import access
from assessments.discussing.actions import MEETING_STAGES
from assessments.discussing.meeting import Room, agenda_of
from assessments.models import AFTER_CLOSE, Meeting, RoomSees, Stage
from coalitions.permissions import Permission
from milestones.answers import methods, page
from milestones.bilingual import LANGUAGES


@methods("GET")
def agenda(request, slug, quarter):
    """What to talk about, in the order in which talk is worth most."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RECORD, at=AFTER_CLOSE)
    lines = agenda_of(assessment)
    context = {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "lines": lines,
        "all_close": bool(lines) and all(line.point.quick for line in lines),
        "meeting_only": assessment.room_sees == RoomSees.MEETING_ONLY,
        "may_meet": assessment.stage == Stage.DISCUSSING,
        "room": Room.of(assessment, lines[0].code) if lines else None,
    }
    return page(request, "discussing/agenda.html", context)


@methods("GET")
def meeting_screen(request, slug, quarter, code):
    """What the projector shows: the question and step that the host chose, in both languages.

    A script asks the same address for JSON and follows; whoever opens another question or step is sent to the host's.
    """
    rating = access.get_rating(request.user, slug, quarter, code, to=Permission.READ_RECORD, at=MEETING_STAGES)
    room = Room.of(rating.assessment, code)
    if room.code != code:
        rating = access.get_rating(request.user, slug, quarter, room.code, to=Permission.READ_RECORD)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        response = JsonResponse(room.state(rating))
    elif room.code != code or (not room.collecting and request.GET.get("step", room.step) != room.step):
        response = redirect(room.screen_url)
    else:
        response = page(request, "meeting/screen.html", screen_context(room, rating))
    patch_vary_headers(response, ["Accept"])
    return response


def screen_context(room, rating) -> dict:
    """What one step of one question shows, and no more: while collecting the question, the code and two numbers."""
    assessment = rating.assessment
    context = {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "room": room,
        "state": room.state(rating),
        "indicator": rating.indicator,
        "languages": LANGUAGES,
    }
    if room.collecting:
        return {**context, "join": room.join}
    lines = agenda_of(assessment)
    line = next((line for line in lines if line.code == room.code), None)
    context |= {
        "place": next((n for n, line in enumerate(lines, start=1) if line.code == room.code), None),
        "of": len(lines),
    }
    if room.step == Meeting.Step.READ:
        context["levels"] = levels_of(rating)
    elif room.step == Meeting.Step.TALK:
        context["milestone"] = rating.indicator.milestone
    else:
        context["heard"] = line and line.heard
    if room.step == Meeting.Step.RECORD:
        context |= {"rating": rating, "views": rating.different_views.order_by("pk")}
    return context


def levels_of(rating) -> list[tuple]:
    """Each level of the rubric with the text of this indicator; both read in the language of the moment."""
    texts = {descriptor.value: descriptor for descriptor in rating.indicator.descriptors.all()}
    return [(level, texts.get(level.value)) for level in rating.assessment.rubric.levels.all()]


@methods("GET")
def print_meeting_sheet(request, slug, quarter):
    """A sheet for the meeting, one page in Core: what was heard of each question, what to ask, and space to write."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.READ_RECORD, at=AFTER_CLOSE)
    context = {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "lines": agenda_of(assessment),
        "meeting_only": assessment.room_sees == RoomSees.MEETING_ONLY,
    }
    return page(request, "meeting/sheet.html", context)
