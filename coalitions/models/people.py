"""People: who has an account, what they are in which coalition, what they promised, and how they come in."""

import hashlib

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coalitions.models.places import Coalition
from milestones.texts import email_key


class UserManager(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email=email_key(email))

    def create_user(self, email, name="", **fields):
        """A new account; it has no password, since nobody signs in with one."""
        user = self.model(email=email_key(email), name=name, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person with an account, known by an e-mail address. What they may do is in their memberships."""

    password = models.CharField(max_length=128, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(  # empty until they chose one, or signed in for the first time
        _("language"), max_length=2, choices=[("en", "English"), ("es", "Español")], default="", blank=True
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    reminders = models.BooleanField(_("gets invitations and reminders"), default=True)
    news = models.BooleanField(_("gets news of what became of the answers"), default=True)
    sample = models.BooleanField(_("sample"), default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email")]

    def __str__(self):
        """The name, never the address: it stands on pages that others read."""
        if not self.is_active and not self.name:
            return gettext("A closed account")
        return self.name or gettext("Somebody whose name is not set")

    def clean(self):
        self.email = email_key(self.email)

    def keep_language(self, code):
        self.language = code
        self.save(update_fields=["language"])

    # Django's admin asks these four; everything else asks coalitions.permissions.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.memberships.filter(role=Role.ADMINISTRATOR).exists()

    is_superuser = False

    def has_perm(self, perm, obj=None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label) -> bool:
        return self.is_staff


class Role(models.TextChoices):
    LEAD = "lead", _("lead")
    MEMBER = "member", _("member")
    FUNDER = "funder", _("funder")
    EVALUATOR = "evaluator", _("evaluator")
    ADMINISTRATOR = "administrator", _("administrator")


INSIDE = (Role.LEAD, Role.MEMBER)
READERS = (Role.FUNDER, Role.EVALUATOR)


class Membership(models.Model):
    """What one person is: in one coalition; as a funder or evaluator of one or (none named) of all; or of the site."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=13, choices=Role)
    coalition = models.ForeignKey(
        Coalition,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("coalition"),
        help_text=_("None means all of them, for a funder or an evaluator."),
    )
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                name="one_role_inside_a_coalition",
                fields=["user", "coalition"],
                condition=Q(role__in=["lead", "member"]),
            ),
            models.UniqueConstraint(name="one_membership_per_role_and_coalition", fields=["user", "role", "coalition"]),
            models.UniqueConstraint(
                name="one_membership_per_role_of_all", fields=["user", "role"], condition=Q(coalition=None)
            ),
            models.CheckConstraint(
                name="lead_or_member_names_a_coalition",
                condition=~Q(role__in=["lead", "member"]) | Q(coalition__isnull=False),
            ),
            models.CheckConstraint(
                name="administrator_names_none", condition=~Q(role="administrator") | Q(coalition__isnull=True)
            ),
        ]

    def __str__(self):
        everywhere = _("all")
        return f"{self.user}: {self.get_role_display()}, {self.coalition or everywhere}"

    @property
    def is_inside(self) -> bool:
        return self.role in INSIDE


class Pledge(models.Model):
    """One funder's or evaluator's promise to learn from what is shared, with its date; coalitions can see it."""

    user = models.OneToOneField(User, models.CASCADE, related_name="pledge")
    accepted_at = models.DateTimeField(auto_now_add=True)
    text_version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")

    def __str__(self):
        return f"{self.user}, {self.accepted_at:%Y-%m-%d}"


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class SigninLinkQuerySet(models.QuerySet):
    def live(self, token: str):
        """The link with this token while it can be used: one row or none."""
        return self.filter(
            token_sha256=hash_of(token), used_at=None, expires_at__gt=timezone.now(), user__is_active=True
        )


class SigninLink(models.Model):
    """A one-time link that an operator printed for one person; only its hash is kept."""

    token_sha256 = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    objects = SigninLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")

    def __str__(self):
        return str(self.user)
