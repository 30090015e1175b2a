"""Plain functions that make what a test needs, through the real verbs wherever there is one."""

import itertools
import json
from datetime import timedelta
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from assessments.collecting import actions as collecting
from assessments.collecting import ballots, close
from assessments.collecting.asked import on_the_ballot
from assessments.discussing import actions as discussing
from assessments.drafting import actions as drafting
from assessments.models import Mode, Stage
from assessments.models.ballots import Answer, Ballot, Direction, ballot_access
from assessments.quarters import Quarter
from assessments.reports import freshness
from assessments.sharing import actions as sharing
from assessments.submitting import actions as submitting
from coalitions.models import AuditEvent, Coalition, Membership, Pledge, Role, State, User
from milestones.actions import load_rubric
from milestones.models import Descriptor, Indicator, Level, Milestone, Rubric

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
QUARTER = Quarter(2026, 2)
numbers = itertools.count(1)
RUBRIC = json.loads((FIXTURES / "rubric-1.json").read_text())
OF_RUBRIC = {
    Rubric: "pk", Level: "rubric", Milestone: "rubric", Indicator: "milestone__rubric",
    Descriptor: "indicator__milestone__rubric",
}  # fmt: skip
LOADED: dict[type, list] = {}


def rubric() -> Rubric:
    """The published rubric: loaded by its verb once in a process, and then put there as that left it."""
    if there := Rubric.objects.filter(version=RUBRIC["version"]).first():
        return there
    if not LOADED:
        there = load_rubric(RUBRIC)
        LOADED.update({model: list(model._base_manager.filter(**{of: there.pk})) for model, of in OF_RUBRIC.items()})
        return there
    (there,) = LOADED[Rubric]
    there.published_at = timezone.now()
    for model, rows in LOADED.items():
        QuerySet(model).bulk_create(rows)  # the model's own refuses what belongs to a published version
    return Rubric.objects.get(pk=there.pk)


def full_log():
    """As many acts as a shared page looks back through, so that it reads no more of them when more come."""
    AuditEvent.objects.bulk_create(AuditEvent(verb="generate") for _act in range(freshness.WINDOW))


def state(code="OH") -> State:
    entry = next(s for s in json.loads((FIXTURES / "states.json").read_text()) if s["code"] == code)
    fields = {"name_en": entry["name"]["en"], "name_es": entry["name"]["es"], "kind": entry["kind"]}
    return State.objects.get_or_create(code=code, defaults={**fields, "row": entry["row"], "column": entry["column"]})[
        0
    ]


def coalition(name="Sample Buckeye Coalition", at="OH", slug=None, **fields) -> Coalition:
    slug = slug or name.lower().replace(" ", "-").replace(".", "")
    return Coalition.objects.create(name=name, state=state(at), slug=slug, **fields)


def person(role=None, coalition=None, *, name=None, pledged=True, **fields) -> User:
    name = name or f"Person {next(numbers)}"
    user = User.objects.create_user(f"{name.lower().replace(' ', '.')}.{next(numbers)}@example.org", name=name)
    if role:
        Membership.objects.create(user=user, role=role, coalition=coalition, **fields)
        if pledged and role in (Role.FUNDER, Role.EVALUATOR):
            Pledge.objects.create(user=user)
    return user


def draft(coalition, *, by, quarter=QUARTER, mode=Mode.CORE, focus=(), **fields):
    if Rubric.objects.current() is None:
        rubric()
    return drafting.open_quarter(coalition=coalition, quarter=quarter, mode=mode, focus=focus, by=by, **fields)


def collecting_assessment(coalition, *, by, room_sees="compare_voices", days=14, **fields):
    """An assessment that takes ballots, for so many days from today."""
    closes_on = timezone.localdate() + timedelta(days=days)
    opened = draft(coalition, by=by, room_sees=room_sees, closes_on=closes_on, **fields)
    return collecting.open_collecting(assessment=opened, by=by)


