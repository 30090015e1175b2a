"""The sample coalitions: what they show, that they are nobody's, and that loading them is safe to repeat."""

import copy
import hashlib
import json
import re
from collections import Counter
from itertools import pairwise

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from assessments import disclosure
from assessments.collecting import ballots
from assessments.collecting.asked import asks_direction
from assessments.levels import is_jump
from assessments.models import (
    BEYOND,
    RECORDING,
    Assessment,
    DifferentView,
    Event,
    Evidence,
    Invitation,
    NextStep,
    Note,
    Release,
    Revision,
    RoomSees,
    SetAside,
    Shares,
    Sharing,
    Stage,
    Standing,
    Story,
    Voice,
)
from assessments.models.ballots import Answer, Ballot, ballot_access
from assessments.sample import play, script, voting
from assessments.submitting.snapshot import earlier, indicators_of
from coalitions.actions import load_states
from coalitions.models import AuditEvent, Coalition, Mail, Membership, Pledge, Role, State, User
from coalitions.signin import landing
from milestones.models import Milestone
from milestones.texts import canonical, clean_text
from tests import factories
from tests.milestones.test_fixtures import NOT_USTED, barred

pytestmark = pytest.mark.any_engine("sqlite")

SCRIPTS = script.read(settings.BASE_DIR / "fixtures" / "sample")
SOURCE = {"CO", "LA", "NM", "NY", "OR", "VA"}
EIGHT = [f"{year}Q{number}" for year in (2024, 2025, 2026) for number in (1, 2, 3, 4)][2:10]
OPEN = "2026Q3"
TWICE = [
    told for told in SCRIPTS if told["slug"].startswith(("sample-prairie", "sample-high", "coalicion-sample-isla"))
]


def hashes():
    """The hash of every release and revision, and the revision's body for a coalition with own questions.

    Their numbers come from a counter that PostgreSQL never turns back, so their codes stand in for them.
    """
    revisions = {
        (r.coalition.slug, r.quarter_text, r.number): without_own_ids(r) if r.coalition.own_rubric_id else r.sha256
        for r in Revision.objects.select_related("coalition")
    }
    return revisions | {(r.coalition.slug, r.quarter_text, "release"): r.sha256 for r in releases()}


def releases():
    return Release.objects.select_related("coalition", "assessment__coalition")


def without_own_ids(revision):
    body = revision.content
    for item in (item for milestone in body["milestones"] for item in milestone["indicators"]):
        if item["own"]:
            item |= {"id": item["code"], "lineage": []}
    return body


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The sample, a part of it played twice in one transaction; what the first playing wrote, and the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_states(json.loads((factories.FIXTURES / "states.json").read_text()))
        factories.rubric()
        kept = transaction.savepoint()
        list(play.play_missing(TWICE))
        first = hashes()
        transaction.savepoint_rollback(kept)
        list(play.play_missing(SCRIPTS))
        yield first
        transaction.set_rollback(True)


MARKED = ("ballots", "begun", "paper")  # a notation, not words


def texts(found, name=""):
    """Every text of a script, with the language it is written in and the name it stands under."""
    if isinstance(found, dict):
        for key, value in found.items():
            if key not in MARKED:
                yield from texts(value, key)
    elif isinstance(found, list):
        for value in found:
            yield from texts(value, name)
    elif isinstance(found, str):
        yield name, found


WRITTEN = [(s["language"], name, text) for s in SCRIPTS for name, text in texts(s)]


# Who they are


def test_ten_coalitions_in_nine_states_that_the_source_does_not_name(sample):
    states = Counter(Coalition.objects.values_list("state", flat=True))
    assert sum(states.values()) >= 9 and len(states) >= 8
    assert max(states.values()) == 2
    assert not SOURCE & set(states)


