"""Conditional answers: 304 while nothing changed, and never where something the reader sees, or their right, did."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry

from assessments.discussing import step_actions
from assessments.reports import freshness
from assessments.sharing import actions as sharing
from assessments.submitting import actions as submitting
from coalitions import audit
from coalitions.history import SENTENCES
from coalitions.models import AuditEvent, Membership, Role, State
from tests import factories
from tests.assessments.reports.made import share_all, told

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("postgres")]
PAGES = [
    "/states/", "/states/?view=trend&m=cohesion", "/states/?view=map", "/milestones/cohesion/", "/next-steps/", "/states/OH/",
    "/states/OH/sample-buckeye-coalition/",
]  # fmt: skip


@pytest.fixture
def shared(coalition, ana):
    assessment = told(coalition, by=ana)
    share_all(assessment, by=ana)
    return assessment


def ask_again(client, path):
    """Ask twice with what the first answer said, as a browser does, after its cookies have settled."""
    client.get(path)
    tag = client.get(path)["ETag"]
    return lambda: client.get(path, headers={"If-None-Match": tag}).status_code


@pytest.mark.parametrize("path", PAGES)
def test_what_did_not_change_is_not_sent_again(path, shared, as_user, fay):
    client = as_user(fay)
    again = ask_again(client, path)
    assert again() == 304
    assert client.get(path)["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("act", ["withdraw", "reopen", "edit", "event", "join"])
def test_every_act_that_shows_brings_a_new_page(act, path, shared, coalition, ana, as_user, fay):
    again = ask_again(as_user(fay), path)
    if act == "withdraw":
        sharing.withdraw(assessment=shared, by=ana)
    elif act == "reopen":
        submitting.reopen(assessment=shared, number=1, reason="So", by=ana)
    elif act == "event":
        step_actions.add_event(coalition=coalition, key="0" * 32, happened_on=shared.quarter.start, words="New", by=ana)
    elif act == "edit":
        from coalitions import actions

        fields = {n: getattr(coalition, n) for n in ("name", "about", "thanks", "working_since", "time_zone")}
        actions.edit_coalition(coalition=coalition, as_read=coalition.fingerprint, by=ana, **{**fields, "about": "New"})
    else:
        other = factories.coalition("Sample Other", at="OH")
        lead = factories.person(Role.LEAD, other)
        share_all(told(other, by=lead), by=lead)
    assert again() == 200


def test_another_language_another_reader_or_no_right_is_another_answer(shared, coalition, as_user, fay, eve, ana):
    client = as_user(fay)
    again = ask_again(client, "/states/")
    client.cookies["django_language"] = "es"
    assert again() == 200
    client.cookies["django_language"] = "en"
    again = ask_again(client, "/states/")
    assert again() == 304
    Membership.objects.filter(user=fay).delete()
    assert again() == 403


def test_a_lead_whose_coalition_stopped_sharing_reads_nothing(shared, as_user, ana):
    again = ask_again(as_user(ana), "/states/")
    assert again() == 304
    sharing.withdraw(assessment=shared, by=ana)
    assert again() == 403


def test_a_new_sign_in_gets_a_page_with_its_own_token(shared, as_user, fay):
    client = as_user(fay)
    again = ask_again(client, "/states/")
    client.cookies["csrftoken"] = "b" * 32
    assert again() == 200


def test_every_act_is_said_to_be_seen_on_shared_pages_or_not():
    """A new verb joins one of the two: else a 304 that turns into a 200 would tell that somebody is at work."""
    seen = {
        "grant", "remove", "change_role", "create_coalition", "edit_coalition", "add_event", "remove_event", "submit",
        "reopen", "share", "withdraw",
    }  # fmt: skip
    assert SENTENCES.keys() - set(freshness.NOT_SEEN) == seen


def test_answers_and_their_close_tell_a_reader_nothing(shared, coalition, ana, as_user, fay):
    again = ask_again(as_user(fay), "/states/OH/sample-buckeye-coalition/")
    factories.closed(coalition, by=ana, parents=[2] * 6, others=[2] * 6, quarter=factories.QUARTER.next)
    assert again() == 304


def test_the_log_is_not_read_through_and_nothing_grows_stale(shared, coalition, ana, as_user, fay, monkeypatch):
    """However many exports stand above an act that shows, a page that had seen none of it is made new."""
    monkeypatch.setattr(freshness, "REACH", 20)
    monkeypatch.setattr(freshness, "STEP", 4)

    def exports(number):
        for _one in range(number):
            audit.record("export", about=coalition, by=ana, coalition=coalition)

    exports(30)
    assert freshness.acts()[0] == [(0, None)]
    again = ask_again(as_user(fay), PAGES[0])
    exports(4 - AuditEvent.objects.latest("pk").pk % 4 - 1)  # as far as one step goes
    assert again() == 304
    step_actions.add_event(coalition=coalition, key="0" * 32, happened_on=shared.quarter.start, words="New", by=ana)
    assert again() == 200
    exports(30)
    assert freshness.acts()[0] == [(0, None)] and again() == 200


def test_what_administrators_change_shows_under_any_number_of_exports(
    shared, coalition, ana, ada, as_user, fay, monkeypatch
):
    monkeypatch.setattr(freshness, "REACH", 20)
    for _one in range(30):
        audit.record("export", about=coalition, by=ana, coalition=coalition)
    client = as_user(fay)
    again = ask_again(client, "/states/?view=map")
    assert again() == 304
    State.objects.filter(code="OH").update(name_en="New Ohio")
    LogEntry.objects.create(user=ada, object_repr="Ohio", action_flag=CHANGE)
    assert again() == 200 and "New Ohio" in client.get("/states/?view=map").content.decode()
