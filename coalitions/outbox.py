"""The outbox: a message is written with what it tells of, and sent later, so that no failing mail server loses one.

`post` writes; `send_due` sends what is due. Each message is held by one sender at a time and tried again until the
server takes it. Where a server, or a sender, is lost in the middle of a message nobody can know whether it went out:
such a message is handed over once more, and then no more, so that nobody gets it three times. The words are made
when a message is sent, by the writer that MAIL_WRITERS holds for its kind; a writer that gives none drops it.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from smtplib import SMTPException, SMTPServerDisconnected
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from coalitions.models import INSIDE, Coalition, Mail, User

log = logging.getLogger(__name__)
HELD_FOR = timedelta(minutes=5)  # a sender that died is given up after this; a server's every answer is waited for 10 s
SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(days=3)  # where the server refuses it; what waits for a server that is away stays
AHEAD = timedelta(days=30)  # what is urgent comes before all that waits
HAND_OVERS = 2  # a message whose fate is not known is handed to the server this often, and no more


@dataclass(frozen=True)
class Letter:
    """A message in words: subject, plain text and, with one button in it, HTML; and more headers."""

    subject: str
    text: str
    html: str = ""
    headers: dict = field(default_factory=dict)


class Unreachable(Exception):
    """The mail server cannot be reached, or the line to it went dead: no other message would be taken now."""


def post(
    kind: str, *, user=None, address: str = "", coalition=None, key: str | None = None, urgent=False, **about
) -> Mail | None:
    """Put one message into the outbox, inside the transaction of what it tells of.

    While a message waits, the same key again is the same message. One that somebody waits for at their screen is
    urgent: it does not stand behind the mail to a whole list. None where it is there already, and for people who
    are invented: nothing is sent to sample data.
    """
    if user is not None and user.sample:
        return None
    values = {"kind": kind, "user": user, "address": address, "coalition": coalition, "about": about}
    if urgent:
        values["next_try_at"] = timezone.now() - AHEAD
    if key is None:
        mail, added = Mail.objects.create(**values), True
    else:
        mail, added = Mail.objects.get_or_create(key=key, defaults=values)
    _send_soon()
    return mail if added else None


def post_inside(kind: str, *, coalition: Coalition, key: str, **about):
    """Put one message to each lead and member of a coalition into the outbox; the same key again changes nothing."""
    people = User.objects.filter(
        memberships__coalition=coalition, memberships__role__in=INSIDE, is_active=True, sample=False
    )
    Mail.objects.bulk_create(
        [
            Mail(kind=kind, user=person, coalition=coalition, key=f"{key}:{person.pk}", about=about)
            for person in people.distinct()
        ],
        ignore_conflicts=True,
    )
    _send_soon()


def _send_soon():
    if settings.MAIL_AT_ONCE:
        transaction.on_commit(send_due, robust=True)


def drop_all_to(user: User):
    """Erase what waits for somebody who closes their account."""
    to_them = Q(user=user) | Q(address=user.email) if user.email else Q(user=user)
    _finish(_waiting().filter(to_them), dropped_at=timezone.now())


def drop_about(name: str, values: Iterable[str]):
    """Erase what waits about one of these things, as `post` was told by that name: what it asks for is over."""
    _finish(_waiting().filter(**{f"about__{name}__in": list(values)}), dropped_at=timezone.now())


def waiting() -> int:
    """How many messages are not sent yet."""
    return _waiting().count()


def _waiting():
    return Mail.objects.filter(sent_at=None, dropped_at=None)


def send_due(limit: int = 500, *, told_to_end: Callable[[], bool] = lambda: False) -> int:
    """Send what is due; how many messages went out. Several senders share the work, none sends another's message.

    Stops where the mail server cannot be reached, and before the next message where it is told to end: what was not
    tried stays due.
    """
    sent = 0
    for _turn in range(limit):
        mail = None if told_to_end() else _claim()
        if mail is None:
            break
        try:
            sent += _send(mail)
        except Unreachable:
            break
    return sent


def _claim() -> Mail | None:
    """The next message that is due, held for a while so that nobody else sends it; None where none is.

    Its `tries` count from here, so that a sender that dies has counted.
    """
    if not _waiting().filter(next_try_at__lte=timezone.now()).exists():
        return None  # without a transaction: on SQLite each takes the lock of all who write
    with transaction.atomic():
        due = _waiting().filter(next_try_at__lte=timezone.now()).order_by("next_try_at")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        mail = due.first()
        if mail is not None:
            mail.tries += 1
            mail.next_try_at = timezone.now() + HELD_FOR
            mail.save(update_fields=["tries", "next_try_at"])
    return mail


def _held(mail: Mail):
    """The row, while we still hold it: not one that another sender took over since."""
    return _waiting().filter(pk=mail.pk, next_try_at=mail.next_try_at)


def _send(mail: Mail) -> bool:
    """Write and send one message that is held; whether it went out.

    The server comes first: while it is away nothing is written, so nothing that no longer applies is dropped, and what
    waits does not tell who still has to answer.
    """
    if mail.tries > HAND_OVERS:
        log.warning("a message of kind %s was given up: twice nobody heard what became of it", mail.kind)
        _finish(_held(mail), dropped_at=timezone.now())
        return False
    try:
        server = _reached()
    except Unreachable as error:
        _try_later(mail, error.__cause__, was_not_taken=True, is_away=True)
        raise
    try:
        return _send_by(server, mail)
    finally:
        with suppress(OSError):
            server.close()


def _send_by(server, mail: Mail) -> bool:
    try:
        message = _written(mail)
    except Exception as error:  # whatever goes wrong with one message must not stop the others
        return _try_later(mail, error, was_not_taken=True)
    if message is None:
        _finish(_held(mail), dropped_at=timezone.now())
        return False
    try:
        server.send_messages([message])
    except Exception as error:
        refused = isinstance(error, SMTPException) and not isinstance(error, SMTPServerDisconnected)
        # A refusal is a clear no, and so is a silence before the text went out; after anything else nobody knows.
        _try_later(mail, error, was_not_taken=refused or not getattr(server, "gave_text", True))
        if isinstance(error, OSError) and not refused:
            raise Unreachable from error
        return False
    _finish(_held(mail), sent_at=timezone.now())
    return True


def _written(mail: Mail) -> EmailMultiAlternatives | None:
    """The message in words; None where it no longer applies, or has nobody to go to."""
    if mail.user is not None and not mail.user.is_active:
        return None
    to = mail.user.email if mail.user else mail.address
    letter = import_string(settings.MAIL_WRITERS)[mail.kind](mail) if to else None
    if letter is None:
        return None
    # The same identifier each time, so that a mailbox may see that the second copy is one.
    headers = {
        "Message-ID": f"<{mail.pk}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
        **letter.headers,
    }
    message = EmailMultiAlternatives(letter.subject, letter.text, to=[to], headers=headers)
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    message.message()  # says now what is wrong with a header
    return message


def _reached():
    """The mail server, with an open line to it; Unreachable where there is none to give a message to."""
    try:
        server = get_connection()
        server.open()
    except OSError as error:  # smtplib's errors are OSErrors too
        raise Unreachable from error
    return server


def _try_later(mail: Mail, error, *, was_not_taken: bool, is_away=False) -> bool:
    """Let go of a message until its next turn: after a minute, then after as long as it has waited, 6 hours at most.

    After three days it is given up, but never because the server is away (`is_away`) and takes nobody's. False, as it
    was not sent. The log gets one line that names nobody: what servers answer holds addresses.
    """
    log.warning("a message of kind %s was not sent: %s", mail.kind, type(error).__name__)
    now = timezone.now()
    age = now - mail.made_at
    if age > GIVEN_UP_AFTER and not is_away:
        log.warning("a message of kind %s was given up after %d days", mail.kind, GIVEN_UP_AFTER.days)
        _finish(_held(mail), dropped_at=now)
        return False
    wait = min(max(age, SHORTEST_WAIT), LONGEST_WAIT)
    _held(mail).update(next_try_at=now + wait, tries=F("tries") - (1 if was_not_taken else 0))
    return False


def _finish(rows: QuerySet, **how):
    """Erase whom messages were for and what they were about; what stays is a number."""
    rows.update(user=None, address="", coalition=None, about={}, key=None, **how)
