"""Two people on one page: what the sender read and what is there now are joined, or told apart."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from assessments.discussing.versions import Overlap, merge
from coalitions import audit
from milestones.answers import Conflict


class Overwritten(Conflict):
    """Somebody else changed the same thing meanwhile: 409 with what is there and what was sent."""

    def __init__(self, theirs, mine):
        super().__init__(_("Somebody else saved a change to this page."), theirs=theirs, mine=mine)
        self.theirs, self.mine = theirs, mine


class Gone(LookupError):
    """The thing that was changed has been taken away meanwhile; its key says which."""


class TooMany(Conflict):
    """There are as many as there may be."""


def was_removed(verb, *, about, **details) -> bool:
    """Whether the log tells that this was taken away before, by that verb and with those details."""
    same = {f"details__{name}": value for name, value in details.items()}
    return audit.history(about).filter(verb=verb, **same).exists()


def save_of(row, version):
    """The line of the log that tells of the save which made this version of a row; None where there is none."""
    return next((event for event in audit.history(row) if event.details.get("version") == version), None)


def at_version(row, version, blank) -> dict:
    """The values a row had at a version, from the log of its saves; Overlap where there was no such version."""
    if version == row.version:
        return {name: getattr(row, name) for name in blank}
    event = save_of(row, version)
    if event:
        return {name: event.details[name] for name in blank}
    if version != 1:
        raise Overlap(version)
    return blank


def joined(row, version, mine, *, units, blank) -> dict:
    """What the sender changed since that version with what is there now; Overwritten where both changed one unit."""
    theirs = {name: getattr(row, name) for name in blank}
    try:
        return merge(at_version(row, version, blank), theirs, mine, units)
    except Overlap:
        raise Overwritten(row, mine) from None


def is_repeat(row, version, mine, by) -> bool:
    """Whether this very save took effect before: the version after the one it read holds the same, by the same hand."""
    event = save_of(row, version + 1) if version < row.version else None
    return event is not None and event.by_id == by.pk and mine.items() <= event.details.items()


def both_texts(row, version, name, mine) -> str:
    """The text that stood there at a version with mine below it; the same however often it is asked for."""
    try:
        theirs = at_version(row, version, {name: ""})[name]
    except Overlap:
        theirs = getattr(row, name)
    return "\n\n".join(filter(None, dict.fromkeys([theirs, mine])))


@dataclass
class Earlier:
    """A text that stood on a page, or was not kept there: who wrote it, when, and its words."""

    by: str
    at: datetime
    text: str


def earlier_texts(row, name) -> list[Earlier]:
    """The page's history, latest first: what each person left before somebody else wrote, and what was not kept."""
    found, after = {}, None
    for line in audit.history(row):
        not_kept = line.details.get("not_kept")
        text = (not_kept or line.details).get(name)
        if text and text != getattr(row, name) and (not_kept or after not in (None, line.by_id)):
            found.setdefault(text, Earlier(str(line.by), line.at, text))
        after = line.by_id
    return list(found.values())
