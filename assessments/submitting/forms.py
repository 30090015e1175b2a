"""The forms of submitting and reopening: each carries the revision number that the page was about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from milestones.forms import PlainForm, PlainTextField

NUMBER = {"min_value": 1, "max_value": 9999, "widget": forms.HiddenInput}


class SubmitForm(PlainForm):
    """The revision number that submitting would write, and the one word needed where there are warnings."""

    number = forms.IntegerField(**NUMBER)
    despite_warnings = forms.BooleanField(label=_("Submit it as it is"), required=False)

    def say_what_is_open(self, points):
        """Put the reason why it was not submitted beside the tick, or above where no tick helps."""
        if any(point.blocks for point in points):
            self.add_error(None, _("Some items are not confirmed yet. Confirm them first."))
        else:
            self.add_error("despite_warnings", _("Some things are open. Go back to them, or tick to go on."))


class ReopenForm(PlainForm):
    """Why a submitted record must change."""

    number = forms.IntegerField(**NUMBER)
    reason = PlainTextField(
        label=_("Why must the record change?"),
        help_text=_("Whoever reads the corrected record sees this sentence."),
        max_length=500,
        lines=3,
    )
