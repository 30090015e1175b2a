"""Whether answers are taken at this moment: what every write to a ballot asks first, under the lock of the quarter."""

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import guards
from assessments.models import Assessment, Stage
from milestones.answers import Conflict


class NotCollecting(Conflict):
    """Answers are closed: what was sent is given back (409), nothing is saved."""


def is_open(assessment: Assessment) -> bool:
    """Whether answers are taken at this moment: collecting, and not past the deadline."""
    return assessment.stage == Stage.COLLECTING and timezone.now() <= assessment.deadline


def lock_open(assessment: Assessment) -> Assessment:
    """The assessment under its lock; NotCollecting (409) once it is closed or past its deadline."""
    locked = guards.lock(assessment)
    if not is_open(locked):
        raise NotCollecting(
            _("Answers are closed. Nothing was saved. Your words are still here, so that you can keep them."),
            assessment=locked,
        )
    return locked
