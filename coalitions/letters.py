"""How a message looks: both languages in one, the reader's first, as plain text and as HTML with one button.

And the link in it that stops one kind of mail: signed, never too old, without an address.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from coalitions.models import Coalition, User
from coalitions.outbox import Letter

REMINDERS, NEWS = "reminders", "news"  # the kinds of mail that one can stop; fields of User
KINDS = (REMINDERS, NEWS)
SIGNER = signing.Signer(salt="coalitions.unsubscribe")


@dataclass(frozen=True)
class Words:
    """What a message says in one language. `sections` are headings with lines below, between text and button."""

    subject: str
    before: list[str]
    button: str
    after: list[str] = field(default_factory=list)
    sections: list[tuple[str, list[str]]] = field(default_factory=list)


def site(path: str) -> str:
    """The whole address of one of our pages, from SITE_URL and never from a request."""
    return settings.SITE_URL + path


def letter(write: Callable[[], Words], *, user: User, coalition: Coalition, address: str, kind: str) -> Letter:
    """A message in both languages to somebody who belongs to a coalition.

    `write` is called once in each language. `address` is where the button leads, `kind` what the last link stops.
    """
    stop = site(reverse("unsubscribe", args=[stop_token(user, kind)]))
    parts = []
    for tongue in ("es", "en") if user.language == "es" else ("en", "es"):
        with translation.override(tongue):
            why = _("You get this e-mail because you belong to %(coalition)s.") % {"coalition": coalition.name}
            ends = {REMINDERS: _("Stop these reminders"), NEWS: _("Stop this news")}
            parts.append({"tongue": tongue, "words": write(), "why": why, "stop": ends[kind]})
    subject = " ".join(parts[0]["words"].subject.split())
    context = {"parts": parts, "subject": subject, "address": address, "stop": stop, "sample": coalition.sample}
    return Letter(
        subject,
        render_to_string("mail/letter.txt", context),
        render_to_string("mail/letter.html", context),
        {"List-Unsubscribe": f"<{stop}>"},
    )


def stop_token(user: User, kind: str) -> str:
    """The secret with which this person, signed in or not, stops one kind of mail."""
    return SIGNER.sign_object([user.pk, kind])


def whose_stop(token: str) -> tuple[User, str] | None:
    """Whose mail of which kind a token stops; None for any that we did not make, and for a closed account."""
    try:
        pk, kind = SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return (user, kind) if user and kind in KINDS else None
