"""Ballots: one person's private answers, while a quarter collects. Nothing here is left after close.

Read and written by `collecting/ballots.py` and `collecting/close.py` alone; a test holds it. No foreign key leads
from a ballot to a person, and none leads back: `holder` is a keyed hash, `device_sha256` that of a browser's secret.
Deleting a draft or a question asks nothing of these tables (DO_NOTHING); if a ballot hangs on it, the database refuses.
"""

import uuid
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment, Voice
from milestones.models import Indicator, Milestone

_reason: ContextVar[str] = ContextVar("ballot_access", default="")


@contextmanager
def ballot_access(reason: str):
    """Open the ballot tables for what is named; outside of this every query of them raises BallotsAreClosed."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


class BallotsAreClosed(RuntimeError):
    """Something asked for ballots without saying why."""


class GuardedManager(models.Manager):
    """A manager that answers only inside `ballot_access`."""

    def get_queryset(self):
        if not _reason.get():
            raise BallotsAreClosed(f"{self.model.__name__} is read inside ballot_access alone")
        return super().get_queryset()


class Channel(models.TextChoices):
    PERSON = "person", _("by link or signed in")
    CODE = "code", _("by code")
    PAPER = "paper", _("on paper")


class Ballot(models.Model):
    """One person's private answers in one quarter; it counts once it was sent. Deleted at close."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.DO_NOTHING, related_name="+")
    holder = models.CharField(max_length=64, null=True)  # noqa: DJ001
    device_sha256 = models.CharField(max_length=64, null=True)  # noqa: DJ001
    channel = models.CharField(max_length=6, choices=Channel)
    voice = models.CharField(max_length=8, choices=Voice, blank=True)
    sent = models.BooleanField(default=False)
    beyond = models.TextField(max_length=1000, blank=True)
    beyond_ticked = models.BooleanField(default=False)
    objects = GuardedManager()

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.UniqueConstraint(
                name="one_ballot_per_person", fields=["assessment", "holder"], condition=Q(holder__isnull=False)
            ),
            models.UniqueConstraint(
                name="one_ballot_per_device",
                fields=["assessment", "device_sha256"],
                condition=Q(device_sha256__isnull=False),
            ),
            models.CheckConstraint(name="a_voice_there_is", condition=Q(voice__in=["", *Voice.values])),
        ]

    def __str__(self):
        return "a ballot"


class Answer(models.Model):
    """What one ballot says of one indicator: a level, *can't see* or *skip*; and a note for its writer."""

    class Kind(models.TextChoices):
        LEVEL = "level", _("Level")
        CANT_SEE = "cant_see", _("I can't see this from where I sit")
        SKIP = "skip", _("Skipped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="+")
    indicator = models.ForeignKey(Indicator, models.DO_NOTHING, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    level = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(max_length=1000, blank=True)
    note_ticked = models.BooleanField(default=False)
    objects = GuardedManager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(name="one_answer_per_indicator", fields=["ballot", "indicator"]),
            models.CheckConstraint(
                name="a_level_or_none",
                condition=(Q(kind="level") & Q(level__isnull=False, level__gte=0, level__lte=4))
                | (Q(kind__in=["cant_see", "skip"]) & Q(level__isnull=True)),
            ),
        ]

    def __str__(self):
        return "an answer"


class Direction(models.Model):
    """What one ballot says of one milestone since last quarter."""

    class Choice(models.TextChoices):
        BACK = "back", _("gone back")
        STAYED = "stayed", _("stayed")
        FORWARD = "forward", _("moved forward")
        CANT_SAY = "cant_say", _("can't say")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="+")
    milestone = models.ForeignKey(Milestone, models.DO_NOTHING, related_name="+")
    choice = models.CharField(max_length=8, choices=Choice)
    objects = GuardedManager()

    class Meta:
        verbose_name = _("direction")
        verbose_name_plural = _("directions")
        constraints = [
            models.UniqueConstraint(name="one_direction_per_milestone", fields=["ballot", "milestone"]),
            models.CheckConstraint(
                name="a_direction_there_is", condition=Q(choice__in=["back", "stayed", "forward", "cant_say"])
            ),
        ]

    def __str__(self):
        return "a direction"
