"""Who was asked to answer in a quarter. Nothing here says who did."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from coalitions.models import User


class Invitation(models.Model):
    """One person asked to answer in one quarter; of the link in the mail only the hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="invitations")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    generation = models.PositiveSmallIntegerField(default=1)  # grows with every resend: the link before is dead
    token_sha256 = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    revoked = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [models.UniqueConstraint(name="invited_once", fields=["assessment", "user"])]

    def __str__(self):
        return f"{self.assessment}: {self.user}"
