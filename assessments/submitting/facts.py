"""Reads one assessment's record out of the database as plain facts, for `snapshot.body`."""

from assessments.discussing.step_actions import last_steps
from assessments.drafting.asked import milestones_of
from assessments.models import NextStep, Release, Revision
from assessments.submitting.snapshot import MembersSaid, direction_labels
from milestones.bilingual import both
from milestones.models import Indicator


def previous_body(assessment) -> dict | None:
    """The body of the latest revision of the last earlier quarter that was submitted; None for the first."""
    revision = Revision.objects.last_before(assessment)
    return revision.content if revision else None


def members_said(assessment) -> MembersSaid:
    """What the members said, as far as the releases of this quarter and of the one just before it hold it."""
    release = Release.objects.filter(assessment=assessment).first()
    if release is None:
        return MembersSaid()
    submitted = Revision.objects.filter(
        coalition=assessment.coalition_id, quarter_text=str(assessment.quarter.previous)
    )  # of a quarter that was not, no file holds what the members said, and a shift would tell it
    just_before = Release.objects.filter(assessment__in=submitted.values("assessment")).first()
    return MembersSaid(
        release=release.content,
        sha256=release.sha256,
        defers=frozenset(assessment.deference.values_list("slug", flat=True)),
        labels_before=direction_labels(just_before and just_before.content),
    )


def recorded(assessment, *, revision: int, reason: str = "") -> dict:
    """The facts of an assessment's record, in the shape that `snapshot.body` finishes."""
    coalition = assessment.coalition
    ratings = {
        rating.indicator_id: rating
        for rating in assessment.agreed_ratings.prefetch_related("evidence", "different_views")
    }
    aside = {row.milestone.slug: row.reason for row in assessment.set_asides.select_related("milestone")}
    stories = {
        row.milestone.slug if row.milestone else None: row.text
        for row in assessment.stories.select_related("milestone")
    }
    focus = set(assessment.focus.values_list("slug", flat=True))
    asked_of = indicators_by_slug(assessment, ratings)
    lineage = lineages(assessment)
    return {
        "coalition": {
            "id": str(coalition.pk),
            "name": coalition.name,
            "slug": coalition.slug,
            "state": coalition.state_id,
        },
        "quarter": assessment.quarter_text,
        "revision": revision,
        "reason": reason,
        "rubric_version": assessment.rubric.version,
        "mode": assessment.mode,
        "focus": sorted(focus),
        "room_sees": assessment.room_sees,
        "sample": coalition.sample,
        "milestones": [
            {
                "number": milestone.number,
                "slug": milestone.slug,
                "name": both(milestone, "name"),
                "own": milestone.slug.startswith("own-"),
                "focus": milestone.slug in focus,
                "set_aside": aside.get(milestone.slug),
                "story": stories.get(milestone.slug, ""),
                "indicators": [
                    indicator_facts(indicator, ratings.get(indicator.pk), lineage)
                    for indicator in asked_of.get(milestone.slug, [])
                ],
            }
            for milestone in milestones_of(assessment)
        ],
        "beyond": stories.get(None, ""),
        "next_steps": [
            # What came of them belongs to the next quarter, which may not be shared.
            {**step_facts(step), "status": NextStep.Status.PLANNED.value, "what_happened": ""}
            for step in assessment.next_steps.select_related("milestone")
        ],
        "looked_back": [step_facts(step) for step in last_steps(assessment)],
    }


def indicators_by_slug(assessment, ratings) -> dict[str, list[Indicator]]:
    """The pinned version's indicators and the asked ones of the coalition's own, by the slug of their milestone."""
    own = assessment.coalition.own_rubric_id
    rubrics = [assessment.rubric_id, *([own] if own else [])]
    found: dict[str, list[Indicator]] = {}
    rows = Indicator.objects.filter(milestone__rubric__in=rubrics).select_related("milestone")
    for indicator in rows.order_by("milestone__rubric__own", "position"):
        if indicator.pk in ratings or (indicator.milestone.rubric_id != own and not indicator.retired):
            found.setdefault(indicator.milestone.slug, []).append(indicator)
    return found


def lineages(assessment) -> dict[int, tuple[int | None, list[int]]]:
    """For each indicator: the one it continues, and the ids its levels compare with, itself first."""
    continues = {row.pk: row for row in Indicator.objects.only("pk", "continues_id", "comparable")}
    found = {}
    for pk, row in continues.items():
        line = [pk]
        while row.comparable and row.continues_id:
            line.append(row.continues_id)
            row = continues[row.continues_id]
        found[pk] = (continues[pk].continues_id, line)
    return found


def indicator_facts(indicator, rating, lineage) -> dict:
    """One indicator with what was agreed on it; without a rating, one that was not asked."""
    continues, line = lineage[indicator.pk]
    return {
        "id": indicator.pk,
        "code": indicator.code,
        "title": both(indicator, "title"),
        "question": both(indicator, "question"),
        "core": indicator.core,
        "own": indicator.code.startswith("own-"),
        "continues": continues,
        "lineage": line,
        "asked": rating is not None,
        "outcome": rating.outcome if rating else "",
        "level": rating.level if rating else None,
        "reason": rating.reason if rating else "",
        "confirmed": bool(rating and rating.confirmed),
        "different_views": [
            {
                "id": str(view.pk),
                "text": view.text,
                "signed": view.signed_by_id is not None,  # whose it is stays out, so that a closed account has no name
                "coalition_only": view.coalition_only,
            }
            for view in sorted(rating.different_views.all() if rating else [], key=lambda view: view.pk)
        ],
        "evidence": [evidence_facts(item) for item in (rating.evidence.all() if rating else [])],
    }


def evidence_facts(item) -> dict:
    return {
        "id": str(item.pk),
        "kind": item.kind,
        "shows": item.shows,
        "voice": item.voice,
        "dated": item.dated.isoformat() if item.dated else None,
        "link": item.link,
        "file": item.file.name,
        "file_type": item.file_type,
        "visibility": item.visibility,
        "consent": item.consent,
        "brought_forward_from": item.brought_forward_from,
    }


def step_facts(step) -> dict:
    return {
        "id": str(step.pk),
        "milestone": step.milestone.slug if step.milestone else "",
        "kind": step.kind,
        "text": step.text,
        "owner_name": step.owner_name,
        "owner_role": step.owner_role,
        "due_on": step.due_on.isoformat(),
        "status": step.status,
        "what_happened": step.what_happened,
    }
