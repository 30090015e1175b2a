"""The rubric: its versions, milestones, indicators, levels and descriptors; and what the source found.

A coalition's own milestones and indicators are a rubric too, so that a record has one case, not two.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from milestones.bilingual import Bilingual


class Frozen(ValidationError):
    """Raised when something tries to change a published version of the rubric."""


def of_published(model, rows) -> bool:
    """Whether any of these rows belongs to a published version."""
    path = model.PUBLISHED
    return rows.filter(**{f"{path}__isnull": False}).exists()


def refuse_if_added(model, rows):
    """Raise Frozen where one of these rows would become part of a published version."""
    parent, _then, path = model.PUBLISHED.partition("__")
    if path:
        field = model._meta.get_field(parent)
        parents = field.related_model._base_manager.filter(pk__in={getattr(row, field.attname) for row in rows})
        if parents.filter(**{f"{path}__isnull": False}).exists():
            raise Frozen(_("This version of the rubric is published. It cannot change; draft a new one."))


class VersionedQuerySet(models.QuerySet):
    """Refuses to change or delete what belongs to a published version of the rubric."""

    def refuse_if_published(self):
        if of_published(self.model, self.model._base_manager.filter(pk__in=self.values("pk"))):
            raise Frozen(_("This version of the rubric is published. It cannot change; draft a new one."))

    def update(self, **fields):
        self.refuse_if_published()
        return super().update(**fields)

    def delete(self):
        self.refuse_if_published()
        return super().delete()

    def bulk_update(self, objs, fields, batch_size=None):
        self.filter(pk__in=[row.pk for row in objs]).refuse_if_published()
        return super().bulk_update(objs, fields, batch_size)

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        refuse_if_added(self.model, objs)
        return super().bulk_create(objs, *args, **kwargs)


class Versioned(models.Model):
    """A row of one version of the rubric; immutable once that version is published."""

    PUBLISHED = ""  # the path from the row to its version's `published_at`
    objects = VersionedQuerySet.as_manager()

    class Meta:
        abstract = True

    def refuse_if_published(self):
        if self.pk and of_published(type(self), type(self)._base_manager.filter(pk=self.pk)):
            raise Frozen(_("This version of the rubric is published. It cannot change; draft a new one."))

    def save(self, *args, **kwargs):
        self.refuse_if_published()
        refuse_if_added(type(self), [self])
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        self.refuse_if_published()
        return super().delete(*args, **kwargs)


class RubricQuerySet(VersionedQuerySet):
    def shared(self):
        """The versions for everybody, without coalitions' own."""
        return self.filter(own=False)

    def published(self):
        return self.shared().filter(published_at__isnull=False)

    def current(self):
        """The version that a new quarter pins: the one published last, or None."""
        return self.published().order_by("-published_at", "-pk").first()


class Rubric(Versioned):
    """One version of the instrument; or, with `own`, the milestones and indicators one coalition added."""

    PUBLISHED = "published_at"
    version = models.CharField(_("version"), max_length=60, unique=True)
    own = models.BooleanField(_("a coalition's own"), default=False, editable=False)
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name=_("continues")
    )
    note_en = models.TextField(_("note, English"), blank=True)
    note_es = models.TextField(_("note, Spanish"), blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    note = Bilingual()
    objects = RubricQuerySet.as_manager()

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        constraints = [
            models.CheckConstraint(
                name="own_rubric_is_never_published", condition=Q(own=False) | Q(published_at__isnull=True)
            )
        ]

    def __str__(self):
        return self.version


class Level(Versioned):
    """One of the five steps of a version's ladder: a number from 0 to 4, a name and a general meaning."""

    PUBLISHED = "rubric__published_at"
    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="levels")
    value = models.PositiveSmallIntegerField(_("value"))
    name_en = models.CharField(_("name, English"), max_length=60)
    name_es = models.CharField(_("name, Spanish"), max_length=60)
    meaning_en = models.CharField(_("meaning, English"), max_length=300)
    meaning_es = models.CharField(_("meaning, Spanish"), max_length=300)
    name = Bilingual()
    meaning = Bilingual()

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["value"]
        constraints = [
            models.UniqueConstraint(name="one_level_per_value", fields=["rubric", "value"]),
            models.CheckConstraint(name="level_from_0_to_4", condition=Q(value__lte=4)),
        ]

    def __str__(self):
        return f"{self.value} {self.name}"


