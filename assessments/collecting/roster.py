"""Who belongs to a coalition and who is invited in a quarter, as plain rows. Nothing here knows who answered."""

import uuid
from dataclasses import dataclass

from assessments.models import Assessment
from coalitions.models import INSIDE, Role, User

INVITED, NOT_INVITED, TAKEN_BACK = "invited", "not-invited", "taken-back"


@dataclass(frozen=True)
class Row:
    """One person: what they are here, whether they are invited, whether they type paper ballots."""

    user: User
    role: str
    state: str
    membership: int | None = None
    invitation: uuid.UUID | None = None
    generation: int = 0
    may_help: bool = False
    helps: bool = False

    @property
    def is_invited(self) -> bool:
        return self.state == INVITED

    @property
    def is_here(self) -> bool:
        """Whether they still belong to the coalition."""
        return self.membership is not None


def roster(assessment: Assessment) -> list[Row]:
    """Everybody here, leads first, then by name; after them whoever is invited and belongs here no more."""
    invitations = {row.user_id: row for row in assessment.invitations.select_related("user")}
    helpers = set(assessment.helpers.values_list("pk", flat=True))
    people = assessment.coalition.memberships.filter(role__in=INSIDE, user__is_active=True).select_related("user")
    rows = [
        _row(
            person.user,
            invitations.pop(person.user_id, None),
            role=person.get_role_display(),
            membership=person.pk,
            may_help=person.role == Role.MEMBER,
            helps=person.role == Role.MEMBER and person.user_id in helpers,
        )
        for person in people.order_by("role", "user__name", "pk")
    ]
    gone = [row for row in invitations.values() if not row.revoked]
    return rows + [_row(row.user, row, role="") for row in gone]


def _row(user, invitation, **what) -> Row:
    if invitation is None:
        return Row(user, state=NOT_INVITED, **what)
    state = TAKEN_BACK if invitation.revoked else INVITED
    return Row(user, state=state, invitation=invitation.pk, generation=invitation.generation, **what)


def to_be_invited(assessment: Assessment) -> int:
    """How many get an invitation when the quarter is opened for answers: everybody here whose was not taken back."""
    return sum(row.is_here and row.state != TAKEN_BACK for row in roster(assessment))
