"""What leaves the coalition: choose, look at it as a funder does, share, withdraw."""

from django.utils.translation import gettext as _

from assessments import access
from assessments.models import WITH_REVISION, Stage, Standing
from assessments.sharing import actions
from assessments.sharing.forms import BEYOND_NAME, ShareForm
from coalitions.access import readers_of
from coalitions.permissions import Permission
from milestones.answers import Conflict, methods, page, see_other
from milestones.bilingual import pick


def sharing_form(assessment, data=None, chosen=None):
    """The form of one assessment's sharing, and the revision it is about."""
    revision = assessment.revisions.order_by("-number").first()
    return ShareForm(data, revision=revision, chosen=chosen), revision


@methods("GET")
def sharing(request, slug, quarter):
    """Per milestone: nothing, story, level and story; the next page shows it as a funder sees it."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.SHARE, at=WITH_REVISION)
    form, revision = sharing_form(assessment, chosen=request.GET)
    return page(request, "sharing/sharing.html", sharing_context(assessment, revision), form=form)


def sharing_context(assessment, revision) -> dict:
    """What the page of sharing shows beside its form."""
    return {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "revision": revision,
        "readers": readers_of(assessment.coalition),
        "may_share": assessment.stage == Stage.SUBMITTED,
        "shared_now": Standing.objects.of(assessment).shared().exists(),
        "still_shared": still_shared(assessment, revision),
    }


def still_shared(assessment, revision) -> list[str]:
    """The milestones that an earlier revision still shares: they stay so until this one shares them."""
    names = {m["slug"]: pick(m["name"]) for m in revision.content["milestones"]}
    shared = Standing.objects.of(assessment).shared().exclude(revision=revision)
    return [str(names.get(slug, BEYOND_NAME)) for slug in shared.order_by("number").values_list("slug", flat=True)]


@methods("POST")
def share(request, slug, quarter):
    """Share what the preview showed."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.SHARE, at=(Stage.SUBMITTED,))
    form, revision = sharing_form(assessment, request.POST)
    if not form.is_valid():
        return page(request, "sharing/sharing.html", sharing_context(assessment, revision), form=form)
    if form.cleaned_data["number"] != revision.number:
        raise Conflict(_("Somebody submitted this quarter again meanwhile. Look at the preview again."))
    actions.share(assessment=assessment, by=request.user, **form.sent)
    return see_other(assessment.url("sharing"))


@methods("POST")
def withdraw(request, slug, quarter):
    """Take back everything shared of this quarter."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.SHARE, at=WITH_REVISION)
    actions.withdraw(assessment=assessment, by=request.user)
    return see_other(assessment.url("sharing"))
