"""Rights that end, and what never crosses from one coalition to another: the matrix's questions about contents."""

import re
import uuid

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.base import ContentFile
from django.db import models
from django.test import Client

from assessments.discussing import evidence_actions
from assessments.mails import WRITERS
from assessments.models import Revision, Standing
from assessments.sharing import actions as sharing
from coalitions import actions as people
from coalitions.models import AuditEvent, Coalition, Mail, Membership, Role, User
from tests import factories
from tests.authz import PDF, ROUTES, SITUATIONS, dump, one_world, patterns, route_of, said, written_coalition

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("postgres")]
CANARY, NAME = "kanari", "Kolibri"
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The world of the matrix, pages drawn, with a coalition K beside it whose every text holds the canary."""
    with one_world(django_db_blocker, drawn=True) as made:
        made.k = written_coalition(NAME, text)
        only_a = made.a["reopened_shared"]
        made.people |= {
            "FA": factories.person(Role.FUNDER, only_a, name="Fia"),
            "EA": factories.person(Role.EVALUATOR, only_a, name="Eli"),
        }
        for key in ("FA", "EA"):
            made.session(key, "none")
        yield made


def text(what):
    return f"{CANARY} {what} <{CANARY}>"


# Names, keys and texts with a fixed vocabulary: there is nothing of anybody's to read in them.
NO_WORDS_OF_PEOPLE = {
    "slug", "name_key", "code", "version", "password", "email", "quarter_text", "sha256", "token_sha256", "name_es",
    "definition_es", "title_es", "question_es", "text_es", "about_id", "verb", "time_zone", "file_type", "change",
    "change_since", "level_rule", "level_status", "evidence_tag", "brought_forward_from", "grounding", "note_en",
    "note_es", "meaning_en", "meaning_es", "body", "kind", "address", "key", "join_code", "holder", "device_sha256",
    "rule", "own", "ratings", "items", "standings",
}  # fmt: skip


def texts_of_people():
    """Every field in which somebody of a coalition writes words."""
    from django.apps import apps

    for app in ("milestones", "coalitions", "assessments"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__ in ("Level", "Finding", "State", "Rubric", "SigninLink", "Pledge", "Standing", "Sharing"):
                continue
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, (models.CharField, models.TextField)) and not field.choices
                if (
                    is_text
                    and field.name not in NO_WORDS_OF_PEOPLE
                    and not (model is AuditEvent and field.name == "about")
                ):
                    yield model, field.name


def test_the_canary_sits_in_every_text_that_people_write(world):
    lacking = [
        f"{model.__name__}.{name}"
        for model, name in texts_of_people()
        if not model._base_manager.filter(
            **{f"{name}__contains": NAME if (model, name) == (Coalition, "name") else CANARY}
        ).exists()
    ]
    assert lacking == []
    assert Revision.objects.filter(coalition=world.k, body__contains=CANARY).exists()


def pages():
    """Every page and file but one: the link of an evaluator of all answers as its owner, whoever follows it."""
    return [name for name in ROUTES if "GET" in ROUTES[name] and name != "export_by_link"]


NAMES_WHO_SHARES_NOTHING = {
    "states", "state", "milestone", "shared_next_steps", "states_figure", "milestone_figure", "next_steps_figure",
}  # fmt: skip
SHOWN_TO_A = ["draft", "collecting", "discussing", "submitted_unshared", "submitted_shared", "reopened_shared"]


@pytest.mark.parametrize("name", pages())
def test_nothing_of_another_coalition_is_in_any_answer(world, name):
    """To A's people and to readers of A alone. K shares nothing, so that its name is all a shared page may say,
    and only to a lead who sees what a funder of all sees."""
    for actor in ("MA", "LA", "FA", "EA"):
        for situation in SHOWN_TO_A:
            answer = world.ask("GET", world.url(name, actor, situation), actor, situation)
            heard = said(answer) + repr(answer.headers)
            assert CANARY not in heard.lower(), (actor, situation)
            if not (actor == "LA" and route_of(name) in NAMES_WHO_SHARES_NOTHING):
                assert NAME not in heard, (actor, situation)
    assert not [sent for sent in mail.outbox if CANARY in sent.body + sent.subject]


def test_the_canary_sings_to_its_own(world):
    """The crawl would hear it: K's lead does."""
    client = Client()
    client.force_login(world.k.memberships.get(role=Role.LEAD).user, backend=settings.AUTHENTICATION_BACKENDS[0])
    for address in ("", "people/", "results/", "events/", "settings/", "history/", "2026q2/revisions/1/"):
        assert CANARY in client.get(f"/c/kolibri/{address}").content.decode().lower(), address
    for address, what in [("results/setting-the-table/", "note"), ("2026q2/1.2/", "note"), ("results/", "beyond")]:
        assert f"{CANARY} {what}" in client.get(f"/c/kolibri/{address}").content.decode(), address


