"""What the tests of a module read is written once, in one transaction that ends with the module.

A module names as `made_once` what it wants, such as `once(written)`; `coalition` and `ana` are then those of it. A test
may change what it likes: its own changes are undone after it. None of them may be without a transaction of its own.
"""

import uuid
from datetime import date

import pytest
from django.db import transaction

from assessments.discussing import actions as discussing
from assessments.discussing import evidence_actions, step_actions
from assessments.models import Assessment
from assessments.quarters import Quarter
from assessments.submitting import actions as submitting
from coalitions.models import Role
from tests import factories

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)


def once(*builders):
    """A fixture that holds the database as these builders leave it, for one module."""

    @pytest.fixture(scope="module", name="made_once")
    def made_once(django_db_setup, django_db_blocker):
        with django_db_blocker.unblock(), transaction.atomic():
            factories.rubric()
            coalition = factories.coalition()
            ana = factories.person(Role.LEAD, coalition, name="Ana")
            for build in builders:
                build(coalition, ana)
            yield
            transaction.set_rollback(True)

    return made_once


def of(slug, quarter=factories.QUARTER) -> Assessment:
    """One assessment as it is now."""
    found = Assessment.objects.select_related("coalition", "rubric")
    return found.get(coalition__slug=slug, quarter_text=str(quarter))


def submitted(coalition, ana):
    """A quarter agreed in a meeting, submitted."""
    factories.submitted(coalition, by=ana)


def agreed(assessment, level=2, *, by):
    """Agree each indicator that was asked, and submit."""
    for code in assessment.agreed_ratings.values_list("indicator__code", flat=True):
        factories.rate(assessment, code, level, by=by, reason="So we saw it")
    factories.submit(assessment, by=by)
    assessment.refresh_from_db()
    return assessment


def written(coalition, ana):
    """A quarter with evidence, stories, steps and events, submitted."""
    assessment = factories.discussing_assessment(coalition, by=ana)
    write_in(assessment, by=ana)
    for day in (date(2026, 3, 31), date(2026, 6, 30), date(2026, 4, 1), date(2026, 7, 1)):
        step_actions.add_event(coalition=coalition, key=uuid.uuid4(), happened_on=day, words=f"On {day}", by=ana)
    factories.rate_all(assessment, by=ana)
    factories.submit(assessment, by=ana)


def write_in(assessment, *, by):
    """Evidence that may be shared and evidence that may not; a story and a step, of a milestone and of none."""
    rating = assessment.agreed_ratings.select_related("assessment__coalition").get(indicator__code="3.1")
    cohesion = rating.indicator.milestone
    for visibility in ("may_be_shared", "coalition_only"):
        evidence_actions.add_evidence(
            rating=rating, key=uuid.uuid4(), kind="document", shows=f"Minutes, {visibility}", voice="parent",
            visibility=visibility, link="", by=by,
        )  # fmt: skip
    for milestone in (cohesion, None):
        discussing.save_story(
            assessment=assessment, milestone=milestone, version=1, text=f"Story of {milestone}", by=by
        )
        step_actions.save_next_step(
            assessment=assessment, key=uuid.uuid4(), version=0, kind="action", text=f"Step of {milestone}",
            milestone=milestone, owner_name="Rosa", owner_role="Parent", due_on=date(2026, 9, 1), by=by,
        )  # fmt: skip


def with_ballots(coalition, ana):
    """Two coalitions, two quarters that asked their members, one of a meeting alone, one reopened, one not submitted."""
    other = factories.coalition("Keystone", "PA")
    lea = factories.person(Role.LEAD, other, name="Lea")
    first = agreed(factories.closed(coalition, by=ana, parents=[1] * 6, others=[3] * 6, quarter=Q1), by=ana)
    agreed(factories.closed(coalition, by=ana, parents=[2] * 4, quarter=Q2), by=ana)
    agreed(factories.closed(other, by=lea, others=[0, 1, 1, 2] * 3, quarter=Q1, room_sees="see_the_spread"), by=lea)
    factories.submitted(other, by=lea, quarter=Q2)
    factories.closed(coalition, by=ana, parents=[4] * 12, quarter=Q2.next)
    submitting.reopen(assessment=first, number=1, reason="A date was wrong", by=ana)
    agreed(first, 4, by=ana)


def corrected_and_shared(coalition, ana):
    """After `written`: half of it shared, a later quarter with ballots corrected once; another coalition."""
    factories.share(of(coalition.slug), by=ana, slugs=["cohesion", "financing"])
    later = factories.closed(coalition, by=ana, parents=[1] * 6, others=[3] * 6, quarter=factories.QUARTER.next)
    agreed(later, by=ana)
    submitting.reopen(assessment=later, number=1, reason="A date was wrong", by=ana)
    later.refresh_from_db()
    factories.submit(later, by=ana)
    other = factories.coalition("Keystone", "PA")
    factories.submitted(other, by=factories.person(Role.LEAD, other))


def some_of_each_shared(coalition, ana):
    """After `written`: two coalitions; quarters with and without ballots, words and corrections; some of it shared."""
    other = factories.coalition("Keystone", "PA", sample=True)
    lea = factories.person(Role.LEAD, other, name="Lea")
    factories.share(of(coalition.slug), by=ana, slugs=["cohesion"])
    first = agreed(factories.closed(coalition, by=ana, parents=[1] * 6, others=[3] * 6, quarter=Q1), by=ana)
    factories.share(first, "story", by=ana, slugs=["financing", "beyond"])
    submitting.reopen(assessment=first, number=1, reason="A date was wrong", by=ana)
    agreed(first, 4, by=ana)
    spread = factories.closed(other, by=lea, others=[0, 1, 1, 2] * 3, room_sees="see_the_spread")
    factories.share(agreed(spread, by=lea), by=lea)
