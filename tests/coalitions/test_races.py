"""Two people at the same moment: what must hold on PostgreSQL, where both really run at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from coalitions import actions
from coalitions.models import Membership, Role, User
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
REFUSED = (ValidationError, actions.LastLead)


def at_once(*acts):
    """What each act returned, or the refusal it met; all begin together."""
    assert connection.vendor == "postgresql"
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(10)
            return act()
        except REFUSED as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refusals(results):
    return [result for result in results if isinstance(result, REFUSED)]


@pytest.mark.parametrize("time", range(3))
def test_two_kinds_of_role_at_once_become_one(time):
    coalition = factories.coalition()
    results = at_once(
        *(
            lambda role=role: actions.grant(email="new@example.org", role=role, coalition=coalition, by=None)
            for role in (Role.LEAD, Role.FUNDER, Role.MEMBER, Role.EVALUATOR)
        )
    )
    kinds = {role in (Role.LEAD, Role.MEMBER) for role in Membership.objects.values_list("role", flat=True)}
    assert len(kinds) == 1 and len(refusals(results)) >= 2
    assert User.objects.count() == 1


@pytest.mark.parametrize("time", range(3))
def test_two_leads_who_remove_one_another_leave_one(time):
    coalition = factories.coalition()
    leads = [factories.person(Role.LEAD, coalition) for _number in range(2)]
    one, other = (lead.memberships.get() for lead in leads)
    results = at_once(
        lambda: actions.remove(membership=one, by=leads[1]), lambda: actions.remove(membership=other, by=leads[0])
    )
    assert len(refusals(results)) == 1 and Membership.objects.filter(role=Role.LEAD).count() == 1


@pytest.mark.parametrize("time", range(3))
def test_a_link_opened_twice_at_once_opens_once(time):
    user = factories.person()
    token = actions.make_link(user=user)
    results = at_once(*[lambda: actions.open_link(token=token)] * 4)
    assert results.count(user) == 1 and results.count(None) == 3
