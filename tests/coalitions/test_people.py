"""Who is what: one kind of role, no coalition without a lead, and what the people and settings pages do."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError

from coalitions import actions
from coalitions.history import SENTENCES
from coalitions.models import AuditEvent, Coalition, Membership, Pledge, Role, User
from milestones.answers import Conflict
from tests import factories

pytestmark = pytest.mark.django_db
INSIDE, READERS = (Role.LEAD, Role.MEMBER), (Role.FUNDER, Role.EVALUATOR)


def address(coalition, end):
    return f"/c/{coalition.slug}/{end}"


def roles(user):
    return sorted(user.memberships.values_list("role", flat=True))


@pytest.mark.parametrize("first", [*INSIDE, *READERS])
@pytest.mark.parametrize("second", [*INSIDE, *READERS])
def test_nobody_is_inside_a_coalition_and_a_reader_of_shared_pages(coalition, sam, first, second):
    other = factories.coalition("Sample Hoosier Coalition", at="IN")
    actions.grant(user=sam, role=first, coalition=coalition, by=None)
    if (first in INSIDE) == (second in INSIDE):
        actions.grant(user=sam, role=second, coalition=other, by=None)
        assert roles(sam) == sorted([first, second])
    else:
        for where in (coalition, other):
            with pytest.raises(ValidationError, match="never leads or members"):
                actions.grant(user=sam, role=second, coalition=where, by=None)
        assert roles(sam) == [first]


def test_granting_twice_is_granting_once(coalition, ana):
    for _time in range(2):
        actions.grant(email="New@Example.org", name="Nia", role=Role.MEMBER, coalition=coalition, by=ana)
    assert Membership.objects.filter(user__email="new@example.org").count() == 1
    assert AuditEvent.objects.filter(verb="grant").count() == 1


def test_one_is_lead_or_member_of_a_coalition_not_both(coalition, ana, ben):
    with pytest.raises(ValidationError, match="already here"):
        actions.grant(user=ben, role=Role.LEAD, coalition=coalition, by=ana)


def test_one_address_in_any_spelling_is_one_person(coalition, ana):
    for email in ("jose\u0301@example.org", "JOSÉ@example.org"):
        actions.grant(email=email, role=Role.MEMBER, coalition=coalition, by=ana)
    assert User.objects.filter(email="josé@example.org").count() == 1


def test_an_inactive_person_is_not_added(coalition, ana, sam):
    User.objects.filter(pk=sam.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="cannot be added"):
        actions.grant(email=sam.email, role=Role.MEMBER, coalition=coalition, by=ana)


def test_the_last_lead_stays(coalition, ana, ben):
    lead = ana.memberships.get()
    for act in (lambda: actions.remove(membership=lead, by=ana),
                lambda: actions.change_role(membership=lead, role=Role.MEMBER, by=ana),
                lambda: actions.close_account(user=ana)):  # fmt: skip
        with pytest.raises(actions.LastLead):
            act()
    actions.change_role(membership=ben.memberships.get(), role=Role.LEAD, by=ana)
    actions.remove(membership=lead, by=ana)
    assert roles(ana) == [] and roles(ben) == ["lead"]


def test_a_lead_who_cannot_sign_in_does_not_count(coalition, ana, ben):
    actions.change_role(membership=ben.memberships.get(), role=Role.LEAD, by=ana)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    with pytest.raises(actions.LastLead):
        actions.remove(membership=ana.memberships.get(), by=ana)


def test_removing_somebody_twice_is_said(coalition, ana, ben):
    membership = ben.memberships.get()
    actions.remove(membership=membership, by=ana)
    membership.pk = membership.pk or 1
    with pytest.raises(Conflict):
        actions.remove(membership=membership, by=ana)


# The pages


def test_members_see_people_and_change_nobody(as_user, coalition, ana, ben):
    page = as_user(ben).get(address(coalition, "people/"))
    text = page.content.decode()
    assert page.status_code == 200 and "Ana" in text and "Ben" in text
    actions.grant(email="nia@example.org", name="Nia", role=Role.MEMBER, coalition=coalition, by=ben)
    text = as_user(ben).get(address(coalition, "people/")).content.decode()
    assert "<td>Ben</td>" in text, "who brought whom is there for all to see"
    assert "Add a person" not in text and ana.email not in text
    pk = ana.memberships.get().pk
    for end in ("people/add/", f"people/{pk}/role/", f"people/{pk}/remove/"):
        assert as_user(ben).post(address(coalition, end), {"role": "member"}).status_code == 403
    assert as_user(ben).get(address(coalition, "settings/")).status_code == 403


@pytest.mark.parametrize("end", ["people/", "history/", "settings/"])
def test_a_coalition_is_not_there_for_outsiders(as_user, client, coalition, fay, eve, sam, end):
    assert client.get(address(coalition, end)).status_code == 302
    for outsider in (fay, eve, sam):
        seen = as_user(outsider).get(address(coalition, end))
        unknown = as_user(outsider).get(f"/c/no-such-coalition/{end}")
        assert seen.status_code == unknown.status_code == 404


def test_a_lead_adds_a_person_who_can_then_sign_in(as_user, coalition, ana):
    page = as_user(ana).post(
        address(coalition, "people/add/"), {"name": "Nia", "email": "Nia@Example.org", "role": "member"}
    )
    assert (page.status_code, page.url) == (303, address(coalition, "people/"))
    nia = User.objects.get(email="nia@example.org")
    assert nia.name == "Nia" and roles(nia) == ["member"] and nia.memberships.get().invited_by == ana


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "", "email": "a@b.org", "role": "member"}, "Write something here"),
        ({"name": "\u3164", "email": "a@b.org", "role": "member"}, "Write something here"),
        ({"name": "A", "email": "a@b", "role": "member"}, "like name@example.org"),
        ({"name": "A", "email": "a@b.org", "role": "administrator"}, "Choose one of these"),
        ({"name": "A", "email": "a@b.org", "role": "Member "}, "Choose one of these"),
        ({"name": "A\0", "email": "a@b.org", "role": "member"}, "cannot read"),
    ],
)
def test_a_wrong_form_is_said_and_kept(as_user, coalition, ana, fields, said):
    page = as_user(ana).post(address(coalition, "people/add/"), fields)
    assert page.status_code == 422 and said in page.content.decode()
    assert not User.objects.filter(email="a@b.org").exists()


def test_a_reader_of_shared_pages_is_not_added(as_user, coalition, ana, fay):
    page = as_user(ana).post(address(coalition, "people/add/"), {"name": "Fay", "email": fay.email, "role": "member"})
    assert page.status_code == 422 and "cannot be added" in page.content.decode()
    assert "Funders and evaluators are" not in page.content.decode()


def test_extra_fields_change_nothing(as_user, coalition, ana):
    other = factories.coalition("Sample Hoosier Coalition", at="IN")
    as_user(ana).post(
        address(coalition, "people/add/"),
        {"name": "N", "email": "n@example.org", "role": "member", "is_staff": "1", "coalition": str(other.pk)},
    )
    membership = User.objects.get(email="n@example.org").memberships.get()
    assert membership.coalition == coalition and not membership.user.is_staff


def test_roles_change_and_end_by_the_buttons(as_user, coalition, ana, ben):
    client, pk = as_user(ana), ben.memberships.get().pk
    assert client.post(address(coalition, f"people/{pk}/role/"), {"role": "lead"}).status_code == 303
    assert roles(ben) == ["lead"]
    assert client.post(address(coalition, f"people/{pk}/role/"), {"role": "funder"}).status_code == 422
    assert client.post(address(coalition, f"people/{pk}/remove/")).status_code == 303
    assert roles(ben) == []
    assert client.post(address(coalition, f"people/{pk}/remove/")).status_code == 404


def test_the_last_lead_is_told_in_words(as_user, coalition, ana):
    client, pk = as_user(ana), ana.memberships.get().pk
    for end, data in ((f"people/{pk}/remove/", {}), (f"people/{pk}/role/", {"role": "member"})):
        page = client.post(address(coalition, end), data)
        assert page.status_code == 409 and "only lead" in page.content.decode()
    assert roles(ana) == ["lead"]


def test_a_membership_of_another_coalition_is_not_there(as_user, coalition, ana):
    other = factories.coalition("Sample Hoosier Coalition", at="IN")
    theirs = factories.person(Role.MEMBER, other).memberships.get()
    for end in ("role/", "remove/"):
        assert as_user(ana).post(address(coalition, f"people/{theirs.pk}/{end}"), {"role": "lead"}).status_code == 404
    for pk in (2**63, "9" * 30, "9" * 5000):
        assert as_user(ana).post(address(coalition, f"people/{pk}/remove/")).status_code == 404


def test_rights_end_with_the_membership(as_user, coalition, ana, ben):
    client = as_user(ben)
    assert client.get(address(coalition, "people/")).status_code == 200
    actions.remove(membership=ben.memberships.get(), by=ana)
    assert client.get(address(coalition, "people/")).status_code == 404


# Settings of a coalition


def settings_of(coalition, **changes):
    fields = {"name": coalition.name, "about": coalition.about, "thanks": "", "time_zone": coalition.time_zone}
    return {**fields, "working_since": "", "as_read": coalition.fingerprint, **changes}


def test_settings_are_saved_with_a_line_in_the_history(as_user, coalition, ana):
    client = as_user(ana)
    page = client.post(
        address(coalition, "settings/"),
        settings_of(coalition, about="We care.", working_since="2019", time_zone="America/Chicago"),
    )
    assert page.status_code == 303
    coalition.refresh_from_db()
    assert (coalition.about, coalition.working_since, coalition.time_zone) == ("We care.", 2019, "America/Chicago")
    event = AuditEvent.objects.get(verb="edit_coalition")
    assert event.details["changed"] == ["about", "time_zone", "working_since"]
    assert "changed the coalition&#x27;s settings" in client.get(address(coalition, "history/")).content.decode()


def test_two_leads_do_not_overwrite_one_another(as_user, coalition, ana):
    form = settings_of(coalition, about="Mine")
    Coalition.objects.filter(pk=coalition.pk).update(about="Theirs")
    page = as_user(ana).post(address(coalition, "settings/"), form)
    assert page.status_code == 409
    coalition.refresh_from_db()
    assert coalition.about == "Theirs"


@pytest.mark.parametrize(
    "changes",
    [{"name": ""}, {"name": "x" * 121}, {"about": "x" * 2001}, {"working_since": "٢٠١٩"}, {"working_since": "1066"},
     {"working_since": "19e2"}, {"time_zone": "Mars/Olympus"}, {"time_zone": ""}, {"thanks": "a\0"}],
)  # fmt: skip
def test_settings_that_are_wrong_are_refused(as_user, coalition, ana, changes):
    page = as_user(ana).post(address(coalition, "settings/"), settings_of(coalition, **changes))
    assert page.status_code == 422
    assert not AuditEvent.objects.filter(verb="edit_coalition").exists()


def test_names_of_coalitions_are_told_apart_by_what_one_sees(as_user, coalition, ana):
    factories.coalition("Sample Hoosier Coalition", at="IN")
    for name in ("sample  HOOSIER coalition", "Sample\u200b Hoosier Coalition\u202e", "Ｓample Hoosier Coalition"):
        page = as_user(ana).post(address(coalition, "settings/"), settings_of(coalition, name=name))
        if "\u200b" not in name:
            assert page.status_code == 422 and "Another coalition has this name" in page.content.decode()


def test_settings_in_the_other_language_keep_what_was_typed(as_user, coalition, ana):
    page = as_user(ana).post(address(coalition, "settings/"), settings_of(coalition, about="Half typed", language="es"))
    text = page.content.decode()
    assert page.status_code == 200 and "Half typed" in text and 'lang="es"' in text
    assert not AuditEvent.objects.filter(verb="edit_coalition").exists()


# One's own account


def test_name_and_language_are_ones_own(as_user, ben):
    page = as_user(ben).post("/me/settings/", {"name": "Benito", "tongue": "es"})
    assert (page.status_code, page.url) == (303, "/me/") and page.cookies["django_language"].value == "es"
    ben.refresh_from_db()
    assert (ben.name, ben.language) == ("Benito", "es")


def test_closing_an_account_needs_the_tick(as_user, ben):
    page = as_user(ben).post("/me/settings/", {"act": "close"})
    assert page.status_code == 422 and "Tick the box" in page.content.decode()
    ben.refresh_from_db()
    assert ben.is_active


def test_a_closed_account_is_empty_and_its_record_stays(as_user, client, coalition, ana, ben):
    actions.grant(user=factories.person(), role=Role.MEMBER, coalition=coalition, by=ben)
    client = as_user(ben)
    assert client.post("/me/settings/", {"act": "close", "confirm": "on"}).status_code == 303
    old = ben.email
    ben.refresh_from_db()
    assert (ben.name, ben.is_active, roles(ben)) == ("", False, []) and old not in ben.email
    assert client.get("/me/").status_code == 302
    text = as_user(ana).get(address(coalition, "history/")).content.decode()
    assert "A closed account added" in text and old not in text and "Ben" not in text


def test_a_closed_account_is_not_named_in_the_admins_log(as_user, ada, sam):
    form = {"email": sam.email, "name": "Sam", "language": "es", "is_active": "on"}
    as_user(ada).post(f"/admin/coalitions/user/{sam.pk}/change/", form)
    assert LogEntry.objects.get().object_repr == "Sam"
    actions.close_account(user=sam)
    assert LogEntry.objects.get().object_repr == ""


# The pledge


def test_readers_promise_once_and_go_on(as_user, coalition, ana):
    for role, lands in ((Role.FUNDER, "/states/"), (Role.EVALUATOR, "/evaluate/export/")):
        reader = factories.person(role, name=f"Reader {role}", pledged=False)
        assert as_user(reader).get("/pledge/").status_code == 200
        assert as_user(reader).post("/pledge/", {}).status_code == 422
        for _time in range(2):
            assert as_user(reader).post("/pledge/", {"accept": "on"}).url == lands
        assert Pledge.objects.filter(user=reader).count() == 1
        assert AuditEvent.objects.filter(verb="accept_pledge", by=reader).count() == 1
    text = as_user(ana).get(address(coalition, "history/")).content.decode()
    assert "Reader funder" in text and "Promised on" in text


def test_nobody_else_promises(as_user, client, ana, ben, ada, sam):
    assert client.get("/pledge/").status_code == 302
    for other in (ana, ben, ada, sam):
        assert as_user(other).get("/pledge/").status_code == as_user(other).post("/pledge/").status_code == 403


@pytest.mark.parametrize("number", ["0", "abc", "99999", "-1", "٣"])
def test_pages_of_the_history_are_clamped(as_user, coalition, ana, number):
    assert as_user(ana).get(address(coalition, "history/"), {"page": number}).status_code == 200


def test_an_administrator_reads_no_reasons_in_the_history(as_user, coalition, ana, ada):
    assessment = factories.at_stage(coalition, "reopened", by=ana)
    assert assessment and "A date was wrong" in as_user(ana).get(address(coalition, "history/")).content.decode()
    text = as_user(ada).get(address(coalition, "history/")).content.decode()
    assert "reopened revision 1" in text and "A date was wrong" not in text


def test_what_people_write_is_shown_as_text(as_user, coalition, ana):
    nasty = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7 }}'
    client = as_user(ana)
    client.post(address(coalition, "settings/"), settings_of(coalition, name=nasty, about=nasty))
    client.post("/me/settings/", {"name": nasty, "tongue": "en"})
    for path in ("/me/", "/me/settings/", *(address(coalition, end) for end in ("people/", "history/", "settings/"))):
        text = client.get(path).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text and "&lt;script&gt;" in text


def test_a_coalition_reads_who_took_its_files(as_user, coalition, ana, eve):
    AuditEvent.objects.create(verb="export", coalition=coalition, by=eve, details={"file": "standings.csv"})
    assert "Eve took away the file standings.csv" in as_user(ana).get(address(coalition, "history/")).content.decode()


def test_an_act_without_a_sentence_is_named_by_its_verb(as_user, coalition, ana):
    AuditEvent.objects.create(verb="something_new", coalition=coalition, by=ana)
    assert "Ana: something new" in as_user(ana).get(address(coalition, "history/")).content.decode()


def test_every_act_of_ours_has_a_sentence(coalition, ana):
    factories.share(factories.submitted(coalition, by=ana), by=ana)
    assert not set(AuditEvent.objects.values_list("verb", flat=True)) - set(SENTENCES)
