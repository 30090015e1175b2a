"""Form controls drawn by templates/forms/: level cards, plain radios and checkboxes with large targets, a date."""

from dataclasses import dataclass

from django import forms


@dataclass(frozen=True)
class LevelLabel:
    """The label of one level as a card shows it: its word first, its number small, its text below."""

    word: str
    number: int
    text: str = ""

    def __str__(self):
        return str(self.word)


class LevelCards(forms.RadioSelect):
    """Radios as cards, the whole card being the label; a choice's label is a LevelLabel or plain text."""

    template_name = "forms/choice_cards.html"


class Radios(forms.RadioSelect):
    """Radios one below the other, each line 44 px high or more."""

    template_name = "forms/radios.html"


class Checkboxes(forms.CheckboxSelectMultiple):
    """Checkboxes one below the other, each line 44 px high or more."""

    template_name = "forms/radios.html"


class DateInput(forms.DateInput):
    """A day, picked with the browser's own calendar; always written as 2026-07-08, which is what that expects."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%Y-%m-%d")
