"""What the coalition agreed is recorded: ratings, different views, stories; the meeting is moved on."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments import guards
from assessments.discussing.heard import heard_of, lacks_reason
from assessments.discussing.saving import Overwritten, is_repeat, joined, was_removed
from assessments.discussing.step_actions import NEXT_STEP_STAGES
from assessments.models import (
    RECORDING,
    WITH_LEVEL,
    AgreedRating,
    DifferentView,
    Evidence,
    Meeting,
    NextStep,
    Stage,
    Story,
)
from coalitions import audit
from milestones.answers import Conflict

RATING_UNITS = (("outcome", "level"), ("reason",))
BLANK_RATING = {"outcome": "", "level": None, "reason": ""}
STORY_UNITS = (("text",),)
MEETING_STAGES = (Stage.COLLECTING, Stage.DISCUSSING)
NO_REASON = _("Say why we chose another level than the answers suggest")


class HostedByAnother(Conflict):
    """Another lead hosts this meeting; they can be taken over from."""


class MovedOn(Conflict):
    """The meeting is somewhere else than the sender saw."""


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
    ValidationError where a finished page agrees another level than the ballots suggest, and does not say why.
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
    if confirm and seen_whole:
        _check_reason(row, level=merged["level"], reason=merged["reason"])
    return _save_version(
        row, version, mine, units=RATING_UNITS, blank=BLANK_RATING, by=by, verb="save_agreed_rating",
        confirmed=confirm and seen_whole,
    )  # fmt: skip


def _check_reason(row, *, level, reason):
    heard = heard_of(row)
    if lacks_reason(suggested=heard and heard.suggested, level=level, reason=reason):
        raise ValidationError({"reason": NO_REASON})


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
    if was_removed("withdraw_different_view", about=rating, view=str(key)):
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
def save_story(*, assessment, milestone, version, text, by) -> Story:
    """The coalition's words on a milestone, or Beyond the milestones where none is given."""
    assessment = guards.lock(assessment, *RECORDING)
    row, _made = Story.objects.get_or_create(assessment=assessment, milestone=milestone)
    row.assessment = assessment
    return _save_version(row, version, {"text": text}, units=STORY_UNITS, blank={"text": ""}, by=by, verb="save_story")


@transaction.atomic
def host_meeting(*, assessment, code, step, version, by, take_over=False) -> Meeting:
    """Put the room's screen on one question and step. Whoever does it first hosts, until another lead takes over.

    Taking over moves nothing. A repeat changes nothing. HostedByAnother (409) for any other lead than the host,
    MovedOn (409) where the meeting is at another version than the one that was read; 0 stands for none yet.
    """
    assessment = guards.lock(assessment, *MEETING_STAGES)
    meeting = Meeting.objects.filter(assessment=assessment).select_related("host").first()
    if meeting is None:
        meeting = Meeting.objects.create(assessment=assessment, code=code, step=step, host=by)
        audit.record("host_meeting", about=assessment, by=by, code=code)
        return meeting
    if take_over:
        code, step = meeting.code, meeting.step
    is_host = meeting.host_id == by.pk
    if is_host and (meeting.code, meeting.step) == (code, step):
        return meeting
    if meeting.host_id and not is_host and not take_over:
        raise HostedByAnother(_("%(name)s is hosting. Take over?") % {"name": meeting.host})
    if version != meeting.version and not take_over:
        raise MovedOn(_("The meeting has moved on. This is where it is now."))
    if not is_host:
        audit.record("host_meeting", about=assessment, by=by, code=code)
    meeting.code, meeting.step, meeting.host, meeting.version = code, step, by, meeting.version + 1
    meeting.save(update_fields=["code", "step", "host", "version"])
    return meeting
