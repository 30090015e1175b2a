"""The forms of a draft: which quarter, how much is asked, what the coalition adds, what it sets aside."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from assessments import words
from assessments.drafting.actions import FOCUS_SIZE
from assessments.models import Mode, RoomSees
from assessments.quarters import Quarter
from milestones.forms import ExactChoiceField, PlainForm, PlainTextField
from milestones.widgets import Checkboxes, DateInput, Radios

WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DayField(forms.DateField):
    """A day of these two centuries, written as 2026-07-08, which is also what a browser's calendar sends."""

    FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)
    widget = DateInput
    input_formats = ["%Y-%m-%d"]
    default_error_messages = {
        "required": _("Choose a date"),
        "invalid": _("Write the date like this: 2026-07-08"),
    }

    def to_python(self, value):
        text = "" if value is None else str(value).strip()
        if text and not WRITTEN_DAY.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        day = super().to_python(text)
        if day and not self.FIRST <= day <= self.LAST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class VersionField(forms.IntegerField):
    """The version of what was read, hidden; what is written over it is compared with it."""

    widget = forms.HiddenInput
    default_error_messages = dict.fromkeys(
        ("required", "invalid", "min_value", "max_value"), _("This page is old. Load it again, then send the form.")
    )

    def __init__(self, *, lowest=1, **kwargs):
        super().__init__(min_value=lowest, max_value=10**6, **kwargs)


def ask_again(form, message, **fresh):
    """Say that nothing was saved, and let the same form be sent again with fresh hidden values."""
    form.data = form.data.copy()
    for name, value in fresh.items():
        form.data[name] = str(value)
    form.add_error(None, message)


def today_in(coalition) -> date:
    """The day it is where the coalition lives."""
    return timezone.localdate(timezone=coalition.zone)


def quarters_to_open(coalition) -> list[Quarter]:
    """The quarter before, this one where the coalition lives, and the next."""
    now = Quarter.of(today_in(coalition))
    return [now.previous, now, now.next]


def quarter_label(quarter: Quarter, now: Quarter) -> str:
    """A quarter in words: `2026 Q2 (April to June 2026), now`."""
    words = {
        "quarter": quarter.label,
        "first": date_format(quarter.start, "F"),
        "last": date_format(quarter.end, "F"),
        "year": quarter.year,
    }
    if quarter == now:
        return _("%(quarter)s (%(first)s to %(last)s %(year)s): the quarter we are in") % words
    return _("%(quarter)s (%(first)s to %(last)s %(year)s)") % words


# A text with this site's floor in it, read when it is shown.
with_floor = lazy(lambda text, of: text % {"least": getattr(words.floors(), of)}, str)
ROOM_SEES = [
    (
        RoomSees.COMPARE_VOICES.value,
        with_floor(
            _(
                "Compare voices: one level for all of us. With %(least)s or more answers on each side, also the level "
                "of parents and providers beside that of everyone else."
            ),
            "side",
        ),
    ),
    (
        RoomSees.SEE_THE_SPREAD.value,
        with_floor(
            _(
                "See the spread: one level for all of us. With %(least)s or more answers, also how many people chose "
                "each level. Nobody is asked which voice they speak with."
            ),
            "counts",
        ),
    ),
    (
        RoomSees.MEETING_ONLY.value,
        _("Meeting only: there are no private ballots. You talk about each question and record what you agreed."),
    ),
]


class AskedForm(PlainForm):
    """How much is asked, what the room will see, when answers close and the coalition meets."""

    mode = ExactChoiceField(
        label=_("How much do you want to ask?"),
        help_text=_("You can choose again each quarter."),
        choices=Mode.choices,
        widget=Radios,
    )
    focus = forms.MultipleChoiceField(
        label=_("Focus only: which two milestones?"),
        widget=Checkboxes,
        required=False,
        error_messages={"invalid_choice": _("Choose one of these")},
    )
    room_sees = ExactChoiceField(
        label=_("What will the room see?"),
        help_text=_("Each ballot says this before the first answer. So it is fixed once people can answer."),
        choices=ROOM_SEES,
        widget=Radios,
    )
    closes_on = DayField(
        label=_("The last day for answers"),
        help_text=_(
            "Answers close at the end of this day, where your coalition is. You can move the day later, never "
            "earlier. Leave it empty for meeting only."
        ),
        required=False,
    )
    deference = forms.MultipleChoiceField(
        label=_("Where is the level of parents and providers suggested when it is lower?"),
        help_text=with_floor(
            _(
                "Only for compare voices, where both sides have %(least)s or more answers. Who must feel safe and be "
                "in charge sees these milestones from closest. You can still agree another level."
            ),
            "side",
        ),
        widget=Checkboxes,
        required=False,
        error_messages={"invalid_choice": _("Choose one of these")},
    )
    meets_on = DayField(label=_("When do you meet? (optional)"), required=False)

    def __init__(self, *args, milestones=(), today, **kwargs):
        super().__init__(*args, **kwargs)
        milestones = list(milestones)
        self.milestones, self.today = {milestone.slug: milestone for milestone in milestones}, today
        choices = [(milestone.slug, milestone.name) for milestone in milestones]
        self.fields["focus"].choices = self.fields["deference"].choices = choices

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("mode") == Mode.FOCUS and "focus" not in self.errors:
            if len(set(cleaned["focus"])) != FOCUS_SIZE:
                self.add_error("focus", _("Choose two milestones to focus on."))
        asks_ballots = cleaned.get("room_sees") in (RoomSees.COMPARE_VOICES, RoomSees.SEE_THE_SPREAD)
        if asks_ballots and "closes_on" not in self.errors:
            self.check_last_day(cleaned["closes_on"])
        return cleaned

    def check_last_day(self, day):
        """Ballots need a last day, and one that is not over where the coalition lives."""
        if day is None:
            self.add_error("closes_on", _("Choose the last day for answers"))
        elif day < self.today:
            self.add_error("closes_on", _("This day is over. Choose today or a later day."))

    @property
    def sent(self) -> dict:
        """What was chosen, as the verbs take it."""
        cleaned = self.cleaned_data
        meeting_only = cleaned["room_sees"] == RoomSees.MEETING_ONLY
        return {
            "mode": cleaned["mode"],
            "focus": self.chosen("focus") if cleaned["mode"] == Mode.FOCUS else [],
            "room_sees": cleaned["room_sees"],
            "closes_on": None if meeting_only else cleaned["closes_on"],
            "deference": self.chosen("deference"),
            "meets_on": cleaned["meets_on"],
        }

    def chosen(self, name) -> list:
        """The milestones ticked in one of the lists."""
        return [self.milestones[slug] for slug in self.cleaned_data[name]]


