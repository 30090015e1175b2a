"""A coalition's own questions and milestones: added, listed, no longer asked."""

import pytest

from assessments.drafting import actions
from assessments.drafting.asked import asked_indicators
from assessments.models import Stage
from coalitions.models import AuditEvent
from milestones.models import Indicator, Milestone
from tests import factories

pytestmark = pytest.mark.django_db
LEVELS = {f"level_{number}": f"What level {number} looks like" for number in range(5)}


@pytest.fixture
def draft(coalition, ana):
    return factories.draft(coalition, by=ana)


def own(draft, add="indicator"):
    return f"{draft.url('own_indicators')}?add={add}"


def question(**changes):
    asked = {"milestone": "cohesion", "title": "Shared meals", "question": "Do we eat together?"}
    return {"code": "own-1", **asked, **LEVELS, **changes}


def test_a_question_of_ones_own_is_asked_on_the_same_ladder(as_user, ana, coalition, draft):
    answer = as_user(ana).post(own(draft), question())
    assert (answer.status_code, answer["Location"]) == (303, draft.url("own_indicators"))
    coalition.refresh_from_db()
    indicator = actions.own_questions(coalition).get()
    assert [d.text for d in indicator.descriptors.all()] == list(LEVELS.values())
    draft.refresh_from_db()
    assert "own-1" in [row.code for row in asked_indicators(draft)]
    html = as_user(ana).get(draft.url("own_indicators")).content.decode()
    assert "Shared meals" in html and "What level 3 looks like" in html


def test_the_pinned_rubric_is_not_touched(as_user, ana, draft):
    before = Indicator.objects.filter(milestone__rubric=draft.rubric).count()
    as_user(ana).post(own(draft), question())
    assert Indicator.objects.filter(milestone__rubric=draft.rubric).count() == before


def test_a_question_sent_twice_is_added_once(as_user, ana, coalition, draft):
    for _ in range(2):
        assert as_user(ana).post(own(draft), question()).status_code == 303
    coalition.refresh_from_db()
    assert actions.own_questions(coalition).count() == 1
    assert AuditEvent.objects.filter(verb="add_own_indicator").count() == 1


@pytest.mark.parametrize("changes", [{"title": "Other"}, {"level_2": "Other"}, {"milestone": "financing"}])
def test_the_same_code_with_other_words_is_422_and_can_be_sent_again(as_user, ana, coalition, draft, changes):
    as_user(ana).post(own(draft), question())
    answer = as_user(ana).post(own(draft), question(**changes))
    html = answer.content.decode()
    assert answer.status_code == 422 and "sent before" in html
    assert 'name="code" value="own-2"' in html
    assert as_user(ana).post(own(draft), question(code="own-2", **changes)).status_code == 303
    coalition.refresh_from_db()
    assert actions.own_questions(coalition).count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"milestone": ""},
        {"milestone": "nonsense"},
        {"title": ""},
        {"title": "x" * 121},
        {"question": "\u200b"},
        {"question": "a\0b"},
        {"level_0": ""},
        {"level_4": "x" * 401},
        {"code": ""},
        {"code": "own-0"},
        {"code": "1.1"},
        {"code": "own-" + "9" * 5000},
        {"code": "own-7"},
    ],
)
def test_bad_input_adds_nothing_and_keeps_what_was_typed(as_user, ana, coalition, draft, changes):
    answer = as_user(ana).post(own(draft), question(**changes))
    assert answer.status_code == 422
    assert "What level 2 looks like" in answer.content.decode()
    assert not Indicator.objects.filter(code__startswith="own-").exists()


def test_a_milestone_of_ones_own_and_a_question_under_it(as_user, ana, coalition, draft):
    sent = {"code": "own-1", "name": "Joy", "definition": "We like to be here."}
    for _ in range(2):
        assert as_user(ana).post(own(draft, "milestone"), sent).status_code == 303
    assert as_user(ana).post(own(draft), question(code="own-2", milestone="own-1")).status_code == 303
    milestone = Milestone.objects.get(slug="own-1")
    assert (milestone.number, milestone.name, milestone.indicators.get().code) == (8, "Joy", "own-2")
    html = as_user(ana).get(draft.url("own_indicators")).content.decode()
    assert "Joy" in html and "We like to be here." in html


def test_two_leads_at_once_do_not_lose_a_milestone(as_user, ana, coalition, draft):
    as_user(ana).post(own(draft, "milestone"), {"code": "own-1", "name": "Joy"})
    answer = as_user(ana).post(own(draft, "milestone"), {"code": "own-1", "name": "Rest"})
    assert answer.status_code == 422 and 'value="own-2"' in answer.content.decode()
    assert as_user(ana).post(own(draft, "milestone"), {"code": "own-2", "name": "Rest"}).status_code == 303
    assert Milestone.objects.filter(slug__startswith="own-").count() == 2


def test_one_never_asked_is_deleted_one_asked_before_is_retired(as_user, ana, coalition, draft):
    as_user(ana).post(own(draft), question())
    for _ in range(2):
        assert as_user(ana).post(draft.url("own_indicators"), {"stop": "own-1"}).status_code == 303
    assert not Indicator.objects.filter(code="own-1").exists()

    as_user(ana).post(own(draft), question())
    as_user(ana).post(draft.url("meeting_only"))
    after = factories.draft(coalition, by=ana, quarter=factories.QUARTER.next)
    as_user(ana).post(after.url("own_indicators"), {"stop": "own-1"})
    assert Indicator.objects.get(code="own-1").retired
    assert draft.agreed_ratings.filter(indicator__code="own-1").exists()
    assert "own-1" not in [row.code for row in asked_indicators(after)]
    assert AuditEvent.objects.filter(verb="retire_own_indicator").count() == 2


@pytest.mark.parametrize("code", ["own-9", "1.1", "a\0b", "x" * 5000])
def test_stopping_what_is_not_there_changes_nothing(as_user, ana, draft, code):
    assert as_user(ana).post(draft.url("own_indicators"), {"stop": code}).status_code == 303
    assert not Indicator.objects.filter(retired=True).exists()


def test_another_coalitions_questions_are_out_of_reach(as_user, ana, draft):
    as_user(ana).post(own(draft), question())
    other = factories.coalition("Sample Other Coalition", at="TX")
    olga = factories.person("lead", other)
    theirs = factories.draft(other, by=olga)
    as_user(olga).post(theirs.url("own_indicators"), {"stop": "own-1"})
    assert Indicator.objects.filter(code="own-1", retired=False).exists()
    assert "Shared meals" not in as_user(olga).get(theirs.url("own_indicators")).content.decode()


def test_switching_language_keeps_what_was_typed(as_user, ana, draft):
    answer = as_user(ana).post(own(draft), {**question(title="Comidas"), "language": "es"})
    html = answer.content.decode()
    assert answer.status_code == 200 and 'lang="es"' in html and "Comidas" in html and "Todavía no" in html
    assert not Indicator.objects.filter(code="own-1").exists()


def test_only_in_a_draft(as_user, ana, coalition):
    assessment = factories.at_stage(coalition, Stage.DISCUSSING, by=ana)
    assert as_user(ana).post(own(assessment), question()).status_code == 409
