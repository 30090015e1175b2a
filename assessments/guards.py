"""Writes that may arrive twice, or at the wrong moment: the lock, and the two ways of answering a repeat."""

from django.utils.translation import gettext as _

from assessments.models import Assessment, Stage
from milestones.answers import Conflict


class WrongStage(Conflict):
    """The assessment is at a stage at which this cannot be done."""


class KeyReused(ValueError):
    """A form's own key arrived again with other content; answered with 422, the first effect kept."""


def check_stage(assessment: Assessment, *stages: Stage) -> Assessment:
    """The assessment, or Conflict (409) where it is at none of these stages."""
    if stages and assessment.stage not in stages:
        raise WrongStage(
            _("This cannot be done now. This quarter's assessment is at another stage."),
            assessment=assessment,
            stage_label=assessment.get_stage_display(),
            back_url=assessment.coalition.get_absolute_url(),
        )
    return assessment


def lock(assessment: Assessment, *stages: Stage) -> Assessment:
    """Read the assessment again under a row lock, inside a transaction; Conflict unless at one of the stages."""
    locked = Assessment.objects.select_for_update().select_related(None).filter(pk=assessment.pk).first()
    if locked is None:
        raise Conflict(_("Somebody deleted this draft meanwhile."), back_url=assessment.coalition.get_absolute_url())
    locked.coalition = assessment.coalition
    return check_stage(locked, *stages)


def once(model, key, **fields):
    """Add one row under the form's own key, its primary key, and say whether it is new: `(row, is_new)`.

    The same key with the same content is the same row; with other content it raises KeyReused. Call it
    under `lock`.
    """
    found = model.objects.filter(pk=key).first()
    if found is None:
        return model.objects.create(pk=key, **fields), True
    if any(getattr(found, name) != value for name, value in fields.items()):
        raise KeyReused(key)
    return found, False
