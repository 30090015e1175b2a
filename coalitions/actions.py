"""Writes about coalitions and people: grant, change and remove roles, the pledge, settings, one-time links."""

import secrets
from datetime import timedelta

from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from coalitions import audit, outbox
from coalitions.models import (
    INSIDE,
    READERS,
    Coalition,
    ExportToken,
    Membership,
    Pledge,
    Role,
    SigninLink,
    State,
    User,
    hash_of,
    token_of,
)
from milestones.answers import Conflict
from milestones.texts import email_key

LINK_LIVES = timedelta(minutes=10)


class LastLead(Conflict):
    """Without this lead the coalition would have none."""


def check_one_kind(user: User, role: str):
    """ValidationError where this role would make a person both an insider and a reader of what others share."""
    against = READERS if role in INSIDE else INSIDE if role in READERS else ()
    if user.memberships.filter(role__in=against).exists():
        raise ValidationError(
            _("This person cannot have this role. Funders and evaluators are never leads or members as well."),
            code="one_kind",
        )


def _lock_person(user: User | None, email: str, name: str) -> User:
    """This person, or the one with this address, made where there is none; locked until the transaction ends."""
    if user is None:
        user, _new = User.objects.get_or_create(
            email=email_key(email), defaults={"name": name, "password": make_password(None)}
        )
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise ValidationError(_("This person cannot be added. Ask the people who run this site."), code="inactive")
    return user


@transaction.atomic
def grant(*, role, by, user=None, email="", name="", coalition=None, organisation="") -> Membership:
    """Give a person, or whoever has this address, a role; the same role twice is one.

    ValidationError where the roles do not go together.
    """
    user = _lock_person(user, email, name)
    check_one_kind(user, role)
    there = user.memberships.filter(coalition=coalition)
    same = there.filter(role=role).first()
    if same:
        return same
    if role in INSIDE and there.filter(role__in=INSIDE).exists():
        raise ValidationError(_("This person is already here. You can change their role below."), code="already")
    membership = Membership(user=user, role=role, coalition=coalition, organisation=organisation, invited_by=by)
    membership.full_clean(exclude=["invited_by"])
    membership.save()
    audit.record("grant", about=membership, by=by, coalition=coalition, role=role, person=user.pk)
    return membership


def _lock(membership: Membership) -> Membership:
    """The membership as it is now, its coalition locked first; Conflict where it is gone."""
    if membership.coalition_id:
        Coalition.objects.select_for_update(no_key=True).get(pk=membership.coalition_id)
    locked = Membership.objects.select_for_update(of=("self",)).select_related("user").filter(pk=membership.pk).first()
    if locked is None:
        raise Conflict(_("This person is no longer here. Somebody has already removed them."))
    return locked


def _keep_a_lead(membership: Membership):
    """Stop with LastLead where this is the coalition's only lead who can sign in."""
    if membership.role != Role.LEAD:
        return
    others = Membership.objects.filter(coalition=membership.coalition_id, role=Role.LEAD, user__is_active=True)
    if not others.exclude(pk=membership.pk).exists():
        raise LastLead(_("This is the coalition's only lead. Make somebody else a lead first."))


