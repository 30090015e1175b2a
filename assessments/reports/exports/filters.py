"""Which whole rows a file holds: the filters of the export page and of its addresses."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.models import Revision
from assessments.quarters import Quarter
from milestones.bilingual import LANGUAGES
from milestones.forms import ExactChoiceField, PlainForm
from milestones.models import Milestone, Rubric

ALL, LATEST = "all", "latest"
WITH, WITHOUT, ONLY = "with", "without", "only"


@dataclass(frozen=True)
class Filters:
    """What was asked for; an empty text asks for everything. `lang`, `excel` and `coded` change how it is written."""

    state: str = ""
    coalition: str = ""
    first: str = ""
    last: str = ""
    milestone: str = ""
    revisions: str = ALL
    sample: str = WITH
    lang: str = "en"
    excel: bool = False
    coded: bool = False

    def asked(self) -> dict:
        """The filters that choose rows, by their names in addresses, without those left as they are."""
        named = {
            "state": self.state,
            "coalition": self.coalition,
            "from": self.first,
            "to": self.last,
            "milestone": self.milestone,
            "revisions": "" if self.revisions == ALL else self.revisions,
            "sample": "" if self.sample == WITH else self.sample,
        }
        return {name: value for name, value in named.items() if value}

    def query(self, lang: str, *, excel: bool = False) -> str:
        """The same request as the end of an address."""
        written = {"coded": "1"} if self.coded else {}
        return urlencode({**self.asked(), **written, "lang": lang, **({"excel": "1"} if excel else {})})


class QuarterField(forms.CharField):
    """A quarter such as 2026Q2, in its stored form; any quarter may be asked for, with or without rows."""

    widget = forms.Select

    def to_python(self, value):
        try:
            return str(Quarter.parse(value)) if value else ""
        except ValueError:
            raise ValidationError(_("Choose a quarter from the list.")) from None


class ExportForm(PlainForm):
    """The filters as a form; each chooses whole rows of submitted revisions in the reader's scope."""

    state = ExactChoiceField(label=_("State (optional)"), required=False)
    coalition = ExactChoiceField(label=_("Coalition (optional)"), required=False)
    milestone = ExactChoiceField(label=_("Milestone (optional)"), required=False)
    revisions = ExactChoiceField(
        label=_("Revisions"),
        required=False,
        choices=[
            (ALL, _("All: every submitted revision")),
            (LATEST, _("The last one of each quarter")),
        ],
    )
    sample = ExactChoiceField(
        label=_("Sample data"),
        required=False,
        choices=[(WITH, _("With sample data")), (WITHOUT, _("Without sample data")), (ONLY, _("Sample data only"))],
    )
    coded = ExactChoiceField(
        label=_("Names of states and coalitions"),
        required=False,
        choices=[("0", _("With names")), ("1", _("Coded, for passing on: no names and no texts"))],
    )
    lang = ExactChoiceField(label=_("Language"), required=False, choices=[(tongue, tongue) for tongue in LANGUAGES])
    excel = ExactChoiceField(label=_("CSV for Excel"), required=False, choices=[("0", "0"), ("1", "1")])
    shown = ("state", "coalition", "from", "to", "milestone", "revisions", "sample", "coded")

    def __init__(self, *args, coalitions, **kwargs):
        super().__init__(*args, **kwargs)
        listed = list(coalitions.select_related("state").order_by("name_key"))
        states = {coalition.state_id: coalition.state.name for coalition in listed}
        everything = ("", _("All"))
        self.fields["state"].choices = [everything, *sorted(states.items(), key=lambda state: state[1])]
        self.fields["coalition"].choices = [everything, *((c.slug, c.name) for c in listed)]
        self.fields["milestone"].choices = [everything, *milestones()]
        self.fields["from"] = QuarterField(label=_("From quarter (optional)"), required=False)
        self.fields["to"] = QuarterField(label=_("To quarter (optional)"), required=False)
        found = Revision.objects.filter(coalition__in=coalitions).values_list("quarter_text", flat=True)
        quarters = [(text, Quarter.parse(text).label) for text in found.order_by("-quarter_text").distinct()]
        for name in ("from", "to"):
            self.fields[name].widget.choices = [everything, *quarters]

    def visible(self):
        """The fields that the page shows, in order."""
        return [self[name] for name in self.shown]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("from") and cleaned.get("to") and cleaned["from"] > cleaned["to"]:
            for name in ("from", "to"):
                self.add_error(name, _("The first quarter comes after the last. Change one of them."))
        if cleaned.get("coded") == "1":  # a coded file of one coalition would name it
            for name in ("state", "coalition"):
                if cleaned.get(name):
                    self.add_error(name, _("A coded file holds every coalition you may read. Leave this out."))
        return cleaned

    def filters(self) -> Filters:
        """What was asked for, of a form without errors."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        first, last = asked.pop("from", ""), asked.pop("to", "")
        excel, coded = (asked.pop(name, "0") == "1" for name in ("excel", "coded"))
        return Filters(first=first, last=last, excel=excel, coded=coded, **asked)


def milestones() -> list[tuple[str, str]]:
    """The milestones of the published versions, by slug; a coalition's own come with the files of all."""
    rows = Milestone.objects.filter(rubric__in=Rubric.objects.published()).order_by("rubric__published_at", "number")
    return list({row.slug: (row.slug, f"{row.number} {row.name}") for row in rows}.values())


def read(query, coalitions) -> tuple[ExportForm, list[str]]:
    """A form that is sound, and the labels of the filters that could not be read and were left out.

    The last of a repeated name counts; a name that is no filter is left out in silence.
    """
    asked = {name: query[name] for name in query if name in (*ExportForm.shown, "lang", "excel")}
    form = ExportForm(asked, coalitions=coalitions)
    unread = [name for name in form.fields if name in form.errors]
    if unread:
        sound = {name: value for name, value in asked.items() if name not in unread}
        labels = [str(form.fields[name].label or name) for name in unread]
        form = ExportForm(sound, coalitions=coalitions)
        form.is_valid()
        return form, labels
    return form, []
