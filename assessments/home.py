"""Whose turn it is: where each kind of person lands, a coalition's page, and the quarter's task list."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from assessments import access, tasks
from assessments.collecting import ballots
from assessments.collecting.roster import NOT_INVITED, roster, to_be_invited
from assessments.collecting.wording import count_words, last_day, minutes
from assessments.drafting.asked import asked_indicators
from assessments.drafting.forms import today_in
from assessments.models import WITH_REVISION, Assessment, RoomSees, Stage
from assessments.quarters import Quarter
from assessments.submitting import actions as submitting
from coalitions.access import get_coalition
from coalitions.permissions import Permission, can
from coalitions.signin import landing
from milestones.answers import methods, page


@login_not_required
@methods("GET")
def home(request):
    """The front page; whoever is signed in goes where their work is."""
    if not request.user.is_authenticated:
        return page(request, "home/front.html")
    return redirect(landing(request.user))


@methods("GET")
def coalition(request, slug):
    """A coalition's page: what is happening, what is next, and the quarters so far."""
    there = get_coalition(request.user, slug, to=Permission.READ_COALITION)
    quarters = list(there.assessments.order_by("-quarter_text"))
    for assessment in quarters:
        assessment.coalition = there
    running = running_of(quarters)
    recording = running is not None and running.is_recording
    people = roster(running) if running and running.stage == Stage.COLLECTING else None
    context = {
        "coalition": there,
        "quarters": quarters,
        "running": running,
        "this_quarter": Quarter.of(today_in(there)),
        "may_open": can(request.user, Permission.RUN, there),
        "may_rate": can(request.user, Permission.RATE, there),
        "may_see_tasks": can(request.user, Permission.SEE_TASKS, there),
        "may_read_record": can(request.user, Permission.READ_RECORD, there),
        "may_import": can(request.user, Permission.IMPORT, there),
        "may_edit": can(request.user, Permission.EDIT_COALITION, there),
        "progress": tasks.confirmed_of(submitting.would_be(running)[0]) if recording else None,
        "asked": running.agreed_ratings.select_related("indicator").in_order() if recording else (),
        "collecting": collecting_of(running, people) if people is not None else None,
        "may_type": any(row.helps and row.is_here and row.user == request.user for row in people or ()),
    }
    return page(request, "home/coalition.html", context)


def running_of(quarters) -> Assessment | None:
    """The quarter that a coalition's page opens with: one that takes answers, else the latest that is under way."""
    under_way = [row for row in quarters if row.stage != Stage.SUBMITTED]
    return next((row for row in under_way if row.stage == Stage.COLLECTING), under_way[0] if under_way else None)


def collecting_of(assessment, people) -> dict:
    """What may be seen of a quarter while answers come in: two numbers, and until when. `people` is its roster."""
    return {
        "count_words": count_words(ballots.counted(assessment)),
        "is_open": ballots.is_open(assessment),
        "last_day": last_day(assessment),
        "minutes": minutes(assessment),
        "invite_first": any(row.is_here and row.state == NOT_INVITED for row in people),
    }


@methods("GET")
def assessment(request, slug, quarter):
    """The task list of a quarter."""
    there = access.get_assessment(request.user, slug, quarter, to=Permission.SEE_TASKS)
    body, _previous = submitting.would_be(there)
    done = tasks.confirmed_of(body)
    context = {
        "assessment": there,
        "coalition": there.coalition,
        "body": body,
        "groups": tasks.groups(body),
        "done": done,
        "meet_status": tasks.part(*done),
        "draft": draft_of(there) if there.stage == Stage.DRAFT else None,
        "collecting": collecting_tasks(there) if there.stage == Stage.COLLECTING else None,
        "beyond_status": tasks.written(body["beyond"]),
        "steps_status": tasks.COMPLETED if body["next_steps"] else tasks.NOT_STARTED,
        "revisions": there.revisions.order_by("number") if there.stage in WITH_REVISION else (),
        "may_record": can(request.user, Permission.RECORD, there.coalition),
        "may_invite": can(request.user, Permission.MANAGE_PEOPLE, there.coalition),
        "may_delete": can(request.user, Permission.DELETE_DRAFT, there.coalition),
        "may_reopen": can(request.user, Permission.REOPEN, there.coalition),
    }
    return page(request, "home/tasks.html", context)


def draft_of(assessment) -> dict:
    """What was chosen for a quarter that is not open for answers yet, and whether its last day is over already."""
    closes_on = assessment.closes_on
    return {
        "asked": asked_indicators(assessment).count(),
        "last_day": last_day(assessment),
        "is_over": closes_on is not None and closes_on < today_in(assessment.coalition),
        "compares": assessment.room_sees == RoomSees.COMPARE_VOICES,
        "deference": assessment.deference.order_by("number"),
        "invited": to_be_invited(assessment),
    }


def collecting_tasks(assessment) -> dict:
    """What the task list shows while answers come in."""
    people = roster(assessment)
    here = [row for row in people if row.is_here]
    invited = sum(row.is_invited for row in here)
    ratings = assessment.agreed_ratings.select_related("indicator").in_order()
    indicators = [(rating.indicator.code, rating.indicator.title) for rating in ratings]
    return {
        **collecting_of(assessment, people),
        "people": len(here),
        "invited": invited,
        "invite_status": tasks.part(invited, len(here)),
        "later": [
            _("Meet"),
            _("Record what we agree"),
            _("Beyond the milestones"),
            _("Check and submit"),
            _("Share with funders"),
        ],
        "indicators": indicators,
        "first": indicators[0][0],
    }
