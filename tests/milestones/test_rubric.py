"""A version of the rubric: immutable once published, drafted from the last, published when whole."""

import pytest
from django.core.exceptions import ValidationError

from milestones.actions import draft_next, publish
from milestones.models import Descriptor, Frozen, Indicator, Level, Milestone, Rubric

pytestmark = pytest.mark.django_db
PARTS = [Rubric, Level, Milestone, Indicator, Descriptor]
A_TEXT = {Rubric: "note_en", Level: "name_en", Milestone: "name_en", Indicator: "title_en", Descriptor: "text_en"}


@pytest.mark.parametrize("model", PARTS)
def test_a_published_version_cannot_change_in_any_way(rubric, model):
    row, text = model.objects.first(), A_TEXT[model]
    before = list(model.objects.order_by("pk").values())
    setattr(row, text, "Changed")
    ways = [
        row.save,
        row.delete,
        lambda: model.objects.update(**{text: "Changed"}),
        lambda: model.objects.filter(pk=row.pk).delete(),
        lambda: model.objects.all().delete(),
        lambda: model.objects.bulk_update([row], [text]),
        lambda: model.objects.update_or_create(pk=row.pk, defaults={text: "Changed"}),
    ]
    for way in ways:
        with pytest.raises(Frozen):
            way()
        assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("model", PARTS[1:])
def test_nothing_is_added_to_a_published_version(rubric, model):
    row = model.objects.first()
    row.pk = None
    row._state.adding = True
    for way in (row.save, lambda: model.objects.bulk_create([row])):
        with pytest.raises(Frozen):
            way()


def test_parts_of_a_draft_change_and_the_last_version_does_not(rubric):
    draft = draft_next(last=rubric, version="2")
    indicator = Indicator.objects.filter(milestone__rubric=draft).first()
    indicator.title_en = "Another title"
    indicator.save()
    assert indicator.continues.title_en != "Another title"


def test_a_draft_is_a_copy_that_continues_each_indicator(rubric):
    draft = draft_next(last=rubric, version="2")
    ours = Indicator.objects.filter(milestone__rubric=draft)
    assert ours.count() == Indicator.objects.filter(milestone__rubric=rubric).count() == 27
    assert all(i.comparable and i.continues.code == i.code for i in ours)
    assert Descriptor.objects.filter(indicator__milestone__rubric=draft).count() == 27 * 5
    assert draft.published_at is None and Rubric.objects.current() == rubric


def test_publishing_makes_it_the_current_one_once(rubric):
    draft = draft_next(last=rubric, version="2")
    first = publish(draft)
    assert publish(draft).published_at == first.published_at
    assert Rubric.objects.current() == draft


def test_what_a_draft_lacks_is_said(rubric):
    draft = draft_next(last=rubric, version="2")
    Indicator.objects.filter(milestone__rubric=draft, milestone__number=1, core=True).update(core=False)
    Descriptor.objects.filter(indicator__milestone__rubric=draft, indicator__code="2a", value=3).update(text_es="")
    with pytest.raises(ValidationError) as lacking:
        publish(draft)
    text = " ".join(lacking.value.messages)
    assert "Milestone 1 needs one core indicator" in text
    assert Rubric.objects.current() == rubric


# In the admin


def change_page(rubric):
    return f"/admin/milestones/rubric/{rubric.pk}/change/"


def test_an_administrator_drafts_edits_and_publishes(as_user, ada, rubric):
    client = as_user(ada)
    answer = client.post("/admin/milestones/rubric/draft/")
    draft = Rubric.objects.exclude(pk=rubric.pk).get()
    assert (answer.status_code, answer.url) == (303, change_page(draft))
    assert "Publish this version" in client.get(answer.url).content.decode()
    indicator = Indicator.objects.filter(milestone__rubric=draft).first()
    form = {
        "title_en": "New title", "title_es": "Título nuevo",
        "question_en": "Q?", "question_es": "¿P?",
        "core": "on" if indicator.core else "", "comparable": "", "grounding": "",
        "descriptors-TOTAL_FORMS": 5, "descriptors-INITIAL_FORMS": 5,
    }  # fmt: skip
    for number, descriptor in enumerate(indicator.descriptors.all()):
        form |= {
            f"descriptors-{number}-id": descriptor.pk, f"descriptors-{number}-indicator": indicator.pk,
            f"descriptors-{number}-text_en": f"Level {number}", f"descriptors-{number}-text_es": f"Nivel {number}",
        }  # fmt: skip
    answer = client.post(f"/admin/milestones/indicator/{indicator.pk}/change/", form)
    assert answer.status_code == 302
    indicator.refresh_from_db()
    assert indicator.title_en == "New title" and indicator.descriptors.get(value=4).text_es == "Nivel 4"
    assert client.post(f"/admin/milestones/rubric/{draft.pk}/publish/").status_code == 303
    assert Rubric.objects.current() == draft


def test_a_milestones_lists_are_edited_one_a_line(as_user, ada, rubric):
    client = as_user(ada)
    milestone = draft_next(last=rubric, version="2").milestones.first()
    address = f"/admin/milestones/milestone/{milestone.pk}/change/"
    assert milestone.prompts_en[0] in client.get(address).content.decode()
    form = {name: getattr(milestone, name) for name in ("name_en", "name_es", "definition_en", "definition_es")}
    form |= {"prompts_en": "One?\r\n\r\n Two? ", "prompts_es": "¿Uno?", "evidence_examples_en": ""}
    assert client.post(address, form).status_code == 302
    milestone.refresh_from_db()
    assert (milestone.prompts_en, milestone.evidence_examples_en) == (["One?", "Two?"], [])


def test_what_is_published_is_read_and_not_changed(as_user, ada, rubric):
    client = as_user(ada)
    milestone = rubric.milestones.first()
    indicator = milestone.indicators.first()
    for address in (
        change_page(rubric),
        f"/admin/milestones/milestone/{milestone.pk}/change/",
        f"/admin/milestones/indicator/{indicator.pk}/change/",
    ):
        page = client.get(address)
        assert page.status_code == 200 and 'name="_save"' not in page.content.decode()
        assert client.post(address, {"version": "x", "name_en": "x", "title_en": "x"}).status_code == 403
    assert "Publish this version" not in client.get(change_page(rubric)).content.decode()


def test_what_is_missing_is_said_to_the_administrator(as_user, ada, rubric):
    draft = draft_next(last=rubric, version="2")
    Indicator.objects.filter(milestone__rubric=draft, core=True, milestone__number=1).update(core=False)
    answer = as_user(ada).post(f"/admin/milestones/rubric/{draft.pk}/publish/", follow=True)
    assert "needs one core indicator" in answer.content.decode()
    assert Rubric.objects.current() == rubric


def test_drafting_and_publishing_take_a_post_of_an_administrator(as_user, ada, ana, rubric):
    for path in ("/admin/milestones/rubric/draft/", f"/admin/milestones/rubric/{rubric.pk}/publish/"):
        assert as_user(ada).get(path).status_code == 404
        assert as_user(ana).post(path).status_code == 404
    assert Rubric.objects.count() == 1
