"""The one form of the reading side that writes: a person's own link."""

from milestones.forms import KeyField, PlainForm


class LinkForm(PlainForm):
    """Asks for a new link; sent twice it makes one."""

    key = KeyField()
