"""Which indicators an assessment asks, from its mode and what the coalition added."""

from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from assessments.models import AgreedRating, Assessment, Mode, Stage
from milestones.models import Indicator, Milestone


def asked_indicators(assessment: Assessment):
    """The indicators to ask: by mode those of the pinned version, and the coalition's own, in order."""
    asked = Q(core=True)
    if assessment.mode == Mode.FULL:
        asked = Q()
    elif assessment.mode == Mode.FOCUS:
        asked |= Q(milestone__in=assessment.focus.all())
    from_rubric = Q(milestone__rubric=assessment.rubric) & asked
    own = Q(milestone__rubric=assessment.coalition.own_rubric_id) if assessment.coalition.own_rubric_id else Q(pk=None)
    return Indicator.objects.filter(from_rubric | own, retired=False).select_related("milestone")


def milestones_of(assessment: Assessment, *, all_own=False):
    """The milestones of the pinned version, then those the coalition added, in order of number.

    Of its own only those that ask something: in a draft now, later in this assessment. `all_own` for the rest too.
    """
    rubrics = [assessment.rubric_id, assessment.coalition.own_rubric_id]
    first = Milestone.objects.filter(rubric__in=[rubric for rubric in rubrics if rubric])
    # An own indicator under a milestone of the rubric hangs on a stand-in with the same slug: one milestone, not two.
    slugs, kept = set(), []
    if assessment.stage == Stage.DRAFT:
        asking = Exists(Indicator.objects.filter(milestone=OuterRef("pk"), retired=False))
    else:
        asking = Exists(AgreedRating.objects.filter(assessment=assessment, indicator__milestone=OuterRef("pk")))
    if not all_own:
        first = first.filter(Q(rubric=assessment.rubric_id) | asking)
    for milestone in first.order_by("rubric__own", "number"):
        if milestone.slug not in slugs:
            slugs.add(milestone.slug)
            kept.append(milestone)
    return kept


def get_milestone(assessment: Assessment, slug: str) -> Milestone:
    """One milestone of an assessment, the coalition's own included; 404 where it has none of this name."""
    for milestone in milestones_of(assessment):
        if milestone.slug == slug:
            return milestone
    raise Http404
