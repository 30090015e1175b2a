"""A roster becomes members: all of them or nobody, once however often, and of who has an account it tells nothing."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coalitions import people_csv, roster_actions
from coalitions.models import Mail, Membership, Role, User
from milestones.csv_in import Refused
from tests import factories
from tests.authz import dump

pytestmark = pytest.mark.django_db
HEADER = "name,email,role\r\n"
TWO = HEADER + "Dee,Dee@Example.org,Member \r\nEli,eli@example.org,MEMBER\r\n"


def address(coalition) -> str:
    return f"/c/{coalition.slug}/people/import/"


def look(client, coalition, text):
    return client.post(address(coalition), {"file": SimpleUploadedFile("people.csv", text.encode())})


def keep(client, coalition, text):
    return client.post(address(coalition), {"text": text, "act": "keep"})


@pytest.fixture
def lead(ana, as_user):
    return as_user(ana)


def test_a_roster_is_looked_at_and_then_everybody_is_a_member(lead, coalition, ana):
    before = dump()
    page = look(lead, coalition, TWO)
    assert page.status_code == 200 and "2 people become members:" in page.content.decode()
    assert dump() == before
    answer = lead.post(address(coalition), page.context["form"].initial)
    assert (answer.status_code, answer.url) == (303, f"/c/{coalition.slug}/people/")
    found = Membership.objects.filter(coalition=coalition, role=Role.MEMBER).select_related("user")
    assert {(m.user.name, m.user.email, m.invited_by) for m in found} == {
        ("Dee", "dee@example.org", ana), ("Eli", "eli@example.org", ana),
    }  # fmt: skip
    assert not Mail.objects.exists()
    assert coalition.audit_events.filter(verb="grant").count() == 2


def test_a_repeat_adds_nobody(lead, coalition):
    keep(lead, coalition, TWO)
    before = dump()
    assert keep(lead, coalition, TWO).status_code == 303
    assert dump() == before
    page = look(lead, coalition, TWO + "Fay,fay@example.org,member\r\n").content.decode()
    assert "1 person becomes a member:" in page and "2 people are here already" in page


def test_a_lead_in_the_file_stays_a_lead(lead, coalition, ana):
    assert keep(lead, coalition, f"{HEADER}Ana,{ana.email},member\r\n").status_code == 303
    assert ana.memberships.get().role == Role.LEAD


def test_a_new_address_and_one_with_an_account_elsewhere_are_answered_alike(lead, coalition):
    """Row 60: nothing of another coalition, not even the name the person has there."""
    other = factories.coalition("Sample Prairie Coalition", "IA")
    there = factories.person(Role.MEMBER, other, name="Their other name")
    addresses = [there.email, "n" * len(there.email.split("@")[0]) + "@example.org"]
    pages = []
    for email in addresses:
        page = look(lead, coalition, f"{HEADER}Gus,{email},member\r\n")
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
        pages.append((page.status_code, text.replace(email, "THE ADDRESS")))
    for email in addresses:
        assert keep(lead, coalition, f"{HEADER}Gus,{email},member\r\n").status_code == 303
    assert pages[0] == pages[1] and "Their other name" not in pages[0][1]
    assert set(there.memberships.values_list("coalition", flat=True)) == {other.pk, coalition.pk}


@pytest.mark.parametrize("who", ["funder", "evaluator", "administrator who may not sign in"])
def test_whoever_cannot_be_added_is_refused_in_the_same_words(lead, coalition, who):
    person = factories.person(Role.FUNDER if who == "funder" else Role.EVALUATOR, name="Rea", organisation="")
    if "sign in" in who:
        User.objects.filter(pk=person.pk).update(is_active=False)
    before = dump()
    page = keep(lead, coalition, TWO + f"Rea,{person.email},member\r\n")
    assert page.status_code == 422
    assert "This person cannot be added. Ask the people who run this site." in page.content.decode()
    assert dump() == before


def test_without_the_check_a_reader_would_become_a_member(lead, coalition, fay, monkeypatch):
    """The control: it is the rule about roles that refuses, and the whole file that is taken back."""
    monkeypatch.setattr("coalitions.actions.check_one_kind", lambda user, role: None)
    assert keep(lead, coalition, f"{HEADER}Fay,{fay.email},member\r\n").status_code == 303


def test_nobody_becomes_a_lead_by_a_file(coalition, ana):
    with pytest.raises(Refused):
        people_csv.people([people_csv.Line(2, {"name": "Dee", "email": "dee@example.org", "role": "lead"})])
    person = people_csv.Person(2, "Dee", "dee@example.org")
    roster_actions.import_people(coalition=coalition, people=[person], by=ana)
    assert User.objects.get(email="dee@example.org").memberships.get().role == Role.MEMBER


def test_the_template_has_the_columns(lead, coalition):
    answer = lead.get(f"{address(coalition)}template.csv")
    assert answer.content.decode() == HEADER
