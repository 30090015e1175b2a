"""Stories: saving, autosave, and two people writing one."""

import pytest

from assessments.models import Stage, Story
from coalitions.models import AuditEvent, Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(coalition, ana):
    return factories.discussing_assessment(coalition, by=ana)


@pytest.fixture
def lea(coalition):
    return factories.person(Role.LEAD, coalition, name="Lea")


def addresses(assessment, milestone="cohesion"):
    if milestone is None:
        return assessment.url("beyond"), assessment.url("beyond_save")
    return assessment.url("story", milestone), assessment.url("story_save", milestone)


def sent(text="We met twice.", version="1", **more):
    return {"text": text, "version": version, **more}


@pytest.mark.parametrize("milestone", ["cohesion", None])
def test_a_lead_writes_and_goes_to_the_task_list(as_user, ana, assessment, milestone):
    page, _save = addresses(assessment, milestone)
    for _ in range(2):
        answer = as_user(ana).post(page, sent())
        assert (answer.status_code, answer["Location"]) == (303, assessment.get_absolute_url())
    story = Story.objects.get()
    assert (story.milestone and story.milestone.slug, story.text, story.version) == (milestone, "We met twice.", 2)
    assert AuditEvent.objects.filter(verb="save_story").count() == 1
    html = as_user(ana).get(page).content.decode()
    assert "We met twice." in html and "Saved at" in html


def test_reading_writes_nothing(as_user, ana, assessment):
    html = as_user(ana).get(addresses(assessment)[0]).content.decode()
    assert 'name="version" value="1"' in html and not Story.objects.exists()


def test_the_prompts_of_the_milestone_stand_beside(as_user, ana, assessment):
    html = as_user(ana).get(assessment.url("story", "setting-the-table")).content.decode()
    assert "Who decided who is at this table?" in html


def test_autosave(as_user, ana, assessment):
    _page, save = addresses(assessment)
    first = as_user(ana).post(save, sent("We"))
    second = as_user(ana).post(save, sent("We met", version=first.json()["version"]))
    assert (first.status_code, second.status_code, second.json()["version"]) == (200, 200, 3)
    assert second.json()["saved_at"]
    assert Story.objects.get().text == "We met"


def test_autosave_takes_an_empty_page(as_user, ana, assessment):
    assert as_user(ana).post(addresses(assessment)[1], sent("")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "x" * 5001}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"version": ""}, "version"),
        ({"version": "-1"}, "version"),
        ({"version": "9" * 5000}, "version"),
    ],
)
def test_bad_input_saves_nothing(as_user, ana, assessment, changes, field):
    page, save = addresses(assessment)
    saved = as_user(ana).post(save, sent(**changes))
    assert (saved.status_code, list(saved.json()["errors"])) == (422, [field])
    answer = as_user(ana).post(page, sent(**changes))
    assert answer.status_code == 422
    assert changes.get("text", "We met twice.").replace("\0", "") in answer.content.decode().replace("\0", "")
    assert not Story.objects.filter(version__gt=1).exists()


def test_a_version_from_the_future_is_409(as_user, ana, assessment):
    assert as_user(ana).post(addresses(assessment)[1], sent(version="7")).status_code == 409


def overwrite(as_user, ana, lea, assessment):
    """Both read version 1; Lea saves first, Ana after her."""
    page, _save = addresses(assessment)
    assert as_user(lea).post(page, sent("What Lea wrote")).status_code == 303
    return page, as_user(ana).post(page, sent("What Ana wrote"))


def test_two_leads_see_both_texts(as_user, ana, lea, assessment):
    page, answer = overwrite(as_user, ana, lea, assessment)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "What Lea wrote" in html and "What Ana wrote" in html and "Lea saved a change to this page." in html
    assert Story.objects.get().text == "What Lea wrote"


def test_autosave_over_anothers_text_is_409_in_words(as_user, ana, lea, assessment):
    _page, save = addresses(assessment)
    as_user(lea).post(save, sent("What Lea wrote"))
    answer = as_user(ana).post(save, sent("What Ana wrote"))
    assert (answer.status_code, answer.json()["html"].startswith("Lea saved a change")) == (409, True)


def hidden(answer):
    """What the form of the conflict page sends."""
    return dict(answer.context["hidden"])


