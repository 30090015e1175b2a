"""The sample coalitions: what they show, that they are nobody's, and that loading them is safe to repeat."""

import copy
import json
import re
from collections import Counter
from itertools import pairwise

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from assessments.levels import is_jump
from assessments.models import (
    BEYOND,
    RECORDING,
    Assessment,
    DifferentView,
    Event,
    Evidence,
    NextStep,
    Revision,
    SetAside,
    Shares,
    Sharing,
    Stage,
    Standing,
    Story,
)
from assessments.sample import play, script
from assessments.submitting.snapshot import earlier, indicators_of
from coalitions.actions import load_states
from coalitions.models import AuditEvent, Coalition, Membership, Pledge, Role, State, User
from milestones.texts import clean_text
from tests import factories
from tests.milestones.test_fixtures import NOT_USTED, barred

SCRIPTS = script.read(settings.BASE_DIR / "fixtures" / "sample")
SOURCE = {"CO", "LA", "NM", "NY", "OR", "VA"}
EIGHT = [f"{year}Q{number}" for year in (2024, 2025, 2026) for number in (1, 2, 3, 4)][2:10]
OPEN = "2026Q3"


def hashes():
    """The hash of every revision, and its body for a coalition with own questions.

    Their numbers come from a counter that PostgreSQL never turns back, so their codes stand in for them.
    """
    return {
        (r.coalition.slug, r.quarter_text, r.number): without_own_ids(r) if r.coalition.own_rubric_id else r.sha256
        for r in Revision.objects.select_related("coalition")
    }


def without_own_ids(revision):
    body = revision.content
    for item in (item for milestone in body["milestones"] for item in milestone["indicators"]):
        if item["own"]:
            item |= {"id": item["code"], "lineage": []}
    return body


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The sample, played twice in one transaction; what the first playing wrote, and the database with the second."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_states(json.loads((factories.FIXTURES / "states.json").read_text()))
        factories.rubric()
        kept = transaction.savepoint()
        list(play.play_missing(SCRIPTS))
        first = hashes()
        transaction.savepoint_rollback(kept)
        list(play.play_missing(SCRIPTS))
        yield first
        transaction.set_rollback(True)


def texts(found, name=""):
    """Every text of a script, with the language it is written in and the name it stands under."""
    if isinstance(found, dict):
        for key, value in found.items():
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


def test_every_coalition_has_one_lead_and_members(sample):
    for coalition in Coalition.objects.all():
        roles = Counter(coalition.memberships.values_list("role", flat=True))
        assert roles[Role.LEAD] == 1 and roles[Role.MEMBER] >= 2


def test_one_person_to_try_for_each_role(sample):
    for role in Role:
        user = User.objects.get(email=f"{role}@sample.example")
        assert user.memberships.get().role == role
    lead, member = (Membership.objects.get(user__email=f"{role}@sample.example") for role in ("lead", "member"))
    assert lead.coalition == member.coalition
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
    assert stages[Stage.DISCUSSING] == stages[Stage.DRAFT] == stages[Stage.REOPENED] == 1
    assert set(Assessment.objects.filter(quarter_text=OPEN).values_list("stage", flat=True)) == {"discussing", "draft"}


def test_the_lead_finds_a_quarter_half_recorded(sample):
    lead = Membership.objects.get(user__email="lead@sample.example")
    assessment = lead.coalition.assessments.get(quarter_text=OPEN)
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
    assert set(Evidence.objects.values_list("voice", flat=True)) == set(Evidence.Voice.values)
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
    assert hashes() == sample


def test_loading_it_again_changes_nothing(sample):
    models = (Coalition, Membership, User, AuditEvent, Revision, Sharing, Evidence, Event, NextStep)
    before = [model.objects.count() for model in models]
    assert list(play.play_missing(SCRIPTS)) == []
    assert [model.objects.count() for model in models] == before


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
        lead = coalition.memberships.get(role=Role.LEAD).user
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
