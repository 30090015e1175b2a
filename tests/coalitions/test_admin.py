"""Django's admin: for administrators alone, through the verbs, and without what they may not read."""

import uuid

import pytest
from django.contrib.admin.models import LogEntry

from coalitions import actions as people
from coalitions.models import AuditEvent, Coalition, ExportToken, Membership, Role, User
from milestones.admin import site
from milestones.models import Rubric
from tests import factories

pytestmark = pytest.mark.django_db
ADMIN = "/admin/coalitions/membership/"


def pages():
    """Every list in the admin and its add page."""
    for model in site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield address
        yield f"{address}add/"


def test_only_these_are_in_the_admin():
    assert {model.__name__ for model in site._registry} == {
        "State", "Coalition", "User", "Membership", "Pledge", "Rubric", "Milestone", "Indicator", "Finding",
    }  # fmt: skip


def test_the_admin_is_not_there_for_anybody_else(as_user, client, ana, ben, fay, eve, sam):
    for path in ("/admin/", "/admin/login/", "/admin/logout/", "/admin/jsi18n/", "/admin/no/such/", *pages()):
        for other in (ana, ben, fay, eve, sam):
            assert as_user(other).get(path).status_code == 404, path


def test_the_admin_asks_to_sign_in_where_everybody_does(client, db):
    for path in ("/admin/", *pages()):
        answer = client.get(path)
        assert answer.status_code == 302 and answer.url.startswith("/signin/"), path
    assert client.get("/admin/login/").url.startswith("/signin/")


def test_administrators_open_every_page(as_user, ada, rubric):
    client = as_user(ada)
    for path in ("/admin/", *pages()):
        assert client.get(path).status_code in (200, 403), path
    assert client.get("/admin/password_change/").status_code == 404
    assert client.get("/admin/login/").url == "/admin/"


def test_a_membership_is_granted_by_the_verb(as_user, ada, sam, coalition):
    data = {"user": sam.pk, "role": "lead", "coalition": str(coalition.pk), "organisation": ""}
    assert as_user(ada).post(f"{ADMIN}add/", data).status_code == 302
    assert sam.memberships.get().invited_by == ada
    assert AuditEvent.objects.get(verb="grant").by == ada
    assert LogEntry.objects.get().object_id == str(sam.memberships.get().pk)


@pytest.mark.parametrize("first", ["lead", "member", "funder", "evaluator"])
@pytest.mark.parametrize("second", ["lead", "member", "funder", "evaluator"])
def test_one_kind_of_role_in_both_orders(as_user, ada, sam, coalition, first, second):
    other = factories.coalition("Sample Hoosier Coalition", at="IN")
    for role, where in ((first, coalition), (second, other)):
        as_user(ada).post(f"{ADMIN}add/", {"user": sam.pk, "role": role, "coalition": str(where.pk)})
    together = (first in ("lead", "member")) == (second in ("lead", "member"))
    assert sam.memberships.count() == (2 if together else 1)


@pytest.mark.parametrize("role", ["lead", "member"])
def test_a_lead_or_member_names_a_coalition(as_user, ada, sam, role):
    page = as_user(ada).post(f"{ADMIN}add/", {"user": sam.pk, "role": role, "coalition": ""})
    assert page.status_code == 200 and not sam.memberships.exists()


def test_of_a_membership_only_the_organisation_changes(as_user, ada, fay, coalition):
    membership = fay.memberships.get()
    as_user(ada).post(
        f"{ADMIN}{membership.pk}/change/", {"role": "lead", "coalition": str(coalition.pk), "organisation": "New Fund"}
    )
    membership.refresh_from_db()
    assert (membership.role, membership.coalition, membership.organisation) == ("funder", None, "New Fund")


def test_the_last_lead_is_not_taken_out_here_either(as_user, ada, ana, ben):
    client = as_user(ada)
    lead, member = ana.memberships.get(), ben.memberships.get()
    answer = client.post(f"{ADMIN}{lead.pk}/delete/", {"post": "yes"}, follow=True)
    assert "only lead" in answer.content.decode() and ana.memberships.exists()
    client.post(f"{ADMIN}{member.pk}/delete/", {"post": "yes"})
    assert not ben.memberships.exists() and AuditEvent.objects.filter(verb="remove").exists()


def test_an_account_made_here_has_no_password_and_cannot_get_one(as_user, ada):
    client = as_user(ada)
    client.post(
        "/admin/coalitions/user/add/", {"email": "New@Example.org", "name": "N", "language": "en", "is_active": "on"}
    )
    user = User.objects.get(email="new@example.org")
    assert not user.has_usable_password()
    assert client.get(f"/admin/coalitions/user/{user.pk}/password/").status_code in (302, 404)
    assert "password" not in client.get(f"/admin/coalitions/user/{user.pk}/change/").content.decode().lower()


