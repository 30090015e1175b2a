"""What the coalition agreed: ratings, different views, evidence, stories, next steps, events."""

import uuid
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment, Voice
from assessments.quarters import Quarter
from coalitions.models import Coalition, User
from milestones.models import Indicator, Milestone


class Outcome(models.TextChoices):
    AGREED = "agreed", _("Agreed")
    WITH_DIFFERENT_VIEW = "agreed_with_different_view", _("Agreed, with a different view noted")
    NOT_AGREED = "not_agreed", _("Not agreed")
    DOES_NOT_APPLY = "does_not_apply", _("Does not apply now")


WITH_LEVEL = (Outcome.AGREED, Outcome.WITH_DIFFERENT_VIEW)


class AgreedRatingQuerySet(models.QuerySet):
    def in_order(self):
        """In the order of the record: by milestone, then by question."""
        return self.order_by("indicator__milestone__number", "indicator__position")


class AgreedRating(models.Model):
    """One indicator asked in one assessment, and what the coalition agreed on it.

    `outcome` is empty until something is chosen. `confirmed` is true when somebody saved the finished page;
    bringing forward and editing make it false. `version` grows with every save.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="agreed_ratings")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=26, choices=Outcome, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(max_length=2000, blank=True)
    confirmed = models.BooleanField(default=False)
    brought_forward_from = models.CharField(max_length=6, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)
    objects = AgreedRatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreed rating")
        verbose_name_plural = _("agreed ratings")
        constraints = [
            models.UniqueConstraint(name="one_agreed_rating_per_indicator", fields=["assessment", "indicator"]),
            models.CheckConstraint(
                name="agreed_level_from_0_to_4", condition=Q(level__isnull=True) | Q(level__gte=0, level__lte=4)
            ),
            models.CheckConstraint(name="an_outcome_there_is", condition=Q(outcome__in=["", *Outcome.values])),
            models.CheckConstraint(
                name="level_only_where_agreed",
                condition=Q(level__isnull=True) | ~Q(outcome__in=["not_agreed", "does_not_apply"]),
            ),
        ]

    def __str__(self):
        return f"{self.assessment}: {self.indicator.code}"


class DifferentView(models.Model):
    """A minority note on an agreed rating. Unsigned, it names nobody anywhere and is final."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rating = models.ForeignKey(AgreedRating, models.CASCADE, related_name="different_views")
    text = models.TextField(max_length=2000)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    coalition_only = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("different view")
        verbose_name_plural = _("different views")

    def __str__(self):
        return self.text[:60]


class Evidence(models.Model):
    """One thing that backs an agreed rating: what it is, what it shows, and whose voice is in it."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        COUNT = "count", _("Count")
        EVENT = "event", _("Event")
        RECORD = "official_record", _("Official record")
        STORY = "story", _("Story or quote")

    class Visibility(models.TextChoices):
        COALITION_ONLY = "coalition_only", _("Our coalition only")
        MAY_BE_SHARED = "may_be_shared", _("May be shared with the level")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rating = models.ForeignKey(AgreedRating, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=15, choices=Kind)
    shows = models.TextField(max_length=2000)
    voice = models.CharField(max_length=8, choices=Voice)
    dated = models.DateField(null=True, blank=True)
    link = models.CharField(max_length=500, blank=True)
    file = models.FileField(upload_to="evidence/", blank=True)
    file_type = models.CharField(max_length=20, blank=True)
    visibility = models.CharField(max_length=14, choices=Visibility)
    consent = models.BooleanField(default=False)
    brought_forward_from = models.CharField(max_length=6, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["added_at", "id"]

    def __str__(self):
        return self.shows[:60]

    @property
    def link_host(self) -> str:
        """The site that the link leads to, which is all of it that pages show."""
        return urlsplit(self.link).hostname or ""

    @property
    def brought_forward_quarter(self) -> Quarter | None:
        return Quarter.parse(self.brought_forward_from) if self.brought_forward_from else None


class Story(models.Model):
    """A coalition's own words on one milestone this quarter; without a milestone: Beyond the milestones."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="stories")
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, related_name="+")
    text = models.TextField(max_length=5000, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        constraints = [
            models.UniqueConstraint(name="one_story_per_milestone", fields=["assessment", "milestone"]),
            models.UniqueConstraint(
                name="one_beyond_the_milestones", fields=["assessment"], condition=Q(milestone=None)
            ),
        ]

    def __str__(self):
        return self.text[:60]


class NextStep(models.Model):
    """One of at most three things the coalition will do, ask for or offer; looked back at in the next quarter."""

    class Kind(models.TextChoices):
        ACTION = "action", _("An action: something we will do")
        ASK = "ask", _("An ask: something we need")
        OFFER = "offer", _("An offer: something we can give or teach")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DOING = "doing", _("Doing it now")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    MOST = 3
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="next_steps")
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    text = models.CharField(max_length=500)
    owner_name = models.CharField(max_length=120)
    owner_role = models.CharField(max_length=120)
    due_on = models.DateField()
    status = models.CharField(max_length=7, choices=Status, default=Status.PLANNED)
    what_happened = models.TextField(max_length=1000, blank=True)
    position = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("next step")
        verbose_name_plural = _("next steps")
        ordering = ["position", "id"]

    def __str__(self):
        return self.text[:60]


class Event(models.Model):
    """Something that happened around a coalition, with its date: a session, a grant, a change of staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    coalition = models.ForeignKey(Coalition, models.CASCADE, related_name="events")
    happened_on = models.DateField()
    words = models.CharField(max_length=200)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["happened_on", "id"]

    def __str__(self):
        return self.words
