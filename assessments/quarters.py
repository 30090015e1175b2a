"""The calendar: quarters as values. Pure.

A quarter is stored as one text, `2026Q2`, never derived from the clock at reading (decisions, section 8).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STORED = re.compile(r"(20[0-9]{2})Q([1-4])", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of one year; quarters sort and compare in time."""

    year: int
    number: int

    def __post_init__(self):
        if not (FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.number <= 4):
            raise ValueError(f"no such quarter: {self.year} {self.number}")

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """The quarter of `2026Q2` (the stored form) or `2026q2` (that of addresses); ValueError for anything else."""
        found = STORED.fullmatch(text.upper()) if len(text) == 6 else None
        if not found:
            raise ValueError(f"no such quarter: {text[:20]!r}")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def slug(self) -> str:
        """The form for addresses: `2026q2`."""
        return str(self).lower()

    @property
    def label(self) -> str:
        """The form for people, the same in both languages: `2026 Q2`."""
        return f"{self.year} Q{self.number}"

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """The last day."""
        return (self + 1).start - timedelta(days=1) if self != LAST else date(self.year, 12, 31)

    def __add__(self, quarters: int) -> "Quarter":
        months = self.year * 4 + self.number - 1 + quarters
        return Quarter(months // 4, months % 4 + 1)

    def __sub__(self, quarters: int) -> "Quarter":
        return self + -quarters

    @property
    def previous(self) -> "Quarter":
        """The quarter before."""
        return self - 1

    @property
    def next(self) -> "Quarter":
        """The quarter after."""
        return self + 1


LAST = Quarter(LAST_YEAR, 4)


def local_deadline(day: date, time_zone: str) -> datetime:
    """The last second of a day where the coalition lives, as an aware instant.

    23:59:59 exists once on every day of every zone in use, so daylight saving never makes it ambiguous.
    """
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(time_zone))
