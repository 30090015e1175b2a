"""What the coalition agreed is recorded: ratings, different views, evidence, stories, next steps, events."""

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import guards
from assessments.discussing.saving import Gone, Overwritten, TooMany, is_repeat, joined
from assessments.models import (
    RECORDING,
    WITH_LEVEL,
    AgreedRating,
    Assessment,
    DifferentView,
    Event,
    Evidence,
    NextStep,
    Revision,
    Stage,
    Story,
)
from coalitions import audit
from coalitions.models import AuditEvent, Coalition
from milestones.answers import Conflict

RATING_UNITS = (("outcome", "level"), ("reason",))
BLANK_RATING = {"outcome": "", "level": None, "reason": ""}
STORY_UNITS = (("text",),)
EVIDENCE_STAGES = (Stage.COLLECTING, *RECORDING)
NEXT_STEP_STAGES = (Stage.DRAFT, Stage.COLLECTING, *RECORDING)


def _save_version(row, version, mine, *, units, blank, by, verb, **also):
    """Save over what the sender read, joined with what others changed meanwhile; Overwritten where it cannot be.

    A repeat of a save that took effect changes nothing. The caller holds the assessment's lock.
    """
    merged = joined(row, version, mine, units=units, blank=blank)
    if all(getattr(row, name) == value for name, value in {**merged, **also}.items()):
        return row
    changes = {**merged, **also, "saved_by": by, "saved_at": timezone.now()}
    saved_over = row.version
    if not type(row).objects.filter(pk=row.pk, version=row.version).update(**changes, version=F("version") + 1):
        raise Overwritten(type(row).objects.get(pk=row.pk), mine)
    for name, value in {**changes, "version": saved_over + 1}.items():
        setattr(row, name, value)
    audit.record(verb, about=row, by=by, coalition=row.assessment.coalition, version=row.version, **merged, **also)
    return row


@transaction.atomic
def save_agreed_rating(*, rating, version, outcome, level, reason, confirm, by) -> AgreedRating:
    """The rating with what the coalition agreed. A level goes only with an agreed outcome, or while none is chosen.

    `confirm` is true for a finished page; an autosave that changes something makes the item unconfirmed again.
    """
    assessment = guards.lock(rating.assessment, *RECORDING)
    row = AgreedRating.objects.select_related("saved_by").get(pk=rating.pk)
    row.assessment = assessment
    mine = {"outcome": outcome, "level": level if outcome in (*WITH_LEVEL, "") else None, "reason": reason}
    if is_repeat(row, version, mine, by):
        return row
    merged = joined(row, version, mine, units=RATING_UNITS, blank=BLANK_RATING)
    if not confirm and all(getattr(row, name) == merged[name] for name in merged):
        return row  # an autosave that brings nothing new, late or repeated, leaves a confirmed item confirmed
    seen_whole = merged == mine  # what somebody else wrote meanwhile is not confirmed unread
    return _save_version(
        row, version, mine, units=RATING_UNITS, blank=BLANK_RATING, by=by, verb="save_agreed_rating",
        confirmed=confirm and seen_whole,
    )  # fmt: skip


@transaction.atomic
def keep_theirs(*, row, mine, by, assessment=None):
    """Leave what somebody else saved; what was not kept stays readable in the history of the page.

    `assessment` is the one that is open where the row belongs to an earlier one. A repeat adds nothing.
    """
    stages = NEXT_STEP_STAGES if isinstance(row, NextStep) else RECORDING
    assessment = guards.lock(assessment or row.assessment, *stages)
    last = audit.history(row).first()
    if last is None or (last.verb, last.details.get("not_kept")) != ("keep_theirs", mine):
        audit.record("keep_theirs", about=row, by=by, coalition=assessment.coalition, not_kept=mine)


@transaction.atomic
def bring_forward(*, rating, version, item, quarter, by) -> AgreedRating:
    """Copy last quarter's outcome, level, reason and evidence; the item stays unconfirmed until touched.

    `item` is the indicator's part of that quarter's revision. A repeat copies nothing twice.
    """
    assessment = guards.lock(rating.assessment, *RECORDING)
    row = AgreedRating.objects.get(pk=rating.pk)
    row.assessment = assessment
    mine = {"outcome": item["outcome"], "level": item["level"], "reason": item["reason"]}
    read = row.version
    row = _save_version(
        row, version, mine, units=RATING_UNITS, blank=BLANK_RATING, by=by, verb="bring_forward",
        confirmed=False, brought_forward_from=quarter,
    )  # fmt: skip
    if row.version == read:
        return row
    copied = ("kind", "shows", "voice", "dated", "link", "file", "file_type", "visibility", "consent")
    for entry in item["evidence"]:
        Evidence.objects.create(
            rating=row,
            **{name: entry[name] for name in copied},
            brought_forward_from=entry["brought_forward_from"] or quarter,
            added_by=by,
        )
    return row