def ballot(assessment, levels, *, voice="parent", sent=True, beyond="", user=None, notes=None, **directions) -> User:
    """A ballot of somebody new (or of `user`) with one level for every question, or with levels by code.

    `levels`: a level, "c" (can't see), "s" (skip), or a dict of these by code. `notes`: ticked notes by code.
    `directions`: choices by slug of milestone, with _ for -. Begun through its verb; what follows are the rows that
    the other verbs leave (test_factories.py), at once, since tests cast thousands.
    """
    user = user or person(Role.MEMBER, assessment.coalition)
    begun = ballots.begin(assessment=assessment, user=user, device=None, voice=voice)
    indicators, milestones = on_the_ballot(assessment)
    said = {slug.replace("_", "-"): choice for slug, choice in directions.items()}
    with ballot_access("test"):
        Answer.objects.bulk_create(
            answer_rows(begun.id, indicators, levels, notes or {}),
            update_conflicts=True,
            unique_fields=["ballot", "indicator"],
            update_fields=["kind", "level", "note", "note_ticked"],
        )
        Direction.objects.filter(ballot=begun.id).delete()
        Direction.objects.bulk_create(
            Direction(ballot_id=begun.id, milestone=row, choice=said[row.slug])
            for row in milestones
            if row.slug in said
        )
        Ballot.objects.filter(pk=begun.id).update(beyond=beyond, beyond_ticked=bool(beyond), sent=begun.sent or sent)
    return user


def answer_rows(ballot, indicators, levels, notes):
    """The answers of a ballot as rows."""
    for indicator in indicators:
        mark = levels.get(indicator.code) if isinstance(levels, dict) else levels
        if mark is None:
            continue
        kind = {"c": ballots.CANT_SEE, "s": ballots.SKIP}.get(mark, ballots.LEVEL)
        note = notes.get(indicator.code, "")
        yield Answer(
            ballot_id=ballot, indicator=indicator, kind=kind, level=mark if kind == ballots.LEVEL else None, note=note,
            note_ticked=bool(note),
        )  # fmt: skip


def closed(coalition, *, by, parents=(), others=(), **fields):
    """An assessment that was collecting and is closed: a ballot for each level of the two sides."""
    assessment = collecting_assessment(coalition, by=by, **fields)
    for level in parents:
        ballot(assessment, level, voice="parent")
    for level in others:
        ballot(assessment, level, voice="staff")
    close.close(assessment=assessment, by=by)
    assessment.refresh_from_db()
    return assessment


def discussing_assessment(coalition, *, by, **fields):
    return drafting.start_meeting(assessment=draft(coalition, by=by, **fields), by=by)


def rate(assessment, code, level=None, *, by, outcome="agreed", reason=""):
    """Agree one indicator and confirm it."""
    rating = assessment.agreed_ratings.select_related("assessment__coalition").get(indicator__code=code)
    return discussing.save_agreed_rating(
        rating=rating, version=rating.version, outcome=outcome, level=level, reason=reason, confirm=True, by=by
    )


def rate_all(assessment, level=2, *, by):
    for code in assessment.agreed_ratings.values_list("indicator__code", flat=True):
        rate(assessment, code, level, by=by)


def submitted(coalition, *, by, level=2, quarter=QUARTER, mode=Mode.CORE, focus=()):
    """A submitted quarter in which every item was agreed at one level."""
    assessment = discussing_assessment(coalition, by=by, quarter=quarter, mode=mode, focus=focus)
    rate_all(assessment, level, by=by)
    submit(assessment, by=by)
    assessment.refresh_from_db()
    return assessment


def submit(assessment, *, by, at=None):
    number = assessment.revisions.count() + 1
    return submitting.submit(assessment=assessment, number=number, despite_warnings=True, by=by, at=at)


def share(assessment, what="level_and_story", *, by, slugs=None, members_view=False):
    """Share the last revision: all milestones, or those named."""
    revision = assessment.revisions.order_by("-number").first()
    slugs = slugs or [s for s in revision.standings.values_list("slug", flat=True) if s != "beyond"]
    return sharing.share(
        assessment=assessment,
        number=revision.number,
        choices=dict.fromkeys(slugs, what),
        members_view=members_view,
        by=by,
    )


def at_stage(coalition, stage, *, by, quarter=QUARTER):
    """An assessment at any stage."""
    if stage == Stage.DRAFT:
        return draft(coalition, by=by, quarter=quarter)
    if stage == Stage.COLLECTING:
        assessment = collecting_assessment(coalition, by=by, quarter=quarter)
    elif stage == Stage.DISCUSSING:
        assessment = discussing_assessment(coalition, by=by, quarter=quarter)
    else:
        assessment = submitted(coalition, by=by, quarter=quarter)
        if stage == Stage.REOPENED:
            submitting.reopen(assessment=assessment, number=1, reason="A date was wrong", by=by)
    assessment.refresh_from_db()
    return assessment
