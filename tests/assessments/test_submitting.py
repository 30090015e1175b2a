"""Submit, reopen, share, withdraw: once each, immutable, chained."""

import json

import pytest
from django.utils import timezone

from assessments.discussing import step_actions
from assessments.models import Revision, Sharing, Standing
from assessments.sharing import actions as sharing
from assessments.submitting import actions, checks, snapshot
from coalitions.models import AuditEvent
from milestones.answers import Conflict
from milestones.texts import canonical
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(coalition, ana):
    return factories.submitted(coalition, by=ana)


def test_a_lead_checks_and_submits(as_user, ana, coalition):
    assessment = factories.discussing_assessment(coalition, by=ana)
    factories.rate_all(assessment, by=ana)
    answer = as_user(ana).post(assessment.url("check"), {"number": 1})
    assert (answer.status_code, answer["Location"]) == (303, assessment.url("done"))
    assessment.refresh_from_db()
    assert assessment.stage == "submitted"
    assert Standing.objects.milestones().filter(level=2, level_rule="core_only").count() == 7


def test_a_gap_needs_one_word_and_is_named(as_user, ana, coalition):
    assessment = factories.discussing_assessment(coalition, by=ana)
    for code in ("1.2", "2.1", "3.1", "4.2", "5.4", "6.4"):
        factories.rate(assessment, code, 2, by=ana)
    client = as_user(ana)
    refused = client.post(assessment.url("check"), {"number": 1})
    assert refused.status_code == 422 and "7.1" in refused.content.decode()
    assert client.post(assessment.url("check"), {"number": 1, "despite_warnings": "on"}).status_code == 303
    gap = Standing.objects.get(slug="impact-for-children-and-families")
    assert (gap.level, gap.level_status, gap.level_rule) == (None, "not_rated", "none")


