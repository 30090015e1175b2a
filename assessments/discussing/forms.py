"""The forms of evidence, stories and events."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from assessments.discussing import files
from assessments.drafting.forms import DayField, VersionField
from assessments.models import Evidence, Voice
from milestones.forms import ExactChoiceField, KeyField, LinkField, PlainForm, PlainTextField
from milestones.widgets import Radios

TAKEN_TYPES = "image/jpeg,image/png,image/webp,application/pdf"


class EvidenceFileField(forms.FileField):
    """A picture or a PDF, told by its content; cleaned to a pair of what is kept and its type."""

    widget = forms.FileInput(attrs={"accept": TAKEN_TYPES})
    default_error_messages = {
        "empty": _("This file is empty. Choose another."),
        "invalid": _("The file did not arrive. Choose it again."),
        "missing": _("The file did not arrive. Choose it again."),
    }

    def to_python(self, data):
        upload = super().to_python(data)
        if upload is None:
            return None
        most = settings.EVIDENCE_MAX_MB * 1024 * 1024
        if upload.size > most:
            raise forms.ValidationError(
                _("This file is too large. It may have up to %(most)s."), params={"most": filesizeformat(most)}
            )
        try:
            return files.examined(upload)
        except files.BadFile as bad:
            raise forms.ValidationError(str(bad)) from None


class EvidenceForm(PlainForm):
    """One thing that backs an agreed rating."""

    key = KeyField()
    kind = ExactChoiceField(label=_("What kind of evidence is it?"), choices=Evidence.Kind.choices, widget=Radios)
    shows = PlainTextField(label=_("What does it show?"), max_length=2000, lines=4)
    voice = ExactChoiceField(label=_("Whose voice is in it?"), choices=Voice.choices, widget=Radios)
    dated = DayField(label=_("From which day is it? (optional)"), required=False)
    link = LinkField(label=_("Link (optional)"), required=False)
    file = EvidenceFileField(label=_("Picture or PDF (optional)"), required=False)
    visibility = ExactChoiceField(label=_("Who may see it?"), choices=Evidence.Visibility.choices, widget=Radios)
    consent = forms.BooleanField(
        label=_("The people who tell this story, or are quoted, said yes to its use here."),
        help_text=_("Needed for a story or quote."),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "Up to %(most)s. We take out where and with what a picture was made. If something else on this page "
            "needs a change, choose the file again."
        ) % {"most": filesizeformat(settings.EVIDENCE_MAX_MB * 1024 * 1024)}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == Evidence.Kind.STORY and not cleaned.get("consent"):
            self.add_error("consent", _("Ask the people first. Then tick that they said yes."))
        return cleaned

    @property
    def sent(self) -> dict:
        """What was sent, as the verb takes it."""
        file, file_type = self.cleaned_data["file"] or (None, "")
        return {**self.cleaned_data, "file": file, "file_type": file_type}


class StoryForm(PlainForm):
    """The coalition's own words on a milestone, or beyond them."""

    version = VersionField()
    text = PlainTextField(label=_("Our story this quarter"), max_length=5000, lines=12, required=False)


class EventForm(PlainForm):
    """Something that happened around the coalition."""

    key = KeyField()
    happened_on = DayField(label=_("When did it happen?"))
    words = PlainTextField(
        label=_("What happened?"),
        help_text=_("For example: a session began, a grant came or ended, somebody joined or left."),
        max_length=200,
    )
