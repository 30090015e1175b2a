"""What the pages of one coalition and of one state are made of, as frozen dataclasses of `rows`.

With `closed_quarters` and `across` the only reader of the database in reports.

The number of queries hangs on the page alone, never on how many states, coalitions or quarters it shows.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Subquery
from django.utils.translation import gettext as _

from assessments import access
from assessments.models import Assessment, DifferentView, Event, Revision, Sharing, Standing
from assessments.quarters import Quarter
from assessments.reports import rows
from coalitions import audit
from coalitions.models import Coalition, State
from coalitions.permissions import Permission, memberships
from milestones.bilingual import pick
from milestones.models import Finding, Milestone, Rubric

FIELDS = (
    "coalition_id", "quarter_text", "revision_id", "number", "slug", "own", "focus", "level", "level_status",
    "level_rule", "core_level", "series", "evidence_tag", "sharing", "members_view", "revision__number",
    "direction_label", "agreement", "n_band",
)  # fmt: skip


def as_rows(standings) -> list[rows.Row]:
    """Standings as rows, unmasked: only for what `rows.outside` or `rows.inside` then takes."""
    found = standings.order_by("coalition_id", "quarter_text", "number", "slug").values_list(*FIELDS)
    quarters: dict[str, Quarter] = {}
    return [
        rows.Row(of[0], quarters.get(of[1]) or quarters.setdefault(of[1], Quarter.parse(of[1])), *of[2:])
        for of in found
    ]


def shared_rows(user, **of) -> list[rows.Row]:
    """What this reader may read of the standings with these fields."""
    return rows.outside(as_rows(access.readable(user).filter(**of)))


def rows_inside(coalition) -> list[rows.Row]:
    """All that a coalition submitted, of each quarter the last revision, for its own people."""
    return rows.inside(as_rows(Standing.objects.filter(coalition=coalition).latest()))


def rows_of_revision(revision) -> list[rows.Row]:
    """One revision, for the coalition's own people."""
    return rows.inside(as_rows(Standing.objects.filter(revision=revision)))


def rows_of_assessment(assessment) -> list[rows.Row]:
    """Every revision of one quarter with what is shared of it now, unmasked, to look at before sharing."""
    return as_rows(Standing.objects.filter(revision__assessment=assessment))


def shared_by(coalition) -> list[rows.Row]:
    """What a coalition shares now, as its readers see it."""
    return rows.outside(as_rows(Standing.objects.filter(coalition=coalition).shared()))


def in_scope(user):
    """The coalitions that this reader's memberships reach; all of them for a lead, who has none as a reader."""
    reading = access.reads_shared(user)
    if not reading or any(membership.coalition_id is None for membership in reading):
        return Coalition.objects.all()
    return Coalition.objects.filter(Exists(memberships(user, Permission.READ_SHARED).filter(coalition=OuterRef("pk"))))


def coalitions(user, **of) -> list[rows.Coalition]:
    """The coalitions in this reader's scope, A to Z, with the first and last quarter each shares."""
    theirs = Standing.objects.shared().filter(coalition=OuterRef("pk")).values("quarter_text")
    found = in_scope(user).filter(**of).select_related("state")
    found = found.annotate(
        first=Subquery(theirs.order_by("quarter_text")[:1]), last=Subquery(theirs.order_by("-quarter_text")[:1])
    )
    return sorted((as_coalition(row, row.first, row.last) for row in found), key=lambda row: row.order)


def as_coalition(coalition, first=None, last=None) -> rows.Coalition:
    return rows.Coalition(
        id=coalition.pk,
        slug=coalition.slug,
        name=coalition.name,
        state=coalition.state_id,
        state_name=coalition.state.name,
        sample=coalition.sample,
        about=coalition.about,
        working_since=coalition.working_since,
        zone=coalition.time_zone,
        first=Quarter.parse(first) if first else None,
        last=Quarter.parse(last) if last else None,
    )


def state_name(code: str) -> str | None:
    """The name of a state in the reader's language; None where there is no such state."""
    state = State.objects.filter(code=code).first()
    return state.name if state else None


