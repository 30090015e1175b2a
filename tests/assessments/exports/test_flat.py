"""Files of many states cost as many queries and as much memory as those of a few."""

import re
import tracemalloc
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Event
from assessments.reports.exports import select
from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import Filters
from assessments.reports.exports.stream import stream
from coalitions.models import Coalition
from tests import factories
from tests.assessments.exports.making import from_database, records, repeat
from tests.assessments.exports.worlds import of, once, write_in

pytestmark = pytest.mark.django_db
FIRST = Filters(last="2020Q1")


def in_every_state(coalition, ana):
    """A submitted quarter that asked its members, with a thing of each kind in it; eight copies in each of 56 states."""
    assessment = factories.closed(coalition, by=ana, parents=[2] * 6, others=[2] * 6)
    write_in(assessment, by=ana)
    factories.rate_all(assessment, by=ana)
    factories.submit(assessment, by=ana)
    repeat(of(coalition.slug), 56, quarters=8)
    Event.objects.bulk_create(
        Event(coalition=copy, happened_on=date(2020, 2, 1), words="A session began")
        for copy in Coalition.objects.filter(slug__startswith="copy-")
    )


made_once = once(in_every_state)


def queries_of(name, coalitions=None):
    """How many queries one whole file takes."""
    with CaptureQueriesContext(connection) as queries:
        from_database(name, FIRST, coalitions)
    return len(queries)


@pytest.mark.parametrize("name", FILES)
def test_as_many_queries_for_56_states_as_for_two(name, coalition):
    two = Coalition.objects.filter(slug__in=["copy-0", "copy-1"])
    assert len({row["state_code"] for row in records(from_database(name, FIRST, two))}) == 2
    assert len({row["state_code"] for row in records(from_database(name, FIRST))}) == 56
    assert queries_of(name) == queries_of(name, two) <= 6


def peak_of(name, filters):
    """The most memory that reading a file takes, its text not kept."""
    file = FILES[name]
    asked = select.Asked(file, Coalition.objects.all(), filters)
    found = asked.found()
    expected = sum(coalition.revisions for coalition in found)
    tracemalloc.start()
    size = sum(map(len, stream(file, asked.lines(found), expected=expected, excel=False)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return expected, size, peak


@pytest.mark.parametrize("name, packed", [("agreed_ratings", 100), ("evidence", 600)])
def test_memory_stays_flat(name, packed, coalition, monkeypatch):
    """`packed`: so many packed revisions at once, that the few are more than one query reads."""
    monkeypatch.setattr(select, "PACKS", packed)
    peak_of(name, FIRST)
    few, small, flat = peak_of(name, Filters(last="2020Q2"))
    many, large, still_flat = peak_of(name, Filters(last="2021Q4"))
    assert (few, many) == (112, 448)
    assert large > 3.9 * small
    assert still_flat < 1.2 * flat


def test_what_is_shared_is_found_by_an_index_though_nobody_counted_the_rows(coalition):
    """Right after many rows came PostgreSQL has not counted them, and would guess wrong about a join."""
    asked = select.Asked(FILES["agreed_ratings"], Coalition.objects.all(), FIRST)
    some = [one.coalition_id for one in asked.found()[:2]]
    plan = select.with_sharing(asked.chosen(some)).values_list("shared").explain()
    assert "sharing_of_a_revision" in plan, plan
    assert not re.search(r"SCAN U0|Seq Scan on assessments_standing|SCAN assessments_revision", plan), plan
