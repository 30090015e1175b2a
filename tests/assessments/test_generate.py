"""Generated coalitions: samples that say so, the same for the same seed, and records that real verbs would have written."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from assessments.models import AgreedRating, Assessment, Packed, Release, Revision, Sharing, Standing
from assessments.sample import generate
from assessments.submitting import facts, snapshot
from coalitions.models import Coalition, State
from milestones.texts import canonical
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(rubric):
    for code in ("OH", "PA", "IA"):
        factories.state(code)


def made(**asked):
    return list(generate.generate(**{"states": 2, "coalitions": 3, "quarters": 3, **asked}))


def content():
    """Everything that pages and files read of them."""
    return {
        "revisions": list(
            Revision.objects.order_by("coalition__slug", "quarter_text").values_list("pk", "sha256", "body")
        ),
        "releases": list(Release.objects.order_by("coalition__slug", "quarter_text").values_list("sha256", "body")),
        "standings": list(
            Standing.objects.order_by("coalition__slug", "quarter_text", "slug").values_list(
                "slug", "level", "series", "change", "sharing", "members_view", "direction_label"
            )
        ),
        "packed": list(Packed.objects.order_by("pk").values_list()),
        "ratings": list(AgreedRating.objects.order_by("pk").values_list("pk", "outcome", "level", "reason")),
    }


def undone(**asked):
    """What would be there, taken back at once."""
    with transaction.atomic():
        made(**asked)
        found = content()
        transaction.set_rollback(True)
    return found


def test_as_many_as_asked_for_and_each_a_sample(places):
    coalitions = made()
    assert len(coalitions) == 6 == Coalition.objects.count()
    assert all(coalition.sample and coalition.name.startswith("Sample ") for coalition in coalitions)
    assert Assessment.objects.filter(stage="submitted").count() == 18 == Revision.objects.count()
    assert AgreedRating.objects.count() == 18 * 27 and Standing.objects.count() == 18 * 8
    assert Standing.objects.shared().exists() and Sharing.objects.exists()
    assert len({slot.state_id for slot in coalitions}) == 2


@pytest.mark.parametrize("mode, asked", [("full", 27), ("core", 7)])
def test_each_revision_is_what_a_submit_of_its_record_would_keep(places, mode, asked):
    made(quarters=4, mode=mode)
    for assessment in Assessment.objects.select_related("coalition", "rubric"):
        revision = assessment.revisions.get()
        recorded = facts.recorded(assessment, revision=1)
        again = snapshot.body(recorded, facts.previous_body(assessment), facts.members_said(assessment))
        assert canonical(again) == revision.body
        before = revision.previous.sha256 if revision.previous else ""
        assert revision.sha256 == snapshot.chained_hash(revision.body, before)
        assert assessment.agreed_ratings.count() == asked
    assert {a.room_sees for a in Assessment.objects.all()} > {"compare_voices"}


def test_the_same_seed_gives_the_same_and_another_seed_gives_another(places):
    assert undone() == undone()
    assert undone() != undone(seed=2)


def test_what_grows_ends_as_if_made_at_once(places):
    made(quarters=2, coalitions=1)
    made(quarters=4, coalitions=2)
    made(quarters=4, coalitions=2)
    grown = content()
    Coalition.objects.all()
    with transaction.atomic():
        for model in (Sharing, Standing, Packed, Revision, Release):
            model._base_manager.all()._raw_delete("default")
        AgreedRating.objects.all().delete()
        Assessment.objects.all().delete()
        Coalition.objects.all().delete()
        made(quarters=4, coalitions=2)
        assert content() == grown


def test_nothing_is_generated_beside_real_coalitions(places):
    factories.coalition("Real Coalition", sample=False)
    with pytest.raises(CommandError, match="not samples"):
        call_command("generate", states=1, coalitions=1, quarters=1)
    assert Coalition.objects.count() == 1 and not Revision.objects.exists()


def test_the_command_says_what_it_made_and_refuses_what_it_cannot(places, capsys):
    factories.coalition("Sample Coalition", sample=True)
    call_command("generate", states=1, coalitions=2, quarters=1, mode="core")
    assert "2 sample coalitions with 1 quarters each." in capsys.readouterr().out
    for wrong in ({"states": 0}, {"quarters": 1000}):
        with pytest.raises(CommandError):
            call_command("generate", **{"states": 1, "coalitions": 1, "quarters": 1, **wrong})


def test_without_a_rubric_there_is_nothing_to_answer(db):
    State.objects.all()
    with pytest.raises(CommandError, match="rubric"):
        call_command("generate", states=1, coalitions=1, quarters=1)


def test_pages_of_generated_coalitions_say_sample_data(places, as_user, fay):
    made(states=3)
    page = as_user(fay).get("/states/").content.decode()
    assert "Sample data. Not real ratings." in page and "Sample " in page
