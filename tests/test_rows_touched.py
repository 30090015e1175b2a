"""Shared pages touch no more of the database the more lies beneath them: counted inside it, on both engines.

Entries of indexes and rows on PostgreSQL, steps of its virtual machine on SQLite. What the database hands over is
counted in tests/assessments/reports/test_explorer.py; `python -m bench` measures the same at ten million ratings.
"""

import pytest
from django.db import connection
from django.test import Client

from assessments.models import Standing
from assessments.reports import across
from assessments.sample.generate import generate
from bench.measuring import queries, touched
from coalitions.models import Coalition, Role
from tests import factories

pytestmark = pytest.mark.django_db
OF_A_QUARTER = {
    "table": "/states/?q=2016q2",
    "map": "/states/?q=2016q2&view=map&m=cohesion",
    "cards": "/states/?q=2016q2&view=cards",
    "milestone": "/milestones/cohesion/?q=2016q2",
    "next steps": "/next-steps/?q=2016q2",
}


# Of what a page does not show: rows, or steps. PostgreSQL may come by another way to the same rows.
NOTHING = {"postgresql": 120, "sqlite": 10}
OF_A_PLACE = {
    "state": "/states/IA/",
    "coalition": "/states/IA/sample-ia-1/",
}


@pytest.fixture
def read(rubric, monkeypatch):
    """What a funder's pages cost, by name: how many queries, and how much they touch; two a page."""
    for code in ("IA", "OH", "PA"):
        factories.state(code)
    monkeypatch.setattr(across, "A_PAGE", 2)
    monkeypatch.setattr(across, "IN_A_STATE", 2)
    client = Client()
    client.force_login(factories.person(Role.FUNDER), backend="allauth.account.auth_backends.AuthenticationBackend")

    def cost(pages):
        return {name: cost_of(lambda address=address: opened(client, address)) for name, address in pages.items()}

    return cost


def opened(client, address):
    assert client.get(address).status_code == 200


def cost_of(act):
    act()
    return len(queries(act)), sum(touched(act, steps=1).values())


def made(**asked):
    list(generate(**{"states": 1, "coalitions": 2, "quarters": 20, "mode": "core", **asked}))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("SET LOCAL enable_seqscan = off")  # what it prefers for tables as small as these


def test_a_page_touches_what_it_shows_and_nothing_of_coalitions_elsewhere(read):
    """Two coalitions with twenty quarters, then six; then eight quarters more, of which the pages of one show none.

    The first look after an act counts all coalitions; every other takes what was counted.
    """
    pages = {**OF_A_QUARTER, **OF_A_PLACE}
    made()
    factories.full_log()
    few = read(pages)
    made(states=3)
    many = read(pages)
    made(states=3, quarters=28)
    later = read(OF_A_QUARTER)
    assert {name: many[name][0] for name in pages} == {name: few[name][0] for name in pages}
    assert {name: later[name][0] for name in OF_A_QUARTER} == {name: few[name][0] for name in OF_A_QUARTER}
    most = NOTHING[connection.vendor]
    assert {name: many[name][1] - few[name][1] for name in pages if many[name][1] > few[name][1] + most} == {}
    assert {name: later[name][1] - many[name][1] for name in later if later[name][1] > many[name][1] + most} == {}


def test_the_lines_of_six_coalitions_walk_through_no_others(read, monkeypatch):
    """SQLite, which has no numbers of its tables, must have no way to them through all of a milestone."""
    monkeypatch.setattr(across, "A_PAGE", 6)
    page = {"over time": "/states/?view=trend&m=cohesion&states=IA"}
    made(coalitions=6, quarters=8)
    factories.full_log()
    few = read(page)
    made(states=3, coalitions=6, quarters=8)
    many = read(page)
    assert many["over time"][1] <= few["over time"][1] + NOTHING[connection.vendor]


def test_the_count_sees_what_a_page_would_read_of_coalitions_that_it_does_not_show(read):
    """The negative control: all that is shared, and a query for each coalition."""

    def careless():
        for coalition in Coalition.objects.all():
            list(Standing.objects.shared().filter(coalition=coalition))

    made()
    few = cost_of(careless)
    made(states=3)
    many = cost_of(careless)
    assert many[0] == few[0] + 4
    assert many[1] > few[1] + NOTHING[connection.vendor]