@pytest.mark.parametrize(
    ("keep", "text"),
    [
        ("mine", "What Ana wrote"),
        ("theirs", "What Lea wrote"),
        ("both", "What Lea wrote\n\nWhat Ana wrote"),
    ],
)
def test_each_choice_keeps_both_in_the_history(as_user, ana, lea, assessment, keep, text):
    page, answer = overwrite(as_user, ana, lea, assessment)
    for _ in range(2):
        chosen = as_user(ana).post(page, {**hidden(answer), "keep": keep})
        assert (chosen.status_code, chosen["Location"]) == (303, assessment.get_absolute_url())
    assert Story.objects.get().text == text
    html = as_user(ana).get(page).content.decode()
    assert "What Lea wrote" in html and "What Ana wrote" in html and "Earlier texts on this page" in html
    history = str(list(AuditEvent.objects.filter(about="story").values_list("details", flat=True)))
    assert "What Lea wrote" in history and "What Ana wrote" in history
    assert AuditEvent.objects.filter(verb__in=["save_story", "keep_theirs"]).count() == 2


def test_a_third_save_meanwhile_is_a_conflict_again(as_user, ana, lea, assessment):
    page, answer = overwrite(as_user, ana, lea, assessment)
    as_user(lea).post(page, sent("Lea once more", version="2"))
    again = as_user(ana).post(page, {**hidden(answer), "keep": "mine"})
    assert again.status_code == 409 and "Lea once more" in again.content.decode()


def test_both_texts_that_are_too_long_come_back_as_one(as_user, ana, lea, assessment):
    page, _save = addresses(assessment)
    as_user(lea).post(page, sent("L" * 3000))
    answer = as_user(ana).post(page, sent("A" * 3000))
    chosen = as_user(ana).post(page, {**hidden(answer), "keep": "both"})
    html = chosen.content.decode()
    assert chosen.status_code == 422 and "L" * 3000 in html and "A" * 3000 in html and "too long" in html


def test_the_conflict_page_in_the_other_language_loses_nothing(as_user, ana, lea, assessment):
    page, answer = overwrite(as_user, ana, lea, assessment)
    spanish = as_user(ana).post(page, {**hidden(answer), "language": "es"})
    assert spanish.status_code == 409 and 'lang="es"' in spanish.content.decode()
    assert hidden(spanish) == hidden(answer)


def test_switching_language_keeps_what_was_typed(as_user, ana, assessment):
    answer = as_user(ana).post(addresses(assessment)[0], sent("Half a sen", language="es"))
    html = answer.content.decode()
    assert answer.status_code == 200 and "Half a sen" in html and 'lang="es"' in html
    assert not Story.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("ada", 403), ("fay", 404), ("eve", 404), ("sam", 404)])
def test_only_leads_write(as_user, request, assessment, who, status):
    client = as_user(request.getfixturevalue(who))
    for milestone in ("cohesion", None):
        page, save = addresses(assessment, milestone)
        assert client.get(page).status_code == status
        assert client.post(page, sent()).status_code == client.post(save, sent()).status_code == status


@pytest.mark.parametrize(
    ("stage", "status"),
    [("draft", 409), ("collecting", 409), ("discussing", 303), ("submitted", 409), ("reopened", 303)],
)
def test_when_stories_are_written(as_user, ana, coalition, stage, status):
    assessment = factories.at_stage(coalition, Stage(stage), by=ana)
    assert as_user(ana).post(addresses(assessment)[0], sent()).status_code == status


def test_an_unknown_milestone_is_404(as_user, ana, assessment):
    assert as_user(ana).get(assessment.url("story", "nonsense")).status_code == 404


def test_a_milestone_of_ones_own_has_a_story(as_user, ana, coalition):
    draft = factories.draft(coalition, by=ana)
    joy = factories.drafting.add_own_milestone(assessment=draft, code="own-1", name="Joy", definition="", by=ana)
    factories.drafting.add_own_indicator(
        assessment=draft,
        code="own-2",
        milestone=joy,
        title="Song",
        question="Do we sing?",
        descriptors=list("abcde"),
        by=ana,
    )
    factories.drafting.start_meeting(assessment=draft, by=ana)
    assert as_user(ana).post(draft.url("story", "own-1"), sent()).status_code == 303
