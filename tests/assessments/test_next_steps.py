"""Next steps: last quarter's first, then three at most, all or nothing, and two people at once."""

from datetime import date
from uuid import uuid4

import pytest

from assessments.discussing import step_actions
from assessments.models import NextStep, Stage
from coalitions.models import AuditEvent, Role
from tests import factories

pytestmark = pytest.mark.django_db
PARTS = ("kind", "text", "milestone", "owner_name", "owner_role", "due_on")


@pytest.fixture
def assessment(coalition, ana):
    return factories.discussing_assessment(coalition, by=ana)


@pytest.fixture
def lea(coalition):
    return factories.person(Role.LEAD, coalition, name="Lea")


def row(number=1, *, key=None, version=0, **changes):
    """The fields of one row."""
    fields = {
        "kind": "action", "text": f"Try thing {number}", "milestone": "cohesion", "owner_name": "Rosa Diaz",
        "owner_role": "Parent leader", "due_on": "2026-08-15", **changes,
    }  # fmt: skip
    return {
        f"{part}-{number}": value for part, value in {"key": key or str(uuid4()), "version": version, **fields}.items()
    }


def blank(number):
    return row(number, **dict.fromkeys(PARTS, ""))


def page_of(*rows, **more):
    return {**blank(1), **blank(2), **blank(3), **{k: v for fields in rows for k, v in fields.items()}, **more}


def step_of(assessment, text="Try thing 1", **fields):
    return NextStep.objects.create(
        assessment=assessment, kind="action", text=text, owner_name="Rosa Diaz", owner_role="Parent leader",
        due_on=date(2026, 8, 15), **fields,
    )  # fmt: skip


def address(assessment):
    return assessment.url("next_steps")


def test_a_lead_writes_steps_and_goes_to_the_task_list(as_user, ana, assessment):
    form = page_of(row(1), row(3, kind="ask", milestone="beyond", text="Money for child care at meetings"))
    answer = as_user(ana).post(address(assessment), form)
    assert (answer.status_code, answer["Location"]) == (303, assessment.get_absolute_url())
    first, second = assessment.next_steps.all()
    assert (first.text, first.milestone.slug, first.owner_name, first.due_on) == (
        "Try thing 1", "cohesion", "Rosa Diaz", date(2026, 8, 15),
    )  # fmt: skip
    assert (second.kind, second.milestone, second.position) == ("ask", None, 2)


def test_nothing_is_chosen_and_saved_steps_come_back_in_order(as_user, ana, assessment):
    html = as_user(ana).get(address(assessment)).content.decode()
    assert "checked" not in html and html.count("<details>") == 2
    as_user(ana).post(address(assessment), page_of(row(1), row(2)))
    html = as_user(ana).get(address(assessment)).content.decode()
    assert html.index("Try thing 1") < html.index("Try thing 2") and html.count("Remove this step") == 2


def test_sent_twice_they_are_saved_once(as_user, ana, assessment):
    form = page_of(row(1), row(2))
    for _ in range(2):
        assert as_user(ana).post(address(assessment), form).status_code == 303
    assert assessment.next_steps.count() == 2
    assert AuditEvent.objects.filter(verb="save_next_step").count() == 2


def test_a_step_is_changed(as_user, ana, assessment):
    step = step_of(assessment)
    form = page_of(row(1, key=str(step.pk), version=1, text="Try it another way"))
    for _ in range(2):
        assert as_user(ana).post(address(assessment), form).status_code == 303
    step.refresh_from_db()
    assert (step.text, step.version, assessment.next_steps.count()) == ("Try it another way", 2, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": ""}, "Step 2: choose what it is"),
        ({"kind": "wish"}, "Choose one of these"),
        ({"text": ""}, "Step 2: write what you will try"),
        ({"text": "x" * 501}, "1 character too long"),
        ({"text": "a\0b"}, "cannot read"),
        ({"milestone": ""}, "Step 2: choose a milestone"),
        ({"milestone": "nonsense"}, "Choose one of these"),
        ({"owner_name": "\u200b"}, "Step 2: write who will see to it"),
        ({"owner_role": ""}, "Step 2: write their role"),
        ({"due_on": ""}, "Step 2: choose a date"),
        ({"due_on": "2026-02-30"}, "Write the date like this"),
        ({"due_on": "10000-01-01"}, "Write the date like this"),
        ({"key": ""}, "This page is old"),
        ({"key": "x"}, "This page is old"),
        ({"version": ""}, "This page is old"),
        ({"version": "-1"}, "This page is old"),
    ],
)
def test_one_bad_row_saves_none_and_keeps_what_was_typed(as_user, ana, assessment, changes, said):
    answer = as_user(ana).post(address(assessment), page_of(row(1), row(2) | {f"{k}-2": v for k, v in changes.items()}))
    html = answer.content.decode()
    assert answer.status_code == 422 and said in html
    assert "Try thing 1" in html and ("text" in changes or "Try thing 2" in html)
    assert not NextStep.objects.exists()