@transaction.atomic
def add_different_view(*, rating, key, text, signed, coalition_only, by) -> DifferentView:
    """A minority note. Unsigned, nothing anywhere says who wrote it, the log included, and it is final."""
    guards.lock(rating.assessment, *RECORDING)
    if _was_removed("withdraw_different_view", about=rating, view=str(key)):
        raise guards.KeyReused(key)
    view, is_new = guards.once(
        DifferentView, key, rating=rating, text=text, coalition_only=coalition_only, signed_by=by if signed else None
    )
    if is_new and signed:
        audit.record(
            "add_different_view", about=rating, by=by, coalition=rating.assessment.coalition, view=str(view.pk)
        )
    return view


@transaction.atomic
def withdraw_different_view(*, view, by):
    """Take back a signed different view; only its author can, and `view` was found through them."""
    assessment = guards.lock(view.rating.assessment, *RECORDING)
    audit.record(
        "withdraw_different_view", about=view.rating, by=by, coalition=assessment.coalition, view=str(view.pk),
        text=view.text,
    )  # fmt: skip
    view.delete()


@transaction.atomic
def add_evidence(*, rating, key, file=None, by, **fields) -> Evidence:
    """One thing that backs a rating; a repeat of the form adds it once. `file` has been examined (`files.py`)."""
    assessment = guards.lock(rating.assessment, *EVIDENCE_STAGES)
    if _was_removed("remove_evidence", about=rating, evidence=str(key)):
        raise guards.KeyReused(key)
    evidence, is_new = guards.once(Evidence, key, rating=rating, **fields)
    if not is_new and not _is_same_file(evidence.file, file):
        raise guards.KeyReused(key)
    if is_new:
        evidence.added_by = by
        if file:
            evidence.file.save(file.name, file, save=False)
        evidence.save()
        audit.record("add_evidence", about=rating, by=by, coalition=assessment.coalition, evidence=str(evidence.pk))
    return evidence


@transaction.atomic
def remove_evidence(*, rating, key, by) -> bool:
    """Take a piece of evidence out of the record; revisions that hold it, and their files, keep it.

    Whether there is, or was, such a piece: a repeat changes nothing.
    """
    assessment = guards.lock(rating.assessment, *EVIDENCE_STAGES)
    evidence = rating.evidence.filter(pk=key).first()
    if evidence is None:
        return _was_removed("remove_evidence", about=rating, evidence=str(key))
    audit.record(
        "remove_evidence", about=rating, by=by, coalition=assessment.coalition, evidence=str(key), shows=evidence.shows
    )
    name = evidence.file.name
    evidence.delete()
    if name and not _is_kept(name, assessment.coalition):
        transaction.on_commit(lambda: default_storage.delete(name))
    return True


def _is_same_file(kept, sent) -> bool:
    """Whether a form that arrived again carries the file that it brought the first time."""
    if not kept or not sent:
        return not kept and not sent
    sent.seek(0)
    with kept.open() as there:
        return there.read() == sent.read()


def _is_kept(name, coalition) -> bool:
    """Whether another piece of evidence or a revision still holds this file."""
    return (
        Evidence.objects.filter(file=name).exists()
        or Revision.objects.filter(coalition=coalition, body__contains=name).exists()
    )


def _was_removed(verb, *, about, **details) -> bool:
    same = {f"details__{name}": value for name, value in details.items()}
    return audit.history(about).filter(verb=verb, **same).exists()


@transaction.atomic
def save_story(*, assessment, milestone, version, text, by) -> Story:
    """The coalition's words on a milestone, or Beyond the milestones where none is given."""
    assessment = guards.lock(assessment, *RECORDING)
    row, _made = Story.objects.get_or_create(assessment=assessment, milestone=milestone)
    row.assessment = assessment
    return _save_version(row, version, {"text": text}, units=STORY_UNITS, blank={"text": ""}, by=by, verb="save_story")


def last_save(step) -> AuditEvent | None:
    """The last line of the history that changed a next step."""
    lines = AuditEvent.objects.filter(verb__in=["save_next_step", "look_back"], details__step=str(step.pk))
    return lines.filter(coalition=step.assessment.coalition_id).select_related("by").first()