def test_everything_says_that_it_is_a_sample(sample):
    for coalition in Coalition.objects.all():
        assert coalition.sample and "Sample" in coalition.name and "sample" in coalition.slug
        assert coalition.about and coalition.thanks and coalition.working_since
    for user in User.objects.all():
        assert user.sample and user.name.endswith(" Sample") and user.email.endswith("@sample.example")
    assert all(Revision.content.func(r)["sample"] for r in Revision.objects.all())


def test_no_name_is_used_twice(sample):
    names = list(User.objects.values_list("name", flat=True))
    assert len(names) == len(set(names))


def test_they_live_in_several_time_zones_and_write_in_two_languages(sample):
    assert Coalition.objects.values("time_zone").distinct().count() >= 5
    assert Counter(s["language"] for s in SCRIPTS)["es"] == 2
    spanish = User.objects.filter(memberships__coalition__name__startswith="Coalición")
    assert {user.language for user in spanish} == {"es"}


def test_every_coalition_has_a_lead_and_members(sample):
    leads = Counter(Membership.objects.filter(role=Role.LEAD).values_list("coalition__slug", flat=True))
    assert Counter(leads.values()) == {1: 9, 2: 1}
    for coalition in Coalition.objects.all():
        assert coalition.memberships.filter(role=Role.LEAD).exists()
        assert coalition.memberships.filter(role=Role.MEMBER).count() >= 2


def test_one_person_to_try_for_each_role(sample):
    for role in Role:
        user = User.objects.get(email=f"{role}@sample.example")
        assert set(user.memberships.values_list("role", flat=True)) == {role}
    lead, member = (User.objects.get(email=f"{role}@sample.example") for role in ("lead", "member"))
    assert landing(lead) == member.memberships.get().coalition.get_absolute_url()
    assert lead.memberships.count() == 2
    assert Membership.objects.get(role=Role.FUNDER).organisation == "Sample Fund"
    assert not Pledge.objects.exists()


# What they did


def test_eight_quarters_with_gaps_and_a_late_start(sample):
    quarters = {c.slug: sorted(c.revisions.values_list("quarter_text", flat=True).distinct()) for c in all_coalitions()}
    assert set(EIGHT) == {q for found in quarters.values() for q in found}
    assert sum(found == EIGHT for found in quarters.values()) >= 3
    assert quarters["sample-inlet-and-interior-coalition"][0] == "2025Q3"
    gaps = [s for s, found in quarters.items() if found != EIGHT[EIGHT.index(found[0]) : EIGHT.index(found[-1]) + 1]]
    assert len(gaps) >= 2


def all_coalitions():
    return Coalition.objects.prefetch_related("revisions")


def test_stages_that_can_be_tried(sample):
    stages = Counter(Assessment.objects.values_list("stage", flat=True))
    assert {stage: stages[stage] for stage in Stage if stage != Stage.SUBMITTED} == dict.fromkeys(
        (Stage.DRAFT, Stage.COLLECTING, Stage.DISCUSSING, Stage.REOPENED), 1
    )
    now = Assessment.objects.filter(quarter_text=OPEN)
    assert set(now.values_list("stage", flat=True)) == {"draft", "collecting", "discussing"}
    leads = now.filter(coalition__memberships__user__email="lead@sample.example")
    assert set(leads.values_list("stage", flat=True)) == {"collecting", "discussing"}


def test_the_lead_finds_a_quarter_half_recorded(sample):
    assessment = Assessment.objects.get(stage=Stage.DISCUSSING)
    ratings = list(assessment.agreed_ratings.all())
    brought = [r for r in ratings if r.brought_forward_from == "2026Q2"]
    confirmed, untouched = [r for r in ratings if r.confirmed], [r for r in ratings if not r.outcome]
    assert len(brought) >= 3 and not any(r.confirmed for r in brought)
    assert all(r.evidence.exists() for r in brought if r.level and r.level >= 3)
    assert len(ratings) / 3 <= len(confirmed) <= len(ratings) * 2 / 3 and len(untouched) >= 3