def test_a_changed_address_ends_its_sessions(client, ada, ben):
    from django.test import Client

    theirs, hers = Client(), Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    theirs.force_login(ben, backend=backend)
    hers.force_login(ada, backend=backend)
    assert theirs.get("/me/").status_code == 200
    hers.post(
        f"/admin/coalitions/user/{ben.pk}/change/",
        {"email": "ben.new@example.org", "name": "Ben", "language": "en", "is_active": "on"},
    )
    assert theirs.get("/me/").status_code == 302


@pytest.mark.parametrize("change", [{"email": "eve.new@example.org"}, {"is_active": ""}])
def test_a_changed_address_or_a_closed_account_ends_the_persons_link_to_the_files(as_user, ada, eve, change):
    link = people.make_export_token(key=uuid.uuid4(), by=eve)
    sent = {"email": eve.email, "name": eve.name, "language": "en", "is_active": "on"}
    assert as_user(ada).post(f"/admin/coalitions/user/{eve.pk}/change/", {**sent, "name": "Eva"}).status_code == 302
    assert ExportToken.objects.of(eve) == link
    sent = {key: value for key, value in {**sent, **change}.items() if value}
    assert as_user(ada).post(f"/admin/coalitions/user/{eve.pk}/change/", sent).status_code == 302
    User.objects.filter(pk=eve.pk).update(is_active=True)
    assert ExportToken.objects.of(eve) is None and ExportToken.objects.user_of(link.token) is None


def test_people_and_coalitions_are_not_deleted_here(as_user, ada, ben, coalition):
    client = as_user(ada)
    assert client.post(f"/admin/coalitions/user/{ben.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/admin/coalitions/coalition/{coalition.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=ben.pk).exists() and Coalition.objects.exists()


def test_a_coalition_is_set_up_here(as_user, ada, rubric):
    factories.state("CO")
    answer = as_user(ada).post(
        "/admin/coalitions/coalition/add/",
        {"name": "Sample Peak Coalition", "slug": "sample-peak", "state": "CO", "time_zone": "America/Denver"},
    )
    assert answer.status_code == 302
    assert AuditEvent.objects.get(verb="create_coalition").coalition.slug == "sample-peak"
    page = as_user(ada).post(
        "/admin/coalitions/coalition/add/",
        {"name": "SAMPLE  peak coalition", "slug": "other", "state": "CO", "time_zone": "America/Denver"},
    )
    assert page.status_code == 200 and Coalition.objects.count() == 1


def test_a_pledge_is_read_only(as_user, ada, fay):
    client = as_user(ada)
    assert client.get("/admin/coalitions/pledge/add/").status_code == 403
    assert client.post(f"/admin/coalitions/pledge/{fay.pledge.pk}/change/", {}).status_code == 403


def test_a_coalitions_own_rubric_is_hidden(as_user, ada, rubric):
    own = Rubric.objects.create(version="own-of-somebody", own=True)
    client = as_user(ada)
    assert "own-of-somebody" not in client.get("/admin/milestones/rubric/").content.decode()
    assert client.get(f"/admin/milestones/rubric/{own.pk}/change/").status_code == 302
    assert client.post(f"/admin/milestones/rubric/{own.pk}/publish/").status_code == 404


def test_a_site_of_many_people_costs_no_more_queries(as_user, ada, coalition, django_assert_max_num_queries):
    for _number in range(15):
        factories.person(Role.MEMBER, coalition)
    client = as_user(ada)
    with django_assert_max_num_queries(15):
        client.get(ADMIN)
    assert Membership.objects.count() == 16


def test_an_address_that_changes_is_told_in_the_histories_of_the_persons_coalitions(as_user, ada, ben, coalition):
    client = as_user(ada)
    form = {"email": "ben.new@example.org", "name": "Ben", "language": "en", "is_active": "on"}
    assert client.post(f"/admin/coalitions/user/{ben.pk}/change/", form).status_code == 302
    event = AuditEvent.objects.get(verb="change_address")
    assert (event.coalition, event.details["person"], event.by) == (coalition, ben.pk, ada)
    ben.refresh_from_db()
    page = as_user(ben).get(f"/c/{coalition.slug}/history/").content.decode()
    assert "Ada changed the e-mail address of Ben" in page and "example.org" not in page


def test_the_time_zone_stays_while_answers_are_open(as_user, ana, ada, coalition):
    """Their last minute is fixed when they open; the pages say which day that is, where the coalition lives."""
    factories.collecting_assessment(coalition, by=ana)
    before = coalition.time_zone
    form = {"name": coalition.name, "time_zone": "Pacific/Honolulu"}
    for who, address in (
        (ada, f"/admin/coalitions/coalition/{coalition.pk}/change/"),
        (ana, f"/c/{coalition.slug}/settings/"),
    ):
        page = as_user(who).post(address, form | {"as_read": coalition.fingerprint})
        assert page.status_code in (200, 422)
        assert "You can change the time zone after they close." in page.content.decode()
    coalition.refresh_from_db()
    assert coalition.time_zone == before
