"""Quarters and deadlines at their edges."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.quarters import LAST, Quarter, local_deadline

QUARTERS = st.builds(Quarter, st.integers(2001, 2098), st.integers(1, 4))


@given(QUARTERS)
def test_what_is_written_reads_back(quarter):
    assert Quarter.parse(str(quarter)) == Quarter.parse(quarter.slug) == quarter


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_a_day_lies_in_its_quarter(day):
    quarter = Quarter.of(day)
    assert quarter.start <= day <= quarter.end
    assert quarter.next.previous == quarter


@given(QUARTERS, st.integers(-3, 3))
def test_order_is_that_of_time(quarter, step):
    assert (quarter + step > quarter) == (step > 0)
    assert (str(quarter + step) > str(quarter)) == (step > 0)


@pytest.mark.parametrize(
    "text", ["2026q5", "0000Q1", "2026-Q1;drop", "10000", "", "２０２６Q2", "2026Q2 ", "2026Q22", "26Q2", "2026Q٢"]
)
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(ValueError, match="no such quarter"):
        Quarter.parse(text)


def test_the_last_quarter_ends():
    assert LAST.end == date(2099, 12, 31)


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Pacific/Guam", date(2026, 6, 30), datetime(2026, 6, 30, 13, 59, 59, tzinfo=UTC)),
        ("Pacific/Honolulu", date(2026, 6, 30), datetime(2026, 7, 1, 9, 59, 59, tzinfo=UTC)),
        ("America/Anchorage", date(2026, 3, 8), datetime(2026, 3, 9, 7, 59, 59, tzinfo=UTC)),
        ("America/Phoenix", date(2026, 11, 1), datetime(2026, 11, 2, 6, 59, 59, tzinfo=UTC)),
        ("America/New_York", date(2026, 11, 1), datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC)),
        ("America/New_York", date(2026, 3, 8), datetime(2026, 3, 9, 3, 59, 59, tzinfo=UTC)),
        ("America/Puerto_Rico", date(2026, 12, 31), datetime(2027, 1, 1, 3, 59, 59, tzinfo=UTC)),
        ("UTC", date(2028, 2, 29), datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_the_last_second_where_the_coalition_lives(zone, day, instant):
    assert local_deadline(day, zone) == instant
