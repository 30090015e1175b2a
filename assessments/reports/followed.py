"""How far coalitions are with a quarter: who has not opened it, started, submitted, reopened. Dates, no levels."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from assessments.models import Assessment, Revision, Stage
from assessments.quarters import Quarter
from coalitions.models import AuditEvent

NOT_OPENED, STARTED, SUBMITTED, REOPENED = "not_opened", "started", "submitted", "reopened"
KINDS = (NOT_OPENED, STARTED, SUBMITTED, REOPENED)
KIND_OF = {Stage.SUBMITTED: SUBMITTED, Stage.REOPENED: REOPENED}  # every other stage has started


@dataclass(frozen=True)
class Followed:
    """One coalition and one quarter: how far it is, and since when."""

    coalition: object
    kind: str = NOT_OPENED
    stage_label: str = ""
    opened_at: datetime | None = None
    revision: int | None = None
    submitted_at: datetime | None = None
    reopened_at: datetime | None = None
    imported: bool = False


def quarters(coalitions) -> list[Quarter]:
    """The quarters that one of these coalitions opened, latest first."""
    found = Assessment.objects.filter(coalition__in=coalitions).order_by("-quarter_text")
    return [Quarter.parse(text) for text in found.values_list("quarter_text", flat=True).distinct()]


def numbers(coalitions, quarter: Quarter) -> dict[str, int]:
    """How many of these coalitions are how far with a quarter."""
    found = dict.fromkeys(KINDS, 0)
    stages = Assessment.objects.filter(coalition__in=coalitions, quarter_text=str(quarter)).order_by().values("stage")
    for row in stages.annotate(number=Count("pk")):
        found[KIND_OF.get(row["stage"], STARTED)] += row["number"]
    found[NOT_OPENED] = coalitions.count() - sum(found.values())
    return found


def lines(coalitions: Iterable, quarter: Quarter) -> list[Followed]:
    """A line for each of these coalitions, in their order."""
    coalitions = list(coalitions)
    opened = Assessment.objects.filter(coalition__in=[c.pk for c in coalitions], quarter_text=str(quarter))
    by_coalition = {assessment.coalition_id: assessment for assessment in opened}
    keys = [assessment.pk for assessment in by_coalition.values()]
    revisions = Revision.objects.filter(assessment__in=keys).order_by("number")
    last = {pk: (number, at) for pk, number, at in revisions.values_list("assessment", "number", "submitted_at")}
    acts = AuditEvent.objects.filter(verb="reopen", about="assessment", about_id__in=[str(pk) for pk in keys])
    reopened = dict(acts.order_by().values("about_id").annotate(last=Max("at")).values_list("about_id", "last"))
    return [line(c, by_coalition.get(c.pk), last, reopened) for c in coalitions]


def line(coalition, assessment, last: dict, reopened: dict) -> Followed:
    """What there is to say of one coalition; `last` and `reopened` by assessment."""
    if assessment is None:
        return Followed(coalition)
    number, submitted_at = last.get(assessment.pk, (None, None))
    kind = KIND_OF.get(assessment.stage, STARTED)
    return Followed(
        coalition, kind, assessment.get_stage_display(), assessment.opened_at, number, submitted_at,
        reopened.get(str(assessment.pk)) if kind == REOPENED else None, assessment.imported,
    )  # fmt: skip
