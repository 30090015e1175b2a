"""The doors of this app: an assessment with the right to it, and what a reader of shared pages may read."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from assessments import guards
from assessments.models import AgreedRating, Assessment, Stage, Standing
from assessments.quarters import Quarter
from coalitions.access import get_coalition
from coalitions.models import Coalition, Pledge, Role
from coalitions.permissions import Permission, can, held, memberships, roles_with


def get_assessment(user, slug: str, quarter: Quarter, *, to: Permission, at: tuple[Stage, ...] = ()) -> Assessment:
    """A coalition's assessment of one quarter: 404 to whoever is outside or where there is none, 403 without
    the right, 409 (Conflict) at another stage than those of `at`."""
    coalition = get_coalition(user, slug, to=to)
    assessment = coalition.assessments.filter(quarter_text=str(quarter)).select_related("rubric").first()
    if assessment is None:
        raise Http404
    assessment.coalition = coalition
    return guards.check_stage(assessment, *at)


def get_rating(user, slug, quarter, code: str, *, to: Permission, at: tuple[Stage, ...] = ()) -> AgreedRating:
    """What was agreed on one indicator of an assessment, by `get_assessment`; 404 where it was not asked."""
    assessment = get_assessment(user, slug, quarter, to=to, at=at)
    ratings = assessment.agreed_ratings.select_related("indicator__milestone__rubric", "saved_by")
    rating = ratings.filter(indicator__code=code).first()
    if rating is None:
        raise Http404
    rating.assessment = assessment
    return rating


class PledgeNeeded(Exception):
    """A funder or an evaluator who has not accepted the pledge: sent to it with 302."""


def require_reader(user):
    """Let in who may read shared pages: funders and evaluators after the pledge, leads whose coalition shares.

    PermissionDenied (403) for everybody else, PledgeNeeded for a reader before the pledge.
    """
    reading = reads_shared(user)
    if reading:
        if not reading[0].pledged:
            raise PledgeNeeded
    elif not leads_a_sharing_coalition(user):
        raise PermissionDenied


def reads_shared(user) -> list:
    """The person's memberships that let them read what coalitions share."""
    roles = roles_with(Permission.READ_SHARED)
    return [membership for membership in held(user) if membership.role in roles]


def leads_a_sharing_coalition(user) -> bool:
    """Whether this person leads a coalition that shares something at this moment."""
    return any(membership.role == Role.LEAD and membership.shares for membership in held(user))


def readable(user):
    """The shared standings that a reader may read; call `require_reader` first. A lead reads what all share."""
    if reads_shared(user):
        return Standing.objects.shared_with(user)
    return Standing.objects.shared()


def get_shared_coalition(user, state: str, slug: str) -> Coalition:
    """One coalition among those a reader reaches; 404 outside their scope or in another state."""
    coalitions = Coalition.objects.select_related("state").filter(state=state.upper(), slug=slug)
    coalition = coalitions.first()
    if coalition is None:
        raise Http404
    reached = {membership.coalition_id for membership in reads_shared(user)}
    if reached and not reached & {None, coalition.pk}:
        raise Http404
    return coalition


def export_scope(user):
    """The coalitions whose submitted revisions an evaluator may export; 403 for everybody else."""
    granting = memberships(user, Permission.EXPORT)
    if not granting.exists():
        raise PermissionDenied
    if not Pledge.objects.filter(user=user).exists():
        raise PledgeNeeded
    return named_by(granting)


def followed(user):
    """The coalitions of which somebody may see who opened, started and submitted: an evaluator's, after the pledge, or
    all of them for an administrator; 403 for everybody else."""
    granting = memberships(user, Permission.FOLLOW)
    if not granting.exists():
        raise PermissionDenied
    if can(user, Permission.READ_SHARED) and not Pledge.objects.filter(user=user).exists():
        raise PledgeNeeded
    return named_by(granting)


def named_by(granting):
    """The coalitions that these memberships name; one that names none means all of them."""
    if granting.filter(coalition=None).exists():
        return Coalition.objects.all()
    return Coalition.objects.filter(pk__in=granting.values("coalition"))
