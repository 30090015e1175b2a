"""Whose turn it is: where each kind of person lands, a coalition's page, and the quarter's task list."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils import timezone

from assessments import access, tasks
from assessments.drafting.asked import asked_indicators, milestones_of
from assessments.models import WITH_REVISION, Stage
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
    running = next((a for a in quarters if a.stage != Stage.SUBMITTED), None)
    for assessment in quarters:
        assessment.coalition = there
    today = Quarter.of(timezone.localdate(timezone=there.zone))
    context = {
        "coalition": there,
        "quarters": quarters,
        "running": running,
        "this_quarter": today,
        "may_open": can(request.user, Permission.RUN, there),
        "may_see_tasks": can(request.user, Permission.SEE_TASKS, there),
        "may_read_record": can(request.user, Permission.READ_RECORD, there),
        "may_edit": can(request.user, Permission.EDIT_COALITION, there),
        "progress": tasks.confirmed_of(submitting.would_be(running)[0]) if running and running.is_recording else None,
        "asked": running.agreed_ratings.select_related("indicator").in_order()
        if running and running.is_recording
        else (),
    }
    return page(request, "home/coalition.html", context)


@methods("GET")
def assessment(request, slug, quarter):
    """The task list of a quarter."""
    there = access.get_assessment(request.user, slug, quarter, to=Permission.SEE_TASKS)
    body, _previous = submitting.would_be(there)
    context = {
        "assessment": there,
        "coalition": there.coalition,
        "body": body,
        "groups": tasks.groups(body),
        "done": tasks.confirmed_of(body),
        "asked": asked_indicators(there).count() if there.stage == Stage.DRAFT else None,
        "milestones": milestones_of(there),
        "set_asides": {row.milestone.slug: row.reason for row in there.set_asides.select_related("milestone")},
        "beyond_status": tasks.written(body["beyond"]),
        "steps_status": tasks.COMPLETED if body["next_steps"] else tasks.NOT_STARTED,
        "revisions": there.revisions.order_by("number") if there.stage in WITH_REVISION else (),
        "may_record": can(request.user, Permission.RECORD, there.coalition),
        "may_delete": can(request.user, Permission.DELETE_DRAFT, there.coalition),
        "may_reopen": can(request.user, Permission.REOPEN, there.coalition),
    }
    return page(request, "home/tasks.html", context)
