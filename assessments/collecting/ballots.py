"""Ballots while a quarter collects: begin, answer, send, erase one's own; type one from paper; count; remind.

This and `close.py` are the only modules that name the ballot tables. Nobody reads another's ballot here: `own` finds
one by the person's keyed hash or by the secret of the browser it was begun in. What comes back is a `MyBallot`,
plain values; writes log nothing, so that nothing says who answered, or when.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields

from django.db import transaction
from django.db.models import IntegerField, Value
from django.utils.translation import gettext as _

from assessments import guards
from assessments.collecting.gate import NotCollecting, is_open, lock_open
from assessments.collecting.keys import account_alone, device_hash, holder_of, is_browsers, new_device, room_device
from assessments.collecting.mine import Counted, MyAnswer, MyBallot
from assessments.models import Assessment, Invitation, RoomSees, Voice
from assessments.models.ballots import Answer, Ballot, Channel, Direction, ballot_access
from coalitions import audit, outbox
from coalitions.models import User
from coalitions.permissions import Permission, can
from milestones.models import Indicator

LEVEL, CANT_SEE, SKIP = Answer.Kind.LEVEL.value, Answer.Kind.CANT_SEE.value, Answer.Kind.SKIP.value
KINDS = tuple(Answer.Kind.values)
DIRECTIONS = tuple(Direction.Choice.choices)
NOTE_LIMIT = 1000


def _find(assessment: Assessment, user: User | None, device: str | None) -> Ballot | None:
    """The ballot of this person; of somebody not signed in, the one begun in this browser.

    Whoever is signed in finds nothing that another began on the same phone.
    """
    if holder := holder_of(assessment, user):
        return Ballot.objects.filter(assessment=assessment, holder=holder).first()
    return Ballot.objects.filter(assessment=assessment, device_sha256=device_hash(device)).first() if device else None


def _mine(ballot: Ballot, device: str | None) -> MyBallot:
    answers, directions = _said(ballot)
    return MyBallot(
        id=ballot.pk,
        voice=ballot.voice,
        channel=ballot.channel,
        sent=ballot.sent,
        beyond=ballot.beyond,
        beyond_ticked=ballot.beyond_ticked,
        answers=answers,
        directions=directions,
        on_this_device=bool(device) and ballot.device_sha256 == device_hash(device),
        on_another_device=is_browsers(ballot.device_sha256) and ballot.device_sha256 != device_hash(device),
    )


def _said(ballot: Ballot) -> tuple[dict[int, MyAnswer], dict[int, str]]:
    """The answers by indicator and the directions by milestone, of one query: every tap on a ballot asks it."""
    of = Answer.objects.filter(ballot=ballot)
    rows = of.values_list(Value(True), "indicator_id", "kind", "level", "note", "note_ticked")
    nothing = (Value(None, IntegerField()), Value(""), Value(False))
    other = Direction.objects.filter(ballot=ballot).values_list(Value(False), "milestone_id", "choice", *nothing)
    found = list(rows.union(other, all=True))
    answers = {row[1]: MyAnswer(*row[2:]) for row in found if row[0]}
    return answers, {row[1]: row[2] for row in found if not row[0]}


def own(assessment: Assessment, *, user: User | None = None, device: str | None = None) -> MyBallot | None:
    """One's own ballot while answers are open, found by account or by browser; None where there is none."""
    if not is_open(assessment):
        return None
    with ballot_access("own"):
        ballot = _find(assessment, user, device)
        return _mine(ballot, device) if ballot else None


@transaction.atomic
def hold_by_link(*, invitation: Invitation, device: str | None) -> str | None:
    """The secret with which this browser holds the ballot of an invited person; None where another browser holds it,
    or the account alone.

    `device` is the secret the browser has, if any; where it holds somebody else's ballot, it gets a new one. The ballot
    is made, empty, where there is none yet. However many try at once, one holds it. NotCollecting where the link died
    while it waited for its turn.
    """
    assessment = lock_open(invitation.assessment)
    same = Invitation.objects.filter(pk=invitation.pk, generation=invitation.generation, revoked=False)
    if not same.exists():
        raise NotCollecting(_("This link is old. We can send you a new one."))
    with ballot_access("hold"):
        ballot, _made = Ballot.objects.get_or_create(
            assessment=assessment,
            holder=holder_of(assessment, invitation.user),
            defaults={"channel": Channel.PERSON},
        )
        if ballot.device_sha256 is not None:
            return device if ballot.device_sha256 == device_hash(device) else None
        fresh = new_device()
        Ballot.objects.filter(pk=ballot.pk).update(device_sha256=device_hash(fresh))
        return fresh


