"""What happened around a coalition."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from assessments.models import Event
from coalitions.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(coalition):
    return reverse("events", args=[coalition.slug])


def sent(**changes):
    return {"key": str(uuid4()), "happened_on": "2026-04-02", "words": "The session began", **changes}


def test_a_lead_writes_what_happened_and_members_read_it(as_user, ana, ben, coalition, address):
    assert as_user(ana).post(address, sent()).status_code == 303
    event = coalition.events.get()
    assert (event.happened_on, event.words, event.added_by) == (date(2026, 4, 2), "The session began", ana)
    html = as_user(ben).get(address).content.decode()
    assert "The session began" in html and "page-form" not in html.split("<main")[1]


def test_sent_twice_it_is_added_once(as_user, ana, coalition, address):
    form = sent()
    for _ in range(2):
        assert as_user(ana).post(address, form).status_code == 303
    assert coalition.events.count() == 1
    assert AuditEvent.objects.filter(verb="add_event").count() == 1


def test_the_same_key_with_other_words_keeps_the_first_and_can_be_sent_again(as_user, ana, coalition, address):
    form = sent()
    as_user(ana).post(address, form)
    answer = as_user(ana).post(address, {**form, "words": "The session ended"})
    html = answer.content.decode()
    assert answer.status_code == 422 and "The session ended" in html and f'value="{form["key"]}"' not in html
    assert [event.words for event in coalition.events.all()] == ["The session began"]


def test_another_coalitions_key_changes_nothing_there(as_user, ana, address):
    other = factories.coalition("Sample Other Coalition", at="TX")
    theirs = Event.objects.create(coalition=other, happened_on=date(2026, 1, 1), words="Theirs")
    assert as_user(ana).post(address, sent(key=str(theirs.pk))).status_code == 422
    theirs.refresh_from_db()
    assert theirs.words == "Theirs"


@pytest.mark.parametrize(
    "changes",
    [
        {"words": ""},
        {"words": "\u3164"},
        {"words": "x" * 201},
        {"words": "a\0b"},
        {"happened_on": ""},
        {"happened_on": "2026-02-30"},
        {"happened_on": "0000-01-01"},
        {"happened_on": "10000-01-01"},
        {"key": ""},
        {"key": "{" + str(uuid4()) + "}"},
        {"key": "1"},
    ],
)
def test_bad_input_adds_nothing(as_user, ana, address, changes):
    assert as_user(ana).post(address, sent(**changes)).status_code == 422
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("ben", 200, 403), ("ada", 403, 403), ("fay", 404, 404), ("eve", 404, 404), ("sam", 404, 404)],
)
def test_who_reads_and_who_writes(as_user, request, address, who, reads, writes):
    client = as_user(request.getfixturevalue(who))
    assert (client.get(address).status_code, client.post(address, sent()).status_code) == (reads, writes)


def test_removing_twice_removes_once(as_user, ana, ben, coalition, address):
    as_user(ana).post(address, sent())
    remove = reverse("event_remove", args=[coalition.slug, coalition.events.get().pk])
    assert as_user(ben).post(remove).status_code == 403
    for _ in range(2):
        assert as_user(ana).post(remove).status_code == 303
    assert not coalition.events.exists()
    assert AuditEvent.objects.filter(verb="remove_event").count() == 1
    assert as_user(ana).post(reverse("event_remove", args=[coalition.slug, uuid4()])).status_code == 404


def test_another_coalitions_event_is_404(as_user, ana, coalition):
    other = factories.coalition("Sample Other Coalition", at="TX")
    theirs = Event.objects.create(coalition=other, happened_on=date(2026, 1, 1), words="Theirs")
    assert as_user(ana).post(reverse("event_remove", args=[coalition.slug, theirs.pk])).status_code == 404
    assert Event.objects.filter(pk=theirs.pk).exists()
