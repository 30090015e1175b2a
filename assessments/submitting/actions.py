"""A record becomes a revision; a submitted one is reopened."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import guards
from assessments.models import BEYOND, RECORDING, Packed, Revision, Stage, Standing
from assessments.submitting import checks, facts, packed, seen, snapshot
from coalitions import audit, outbox
from coalitions.models import Coalition
from milestones.answers import Conflict
from milestones.texts import canonical


class StillOpen(ValueError):
    """Points that must not, or not without a word, stay open: answered with 422."""

    def __init__(self, points):
        super().__init__(f"{len(points)} open points")
        self.points = points


def would_be(assessment) -> tuple[dict, dict | None]:
    """The body that a submit would keep now, and the body of the last earlier quarter, if any."""
    latest = assessment.revisions.order_by("-number").first()
    previous = facts.previous_body(assessment)
    recorded = facts.recorded(assessment, revision=latest.number + 1 if latest else 1, reason=reopened_for(assessment))
    return snapshot.body(recorded, previous, facts.members_said(assessment)), previous


def reopened_for(assessment) -> str:
    """The reason of the last reopening, which revision n+1 carries; empty for the first revision."""
    last = audit.history(assessment).filter(verb="reopen").first()
    return last.details["reason"] if last and assessment.stage == Stage.REOPENED else ""


@transaction.atomic
def submit(*, assessment, number, despite_warnings, by, at=None) -> Revision:
    """Revision `number` of the record, with a standing for each milestone.

    A repeat gives the revision it already wrote; a number that is not the next one is a Conflict. StillOpen
    where an item is unconfirmed, or where there are warnings and nobody said to go on. `at` is the instant it
    is dated to, now unless sample data says otherwise.
    """
    assessment = guards.lock(assessment, *RECORDING, Stage.SUBMITTED)
    latest = assessment.revisions.order_by("-number").first()
    if assessment.stage == Stage.SUBMITTED:
        if latest.number == number:
            return latest
        raise Conflict(_("This quarter is submitted already."), assessment=assessment)
    lock_chain(assessment.coalition_id)
    body, previous = would_be(assessment)
    if number != body["revision"]:
        raise Conflict(_("Somebody submitted or reopened this quarter meanwhile."), assessment=assessment)
    points = checks.open_points(body, previous)
    if any(point.blocks for point in points) or (points and not despite_warnings):
        raise StillOpen(points)
    revision = write_revision(assessment, body, by=by, at=at or timezone.now())
    assessment.enter(Stage.SUBMITTED)
    audit.record("submit", about=assessment, by=by, revision=number, sha256=revision.sha256)
    outbox.post_inside(
        "submitted", coalition=assessment.coalition, key=f"submitted:{revision.pk}", revision=str(revision.pk)
    )
    return revision


def lock_chain(coalition: int):
    """Until the transaction ends nobody else adds to the coalition's revisions; acts about it are still logged."""
    Coalition.objects.select_for_update(no_key=True).get(pk=coalition)


def write_revision(assessment, body, *, by, at, imported=False) -> Revision:
    """Write one revision at the end of the coalition's chain, packed for the large files too, and its standings."""
    lock_chain(assessment.coalition_id)
    last = Revision.objects.filter(coalition=assessment.coalition, following=None).first()
    text = canonical(body)
    revision = Revision.objects.create(
        assessment=assessment,
        coalition=assessment.coalition,
        quarter_text=assessment.quarter_text,
        number=body["revision"],
        submitted_at=at,
        submitted_by=by,
        reason=body["reason"],
        imported=imported,
        body=text,
        sha256=snapshot.chained_hash(text, last.sha256 if last else ""),
        previous=last,
    )
    Packed.objects.create(revision=revision, **packed.pack(body, sha256=revision.sha256, submitted_at=at))
    Standing.objects.bulk_create(standings_of(revision, body))
    return revision


def standings_of(revision, body) -> list[Standing]:
    """A standing for each milestone of the body, and the unrated one of Beyond the milestones."""
    common = {
        "revision": revision,
        "coalition": revision.coalition,
        "state_id": body["coalition"]["state"],
        "quarter_text": revision.quarter_text,
    }
    rows = [
        Standing(
            **common,
            number=milestone["number"],
            slug=milestone["slug"],
            own=milestone["own"],
            focus=milestone["focus"],
            level=milestone["standing"]["level"],
            level_status=milestone["standing"]["status"],
            level_rule=milestone["standing"]["rule"],
            core_level=milestone["standing"]["core_level"],
            series=milestone["standing"]["series"],
            indicators_rated=milestone["standing"]["rated"],
            indicators_asked=milestone["standing"]["asked"],
            change=milestone["standing"]["change"],
            change_since=milestone["standing"]["change_since"],
            direction_label=milestone["standing"]["direction_label"],
            evidence_tag=milestone["standing"]["evidence_tag"],
            **seen.heard_of(milestone),
            **seen.kept(body, milestone["slug"]),
        )
        for milestone in body["milestones"]
    ]
    beyond = Standing(
        **common,
        number=0,
        slug=BEYOND,
        level_status="not_asked",
        level_rule="none",
        change="first",
        evidence_tag="thin",
        **seen.kept(body, ""),
    )
    return [*rows, beyond]


@transaction.atomic
def reopen(*, assessment, number, reason, by):
    """Let the record change again; revision `number`, the last, stays readable. A repeat changes nothing."""
    assessment = guards.lock(assessment, Stage.SUBMITTED, Stage.REOPENED)
    latest = assessment.revisions.order_by("-number").first()
    if latest.number != number:
        raise Conflict(_("Somebody submitted or reopened this quarter meanwhile."), assessment=assessment)
    if assessment.stage == Stage.REOPENED:
        if reopened_for(assessment) == reason:
            return assessment
        raise Conflict(_("This quarter is reopened already."), assessment=assessment)
    assessment.enter(Stage.REOPENED)
    audit.record("reopen", about=assessment, by=by, revision=number, reason=reason)
    outbox.post_inside(
        "reopened", coalition=assessment.coalition, key=f"reopened:{latest.pk}",
        assessment=str(assessment.pk), number=number, reason=reason,
    )  # fmt: skip
    return assessment
