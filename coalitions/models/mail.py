"""The outbox: what is to be sent, written in the transaction of what it tells of."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalitions.models.people import User
from coalitions.models.places import Coalition


class Mail(models.Model):
    """One message to one person, kept until it is sent. Its words are made at that moment, from `kind` and `about`.

    Once sent or dropped it names nobody: person, address, coalition, `about` and `key` are erased, and the row is a
    number.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    address = models.EmailField(blank=True)  # where there is no account: a code asked for with an unknown address
    coalition = models.ForeignKey(Coalition, models.CASCADE, null=True, related_name="+")
    about = models.JSONField(default=dict)
    key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001  one message for one thing, however often asked
    made_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField(default=timezone.now)  # while a sender holds it: until when
    tries = models.PositiveSmallIntegerField(default=0)  # hand-overs of which nobody heard what became
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                name="mail_to_send", fields=["next_try_at"], condition=Q(sent_at__isnull=True, dropped_at__isnull=True)
            )
        ]

    def __str__(self):
        return f"{self.kind}, {self.made_at:%Y-%m-%d}"
