"""When reminders are due while a quarter collects. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST, LAST = 1, 2
FIRST_AFTER = timedelta(days=5)
LAST_BEFORE = timedelta(days=2)
IN_THE_MORNING = time(9)  # the last one comes while people are awake, where the coalition lives
APART = timedelta(days=1)  # from one mail to the next, the invitation included


def last_reminder(*, closes_on: date, zone: ZoneInfo) -> datetime:
    """The instant of the last reminder before that day."""
    return datetime.combine(closes_on - LAST_BEFORE, IN_THE_MORNING, zone)


def comes_again(*, closes_on: date, zone: ZoneInfo, now: datetime) -> bool:
    """Whether a last reminder that went out comes once more, now that answers close later: a day or more after the
    mail that tells of the later day.
    """
    return last_reminder(closes_on=closes_on, zone=zone) - now >= APART


def reminders(*, since: datetime, closes_on: date, zone: ZoneInfo) -> list[tuple[int, datetime]]:
    """Which reminders a quarter gets, by number and instant: five days after it opened, two days before it closes.

    One that would come within a day of the mail before or after it is left out.
    """
    last = last_reminder(closes_on=closes_on, zone=zone)
    if last - since < APART:
        return []
    first = since + FIRST_AFTER
    return [(LAST, last)] if last - first < APART else [(FIRST, first), (LAST, last)]


def reminder_due(*, since: datetime, closes_on: date, zone: ZoneInfo, now: datetime) -> int:
    """The number of the reminder that should have gone out by now, the later where both should; 0 for none yet."""
    return max(
        (number for number, at in reminders(since=since, closes_on=closes_on, zone=zone) if at <= now), default=0
    )
