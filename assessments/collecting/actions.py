"""Collecting is opened and run: who is asked, who types paper, the code of the room, a later deadline."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import guards
from assessments.collecting import ballots
from assessments.collecting.keys import link_token, new_code
from assessments.collecting.reminding import FIRST, comes_again
from assessments.drafting.asked import asked_indicators
from assessments.models import AgreedRating, Assessment, Invitation, Stage
from assessments.quarters import local_deadline
from coalitions import actions as people
from coalitions import audit, outbox
from coalitions.models import INSIDE, Role, User, hash_of
from milestones.answers import Conflict
from milestones.texts import email_key

ASKING = (Stage.DRAFT, Stage.COLLECTING)


class NotLater(Conflict):
    """The deadline can move later, never earlier."""


class NotInvited(ValueError):
    """Some people cannot be added, so nobody was: `reasons` holds a ValidationError for each of their addresses."""

    def __init__(self, reasons: dict[str, ValidationError]):
        super().__init__(f"{len(reasons)} people cannot be added")
        self.reasons = reasons


@transaction.atomic
def open_collecting(*, assessment, by) -> Assessment:
    """From draft to collecting: mode, questions and what the room will see are fixed, everybody here is invited.

    A repeat changes nothing. Conflict where ballots are not wanted, or where the day of close is missing or over.
    """
    assessment = guards.lock(assessment, *ASKING)
    if assessment.stage == Stage.COLLECTING:
        return assessment
    if not assessment.has_ballots or assessment.closes_on is None:
        raise Conflict(_("Choose what the room will see, and the day on which answers close. Then open it."))
    deadline = local_deadline(assessment.closes_on, assessment.coalition.time_zone)
    if deadline <= timezone.now():
        raise Conflict(_("The day on which answers close is over. Choose a later one."))
    AgreedRating.objects.bulk_create(
        AgreedRating(assessment=assessment, indicator=indicator) for indicator in asked_indicators(assessment)
    )
    assessment.deadline, assessment.collecting_since = deadline, timezone.now()
    assessment.join_code = new_code()
    assessment.save(update_fields=["deadline", "collecting_since", "join_code"])
    assessment.enter(Stage.COLLECTING)
    audit.record("open_collecting", about=assessment, by=by, room_sees=assessment.room_sees)
    _invite_our_list(assessment, by)
    still_here = assessment.coalition.memberships.filter(role__in=INSIDE, user__is_active=True).values("user")
    for invitation in assessment.invitations.filter(revoked=False, user__in=still_here).select_related("user"):
        _post_invitation(assessment, invitation)
    return assessment


def _invite(assessment, user, by) -> Invitation | None:
    """A new invitation of one person, or one that was revoked and holds again; None where they are invited already."""
    invitation, made = Invitation.objects.get_or_create(assessment=assessment, user=user, defaults={"invited_by": by})
    if not made and not invitation.revoked:
        return None
    Invitation.objects.filter(pk=invitation.pk).update(revoked=False)
    audit.record("invite", about=assessment, by=by, person=user.pk)
    return invitation


def _invite_our_list(assessment, by) -> list[Invitation]:
    """Invite whoever belongs here and was not invited yet; one that was taken back is not asked again by the way."""
    asked_before = assessment.invitations.values("user")
    here = assessment.coalition.memberships.filter(role__in=INSIDE, user__is_active=True)
    rows = here.exclude(user__in=asked_before).select_related("user").order_by("pk")
    return [invitation for row in rows if (invitation := _invite(assessment, row.user, by))]


def _post_invitation(assessment, invitation):
    """Queue the mail with the link; its token is made when it is sent."""
    outbox.post(
        "invitation", user=invitation.user, coalition=assessment.coalition,
        key=f"invitation:{invitation.pk}:{invitation.generation}", invitation=str(invitation.pk),
    )  # fmt: skip


def _asking(assessment) -> Assessment:
    """The assessment under its lock, while people may be asked: in draft, or while answers are taken."""
    assessment = guards.lock(assessment, *ASKING)
    if assessment.stage == Stage.COLLECTING and timezone.now() > assessment.deadline:
        raise Conflict(_("The day on which answers close is over."), back_url=assessment.get_absolute_url())
    return assessment


@transaction.atomic
def invite(*, assessment, people_to_add: list[tuple[str, str]] = (), everybody=False, by) -> int:
    """Invite people by (e-mail address, name), new ones as members, and with `everybody` whoever belongs here already.

    How many are invited now. Mail goes at once while collecting, else when collecting opens. A repeat invites nobody
    twice; somebody whose invitation was taken back is invited again only by their address. NotInvited where somebody
    cannot be added; then nobody is.
    """
    assessment = _asking(assessment)
    users, refused = [], {}
    for email, name in people_to_add:
        try:
            users.append(_member(assessment.coalition, email, name, by))
        except ValidationError as reason:
            refused[email] = reason
    if refused:
        raise NotInvited(refused)
    fresh = [invitation for user in users if (invitation := _invite(assessment, user, by))]
    if everybody:
        fresh += _invite_our_list(assessment, by)
    if assessment.stage == Stage.COLLECTING:
        for invitation in fresh:
            _post_invitation(assessment, invitation)
    return len(fresh)


def _member(coalition, email, name, by) -> User:
    """The person with this address, made a member where they do not belong here yet; ValidationError by `grant`."""
    here = coalition.memberships.filter(role__in=INSIDE, user__email=email_key(email), user__is_active=True)
    there = here.select_related("user").first()
    return (there or people.grant(role=Role.MEMBER, by=by, email=email, name=name, coalition=coalition)).user


@transaction.atomic
def resend(*, invitation, as_read=None, by):
    """Send an invited person a new link; the old one is dead. In a draft, where no mail goes yet, they are on the
    list again if their invitation was taken back.

    With `as_read`, the generation that somebody had before them, a repeat changes nothing. Conflict where the person
    no longer belongs here.
    """
    assessment = _asking(invitation.assessment)
    invitation = assessment.invitations.select_related("user").get(pk=invitation.pk)
    invitation.assessment = assessment
    if not assessment.coalition.memberships.filter(role__in=INSIDE, user=invitation.user_id).exists():
        raise Conflict(_("This person is no longer here. Somebody has already removed them."))
    if as_read not in (None, invitation.generation):
        return
    if assessment.stage == Stage.DRAFT:
        _invite(assessment, invitation.user, by)
    else:
        ballots.renew_link(invitation=invitation, by=by)


@transaction.atomic
def revoke(*, invitation, by):
    """Take an invitation back: its link is dead. A ballot that was begun stays its writer's own."""
    assessment = guards.lock(invitation.assessment, *ASKING)
    dead = {"revoked": True, "token_sha256": None, "generation": F("generation") + 1}
    if Invitation.objects.filter(pk=invitation.pk, revoked=False).update(**dead):
        audit.record("revoke_invitation", about=assessment, by=by, person=invitation.user_id)