def test_every_mode_and_the_switch_between_core_and_full(sample):
    assert set(Assessment.objects.values_list("mode", flat=True)) == {"core", "focus", "full"}
    rules = {}
    for row in Standing.objects.filter(slug="financing", level_status="rated").order_by("quarter_text"):
        rules.setdefault(row.coalition_id, []).append(row.level_rule)
    switches = {("core_only", "lower_median"), ("lower_median", "core_only")}
    assert any(switches <= set(pairwise(of)) for of in rules.values())


def test_each_status_that_a_lead_can_record(sample):
    statuses = set(Standing.objects.milestones().values_list("level_status", flat=True))
    assert {"rated", "set_aside", "not_agreed", "does_not_apply"} <= statuses
    assert all(len(row.reason) > 40 for row in SetAside.objects.all()) and SetAside.objects.count() >= 3
    marked = {mark for s in SCRIPTS for q in s["quarters"] if "levels" in q for mark in script.marks(q).values()}
    assert marked >= set("01234-x_*")


def test_the_script_asks_what_the_mode_asks(sample):
    for told in SCRIPTS:
        for quarter in (q for q in told["quarters"] if "levels" in q):
            assessment = Assessment.objects.get(coalition__slug=told["slug"], quarter_text=quarter["quarter"])
            asked = set(assessment.agreed_ratings.values_list("indicator__code", flat=True))
            assert set(script.marks(quarter)) == asked, assessment
            named = {*quarter.get("reasons", {}), *(e["on"] for e in quarter.get("evidence", []))}
            assert named | {view["on"] for view in quarter.get("views", [])} <= asked, assessment


def test_what_has_no_level_says_why(sample):
    for revision in Revision.objects.all():
        for item in indicators_of(revision.content).values():
            if item["outcome"] in ("not_agreed", "does_not_apply"):
                assert item["reason"], (revision, item["code"])


def test_levels_go_up_and_down_and_stay(sample):
    changes = Counter(Standing.objects.values_list("change", flat=True))
    assert changes["up"] > 50 and changes["same"] > 100 and changes["down"] >= 10 and changes["not_comparable"]


def test_jumps_have_evidence(sample):
    jumps = []
    for revision in Revision.objects.select_related("assessment"):
        last = Revision.objects.last_before(revision.assessment)
        before = indicators_of(last and last.content)
        for item in indicators_of(revision.content).values():
            was = earlier(item, before)
            if was and is_jump(item["level"], was["level"]):
                jumps.append((revision, item["code"]))
                assert item["evidence"], jumps[-1]
    assert jumps


def test_evidence_of_all_kinds_voices_and_tags(sample):
    assert set(Evidence.objects.values_list("kind", flat=True)) == set(Evidence.Kind.values)
    assert set(Evidence.objects.values_list("voice", flat=True)) == set(Voice.values)
    assert set(Evidence.objects.values_list("visibility", flat=True)) == set(Evidence.Visibility.values)
    assert set(Standing.objects.values_list("evidence_tag", flat=True)) == {"thin", "some", "solid"}
    assert not Evidence.objects.filter(kind="story", consent=False).exists()
    assert all(".sample.example/" in link for link in Evidence.objects.exclude(link="").values_list("link", flat=True))


def test_different_views_signed_and_not(sample):
    signed = DifferentView.objects.exclude(signed_by=None)
    unsigned = DifferentView.objects.filter(signed_by=None)
    assert signed.count() >= 3 and unsigned.count() >= 3
    assert DifferentView.objects.filter(coalition_only=True).exists()
    assert AuditEvent.objects.filter(verb="add_different_view").count() == signed.count()


def test_next_steps_of_each_kind_looked_back_at(sample):
    assert set(NextStep.objects.values_list("kind", flat=True)) == set(NextStep.Kind.values)
    assert set(NextStep.objects.values_list("status", flat=True)) == set(NextStep.Status.values)
    assert NextStep.objects.exclude(what_happened="").count() >= 30
    people = set(User.objects.values_list("name", flat=True))
    assert all(step.owner_name in people and step.owner_role for step in NextStep.objects.all())


