"""What a standing keeps beside the level: mode, next steps without names, how close the answers were; and from before."""

import importlib

import pytest
from django.apps import apps
from django.db import models

from assessments.models import Standing
from assessments.quarters import Quarter
from assessments.submitting import seen
from tests import factories
from tests.assessments.reports.made import MILESTONE, NEVER_OUT, told

pytestmark = pytest.mark.django_db
FIELDS = ("mode", "agreement", "n_band", "has_action", "has_ask", "has_offer", "steps")


def kept(**of):
    return {row.slug: row for row in Standing.objects.filter(**of)}


def test_next_steps_stand_with_their_milestone_and_without_the_name_of_their_owner(coalition, ana):
    found = kept(revision__assessment=told(coalition, by=ana))
    (step,) = found[MILESTONE].steps
    assert (step["kind"], step["text"], step["owner_role"], step["due_on"]) == (
        "ask", "canary-step", "canary-role", "2026-09-01",
    )  # fmt: skip
    assert set(step) == {"id", "kind", "text", "owner_role", "due_on"}
    assert not [word for word in NEVER_OUT if word in repr([row.steps for row in found.values()])]
    assert (found[MILESTONE].has_ask, found[MILESTONE].has_offer, found[MILESTONE].has_action) == (True, False, False)
    assert not any(row.steps or row.has_ask for slug, row in found.items() if slug != MILESTONE)
    assert {row.mode for row in found.values()} == {"core"}


def test_steps_of_beyond_stand_with_beyond():
    body = {"mode": "core", "next_steps": [
        {"id": "1", "kind": "offer", "text": "We teach", "owner_name": "Rosa", "owner_role": "Lead", "due_on": "2026-09-01",
         "milestone": "", "status": "planned", "what_happened": ""},
    ]}  # fmt: skip
    assert seen.kept(body, "")["has_offer"] and not seen.kept(body, "cohesion")["has_offer"]


@pytest.mark.parametrize(("mode", "stands_for"), [("core", True), ("full", False)])
def test_how_close_the_answers_were_is_kept_where_one_question_stands_for_the_milestone(
    mode, stands_for, coalition, ana
):
    assessment = factories.closed(coalition, by=ana, mode=mode, parents=[2] * 6, others=[2] * 6)
    factories.rate_all(assessment, 2, by=ana)
    factories.submit(assessment, by=ana)
    found = kept(revision__assessment=assessment)["cohesion"]
    assert (found.agreement, found.n_band) == (("close", "10-19") if stands_for else ("none", "none"))
    assert kept(revision__assessment=assessment)["beyond"].n_band == "none"


def test_standings_of_before_get_what_a_submit_writes_now(coalition, ana):
    told(coalition, by=ana)
    assessment = factories.closed(coalition, by=ana, quarter=Quarter(2026, 3), parents=[1] * 6, others=[4] * 6)
    factories.rate_all(assessment, 1, by=ana)
    factories.submit(assessment, by=ana)
    written = list(Standing.objects.order_by("pk").values_list("pk", *FIELDS))
    blank = {"mode": "", "agreement": "none", "n_band": "none", "steps": [], **{f"has_{k}": False for k in seen.KINDS}}
    models.QuerySet(Standing).update(**blank)
    assert list(Standing.objects.order_by("pk").values_list("pk", *FIELDS)) != written

    class Before:
        """The models as a migration has them: rows that may be changed."""

        @staticmethod
        def get_model(app, name):
            model = apps.get_model(app, name)
            return type(name, (), {"objects": models.QuerySet(model)})

    importlib.import_module("assessments.migrations.0005_what_standings_keep").keep(Before, None)
    assert list(Standing.objects.order_by("pk").values_list("pk", *FIELDS)) == written
