"""The doors: the object and the right to it in one call."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from coalitions.models import INSIDE, READERS, Coalition, Membership, Role
from coalitions.permissions import Permission, can, memberships


def coalitions_inside(user):
    """The coalitions whose own pages exist for this person: their own, or all for an administrator."""
    mine = Membership.objects.filter(user=user, user__is_active=True).filter(
        Q(role__in=INSIDE, coalition=OuterRef("pk")) | Q(role=Role.ADMINISTRATOR)
    )
    return Coalition.objects.filter(Exists(mine)).select_related("state")


def get_coalition(user, slug: str, *, to: Permission) -> Coalition:
    """A coalition's own page: 404 for whoever is outside, 403 without the right."""
    granting = memberships(user, to).filter(Q(coalition=None) | Q(coalition=OuterRef("pk")))
    coalition = coalitions_inside(user).filter(slug=slug).annotate(is_granted=Exists(granting)).first()
    if coalition is None:
        raise Http404
    if not coalition.is_granted:
        raise PermissionDenied
    return coalition


def reach(user, permission: Permission):
    """A condition on rows with a `coalition`: one of the person's memberships with this permission reaches it."""
    return Exists(memberships(user, permission).filter(Q(coalition=None) | Q(coalition=OuterRef("coalition"))))


def require(user, permission: Permission):
    """Stop with 403 whoever has the permission nowhere."""
    if not can(user, permission):
        raise PermissionDenied


def readers_of(coalition: Coalition):
    """The memberships of funders and evaluators that reach a coalition, with person and pledge, for it to see."""
    return (
        Membership.objects.filter(Q(coalition=coalition) | Q(coalition=None), role__in=READERS, user__is_active=True)
        .select_related("user__pledge")
        .order_by("role", "organisation", "user__name", "pk")
    )