def test_events_lie_on_the_line(sample):
    assert {c.pk for c in Coalition.objects.all()} == set(Event.objects.values_list("coalition", flat=True))
    assert not Event.objects.exclude(happened_on__range=("2024-07-01", "2026-06-30")).exists()


def test_one_coalition_has_a_milestone_and_questions_of_its_own(sample):
    own = Standing.objects.filter(own=True, level_status="rated", sharing=Shares.LEVEL_AND_STORY)
    assert own.count() >= 4 and own.values("coalition").distinct().count() == 1
    content = own.first().revision.content
    under_ours = [i["code"] for m in content["milestones"] if not m["own"] for i in m["indicators"] if i["own"]]
    assert under_ours == ["own-5"]


def test_one_quarter_was_corrected_and_one_is_being_corrected(sample):
    second = Revision.objects.get(number=2)
    assert len(second.reason) > 40
    assert second.standings.shared().exists()
    assert second.submitted_at > second.assessment.revisions.get(number=1).submitted_at
    reopened = Assessment.objects.get(stage=Stage.REOPENED)
    assert reopened.revisions.count() == 1 and Standing.objects.shared().filter(revision__assessment=reopened).exists()


def test_sharing_is_uneven_and_over_time(sample):
    shared = Standing.objects.shared()
    by = {c.pk: Counter(shared.filter(coalition=c).values_list("sharing", flat=True)) for c in Coalition.objects.all()}
    assert sum(not found for found in by.values()) == 1
    assert any(found[Shares.STORY] >= found[Shares.LEVEL_AND_STORY] for found in by.values() if found)
    assert sum(found[Shares.LEVEL_AND_STORY] >= 25 for found in by.values()) >= 4
    assert shared.filter(slug=BEYOND).count() >= 4
    over_time = Counter(shared.filter(slug="setting-the-table").values_list("coalition", flat=True))
    assert sum(quarters >= 5 for quarters in over_time.values()) >= 5
    latest = shared.milestones().filter(quarter_text="2026Q2", sharing=Shares.LEVEL_AND_STORY)
    assert sum(number >= 5 for number in Counter(latest.values_list("slug", flat=True)).values()) >= 5


def test_one_sharing_was_withdrawn(sample):
    act = Sharing.objects.get(withdrawn=True)
    assert not Standing.objects.shared().filter(revision__assessment=act.revision.assessment).exists()


def test_a_shared_story_has_words(sample):
    for standing in Standing.objects.filter(sharing=Shares.STORY).select_related("revision"):
        body = standing.revision.content
        told = {m["slug"]: m["story"] for m in body["milestones"]} | {BEYOND: body["beyond"]}
        assert told[standing.slug], standing


def test_quarters_are_submitted_in_order_after_they_end(sample):
    for coalition in Coalition.objects.all():
        found = list(coalition.revisions.order_by("quarter_text", "number"))
        assert [r.submitted_at for r in found] == sorted(r.submitted_at for r in found)
        assert all(r.submitted_at.date() > r.quarter.end for r in found)
        assert [r.previous_id for r in found] == [None, *(r.pk for r in found[:-1])]


# What they answered alone


VOTED = [(told, quarter) for told in SCRIPTS for quarter in told["quarters"] if "room_sees" in quarter]
PAST = [(told, quarter) for told, quarter in VOTED if voting.is_over(quarter)]


def name_of(case):
    return f"{case[0]['slug']} {case[1]['quarter']}"


def release_of(told, quarter) -> Release:
    return releases().get(coalition__slug=told["slug"], quarter_text=quarter["quarter"])


def items():
    """Every item of every release, with its release."""
    return [(release, item) for release in releases() for item in release.content["indicators"]]


def with_raters(number, room_sees="compare_voices"):
    """The releases of the quarters in which so many ballots were sent."""
    found = [(t, q) for t, q in PAST if len(script.sheets(q)) == number and q["room_sees"] == room_sees]
    assert found
    return [release_of(*case).content for case in found]


