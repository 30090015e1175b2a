"""What the factories write past the verbs is what the verbs leave."""

import pytest
from django.db.models import QuerySet

from assessments.collecting import ballots
from assessments.collecting.asked import on_the_ballot
from assessments.models import Mode
from assessments.models.ballots import Answer, Ballot, Direction, ballot_access
from coalitions.models import Coalition, Role
from milestones.models import Descriptor, Rubric
from tests import factories
from tests.authz import nothing_changes

pytestmark = pytest.mark.django_db
LEVELS = {"1.2": 3, "2.1": "c", "3.1": "s", "5.1": 0}
NOTES = {"1.2": "We sat together", "2.1": "I was away"}


def rows():
    """Every ballot row but the keys."""
    with ballot_access("test"):
        answers = Answer.objects.order_by("indicator__code").values_list(
            "indicator__code", "kind", "level", "note", "note_ticked"
        )
        directions = Direction.objects.order_by("milestone__slug").values_list("milestone__slug", "choice")
        own = Ballot.objects.values_list(
            "channel", "voice", "sent", "beyond", "beyond_ticked", "holder", "device_sha256"
        )
        return list(answers), list(directions), [(*row[:5], *map(bool, row[5:])) for row in own]


def rubric_rows() -> dict:
    """Every row of the rubric with what it hangs on; the moment of publishing apart."""
    found = {model: list(model._base_manager.order_by("pk").values()) for model in factories.OF_RUBRIC}
    assert found[Rubric][0].pop("published_at") is not None
    return found


def test_the_rubric_by_rows_is_the_rubric_by_its_verb(db, monkeypatch):
    monkeypatch.setattr(factories, "LOADED", {})
    factories.rubric()
    by_verb = rubric_rows()
    assert len(by_verb[Descriptor]) > 100
    for model in reversed(factories.OF_RUBRIC):
        QuerySet(model).all()._raw_delete("default")
    assert factories.rubric().published_at is not None and rubric_rows() == by_verb


@pytest.mark.parametrize("sent", [True, False])
def test_a_ballot_by_rows_is_a_ballot_by_the_verbs(sent, coalition, ana):
    assessment = factories.collecting_assessment(coalition, by=ana, mode=Mode.FULL)
    user = factories.person(Role.MEMBER, coalition)
    indicators, milestones = on_the_ballot(assessment)
    mine = {"assessment": assessment, "user": user, "device": None}
    ballots.begin(**mine, voice="staff")
    kinds = {"c": ballots.CANT_SEE, "s": ballots.SKIP}
    for indicator in indicators:
        if (mark := LEVELS.get(indicator.code)) is not None:
            ballots.save_answer(
                **mine, indicator=indicator, kind=kinds.get(mark, ballots.LEVEL), level=None if mark in kinds else mark,
                note=NOTES.get(indicator.code, ""), ticked=indicator.code in NOTES,
            )  # fmt: skip
    chosen = {row.pk: "forward" for row in milestones if row.slug == "cohesion"}
    ballots.save_last_page(**mine, directions=chosen, beyond="More", beyond_ticked=True, send=sent)
    by_verbs = rows()
    ballots.erase(**mine)
    assert rows() == ([], [], [])
    said = {"voice": "staff", "notes": NOTES, "beyond": "More", "sent": sent}
    factories.ballot(assessment, LEVELS, user=user, **said, cohesion="forward")
    assert rows() == by_verbs and len(by_verbs[0]) == 4
    factories.ballot(assessment, LEVELS, user=user, **said, cohesion="forward")
    assert rows() == by_verbs


def test_what_changes_and_is_put_back_is_no_change_and_what_stays_is(coalition):
    with nothing_changes():
        Coalition.objects.filter(pk=coalition.pk).update(name="Another name")
        Coalition.objects.filter(pk=coalition.pk).update(name=coalition.name)
    with pytest.raises(AssertionError), nothing_changes():
        Coalition.objects.filter(pk=coalition.pk).update(name="Another name")
