"""What is left of a quarter once its answers are closed, for the coalition's own people: its release and its notes."""

from dataclasses import dataclass

from assessments.discussing.heard import deferring
from assessments.drafting.asked import milestones_of
from assessments.models import Note, Release
from assessments.quarters import Quarter


@dataclass(frozen=True)
class Asked:
    """One question that a quarter asked, and the milestone it stands under."""

    id: int
    code: str
    title: str
    question: str
    core: bool
    milestone: str


@dataclass(frozen=True)
class Closed:
    """A quarter whose answers are closed: its release, what was asked, and what was set aside (reasons by slug)."""

    assessment: object
    quarter: Quarter
    release: dict
    defers: frozenset[str]
    milestones: dict[str, str]
    asked: list[Asked]
    set_asides: dict[str, str]


def closed(coalition) -> Closed | None:
    """The last quarter of a coalition whose answers are closed; None before the first, and for meetings alone."""
    release = Release.objects.filter(coalition=coalition).select_related("assessment").order_by("-quarter_text").first()
    if release is None:
        return None
    assessment = release.assessment
    assessment.coalition = coalition
    ratings = assessment.agreed_ratings.select_related("indicator__milestone").in_order()
    return Closed(
        assessment=assessment.pk,
        quarter=release.quarter,
        release=release.content,
        defers=frozenset(deferring(assessment)),
        milestones={row.slug: row.name for row in milestones_of(assessment)},
        asked=[
            Asked(i.pk, i.code, i.title, i.question, i.core, i.milestone.slug)
            for i in (rating.indicator for rating in ratings)
        ],
        set_asides={row.milestone.slug: row.reason for row in assessment.set_asides.select_related("milestone")},
    )


def notes(assessment) -> dict[int | None, list[str]]:
    """The notes that their writers let a coalition read, by question; those on Beyond the milestones under None.

    Their keys are random, so their order tells nothing.
    """
    found: dict[int | None, list[str]] = {}
    for indicator, text in Note.objects.filter(assessment=assessment).values_list("indicator_id", "text"):
        found.setdefault(indicator, []).append(text)
    return found