@transaction.atomic
def hold_by_code(*, assessment: Assessment, code: str, user: User | None, device: str | None) -> str | None:
    """Let whoever came by the code of the room begin: the secret for their browser; who has a ballot keeps that one.

    None for somebody signed in, whose ballot needs no cookie. Without `device` the ballot of another person on the same
    phone begins: what was begun on it before stays as it is. NotCollecting where `code` is no longer the room's.
    """
    assessment = lock_open(assessment)
    if code != assessment.join_code:
        raise NotCollecting(_("This code opens nothing now"))
    with ballot_access("hold"):
        ballot = _find(assessment, user, device)
        if ballot is not None:
            return device if ballot.device_sha256 == device_hash(device) else None
        holder = holder_of(assessment, user)
        fresh = None if holder else room_device(code)
        Ballot.objects.create(
            assessment=assessment,
            holder=holder,
            device_sha256=account_alone() if holder else device_hash(fresh),
            channel=Channel.PERSON if holder and can(user, Permission.RATE, assessment.coalition) else Channel.CODE,
        )
        return fresh


@transaction.atomic
def begin(*, assessment: Assessment, user: User | None, device: str | None, voice: str = "") -> MyBallot:
    """One's ballot with the voice that was chosen on its first page; made where a signed-in person has none yet.

    Where voices are compared `voice` is one of five, ValueError for any other; in *see the spread* none is kept.
    """
    assessment = lock_open(assessment)
    voice = _voice(assessment, voice)
    with ballot_access("begin"):
        ballot = _find(assessment, user, device)
        holder = holder_of(assessment, user)
        if ballot is None and holder:
            ballot = Ballot.objects.create(
                assessment=assessment, holder=holder, device_sha256=account_alone(), channel=Channel.PERSON, voice=voice
            )
        elif ballot is None:
            raise NotCollecting(_("We cannot find your answers. Open the link in your e-mail, or sign in."))
        elif voice != ballot.voice:
            Ballot.objects.filter(pk=ballot.pk).update(voice=voice)
            ballot.voice = voice
        return _mine(ballot, device)


def _voice(assessment, voice: str) -> str:
    if assessment.room_sees != RoomSees.COMPARE_VOICES:
        return ""
    if voice not in Voice.values:
        raise ValueError(f"no such voice: {voice[:20]!r}")
    return voice


def _own_locked(assessment, user, device) -> Ballot:
    ballot = _find(assessment, user, device)
    if ballot is None:
        raise NotCollecting(_("We cannot find your answers. Open the link in your e-mail, or sign in."))
    return ballot


@transaction.atomic
def save_answer(
    *, assessment: Assessment, user, device, indicator, kind: str, level: int | None, note="", ticked=False
):
    """Keep one's answer to one indicator, in place of an earlier one; a sent ballot changes at once.

    A repeat changes nothing. NotCollecting once answers are closed.
    """
    assessment = lock_open(assessment)
    with ballot_access("answer"):
        ballot = _own_locked(assessment, user, device)
        answer = MyAnswer(kind, level if kind == LEVEL else None, note, bool(note) and ticked)
        _put_answers(ballot, [(indicator, answer)])


def _put_answers(ballot: Ballot, answers: Iterable[tuple[Indicator, MyAnswer]]):
    Answer.objects.bulk_create(
        (Answer(ballot=ballot, indicator=indicator, **asdict(answer)) for indicator, answer in answers),
        update_conflicts=True, unique_fields=["ballot", "indicator"], update_fields=[f.name for f in fields(MyAnswer)],
    )  # fmt: skip


@transaction.atomic
def save_last_page(
    *, assessment: Assessment, user, device, directions: Mapping[int, str], beyond: str, beyond_ticked: bool, send: bool
) -> MyBallot:
    """Keep what the last page holds: a direction by milestone id, and Beyond. With `send` the ballot counts from now.

    Sending again changes nothing more. NotCollecting once answers are closed.
    """
    assessment = lock_open(assessment)
    with ballot_access("last page"):
        ballot = _own_locked(assessment, user, device)
        ballot.beyond, ballot.beyond_ticked = beyond, bool(beyond) and beyond_ticked
        ballot.sent = ballot.sent or send
        ballot.save(update_fields=["beyond", "beyond_ticked", "sent"])
        _put_directions(ballot, directions)
        return _mine(ballot, device)


def _put_directions(ballot: Ballot, directions: Mapping[int, str]):
    Direction.objects.filter(ballot=ballot).exclude(milestone__in=directions).delete()
    Direction.objects.bulk_create(
        (Direction(ballot=ballot, milestone_id=milestone, choice=choice) for milestone, choice in directions.items()),
        update_conflicts=True, unique_fields=["ballot", "milestone"], update_fields=["choice"],
    )  # fmt: skip


