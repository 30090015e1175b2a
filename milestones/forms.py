"""What every form of the site is made of: plain text, links, exact choices, and no check left to the browser."""

import re
import unicodedata
import uuid
from urllib.parse import urlsplit

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from milestones.texts import clean_text, email_key, is_blank

UNREADABLE = "\ufffd"  # what Django makes of bytes that are no UTF-8
HOST = re.compile(r"(?!-)[^\W_](?:[\w-]*[^\W_])?(\.(?!-)[^\W_](?:[\w-]*[^\W_])?)+\.?", re.UNICODE)
CANONICAL_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class PlainForm(forms.Form):
    """The base of the site's forms. Every check is the server's; crispy draws it inside a template's `<form>`."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


def refuse_unreadable(value: str):
    """Stop text that no database could give back as it was typed: NUL, halves of characters, broken UTF-8."""
    if any(c in ("\0", UNREADABLE) or unicodedata.category(c) == "Cs" for c in value):
        raise ValidationError(
            _("There is a character here that we cannot read. Take it out, or type the text again."),
            code="unreadable",
        )


class NotTooLong(BaseValidator):
    """Counts code points, and says by how many the text is too long."""

    code = "max_length"

    def __call__(self, value):
        over = len(value) - self.limit_value
        if over > 0:
            raise ValidationError(
                ngettext_lazy(
                    "Your text is %(over)d character too long", "Your text is %(over)d characters too long", "over"
                )
                % {"over": over},
                code=self.code,
            )


class PlainTextField(forms.CharField):
    """Text that people write: cleaned of what cannot be seen, counted in characters, never cut.

    One line unless `lines` says more; a line break in a single line becomes a space. Text in which nothing can
    be seen counts as empty.
    """

    default_error_messages = {"required": _("Write something here")}

    def __init__(self, *, max_length, lines=1, **kwargs):
        self.lines = lines
        if lines > 1:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        super().__init__(**kwargs)
        self.limit = max_length
        self.validators.append(NotTooLong(max_length))
        self.widget.attrs["data-limit"] = str(max_length)

    def to_python(self, value):
        value = "" if value in self.empty_values else str(value)
        refuse_unreadable(value)
        value = clean_text(value)
        if self.lines == 1:
            value = " ".join(value.split())
        return self.empty_value if is_blank(value) else value.strip()


class LinkField(forms.CharField):
    """A web address of at most 500 characters: http or https, a host with a dot, nobody's name before it."""

    default_error_messages = {
        "required": _("Write a link"),
        "link": _("Write the whole link. It starts with https:// or http://"),
        "userinfo": _("This link has a name before the site's address. Take out everything up to the @."),
        "spaces": _("This link has a space or a hidden character in it. Take it out."),
    }
    LONGEST = 500
    widget = forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"})

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.validators.append(NotTooLong(self.LONGEST))

    def to_python(self, value):
        value = super().to_python(value)
        refuse_unreadable(value)
        return self.empty_value if is_blank(value) else value

    def validate(self, value):
        super().validate(value)
        if value in self.empty_values:
            return
        if any(c.isspace() or c == "\\" or unicodedata.category(c) in ("Cc", "Cf") for c in value):
            raise ValidationError(self.error_messages["spaces"], code="spaces")
        try:
            parts = urlsplit(value)
            host, _port = parts.hostname, parts.port
        except ValueError:
            raise ValidationError(self.error_messages["link"], code="link") from None
        if parts.scheme not in ("http", "https"):
            raise ValidationError(self.error_messages["link"], code="link")
        if "@" in parts.netloc:
            raise ValidationError(self.error_messages["userinfo"], code="userinfo")
        if not host or not HOST.fullmatch(host):
            raise ValidationError(self.error_messages["link"], code="link")


class PlainEmailField(forms.EmailField):
    """An e-mail address in its one form: NFC, without outer space, casefolded."""

    default_error_messages = {
        "required": _("Write an e-mail address"),
        "invalid": _("Write an e-mail address like name@example.org"),
    }
    widget = forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"})

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 254, **kwargs})
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value):
        value = super().to_python(value)
        refuse_unreadable(value)
        if any(unicodedata.category(c) in ("Cc", "Cf") for c in value) or '"' in value or "[" in value:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return email_key(value)


class ExactChoiceField(forms.TypedChoiceField):
    """One of the choices, by its exact text; what else was sent is not said back."""

    default_error_messages = {"required": _("Choose one"), "invalid_choice": _("Choose one of these")}

    def valid_value(self, value):
        return isinstance(value, str) and any(value == str(key) for key, _label in self._flat())

    def _flat(self):
        for key, label in self.choices:
            if isinstance(label, (list, tuple)):
                yield from label
            else:
                yield key, label


class LevelField(ExactChoiceField):
    """A level from 0 to 4, sent as exactly one of "0" … "4"; None where nothing was chosen."""

    default_error_messages = {"required": _("Choose a level"), "invalid_choice": _("Choose a level")}

    def __init__(self, *, choices=None, **kwargs):
        choices = choices or [(str(level), str(level)) for level in range(5)]
        super().__init__(choices=choices, coerce=int, empty_value=None, **{"widget": forms.RadioSelect, **kwargs})


class KeyField(forms.CharField):
    """The form's own key, hidden: a fresh UUID4 in its one spelling, so that a form sent twice acts once."""

    widget = forms.HiddenInput
    default_error_messages = {
        "required": _("This page is old. Load it again, then send the form."),
        "invalid": _("This page is old. Load it again, then send the form."),
    }

    def __init__(self, **kwargs):
        super().__init__(**{"initial": lambda: str(uuid.uuid4()), **kwargs})

    def clean(self, value):
        value = super().clean(value)
        if value and not CANONICAL_KEY.fullmatch(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return uuid.UUID(value) if value else None
