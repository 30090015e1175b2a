"""What comes next and what happened: next steps, the look back at last quarter's, and the coalition's events."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from assessments import guards
from assessments.discussing.saving import Gone, Overwritten, TooMany, was_removed
from assessments.models import RECORDING, Assessment, Event, NextStep, Stage
from coalitions import audit
from coalitions.models import AuditEvent, Coalition
from milestones.answers import Conflict

NEXT_STEP_STAGES = (Stage.DRAFT, Stage.COLLECTING, *RECORDING)


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
    if version or was_removed("remove_next_step", about=assessment, step=str(key)):
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
        return was_removed("remove_next_step", about=assessment, step=str(key))
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
