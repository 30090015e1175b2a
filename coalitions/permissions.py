"""Who may do what: one table from role to permissions, and the one question asked of it.

The table is the matrix of access-privacy-reliability.md (c); tests/authz_matrix.yaml holds it route by route.
"""

from enum import Enum

from django.db.models import Exists, OuterRef, Q

from coalitions.models import Membership, Pledge, Role


class Permission(Enum):
    READ_COALITION = "see a coalition's page, people and history"
    READ_RECORD = "read a coalition's own results, record and revisions"
    RATE = "answer the quarter's ballot, one's own"
    TYPE_PAPER = "type in ballots from paper, where a lead named them for it"
    ADD_DIFFERENT_VIEW = "add a different view to an agreed rating"
    SEE_TASKS = "see how far the quarter's assessment is"
    RUN = "open, edit and submit the quarter's assessment"
    RECORD = "record what was agreed, with evidence, stories and next steps"
    SHARE = "choose what leaves the coalition, and withdraw it"
    DELETE_DRAFT = "delete an assessment that is still a draft"
    REOPEN = "let a submitted record change again"
    EDIT_COALITION = "change a coalition's settings"
    MANAGE_PEOPLE = "add and remove people of a coalition"
    IMPORT = "import a coalition's past quarters"
    READ_SHARED = "read what coalitions share"
    EXPORT = "take away the evaluators' files"
    FOLLOW = "see which coalitions opened, started and submitted a quarter"
    SET_UP = "set up states, coalitions, people and rubric versions"


P = Permission
GRANTS = {
    Role.MEMBER: {P.READ_COALITION, P.READ_RECORD, P.RATE, P.TYPE_PAPER, P.ADD_DIFFERENT_VIEW},
    Role.LEAD: {
        P.READ_COALITION, P.READ_RECORD, P.RATE, P.ADD_DIFFERENT_VIEW, P.SEE_TASKS, P.RUN, P.RECORD, P.SHARE,
        P.DELETE_DRAFT, P.REOPEN, P.EDIT_COALITION, P.MANAGE_PEOPLE, P.IMPORT,
    },
    Role.FUNDER: {P.READ_SHARED},
    Role.EVALUATOR: {P.READ_SHARED, P.EXPORT, P.FOLLOW},
    Role.ADMINISTRATOR: {
        P.READ_COALITION, P.SEE_TASKS, P.DELETE_DRAFT, P.REOPEN, P.EDIT_COALITION, P.MANAGE_PEOPLE, P.IMPORT,
        P.FOLLOW, P.SET_UP,
    },
}  # fmt: skip


def roles_with(permission: Permission) -> list[str]:
    """The roles that the table grants a permission."""
    return [role.value for role, granted in GRANTS.items() if permission in granted]


def memberships(user, permission: Permission):
    """The person's memberships that grant a permission; none for somebody who may not sign in."""
    if not user.is_authenticated or not user.is_active:
        return Membership.objects.none()
    return Membership.objects.filter(user=user, role__in=roles_with(permission))


def held(user) -> list[Membership]:
    """All memberships of a person who may sign in, read once a request: each with its coalition, whether that shares
    something at this moment (`shares`), and whether the person made the promise of readers (`pledged`)."""
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "_held"):
        # A standing is a noun of the app above; its coalition leads to it by name, as addresses do.
        sharing = Membership.objects.filter(
            pk=OuterRef("pk"), coalition__standings__sharing__in=["story", "level_and_story"]
        )
        pledges = Pledge.objects.filter(user=OuterRef("user"))
        found = Membership.objects.filter(user=user).select_related("coalition").order_by("pk")
        user._held = list(found.annotate(shares=Exists(sharing), pledged=Exists(pledges)))
    return user._held


def can(user, permission: Permission, coalition=None) -> bool:
    """Whether one of the person's memberships grants it: for this coalition, or anywhere where none is given."""
    granting = memberships(user, permission)
    if coalition is not None:
        granting = granting.filter(Q(coalition=coalition) | Q(coalition=None))
    return granting.exists()
