"""What a tool can check: lint, format, templates, migrations, Django's own checks."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

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
    for app in ("assessments", "coalitions", "milestones"):
        call_command("migrate", app, "zero", verbosity=0)
    call_command("migrate", verbosity=0)
