"""Keyed hashes: whose ballot one is, and the secrets in links. Without BALLOT_LINK_KEY nobody can make or undo them."""

import hashlib
import hmac
import secrets

from django.conf import settings

from milestones.texts import email_key

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32 that are not mistaken for one another; eight are 40 bits


def keyed(*parts) -> str:
    """HMAC-SHA256 in hex."""
    text = ":".join(map(str, parts)).encode()
    return hmac.new(settings.BALLOT_LINK_KEY.encode(), text, hashlib.sha256).hexdigest()


def holder_of(assessment, user) -> str | None:
    """What a person's ballot of one quarter is found by; None for somebody not signed in.

    The address belongs to it: an administrator who writes their own in its place finds no ballot by it.
    """
    if user is None or not user.is_authenticated:
        return None
    return keyed("holder", assessment.pk, user.pk, email_key(user.email))


def link_token(invitation) -> str:
    """The secret of an invitation's link, 256 bits in hex; another one after every resend. It is never stored.

    The address belongs to it, as it does to the holder: a link that went to another mailbox opens nothing.
    """
    return keyed("link", invitation.pk, invitation.generation, email_key(invitation.user.email))


def new_device() -> str:
    """A fresh secret for the cookie of one browser."""
    return secrets.token_urlsafe(32)


def room_device(code: str) -> str:
    """The same for who came by the code of the room; it begins with that code, so that the phone finds the way back."""
    return f"{code}.{new_device()}"


def room_of(device: str | None) -> str:
    """The code by which the secret of a browser was got; "code", where one is asked for it, without any."""
    code, dot, _secret = (device or "").partition(".")
    return code if dot and len(code) == 8 and set(code) <= set(CODE_LETTERS) else "code"


def account_alone() -> str:
    """What stands in place of a browser's hash where a ballot opens by signing in alone: no link opens it."""
    return f"account:{secrets.token_hex(16)}"


def is_browsers(kept: str | None) -> bool:
    """Whether what is kept of a holder is the hash of some browser's secret."""
    return bool(kept) and not kept.startswith("account:")


def device_hash(device: str | None) -> str | None:
    """What is kept of a browser's secret."""
    return hashlib.sha256(device.encode("utf-8", "surrogatepass")).hexdigest() if device else None


def new_code() -> str:
    """A join code for the people in the room: eight letters and digits."""
    return "".join(secrets.choice(CODE_LETTERS) for _position in range(8))