def test_no_note_of_another_coalition_is_in_any_file_or_mail(world):
    """Evaluators take releases, never notes; and what A is told by mail is of A alone."""
    for actor in ("EV", "FG"):
        for name in ("export_file", "export_file@standings", "shared_coalition", "states"):
            heard = said(world.ask("GET", world.url(name, actor, "submitted_shared"), actor, "submitted_shared"))
            assert f"{CANARY} note" not in heard and f"{CANARY} beyond" not in heard
    of_a = [user for key, user in world.people.items() if key.startswith(("MA", "LA"))]
    written = [WRITERS[row.kind](row) for row in Mail.objects.filter(user__in=of_a, sent_at=None, dropped_at=None)]
    letters = [letter for letter in written if letter]
    assert letters
    for letter in letters:
        assert CANARY not in letter.text + letter.html + letter.subject and NAME not in letter.text + letter.html


# Outside is nowhere


def stripped(answer, url) -> bytes:
    return CSRF.sub(b"", answer.content).replace(url.encode(), b"HERE")


@pytest.mark.parametrize("name", [n for n in ROUTES if "slug" in ROUTES[n]["address"] and "@" not in n])
def test_a_foreign_address_and_an_unknown_one_have_the_same_bytes(world, name):
    """An unknown slug, another coalition's, and one's own with an id that is another's."""
    for actor in ("MA", "LA", "LB", "FX", "EX", "SAM"):
        url = world.url(name, actor, "submitted_unshared")
        own = world.things["submitted_unshared"]["slug"]
        slugs = ["kolibri", "no-such-coalition", *([own] if actor not in ("MA", "LA") else [])]
        for method in ("GET", "POST"):
            if method not in ROUTES[name]:
                continue
            heard = set()
            for slug in slugs:
                address = url.replace(own, slug)
                body = world.body(name, actor, "none") if method == "POST" else None
                answer = world.ask(method, address, actor, "submitted_unshared", body)
                heard.add((answer.status_code, stripped(answer, address), tuple(sorted(answer.headers))))
            assert len(heard) == 1, (actor, method, [status for status, *_rest in heard])
            status = heard.pop()[0]
            assert status == 404 or (status == 403 and ROUTES[name]["rule"] == "shared"), (actor, method, status)


def test_an_id_of_another_and_an_unknown_one_have_the_same_bytes(world):
    things, ids = world.things["discussing"], world.of_b
    base = f"/c/{things['slug']}/{world.quarter.slug}"
    unknown = uuid.uuid4()
    for method, address, theirs in [
        ("POST", f"/c/{things['slug']}/people/ID/remove/", ids["membership_of_b"]),
        ("POST", f"/c/{things['slug']}/people/ID/role/", ids["membership_of_b"]),
        ("POST", f"/c/{things['slug']}/events/ID/remove/", ids["event_of_b"]),
        ("POST", f"{base}/next-steps/ID/remove/", ids["step_of_b"]),
        ("POST", f"{base}/1.2/evidence/ID/remove/", ids["evidence_of_b"]),
        ("GET", f"{base}/evidence-files/ID/", ids["evidence_of_b"]),
        ("POST", f"{base}/1.2/different-view/ID/withdraw/", things["member_view"]),
        ("POST", f"{base}/1.2/different-view/ID/withdraw/", things["unsigned_view"]),
    ]:
        heard = []
        for key in (theirs, 987654 if "people" in address else unknown):
            url = address.replace("ID", str(key))
            answer = world.ask(method, url, "LA", "discussing", {"role": "lead"})
            heard.append((answer.status_code, stripped(answer, url)))
        assert heard[0] == heard[1] and heard[0][0] == 404, address


