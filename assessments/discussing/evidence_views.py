"""Evidence: what backs an agreed rating, and its files."""

import uuid

from django.http import Http404
from django.utils.translation import gettext as _

from assessments import access, guards
from assessments.discussing import evidence_actions, files
from assessments.discussing.evidence_actions import EVIDENCE_STAGES
from assessments.discussing.forms import EvidenceForm
from assessments.drafting.forms import ask_again
from assessments.levels import evidence_tag
from assessments.models import Evidence
from coalitions.permissions import Permission
from milestones.answers import methods, page, read_form, see_other
from milestones.models import Milestone


@methods("GET", "POST")
def evidence(request, slug, quarter, code):
    """The evidence on one indicator, and a form to add some."""
    rating = access.get_rating(request.user, slug, quarter, code, to=Permission.RECORD, at=EVIDENCE_STAGES)
    form = read_form(request, EvidenceForm)
    if form.is_valid():
        try:
            evidence_actions.add_evidence(rating=rating, by=request.user, **form.sent)
            return see_other(rating.assessment.url("evidence", code))
        except guards.KeyReused:
            again = _("This page was sent before, with other words. To add this as well, send it again.")
            ask_again(form, again, key=uuid.uuid4())
    return page(request, "discussing/evidence.html", evidence_context(rating), form=form)


def evidence_context(rating) -> dict:
    """What the evidence page shows beside its form."""
    assessment, milestone = rating.assessment, rating.indicator.milestone
    # An own indicator under a milestone of the rubric hangs on a stand-in, which has no examples.
    of_rubric = Milestone.objects.filter(rubric=assessment.rubric, slug=milestone.slug).first()
    items = list(rating.evidence.all())
    return {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "rating": rating,
        "indicator": rating.indicator,
        "milestone": milestone,
        "examples": of_rubric.evidence_examples if of_rubric else [],
        "items": items,
        "tag": evidence_tag((item.kind, item.voice) for item in items),
    }


@methods("POST")
def evidence_delete(request, slug, quarter, code, evidence):
    """Take one piece of evidence out of the record."""
    rating = access.get_rating(request.user, slug, quarter, code, to=Permission.RECORD, at=EVIDENCE_STAGES)
    if not evidence_actions.remove_evidence(rating=rating, key=evidence, by=request.user):
        raise Http404
    return see_other(rating.assessment.url("evidence", code))


@methods("GET")
def evidence_file(request, slug, quarter, evidence):
    """A file that the coalition added as evidence, to save."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.READ_RECORD)
    return files.download(*file_of(assessment, evidence))


def file_of(assessment, key) -> tuple[str, str]:
    """The stored name and the type of a piece of evidence's file: of the record, else of a revision that holds it."""
    row = Evidence.objects.filter(pk=key, rating__assessment=assessment).first()
    if row is not None:
        return row.file.name, row.file_type
    for revision in assessment.revisions.order_by("-number"):
        for milestone in revision.content["milestones"]:
            for item in (item for indicator in milestone["indicators"] for item in indicator["evidence"]):
                if item["id"] == str(key):
                    return item["file"], item["file_type"]
    raise Http404
