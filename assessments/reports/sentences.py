"""Rows in words, in the reader's language: what moved, what a line shows, which note a date belongs to."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from assessments import levels, words
from assessments.discussing.heard import Heard
from assessments.models import Mode
from assessments.reports import rows

STATUSES = {
    **words.STATUSES,
    levels.NOT_SHARED: gettext_lazy("Not shared"),
    rows.STORY_ONLY: gettext_lazy("Story only"),
}
STEP_KINDS = {
    "action": gettext_lazy("An action"),
    "ask": gettext_lazy("An ask"),
    "offer": gettext_lazy("An offer"),
}
MODES = {
    Mode.CORE.value: gettext_lazy("Core questions"),
    Mode.FOCUS.value: gettext_lazy("Core questions, and all of two milestones"),
    Mode.FULL.value: gettext_lazy("All questions"),
}


DIRECTIONS = {
    "possible_shift_forward": gettext_lazy("Possible shift forward"),
    "possible_shift_back": gettext_lazy("Possible shift back"),
    "shift_forward": gettext_lazy("Shift forward"),
    "shift_back": gettext_lazy("Shift back"),
    "no_clear_change": gettext_lazy("No clear change"),
    levels.TOO_FEW: gettext_lazy("Too few answers to say"),
}


@cache
def level_words(_language: str) -> tuple[str, ...]:
    """The five levels, lowest first, put into words once for each language: pages say them hundreds of times."""
    return tuple(str(word) for word in words.LEVELS.values())


def level_word(level) -> str:
    return level_words(get_language())[level] if level is not None else ""


def standing(level, status) -> str:
    """A level's name, or why there is none."""
    return level_word(level) or str(STATUSES.get(status, status))


def day(when: datetime, zone: str) -> str:
    """A date as the coalition's own calendar has it."""
    return date_format(when.astimezone(ZoneInfo(zone)).date(), "DATE_FORMAT")


def compared(move: rows.Move) -> str:
    """How a milestone stands beside the quarter before; empty where there is none."""
    if move.kind == levels.FIRST:
        return ""
    if move.kind == levels.NOT_COMPARABLE:
        return not_compared(move)
    parts = {"quarter": move.since.label, "before": level_word(move.before), "now": level_word(move.now)}
    if move.by_core and move.moved:
        return _("Core question: %(before)s in %(quarter)s, now %(now)s") % parts
    if move.by_core:
        return _("Core question: the same as in %(quarter)s") % parts
    if move.moved:
        return _("%(before)s in %(quarter)s, now %(now)s") % parts
    return _("The same as in %(quarter)s") % parts


def not_compared(move: rows.Move) -> str:
    parts = {"quarter": move.since.label, "before": standing(move.before, move.status_before)}
    if move.new_series:
        return _("A question changed since %(quarter)s, so the two are not compared") % parts
    if move.before is None and move.status_before == levels.RATED:
        return _("Not asked the same way in %(quarter)s, so the two are not compared") % parts
    return _("%(quarter)s: %(before)s") % parts


@dataclass(frozen=True)
class LevelRow:
    """What the level row of `_shared/_level_row.html` reads."""

    label: str
    url: str
    level: int | None
    level_name: str
    status: str
    status_label: str
    note: str
    core_only: bool
    previous_level: int | None
    suggested_level: int | None = None
    suggested_name: str = ""
    notes: tuple[str, ...] = ()
    line: str = ""  # how the mark before and the level are joined
    broken: bool = False  # a question changed between the two
    too_few: bool = False  # too few answered for a suggested level


def direction(label: str) -> str:
    """The direction label in words; empty where it was not asked, or the reader may not know it."""
    return str(DIRECTIONS.get(label, ""))


def by_members(label: str, heard: Heard | None) -> tuple[str, ...]:
    """What stands under a level of the members' answers: how many, close or wide; and the direction label."""
    said = [". ".join([heard.band, heard.agreement]) if not heard.too_few else heard.sentence] if heard else []
    if direction(label):
        said.append(_("Members: %(label)s") % {"label": direction(label)})
    return tuple(said)


def level_row(label: str, row: rows.Row, move: rows.Move, url: str = "", heard: Heard | None = None) -> LevelRow:
    """A row of one milestone, with the suggestion where `heard` stands for all of it."""
    return LevelRow(
        label=label,
        url=url,
        level=row.level,
        level_name=level_word(row.level),
        status=row.status,
        status_label=str(STATUSES.get(row.status, row.status)),
        note=compared(move),
        core_only=row.core_only,
        previous_level=move.comparable_level,
        suggested_level=heard.suggested if heard else None,
        suggested_name=str(heard.suggested_word) if heard else "",
        notes=by_members(row.direction_label, heard),
        too_few=bool(heard and heard.too_few),
    )


def headline(moves: list[tuple[str, rows.Move]]) -> str:
    """The point of a quarter in one sentence, from each milestone's name and move."""
    compared_ones = [(name, move) for name, move in moves if move.kind in (levels.UP, levels.DOWN, levels.SAME)]
    if not moves:
        return _("This coalition shares its story. It does not share levels.")
    if not compared_ones:
        if any(move.since for _name, move in moves):
            return _("Where the coalition stands. Nothing here compares with an earlier quarter.")
        return _("This is the starting point: no earlier quarter is shown.")
    moved = [name for name, move in compared_ones if move.moved]
    quarters = {move.since for _name, move in compared_ones}
    since = max(quarters).label
    if not moved:
        return _("No milestone moved since %(quarter)s.") % {"quarter": since}
    if len(moved) <= 2:
        return _("Moved since %(quarter)s: %(names)s.") % {"quarter": since, "names": "; ".join(moved)}
    return ngettext(
        "%(count)s milestone moved since %(quarter)s.", "%(count)s milestones moved since %(quarter)s.", len(moved)
    ) % {"count": len(moved), "quarter": since}


def over_time(points: list[rows.Point]) -> str:
    """What one line over time shows, in a sentence."""
    given = [point for point in points if point.level is not None]
    if not given:
        return _("No level in these quarters.")
    first, last = given[0], given[-1]
    parts = {
        "first": level_word(first.level),
        "since": first.quarter.label,
        "last": level_word(last.level),
        "quarter": last.quarter.label,
    }
    if len(given) == 1:
        return _("%(last)s in %(quarter)s, the only quarter with a level.") % parts
    whole = not any(point.new_series for point in given) and len({point.core_only for point in given}) == 1
    if not whole:
        return _("%(last)s in %(quarter)s. The line breaks where the questions changed.") % parts
    if len({point.level for point in given}) == 1:
        return _("%(last)s in every quarter with a level, from %(since)s to %(quarter)s.") % parts
    if first.level == last.level:
        return _("%(last)s in %(since)s and again in %(quarter)s, with other levels between.") % parts
    return _("%(first)s in %(since)s, %(last)s in %(quarter)s.") % parts


def corrected(record, zone: str) -> str:
    parts = {"day": day(record.submitted_at, zone), "reason": record.reason}
    if record.reason:
        return _("Corrected on %(day)s: %(reason)s") % parts
    return _("Corrected on %(day)s.") % parts


def under_way(when: datetime | None, zone: str) -> str:
    if when is None:
        return _("A correction is under way.")
    return _("A correction is under way since %(day)s.") % {"day": day(when, zone)}


def withdrawn(quarter, when: datetime, zone: str) -> str:
    return _("The coalition stopped sharing %(quarter)s on %(day)s.") % {
        "quarter": quarter.label,
        "day": day(when, zone),
    }
