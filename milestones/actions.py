"""Writes to the rubric: load a version from its file, draft the next one, publish it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from milestones.bilingual import LANGUAGES
from milestones.models import Descriptor, Finding, Indicator, Level, Milestone, Rubric


def _texts(source: dict, *names) -> dict:
    """The columns `name_en`, `name_es` of texts kept as `{"name": {"en": …, "es": …}}`."""
    return {f"{name}_{tongue}": source[name][tongue] for name in names for tongue in LANGUAGES}


def _lists(source: dict, *names) -> dict:
    return {f"{name}_{tongue}": [text[tongue] for text in source[name]] for name in names for tongue in LANGUAGES}


@transaction.atomic
def load_rubric(source: dict) -> Rubric:
    """The published version that `fixtures/rubric-1.json` holds; the one already there where it was loaded before."""
    there = Rubric.objects.filter(version=source["version"]).first()
    if there:
        return there
    rubric = Rubric.objects.create(version=source["version"], **_texts(source, "note"))
    Level.objects.bulk_create(
        Level(rubric=rubric, value=level["value"], **_texts(level, "name", "meaning")) for level in source["levels"]
    )
    milestones = Milestone.objects.bulk_create(
        Milestone(
            rubric=rubric,
            number=entry["number"],
            slug=entry["slug"],
            **_texts(entry, "name", "definition"),
            **_lists(entry, "prompts", "evidence_examples"),
        )
        for entry in source["milestones"]
    )
    asked = [
        (milestone, position, of)
        for milestone, entry in zip(milestones, source["milestones"], strict=True)
        for position, of in enumerate(entry["indicators"], start=1)
    ]
    indicators = Indicator.objects.bulk_create(
        Indicator(
            milestone=milestone,
            position=position,
            code=of["code"],
            core=of["core"],
            grounding=of["grounding"],
            **_texts(of, "title", "question"),
        )
        for milestone, position, of in asked
    )
    Descriptor.objects.bulk_create(
        Descriptor(indicator=indicator, value=value, text_en=text["en"], text_es=text["es"])
        for indicator, (_milestone, _position, of) in zip(indicators, asked, strict=True)
        for value, text in enumerate(of["descriptors"])
    )
    return publish(rubric)


@transaction.atomic
def load_findings(source: dict) -> int:
    """Put the findings of `fixtures/findings.json` in place of those there; how many there are."""
    Finding.objects.all().delete()
    Finding.objects.bulk_create(
        Finding(
            position=position,
            state_code=found["state"] or "",
            milestone_number=found["milestone"],
            **_texts(found, "text"),
        )
        for position, found in enumerate(source["findings"], start=1)
    )
    return len(source["findings"])


def _copy(row, **changes):
    """A new row with the same columns as this one, these apart; not saved."""
    columns = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    return type(row)(**{**columns, **changes})


@transaction.atomic
def draft_next(*, last: Rubric, version: str) -> Rubric:
    """A draft that copies a version; each indicator continues the one it was copied from, and compares with it."""
    draft = Rubric.objects.create(version=version, continues=last, note_en=last.note_en, note_es=last.note_es)
    Level.objects.bulk_create(_copy(level, rubric_id=draft.pk) for level in last.levels.all())
    for milestone in last.milestones.prefetch_related("indicators__descriptors"):
        copied = _copy(milestone, rubric_id=draft.pk)
        copied.save()
        for indicator in milestone.indicators.all():
            following = _copy(indicator, milestone_id=copied.pk, continues_id=indicator.pk, comparable=True)
            following.save()
            Descriptor.objects.bulk_create(
                _copy(descriptor, indicator_id=following.pk) for descriptor in indicator.descriptors.all()
            )
    return draft


def gaps(rubric: Rubric) -> list[str]:
    """What a version still lacks before it may be published, as sentences; empty when it is whole."""
    found = []
    if rubric.levels.count() != 5:
        found.append(_("A version has five levels, from 0 to 4."))
    for milestone in rubric.milestones.prefetch_related("indicators__descriptors"):
        asked = [indicator for indicator in milestone.indicators.all() if not indicator.retired]
        if sum(indicator.core for indicator in asked) != 1:
            found.append(_("Milestone %(number)s needs one core indicator.") % {"number": milestone.number})
        for indicator in asked:
            described = [d for d in indicator.descriptors.all() if d.text_en and d.text_es]
            if len(described) != 5 or not (indicator.question_en and indicator.question_es):
                found.append(
                    _("Indicator %(code)s needs its question and five described levels in both languages.")
                    % {"code": indicator.code}
                )
    if not rubric.milestones.exists():
        found.append(_("A version needs milestones."))
    return found


@transaction.atomic
def publish(rubric: Rubric) -> Rubric:
    """Make a version the current one; from now on it cannot change. ValidationError with what it still lacks."""
    rubric = Rubric.objects.select_for_update().get(pk=rubric.pk)
    if rubric.published_at:
        return rubric
    lacking = gaps(rubric)
    if lacking:
        raise ValidationError(lacking)
    rubric.published_at = timezone.now()
    rubric.save(update_fields=["published_at"])
    return rubric
