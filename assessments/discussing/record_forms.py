"""The form of the record page: outcome, level, reason; and that of a different view."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.discussing.actions import NO_REASON
from assessments.discussing.heard import lacks_reason
from assessments.models import WITH_LEVEL, Outcome
from milestones.forms import ExactChoiceField, KeyField, LevelField, PlainForm, PlainTextField
from milestones.widgets import LevelCards, LevelLabel, Radios


def level_choices(indicator, levels):
    """The five described levels of an indicator as cards, lowest first."""
    texts = {descriptor.value: descriptor.text for descriptor in indicator.descriptors.all()}
    return [(str(level.value), LevelLabel(level.name, level.value, texts.get(level.value, ""))) for level in levels]


class AgreedRatingForm(PlainForm):
    """What the coalition agreed on one indicator. With `finished` false it takes a half-done page, for autosave.

    `suggested` is the level that the ballots suggest: a finished page that agrees another one says why.
    """

    version = forms.IntegerField(min_value=1, max_value=10**6, widget=forms.HiddenInput)
    outcome = ExactChoiceField(
        label=_("What did we agree?"),
        choices=Outcome.choices,
        widget=Radios,
        required=False,
        error_messages={"required": _("Choose what we agreed")},
    )
    level = LevelField(label=_("Which level fits us?"), widget=LevelCards, required=False)
    reason = PlainTextField(
        label=_("Why this level? (optional)"),
        help_text=_("What did you see that made you choose that? If it does not apply now, say why."),
        max_length=2000,
        lines=4,
        required=False,
    )

    def __init__(self, *args, levels=None, finished=True, suggested=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.finished, self.suggested = finished, suggested
        if levels:
            self.fields["level"].choices = levels
        if suggested is not None:
            self.fields["reason"].help_text = _(
                "What did you see that made you choose that? If you choose another level than the answers suggest, "
                "or if it does not apply now, say why."
            )
            chosen = self["level"].value()
            if chosen not in (None, "", str(suggested)):
                self.fields["reason"].label = _("Why did we choose another level?")

    def clean(self):
        cleaned = super().clean()
        if not self.finished:
            return cleaned
        outcome = cleaned.get("outcome")
        if not outcome and "outcome" not in self.errors:
            self.add_error("outcome", _('Choose a level, or choose "Not agreed"'))
        if outcome in WITH_LEVEL and cleaned.get("level") is None and "level" not in self.errors:
            self.add_error("level", _('Choose a level, or choose "Not agreed"'))
        if outcome == Outcome.DOES_NOT_APPLY and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why it does not apply now"))
        differs = lacks_reason(suggested=self.suggested, level=cleaned.get("level"), reason=cleaned.get("reason", ""))
        if outcome in WITH_LEVEL and differs and "reason" not in self.errors:
            self.add_error("reason", NO_REASON)
        return cleaned

    @property
    def sent(self) -> dict:
        """What was agreed, as the verb takes it."""
        return {name: self.cleaned_data[name] for name in ("outcome", "level", "reason")}


class DifferentViewForm(PlainForm):
    """A different view on an agreed rating: its words, whether they are signed, and whether they may travel."""

    key = KeyField()
    text = PlainTextField(label=_("How do you see it?"), max_length=2000, lines=4)
    signed = ExactChoiceField(
        label=_("Do you want to sign it?"),
        choices=[
            ("no", _("No. Nothing will show who wrote it, and it cannot be changed or taken back")),
            ("yes", _("Yes. Our coalition sees my name, and I can take it back")),
        ],
        widget=Radios,
    )
    coalition_only = ExactChoiceField(
        label=_("Who may read it?"),
        choices=[
            ("no", _("It goes with the level: whoever sees the level sees this view, without a name")),
            ("yes", _("Our coalition only")),
        ],
        widget=Radios,
    )

    @property
    def sent(self) -> dict:
        cleaned = self.cleaned_data
        return {
            "key": cleaned["key"],
            "text": cleaned["text"],
            "signed": cleaned["signed"] == "yes",
            "coalition_only": cleaned["coalition_only"] == "yes",
        }
