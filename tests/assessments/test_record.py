"""The record page: saving, repeating, two people at once, different views, bringing forward."""

import re

import pytest
from django.apps import apps

from assessments.discussing import actions, evidence_actions
from assessments.models import AgreedRating, DifferentView, Outcome
from coalitions.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(coalition, ana):
    return factories.discussing_assessment(coalition, by=ana)


@pytest.fixture
def rating(assessment):
    return assessment.agreed_ratings.get(indicator__code="1.2")


def address(assessment, page="agreed_rating", code="1.2", *more):
    return assessment.url(page, code, *more)


def sent(**changes):
    return {"version": 1, "outcome": "agreed", "level": "2", "reason": "Six parents vote now.", **changes}


def test_a_lead_records_what_was_agreed_and_goes_on(as_user, ana, assessment, rating):
    answer = as_user(ana).post(address(assessment), sent())
    rating.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (303, address(assessment, code="2.1"))
    assert (rating.outcome, rating.level, rating.confirmed, rating.version) == ("agreed", 2, True, 2)


def test_nothing_is_chosen_before_somebody_chooses(as_user, ana, assessment):
    page = as_user(ana).get(address(assessment)).content.decode()
    assert 'name="level"' in page and "checked" not in page


def test_the_last_question_leads_back_to_the_task_list(as_user, ana, assessment):
    answer = as_user(ana).post(address(assessment, code="7.1"), sent())
    assert answer["Location"] == assessment.get_absolute_url()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": ""}, "Choose a level, or choose"),
        ({"level": ""}, "Choose a level, or choose"),
        ({"level": "5"}, "Choose a level"),
        ({"level": "3.5"}, "Choose a level"),
        ({"level": "٣"}, "Choose a level"),
        ({"level": "9" * 5000}, "Choose a level"),
        ({"outcome": "maybe"}, "Choose one"),
        ({"outcome": "does_not_apply", "level": "", "reason": ""}, "Say why it does not apply"),
        ({"reason": "x" * 2001}, "1 character too long"),
        ({"reason": "a\0b"}, "cannot read"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_nothing_is_saved(as_user, ana, assessment, rating, changes, said):
    answer = as_user(ana).post(address(assessment), sent(**changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    rating.refresh_from_db()
    assert (rating.outcome, rating.version) == ("", 1)
    if changes.keys() != {"reason"} and "reason" not in changes:
        assert "Six parents vote now." in answer.content.decode()


def test_not_agreed_has_no_level(as_user, ana, assessment, rating):
    as_user(ana).post(address(assessment), sent(outcome="not_agreed", level="3"))
    rating.refresh_from_db()
    assert (rating.outcome, rating.level, rating.confirmed) == ("not_agreed", None, True)


def test_extra_fields_change_nothing_else(as_user, ana, assessment, rating):
    extra = {"stage": "submitted", "coalition": "x", "confirmed": "0", "is_staff": "1", "saved_by": "99"}
    as_user(ana).post(address(assessment), sent(**extra))
    assessment.refresh_from_db()
    rating.refresh_from_db()
    assert assessment.stage == "discussing" and rating.saved_by == ana


def test_the_same_save_twice_takes_effect_once(as_user, ana, assessment, rating):
    client = as_user(ana)
    first, second = client.post(address(assessment), sent()), client.post(address(assessment), sent())
    rating.refresh_from_db()
    assert first.status_code == second.status_code == 303
    assert rating.version == 2
    assert AuditEvent.objects.filter(verb="save_agreed_rating").count() == 1


def test_autosave_takes_a_half_done_page_and_leaves_it_unconfirmed(as_user, ana, assessment, rating):
    answer = as_user(ana).post(address(assessment, "agreed_rating_save"), sent(outcome="", level="3", reason=""))
    rating.refresh_from_db()
    assert answer.json()["version"] == 2 and "m." in answer.json()["saved_at"]
    assert (rating.level, rating.outcome, rating.confirmed) == (3, "", False)


def test_come_back_later_saves_a_half_done_page_without_script(as_user, ana, assessment, rating):
    answer = as_user(ana).post(address(assessment), sent(outcome="", level="3", later="1"))
    rating.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (303, assessment.get_absolute_url())
    assert (rating.level, rating.reason, rating.confirmed) == (3, "Six parents vote now.", False)


def test_editing_a_confirmed_item_makes_it_unconfirmed(as_user, ana, assessment, rating):
    client = as_user(ana)
    client.post(address(assessment), sent())
    client.post(address(assessment, "agreed_rating_save"), sent(version=2, level="3"))
    rating.refresh_from_db()
    assert (rating.level, rating.confirmed) == (3, False)


def test_an_autosave_that_comes_late_leaves_a_confirmed_item_confirmed(as_user, ana, assessment, rating):
    client = as_user(ana)
    draft = sent(outcome="", reason="")
    client.post(address(assessment, "agreed_rating_save"), draft)
    client.post(address(assessment), sent(version=2))
    late = client.post(address(assessment, "agreed_rating_save"), draft)
    rating.refresh_from_db()
    assert late.status_code == 200
    assert (rating.outcome, rating.level, rating.confirmed) == ("agreed", 2, True)


def test_two_people_who_change_different_things_both_keep_theirs(as_user, ana, assessment, rating):
    as_user(ana).post(address(assessment), sent())
    as_user(ana).post(address(assessment, "agreed_rating_save"), sent(version=2, level="3"))
    answer = as_user(ana).post(address(assessment), sent(version=2, reason="Seven parents vote now."))
    rating.refresh_from_db()
    assert answer.status_code == 303
    assert (rating.level, rating.reason) == (3, "Seven parents vote now.")


@pytest.fixture
def overwritten(as_user, ana, assessment, rating):
    """Ana saved one reason; a page that was opened before sends another."""
    client = as_user(ana)
    client.post(address(assessment), sent(reason="What Ana wrote"))
    return client, sent(reason="What the other page held")


def test_a_stale_save_is_409_with_both_texts(overwritten, assessment, rating):
    client, stale = overwritten
    answer = client.post(address(assessment), stale)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What Ana wrote" in page and "What the other page held" in page
    rating.refresh_from_db()
    assert rating.reason == "What Ana wrote"


def test_a_stale_autosave_is_409_too(overwritten, assessment):
    client, stale = overwritten
    answer = client.post(address(assessment, "agreed_rating_save"), stale)
    assert answer.status_code == 409 and "Ana saved a change" in answer.json()["html"]


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        ("mine", "What the other page held"),
        ("theirs", "What Ana wrote"),
        ("both", "What Ana wrote\n\nWhat the other page held"),
    ],
)
def test_each_way_to_settle_it_keeps_both_in_the_history(overwritten, assessment, rating, keep, kept):
    client, stale = overwritten
    answer = client.post(address(assessment), {**stale, "seen": 2, "keep": keep})
    assert answer.status_code == 303
    rating.refresh_from_db()
    assert rating.reason == kept
    history = str(list(AuditEvent.objects.filter(about_id=str(rating.pk)).values_list("details", flat=True)))
    assert "What Ana wrote" in history and "What the other page held" in history


def test_what_was_not_kept_stays_on_the_page(overwritten, assessment):
    client, stale = overwritten
    client.post(address(assessment), {**stale, "seen": 2, "keep": "theirs"})
    page = client.get(address(assessment)).content.decode()
    assert "not kept" in page and "What the other page held" in page


def test_switching_the_language_on_the_conflict_page_saves_nothing_and_shows_it_again(overwritten, assessment, rating):
    client, stale = overwritten
    answer = client.post(address(assessment), {**stale, "seen": 2, "language": "es"})
    page = answer.content.decode()
    assert answer.status_code == 409 and 'lang="es"' in page
    assert "What Ana wrote" in page and "What the other page held" in page
    rating.refresh_from_db()
    assert rating.reason == "What Ana wrote"


def test_both_texts_that_are_too_long_together_lose_nothing(as_user, ana, assessment, rating):
    client = as_user(ana)
    client.post(address(assessment), sent(reason="a" * 1500))
    answer = client.post(address(assessment), {**sent(reason="b" * 1500), "seen": 2, "keep": "both"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "a" * 1500 in page and "b" * 1500 in page


@pytest.mark.parametrize("version", ["", "-1", "abc", "1e3"])
def test_a_save_without_a_sound_version_is_422(as_user, ana, assessment, version):
    assert as_user(ana).post(address(assessment), sent(version=version)).status_code == 422


def test_a_version_from_the_future_is_409(as_user, ana, assessment):
    assert as_user(ana).post(address(assessment), sent(version=99)).status_code == 409


def test_a_member_reads_and_cannot_record(as_user, ben, assessment, rating):
    client = as_user(ben)
    page = client.get(address(assessment)).content.decode()
    assert "Add a different view" in page and "Save and continue" not in page
    assert client.post(address(assessment), sent()).status_code == 403


def everything() -> set[str]:
    """Every row of every table of ours, as text; sessions are Django's."""
    models = [
        model
        for name in ("milestones", "coalitions", "assessments")
        for model in apps.get_app_config(name).get_models()
    ]
    return {f"{model.__name__} {row}" for model in models for row in model._base_manager.values()}


def view_fields(**changes):
    return {
        "key": "7b0c9c52-5a0e-4f3a-9d3e-2f1d5c1a9b11", "text": "I see it differently.", "signed": "no",
        "coalition_only": "no", **changes,
    }  # fmt: skip


def test_an_unsigned_view_names_nobody_anywhere(as_user, ben, assessment, rating):
    client = as_user(ben)
    client.get(address(assessment))
    before = everything()
    assert client.post(address(assessment, "different_view"), view_fields()).status_code == 303
    view = DifferentView.objects.get()
    written = {row for row in everything() - before}
    assert view.signed_by is None
    assert len(written) == 1 and "I see it differently." in next(iter(written))
    assert str(ben.pk) not in re.findall(r"signed_by_id': (\d+)", next(iter(written)))


def test_a_view_sent_twice_is_there_once_and_a_reused_key_is_refused(as_user, ben, assessment):
    client = as_user(ben)
    client.post(address(assessment, "different_view"), view_fields())
    assert client.post(address(assessment, "different_view"), view_fields()).status_code == 303
    again = client.post(address(assessment, "different_view"), view_fields(text="Other words"))
    assert again.status_code == 422 and "Other words" in again.content.decode()
    assert DifferentView.objects.get().text == "I see it differently."


def test_only_its_signed_author_takes_a_view_back(as_user, ana, ben, assessment):
    as_user(ben).post(address(assessment, "different_view"), view_fields(signed="yes"))
    view = DifferentView.objects.get()
    take_back = address(assessment, "different_view_withdraw", "1.2", view.pk)
    assert as_user(ana).post(take_back).status_code == 404
    assert DifferentView.objects.exists()
    assert as_user(ben).post(take_back).status_code == 303
    assert not DifferentView.objects.exists()


def test_nobody_takes_an_unsigned_view_back_not_even_its_author(as_user, ben, assessment):
    client = as_user(ben)
    client.post(address(assessment, "different_view"), view_fields())
    view = DifferentView.objects.get()
    assert client.post(address(assessment, "different_view_withdraw", "1.2", view.pk)).status_code == 404


def test_an_agreed_level_with_a_view_is_submitted_as_agreed_with_a_different_view(assessment, rating, ana, ben):
    factories.rate_all(assessment, by=ana)
    actions.add_different_view(
        rating=rating, key="7b0c9c52-5a0e-4f3a-9d3e-2f1d5c1a9b11", text="No", signed=False, coalition_only=False, by=ben
    )
    revision = factories.submit(assessment, by=ana)
    assert revision.asked([rating.indicator_id])["outcome"] == Outcome.WITH_DIFFERENT_VIEW


def test_a_view_for_the_coalition_only_does_not_show_outside_that_it_is_there(assessment, rating, ana, ben):
    factories.rate_all(assessment, by=ana)
    actions.add_different_view(
        rating=rating, key="7b0c9c52-5a0e-4f3a-9d3e-2f1d5c1a9b11", text="No", signed=False, coalition_only=True, by=ben
    )
    revision = factories.submit(assessment, by=ana)
    assert revision.asked([rating.indicator_id])["outcome"] == Outcome.AGREED


def test_a_withdrawn_view_does_not_come_back_when_its_form_is_sent_again(as_user, ben, assessment):
    client = as_user(ben)
    client.post(address(assessment, "different_view"), view_fields(signed="yes"))
    view = DifferentView.objects.get()
    client.post(address(assessment, "different_view_withdraw", "1.2", view.pk))
    assert client.post(address(assessment, "different_view"), view_fields(signed="yes")).status_code == 422
    assert not DifferentView.objects.exists()


def test_who_signed_a_view_is_not_frozen_so_that_a_closed_account_has_no_name(assessment, rating, ana, ben):
    factories.rate_all(assessment, by=ana)
    actions.add_different_view(
        rating=rating, key="7b0c9c52-5a0e-4f3a-9d3e-2f1d5c1a9b11", text="No", signed=True, coalition_only=False, by=ben
    )
    assert "Ben" not in factories.submit(assessment, by=ana).body


@pytest.fixture
def next_quarter(coalition, ana):
    """A quarter that was submitted with evidence, and the next one being recorded."""
    first = factories.discussing_assessment(coalition, by=ana)
    rating = first.agreed_ratings.get(indicator__code="1.2")
    evidence_actions.add_evidence(
        rating=rating, key="0d9f6f52-5a0e-4f3a-9d3e-2f1d5c1a9b11", kind="document", shows="The seat map", voice="staff",
        visibility="may_be_shared", by=ana,
    )  # fmt: skip
    factories.rate_all(first, 3, by=ana)
    factories.submit(first, by=ana)
    return factories.discussing_assessment(coalition, by=ana, quarter=factories.QUARTER.next)


def test_last_quarter_stands_beside(as_user, ana, next_quarter):
    page = as_user(ana).get(address(next_quarter)).content.decode()
    assert "2026 Q2" in page and "The seat map" in page and "Bring forward" in page


def test_bring_forward_copies_and_stays_unconfirmed_until_saved(as_user, ana, next_quarter):
    client = as_user(ana)
    assert client.post(address(next_quarter, "bring_forward")).status_code == 303
    client.post(address(next_quarter, "bring_forward"))
    rating = next_quarter.agreed_ratings.get(indicator__code="1.2")
    assert (rating.level, rating.confirmed, rating.brought_forward_from) == (3, False, "2026Q2")
    assert [item.brought_forward_from for item in rating.evidence.all()] == ["2026Q2"]
    refused = client.post(next_quarter.url("check"), {"number": 1, "despite_warnings": "on"})
    assert refused.status_code == 422 and not next_quarter.revisions.exists()


def test_a_gap_is_not_brought_forward(as_user, ana, coalition):
    first = factories.discussing_assessment(coalition, by=ana)
    factories.submit(first, by=ana)
    later = factories.discussing_assessment(coalition, by=ana, quarter=factories.QUARTER.next)
    assert "Bring forward" not in as_user(ana).get(address(later)).content.decode()
    assert as_user(ana).post(address(later, "bring_forward")).status_code == 409


def test_bring_forward_never_overwrites(as_user, ana, next_quarter):
    client = as_user(ana)
    client.post(address(next_quarter), sent(level="1"))
    assert client.post(address(next_quarter, "bring_forward")).status_code == 409
    assert next_quarter.agreed_ratings.get(indicator__code="1.2").level == 1


def test_the_database_refuses_a_level_there_is_not(rating):
    from django.db import IntegrityError, transaction

    for wrong in ({"level": 5}, {"level": 2, "outcome": "not_agreed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AgreedRating.objects.filter(pk=rating.pk).update(**wrong)


def test_who_else_has_the_page_open(as_user, ana, coalition, assessment):
    other = factories.person("lead", coalition, name="Otto")
    as_user(other).post(address(assessment, "presence"))
    assert as_user(ana).post(address(assessment, "presence")).json() == {"others": ["Otto"]}


def test_the_page_keeps_what_was_typed_when_the_language_changes(as_user, ana, assessment, rating):
    answer = as_user(ana).post(address(assessment), {**sent(reason="Todavía estoy pensando"), "language": "es"})
    page = answer.content.decode()
    assert answer.status_code == 200 and 'lang="es"' in page and "Todavía estoy pensando" in page
    assert 'value="2"' in page and "checked" in page
    rating.refresh_from_db()
    assert rating.version == 1