def test_three_five_nine_twelve_and_thirty_raters_in_both_modes(sample):
    assert {len(script.sheets(quarter)) for _told, quarter in PAST} >= {3, 5, 9, 12, 30}
    assert {quarter["room_sees"] for _told, quarter in VOTED} == {"compare_voices", "see_the_spread"}
    assert len({told["slug"] for told, _quarter in VOTED}) >= 5
    assert set(Assessment.objects.values_list("room_sees", flat=True)) == set(RoomSees)


@pytest.mark.parametrize("case", PAST, ids=name_of)
def test_each_release_is_what_the_rule_makes_of_the_script(sample, case):
    told, quarter = case
    release, sheets = release_of(*case), script.sheets(quarter)
    sides = [disclosure.side_of(sheet.voice) for sheet in sheets]
    assert release.sha256 == hashlib.sha256(release.body.encode()).hexdigest()
    assert release.body == canonical(release.content | {"salt": json.loads(release.body)["salt"]})
    assert release.content["ballots"] == disclosure.of_ballots(sides, room_sees=quarter["room_sees"])
    for item in release.content["indicators"]:
        given = [(sheet.marks[item["code"]], side) for sheet, side in zip(sheets, sides, strict=True)]
        answers = [disclosure.Given(int(m) if m.isdigit() else None, side) for m, side in given if m != script.SKIP]
        assert item == item | disclosure.of_indicator(answers, room_sees=quarter["room_sees"]), item["code"]
    assert {item["code"] for item in release.content["indicators"]} == set(sheets[0].marks)
    for row in release.content["directions"]:
        number = Milestone.objects.get(rubric=release.assessment.rubric, slug=row["milestone"]).number
        choices = [sheet.directions.get(number) for sheet in sheets]
        assert row["label"] == disclosure.direction(choices), row


def test_each_release_was_made_by_the_close_that_people_use(sample):
    closed = Counter(AuditEvent.objects.filter(verb="close").values_list("about_id", flat=True))
    assert closed == Counter(str(release.pk) for release in releases())


def test_quarters_that_asked_nobody_have_no_release(sample):
    asked = {(told["slug"], quarter["quarter"]) for told, quarter in PAST}
    assert {(r.coalition.slug, r.quarter_text) for r in releases()} == asked


def test_closed_quarters_carry_the_dates_of_the_script(sample):
    for release in releases():
        assessment = release.assessment
        assert release.closed_at == assessment.deadline
        assert assessment.closes_on == assessment.deadline.astimezone(assessment.coalition.zone).date()
        assert assessment.collecting_since < assessment.deadline
        assert assessment.closes_on <= assessment.meets_on and assessment.closes_on > assessment.quarter.end
        assert all(revision.submitted_at > release.closed_at for revision in assessment.revisions.all())


def test_ballots_are_left_in_the_quarter_that_collects_and_in_no_other(sample):
    collecting = Assessment.objects.get(stage=Stage.COLLECTING)
    with ballot_access("a test"):
        assert set(Ballot.objects.values_list("assessment", flat=True)) == {collecting.pk}
        assert Ballot.objects.filter(sent=False).count() == 1
        assert Answer.objects.exclude(ballot__assessment=collecting).count() == 0
    assert set(Invitation.objects.values_list("assessment", flat=True)) == {collecting.pk}
    assert Assessment.objects.exclude(join_code=None).get() == collecting


def test_the_member_to_try_meets_an_open_ballot(sample):
    lead, member = (User.objects.get(email=f"{role}@sample.example") for role in ("lead", "member"))
    assessment = Assessment.objects.get(stage=Stage.COLLECTING)
    assert assessment.coalition == member.memberships.get().coalition
    assert ballots.is_open(assessment) and 9 <= (assessment.deadline - timezone.now()).days <= 11
    assert ballots.own(assessment, user=member) is None and ballots.own(assessment, user=lead) is None
    assert asks_direction(assessment)
    counted = ballots.counted(assessment)
    assert (counted.answered, counted.of, counted.by_code, counted.on_paper) == (9, 14, 3, 1)
    helper = assessment.helpers.get()
    assert not helper.memberships.filter(role=Role.LEAD).exists()
    last = assessment.coalition.assessments.get(quarter_text="2026Q2")
    assert last.stage == Stage.SUBMITTED and last.release.content["ballots"]["sides"]


