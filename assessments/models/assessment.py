"""One coalition's assessment of one quarter, its stage, and what it set aside."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.quarters import Quarter
from coalitions.models import Coalition, User
from milestones.models import Milestone, Rubric


class Stage(models.TextChoices):
    DRAFT = "draft", _("Draft")
    COLLECTING = "collecting", _("Collecting")
    DISCUSSING = "discussing", _("Discussing")
    SUBMITTED = "submitted", _("Submitted")
    REOPENED = "reopened", _("Reopened")


# The only ways from one stage to another (decisions.md, section 4).
EDGES = {
    Stage.DRAFT: {Stage.COLLECTING, Stage.DISCUSSING},
    Stage.COLLECTING: {Stage.DISCUSSING},
    Stage.DISCUSSING: {Stage.SUBMITTED},
    Stage.SUBMITTED: {Stage.REOPENED},
    Stage.REOPENED: {Stage.SUBMITTED},
}
RECORDING = (Stage.DISCUSSING, Stage.REOPENED)
WITH_REVISION = (Stage.SUBMITTED, Stage.REOPENED)
AFTER_CLOSE = (Stage.DISCUSSING, Stage.SUBMITTED, Stage.REOPENED)


class Mode(models.TextChoices):
    CORE = "core", _("Core: one question for each milestone, about 3 minutes")
    FOCUS = "focus", _("Focus: core, and all questions of two milestones, about 6 minutes")
    FULL = "full", _("Full: all 27 questions, about 12 minutes")


class RoomSees(models.TextChoices):
    COMPARE_VOICES = "compare_voices", _("Compare voices")
    SEE_THE_SPREAD = "see_the_spread", _("See the spread")
    MEETING_ONLY = "meeting_only", _("Meeting only")


class Voice(models.TextChoices):
    PARENT = "parent", _("Parent or family caregiver")
    PROVIDER = "provider", _("Child care provider or educator")
    STAFF = "staff", _("Coalition staff")
    PARTNER = "partner", _("Partner organization")
    OTHER = "other", _("Another voice")


def check_quarter(text):
    try:
        Quarter.parse(text)
    except ValueError:
        raise ValidationError(_("Choose a quarter from the list.")) from None


class Assessment(models.Model):
    """One coalition, one quarter: which version of the rubric, how much of it is asked, and how far it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    coalition = models.ForeignKey(Coalition, models.PROTECT, related_name="assessments")
    quarter_text = models.CharField(max_length=6, db_column="quarter", validators=[check_quarter])
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=5, choices=Mode)
    focus = models.ManyToManyField(Milestone, related_name="+", blank=True)
    room_sees = models.CharField(max_length=14, choices=RoomSees)
    meets_on = models.DateField(null=True, blank=True)
    # Milestones where, with voices compared, the lower of the two sides is suggested (decisions.md, section 5).
    deference = models.ManyToManyField(Milestone, related_name="+", blank=True)
    closes_on = models.DateField(null=True, blank=True)  # as the lead chose it; `deadline` is that day's last second
    deadline = models.DateTimeField(null=True)
    collecting_since = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=0)  # the number of the last reminder that was queued
    join_code = models.CharField(max_length=8, null=True, unique=True)  # noqa: DJ001
    helpers = models.ManyToManyField(User, related_name="+", blank=True)  # members who may type paper ballots
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DRAFT)
    imported = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(name="one_assessment_per_quarter", fields=["coalition", "quarter_text"]),
            models.CheckConstraint(name="a_stage_there_is", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(name="a_mode_there_is", condition=Q(mode__in=Mode.values)),
            models.CheckConstraint(
                name="collecting_has_a_deadline", condition=~Q(stage="collecting") | Q(deadline__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.coalition}, {self.quarter.label}"

    @property
    def quarter(self) -> Quarter:
        return Quarter.parse(self.quarter_text)

    def get_absolute_url(self):
        return self.url("assessment")

    def url(self, name, *args):
        """The address of one of this assessment's pages, by the page's name."""
        return reverse(name, args=[self.coalition.slug, self.quarter.slug, *args])

    @property
    def is_recording(self) -> bool:
        return self.stage in RECORDING

    @property
    def has_ballots(self) -> bool:
        """Whether this quarter asks members for ballots, and not a meeting alone."""
        return self.room_sees != RoomSees.MEETING_ONLY

    def enter(self, stage):
        """Go to another stage; ValueError where there is no such edge. Only under `guards.lock`."""
        if stage not in EDGES[Stage(self.stage)]:
            raise ValueError(f"no way from {self.stage} to {stage}")
        self.stage = stage
        self.save(update_fields=["stage"])


class SetAside(models.Model):
    """A milestone the coalition chose not to rate this quarter, and why."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="set_asides")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)

    class Meta:
        verbose_name = _("set-aside milestone")
        verbose_name_plural = _("set-aside milestones")
        constraints = [models.UniqueConstraint(name="set_aside_once", fields=["assessment", "milestone"])]

    def __str__(self):
        return f"{self.milestone}: {self.reason[:40]}"