def test_a_page_with_nothing_on_it_is_fine(as_user, ana, assessment):
    assert as_user(ana).post(address(assessment), page_of()).status_code == 303
    assert not NextStep.objects.exists()


def test_last_quarters_steps_come_first(as_user, ana, coalition):
    before = factories.submitted(coalition, by=ana)
    step = step_of(before, "Ask the library for a room")
    now = factories.draft(coalition, by=ana, quarter=factories.QUARTER.next)
    html = as_user(ana).get(address(now)).content.decode()
    assert html.index("Ask the library for a room") < html.index("What will you try?") and "checked" not in html
    said = {
        f"version-{step.pk}": "1",
        f"status-{step.pk}": "done",
        f"what_happened-{step.pk}": "We have it on Mondays.",
    }
    for _ in range(2):
        assert (
            as_user(ana).post(address(now), page_of(row(1), **said) | {"key-1": str(step.pk)[:-1] + "x"}).status_code
            == 422
        )
        assert NextStep.objects.get(pk=step.pk).status == "planned"  # all or nothing
    for _ in range(2):
        assert as_user(ana).post(address(now), page_of(**said)).status_code == 303
    step.refresh_from_db()
    assert (step.status, step.what_happened, step.version) == ("done", "We have it on Mondays.", 2)
    assert AuditEvent.objects.filter(verb="look_back").count() == 1
    assert before.next_steps.count() == 1 and not now.next_steps.exists()


def test_a_look_back_nobody_touched_changes_nothing(as_user, ana, coalition):
    before = factories.submitted(coalition, by=ana)
    step = step_of(before)
    now = factories.draft(coalition, by=ana, quarter=factories.QUARTER.next)
    as_user(ana).post(address(now), page_of(**{f"version-{step.pk}": "1"}))
    step.refresh_from_db()
    assert (step.version, step.status) == (1, "planned")


def test_another_coalitions_step_is_out_of_reach(as_user, ana, assessment):
    other = factories.coalition("Sample Other Coalition", at="TX")
    theirs = step_of(factories.discussing_assessment(other, by=factories.person("lead", other)), "Theirs")
    answer = as_user(ana).post(address(assessment), page_of(row(1, key=str(theirs.pk), version=1)))
    theirs.refresh_from_db()
    assert answer.status_code == 422 and theirs.text == "Theirs" and not assessment.next_steps.exists()
    assert as_user(ana).post(assessment.url("next_step_remove", theirs.pk)).status_code == 404


def hidden(answer):
    return dict(answer.context["hidden"])


def conflict(as_user, ana, lea, assessment):
    """Lea changed the step after Ana read it; Ana saves it and a new one."""
    step = step_of(assessment)
    as_user(lea).post(address(assessment), page_of(row(1, key=str(step.pk), version=1, text="What Lea wrote")))
    sent = page_of(row(1, key=str(step.pk), version=1, text="What Ana wrote"), row(2, text="Ana's new step"))
    return step, as_user(ana).post(address(assessment), sent)


def test_two_leads_see_both_and_nothing_is_half_saved(as_user, ana, lea, assessment):
    step, answer = conflict(as_user, ana, lea, assessment)
    html = answer.content.decode()
    assert answer.status_code == 409 and "What Lea wrote" in html and "What Ana wrote" in html
    assert "Lea saved a change to this page." in html and "Keep both" not in html
    assert [step.text for step in assessment.next_steps.all()] == ["What Lea wrote"]