def test_three_are_too_few_for_anything(sample):
    for body in with_raters(3):
        assert {item["level_status"] for item in body["indicators"]} == {"too_few"}
        assert body["ballots"] == {"n_band": "none", "sides": None} and not body["beyond_notes"]


def test_five_and_nine_show_the_whole_and_no_sides(sample):
    for body in with_raters(5) + with_raters(9):
        assert any(item["level_status"] == "rated" for item in body["indicators"])
        assert {item["sides_status"] for item in body["indicators"]} <= {"sides_not_shown", "too_few"}
        assert not any(item["notes"] for item in body["indicators"])
    assert any(item["level_status"] == "too_few" for body in with_raters(5) for item in body["indicators"])


def test_twelve_and_thirty_show_sides(sample):
    for body in with_raters(12) + with_raters(30):
        shown = [item for item in body["indicators"] if item["sides"]]
        assert len(shown) >= len(body["indicators"]) * 2 / 3
        assert body["ballots"]["sides"]
    for body in with_raters(30):
        assert {item["agreement"] for item in body["indicators"]} == {"close", "wide"}


def test_the_spread_shows_counts_from_ten_on(sample):
    assert not any(item["counts"] for body in with_raters(9, "see_the_spread") for item in body["indicators"])
    for body in with_raters(12, "see_the_spread") + with_raters(16, "see_the_spread"):
        assert sum(item["counts"] is not None for item in body["indicators"]) >= len(body["indicators"]) - 2
        assert not any(item["sides"] for item in body["indicators"])


def test_parents_and_providers_two_levels_lower_are_followed(sample):
    apart = [item for _release, item in items() if (disclosure.gap(item) or 0) >= 2]
    assert len(apart) >= 3
    assert all(item["sides"]["parents_providers"] < item["sides"]["everyone_else"] for item in apart)
    deferring = [(release, item) for release, item in items() if item["code"][0] in "25"]
    lower = [(r, i) for r, i in deferring if i["sides"] and disclosure.suggestion(i, defers=True) < i["level"]]
    followed = [
        (release, item)
        for release, item in lower
        for rating in release.assessment.agreed_ratings.filter(indicator=item["id"], level__lt=item["level"])
        if rating.level == item["sides"]["parents_providers"]
    ]
    assert len(followed) >= 4
    assert {item["code"][0] for _release, item in followed} == {"2", "5"}


def test_levels_mostly_follow_the_ballots_and_say_why_where_not(sample):
    follow, differ = [], []
    for release in releases().filter(assessment__revisions__number=1):
        agreed = indicators_of(release.assessment.revisions.get(number=1).content)
        defers = set(release.assessment.deference.values_list("slug", flat=True))
        for item in release.content["indicators"]:
            row, suggested = agreed[item["id"]], disclosure.suggestion(item, defers=item["milestone"] in defers)
            if suggested is not None and row["level"] is not None:
                (follow if row["level"] == suggested else differ).append(row)
    assert 5 <= len(differ) <= 10 and len(follow) > 100
    assert all(row["reason"] for row in differ)


def test_there_is_something_of_each_kind_to_talk_about(sample):
    release = releases().get(assessment__stage=Stage.DISCUSSING)
    rows = release.content["indicators"]
    assert [item for item in rows if (disclosure.gap(item) or 0) >= 2]
    assert [item for item in rows if item["agreement"] == "wide" and (disclosure.gap(item) or 0) < 2]
    assert [item for item in rows if item["third_could_not_say"]]
    assert [item for item in rows if item["agreement"] == "close" and disclosure.gap(item) == 0]
    assert release.assessment.notes.count() >= 8


