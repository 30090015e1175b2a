"""Close: the release is computed and frozen, then every ballot of the quarter is deleted. One transaction.

This and `ballots.py` are the only modules that name the ballot tables.
"""

import hashlib
import random

from django.db import connection, transaction
from django.utils import timezone

from assessments import disclosure, guards, words
from assessments.collecting.asked import asks_direction, on_the_ballot
from assessments.collecting.keys import keyed
from assessments.models import AFTER_CLOSE, Assessment, Note, Release, Stage
from assessments.models.ballots import Answer, Ballot, Direction, ballot_access
from coalitions import audit, outbox
from coalitions.models import INSIDE
from milestones.texts import canonical


@transaction.atomic
def close(*, assessment: Assessment, by=None, at=None, only_if_over=False) -> Release | None:
    """The release of a collecting quarter; afterwards it is discussing, and no ballot is left.

    `by` is nobody where the deadline closes it. A repeat, or a second closer, gets the release that is there. `at` is
    the instant it is dated to, now unless sample data says otherwise. With `only_if_over` nothing is closed, and None
    comes back, where the deadline is still to come: a lead may have moved the day since the caller read it.
    """
    assessment = guards.lock(assessment, Stage.COLLECTING, *AFTER_CLOSE)
    if assessment.stage != Stage.COLLECTING:
        return Release.objects.get(assessment=assessment)
    if only_if_over and timezone.now() <= assessment.deadline:
        return None
    with ballot_access("close"):
        release = _release(assessment, by, at or timezone.now())
        Ballot.objects.filter(assessment=assessment).delete()
    outbox.drop_about("invitation", map(str, assessment.invitations.values_list("pk", flat=True)))
    assessment.invitations.all().delete()
    assessment.helpers.clear()
    Assessment.objects.filter(pk=assessment.pk).update(join_code=None)
    assessment.join_code = None
    assessment.enter(Stage.DISCUSSING)
    audit.record("close", about=assessment, by=by, sha256=release.sha256)
    for membership in assessment.coalition.memberships.filter(role__in=INSIDE).select_related("user"):
        outbox.post(
            "closed", user=membership.user, coalition=assessment.coalition,
            key=f"closed:{assessment.pk}:{membership.user_id}", assessment=str(assessment.pk),
        )  # fmt: skip
    transaction.on_commit(_forget, robust=True)  # closed is closed, whatever hinders this
    return release


def _release(assessment: Assessment, by, at) -> Release:
    """Compute and keep the release of what was sent, and the notes ticked for it, shuffled."""
    asked, milestones = on_the_ballot(assessment)
    ballots = {ballot.pk: ballot for ballot in Ballot.objects.filter(assessment=assessment, sent=True)}
    sides = {pk: disclosure.side_of(ballot.voice) for pk, ballot in ballots.items()}
    answers: dict[int, list[Answer]] = {}
    for answer in Answer.objects.filter(ballot__in=ballots):
        answers.setdefault(answer.indicator_id, []).append(answer)
    said: dict[int, list[str]] = {}
    for milestone, choice in Direction.objects.filter(ballot__in=ballots).values_list("milestone_id", "choice"):
        said.setdefault(milestone, []).append(choice)
    asked_since = asks_direction(assessment)
    body = disclosure.release(
        room_sees=assessment.room_sees,
        ballots=list(sides.values()),
        indicators=[
            (
                {"id": indicator.pk, "code": indicator.code, "milestone": indicator.milestone.slug},
                [
                    disclosure.Given(answer.level, sides[answer.ballot_id])
                    for answer in answers.get(indicator.pk, [])
                    if answer.kind != Answer.Kind.SKIP
                ],
            )
            for indicator in asked
        ],
        directions=[(milestone.slug, said.get(milestone.pk, []) if asked_since else None) for milestone in milestones],
        floors=words.floors(),
    )
    # The hash travels in evaluators' files. Without the salt it could be tried against every set of counts.
    text = canonical({**body, "salt": keyed("salt", assessment.coalition_id, assessment.quarter_text)})
    release = Release.objects.create(
        assessment=assessment,
        coalition=assessment.coalition,
        quarter_text=assessment.quarter_text,
        closed_at=at,
        closed_by=by,
        rule=disclosure.RULE,
        body=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    _keep_notes(assessment, body, answers, ballots.values())
    return release


def _keep_notes(assessment, body, answers, ballots):
    readable = {item["id"] for item in body["indicators"] if item["notes"]}
    notes = [
        (pk, answer.note) for pk in readable for answer in answers.get(pk, []) if answer.note_ticked and answer.note
    ]
    if body["beyond_notes"]:
        notes += [(None, ballot.beyond) for ballot in ballots if ballot.beyond_ticked and ballot.beyond]
    random.SystemRandom().shuffle(notes)
    for indicator, text in notes:
        Note.objects.create(assessment=assessment, indicator_id=indicator, text=text)


def _forget():
    """Let go of what the disk still holds of the deleted ballots.

    In its file SQLite overwrites what is deleted by itself (secure_delete); here its write-ahead log is emptied.
    PostgreSQL gives pages back that hold no row any more, and writes over the space of others when it needs it.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for model in (Answer, Direction, Ballot):
            cursor.execute(f"VACUUM {connection.ops.quote_name(model._meta.db_table)}")
