"""What a tool can check: lint, format, templates, migrations, Django's own checks."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from assessments.models import AgreedRating, Revision, Standing
from coalitions.models import AuditEvent, Membership, Role
from tests import factories

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable, "-m"]


def run(*command):
    done = subprocess.run([*command], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff(command):
    run(*PYTHON, "ruff", *command, "--no-cache", ".")


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_django_finds_nothing_wrong():
    call_command("check", fail_level="WARNING")


@pytest.mark.django_db(transaction=True)
def test_migrations_go_back_and_forth():
    """With rows in the tables: one step back and on again loses none of what the step before knew; then all the way."""
    factories.rubric()
    coalition = factories.coalition()
    lead = factories.person(Role.LEAD, coalition)
    assessment = factories.closed(coalition, by=lead, parents=[1] * 6, others=[3] * 6)
    for rating in assessment.agreed_ratings.select_related("indicator"):
        factories.rate(assessment, rating.indicator.code, 2, by=lead, reason="So we saw it.")
    factories.submit(assessment, by=lead)
    running = factories.collecting_assessment(coalition, by=lead, quarter=factories.QUARTER.next)
    factories.ballot(running, 2)
    kept = (AgreedRating, Revision, Standing, Membership, AuditEvent)
    before = [model.objects.count() for model in kept]
    assert all(before)
    call_command("migrate", "assessments", "0001", verbosity=0)
    call_command("migrate", "coalitions", "0002", verbosity=0)
    call_command("migrate", verbosity=0)
    assert [model.objects.count() for model in kept] == before
    running.refresh_from_db()
    assert (running.stage, running.room_sees) == ("discussing", "meeting_only"), "its ballots are gone"
    for app in ("assessments", "coalitions", "milestones"):
        call_command("migrate", app, "zero", verbosity=0)
    call_command("migrate", verbosity=0)
