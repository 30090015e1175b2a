"""What is left of the ballots: the release, made once at close, and the notes that were ticked for it."""

import json
import uuid

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from assessments.quarters import Quarter
from coalitions.models import AppendOnly, AppendOnlyQuerySet, Coalition, User
from milestones.models import Indicator


class ReleaseQuerySet(AppendOnlyQuerySet):
    def last_before(self, assessment):
        """The release of the last earlier quarter of this coalition that asked for ballots; None before the second."""
        earlier = self.filter(coalition=assessment.coalition_id, quarter_text__lt=assessment.quarter_text)
        return earlier.order_by("-quarter_text").first()


class Release(AppendOnly):
    """What may be shown of one quarter's ballots: canonical JSON, its SHA-256 and the version of the rule.

    The shape of the body is described in assessments/disclosure.py; beside it stands a `salt` that nobody outside
    can know, so that from the hash alone nobody can find out what it is the hash of.
    """

    assessment = models.OneToOneField(Assessment, models.PROTECT, primary_key=True, related_name="release")
    coalition = models.ForeignKey(Coalition, models.PROTECT, related_name="+")
    quarter_text = models.CharField(max_length=6, db_column="quarter")
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # nobody: the deadline
    rule = models.CharField(max_length=10)
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [models.UniqueConstraint(name="one_release_per_quarter", fields=["coalition", "quarter_text"])]

    def __str__(self):
        return str(self.assessment)

    @property
    def quarter(self) -> Quarter:
        return Quarter.parse(self.quarter_text)

    @cached_property
    def content(self) -> dict:
        """What the body says, as a dictionary, without its salt."""
        return {name: value for name, value in json.loads(self.body).items() if name != "salt"}


class Note(AppendOnly):
    """A note that its writer let the coalition read, without name, voice, level or time; without indicator: Beyond."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # random, so the order says nothing
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="notes")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, related_name="+")
    text = models.TextField(max_length=1000)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["id"]

    def __str__(self):
        return self.text[:60]