@transaction.atomic
def erase(*, assessment: Assessment, user, device):
    """Erase one's own ballot, all of it; where there is none, nothing changes."""
    assessment = lock_open(assessment)
    with ballot_access("erase"):
        ballot = _find(assessment, user, device)
        if ballot is not None:
            ballot.delete()


@transaction.atomic
def end_other_device(*, assessment: Assessment, user: User):
    """Let no browser hold this person's ballot any more, by the link that was sent neither; signed in, they go on."""
    _hold(lock_open(assessment), user, account_alone())


def _hold(assessment: Assessment, user: User, device_sha256: str | None):
    with ballot_access("hold"):
        rows = Ballot.objects.filter(assessment=assessment, holder=holder_of(assessment, user))
        rows.update(device_sha256=device_sha256)


@transaction.atomic
def renew_link(*, invitation: Invitation, by: User):
    """Send an invited person a new link: the old one is dead, and so is the browser that held the ballot by it."""
    assessment = lock_open(invitation.assessment)
    _hold(assessment, invitation.user, None)
    generation = invitation.generation + 1
    Invitation.objects.filter(pk=invitation.pk).update(generation=generation, token_sha256=None, revoked=False)
    outbox.post(
        "invitation", user=invitation.user, coalition=assessment.coalition,
        key=f"invitation:{invitation.pk}:{generation}", invitation=str(invitation.pk),
    )  # fmt: skip
    audit.record("invite_again", about=assessment, by=by, person=invitation.user_id)


@transaction.atomic
def add_paper(
    *, assessment, key: uuid.UUID, voice: str, answers, directions: Mapping, beyond: str, beyond_ticked: bool, by
):
    """One ballot typed in from paper, sent at once and never shown again; a repeat of the form adds it once.

    `answers`: pairs of an indicator and a MyAnswer. The helper is in the log, what they typed is not. KeyReused where
    the key arrived with anything else: a second paper is not lost, and nothing is said of the first.
    """
    assessment = lock_open(assessment)
    voice, answers = _voice(assessment, voice), list(answers)
    with ballot_access("paper"):
        ballot, is_new = guards.once(
            Ballot, key, assessment=assessment, channel=Channel.PAPER, voice=voice, sent=True,
            beyond=beyond, beyond_ticked=bool(beyond) and beyond_ticked,
        )  # fmt: skip
        if not is_new:
            there, typed = _mine(ballot, None), {indicator.pk: answer for indicator, answer in answers}
            if there.answers != typed or there.directions != dict(directions):
                raise guards.KeyReused(key)
            return
        _put_answers(ballot, answers)
        _put_directions(ballot, directions)
    audit.record("type_paper", about=assessment, by=by)


def counted(assessment: Assessment) -> Counted:
    """How many were invited and how many ballots were sent; never whose."""
    with ballot_access("count"):
        sent = Ballot.objects.filter(assessment=assessment, sent=True)
        channels = list(sent.values_list("channel", flat=True))
    return Counted(
        invited=assessment.invitations.filter(revoked=False).count(),
        answered=len(channels),
        by_code=channels.count(Channel.CODE),
        on_paper=channels.count(Channel.PAPER),
    )


@transaction.atomic
def remind(assessment: Assessment, *, round_number: int) -> int:
    """Queue a reminder to each invited person; how many. Who has sent a ballot gets none: that is asked at sending.

    So what waits in the outbox says nothing of who answered; and they are queued in no order, since a row that is done
    names nobody but tells whether it was sent. A round is queued once, however many ask for it.
    """
    assessment = guards.lock(assessment)
    if not is_open(assessment) or assessment.reminded >= round_number:
        return 0
    Assessment.objects.filter(pk=assessment.pk).update(reminded=round_number)
    waiting = assessment.invitations.filter(revoked=False, user__is_active=True, user__reminders=True)
    return sum(
        outbox.post(
            "reminder", user=invitation.user, coalition=assessment.coalition,
            key=f"reminder:{round_number}:{invitation.pk}", invitation=str(invitation.pk), round=round_number,
        ) is not None
        for invitation in waiting.select_related("user").order_by("?")
    )  # fmt: skip


def still_waiting(invitation: Invitation) -> bool:
    """Whether a reminder already queued to this person still has something to remind of, at the moment of sending."""
    if not is_open(invitation.assessment) or invitation.revoked:
        return False
    with ballot_access("remind"):
        holder = holder_of(invitation.assessment, invitation.user)
        return not Ballot.objects.filter(assessment=invitation.assessment, holder=holder, sent=True).exists()