def milestone_names() -> dict[str, str]:
    """The milestones of the version published last, in its order: name by slug."""
    current = Rubric.objects.published().order_by("-published_at", "-pk").values("pk")[:1]
    return {row.slug: row.name for row in Milestone.objects.filter(rubric=Subquery(current)).order_by("number")}


@dataclass(frozen=True)
class Record:
    """A frozen revision as pages read it."""

    id: object
    number: int
    last_number: int  # of the quarter's last revision
    quarter: Quarter
    submitted_at: datetime
    submitted_by: str
    reason: str
    imported: bool
    sha256: str
    content: dict
    assessment: object
    stage: str


def name_signers(bodies: list[dict]):
    """Put beside each signed different view who signed it: a body does not say, so a closed account has no name."""
    indicators = [i for body in bodies for m in body["milestones"] for i in m["indicators"]]
    signed = [view for indicator in indicators for view in indicator["different_views"] if view["signed"]]
    rows = DifferentView.objects.select_related("signed_by").in_bulk([view["id"] for view in signed]) if signed else {}
    names = {str(pk): str(row.signed_by) for pk, row in rows.items()}
    for view in signed:
        view["signed_by"] = names.get(view["id"], _("somebody who took it back later"))


def records(*, named=True, **of) -> dict[object, Record]:
    """The revisions with these fields, by id, each with its body; `named` with who signed what, for people inside."""
    last = Revision.objects.filter(assessment=OuterRef("assessment")).order_by("-number").values("number")[:1]
    found = Revision.objects.filter(**of).annotate(last_number=Subquery(last), stage=F("assessment__stage"))
    found = list(found.select_related("submitted_by"))
    if named:
        name_signers([row.content for row in found])
    return {
        row.pk: Record(
            id=row.pk,
            number=row.number,
            last_number=row.last_number,
            quarter=row.quarter,
            submitted_at=row.submitted_at,
            submitted_by=str(row.submitted_by) if row.submitted_by else "",
            reason=row.reason,
            imported=row.imported,
            sha256=row.sha256,
            content=row.content,
            assessment=row.assessment_id,
            stage=row.stage,
        )
        for row in found
    }


@dataclass(frozen=True)
class Submitted:
    """A revision by its name alone."""

    quarter: Quarter
    number: int
    submitted_at: datetime


def submitted(coalition) -> list[Submitted]:
    """Every revision of a coalition, latest first."""
    found = Revision.objects.filter(coalition=coalition).order_by("-quarter_text", "-number")
    return [
        Submitted(Quarter.parse(q), n, at) for q, n, at in found.values_list("quarter_text", "number", "submitted_at")
    ]


def reopened_at(assessment, number: int) -> datetime | None:
    """When revision `number` of a quarter was reopened; None where it was not."""
    acts = audit.history(Assessment(pk=assessment)).filter(verb="reopen")
    return next((act.at for act in acts if act.details.get("revision") == number), None)


def events(coalition_ids) -> dict[object, list[rows.Event]]:
    """The events of these coalitions, by the coalition's id."""
    found: dict[object, list[rows.Event]] = {}
    for row in Event.objects.filter(coalition__in=coalition_ids):
        found.setdefault(row.coalition_id, []).append(rows.Event(row.happened_on, row.words))
    return found


def findings(code: str) -> list[str]:
    """What the source document found about one state, in our words."""
    return [pick({"en": f.text_en, "es": f.text_es}) for f in Finding.objects.filter(state_code=code)]


@dataclass(frozen=True)
class Act:
    """One act of sharing or withdrawing."""

    quarter: Quarter
    at: datetime
    withdrawn: bool
    shares: bool


def acts_of_sharing(coalition) -> list[Act]:
    """What a coalition did about sharing, latest first."""
    found = Sharing.objects.filter(coalition=coalition).order_by("-pk")
    return [
        Act(Quarter.parse(q), at, withdrawn, any(choice != rows.NOTHING for choice in choices.values()))
        for q, at, withdrawn, choices in found.values_list("revision__quarter_text", "at", "withdrawn", "choices")
    ]


def own_milestones(coalition) -> dict[str, str]:
    """The milestones that a coalition added itself: name by slug."""
    return {row.slug: row.name for row in Milestone.objects.filter(rubric=coalition.own_rubric_id)}
