"""A quarter is opened: which one, how much is asked, what is set aside; and the draft edited, started or deleted."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assessments import guards
from assessments.drafting.asked import asked_indicators
from assessments.models import RECORDING, AgreedRating, Assessment, Mode, RoomSees, SetAside, Stage
from assessments.quarters import Quarter
from coalitions import audit
from coalitions.models import Coalition
from milestones.answers import Conflict
from milestones.models import Descriptor, Indicator, Milestone, Rubric

FOCUS_SIZE = 2
LAST_OF_OURS = 7  # own milestones are numbered after it
DEFERRING = (2, 5)  # safety and trust; directed by parents and providers (domain.md, b.8)
FIRST_OWN = 100  # own indicators stand after those of the rubric


@transaction.atomic
def open_quarter(
    *,
    coalition,
    quarter: Quarter,
    mode,
    focus=(),
    meets_on=None,
    room_sees=RoomSees.MEETING_ONLY,
    closes_on=None,
    deference=None,
    by,
) -> Assessment:
    """A draft of a quarter, pinned to the current rubric; Conflict (409) where the quarter is open already.

    `deference` are the milestones where the lower of the two sides is suggested; by default those that defer.
    """
    rubric = Rubric.objects.current()
    if rubric is None:
        raise Conflict(_("No version of the rubric is published yet. Ask an administrator."))
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                coalition=coalition,
                quarter_text=str(quarter),
                rubric=rubric,
                mode=mode,
                room_sees=room_sees,
                closes_on=closes_on,
                meets_on=meets_on,
                opened_by=by,
            )
    except IntegrityError:
        there = Assessment.objects.select_related("coalition").get(coalition=coalition, quarter_text=str(quarter))
        raise Conflict(_("This quarter is open already."), back_url=there.get_absolute_url()) from None
    set_focus(assessment, focus)
    assessment.deference.set(rubric.milestones.filter(number__in=DEFERRING) if deference is None else deference)
    audit.record("open_quarter", about=assessment, by=by, quarter=str(quarter), mode=mode)
    return assessment


def set_focus(assessment, focus):
    """Keep two focus milestones in Focus mode, none in the others; ValidationError for any other number."""
    if assessment.mode == Mode.FOCUS:
        if len(focus) != FOCUS_SIZE:
            raise ValidationError({"focus": _("Choose two milestones to focus on.")})
        assessment.focus.set(focus)
    else:
        assessment.focus.clear()


@transaction.atomic
def edit_draft(
    *, assessment, version, mode, focus=(), meets_on=None, room_sees=None, closes_on=None, deference=None, by
) -> Assessment:
    """Change how a quarter is asked while it is a draft; Conflict (409) where the draft has moved on.

    Without `room_sees`, it and `closes_on` stay as they are; without `deference`, that does. A repeat changes nothing.
    """
    assessment = guards.lock(assessment, Stage.DRAFT)
    if room_sees is None:
        room_sees, closes_on = assessment.room_sees, assessment.closes_on
    fields = {"mode": mode, "meets_on": meets_on, "room_sees": room_sees, "closes_on": closes_on}
    if _asks_already(assessment, fields, focus if mode == Mode.FOCUS else (), deference):
        return assessment
    if assessment.version != version:
        raise Conflict(_("Somebody changed this page while you had it open. Look at it again, then save."))
    for name, value in fields.items():
        setattr(assessment, name, value)
    assessment.version = version + 1
    assessment.save(update_fields=[*fields, "version"])
    set_focus(assessment, focus)
    if deference is not None:
        assessment.deference.set(deference)
    audit.record("edit_draft", about=assessment, by=by, mode=mode)
    return assessment


def _asks_already(assessment, fields, focus, deference) -> bool:
    """Whether the draft is as somebody wants it to be."""
    chosen = [(assessment.focus, focus), *([(assessment.deference, deference)] if deference is not None else [])]
    return all(getattr(assessment, name) == value for name, value in fields.items()) and all(
        set(there.values_list("pk", flat=True)) == {milestone.pk for milestone in wanted} for there, wanted in chosen
    )


@transaction.atomic
def start_meeting(*, assessment, by) -> Assessment:
    """From draft to discussing without ballots: what is asked is fixed, one unrated row for each indicator.

    A repeat, when it has started already, changes nothing.
    """
    assessment = guards.lock(assessment, Stage.DRAFT, Stage.DISCUSSING)
    if assessment.stage == Stage.DISCUSSING:
        return assessment
    AgreedRating.objects.bulk_create(
        AgreedRating(assessment=assessment, indicator=indicator) for indicator in asked_indicators(assessment)
    )
    assessment.room_sees = RoomSees.MEETING_ONLY
    assessment.save(update_fields=["room_sees"])
    assessment.enter(Stage.DISCUSSING)
    audit.record("start_meeting", about=assessment, by=by)
    return assessment


@transaction.atomic
def delete_draft(*, assessment, by):
    """Delete a draft and what hangs on it; its line in the history stays."""
    assessment = guards.lock(assessment, Stage.DRAFT)
    audit.record("delete_draft", about=assessment, by=by, quarter=assessment.quarter_text)
    assessment.delete()


SETTING_ASIDE = (Stage.DRAFT, *RECORDING)


class OtherReason(ValueError):
    """A milestone was set aside meanwhile with another reason, which this holds: answered with 422, nothing lost."""


@transaction.atomic
def set_aside(*, assessment, milestone, reason, by, as_read="") -> SetAside:
    """Choose not to rate a milestone this quarter, with the reason; again with another reason, to change it.

    OtherReason where the reason that stands there is not the one the sender read.
    """
    assessment = guards.lock(assessment, *SETTING_ASIDE)
    if (row := SetAside.objects.filter(assessment=assessment, milestone=milestone, reason=reason).first()) is not None:
        return row
    there = SetAside.objects.filter(assessment=assessment, milestone=milestone).first()
    if there and there.reason != as_read:
        raise OtherReason(there.reason)
    row, _made = SetAside.objects.update_or_create(
        assessment=assessment, milestone=milestone, defaults={"reason": reason}
    )
    audit.record("set_aside", about=assessment, by=by, milestone=milestone.slug, reason=reason)
    return row


@transaction.atomic
def take_up_again(*, assessment, milestone, by):
    """Rate a milestone after all; where it was not set aside, nothing changes."""
    assessment = guards.lock(assessment, *SETTING_ASIDE)
    if SetAside.objects.filter(assessment=assessment, milestone=milestone).delete()[0]:
        audit.record("take_up_again", about=assessment, by=by, milestone=milestone.slug)


def _own_rubric(coalition) -> Rubric:
    """The rubric that holds what this coalition added, made with the first thing it adds; the coalition is locked."""
    locked = Coalition.objects.select_for_update().get(pk=coalition.pk)
    if locked.own_rubric_id is None:
        locked.own_rubric = Rubric.objects.create(version=f"own-{locked.pk}", own=True)
        locked.save(update_fields=["own_rubric"])
    coalition.own_rubric = locked.own_rubric
    return locked.own_rubric


def own_questions(coalition):
    """The indicators of the coalition's own that are asked, in order."""
    return Indicator.objects.filter(
        milestone__rubric=coalition.own_rubric_id, milestone__rubric__own=True, retired=False
    ).select_related("milestone")