def test_a_key_of_another_coalition_opens_nothing_of_it(world):
    """A form's own key that is another's row: refused, and the row stays as it was."""
    things, ids = world.things["discussing"], world.of_b
    base = f"/c/{things['slug']}/{world.quarter.slug}"
    steps = {
        f"{part}-{n}": ""
        for n in (1, 2, 3)
        for part in ("kind", "text", "milestone", "owner_name", "owner_role", "due_on")
    }
    steps |= {f"version-{n}": "0" for n in (1, 2, 3)} | {f"key-{n}": str(uuid.uuid4()) for n in (2, 3)}
    steps |= {
        "key-1": str(ids["step_of_b"]), "kind-1": "ask", "text-1": "mine now", "milestone-1": "beyond",
        "owner_name-1": "Ana", "owner_role-1": "lead", "due_on-1": "2026-12-01",
    }  # fmt: skip
    for address, body in [
        (f"/c/{things['slug']}/events/", {"key": ids["event_of_b"], "happened_on": "2026-01-05", "words": "mine now"}),
        (f"{base}/1.2/evidence/", {"key": ids["evidence_of_b"], "kind": "count", "shows": "mine now", "voice": "other",
                                   "visibility": "coalition_only"}),
        (f"{base}/1.2/different-view/", {"key": things["member_view"], "text": "mine now", "signed": "yes",
                                         "coalition_only": "no"}),
        (f"{base}/next-steps/", steps),
        (f"{base}/next-steps/", {**steps, "version-1": "1"}),
    ]:  # fmt: skip
        before = dump()
        answer = world.ask("POST", address, "LA", "discussing", body)
        assert answer.status_code == 422 and "mine now" in answer.content.decode(), address
        assert dump() == before


# Rights end with the next request


@pytest.fixture
def signed_in(client):
    def as_(user):
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return as_


def test_a_removed_lead_is_outside_at_once(signed_in, coalition, ana):
    factories.person(Role.LEAD, coalition)
    client = signed_in(ana)
    assert client.get(f"/c/{coalition.slug}/settings/").status_code == 200
    people.remove(membership=ana.memberships.get(), by=None)
    assert client.get(f"/c/{coalition.slug}/settings/").status_code == 404
    assert client.post(f"/c/{coalition.slug}/open/", {}).status_code == 404
    assert client.get("/me/").status_code == 200


def test_a_lead_made_a_member_reads_and_no_more(signed_in, coalition, ana):
    factories.person(Role.LEAD, coalition)
    assessment = factories.discussing_assessment(coalition, by=ana)
    client = signed_in(ana)
    sent = {"version": 1, "outcome": "agreed", "level": "2"}
    people.change_role(membership=ana.memberships.get(), role=Role.MEMBER, by=None)
    assert client.post(assessment.url("agreed_rating", "1.2"), sent).status_code == 403
    assert client.get(assessment.url("agreed_rating", "1.2")).status_code == 200
    people.change_role(membership=ana.memberships.get(), role=Role.LEAD, by=None)
    assert client.post(assessment.url("agreed_rating", "1.2"), sent).status_code == 303


def test_a_disabled_person_is_signed_out_at_once(signed_in, coalition, ana):
    client = signed_in(ana)
    assert client.get(f"/c/{coalition.slug}/").status_code == 200
    User.objects.filter(pk=ana.pk).update(is_active=False)
    answer = client.get(f"/c/{coalition.slug}/")
    assert answer.status_code == 302 and answer.url.startswith("/signin/")
    assert client.get("/me/").status_code == 302
    link = people.make_link(user=ana)
    assert client.post(f"/signin/link/{link}/").status_code == 404


