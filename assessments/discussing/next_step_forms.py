"""The page of next steps as one form: what came of last quarter's, and up to three of this quarter's."""

import uuid
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.drafting.forms import DayField, VersionField
from assessments.models import BEYOND, NextStep
from milestones.forms import ExactChoiceField, KeyField, PlainForm, PlainTextField
from milestones.widgets import Radios

PARTS = ("kind", "text", "milestone", "owner_name", "owner_role", "due_on")
MISSING = {
    "kind": _("Step %(number)s: choose what it is"),
    "text": _("Step %(number)s: write what you will try"),
    "milestone": _("Step %(number)s: choose a milestone"),
    "owner_name": _("Step %(number)s: write who will see to it"),
    "owner_role": _("Step %(number)s: write their role"),
    "due_on": _("Step %(number)s: choose a date"),
}


@dataclass
class Row:
    """One of this quarter's steps on the page: its fields, and the step where it is saved already."""

    number: int
    step: NextStep | None
    is_open: bool
    hidden: list
    fields: list


@dataclass
class Past:
    """One of last quarter's steps on the page."""

    step: NextStep
    version: forms.BoundField
    status: forms.BoundField
    what_happened: forms.BoundField


def values_of(step) -> dict:
    """What a saved step shows in its fields."""
    return {
        "kind": step.kind,
        "text": step.text,
        "milestone": step.milestone.slug if step.milestone else BEYOND,
        "owner_name": step.owner_name,
        "owner_role": step.owner_role,
        "due_on": step.due_on,
    }


class NextStepsForm(PlainForm):
    """Fields are named by their part and by the number of the row, or by the id of last quarter's step."""

    def __init__(self, *args, steps, past, milestones, **kwargs):
        super().__init__(*args, **kwargs)
        self.steps = {str(step.pk): step for step in steps}
        self.past = list(past)
        self.milestones = {milestone.slug: milestone for milestone in milestones}
        for step in self.past:
            self.add_past(step)
        for number in range(1, NextStep.MOST + 1):
            self.add_row(number, [*steps][number - 1] if number <= len(steps) else None)

    def add_past(self, step):
        # "Planned" is where a step begins, so it stands chosen only once somebody has said something.
        said = step.status != NextStep.Status.PLANNED or step.what_happened
        self.fields[f"version-{step.pk}"] = VersionField(initial=step.version)
        self.fields[f"status-{step.pk}"] = ExactChoiceField(
            label=_("How is it going?"),
            choices=NextStep.Status.choices,
            widget=Radios,
            required=False,
            initial=step.status if said else None,
        )
        self.fields[f"what_happened-{step.pk}"] = PlainTextField(
            label=_("What happened? (optional)"),
            max_length=1000,
            lines=3,
            required=False,
            initial=step.what_happened,
        )

    def add_row(self, number, step):
        there = values_of(step) if step else {}
        milestones = [(slug, milestone.name) for slug, milestone in self.milestones.items()]
        fields = {
            "key": KeyField(initial=str(step.pk) if step else str(uuid.uuid4())),
            "version": VersionField(lowest=0, initial=step.version if step else 0),
            "kind": ExactChoiceField(label=_("What is it?"), choices=NextStep.Kind.choices, widget=Radios),
            "text": PlainTextField(label=_("What will you try?"), max_length=500, lines=3),
            "milestone": ExactChoiceField(
                label=_("Which milestone is it for?"),
                choices=[("", _("Choose one")), *milestones, (BEYOND, _("Beyond the milestones"))],
                widget=forms.Select,
            ),
            "owner_name": PlainTextField(
                label=_("Who will see to it?"), help_text=_("A name. Only our coalition sees it."), max_length=120
            ),
            "owner_role": PlainTextField(
                label=_("What is their role?"),
                help_text=_("Shown outside instead of the name, if we share this step."),
                max_length=120,
            ),
            "due_on": DayField(label=_("By when?")),
        }
        for part, field in fields.items():
            field.required = part in ("key", "version")
            if part in there:
                field.initial = there[part]
            self.fields[f"{part}-{number}"] = field

    def clean(self):
        cleaned = super().clean()
        for number in self.numbers():
            if self.is_blank(number):
                continue
            for part in PARTS:
                name = f"{part}-{number}"
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, MISSING[part] % {"number": number})
        return cleaned

    def numbers(self):
        return range(1, NextStep.MOST + 1)

    def step_in(self, number) -> NextStep | None:
        """The saved step that a row shows."""
        key = self.data.get(f"key-{number}") if self.is_bound else self[f"key-{number}"].value()
        return self.steps.get(key)

    def is_blank(self, number) -> bool:
        """Whether a row is new and nothing was written in it."""
        names = [f"{part}-{number}" for part in PARTS]
        return self.step_in(number) is None and not any(
            name in self.errors or self.cleaned_data.get(name) for name in names
        )

    @property
    def sent(self) -> dict:
        """What was sent, as the verb takes it."""
        return {
            "looked_back": [self.sent_past(step) for step in self.past],
            "steps": [self.sent_step(number) for number in self.numbers() if not self.is_blank(number)],
        }

    def sent_past(self, step) -> dict:
        value = self.cleaned_data
        return {
            "key": step.pk,
            "version": value[f"version-{step.pk}"],
            "status": value[f"status-{step.pk}"] or NextStep.Status.PLANNED,
            "what_happened": value[f"what_happened-{step.pk}"],
        }

    def sent_step(self, number) -> dict:
        value = {part: self.cleaned_data[f"{part}-{number}"] for part in ("key", "version", *PARTS)}
        return {**value, "milestone": self.milestones.get(value["milestone"])}

    def rows(self) -> list[Row]:
        """This quarter's steps for the page; the first empty one stands open."""
        rows, first_empty = [], True
        for number in self.numbers():
            fields = [self[f"{part}-{number}"] for part in PARTS]
            step = self.step_in(number)
            written = step is not None or any(field.value() or field.errors for field in fields)
            rows.append(
                Row(
                    number=number,
                    step=step,
                    is_open=written or first_empty,
                    hidden=[self[f"key-{number}"], self[f"version-{number}"]],
                    fields=fields,
                )
            )
            first_empty = first_empty and written
        return rows

    def unlisted(self) -> list[NextStep]:
        """The saved steps that no row shows: those that somebody added while this page was open."""
        shown = {self.step_in(number) for number in self.numbers()}
        return [step for step in self.steps.values() if step not in shown]

    def past_rows(self) -> list[Past]:
        return [
            Past(step, *(self[f"{part}-{step.pk}"] for part in ("version", "status", "what_happened")))
            for step in self.past
        ]

    def saved(self, key) -> NextStep | None:
        """The saved step of this key, of this quarter or of last."""
        return {**{str(step.pk): step for step in self.past}, **self.steps}.get(key)

    def values_of(self, step) -> dict:
        """What a saved step shows in its fields, by part."""
        if str(step.pk) in self.steps:
            return values_of(step)
        return {"status": step.status, "what_happened": step.what_happened}

    def row_of(self, key) -> str:
        """What the names of a step's fields end in: the number of its row, or the id of last quarter's step."""
        by_key = {self.data.get(f"key-{number}"): str(number) for number in self.numbers()}
        return by_key.get(str(key), str(key))
