"""Where a meeting is: which question the room looks at, and who drives the screen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from coalitions.models import User


class Meeting(models.Model):
    """What the projector of one quarter's meeting shows at this moment; the host's phone moves it."""

    class Step(models.TextChoices):
        READ = "read", _("Read")
        SHOW = "show", _("Show")
        TALK = "talk", _("Talk")
        RECORD = "record", _("Record")

    assessment = models.OneToOneField(Assessment, models.CASCADE, primary_key=True, related_name="meeting")
    code = models.CharField(max_length=12)  # of the indicator
    step = models.CharField(max_length=6, choices=Step, default=Step.READ)
    host = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")

    def __str__(self):
        return f"{self.assessment}: {self.code}, {self.step}"
