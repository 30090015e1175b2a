"""What a ballot asks: the questions of milestones that are not set aside, and whether it asks for a direction."""

from django.db.models import Exists, OuterRef

from assessments.models import AFTER_CLOSE, Assessment
from milestones.models import Indicator, Milestone


def on_the_ballot(assessment: Assessment) -> tuple[list[Indicator], list[Milestone]]:
    """The indicators that are asked, in order, and the milestones they belong to, each once, the coalition's own last.

    Fixed when collecting opens; milestones that are set aside are left out. An own indicator under a milestone of the
    rubric counts under that one.
    """
    aside = assessment.set_asides.filter(milestone__slug=OuterRef("indicator__milestone__slug"))
    ratings = assessment.agreed_ratings.exclude(Exists(aside)).select_related("indicator__milestone__rubric")
    indicators = [rating.indicator for rating in ratings.in_order()]
    milestones: dict[str, Milestone] = {}
    for indicator in sorted(indicators, key=lambda row: row.milestone.rubric.own):
        milestones.setdefault(indicator.milestone.slug, indicator.milestone)
    return indicators, sorted(milestones.values(), key=lambda row: row.number)


def asks_direction(assessment: Assessment) -> bool:
    """Whether the coalition has an earlier quarter to compare with."""
    earlier = assessment.coalition.assessments.filter(quarter_text__lt=assessment.quarter_text)
    return earlier.filter(stage__in=AFTER_CLOSE).exists()
