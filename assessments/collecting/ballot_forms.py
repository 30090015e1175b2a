"""The forms of a member's ballot: the voice, one answer, the last page; and the code of the room."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assessments.collecting import ballots
from assessments.collecting.keys import CODE_LETTERS
from assessments.models import Voice
from milestones.forms import ExactChoiceField, LevelField, NotTooLong, PlainForm, PlainTextField
from milestones.widgets import Radios

TICK = _("The coalition may read this, without my name. If not, only you can, and we erase it at close.")


class NoteNotTooLong(NotTooLong):
    """Says of a note by how many characters it is too long."""

    def __call__(self, value):
        over = len(value) - self.limit_value
        if over > 0:
            raise forms.ValidationError(
                ngettext_lazy(
                    "Your note is %(over)d character too long", "Your note is %(over)d characters too long", "over"
                )
                % {"over": over},
                code=self.code,
            )


class NoteField(PlainTextField):
    """A note of at most 1,000 characters, optional."""

    def __init__(self, **kwargs):
        super().__init__(max_length=ballots.NOTE_LIMIT, lines=3, required=False, **kwargs)
        self.validators[-1] = NoteNotTooLong(ballots.NOTE_LIMIT)


class VoiceForm(PlainForm):
    """The voice one speaks with, sent by the button that begins the ballot."""

    voice = ExactChoiceField(
        choices=Voice.choices,
        error_messages={"required": _("Choose a voice"), "invalid_choice": _("Choose a voice")},
    )


class AnswerForm(PlainForm):
    """One answer, sent by the button that was pressed: a level, *can't see* or *skip*; with a note."""

    level = LevelField(required=False)
    answer = ExactChoiceField(
        choices=[(ballots.CANT_SEE, ""), (ballots.SKIP, "")],
        required=False,
        error_messages={"invalid_choice": _("Choose a level")},
    )
    note = NoteField(label=_("What have you seen or heard about this? (optional)"))
    ticked = forms.BooleanField(label=TICK, required=False)

    def clean(self):
        cleaned = super().clean()
        chosen = (cleaned.get("level") is not None) + bool(cleaned.get("answer"))
        if chosen != 1 and not {"level", "answer"} & set(self.errors):
            self.add_error(
                None, _("Choose a level. If you cannot see this from where you sit, say so, or skip the question.")
            )
        return cleaned

    @property
    def given(self) -> dict:
        """What was sent, as the verb takes it."""
        level = self.cleaned_data["level"]
        return {
            "kind": ballots.LEVEL if level is not None else self.cleaned_data["answer"],
            "level": level,
            "note": self.cleaned_data["note"],
            "ticked": self.cleaned_data["ticked"],
        }


class LastPageForm(PlainForm):
    """Beyond the milestones and, from the second quarter on, a direction for each milestone; nothing pre-selected."""

    beyond = NoteField(label=_("Beyond the milestones: what are we trying that no milestone counts?"))
    beyond_ticked = forms.BooleanField(label=TICK, required=False)

    def __init__(self, *args, milestones=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.milestones = milestones
        for milestone in milestones:
            self.fields[f"direction-{milestone.slug}"] = ExactChoiceField(
                label=_("%(milestone)s: since last quarter") % {"milestone": milestone.name},
                choices=ballots.DIRECTIONS,
                required=False,
                widget=Radios,
            )

    @property
    def given(self) -> dict:
        """What was sent, as the verb takes it."""
        chosen = {row.pk: self.cleaned_data[f"direction-{row.slug}"] for row in self.milestones}
        return {
            "directions": {pk: choice for pk, choice in chosen.items() if choice},
            "beyond": self.cleaned_data["beyond"],
            "beyond_ticked": self.cleaned_data["beyond_ticked"],
        }


class JoinCodeForm(PlainForm):
    """The code of the room, typed by hand."""

    code = PlainTextField(
        label=_("The code of the room"),
        help_text=_("Eight letters and digits, like ABCD-2345."),
        max_length=20,
        error_messages={"required": _("Type the code")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {
            "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "input-code",
        }  # fmt: skip


def tidy(code: str) -> str:
    """A code as it is kept: in capitals, without spaces and dashes; "" for what can be none."""
    code = "".join(letter for letter in code[:60].upper() if letter not in " -–\u00a0")
    return code if len(code) == 8 and set(code) <= set(CODE_LETTERS) else ""
