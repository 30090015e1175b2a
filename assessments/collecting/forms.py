"""The forms of whoever runs collecting: people to invite, a helper, a later last day."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.drafting.forms import DayField
from milestones.forms import ExactChoiceField, PlainEmailField, PlainForm, PlainTextField, refuse_unreadable
from milestones.texts import clean_text, is_blank

MOST_LINES = 200
A_LINE = 400  # characters; what is longer is no address
SEPARATORS = str.maketrans(",;\t", "   ")


@dataclass(frozen=True)
class Line:
    """One line of the list: its number as typed, the address and the name."""

    number: int
    email: str
    name: str = ""


class PeopleField(forms.CharField):
    """People to invite, one a line: e-mail address, then, if wanted, the name. Cleaned to a list of `Line`.

    Every line that cannot be read is named by its number, and every address that stands there twice.
    """

    widget = forms.Textarea(attrs={"rows": 6, "autocapitalize": "none", "spellcheck": "false"})
    default_error_messages = {"required": _("Write at least one e-mail address")}

    def to_python(self, value):
        value = "" if value in self.empty_values else str(value)
        refuse_unreadable(value)
        return "" if is_blank(value) else clean_text(value)

    def clean(self, value):
        typed = super().clean(value).split("\n")
        numbered = [(number, text) for number, text in enumerate(typed, 1) if not is_blank(text)]
        if len(numbered) > MOST_LINES:
            raise ValidationError(gettext("Write at most %(most)s lines at a time.") % {"most": MOST_LINES})
        lines, wrong = [], []
        for number, text in numbered:
            try:
                lines.append(read_line(number, text))
            except ValidationError as reason:
                wrong.append(at_line(number, " ".join(reason.messages)))
        if wrong := wrong + twice(lines):
            raise ValidationError(wrong)
        return lines


def read_line(number: int, text: str) -> Line:
    """What stands on one line: an address and then a name, or `Name <address>` as mail programs write it.

    ValidationError where the address cannot be read, or the name is too long.
    """
    name, bracket, rest = text.rpartition("<")
    if bracket and rest.rstrip().endswith(">"):
        email = rest.rstrip()[:-1]
    else:
        email, _space, name = text.translate(SEPARATORS).strip().partition(" ")
    email = PlainEmailField().clean(email[:A_LINE])
    if "@" in name:  # a second address would be taken for a name, and that person left out
        raise ValidationError(gettext("Write one e-mail address on each line."))
    return Line(number, email, PlainTextField(max_length=120, required=False).clean(name.strip(' "')))


def at_line(number: int, words: str) -> str:
    """What is wrong, with the number of the line."""
    return gettext("Line %(number)s: %(words)s") % {"number": number, "words": words}


def twice(lines: list[Line]) -> list[str]:
    """A sentence for every address that stands on two lines."""
    first: dict[str, int] = {}
    found = []
    for line in lines:
        if line.email in first:
            words = gettext("Lines %(first)s and %(second)s have the same address.")
            found.append(words % {"first": first[line.email], "second": line.number})
        first.setdefault(line.email, line.number)
    return found


class PeopleForm(PlainForm):
    """People to invite, by their addresses."""

    people = PeopleField(
        label=_("Add people, one a line: e-mail, then name (optional)"),
        help_text=_("For example: rosa@example.org, Rosa Ruiz. They join as members and get an invitation."),
    )

    @property
    def sent(self) -> list[tuple[str, str]]:
        """The people, as the verb takes them."""
        return [(line.email, line.name) for line in self.cleaned_data["people"]]

    def refuse(self, reasons: dict[str, ValidationError]):
        """Say on which lines somebody cannot be added; why may be a thing of theirs elsewhere, so it is not said."""
        quiet = gettext("This person cannot be added. Ask the people who run this site.")
        for line in self.cleaned_data["people"]:
            if reason := reasons.get(line.email):
                own_words = reason.code not in ("one_kind", "inactive") and hasattr(reason, "message")
                self.add_error("people", at_line(line.number, reason.messages[0] if own_words else quiet))


class HelperForm(PlainForm):
    """Whether a member types paper ballots."""

    person = forms.IntegerField(label=_("Person"), min_value=1, max_value=2**31 - 1)
    act = ExactChoiceField(choices=[("name", ""), ("thank", "")])


class AgainForm(PlainForm):
    """A new link for somebody; `as_read` tells a second press of the button from a new wish."""

    as_read = forms.IntegerField(label=_("Link"), required=False, min_value=0, max_value=2**15 - 1)


class DeadlineForm(PlainForm):
    """A later last day for answers."""

    closes_on = DayField(label=_("The new last day for answers"))
