"""What was submitted, once and for all, and what may leave the coalition."""

import json
import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from assessments.quarters import Quarter
from coalitions.access import reach
from coalitions.models import AppendOnly, AppendOnlyQuerySet, Coalition, State, User
from coalitions.permissions import Permission

BEYOND = "beyond"


class Shares(models.TextChoices):
    NOTHING = "nothing", _("Nothing")
    STORY = "story", _("Story")
    LEVEL_AND_STORY = "level_and_story", _("Level and story")


class RevisionQuerySet(AppendOnlyQuerySet):
    def last_before(self, assessment):
        """The latest revision of the last earlier quarter that the coalition submitted; None before the second."""
        earlier = self.filter(coalition=assessment.coalition_id, quarter_text__lt=assessment.quarter_text)
        return earlier.order_by("-quarter_text", "-number").first()


class Revision(AppendOnly):
    """A numbered record as it was submitted: its whole body, its hash, and the revision it follows.

    `sha256` is taken over the hash of the coalition's revision before and the canonical body, so the
    coalition's revisions are one chain.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="revisions")
    coalition = models.ForeignKey(Coalition, models.PROTECT, related_name="revisions")
    quarter_text = models.CharField(max_length=6, db_column="quarter")
    number = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    imported = models.BooleanField(default=False)
    body = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="following")
    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [models.UniqueConstraint(name="one_revision_per_number", fields=["assessment", "number"])]
        indexes = [
            models.Index(  # with all that a file asks of a revision before it reads what it says
                name="revisions_in_order",
                fields=["coalition", "quarter_text", "number", "submitted_at", "assessment", "id"],
            )
        ]

    def __str__(self):
        return f"{self.assessment}, {self.number}"

    @property
    def quarter(self) -> Quarter:
        return Quarter.parse(self.quarter_text)

    @cached_property
    def content(self) -> dict:
        """The body as a dictionary; its shape is described in assessments/submitting/snapshot.py."""
        return json.loads(self.body)

    def asked(self, ids) -> dict | None:
        """What this revision holds of the first of these indicators that it asked; None where it asked none."""
        asked = {i["id"]: i for m in self.content["milestones"] for i in m["indicators"] if i["asked"]}
        return next((asked[pk] for pk in ids if pk in asked), None)


class Packed(AppendOnly):
    """What the evaluators' large files need of one revision, written with it; its shape: submitting/packed.py."""

    revision = models.OneToOneField(Revision, models.PROTECT, primary_key=True, related_name="packed")
    form = models.TextField()
    own = models.TextField()
    ratings = models.TextField()
    items = models.TextField()
    standings = models.TextField()
    reasons = models.TextField()

    class Meta:
        verbose_name = _("packed revision")
        verbose_name_plural = _("packed revisions")

    def __str__(self):
        return str(self.revision)


class StandingQuerySet(AppendOnlyQuerySet):
    """Standings are written once; only what is shared of them changes, and only by these two words."""

    def share(self, *, sharing, members_view):
        return models.QuerySet.update(self, sharing=sharing, members_view=members_view)

    def unshare(self):
        return models.QuerySet.update(self, sharing=Shares.NOTHING, members_view=False)

    def of(self, assessment):
        """Those of every revision of one assessment."""
        return self.filter(revision__assessment=assessment)

    def shared(self):
        """Those of which the coalition shares something."""
        return self.exclude(sharing=Shares.NOTHING)

    def shared_with(self, user):
        """Those that their coalition shares and one of the reader's memberships reaches."""
        return self.shared().filter(reach(user, Permission.READ_SHARED))

    def with_level(self):
        """Those of which the coalition shares the level too."""
        return self.filter(sharing=Shares.LEVEL_AND_STORY)

    def milestones(self):
        """Without the unrated row of Beyond the milestones."""
        return self.exclude(slug=BEYOND)

    def latest(self):
        """Of each coalition and quarter, those of the last revision."""
        later = Revision.objects.filter(
            assessment=OuterRef("revision__assessment"), number__gt=OuterRef("revision__number")
        )
        return self.exclude(Exists(later))


class Standing(AppendOnly):
    """What one revision says of one milestone: the row that dashboards read.

    Beyond the milestones has one too, number 0, never with a level. `sharing` and `members_view` are all that
    changes.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="standings")
    coalition = models.ForeignKey(Coalition, models.PROTECT, related_name="standings")
    state = models.ForeignKey(State, models.PROTECT, related_name="+")
    quarter_text = models.CharField(max_length=6, db_column="quarter")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=60, db_index=False)  # never asked for alone; SQLite would walk a whole milestone
    own = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(null=True)
    level_status = models.CharField(max_length=14)
    level_rule = models.CharField(max_length=12)
    core_level = models.PositiveSmallIntegerField(null=True)  # what compares across a core-only quarter
    series = models.PositiveSmallIntegerField(default=1)  # levels compare inside one series; a changed question ends it
    indicators_rated = models.PositiveSmallIntegerField(default=0)
    indicators_asked = models.PositiveSmallIntegerField(default=0)
    change = models.CharField(max_length=14)
    change_since = models.CharField(max_length=6, blank=True)
    direction_label = models.CharField(max_length=22, default="not_asked")
    evidence_tag = models.CharField(max_length=5)
    focus = models.BooleanField(default=False)
    mode = models.CharField(max_length=5, blank=True)
    agreement = models.CharField(max_length=5, default="none")  # of the one question that stands for the milestone
    n_band = models.CharField(max_length=5, default="none")
    has_action = models.BooleanField(default=False)
    has_ask = models.BooleanField(default=False)
    has_offer = models.BooleanField(default=False)
    steps = models.JSONField(default=list)  # its next steps without the names of their owners: `seen.steps_of`
    sharing = models.CharField(max_length=15, choices=Shares, default=Shares.NOTHING)
    members_view = models.BooleanField(default=False)
    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["number", "slug"]
        constraints = [
            models.UniqueConstraint(name="one_standing_per_milestone", fields=["revision", "slug"]),
            models.UniqueConstraint(
                name="one_shared_standing_per_quarter",
                fields=["coalition", "quarter_text", "slug"],
                condition=~Q(sharing="nothing"),
            ),
            models.CheckConstraint(
                name="standing_level_from_0_to_4", condition=Q(level__isnull=True) | Q(level__gte=0, level__lte=4)
            ),
            models.CheckConstraint(
                name="standing_has_a_level_or_says_why",
                condition=(Q(level__isnull=False) & Q(level_status="rated"))
                | (Q(level__isnull=True) & ~Q(level_status="rated")),
            ),
        ]
        indexes = [
            models.Index(name="standings_of_a_quarter", fields=["quarter_text", "slug"]),
            models.Index(name="standings_of_a_coalition", fields=["coalition", "quarter_text"]),
            models.Index(name="sharing_of_a_revision", fields=["revision", "slug", "sharing"]),
        ]

    def __str__(self):
        return f"{self.revision}: {self.slug}"

    @property
    def quarter(self) -> Quarter:
        return Quarter.parse(self.quarter_text)


class Sharing(AppendOnly):
    """One act of sharing or withdrawing: what of one revision leaves the coalition, by whom and when."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="sharings")
    coalition = models.ForeignKey(Coalition, models.PROTECT, related_name="sharings")
    choices = models.JSONField(default=dict)  # the sharing of each milestone, by slug
    members_view = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("act of sharing")
        verbose_name_plural = _("acts of sharing")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.revision}, {self.at:%Y-%m-%d}"
