"""Past quarters become revisions, all of a file or none."""

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.importing import past
from assessments.importing.past import Past
from assessments.models import AgreedRating, Assessment, Outcome, Revision, RoomSees, SetAside, Stage
from assessments.submitting import facts, snapshot
from assessments.submitting.actions import lock_chain, write_revision
from coalitions import audit
from coalitions.permissions import Permission, can
from milestones.csv_in import Problem, Refused
from milestones.models import Indicator, Rubric

OUTCOMES = {
    past.AGREED: Outcome.AGREED,
    past.WITH_DIFFERENT_VIEW: Outcome.WITH_DIFFERENT_VIEW,
    past.NOT_AGREED: Outcome.NOT_AGREED,
    "does_not_apply": Outcome.DOES_NOT_APPLY,
}


class Taken(Refused):
    """Nothing else is wrong, but a quarter is here already with other content: answered with 409."""


@dataclass
class Imported:
    """What came of a file: the quarters that are new, and those that were here already, the same."""

    new: list[Past] = field(default_factory=list)
    same: list[Past] = field(default_factory=list)


@transaction.atomic
def import_quarters(*, coalition, quarters: list[Past], by, only_try=False) -> Imported:
    """Each quarter as a submitted assessment with one revision, marked imported and meeting only.

    A quarter that is here with the same content stays as it is, so a repeat changes nothing. Taken where one is here
    with other content. Refused where its levels would look comparable with a later quarter's and are not, or where a
    later quarter is collecting: whether its ballots ask for a direction is fixed. Then nothing is kept. `only_try`
    does all of it and keeps nothing.
    """
    lock_chain(coalition.pk)
    done, problems, taken = Imported(), [], []
    asking = Assessment.objects.filter(coalition=coalition, stage=Stage.COLLECTING).order_by("quarter_text").last()
    for quarter in quarters:
        there = Assessment.objects.filter(coalition=coalition, quarter_text=quarter.quarter).first()
        if there is None and asking and quarter.quarter < asking.quarter_text:
            problems.append(
                Problem(quarter.row, "quarter", "asking", quarter.quarter, {"quarter": asking.quarter.label})
            )
        elif there is None and (made := _made(coalition, quarter, by)):
            problems += _kept(made, quarter, by)
            done.new.append(quarter)
        elif there is not None and _is_same(there, quarter, by):
            done.same.append(quarter)
        else:
            taken.append(Problem(quarter.row, "quarter", "taken", quarter.quarter))
    if problems:
        raise Refused(problems + taken)
    if taken:
        raise Taken(taken)
    if only_try:
        transaction.set_rollback(True)
    elif done.new:
        named = [quarter.quarter for quarter in done.new]
        audit.record("import_quarters", about=coalition, by=by, coalition=coalition, quarters=named)
    return done


def _is_same(assessment, quarter: Past, by) -> bool:
    """Whether a quarter that is here says what the file says.

    Who may not read the record learns that only of what they imported themselves: else a file could be a question.
    """
    revision = assessment.revisions.order_by("-number").first()
    if revision is None or assessment.stage != Stage.SUBMITTED:
        return False
    if not can(by, Permission.READ_RECORD, assessment.coalition):
        if not revision.imported or revision.submitted_by_id != by.pk:
            return False
    return set(past.rows_of(revision.content)) == quarter.rows()


def _made(coalition, quarter: Past, by) -> Assessment | None:
    """The assessment of a past quarter with what was agreed; None where somebody opened the quarter meanwhile."""
    rubric = Rubric.objects.published().get(version=quarter.version)
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                coalition=coalition, quarter_text=quarter.quarter, rubric=rubric, mode=quarter.mode,
                room_sees=RoomSees.MEETING_ONLY, stage=Stage.DISCUSSING, imported=True, opened_by=by,
            )  # fmt: skip
    except IntegrityError:
        return None
    milestones = {row.slug: row for row in rubric.milestones.all()}
    assessment.focus.set(milestones[slug] for slug in quarter.focus)
    rubrics = [rubric.pk, *([coalition.own_rubric_id] if coalition.own_rubric_id else [])]
    found = Indicator.objects.filter(milestone__rubric__in=rubrics).select_related("milestone")
    indicators = {row.code: row for row in found}
    for slug, reason in quarter.set_aside.items():
        own = next((i.milestone for i in found if i.milestone.slug == slug), None)
        SetAside.objects.create(assessment=assessment, milestone=milestones.get(slug) or own, reason=reason)
    now = timezone.now()
    AgreedRating.objects.bulk_create(
        AgreedRating(
            assessment=assessment, indicator=indicators[one.code], level=one.level, reason=one.reason, confirmed=True,
            outcome=OUTCOMES.get(one.outcome) or OUTCOMES.get(one.status, ""), saved_by=by, saved_at=now,
        )
        for one in quarter.agreed
    )  # fmt: skip
    return assessment


def _kept(assessment, quarter: Past, by) -> list[Problem]:
    """Write the revision; or say why its levels would look comparable with the next quarter's and are not."""
    recorded = {**facts.recorded(assessment, revision=1), "looked_back": []}
    body = snapshot.body(recorded, facts.previous_body(assessment))
    later = Revision.objects.filter(coalition=assessment.coalition, quarter_text__gt=quarter.quarter)
    following = later.order_by("quarter_text", "-number").first()
    if following and not goes_on(body, following.content):
        words = {"quarter": following.quarter.label}
        return [Problem(quarter.row, "rubric_version", "other_questions", quarter.version, words)]
    write_revision(assessment, body, by=by, at=timezone.now(), imported=True)
    assessment.enter(Stage.SUBMITTED)
    return []


def goes_on(body: dict, following: dict) -> bool:
    """Whether each line of comparable levels in the quarter that follows is the one that this body's would lead to."""
    before = {milestone["slug"]: milestone for milestone in body["milestones"]}
    return all(
        snapshot.series_of(milestone, before[milestone["slug"]]) == milestone["standing"]["series"]
        for milestone in following["milestones"]
        if milestone["slug"] in before
    )
