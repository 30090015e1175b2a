"""Places: states with their tiles, and the coalitions in them."""

import hashlib
import uuid
import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from milestones.bilingual import Bilingual
from milestones.models import Rubric
from milestones.texts import name_key


class State(models.Model):
    """A US state, the District of Columbia or a territory, with its place on the tile map."""

    class Kind(models.TextChoices):
        STATE = "state", _("state")
        DISTRICT = "district", _("district")
        TERRITORY = "territory", _("territory")

    code = models.CharField(_("postal code"), max_length=2, primary_key=True)
    name_en = models.CharField(_("name, English"), max_length=60)
    name_es = models.CharField(_("name, Spanish"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    row = models.PositiveSmallIntegerField(_("row"))
    column = models.PositiveSmallIntegerField(_("column"))
    name = Bilingual()

    class Meta:
        verbose_name = _("state")
        verbose_name_plural = _("states")
        ordering = ["name_en"]
        constraints = [models.UniqueConstraint(name="one_state_per_tile", fields=["row", "column"])]

    def __str__(self):
        return self.name


def check_time_zone(name):
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list."))


class Coalition(models.Model):
    """A state child care coalition. A state may have several; each stands on its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.ForeignKey(State, models.PROTECT, related_name="coalitions", verbose_name=_("state"))
    name = models.CharField(_("name"), max_length=120)
    name_key = models.CharField(max_length=240, unique=True, editable=False)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="America/New_York", validators=[check_time_zone]
    )
    about = models.TextField(_("who we are, in our words"), max_length=2000, blank=True)
    thanks = models.TextField(_("how we thank people for their time"), max_length=1000, blank=True)
    working_since = models.PositiveSmallIntegerField(_("year we began"), null=True, blank=True)
    own_rubric = models.OneToOneField(
        Rubric, models.PROTECT, null=True, blank=True, editable=False, related_name="coalition"
    )
    sample = models.BooleanField(_("sample"), default=False, editable=False)

    class Meta:
        verbose_name = _("coalition")
        verbose_name_plural = _("coalitions")
        ordering = ["name_key"]

    def __str__(self):
        return self.name

    def clean(self):
        if Coalition.objects.filter(name_key=name_key(self.name)).exclude(pk=self.pk).exists():
            raise ValidationError({"name": _("Another coalition has this name. Choose another one.")})

    def save(self, *args, **kwargs):
        self.name_key = name_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("coalition", args=[self.slug])

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Where the coalition lives, for its dates and deadlines."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def fingerprint(self) -> str:
        """What a form keeps of the settings as it read them, to notice that somebody else changed them."""
        read = repr((self.name, self.about, self.thanks, self.working_since, self.time_zone))
        return hashlib.sha256(read.encode()).hexdigest()[:16]