def test_every_label_of_direction(sample):
    labels = {row["label"] for release in releases() for row in release.content["directions"]}
    assert labels == {"possible_shift_forward", "possible_shift_back", "no_clear_change", "too_few"}
    standing = set(Standing.objects.values_list("direction_label", flat=True))
    assert standing >= labels | {"shift_forward", "not_asked"}


def test_ticked_notes_are_kept_from_ten_answers_on_and_others_nowhere(sample):
    kept = Counter(Note.objects.values_list("text", flat=True))
    for _told, quarter in PAST:
        sheets = script.sheets(quarter)
        for on, text in quarter.get("notes", []):
            levels = [sheet for sheet in sheets if on == script.ON_BEYOND or sheet.marks[on].isdigit()]
            assert kept[text] == (len(levels) >= 10), text
        for _on, text in quarter.get("private_notes", []):
            assert not kept[text], text
    spanish = Note.objects.filter(assessment__coalition__name__startswith="Coalición")
    assert spanish.count() >= 10 and len(kept) - spanish.count() >= 25
    assert Note.objects.filter(indicator=None).count() >= 4
    assert sum(len(q.get("notes", [])) for _told, q in PAST) >= sum(kept.values()) + 3
    assert any(q.get("private_notes") for _told, q in PAST)


def test_the_members_view_is_shared_by_some(sample):
    shared = Standing.objects.filter(members_view=True)
    assert shared.values("coalition").distinct().count() == 3
    with_release = releases().values("assessment")
    assert not shared.exclude(revision__assessment__in=with_release).exists()


@pytest.mark.parametrize(
    "line",
    [
        "",
        "X .2.. 2... 2... .2.. ...1 ...1 1..",
        "P .2.. 2... 2... .2.. ...1 ...1",
        "P .2.. 2... 2... .2.. ...1 ...1 1...",
        "P .2.. 7... 2... .2.. ...1 ...1 1..",
        "P .2.. -... 2... .2.. ...1 ...1 1..",
        "P .2.. 2... 2... .2.. ...1 ...1 1.. | ffff",
        "P .2.. 2... 2... .2.. ...1 ...1 1.. | ffffffx",
    ],
)
def test_a_line_that_is_no_ballot_is_refused(line):
    with pytest.raises(ValueError, match="not a ballot"):
        script.sheet(line)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ballots": "P .2.. 2... 2... .2.. ...1 ...1 1..\nP .2.. 2... 2... .2.. ...1 ...1 ..."}, "ask the same"),
        ({"room_sees": "see_the_spread"}, "a voice is asked"),
        ({"ballots": "- .2.. 2... 2... .2.. ...1 ...1 1.."}, "a voice is asked"),
        ({"notes": [["1.1", "Not asked."]]}, "note on 1.1"),
        ({"notes": [["1.2", "One."], ["1.2", "Two."]]}, "note on 1.2"),
    ],
)
def test_ballots_that_do_not_go_together_are_refused(changes, message):
    quarter = {
        "quarter": "2026Q1",
        "room_sees": "compare_voices",
        "ballots": "P .2.. 2... 2... .2.. ...1 ...1 1..",
    }
    assert len(script.sheets(quarter)) == 1
    with pytest.raises(ValueError, match=message):
        script.sheets(quarter | changes)


# What people wrote


@pytest.mark.parametrize("tongue", ["en", "es"])
def test_words_never_used_are_absent(tongue):
    found = {text: barred(tongue, text) for of, name, text in WRITTEN if of == tongue}
    assert {text: words for text, words in found.items() if words} == {}
    shouted = r"[!¡]|\b(just|simply|target|targets)\b"
    assert [text for _of, _name, text in WRITTEN if re.search(shouted, text, re.I)] == []


