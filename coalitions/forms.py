"""Forms about signing in, people and coalitions."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coalitions.models import Coalition, Role
from coalitions.zones import zone_choices
from milestones.forms import ExactChoiceField, PlainEmailField, PlainForm, PlainTextField
from milestones.texts import name_key
from milestones.widgets import Radios

ROLES_INSIDE = [
    (Role.MEMBER.value, _("Member: rates, reads the results, adds a different view")),
    (Role.LEAD.value, _("Lead: also runs the quarter and chooses what is shared")),
]


class SignInForm(PlainForm):
    email = PlainEmailField(label=_("E-mail address"))
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class Unechoed(forms.TextInput):
    """A text input that never shows back what was typed."""

    def format_value(self, value):
        return None


class CodeField(forms.CharField):
    """The code as it was typed or pasted; whether it is right is decided in one place, with one message."""

    def clean(self, value):
        return str(value or "")


class CodeForm(PlainForm):
    code = CodeField(
        label=_("Code from the e-mail"),
        required=False,
        help_text=_("Eight letters, like BCDF-GHJK."),
        widget=Unechoed(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false", "size": 12}
        ),
    )

    def refuse(self):
        """The one answer to a wrong, old or used code."""
        self.add_error("code", _("This code is wrong or old. Check it, or ask for a new one."))


class SettingsForm(PlainForm):
    name = PlainTextField(label=_("Your name"), max_length=120)
    tongue = ExactChoiceField(label=_("Language"), choices=[("en", "English"), ("es", "Español")], widget=Radios)
    reminders = forms.BooleanField(
        label=_("E-mail me when I am asked to answer, and remind me"),
        help_text=_(
            "Without this no invitation comes, unless a lead sends you a new link. Sign in here to see what is open, "
            "and answer."
        ),
        required=False,
    )
    news = forms.BooleanField(
        label=_("E-mail me what became of our answers"),
        help_text=_("When there is more time to answer, when there are results, and what we agreed."),
        required=False,
    )


class CloseAccountForm(PlainForm):
    confirm = forms.BooleanField(
        label=_("I want to close my account. I know that this cannot be undone."),
        error_messages={"required": _("Tick the box to close your account")},
    )


class PledgeForm(PlainForm):
    accept = forms.BooleanField(label=_("I accept"), error_messages={"required": _("Tick the box to accept")})


class PersonForm(PlainForm):
    name = PlainTextField(label=_("Name"), max_length=120)
    email = PlainEmailField(label=_("E-mail address"), help_text=_("They sign in with a code sent to this address."))
    role = ExactChoiceField(label=_("Role"), choices=ROLES_INSIDE, widget=Radios)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "off"


class RoleForm(PlainForm):
    role = ExactChoiceField(label=_("Role"), choices=ROLES_INSIDE)


class CoalitionForm(PlainForm):
    name = PlainTextField(label=_("Name of the coalition"), max_length=120)
    about = PlainTextField(
        label=_("Who we are, in our words (optional)"),
        help_text=_("Whoever reads what we share reads this too."),
        max_length=2000,
        lines=6,
        required=False,
    )
    thanks = PlainTextField(
        label=_("How we thank people for their time (optional)"),
        help_text=_("Members read this before they answer. For example: a stipend, child care at the meeting, a meal."),
        max_length=1000,
        lines=3,
        required=False,
    )
    working_since = PlainTextField(label=_("The year we began this work (optional)"), max_length=4, required=False)
    time_zone = ExactChoiceField(label=_("Time zone"), choices=zone_choices)
    as_read = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, coalition, **kwargs):
        self.coalition = coalition
        read = {name: getattr(coalition, name) for name in ("name", "about", "thanks", "working_since", "time_zone")}
        initial = {**read, "as_read": coalition.fingerprint, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["time_zone"].choices = zone_choices(coalition.time_zone)
        self.fields["working_since"].widget.attrs["inputmode"] = "numeric"

    def clean_name(self):
        name = self.cleaned_data["name"]
        if Coalition.objects.filter(name_key=name_key(name)).exclude(pk=self.coalition.pk).exists():
            raise ValidationError(_("Another coalition has this name. Choose another one."))
        return name

    def clean_working_since(self):
        year = self.cleaned_data["working_since"]
        if not year:
            return None
        if not (year.isascii() and year.isdigit() and 1900 <= int(year) <= date.today().year):
            raise ValidationError(_("Write a year with four digits, like 2019"))
        return int(year)
