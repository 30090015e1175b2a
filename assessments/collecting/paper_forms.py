"""The form that types in one paper ballot, all of it on one page."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.collecting import ballots
from assessments.collecting.mine import MyAnswer
from assessments.models import Voice
from milestones.forms import ExactChoiceField, KeyField, PlainForm, PlainTextField
from milestones.widgets import Radios

NOTHING = "nothing"  # said in words, so that a mark made by mistake can be taken back
NO_TICK = _("This note has no tick. Tick it if it is ticked on the paper. If not, take the note out.")
DIGITS = re.compile(r"[0-9]{1,3}")


class HowManyField(forms.CharField):
    """A number of papers, 1 to 999, or None."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-number"})
    default_error_messages = {"invalid": _("Write a number, such as 12")}

    def to_python(self, value):
        value = super().to_python(value).strip()
        if not value:
            return None
        if not DIGITS.fullmatch(value) or int(value) == 0:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(value)


def how_many(text: str | None) -> int | None:
    """The number of papers that an address carries from one paper to the next; None for anything else."""
    return int(text) if text and DIGITS.fullmatch(text) and int(text) else None


class PaperForm(PlainForm):
    """One paper: the voice, a mark and a note for each question, directions, Beyond. Nothing is marked beforehand.

    `parts`: each milestone with its numbered indicators (`worksheet.by_milestone`); `level_names`: the five words.
    """

    key = KeyField()

    def __init__(self, *args, parts, level_names, compares_voices, asks_direction, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts, self.asks_direction = parts, asks_direction
        self.indicators = [indicator for _milestone, rows in parts for _number, indicator in rows]
        if compares_voices:
            self.fields["voice"] = ExactChoiceField(
                label=_("Which voice is marked on the first page?"),
                help_text=_("If no voice is marked, or more than one, choose Another voice."),
                choices=Voice.choices,
                widget=Radios,
                error_messages={"required": _("Choose the voice that is marked on the first page")},
            )
        marks = [(str(value), f"{name} · {value}") for value, name in enumerate(level_names)]
        marks += [
            (ballots.CANT_SEE, _("I can't see this from where I sit")),
            (ballots.SKIP, _("Skip this question")),
            (NOTHING, _("No box, or more than one")),
        ]
        for milestone, rows in parts:
            for number, indicator in rows:
                self._ask(number, indicator, marks)
            if asks_direction:
                self.fields[f"direction_{milestone.pk}"] = ExactChoiceField(
                    label=_("%(milestone)s, since last quarter") % {"milestone": milestone.name},
                    choices=[*ballots.DIRECTIONS, (NOTHING, _("No box, or more than one"))],
                    widget=Radios,
                    required=False,
                )
        self.fields["beyond"] = PlainTextField(
            label=_("Beyond the milestones: what are we trying that no milestone counts?"),
            max_length=ballots.NOTE_LIMIT, lines=4, required=False,
        )  # fmt: skip
        self.fields["beyond_tick"] = _tick(_("Beyond is ticked: the coalition may read this"))
        self.fields["papers"] = HowManyField(
            label=_("How many papers are there in all, with those of other helpers? (optional)"), required=False
        )
        self.fields["last"] = forms.BooleanField(label=_("This was the last paper"), required=False)

    def _ask(self, number, indicator, marks):
        self.fields[f"mark_{indicator.pk}"] = ExactChoiceField(
            label=f"{number}. {indicator.question}", choices=marks, widget=Radios, required=False
        )
        self.fields[f"note_{indicator.pk}"] = PlainTextField(
            label=_("Note on question %(number)s") % {"number": number},
            max_length=ballots.NOTE_LIMIT, lines=2, required=False,
        )  # fmt: skip
        tick = _("Note on question %(number)s is ticked: the coalition may read this") % {"number": number}
        self.fields[f"tick_{indicator.pk}"] = _tick(tick)

    def clean(self):
        cleaned = super().clean()
        for note, tick in [
            *((f"note_{row.pk}", f"tick_{row.pk}") for row in self.indicators),
            ("beyond", "beyond_tick"),
        ]:
            if cleaned.get(note) and not cleaned.get(tick):
                self.add_error(note, NO_TICK)
        if cleaned.get("last") and "papers" not in self.errors and cleaned.get("papers") is None:
            self.add_error("papers", _("Write how many papers there are in all"))
        return cleaned

    def milestones(self):
        """What the page shows: each milestone, its questions as (mark, note, tick), and its direction or None."""
        for milestone, rows in self.parts:
            asked = [[self[f"{name}_{row.pk}"] for name in ("mark", "note", "tick")] for _number, row in rows]
            yield milestone, asked, self[f"direction_{milestone.pk}"] if self.asks_direction else None

    @property
    def sent(self) -> dict:
        """What is on the paper, as `ballots.add_paper` takes it. A box that is not marked is nothing at all."""
        cleaned = self.cleaned_data
        directions = {milestone.pk: cleaned.get(f"direction_{milestone.pk}") for milestone, _rows in self.parts}
        return {
            "key": cleaned["key"],
            "voice": cleaned.get("voice", ""),
            "answers": [(row, answer) for row in self.indicators if (answer := self._answer(row))],
            "directions": {pk: choice for pk, choice in directions.items() if choice and choice != NOTHING},
            "beyond": cleaned["beyond"],
            "beyond_ticked": cleaned["beyond_tick"],
        }

    def _answer(self, indicator) -> MyAnswer | None:
        mark, note = self.cleaned_data[f"mark_{indicator.pk}"], self.cleaned_data[f"note_{indicator.pk}"]
        if mark in ("", NOTHING):
            mark = ballots.SKIP if note else ""  # a note without a mark is kept; it counts for no level
        if not mark:
            return None
        level = int(mark) if mark.isdigit() else None
        return MyAnswer(ballots.LEVEL if level is not None else mark, level, note, bool(note))


def _tick(label):
    return forms.BooleanField(label=label, required=False)
