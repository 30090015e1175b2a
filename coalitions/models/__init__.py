"""States, people, coalitions, who is what in which, the log of every act, and what is to be sent."""

from coalitions.models.log import AppendOnly, AppendOnlyQuerySet, AuditEvent
from coalitions.models.mail import Mail
from coalitions.models.people import (
    INSIDE,
    READERS,
    Membership,
    Pledge,
    Role,
    SigninLink,
    SigninLinkQuerySet,
    User,
    UserManager,
    hash_of,
)
from coalitions.models.places import Coalition, State, check_time_zone
from coalitions.models.tokens import ExportToken, token_of

__all__ = [
    "INSIDE", "READERS", "AppendOnly", "AppendOnlyQuerySet", "AuditEvent", "Coalition", "ExportToken", "Mail",
    "Membership", "Pledge", "Role", "SigninLink", "SigninLinkQuerySet", "State", "User", "UserManager",
    "check_time_zone", "hash_of", "token_of",
]  # fmt: skip