class OpenForm(AskedForm):
    """A new quarter. Those open already are not offered; one sent all the same is the verb's to refuse."""

    quarter = ExactChoiceField(label=_("Which quarter?"), coerce=Quarter.parse, widget=Radios)

    def __init__(self, *args, quarters, taken=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["quarter", *self.fields])
        labels = [(str(quarter), quarter_label(quarter, quarters[1])) for quarter in quarters]
        self.fields["quarter"].choices = labels
        self.offered = [choice for choice in labels if choice[0] not in taken]
        self.fields["quarter"].widget.choices = self.offered

    @property
    def sent(self) -> dict:
        return {"quarter": self.cleaned_data["quarter"], **super().sent}


class DraftForm(AskedForm):
    """The draft of a quarter, changed."""

    version = VersionField()

    @property
    def sent(self) -> dict:
        return {"version": self.cleaned_data["version"], **super().sent}


class SetAsideForm(PlainForm):
    """Why a milestone is set aside this quarter; `as_read` is the reason that stood there when the page was made."""

    as_read = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)
    reason = PlainTextField(
        label=_("Why do you set it aside this quarter?"),
        help_text=_('It is shown as "Set aside this quarter. Our choice, because …".'),
        max_length=500,
        lines=3,
        error_messages={"required": _("Write why you set it aside")},
    )


class OwnCodeField(forms.CharField):
    """The code the new one will have, `own-1` and on, hidden: it lets a form that is sent twice act once."""

    widget = forms.HiddenInput
    default_error_messages = {"required": VersionField.default_error_messages["required"]}
    SPELLING = re.compile(r"own-[1-9][0-9]{0,2}")

    def clean(self, value):
        value = super().clean(value)
        if not self.SPELLING.fullmatch(value):
            raise ValidationError(self.error_messages["required"], code="invalid")
        return value


class OwnMilestoneForm(PlainForm):
    """A milestone of the coalition's own."""

    code = OwnCodeField()
    name = PlainTextField(label=_("What do you call this milestone?"), max_length=120)
    definition = PlainTextField(label=_("What does it mean? (optional)"), max_length=1000, lines=3, required=False)

    def __init__(self, *args, milestones=(), levels=(), **kwargs):
        super().__init__(*args, **kwargs)

    @property
    def sent(self) -> dict:
        return self.cleaned_data


class OwnIndicatorForm(PlainForm):
    """A question of the coalition's own, with its five levels on the ladder that all questions have."""

    code = OwnCodeField()
    milestone = ExactChoiceField(label=_("Under which milestone?"), widget=Radios)
    title = PlainTextField(label=_("A short title"), max_length=120)
    question = PlainTextField(label=_("The question"), max_length=300, lines=2)

    def __init__(self, *args, milestones=(), levels=(), **kwargs):
        super().__init__(*args, **kwargs)
        milestones = list(milestones)
        self.milestones = {milestone.slug: milestone for milestone in milestones}
        self.fields["milestone"].choices = [(milestone.slug, milestone.name) for milestone in milestones]
        for level in levels:
            self.fields[f"level_{level.value}"] = PlainTextField(
                label=f"{level.value} · {level.name}",
                help_text=level.meaning,
                max_length=400,
                lines=2,
                error_messages={"required": _("Write what this level looks like")},
            )

    @property
    def sent(self) -> dict:
        cleaned = self.cleaned_data
        return {
            "code": cleaned["code"],
            "milestone": self.milestones[cleaned["milestone"]],
            "title": cleaned["title"],
            "question": cleaned["question"],
            "descriptors": [cleaned[name] for name in sorted(cleaned) if name.startswith("level_")],
        }