def test_a_closed_account_is_signed_out_everywhere(coalition, ben):
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(ben, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert clients[0].post("/me/settings/", {"act": "close", "confirm": "on"}).status_code == 303
    assert [client.get("/me/").status_code for client in clients] == [302, 302]


@pytest.mark.parametrize("role, address", [(Role.FUNDER, "/states/"), (Role.EVALUATOR, "/evaluate/export/")])
def test_an_ended_membership_ends_the_reading(signed_in, coalition, ana, role, address):
    reader = factories.person(role, coalition)
    assessment = factories.submitted(coalition, by=ana)
    factories.share(assessment, by=ana)
    client = signed_in(reader)
    shared = f"/states/oh/{coalition.slug}/"
    assert client.get(address).status_code == client.get(shared).status_code == 200
    people.remove(membership=reader.memberships.get(), by=None)
    assert client.get(address).status_code == client.get(shared).status_code == 403


def test_a_reader_moved_to_another_coalition_loses_the_first(signed_in, coalition, ana):
    reader = factories.person(Role.FUNDER, coalition)
    factories.share(factories.submitted(coalition, by=ana), by=ana)
    client = signed_in(reader)
    shared = f"/states/oh/{coalition.slug}/"
    tag = client.get(shared).headers["ETag"]
    Membership.objects.filter(user=reader).update(coalition=factories.coalition("Sample Other"))
    assert client.get(shared).status_code == 404
    # and a page that the browser kept is not confirmed as fresh
    assert client.get(shared, headers={"If-None-Match": tag}).status_code == 404


def test_an_administrator_no_more_is_out_of_the_admin(signed_in, ada):
    client = signed_in(ada)
    assert client.get("/admin/").status_code == 200
    people.remove(membership=ada.memberships.get(), by=None)
    assert client.get("/admin/").status_code == client.post("/admin/coalitions/user/add/", {}).status_code == 404


def test_what_is_withdrawn_is_a_note_and_its_files_are_gone(signed_in, coalition, ana, fay, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    assessment = factories.discussing_assessment(coalition, by=ana)
    rating = assessment.agreed_ratings.select_related("assessment__coalition").get(indicator__code="1.2")
    evidence = evidence_actions.add_evidence(
        rating=rating, key=uuid.uuid4(), kind="count", shows="Forty parents", voice="parent", dated=None, link="",
        visibility="may_be_shared", consent=False, file=ContentFile(PDF, name="x.pdf"), file_type="application/pdf",
        by=ana,
    )  # fmt: skip
    factories.rate_all(assessment, by=ana)
    factories.submit(assessment, by=ana)
    assessment.refresh_from_db()
    factories.share(assessment, by=ana)
    client = signed_in(fay)
    page = f"/states/oh/{coalition.slug}/"
    file = f"{page}{assessment.quarter.slug}/files/{evidence.pk}/"
    shown, got = client.get(page), client.get(file)
    assert shown.status_code == got.status_code == 200 and "Forty parents" in shown.content.decode()
    assert b"".join(got.streaming_content) == PDF and "attachment" in got.headers["Content-Disposition"]
    sharing.withdraw(assessment=assessment, by=ana)
    note = client.get(page, headers={"If-None-Match": shown.headers["ETag"]})
    assert note.status_code == 200 and "Forty parents" not in note.content.decode()
    assert client.get(file).status_code == 404
    assert not Standing.objects.shared().filter(coalition=coalition).exists()


def test_a_lead_reads_shared_pages_while_the_own_coalition_shares(signed_in, coalition, ana):
    assessment = factories.submitted(coalition, by=ana)
    client = signed_in(ana)
    assert client.get("/states/").status_code == 403
    factories.share(assessment, by=ana)
    assert client.get("/states/").status_code == 200
    sharing.withdraw(assessment=assessment, by=ana)
    assert client.get("/states/").status_code == 403


def test_every_situation_is_crawled_somewhere():
    assert set(SHOWN_TO_A) < set(SITUATIONS) and {n for n, _p, _v in patterns()} >= {route_of(n) for n in pages()}
