"""Loads what ships with the app: states and their tiles, the rubric, what the source found."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand

from coalitions.actions import load_states
from milestones.actions import load_findings, load_rubric

FIXTURES = settings.BASE_DIR / "fixtures"


def fixture(name: str):
    """The content of one of the files of `fixtures/`."""
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


class Command(BaseCommand):
    help = "Load states, rubric and findings. Safe to repeat: a rubric version that is there stays as it is."

    def handle(self, **options):
        load_states(fixture("states.json"))
        load_rubric(fixture("rubric-1.json"))
        load_findings(fixture("findings.json"))
