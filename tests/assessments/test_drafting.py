"""A quarter is opened, its draft changed, started and deleted, a milestone set aside."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from assessments.models import Assessment, Mode, Stage
from coalitions.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db
MAY = datetime(2026, 5, 12, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(MAY, tick=False):
        yield


@pytest.fixture
def draft(coalition, ana):
    return factories.draft(coalition, by=ana)


OPENED = {"quarter": "2026Q2", "mode": "core", "room_sees": "meeting_only"}
CHANGED = {"mode": "full", "room_sees": "meeting_only", "version": "1"}


def open_page(coalition):
    return reverse("assessment_new", args=[coalition.slug])


def test_a_lead_opens_a_quarter(as_user, ana, coalition):
    answer = as_user(ana).post(open_page(coalition), {**OPENED, "meets_on": "2026-06-20"})
    assessment = coalition.assessments.get()
    assert (answer.status_code, answer["Location"]) == (303, assessment.get_absolute_url())
    assert (assessment.quarter_text, assessment.mode, assessment.stage) == ("2026Q2", "core", "draft")
    assert assessment.meets_on == date(2026, 6, 20)


def test_three_quarters_are_offered_less_those_open_and_nothing_is_chosen(as_user, ana, coalition, draft):
    html = as_user(ana).get(open_page(coalition)).content.decode()
    assert 'value="2026Q1"' in html and 'value="2026Q3"' in html
    assert 'value="2026Q2"' not in html and 'value="2026Q4"' not in html
    radios = re.findall(r'<input type="radio"[^>]*>', html)
    assert len(radios) == 2 + 3 + 3 and not [radio for radio in radios if "checked" in radio]


def test_the_quarter_is_the_one_where_the_coalition_lives(as_user, rubric):
    guam = factories.coalition("Sample Guam Coalition", at="GU", time_zone="Pacific/Guam")
    lead = factories.person("lead", guam)
    with time_machine.travel(datetime(2026, 6, 30, 15, tzinfo=UTC), tick=False):  # July 1 in Guam
        html = as_user(lead).get(open_page(guam)).content.decode()
    assert 'value="2026Q4"' in html and 'value="2026Q1"' not in html


def test_all_three_open_says_so(as_user, ana, coalition):
    for number in (1, 2, 3):
        factories.draft(coalition, by=ana, quarter=factories.Quarter(2026, number))
    html = as_user(ana).get(open_page(coalition)).content.decode()
    assert "There is nothing to open now" in html


def test_a_quarter_that_is_open_is_409_and_opened_once(as_user, ana, coalition):
    sent = OPENED
    answers = [as_user(ana).post(open_page(coalition), sent).status_code for _ in range(2)]
    assert answers == [303, 409]
    assert coalition.assessments.count() == 1


def test_focus_takes_two_milestones(as_user, ana, coalition):
    sent = {**OPENED, "mode": "focus", "focus": ["cohesion", "financing"]}
    assert as_user(ana).post(open_page(coalition), sent).status_code == 303
    assert set(coalition.assessments.get().focus.values_list("slug", flat=True)) == {"cohesion", "financing"}


def test_focus_milestones_are_dropped_in_another_mode(as_user, ana, coalition):
    as_user(ana).post(open_page(coalition), {**OPENED, "mode": "full", "focus": ["cohesion"]})
    assert not coalition.assessments.get().focus.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"quarter": ""}, "Choose one"),
        ({"quarter": "2031Q1"}, "Choose one of these"),
        ({"quarter": "2026q2"}, "Choose one of these"),
        ({"mode": ""}, "Choose one"),
        ({"mode": "round"}, "Choose one of these"),
        ({"room_sees": ""}, "Choose one"),
        ({"room_sees": "everything"}, "Choose one of these"),
        ({"room_sees": "compare_voices"}, "Choose the last day for answers"),
        ({"room_sees": "see_the_spread", "closes_on": " "}, "Choose the last day for answers"),
        ({"room_sees": "compare_voices", "closes_on": "2026-05-11"}, "This day is over"),
        ({"room_sees": "compare_voices", "closes_on": "06/20/2026"}, "Write the date like this"),
        ({"deference": ["cohesion", "nonsense"]}, "Choose one of these"),
        ({"mode": "focus"}, "Choose two milestones to focus on."),
        ({"mode": "focus", "focus": ["cohesion"]}, "Choose two milestones to focus on."),
        ({"mode": "focus", "focus": ["cohesion", "financing", "advocacy-progress"]}, "Choose two milestones"),
        ({"focus": ["cohesion", "nonsense"]}, "Choose one of these"),
        ({"meets_on": "2026-02-30"}, "Write the date like this"),
        ({"meets_on": "0000-01-01"}, "Write the date like this"),
        ({"meets_on": "10000-01-01"}, "Write the date like this"),
        ({"meets_on": "0001-01-01"}, "Write the date like this"),
        ({"meets_on": "٢٠٢٦-٠٦-٢٠"}, "Write the date like this"),
        ({"meets_on": "06/20/2026"}, "Write the date like this"),
    ],
)
def test_bad_input_opens_nothing_and_keeps_the_rest(as_user, ana, coalition, changes, said):
    sent = {**OPENED, "meets_on": "2026-06-20", **changes}
    answer = as_user(ana).post(open_page(coalition), sent)
    html = answer.content.decode()
    assert answer.status_code == 422 and said in html
    assert Assessment.objects.count() == 0
    if "meets_on" not in changes:
        assert 'value="2026-06-20"' in html


def test_what_the_room_will_see_is_chosen_with_the_last_day_and_where_the_lower_side_is_suggested(
    as_user, ana, coalition
):
    page = as_user(ana).get(open_page(coalition)).content.decode()
    ticked = set(re.findall(r'name="deference" value="([a-z-]+)"[^>]*checked', page))
    assert ticked == {"safety-and-trust", "directed-by-parents-and-providers"}
    for said in ("6 or more answers on each side", "10 or more answers", "no private ballots"):
        assert said in page
    sent = {**OPENED, "room_sees": "see_the_spread", "closes_on": "2026-05-12", "deference": ["cohesion"]}
    assert as_user(ana).post(open_page(coalition), sent).status_code == 303
    assessment = coalition.assessments.get()
    assert (assessment.room_sees, assessment.closes_on) == ("see_the_spread", date(2026, 5, 12))
    assert [row.slug for row in assessment.deference.all()] == ["cohesion"]


def test_the_last_day_is_one_where_the_coalition_lives(as_user, rubric):
    guam = factories.coalition("Sample Guam Coalition", at="GU", time_zone="Pacific/Guam")
    lead = factories.person("lead", guam)
    sent = {**OPENED, "room_sees": "compare_voices", "closes_on": "2026-05-12"}
    with time_machine.travel(datetime(2026, 5, 12, 14, 30, tzinfo=UTC), tick=False):  # May 13 in Guam
        assert as_user(lead).post(open_page(guam), sent).status_code == 422
        assert as_user(lead).post(open_page(guam), {**sent, "closes_on": "2026-05-13"}).status_code == 303


def test_meeting_only_has_no_last_day(as_user, ana, coalition):
    assert as_user(ana).post(open_page(coalition), {**OPENED, "closes_on": "2020-01-01"}).status_code == 303
    assert coalition.assessments.get().closes_on is None


def test_a_tick_taken_out_stays_out_when_the_language_is_switched(as_user, ana, coalition, draft):
    for address in (open_page(coalition), draft.url("assessment_edit")):
        html = as_user(ana).post(address, {"room_sees": "compare_voices", "language": "es"}).content.decode()
        assert not re.search(r'name="deference"[^>]*checked', html)
        assert re.search(r'name="room_sees" value="compare_voices"[^>]*checked', html)


def test_extra_fields_change_nothing(as_user, ana, coalition):
    as_user(ana).post(open_page(coalition), {**OPENED, "stage": "submitted", "version": "99"})
    assert (coalition.assessments.get().stage, coalition.assessments.get().version) == ("draft", 1)


def test_switching_language_keeps_what_was_chosen_and_opens_nothing(as_user, ana, coalition):
    answer = as_user(ana).post(open_page(coalition), {"mode": "full", "meets_on": "2026-06-20", "language": "es"})
    html = answer.content.decode()
    assert answer.status_code == 200 and 'lang="es"' in html
    assert 'value="2026-06-20"' in html and html.count("checked") == 1
    assert Assessment.objects.count() == 0


def test_without_a_published_rubric_nothing_opens(as_user, db):
    coalition = factories.coalition()
    lead = factories.person("lead", coalition)
    assert as_user(lead).get(open_page(coalition)).status_code == 200
    assert as_user(lead).post(open_page(coalition), OPENED).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("ada", 403), ("fay", 404), ("eve", 404), ("sam", 404)])
@pytest.mark.parametrize("name", ["assessment_new", "assessment_edit", "own_indicators", "set_aside"])
def test_only_leads_run_a_quarter(as_user, request, coalition, draft, who, status, name):
    args = {"assessment_new": [], "set_aside": ["2026q2", "cohesion"]}.get(name, ["2026q2"])
    address = reverse(name, args=[coalition.slug, *args])
    client = as_user(request.getfixturevalue(who))
    assert (client.get(address).status_code, client.post(address, {}).status_code) == (status, status)


def test_a_draft_is_changed(as_user, ana, draft):
    page = as_user(ana).get(draft.url("assessment_edit")).content.decode()
    assert page.count("checked") == 4  # its mode, what the room will see, and two milestones that defer
    sent = {**CHANGED, "mode": "focus", "focus": ["cohesion", "financing"], "meets_on": "2026-06-01"}
    answer = as_user(ana).post(draft.url("assessment_edit"), sent)
    draft.refresh_from_db()
    assert (answer.status_code, draft.mode, draft.focus.count(), draft.version) == (303, Mode.FOCUS, 2, 2)


def test_a_change_sent_twice_takes_effect_once(as_user, ana, draft):
    for _ in range(2):
        assert as_user(ana).post(draft.url("assessment_edit"), CHANGED).status_code == 303
    draft.refresh_from_db()
    assert draft.version == 2
    assert AuditEvent.objects.filter(verb="edit_draft").count() == 1


def test_what_the_room_will_see_is_changed_with_its_version(as_user, ana, draft):
    sent = {**CHANGED, "room_sees": "compare_voices", "closes_on": "2026-06-20", "deference": ["financing"]}
    for _ in range(2):
        assert as_user(ana).post(draft.url("assessment_edit"), sent).status_code == 303
    assert as_user(ana).post(draft.url("assessment_edit"), {**sent, "deference": ["cohesion"]}).status_code == 409
    draft.refresh_from_db()
    assert (draft.room_sees, draft.closes_on, draft.version) == ("compare_voices", date(2026, 6, 20), 2)
    assert [row.slug for row in draft.deference.all()] == ["financing"]
    page = as_user(ana).get(draft.url("assessment_edit")).content.decode()
    assert 'value="2026-06-20"' in page


def test_a_change_over_another_is_409(as_user, ana, draft):
    as_user(ana).post(draft.url("assessment_edit"), CHANGED)
    answer = as_user(ana).post(draft.url("assessment_edit"), {**CHANGED, "mode": "core"})
    draft.refresh_from_db()
    assert (answer.status_code, draft.mode) == (409, "full")


@pytest.mark.parametrize("version", ["", "-1", "0", "x", "9" * 30])
def test_a_change_without_a_version_is_422(as_user, ana, draft, version):
    answer = as_user(ana).post(draft.url("assessment_edit"), {**CHANGED, "version": version})
    assert answer.status_code == 422 and "This page is old" in answer.content.decode()


def test_starting_the_meeting_asks_the_questions_once(as_user, ana, draft):
    for _ in range(2):
        answer = as_user(ana).post(draft.url("meeting_only"))
        assert (answer.status_code, answer["Location"]) == (303, draft.get_absolute_url())
    draft.refresh_from_db()
    assert (draft.stage, draft.agreed_ratings.count()) == (Stage.DISCUSSING, 7)
    assert AuditEvent.objects.filter(verb="start_meeting").count() == 1


def test_deleting_a_draft(as_user, ana, draft):
    answer = as_user(ana).post(draft.url("assessment_delete"))
    assert (answer.status_code, answer["Location"]) == (303, draft.coalition.get_absolute_url())
    assert Assessment.objects.count() == 0
    assert as_user(ana).post(draft.url("assessment_delete")).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("ada", 303), ("fay", 404), ("sam", 404)])
def test_who_deletes_a_draft(as_user, request, draft, who, status):
    assert as_user(request.getfixturevalue(who)).post(draft.url("assessment_delete")).status_code == status


@pytest.mark.parametrize("stage", [Stage.COLLECTING, Stage.DISCUSSING, Stage.SUBMITTED, Stage.REOPENED])
@pytest.mark.parametrize("name", ["assessment_edit", "assessment_delete", "own_indicators"])
def test_only_a_draft_can_be_changed(as_user, ana, coalition, stage, name):
    assessment = factories.at_stage(coalition, stage, by=ana)
    assert as_user(ana).post(assessment.url(name), {"mode": "full", "version": "1"}).status_code == 409


def test_get_never_writes(as_user, ana, draft):
    for name in ("meeting_only", "assessment_delete"):
        assert as_user(ana).get(draft.url(name)).status_code == 405


def test_setting_aside_and_taking_up_again(as_user, ana, draft):
    address = draft.url("set_aside", "financing")
    for _ in range(2):
        answer = as_user(ana).post(address, {"reason": "We wait for the session."})
        assert (answer.status_code, answer["Location"]) == (303, draft.get_absolute_url())
    assert [row.reason for row in draft.set_asides.all()] == ["We wait for the session."]
    assert AuditEvent.objects.filter(verb="set_aside").count() == 1
    assert "We wait for the session." in as_user(ana).get(address).content.decode()
    for _ in range(2):
        assert as_user(ana).post(address, {"take_up": "1"}).status_code == 303
    assert not draft.set_asides.exists()
    assert AuditEvent.objects.filter(verb="take_up_again").count() == 1


@pytest.mark.parametrize("reason", ["", "   ", "\u200b", "\u3164", "x" * 501, "a\0b"])
def test_setting_aside_needs_a_reason(as_user, ana, draft, reason):
    assert as_user(ana).post(draft.url("set_aside", "financing"), {"reason": reason}).status_code == 422
    assert not draft.set_asides.exists()


@pytest.mark.parametrize(
    ("stage", "status"),
    [("draft", 303), ("collecting", 409), ("discussing", 303), ("submitted", 409), ("reopened", 303)],
)
def test_when_a_milestone_is_set_aside(as_user, ana, coalition, stage, status):
    assessment = factories.at_stage(coalition, Stage(stage), by=ana)
    assert as_user(ana).post(assessment.url("set_aside", "cohesion"), {"reason": "Later"}).status_code == status


def test_an_unknown_milestone_is_404(as_user, ana, draft):
    assert as_user(ana).get(draft.url("set_aside", "beyond")).status_code == 404


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "👩‍👩‍👧‍👦 niñez"]
)
def test_text_is_shown_as_text(as_user, ana, draft, text):
    as_user(ana).post(draft.url("set_aside", "financing"), {"reason": text})
    assert draft.set_asides.get().reason == text
    for name in ("set_aside", "assessment_edit"):
        html = as_user(ana).get(draft.url(name, *(["financing"] if name == "set_aside" else []))).content.decode()
        assert "<script>alert" not in html and "<img src=x" not in html and "49" not in html.split("{{7*7}}")[0][-5:]


def test_two_reasons_for_setting_aside_are_both_heard(as_user, ana, coalition):
    draft = factories.draft(coalition, by=ana)
    address, client = draft.url("set_aside", "cohesion"), as_user(ana)
    client.post(address, {"reason": "The first reason", "as_read": ""})
    answer = client.post(address, {"reason": "The second reason", "as_read": ""})
    page = answer.content.decode()
    assert answer.status_code == 422 and "The first reason" in page and "The second reason" in page
    assert draft.set_asides.get().reason == "The first reason"
    assert client.post(address, {"reason": "The second reason", "as_read": "The first reason"}).status_code == 303
    assert draft.set_asides.get().reason == "The second reason"
