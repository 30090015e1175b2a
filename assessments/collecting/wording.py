"""How far collecting is, in words: how many answered, how long a ballot takes, until which day."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.collecting.mine import Counted
from assessments.models import Assessment, Mode
from coalitions.zones import zone_choices

MINUTES = {Mode.CORE: 3, Mode.FOCUS: 6, Mode.FULL: 12}


def minutes(assessment: Assessment) -> int:
    """About how many minutes a ballot of this quarter takes."""
    return MINUTES[Mode(assessment.mode)]


def count_words(counted: Counted) -> str:
    """`9 of 14 people have answered`."""
    words = ngettext(
        "%(answered)s of %(of)s person has answered", "%(answered)s of %(of)s people have answered", counted.of
    )
    return words % {"answered": counted.answered, "of": counted.of}


def day_words(day: date) -> str:
    """A day with its weekday: `Wednesday, July 8, 2026`."""
    return _("%(weekday)s, %(day)s") % {"weekday": date_format(day, "l"), "day": date_format(day, "DATE_FORMAT")}


def last_day(assessment: Assessment) -> str:
    """The last day for answers, and whose day that is; empty where none is chosen."""
    if assessment.closes_on is None:
        return ""
    zone = assessment.coalition.time_zone
    return f"{day_words(assessment.closes_on)} ({dict(zone_choices(zone))[zone]})"
