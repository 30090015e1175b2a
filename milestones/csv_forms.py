"""The form with which a CSV is sent: once to be looked at, then, carried in the page, to be kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from milestones.csv_in import MOST_BYTES
from milestones.forms import PlainForm

KEEP = "keep"


class CsvForm(PlainForm):
    """A file, or the text of one that was looked at already; `act` says whether to keep what it holds."""

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        allow_empty_file=True,
        error_messages={"invalid": _("The file did not arrive. Choose it again.")},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    act = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        cleaned = super().clean()
        if "file" not in self.errors and not cleaned.get("file") and not cleaned.get("text"):
            self.add_error("file", _("Choose a file"))
        return cleaned

    @property
    def content(self) -> bytes:
        """The bytes that were sent, one more than may be at most; the name of a file says nothing."""
        file = self.cleaned_data["file"]
        return file.read(MOST_BYTES + 1) if file else self.cleaned_data["text"].encode()

    @property
    def is_sure(self) -> bool:
        """Whether what was looked at is to be kept; a file is always looked at first."""
        return self.cleaned_data["act"] == KEEP and not self.cleaned_data["file"]

    def carried(self, content: bytes) -> "CsvForm":
        """An empty form that carries what was looked at."""
        return CsvForm(initial={"text": content.decode().removeprefix("\ufeff"), "act": KEEP})
