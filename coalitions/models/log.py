"""The log of every act, and what it stands on: rows that are written once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalitions.models.people import User
from coalitions.models.places import Coalition


class AppendOnlyQuerySet(models.QuerySet):
    """Rows are added and read; nothing else."""

    def _refuse(self, *args, **kwargs):
        raise TypeError(f"{self.model.__name__} rows are never changed or deleted")

    update = delete = bulk_update = update_or_create = _refuse


class AppendOnly(models.Model):
    """A row that is written once: saving it again or deleting it raises TypeError."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are never changed")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise TypeError(f"{type(self).__name__} rows are never deleted")


class AuditEvent(AppendOnly):
    """One act: who did what to which thing, when. An act that must not be traced has no actor and no row."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)
    verb = models.CharField(max_length=40)
    coalition = models.ForeignKey(Coalition, models.PROTECT, null=True, related_name="audit_events")
    about = models.CharField(max_length=60)
    about_id = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering = ["-id"]
        indexes = [
            models.Index(name="audit_of_a_coalition", fields=["coalition", "-id"]),
            models.Index(name="audit_of_a_thing", fields=["about", "about_id", "id"]),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.about}"
