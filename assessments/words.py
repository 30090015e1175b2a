"""The words of the method in the reader's language: outcomes, statuses, levels, tags; and how many it takes."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.disclosure import Floors

# The names of the five levels, the same in every version so far; a version's own names are in its Level rows.
LEVELS = {0: _("Not yet"), 1: _("Starting"), 2: _("Growing"), 3: _("Strong"), 4: _("Lasting")}
OUTCOMES = {
    "agreed": _("Agreed"),
    "agreed_with_different_view": _("Agreed, with a different view noted"),
    "not_agreed": _("Not agreed"),
    "does_not_apply": _("Does not apply now"),
    "none": _("Not talked about yet"),
    "": _("Not talked about yet"),
}
STATUSES = {
    "rated": _("Rated"),
    "not_asked": _("Not asked"),
    "not_rated": _("Not rated"),
    "does_not_apply": _("Does not apply"),
    "set_aside": _("Set aside"),
    "not_agreed": _("Not agreed"),
    "too_few": _("Too few answers to show"),
    "sides_not_shown": _("Sides not shown"),
    "not_shared": _("Not shared"),
}
TAGS = {
    "thin": pgettext_lazy("evidence", "Thin"),
    "some": pgettext_lazy("evidence", "Some"),
    "solid": pgettext_lazy("evidence", "Solid"),
}


def floors() -> Floors:
    """How many answers it takes here to show anything. What was shown already has the floors of its release."""
    return Floors(settings.MIN_WHOLE, settings.MIN_SIDE)
