"""Check, submit, done, reopen."""

from django.utils.translation import gettext_lazy as _

from assessments import access
from assessments.models import RECORDING, WITH_REVISION, Stage, Standing
from assessments.submitting import actions, checks
from assessments.submitting.forms import ReopenForm, SubmitForm
from coalitions.permissions import Permission
from milestones.answers import methods, page, read_form, see_other

SENTENCES = {
    checks.UNCONFIRMED: _("Not confirmed. Open it and choose Save and continue."),
    checks.GAP: _("Nothing is agreed here yet."),
    checks.DIFFERS: _("Another level than the answers suggest, and no reason."),
    checks.JUMP: _("It moved two levels or more, and there is no evidence."),
    checks.NOT_YET_SHOWN: _("Strong or Lasting, and no evidence yet."),
}


@methods("GET", "POST")
def check(request, slug, quarter):
    """What is still open before the record is submitted; a POST submits it as the revision the page named."""
    stages = RECORDING if request.method == "GET" or request.method == "HEAD" else (*RECORDING, Stage.SUBMITTED)
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RUN, at=stages)
    form = read_form(request, SubmitForm, initial={"number": assessment.revisions.count() + 1})
    if form.is_bound and form.is_valid():
        try:
            actions.submit(assessment=assessment, by=request.user, **form.cleaned_data)
            return see_other(assessment.url("done"))
        except actions.StillOpen as still:
            form.say_what_is_open(still.points)
    body, previous = actions.would_be(assessment)
    points = [(point, SENTENCES[point.kind]) for point in checks.open_points(body, previous)]
    context = {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "body": body,
        "blocking": [(p, words) for p, words in points if p.blocks],
        "warnings": [(p, words) for p, words in points if not p.blocks],
    }
    return page(request, "submitting/check.html", context, form=form, status=422 if form.errors else 200)


@methods("GET")
def done(request, slug, quarter):
    """That the record is submitted, and what comes next."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RUN, at=WITH_REVISION)
    latest = assessment.revisions.order_by("-number").first()
    shared = Standing.objects.of(assessment).shared().exists()
    context = {"assessment": assessment, "coalition": assessment.coalition, "revision": latest, "shared": shared}
    return page(request, "submitting/done.html", context)


@methods("GET", "POST")
def reopen(request, slug, quarter):
    """Let a submitted record change again, with a reason that readers of the next revision see."""
    stages = (Stage.SUBMITTED,) if request.method in ("GET", "HEAD") else WITH_REVISION
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.REOPEN, at=stages)
    latest = assessment.revisions.order_by("-number").first()
    form = read_form(request, ReopenForm, initial={"number": latest.number})
    if form.is_bound and form.is_valid():
        actions.reopen(assessment=assessment, by=request.user, **form.cleaned_data)
        return see_other(assessment.get_absolute_url())
    shared = Standing.objects.of(assessment).shared().exists()
    context = {"assessment": assessment, "coalition": assessment.coalition, "revision": latest, "shared": shared}
    return page(request, "submitting/reopen.html", context, form=form)