def last_steps(assessment):
    """The next steps of the last earlier quarter that has an assessment: they open this one."""
    earlier = Assessment.objects.filter(
        coalition=assessment.coalition_id, quarter_text__lt=assessment.quarter_text
    ).order_by("-quarter_text")
    return NextStep.objects.filter(assessment=earlier.values("pk")[:1]).select_related("milestone", "assessment")


@transaction.atomic
def save_next_steps(*, assessment, looked_back, steps, by):
    """All of the page at once, or nothing: what came of last quarter's steps, and this quarter's."""
    for fields in looked_back:
        look_back(assessment=assessment, by=by, **fields)
    for fields in steps:
        save_next_step(assessment=assessment, by=by, **fields)


@transaction.atomic
def save_next_step(*, assessment, key, version, by, **fields) -> NextStep:
    """One of this quarter's next steps: new where `version` is 0, else changed. A repeat changes nothing.

    Overwritten where somebody else changed it meanwhile, Gone where somebody removed it.
    """
    assessment = guards.lock(assessment, *NEXT_STEP_STAGES)
    step = NextStep.objects.filter(pk=key).first()
    if step is None:
        step = _new_step(assessment, key, version, fields)
    elif step.assessment_id != assessment.pk:
        raise guards.KeyReused(key)
    elif all(getattr(step, name) == value for name, value in fields.items()):
        return step
    elif not NextStep.objects.filter(pk=key, version=version).update(**fields, version=F("version") + 1):
        raise Overwritten(step, fields)
    written = {name: str(value or "") for name, value in fields.items()}
    audit.record("save_next_step", about=assessment, by=by, step=str(key), **written)
    return NextStep.objects.get(pk=key)


def _new_step(assessment, key, version, fields) -> NextStep:
    if version or _was_removed("remove_next_step", about=assessment, step=str(key)):
        raise Gone(key)
    positions = list(assessment.next_steps.values_list("position", flat=True))
    if len(positions) >= NextStep.MOST:
        raise TooMany(_("There are three next steps already. Remove one first."))
    return NextStep.objects.create(pk=key, assessment=assessment, position=max(positions, default=0) + 1, **fields)


@transaction.atomic
def remove_next_step(*, assessment, key, by) -> bool:
    """Drop one of this quarter's next steps. Whether there is, or was, such a step: a repeat changes nothing."""
    assessment = guards.lock(assessment, *NEXT_STEP_STAGES)
    step = assessment.next_steps.filter(pk=key).first()
    if step is None:
        return _was_removed("remove_next_step", about=assessment, step=str(key))
    audit.record("remove_next_step", about=assessment, by=by, step=str(key), text=step.text)
    step.delete()
    return True


@transaction.atomic
def look_back(*, assessment, key, version, status, what_happened, by) -> NextStep:
    """What came of one of last quarter's steps, said while this quarter's assessment is open."""
    assessment = guards.lock(assessment, *NEXT_STEP_STAGES)
    step = last_steps(assessment).filter(pk=key).first()
    if step is None:
        raise Conflict(_("Last quarter's next steps have changed. Load the page again."))
    mine = {"status": status, "what_happened": what_happened}
    if all(getattr(step, name) == value for name, value in mine.items()):
        return step
    if not NextStep.objects.filter(pk=key, version=version).update(**mine, version=F("version") + 1):
        raise Overwritten(step, mine)
    audit.record("look_back", about=assessment, by=by, step=str(key), **mine)
    return NextStep.objects.get(pk=key)


@transaction.atomic
def add_event(*, coalition, key, happened_on, words, by) -> Event:
    """Something that happened around the coalition, with its date; a repeat of the form adds it once."""
    Coalition.objects.select_for_update().get(pk=coalition.pk)
    event, is_new = guards.once(Event, key, coalition=coalition, happened_on=happened_on, words=words)
    if is_new:
        Event.objects.filter(pk=key).update(added_by=by)
        audit.record("add_event", about=event, by=by, words=words)
    return event


@transaction.atomic
def remove_event(*, coalition, key, by) -> bool:
    """Take an event off the coalition's line. Whether there is, or was, such an event: a repeat changes nothing."""
    Coalition.objects.select_for_update().get(pk=coalition.pk)
    event = coalition.events.filter(pk=key).first()
    if event is None:
        return AuditEvent.objects.filter(
            verb="remove_event", coalition=coalition, about="event", about_id=str(key)
        ).exists()
    audit.record("remove_event", about=event, by=by, words=event.words)
    event.delete()
    return True
