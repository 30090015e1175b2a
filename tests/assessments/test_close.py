"""Close: what is kept, what is deleted, and that it happens once."""

import hashlib
import json

import pytest
from django.apps import apps

from assessments.collecting import close
from assessments.models import Note, Release, Stage
from coalitions.models import AuditEvent, Role
from milestones.texts import canonical
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return factories.person(Role.LEAD, factories.coalition(), name="Ana")


@pytest.fixture
def coalition(lead):
    return lead.memberships.get().coalition


def rows_of(*names):
    """How many rows are there, counted past the guard."""
    return {name: apps.get_model("assessments", name)._base_manager.count() for name in names}


BALLOTS = ("ballot", "answer", "direction", "invitation")


def test_close_keeps_the_release_and_deletes_every_ballot(coalition, lead):
    assessment = factories.collecting_assessment(coalition, by=lead)
    for level in (0, 1, 1, 1, 2, 2):
        factories.ballot(assessment, level, voice="parent")
    for level in (2, 2, 3, 3, 3, 3):
        factories.ballot(assessment, level, voice="staff")
    factories.ballot(assessment, 4, voice="staff", sent=False)
    helper = factories.person(Role.MEMBER, coalition)
    factories.collecting.name_helper(assessment=assessment, user=helper, by=lead)
    assert rows_of(*BALLOTS)["ballot"] == 13 and assessment.helpers.exists()
    release = close.close(assessment=assessment, by=lead)
    item = release.content["indicators"][0]
    assert (item["level"], item["agreement"], item["n_band"]) == (2, "wide", "10-19")
    assert item["sides"] == {"parents_providers": 1, "everyone_else": 3}
    assert rows_of(*BALLOTS) == dict.fromkeys(BALLOTS, 0)
    assessment.refresh_from_db()
    assert (assessment.stage, assessment.join_code) == (Stage.DISCUSSING, None) and not assessment.helpers.exists()


def test_a_close_leaves_what_another_coalition_collects(coalition, lead):
    """Not one answer of another is deleted, or in the release; what they were sent and asked stays too."""
    other = factories.coalition("Sample Other Coalition")
    theirs = factories.collecting_assessment(other, by=factories.person(Role.LEAD, other))
    mine = factories.collecting_assessment(coalition, by=lead)
    for _number in range(6):
        factories.ballot(theirs, 4, cohesion="forward")
    before = rows_of(*BALLOTS)
    before["invitation"] -= mine.invitations.count()
    content = close.close(assessment=mine, by=lead).content
    assert rows_of(*BALLOTS) == before and before["ballot"] == before["direction"] == 6
    assert {item["level_status"] for item in content["indicators"]} == {"too_few"}
    theirs.refresh_from_db()
    assert theirs.stage == Stage.COLLECTING and theirs.join_code


def test_what_was_not_sent_is_not_in_the_release(coalition, lead):
    assessment = factories.collecting_assessment(coalition, by=lead)
    for number in range(11):
        factories.ballot(assessment, 2, voice="parent", sent=number < 4, notes={"1.2": "read me"}, beyond="and this")
    content = close.close(assessment=assessment, by=lead).content
    assert content["ballots"] == {"n_band": "none", "sides": None} and not Note.objects.exists()
    assert {item["level_status"] for item in content["indicators"]} == {"too_few"}


@pytest.mark.parametrize(("mark", "flag"), [("c", True), ("s", False)])
def test_a_skip_is_no_answer_and_who_cannot_see_it_is_one(mark, flag, coalition, lead):
    assessment = factories.collecting_assessment(coalition, by=lead)
    for level in [2] * 6 + [mark] * 3:
        factories.ballot(assessment, level)
    items = close.close(assessment=assessment, by=lead).content["indicators"]
    assert {(item["level"], item["n_band"], item["third_could_not_say"]) for item in items} == {(2, "5-9", flag)}


def test_a_second_close_gives_the_release_that_is_there(coalition, lead):
    assessment = factories.closed(coalition, by=lead, parents=[2] * 6, others=[2] * 6)
    first = Release.objects.get()
    assert close.close(assessment=assessment, by=lead).pk == first.pk
    assert Release.objects.count() == 1


def test_what_is_kept_is_canonical_hashed_under_its_rule_and_never_changes(coalition, lead):
    assessment = factories.collecting_assessment(coalition, by=lead)
    for _number in range(10):
        factories.ballot(assessment, 2, beyond="and this")
    release = close.close(assessment=assessment, by=lead)
    assert release.body == canonical(json.loads(release.body)) and release.rule == release.content["rule"] == "D1"
    assert release.sha256 == hashlib.sha256(release.body.encode()).hexdigest()
    assert AuditEvent.objects.get(verb="close").details == {"sha256": release.sha256}, "no number of answers"
    for row, column in ((release, "body"), (Note.objects.first(), "text")):
        rows = type(row).objects.filter(pk=row.pk)
        for spoil in (
            lambda rows=rows, column=column: rows.update(**{column: "{}"}),
            lambda rows=rows, row=row, column=column: rows.bulk_update([row], [column]),
            rows.delete, row.save, row.delete,
        ):  # fmt: skip
            with pytest.raises(TypeError):
                spoil()


def test_notes_stay_where_they_were_ticked_and_ten_answered(coalition, lead):
    assessment = factories.collecting_assessment(coalition, by=lead)
    code = assessment.agreed_ratings.in_order()[0].indicator.code
    for number in range(10):
        factories.ballot(assessment, {code: 2}, notes={code: f"note {number}"} if number < 2 else None, beyond="")
    close.close(assessment=assessment, by=lead)
    assert set(Note.objects.values_list("text", flat=True)) == {"note 0", "note 1"}


def test_notes_are_kept_in_another_order_than_that_of_ballots(coalition, lead, monkeypatch):
    """What is mixed is what is written, so that not even the place of a row on the disk tells whose note it is."""
    assessment = factories.collecting_assessment(coalition, by=lead)
    for number in range(10):
        factories.ballot(assessment, 2, notes={"1.2": f"note {number}"})
    written, create = [], Note.objects.create
    monkeypatch.setattr(Note.objects, "create", lambda **row: (written.append(row["text"]), create(**row)))
    backwards = {"key": lambda note: note[1], "reverse": True}
    monkeypatch.setattr(close.random.SystemRandom, "shuffle", lambda _self, notes: notes.sort(**backwards))
    close.close(assessment=assessment, by=lead)
    assert written == [f"note {number}" for number in reversed(range(10))]


def test_under_ten_answers_even_ticked_notes_are_erased(coalition, lead):
    assessment = factories.collecting_assessment(coalition, by=lead)
    for _number in range(9):
        factories.ballot(assessment, {"1.2": 2}, notes={"1.2": "read me"}, beyond="and this")
    close.close(assessment=assessment, by=lead)
    assert not Note.objects.exists()