def test_the_same_submit_twice_writes_one_revision(as_user, ana, coalition):
    assessment = factories.discussing_assessment(coalition, by=ana)
    factories.rate_all(assessment, by=ana)
    client = as_user(ana)
    answers = [client.post(assessment.url("check"), {"number": 1}).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert Revision.objects.count() == 1 and Standing.objects.count() == 8


@pytest.mark.parametrize("number", ["2", "0", "-1", "", "abc", "99999999999999999999"])
def test_another_revision_number_writes_nothing(as_user, ana, coalition, number):
    assessment = factories.discussing_assessment(coalition, by=ana)
    factories.rate_all(assessment, by=ana)
    assert as_user(ana).post(assessment.url("check"), {"number": number}).status_code in (409, 422)
    assert not Revision.objects.exists()


def test_a_revision_never_changes(submitted):
    revision = submitted.revisions.get()
    for spoil in (
        lambda: Revision.objects.filter(pk=revision.pk).update(body="{}"),
        lambda: Revision.objects.filter(pk=revision.pk).delete(),
        lambda: Revision.objects.bulk_update([revision], ["body"]),
        revision.save,
        revision.delete,
        lambda: revision.standings.update(level=4),
        revision.standings.first().save,
        lambda: AuditEvent.objects.all().delete(),
    ):
        with pytest.raises(TypeError):
            spoil()


def test_revisions_of_a_coalition_are_one_chain(coalition, submitted, ana):
    factories.submitted(coalition, by=ana, quarter=factories.QUARTER.next)
    first, second = Revision.objects.order_by("quarter_text")
    assert (first.previous, second.previous) == (None, first)
    assert first.sha256 == snapshot.chained_hash(first.body, "")
    assert second.sha256 == snapshot.chained_hash(second.body, first.sha256)
    assert first.body == canonical(json.loads(first.body))
    assert snapshot.chained_hash(first.body.replace("2026", "2027"), "") != first.sha256


def test_reopen_needs_a_reason_and_keeps_revision_1(as_user, ana, submitted):
    client = as_user(ana)
    assert client.post(submitted.url("reopen"), {"number": 1, "reason": "  "}).status_code == 422
    before = submitted.revisions.get().sha256
    answers = [client.post(submitted.url("reopen"), {"number": 1, "reason": "A date was wrong"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    factories.rate(submitted, "1.2", 4, by=ana)
    again = factories.submit(submitted, by=ana)
    first = submitted.revisions.get(number=1)
    assert (first.sha256, again.number, again.reason) == (before, 2, "A date was wrong")
    assert again.previous == first


def test_what_is_open_before_submitting():
    def body(**indicator):
        base = {
            "id": 1, "asked": True, "outcome": "agreed", "level": 2, "reason": "", "confirmed": True, "status": "rated",
            "evidence": [], "lineage": [1], **indicator,
        }  # fmt: skip
        return {"milestones": [{"set_aside": None, "indicators": [base]}]}

    def kinds(now, before=None):
        return [point.kind for point in checks.open_points(now, before)]

    assert kinds(body()) == []
    assert kinds(body(confirmed=False)) == ["unconfirmed"]
    assert kinds(body(outcome="none", level=None, status="not_rated", confirmed=False)) == ["gap"]
    assert kinds(body(level=3)) == ["not_yet_shown"]
    assert kinds(body(level=3), body(level=1)) == ["jump"]
    assert kinds(body(level=0), body(level=2)) == ["jump"]
    assert kinds(body(level=3, evidence=[{}]), body(level=0)) == []
    assert kinds(body(suggested_level=2)) == kinds(body(suggested_level=None)) == []
    assert kinds(body(level=3, suggested_level=2)) == ["differs"]
    assert kinds(body(level=0, suggested_level=2, evidence=[{}])) == ["differs"]
    assert kinds(body(level=1, suggested_level=2, reason="We saw more")) == []
    assert kinds(body(level=None, status="not_agreed", outcome="not_agreed", suggested_level=2)) == []
    assert kinds({"milestones": [{**body(confirmed=False)["milestones"][0], "set_aside": "Not now"}]}) == []


def test_sharing_is_off_until_chosen_and_per_milestone(as_user, ana, submitted):
    assert not Standing.objects.shared().exists()
    fields = {"number": 1, "cohesion": "level_and_story", "financing": "story", "beyond": "story"}
    assert as_user(ana).post(submitted.url("share"), fields).status_code == 303
    assert dict(Standing.objects.shared().values_list("slug", "sharing")) == {
        "cohesion": "level_and_story", "financing": "story", "beyond": "story",
    }  # fmt: skip
    as_user(ana).post(submitted.url("share"), fields)
    assert Sharing.objects.count() == 1


@pytest.mark.parametrize(
    "fields", [{"beyond": "level_and_story"}, {"cohesion": "all"}, {"cohesion": "story", "number": ""}]
)
def test_what_is_no_choice_shares_nothing(as_user, ana, submitted, fields):
    assert as_user(ana).post(submitted.url("share"), {"number": 1, **fields}).status_code == 422
    assert not Standing.objects.shared().exists()


def test_a_new_revision_starts_unshared_and_the_old_stays_shared_until_it_is(submitted, ana):
    factories.share(submitted, by=ana, slugs=["cohesion", "financing"])
    actions.reopen(assessment=submitted, number=1, reason="A date was wrong", by=ana)
    factories.submit(submitted, by=ana)
    assert set(Standing.objects.shared().values_list("revision__number", flat=True)) == {1}
    factories.share(submitted, by=ana, slugs=["cohesion"])
    assert set(Standing.objects.shared().values_list("slug", "revision__number")) == {("cohesion", 2), ("financing", 1)}


def test_a_stale_preview_shares_nothing(submitted, ana):
    actions.reopen(assessment=submitted, number=1, reason="A date was wrong", by=ana)
    factories.submit(submitted, by=ana)
    with pytest.raises(Conflict):
        sharing.share(assessment=submitted, number=1, choices={"cohesion": "story"}, by=ana)
    assert not Standing.objects.shared().exists()


def test_withdrawing_takes_back_every_revision(as_user, ana, submitted):
    factories.share(submitted, by=ana)
    assert as_user(ana).post(submitted.url("withdraw")).status_code == 303
    assert not Standing.objects.shared().exists()
    assert Sharing.objects.first().withdrawn
    as_user(ana).post(submitted.url("withdraw"))
    assert Sharing.objects.count() == 2


def test_change_compares_like_with_like(coalition, ana):
    factories.submitted(coalition, by=ana, level=1, mode="full")
    core = factories.submitted(coalition, by=ana, level=2, quarter=factories.QUARTER.next)
    standing = Standing.objects.filter(revision__assessment=core).milestones().first()
    assert (standing.level_rule, standing.change, standing.change_since) == ("core_only", "up", "2026Q2")


def test_a_changed_question_starts_a_new_line(coalition, ana, rubric):
    from milestones.actions import draft_next, publish

    factories.submitted(coalition, by=ana, level=1)
    draft = draft_next(last=rubric, version="2")
    core = draft.milestones.get(number=1).indicators.get(core=True)
    type(core).objects.filter(pk=core.pk).update(comparable=False)
    publish(draft)
    later = factories.submitted(coalition, by=ana, level=3, quarter=factories.QUARTER.next)
    first, second = later.revisions.get().standings.filter(number__in=[1, 2]).order_by("number")
    assert (first.series, first.change) == (2, "not_comparable")
    assert (second.series, second.change) == (1, "up")
    items = [i for m in later.revisions.get().content["milestones"] for i in m["indicators"] if i["asked"]]
    assert [item["comparable"] for item in items][:2] == ["no", "yes"]


def test_what_came_of_a_step_is_not_told_before_the_quarter_that_says_so(coalition, ana):
    from datetime import date

    first = factories.discussing_assessment(coalition, by=ana)
    key = "0d9f6f52-5a0e-4f3a-9d3e-2f1d5c1a9b77"
    step_actions.save_next_step(
        assessment=first, key=key, version=0, kind="ask", text="Money", milestone=None, owner_name="Rosa",
        owner_role="Parent", due_on=date(2026, 9, 1), by=ana,
    )  # fmt: skip
    factories.rate_all(first, by=ana)
    factories.submit(first, by=ana)
    later = factories.discussing_assessment(coalition, by=ana, quarter=factories.QUARTER.next)
    step_actions.look_back(
        assessment=later, key=key, version=1, status="stopped", what_happened="Words of the later quarter", by=ana
    )
    actions.reopen(assessment=first, number=1, reason="A date was wrong", by=ana)
    assert "Words of the later quarter" not in factories.submit(first, by=ana).body


def test_an_own_milestone_with_other_questions_starts_a_new_line(coalition, ana):
    draft = factories.draft(coalition, by=ana)
    joy = factories.drafting.add_own_milestone(assessment=draft, code="own-1", name="Joy", definition="", by=ana)

    def asks(draft, code):
        factories.drafting.add_own_indicator(
            assessment=draft, code=code, milestone=joy, title=code, question=code, descriptors=list("abcde"), by=ana
        )

    def finish(draft, level):
        assessment = factories.drafting.start_meeting(assessment=draft, by=ana)
        factories.rate_all(assessment, level, by=ana)
        return factories.submit(assessment, by=ana).standings.get(slug="own-1")

    for code in ("own-2", "own-3", "own-4"):
        asks(draft, code)
    first = finish(draft, 1)
    draft = factories.draft(coalition, by=ana, quarter=factories.QUARTER.next)
    for code in ("own-2", "own-3", "own-4"):
        factories.drafting.retire_own_indicator(assessment=draft, code=code, by=ana)
    for code in ("own-5", "own-6", "own-7"):
        asks(draft, code)
    second = finish(draft, 3)
    assert (first.level, first.series, second.level, second.series, second.change) == (1, 1, 3, 2, "not_comparable")


def test_a_body_too_large_is_refused_before_it_is_read(client):
    answer = client.generic(
        "POST", "/signin/", b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**9)
    )
    assert answer.status_code == 413


@pytest.fixture
def answered(coalition, ana):
    """Six and six, two levels apart, closed."""
    return factories.closed(coalition, by=ana, parents=[0, 1, 1, 1, 2, 2], others=[2, 2, 3, 3, 3, 3])


def kept(assessment, *, by):
    """The indicators of a submitted body that were asked, by code, and its milestones, by slug."""
    for rating in assessment.agreed_ratings.select_related("indicator"):
        if not rating.confirmed:
            factories.rate(assessment, rating.indicator.code, 2, by=by, reason="So we saw it")
    body = factories.submit(assessment, by=by).content
    indicators = {i["code"]: i for m in body["milestones"] for i in m["indicators"]}
    return indicators, {m["slug"]: m for m in body["milestones"]}, body


def test_a_body_says_what_members_suggest_and_defers_where_the_coalition_does(answered, ana):
    indicators, milestones, body = kept(answered, by=ana)
    assert (indicators["1.2"]["suggested_level"], indicators["1.2"]["suggested_status"]) == (2, "rated")
    assert indicators["2.1"]["suggested_level"] == 1 and indicators["2.1"]["members"]["level"] == 2
    assert (indicators["1.1"]["suggested_status"], indicators["1.1"]["members"]) == ("not_asked", None)
    assert milestones["cohesion"]["direction"] == milestones["cohesion"]["standing"]["direction_label"] == "not_asked"
    assert body["release"]["sha256"] == answered.release.sha256 and body["format"] == 2


def test_a_coalition_that_does_not_defer_has_the_level_of_all(coalition, ana):
    assessment = factories.closed(
        coalition, by=ana, parents=[0, 1, 1, 1, 2, 2], others=[2, 2, 3, 3, 3, 3], deference=[]
    )
    assert kept(assessment, by=ana)[0]["2.1"]["suggested_level"] == 2


def test_a_meeting_alone_has_no_suggestion_and_no_release(coalition, ana):
    indicators, milestones, body = kept(factories.discussing_assessment(coalition, by=ana), by=ana)
    assert {i["suggested_status"] for i in indicators.values()} == {"not_rated"}
    assert not any(i["members"] for i in indicators.values()) and body["release"] is None
    assert {m["direction"] for m in milestones.values()} == {"not_asked"}


def test_what_was_set_aside_before_the_ballot_was_not_asked_and_after_it_was(coalition, ana):
    draft = factories.draft(coalition, by=ana, room_sees="compare_voices", closes_on=timezone.localdate())
    aside = factories.drafting.set_aside
    aside(assessment=draft, milestone=draft.rubric.milestones.get(slug="cohesion"), reason="Later", by=ana)
    factories.collecting.open_collecting(assessment=draft, by=ana)
    draft.refresh_from_db()
    for _number in range(6):
        factories.ballot(draft, 2)
    factories.close.close(assessment=draft, by=ana)
    draft.refresh_from_db()
    aside(assessment=draft, milestone=draft.rubric.milestones.get(slug="financing"), reason="Later", by=ana)
    indicators, _milestones, _body = kept(draft, by=ana)
    assert (indicators["3.1"]["status"], indicators["3.1"]["suggested_status"]) == ("set_aside", "not_asked")
    assert (indicators["4.2"]["status"], indicators["4.2"]["suggested_level"]) == ("set_aside", 2)


def test_a_revision_after_reopening_keeps_what_members_answered(answered, ana):
    first, _milestones, _body = kept(answered, by=ana)
    answered.refresh_from_db()
    actions.reopen(assessment=answered, number=1, reason="A date was wrong", by=ana)
    factories.rate(answered, "1.2", 4, by=ana, reason="We saw more")
    second, _milestones, body = kept(answered, by=ana)
    assert body["revision"] == 2
    assert {code: i["members"] for code, i in first.items()} == {code: i["members"] for code, i in second.items()}


def two_quarters(coalition, ana, first, second):
    """The standing of cohesion after two quarters with these choices of twelve."""
    for quarter, choice in ((factories.QUARTER.previous, first), (factories.QUARTER, second)):
        assessment = factories.collecting_assessment(coalition, by=ana, quarter=quarter)
        for _number in range(12):
            factories.ballot(assessment, 2, **({"cohesion": choice} if choice else {}))
        factories.close.close(assessment=assessment, by=ana)
        assessment.refresh_from_db()
        milestones = kept(assessment, by=ana)[1]
    standing = Standing.objects.get(revision__assessment=assessment, slug="cohesion")
    assert standing.direction_label == milestones["cohesion"]["standing"]["direction_label"]
    return milestones["cohesion"]["direction"], standing.direction_label


@pytest.mark.parametrize(
    "first, second, label, standing",
    [
        ("forward", "forward", "possible_shift_forward", "shift_forward"),
        ("back", "forward", "possible_shift_forward", "possible_shift_forward"),
        ("stayed", "back", "possible_shift_back", "possible_shift_back"),
        ("forward", "stayed", "no_clear_change", "no_clear_change"),
        ("forward", "", "too_few", "too_few"),
    ],
)
def test_a_shift_takes_two_quarters(first, second, label, standing, coalition, ana):
    factories.submitted(coalition, by=ana, quarter=factories.QUARTER.previous.previous)
    assert two_quarters(coalition, ana, first, second) == (label, standing)


def test_the_pages_of_submitting_say_what_evaluators_get(as_user, ana, answered):
    kept_words = "never texts you do not share, never people, never counts"
    assert kept_words in as_user(ana).get(answered.url("check")).content.decode()
    kept(answered, by=ana)
    assert kept_words in as_user(ana).get(answered.url("done")).content.decode()