class Milestone(Versioned):
    """One milestone of one version. Versions share slugs, so a milestone is followed by its slug."""

    PUBLISHED = "rubric__published_at"
    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="milestones")
    number = models.PositiveSmallIntegerField(_("number"))
    slug = models.SlugField(_("slug"), max_length=60)
    name_en = models.CharField(_("name, English"), max_length=120)
    name_es = models.CharField(_("name, Spanish"), max_length=120, blank=True)
    definition_en = models.TextField(_("definition, English"), blank=True)
    definition_es = models.TextField(_("definition, Spanish"), blank=True)
    prompts_en = models.JSONField(_("reflection prompts, English"), default=list, blank=True)
    prompts_es = models.JSONField(_("reflection prompts, Spanish"), default=list, blank=True)
    evidence_examples_en = models.JSONField(_("evidence examples, English"), default=list, blank=True)
    evidence_examples_es = models.JSONField(_("evidence examples, Spanish"), default=list, blank=True)
    name = Bilingual()
    definition = Bilingual()
    prompts = Bilingual()
    evidence_examples = Bilingual()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_milestone_per_number", fields=["rubric", "number"]),
            models.UniqueConstraint(name="one_milestone_per_slug", fields=["rubric", "slug"]),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"


class Indicator(Versioned):
    """One question of a milestone with five described levels; it may continue one of an earlier version."""

    PUBLISHED = "milestone__rubric__published_at"
    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.CharField(_("code"), max_length=12)
    title_en = models.CharField(_("title, English"), max_length=120)
    title_es = models.CharField(_("title, Spanish"), max_length=120, blank=True)
    question_en = models.CharField(_("question, English"), max_length=300)
    question_es = models.CharField(_("question, Spanish"), max_length=300, blank=True)
    core = models.BooleanField(_("core"), default=False)
    grounding = models.TextField(_("grounding in the source"), blank=True)
    continues = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name=_("continues")
    )
    comparable = models.BooleanField(_("its levels compare with those of the one it continues"), default=False)
    retired = models.BooleanField(_("no longer asked"), default=False)
    title = Bilingual()
    question = Bilingual()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["milestone__number", "position"]
        constraints = [
            models.UniqueConstraint(name="one_indicator_per_code_of_a_milestone", fields=["milestone", "code"]),
            models.CheckConstraint(
                name="comparable_only_when_it_continues_one",
                condition=Q(comparable=False) | Q(continues__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    def lineage(self) -> list[int]:
        """The ids of the indicators whose levels compare with this one's: itself, then those it continues."""
        line, indicator = [self.pk], self
        while indicator.comparable and indicator.continues_id:
            indicator = indicator.continues
            line.append(indicator.pk)
        return line


class Descriptor(Versioned):
    """What one level of one indicator looks like, in words."""

    PUBLISHED = "indicator__milestone__rubric__published_at"
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="descriptors")
    value = models.PositiveSmallIntegerField(_("level"))
    text_en = models.CharField(_("text, English"), max_length=400)
    text_es = models.CharField(_("text, Spanish"), max_length=400, blank=True)
    text = Bilingual()

    class Meta:
        verbose_name = _("descriptor")
        verbose_name_plural = _("descriptors")
        ordering = ["value"]
        constraints = [
            models.UniqueConstraint(name="one_descriptor_per_level", fields=["indicator", "value"]),
            models.CheckConstraint(name="descriptor_level_from_0_to_4", condition=Q(value__lte=4)),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.value}"


class Finding(models.Model):
    """One thing the source document states, in our own words; of a state, or of all."""

    state_code = models.CharField(_("state"), max_length=2, blank=True)
    milestone_number = models.PositiveSmallIntegerField(_("milestone"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), unique=True)
    text_en = models.TextField(_("text, English"))
    text_es = models.TextField(_("text, Spanish"))
    text = Bilingual()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["position"]

    def __str__(self):
        return self.text
