"""A person's own link to the evaluators' files, for programs that read an address."""

import base64
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from coalitions.models.people import User, hash_of

SALT = "coalitions.export_token"


class ExportTokenQuerySet(models.QuerySet):
    def of(self, user) -> "ExportToken | None":
        """The one that opens files for this person now."""
        return self.filter(user=user, revoked_at=None).first()

    def user_of(self, token: str) -> User | None:
        """Whose token this is; None for an unknown or revoked one, and for a person who may not sign in."""
        live = self.filter(token_sha256=hash_of(token), revoked_at=None, user__is_active=True)
        found = live.select_related("user").first()
        return found and found.user


class ExportToken(models.Model):
    """The secret in one person's own link; made from the site's key, so that only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="export_tokens")
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
    objects = ExportTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("export token")
        verbose_name_plural = _("export tokens")
        constraints = [
            models.UniqueConstraint(
                name="one_export_token_in_use", fields=["user"], condition=Q(revoked_at__isnull=True)
            )
        ]

    def __str__(self):
        return str(self.user)

    @property
    def token(self) -> str:
        """The secret itself; empty where the site's key has changed since, so that it cannot be shown any more."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        made = (token_of(self.pk, self.user_id, key) for key in keys)
        return next((token for token in made if hash_of(token) == self.token_sha256), "")


def token_of(key: uuid.UUID, user_id: int, secret: str | None = None) -> str:
    """The secret of the token with this key, for this person: 256 bits, the same each time."""
    digest = salted_hmac(SALT, f"{key.hex}:{user_id}", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