@transaction.atomic
def change_role(*, membership, role, by) -> Membership:
    """Make a member a lead, or a lead a member; LastLead (409) where no lead would be left."""
    membership = _lock(membership)
    if membership.role not in INSIDE or role not in INSIDE:
        raise ValidationError(_("Only leads and members change places."), code="role")
    if membership.role == role:
        return membership
    if role != Role.LEAD:
        _keep_a_lead(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    audit.record("change_role", about=membership, by=by, role=role, person=membership.user_id)
    return membership


@transaction.atomic
def remove(*, membership, by):
    """End a membership; what was recorded stays. LastLead (409) where no lead would be left."""
    membership = _lock(membership)
    _keep_a_lead(membership)
    audit.record(
        "remove", about=membership, by=by, role=membership.role, person=membership.user_id,
        organisation=membership.organisation,
    )  # fmt: skip
    membership.delete()


@transaction.atomic
def accept_pledge(*, by) -> Pledge:
    """Write down that a funder or evaluator promised; a second time changes nothing."""
    pledge, new = Pledge.objects.get_or_create(user=by)
    if new:
        audit.record("accept_pledge", about=pledge, by=by)
    return pledge


@transaction.atomic
def create_coalition(*, state, name, slug, by, **fields) -> Coalition:
    """A new coalition in a state."""
    coalition = Coalition(state=state, name=name, slug=slug, **fields)
    coalition.full_clean(exclude=["own_rubric"])
    _save_with_own_name(coalition)
    audit.record("create_coalition", about=coalition, by=by, coalition=coalition)
    return coalition


@transaction.atomic
def edit_coalition(*, coalition, by, as_read: str, **fields) -> Coalition:
    """Change a coalition's settings; Conflict where somebody changed them since they were read.

    ValidationError for another time zone while answers are open: their last minute is fixed, and pages say which.
    """
    locked = Coalition.objects.select_for_update().get(pk=coalition.pk)
    if locked.fingerprint != as_read:
        raise Conflict(_("Somebody changed these settings while you were writing. Load the page again to see them."))
    changed = sorted(name for name, value in fields.items() if getattr(locked, name) != value)
    if "time_zone" in changed:
        check_time_zone_may_change(locked)
    for name in changed:
        setattr(locked, name, fields[name])
    if changed:
        _save_with_own_name(locked)
        audit.record("edit_coalition", about=locked, by=by, coalition=locked, changed=changed)
    return locked


def check_time_zone_may_change(coalition: Coalition):
    """ValidationError while a quarter of the coalition, a noun of the app above, takes answers."""
    if coalition.assessments.filter(stage="collecting").exists():
        raise ValidationError({"time_zone": _("Answers are open. You can change the time zone after they close.")})


def _save_with_own_name(coalition: Coalition):
    try:
        with transaction.atomic():
            coalition.save()
    except IntegrityError as error:
        taken = _("Another coalition has this name. Choose another one.")
        raise ValidationError({"name": taken}) from error


@transaction.atomic
def change_settings(*, user, name, language, reminders, news) -> User:
    """A person's own name and language, and which mail they get."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.name, user.language, user.reminders, user.news = name, language, reminders, news
    user.save(update_fields=["name", "language", "reminders", "news"])
    return user


@transaction.atomic
def stop_mail(*, user, kind: str):
    """Send a person no more `reminders` or `news`, ValueError for any other kind; a repeat changes nothing.

    It is theirs alone, so the log does not tell of it.
    """
    if kind not in ("reminders", "news"):
        raise ValueError(f"no such kind of mail: {kind[:20]!r}")
    User.objects.filter(pk=user.pk).update(**{kind: False})


@transaction.atomic
def close_account(*, user):
    """End a person's account for good: no role, no name, no address, no way in. What they recorded stays.

    LastLead where a coalition would be left without a lead.
    """
    # no_key: who writes a row that only names this person, as close does, neither waits here nor is waited for.
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    for membership in user.memberships.order_by("coalition_id"):
        remove(membership=membership, by=user)
    SigninLink.objects.filter(user=user).delete()
    ExportToken.objects.filter(user=user).delete()
    outbox.drop_all_to(user)
    for shown in filter(None, (user.email, user.name)):  # the admin's own log repeats what a person was called
        named = Q(object_repr=shown) | Q(object_repr__startswith=f"{shown}: ") | Q(object_repr__startswith=f"{shown}, ")
        LogEntry.objects.filter(named).update(object_repr="")
    user.email, user.name, user.is_active = f"closed-{user.pk}@closed.invalid", "", False
    user.set_unusable_password()  # a new one, so that every session of this account ends
    user.save()
    audit.record("close_account", about=user, by=user)


@transaction.atomic
def make_link(*, user, by=None) -> str:
    """A one-time token that signs this person in for ten minutes; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    SigninLink.objects.create(token_sha256=hash_of(token), user=user, expires_at=timezone.now() + LINK_LIVES)
    audit.record("make_signin_link", about=user, by=by)
    return token


@transaction.atomic
def open_link(*, token) -> User | None:
    """Use up a link and say whose it is; None for an unknown, expired or used one."""
    link = SigninLink.objects.live(token).select_related("user").first()
    # By its own columns alone: only then does a second opener, who waits for the row, see that it is used.
    if link is None or not SigninLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
        return None
    audit.record("open_signin_link", about=link.user, by=link.user)
    return link.user


@transaction.atomic
def make_export_token(*, key, by) -> ExportToken:
    """A person's own link to the files, in place of the one before; a repeat of the form changes nothing.

    Conflict where the form's key is somebody else's.
    """
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    found = ExportToken.objects.filter(pk=key).first()
    if found is None:
        ExportToken.objects.filter(user=by, revoked_at=None).update(revoked_at=timezone.now())
        found = ExportToken.objects.create(pk=key, user=by, token_sha256=hash_of(token_of(key, by.pk)))
        audit.record("make_export_token", about=found, by=by)
    elif found.user_id != by.pk:
        raise Conflict(_("This page is old. Load it again, then send the form."))
    return found


@transaction.atomic
def revoke_export_token(*, key, by) -> bool:
    """End a person's own link for good. Whether there is, or was, such a link of theirs: a repeat changes nothing."""
    mine = ExportToken.objects.select_for_update().filter(pk=key, user=by).first()
    if mine is not None and mine.revoked_at is None:
        ExportToken.objects.filter(pk=key).update(revoked_at=timezone.now())
        audit.record("revoke_export_token", about=mine, by=by)
    return mine is not None


@transaction.atomic
def end_export_tokens(*, user, by):
    """End a person's own link to the files, whoever holds it now; where there is none, nothing changes."""
    for token in ExportToken.objects.select_for_update().filter(user=user, revoked_at=None):
        ExportToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
        audit.record("revoke_export_token", about=token, by=by)


def load_states(source: list[dict]) -> int:
    """The states, the district and the territories of `fixtures/states.json` that are missing; how many there are.

    One that is there stays as it is.
    """
    State.objects.bulk_create(
        [
            State(
                code=entry["code"],
                name_en=entry["name"]["en"],
                name_es=entry["name"]["es"],
                kind=entry["kind"],
                row=entry["row"],
                column=entry["column"],
            )
            for entry in source
        ],
        ignore_conflicts=True,
    )
    return State.objects.count()