@transaction.atomic
def name_helper(*, assessment, user, by):
    """Let a member type paper ballots; never a lead (Conflict)."""
    assessment = guards.lock(assessment, *ASKING)
    if not assessment.coalition.memberships.filter(user=user, role=Role.MEMBER).exists():
        raise Conflict(_("A helper is a member, and not a lead."))
    if not assessment.helpers.filter(pk=user.pk).exists():
        assessment.helpers.add(user)
        audit.record("name_helper", about=assessment, by=by, person=user.pk)


@transaction.atomic
def thank_helper(*, assessment, user, by):
    """Let a helper type no more; what they typed stays."""
    assessment = guards.lock(assessment, *ASKING)
    if assessment.helpers.filter(pk=user.pk).exists():
        assessment.helpers.remove(user)
        audit.record("thank_helper", about=assessment, by=by, person=user.pk)


@transaction.atomic
def make_join_code(*, assessment, as_read=None, by) -> str:
    """A new code for the people in the room; the old one is dead.

    With `as_read`, the code that somebody had before them, a repeat changes nothing.
    """
    assessment = guards.lock(assessment, Stage.COLLECTING)
    if as_read not in (None, assessment.join_code):
        return assessment.join_code
    code = new_code()
    Assessment.objects.filter(pk=assessment.pk).update(join_code=code)
    audit.record("make_join_code", about=assessment, by=by)
    return code


@transaction.atomic
def move_deadline(*, assessment, closes_on: date, by) -> Assessment:
    """Keep answers open until a later day, and tell everybody; the last reminder comes before that day too.

    NotLater (409) for an earlier day, and once the last day is over.
    """
    assessment = guards.lock(assessment, Stage.COLLECTING)
    if closes_on == assessment.closes_on:
        return assessment
    if timezone.now() > assessment.deadline:
        raise NotLater(_("The day on which answers close is over. Answers stay closed."))
    deadline = local_deadline(closes_on, assessment.coalition.time_zone)
    if deadline <= assessment.deadline:
        raise NotLater(_("Answers can close later than planned, never earlier."))
    assessment.closes_on, assessment.deadline = closes_on, deadline
    if comes_again(closes_on=closes_on, zone=assessment.coalition.zone, now=timezone.now()):
        assessment.reminded = min(assessment.reminded, FIRST)
    assessment.save(update_fields=["closes_on", "deadline", "reminded"])
    audit.record("move_deadline", about=assessment, by=by, closes_on=closes_on.isoformat())
    for membership in assessment.coalition.memberships.filter(role__in=INSIDE).select_related("user"):
        outbox.post(
            "deadline", user=membership.user, coalition=assessment.coalition,
            key=f"deadline:{assessment.pk}:{closes_on}:{membership.user_id}", assessment=str(assessment.pk),
        )  # fmt: skip
    return assessment


def keep_link(*, invitation) -> str | None:
    """The secret for the link in a mail that is going out, of which the hash is kept; None where another one holds.

    Nobody's act, so it is not logged: who was invited is.
    """
    token = link_token(invitation)
    holds = Invitation.objects.filter(pk=invitation.pk, generation=invitation.generation, revoked=False)
    return token if holds.update(token_sha256=hash_of(token)) else None