def next_own_code(coalition) -> str:
    """The code the next own indicator or milestone of a coalition will have: own-1, own-2, …"""
    codes = Indicator.objects.filter(milestone__rubric=coalition.own_rubric_id).values_list("code", flat=True)
    slugs = Milestone.objects.filter(rubric=coalition.own_rubric_id, slug__startswith="own-")
    used = [int(code.removeprefix("own-")) for code in [*codes, *slugs.values_list("slug", flat=True)]]
    return f"own-{max(used, default=0) + 1}"


def _is_next(code, coalition) -> str:
    """The code, where it is the one the next will have; KeyReused for another."""
    if code != next_own_code(coalition):
        raise guards.KeyReused(code)
    return code


def _same(row, texts) -> bool:
    return all(getattr(row, name) == value for name, value in texts.items())


@transaction.atomic
def add_own_milestone(*, assessment, code, name, definition, by) -> Milestone:
    """A milestone of the coalition's own, beside the seven; KeyReused where the code arrived with other words."""
    assessment = guards.lock(assessment, Stage.DRAFT)
    texts = {"name_en": name, "name_es": name, "definition_en": definition, "definition_es": definition}
    rubric = _own_rubric(assessment.coalition)
    there = rubric.milestones.filter(slug=code).first()
    if there and _same(there, texts):
        return there
    after = max([LAST_OF_OURS, *rubric.milestones.filter(slug__startswith="own-").values_list("number", flat=True)])
    milestone = Milestone.objects.create(
        rubric=rubric, number=after + 1, slug=_is_next(code, assessment.coalition), **texts
    )
    audit.record("add_own_milestone", about=assessment, by=by, code=code, name=name)
    return milestone


@transaction.atomic
def add_own_indicator(*, assessment, code, milestone, title, question, descriptors, by) -> Indicator:
    """An indicator of the coalition's own under a milestone, on the same ladder of five described levels.

    Under a milestone of the rubric it hangs on a stand-in of the own rubric with the same slug, so that a
    published version never changes. KeyReused where the code arrived with other words.
    """
    assessment = guards.lock(assessment, Stage.DRAFT)
    rubric = _own_rubric(assessment.coalition)
    texts = {"title_en": title, "title_es": title, "question_en": question, "question_es": question}
    there = Indicator.objects.filter(milestone__rubric=rubric, milestone__slug=milestone.slug, code=code).first()
    if there and _same(there, texts) and list(there.descriptors.values_list("text_en", flat=True)) == [*descriptors]:
        return there
    _is_next(code, assessment.coalition)
    stand_in, _made = Milestone.objects.get_or_create(
        rubric=rubric,
        slug=milestone.slug,
        defaults={"number": milestone.number, "name_en": milestone.name_en, "name_es": milestone.name_es},
    )
    indicator = Indicator.objects.create(
        milestone=stand_in, position=FIRST_OWN + int(code.removeprefix("own-")), code=code, **texts
    )
    Descriptor.objects.bulk_create(
        Descriptor(indicator=indicator, value=value, text_en=text, text_es=text)
        for value, text in enumerate(descriptors)
    )
    audit.record("add_own_indicator", about=assessment, by=by, code=code, title=title)
    return indicator


@transaction.atomic
def retire_own_indicator(*, assessment, code, by):
    """Stop asking an indicator of one's own; one that was never asked is deleted, so that it can be written anew.

    Where none of this code is asked, nothing changes.
    """
    assessment = guards.lock(assessment, Stage.DRAFT)
    indicator = next((row for row in own_questions(assessment.coalition) if row.code == code), None)
    if indicator is None:
        return
    if AgreedRating.objects.filter(indicator=indicator).exists():
        Indicator.objects.filter(pk=indicator.pk).update(retired=True)
    else:
        indicator.delete()
    audit.record("retire_own_indicator", about=assessment, by=by, code=code)