def test_spanish_says_usted_in_plain_letters():
    for _of, _name, text in (found for found in WRITTEN if found[0] == "es"):
        assert not re.search(rf"\b(?:{NOT_USTED})\b", text, re.I), text
        assert not re.search(r"@(?!sample)|\w/[ao]s?\b|\w\([ao]s?\)", text), text
        assert text.count("?") == text.count("¿"), text


def test_texts_are_clean_and_no_sentence_is_used_twice():
    prose = [text for _of, _name, text in WRITTEN if len(text) > 50]
    assert len(prose) == len(set(prose)) and len(prose) > 400
    for _of, name, text in WRITTEN:
        assert text == clean_text(text).strip() and (name == "about" or "\n" not in text), text


def test_no_story_is_longer_than_its_field(sample):
    assert all(len(story.text) <= 5000 for story in Story.objects.all())
    for row in [*Evidence.objects.all(), *NextStep.objects.all(), *Event.objects.all(), *Coalition.objects.all()]:
        row.full_clean(validate_unique=False, validate_constraints=False)


# Loading it


def test_it_is_the_same_in_every_database(sample):
    assert len(sample) >= len(TWICE) * 6
    assert {name: sha for name, sha in hashes().items() if name in sample} == sample


def test_loading_it_again_changes_nothing(sample):
    models = (Coalition, Membership, User, AuditEvent, Revision, Release, Note, Sharing, Evidence, Event, NextStep)
    before = [model.objects.count() for model in models]
    assert list(play.play_missing(SCRIPTS)) == []
    assert [model.objects.count() for model in models] == before
    assert not Mail.objects.exists()


def test_a_coalition_is_whole_or_absent(sample):
    broken = copy.deepcopy(SCRIPTS[0])
    broken |= {"slug": "sample-broken-coalition", "name": "Sample Broken Coalition"}
    broken["people"] = [[f"{address}.broken", name, role] for address, name, role in broken["people"]]
    broken["quarters"][-1]["steps"][0]["owner"] = "Nobody Sample"
    people = User.objects.count()
    with pytest.raises(KeyError, match="Nobody"):
        play.play(broken)
    assert not Coalition.objects.filter(slug="sample-broken-coalition").exists()
    assert User.objects.count() == people


@pytest.mark.django_db
def test_demo_without_sample_data_loads_what_ships(settings, capsys):
    settings.SAMPLE_DATA = False
    call_command("demo")
    call_command("demo")
    assert State.objects.count() == 56
    assert capsys.readouterr().out == ""


def test_demo_says_who_can_be_tried(sample, settings, capsys):
    settings.SAMPLE_DATA = True
    call_command("demo")
    said = capsys.readouterr().out
    assert all(f"{role}@sample.example" in said for role in Role.values)


def test_its_pages_open(sample):
    for coalition in Coalition.objects.all():
        lead = coalition.memberships.filter(role=Role.LEAD).first().user
        client = signed_in(lead)
        addresses = [coalition.get_absolute_url(), f"/c/{coalition.slug}/results/", f"/c/{coalition.slug}/history/"]
        addresses += [a.get_absolute_url() for a in coalition.assessments.filter(stage__in=RECORDING)]
        found = {address: client.get(address, follow=True).status_code for address in addresses}
        assert found == dict.fromkeys(addresses, 200)


def test_its_shared_pages_open_once_the_funder_has_promised(sample):
    client = signed_in(User.objects.get(email="funder@sample.example"))
    assert "/pledge/" in client.get("/states/").url
    with transaction.atomic():
        Pledge.objects.create(user=User.objects.get(email="funder@sample.example"))
        addresses = {f"/states/{c.state_id}/{c.slug}/" for c in Coalition.objects.filter(standings__sharing="story")}
        addresses |= {"/states/", "/states/?view=trend", "/states/?view=map", "/states/TX/"}
        found = {address: client.get(address, follow=True).status_code for address in addresses}
        assert found == dict.fromkeys(addresses, 200)
        transaction.set_rollback(True)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