@pytest.mark.parametrize(("keep", "text"), [("mine", "What Ana wrote"), ("theirs", "What Lea wrote")])
def test_the_choice_is_kept_and_the_rest_of_the_page_too(as_user, ana, lea, assessment, keep, text):
    _step, answer = conflict(as_user, ana, lea, assessment)
    for _ in range(2):
        chosen = as_user(ana).post(address(assessment), {**hidden(answer), "keep": keep})
        assert (chosen.status_code, chosen["Location"]) == (303, assessment.get_absolute_url())
    assert [step.text for step in assessment.next_steps.all()] == [text, "Ana's new step"]
    history = str(list(AuditEvent.objects.values_list("details", flat=True)))
    assert "What Lea wrote" in history and "What Ana wrote" in history
    assert AuditEvent.objects.filter(verb="keep_theirs").count() == (keep == "theirs")


def test_the_conflict_page_in_the_other_language_loses_nothing(as_user, ana, lea, assessment):
    _step, answer = conflict(as_user, ana, lea, assessment)
    spanish = as_user(ana).post(address(assessment), {**hidden(answer), "language": "es"})
    html = spanish.content.decode()
    assert spanish.status_code == 200 and "What Ana wrote" in html and "new step" in html
    assert as_user(ana).post(address(assessment), hidden(answer)).status_code == 409


def test_a_fourth_step_is_refused_and_stays_on_the_page(as_user, ana, assessment):
    for number in (1, 2, 3):
        step_of(assessment, f"Step of Lea {number}")
    answer = as_user(ana).post(address(assessment), page_of(row(1)))
    html = answer.content.decode()
    assert answer.status_code == 422 and "Try thing 1" in html and "Step of Lea 3" in html
    assert assessment.next_steps.count() == 3


def test_a_step_removed_meanwhile_can_be_put_back(as_user, ana, lea, assessment):
    step = step_of(assessment)
    as_user(lea).post(assessment.url("next_step_remove", step.pk))
    sent = page_of(row(1, key=str(step.pk), version=1, text="What Ana wrote"))
    answer = as_user(ana).post(address(assessment), sent)
    html = answer.content.decode()
    assert answer.status_code == 422 and "Somebody removed step 1" in html and "What Ana wrote" in html
    assert not assessment.next_steps.exists() and str(step.pk) not in html


def test_removed_twice_it_is_removed_once(as_user, ana, ben, assessment):
    step = step_of(assessment)
    remove = assessment.url("next_step_remove", step.pk)
    assert as_user(ben).post(remove).status_code == 403
    for _ in range(2):
        assert as_user(ana).post(remove).status_code == 303
    assert AuditEvent.objects.filter(verb="remove_next_step").count() == 1
    assert as_user(ana).post(assessment.url("next_step_remove", uuid4())).status_code == 404


def test_switching_language_keeps_what_was_typed(as_user, ana, assessment):
    form = page_of(row(1), row(2, text="Half a sen", owner_name=""))
    answer = as_user(ana).post(address(assessment), {**form, "language": "es"})
    html = answer.content.decode()
    assert answer.status_code == 200 and "Half a sen" in html and "Rosa Diaz" in html and 'lang="es"' in html
    assert form["key-1"] in html and not NextStep.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("ada", 403), ("fay", 404), ("eve", 404), ("sam", 404)])
def test_only_leads_see_and_write_the_page(as_user, request, assessment, who, status):
    client = as_user(request.getfixturevalue(who))
    assert client.get(address(assessment)).status_code == status
    assert client.post(address(assessment), page_of(row(1))).status_code == status


@pytest.mark.parametrize(
    ("stage", "status"),
    [("draft", 303), ("collecting", 303), ("discussing", 303), ("submitted", 409), ("reopened", 303)],
)
def test_when_steps_are_written(as_user, ana, coalition, stage, status):
    assessment = factories.at_stage(coalition, Stage(stage), by=ana)
    assert as_user(ana).post(address(assessment), page_of(row(1))).status_code == status


def test_the_steps_of_the_last_earlier_quarter_open_this_one(coalition, ana):
    long_ago = factories.submitted(coalition, by=ana, quarter=factories.QUARTER - 2)
    before = factories.submitted(coalition, by=ana, quarter=factories.QUARTER - 1)
    step_of(long_ago, "Long ago")
    step_of(before, "Before")
    now = factories.draft(coalition, by=ana)
    step_of(factories.draft(coalition, by=ana, quarter=factories.QUARTER + 1), "Later")
    assert [step.text for step in step_actions.last_steps(now)] == ["Before"]
