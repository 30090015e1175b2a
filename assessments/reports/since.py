"""Which earlier quarter a reader wants a quarter compared with: out of the address, or the usual one with a notice."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assessments.quarters import Quarter


def read(text: str, earlier: Sequence[Quarter]) -> tuple[Quarter | None, str]:
    """A quarter of these; or None, the last one shown before, and the notice that says so."""
    text = text.strip()
    if not text:
        return None, ""
    usual = _("It is compared with the last quarter shown before.")
    try:
        quarter = Quarter.parse(text)
    except ValueError:
        return None, " ".join([_("We could not read the quarter to compare with."), usual])
    if quarter in earlier:
        return quarter, ""
    return None, " ".join([_("%(quarter)s is not there to compare with.") % {"quarter": quarter.label}, usual])
