"""Ways to a ballot without signing in: one browser holds it, a link opens nothing else, wrong ones look all alike."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from assessments.collecting import actions as collecting_actions
from assessments.collecting import ballots, close
from assessments.collecting.ballot_forms import tidy
from assessments.collecting.keys import link_token
from assessments.collecting.rater import cookie_name
from assessments.models import Invitation
from coalitions import actions as people
from coalitions.models import Role, User, hash_of
from tests import factories

pytestmark = pytest.mark.django_db
BALLOT = "/rate/sample-buckeye-coalition/2026q2/"
FIRST, CHECK, DONE = BALLOT + "1.2/", BALLOT + "check/", BALLOT + "done/"


@pytest.fixture
def collecting(coalition, ana, ben):
    return factories.collecting_assessment(coalition, by=ana)


def token_for(invitation):
    """What the mail does when it is sent: the token is made, and its hash kept."""
    invitation.refresh_from_db()
    token = link_token(invitation)
    Invitation.objects.filter(pk=invitation.pk).update(token_sha256=hash_of(token))
    return token


@pytest.fixture
def invitation(collecting, ben):
    return collecting.invitations.get(user=ben)


@pytest.fixture
def link(invitation):
    return f"/signin/link/{token_for(invitation)}/"


@pytest.fixture
def holder(link):
    """The browser that opened the link first, its voice chosen."""
    browser = Client()
    assert browser.post(link).url == BALLOT
    assert browser.post(BALLOT, {"voice": "provider"}).url == FIRST
    return browser


def signed_in(user):
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def rows(name="ballot"):
    return apps.get_model("assessments", name)._base_manager.count()


def text(answer):
    return unescape(answer.content.decode())


# ---- The link in the mail ----


def test_a_scanner_that_opens_a_link_begins_nothing(link, collecting, ben):
    for _time in range(3):
        for method in ("get", "head"):
            shown = getattr(Client(), method)(link)
            assert shown.status_code == 200 and not [name for name in shown.cookies if "ballot" in name]
    page = text(Client().get(link))
    assert rows() == 0 and ben.email not in page and ben.name not in page
    assert "Sample Buckeye Coalition" in page and "2026 Q2" in page and "3 minutes" in page
    assert 'lang="es"' in page and "Toma unos 3 minutos" in page


def test_the_button_lets_this_browser_hold_the_ballot_and_nothing_else(link, collecting, ben):
    browser = Client()
    answer = browser.post(link)
    assert (answer.status_code, answer.url) == (303, BALLOT)
    cookie = answer.cookies[cookie_name(collecting)]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/" and cookie["expires"]
    assert "sessionid" not in browser.cookies
    assert browser.get("/me/").status_code == 302 and browser.get("/c/sample-buckeye-coalition/").status_code == 302
    stored = {
        str(value) for row in apps.get_model("assessments", "Ballot")._base_manager.values_list() for value in row
    }
    assert cookie.value not in stored and not any(link.split("/")[3] in value for value in stored)
    assert browser.post(link).status_code == 303  # the same browser comes back by the same mail


def test_in_production_the_cookie_is_bound_to_the_host(collecting, settings):
    settings.SESSION_COOKIE_SECURE = True
    assert cookie_name(collecting).startswith("__Host-ballot-")


def test_a_whole_ballot_by_link(holder, collecting, ben):
    for code in ("1.2", "2.1", "3.1", "4.2", "5.4", "6.4", "7.1"):
        assert holder.post(f"{BALLOT}{code}/", {"level": "3"}).status_code == 303
    assert holder.post(CHECK, {"send": "1"}).url == DONE
    page = text(holder.get(DONE))
    assert "Thank you. Your answers are in." in page and page.count("Strong") == 7
    assert ballots.counted(collecting).answered == 1


def test_a_forwarded_link_shows_and_saves_nothing(holder, link, collecting, ben):
    """Three browsers: the first holds the ballot, the second has the same link, in the third the person signs in."""
    holder.post(FIRST, {"level": "4", "note": "A secret of mine"})
    second = Client()
    assert second.get(link).status_code == 200
    held = second.post(link)
    assert held.status_code == 409 and not [name for name in held.cookies if "ballot" in name]
    assert f"/signin/?next={BALLOT}" in text(held) and ben.email not in text(held)
    for address in (BALLOT, FIRST, CHECK, DONE):
        page = second.get(address)
        assert page.status_code == 302 and "A secret of mine" not in text(page)
    assert second.post(FIRST, {"level": "0"}).status_code == 302
    assert second.post(BALLOT + "erase/").status_code == 302
    third = signed_in(ben)
    page = text(third.get(FIRST))
    assert "A secret of mine" in page and page.count("Your answer") == 1
    assert third.post(FIRST, {"level": "1"}).status_code == 303
    assert "Your answer" in text(holder.get(FIRST)) and rows() == 1
    assert "End the other device" in text(third.get(BALLOT))
    assert third.post(BALLOT + "end-device/").url == BALLOT
    assert "End the other device" not in text(third.get(BALLOT))
    assert holder.get(FIRST).status_code == 302 and holder.post(FIRST, {"level": "2"}).status_code == 302
    kept = ballots.own(collecting, user=ben).answers.values()
    assert [answer.level for answer in kept] == [1] and rows() == 1
    for browser in (second, holder):  # whoever has the mail opens nothing by it any more; a new link would
        assert browser.post(link).status_code == 409 and browser.get(FIRST).status_code == 302


def test_a_forwarded_link_opens_nothing_that_was_begun_signed_in(link, collecting, ben, ana, invitation):
    person = signed_in(ben)
    person.post(BALLOT, {"voice": "parent"})
    person.post(FIRST, {"level": "4", "note": "A secret of mine"})
    second = Client()
    assert second.post(link).status_code == 409 and second.get(FIRST).status_code == 302
    assert "End the other device" not in text(person.get(BALLOT))
    collecting_actions.resend(invitation=invitation, by=ana)
    assert second.post(f"/signin/link/{token_for(invitation)}/").url == BALLOT  # asked for: it goes on where it was
    assert "A secret of mine" in text(second.get(FIRST)) and rows() == 1


@pytest.mark.parametrize("who", ["fay", "eve", "ada", "ben", "sam", "bea"])
def test_who_signs_in_on_a_phone_sees_nothing_that_another_began_on_it_by_code(who, collecting, request, rubric):
    elsewhere = factories.person(Role.LEAD, factories.coalition("Sample Buckeye Neighbors"), name="Bea")
    phone = begun_by_code(collecting.join_code, sent=False)
    phone.post(FIRST, {"level": "4", "note": "A secret of mine"})
    assert "A secret of mine" in text(phone.get(FIRST))
    user = elsewhere if who == "bea" else request.getfixturevalue(who)
    phone.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address in (BALLOT, FIRST, CHECK, DONE, "/me/answers/"):
        assert "A secret of mine" not in text(phone.get(address))
    assert phone.get(CHECK).status_code == (302 if who == "ben" else 404)
    assert phone.post(BALLOT + "erase/").status_code == (303 if who == "ben" else 404) and rows() == 1


def test_an_administrator_who_takes_over_an_address_finds_no_answers_by_it(collecting, ben, ada, invitation):
    """The admin refuses another address while answers are open; and were it changed all the same, nothing is found.

    Neither by signing in as the person, nor by a new link, which now comes to the administrator.
    """
    person = signed_in(ben)
    person.post(BALLOT, {"voice": "parent"})
    person.post(FIRST, {"level": "4", "note": "A secret of mine"})
    before = ben.email
    form = {"name": ben.name, "language": "en", "is_active": "on", "email": "mine@example.org"}
    refused = signed_in(ada).post(f"/admin/coalitions/user/{ben.pk}/change/", form)
    assert refused.status_code == 200 and "Answers are open in a coalition of theirs." in text(refused)
    assert User.objects.get(pk=ben.pk).email == before
    move(ben, "mine@example.org")
    as_ben, by_link = signed_in(ben), Client()
    collecting_actions.resend(invitation=invitation, by=ada)
    by_link.post(f"/signin/link/{token_for(invitation)}/")
    for browser in (as_ben, by_link):
        for address in (BALLOT, FIRST, CHECK, "/me/answers/"):
            assert "A secret of mine" not in text(browser.get(address))
    move(ben, before)
    assert "A secret of mine" in text(signed_in(ben).get(FIRST))


def move(person, address):
    """Another address, past every form."""
    User.objects.filter(pk=person.pk).update(email=address)
    person.refresh_from_db()


def test_a_link_that_went_to_another_mailbox_opens_nothing_once_the_address_is_back(
    holder, collecting, ben, ada, invitation
):
    """An administrator has a new link sent, to their own address for a moment: the ballot is free, and stays closed."""
    holder.post(FIRST, {"level": "4", "note": "A secret of mine"})
    collecting_actions.resend(invitation=invitation, by=ada)
    invitation.refresh_from_db()
    assert holder.get(FIRST).status_code == 302 and holder.post(FIRST, {"level": "0"}).status_code == 302  # let go
    before = ben.email
    move(ben, "mine@example.org")
    collecting_actions.resend(invitation=Invitation.objects.get(pk=invitation.pk), by=ada)
    invitation = Invitation.objects.get(pk=invitation.pk)
    theirs = f"/signin/link/{token_for(invitation)}/"
    assert Client().get(theirs).status_code == 200  # the control: while the address is theirs, it is a link
    move(ben, before)
    thief = Client()
    assert thief.get(theirs).status_code == thief.post(theirs).status_code == 404
    assert thief.get(FIRST).status_code == 302 and rows() == 1
    own = Client()
    assert own.post(f"/signin/link/{token_for(Invitation.objects.get(pk=invitation.pk))}/").url == BALLOT
    assert "A secret of mine" in text(own.get(FIRST))


def test_a_new_link_lets_go_of_the_browser_that_held_the_ballot(holder, invitation, ana):
    holder.post(FIRST, {"level": "3"})
    collecting_actions.resend(invitation=invitation, by=ana)
    assert holder.get(FIRST).status_code == 302 and holder.post(FIRST, {"level": "0"}).status_code == 302
    fresh = Client()
    assert fresh.post(f"/signin/link/{token_for(Invitation.objects.get(pk=invitation.pk))}/").url == BALLOT
    assert "Your answer" in text(fresh.get(FIRST)) and rows() == 1


def test_a_link_or_a_code_that_died_while_it_waited_for_its_turn_holds_nothing(invitation, collecting, ana):
    """Both are looked at before the lock: what changed until the lock is had counts."""
    as_read, code = Invitation.objects.get(pk=invitation.pk), collecting.join_code
    collecting_actions.resend(invitation=invitation, by=ana)
    fresh_code = collecting_actions.make_join_code(assessment=collecting, by=ana)
    with pytest.raises(ballots.NotCollecting):
        ballots.hold_by_link(invitation=as_read, device=None)
    with pytest.raises(ballots.NotCollecting):
        ballots.hold_by_code(assessment=collecting, code=code, user=None, device=None)
    assert rows() == 0
    assert ballots.hold_by_code(assessment=collecting, code=fresh_code, user=None, device=None).startswith(fresh_code)


def test_who_was_removed_answers_no_more(collecting, ben, ana):
    factories.ballot(collecting, 3, user=ben)
    person = signed_in(ben)
    assert person.get(CHECK).status_code == 200
    people.remove(membership=ben.memberships.get(), by=ana)
    assert person.get(CHECK).status_code == 404 and person.post(FIRST, {"level": "0"}).status_code == 404
    assert ballots.counted(collecting).answered == 1  # what was sent counts


def test_somebody_of_another_coalition_who_came_by_the_code_is_counted_by_code(collecting, rubric):
    bea = factories.person(Role.LEAD, factories.coalition("Sample Buckeye Neighbors"), name="Bea")
    browser = signed_in(bea)
    assert browser.post(f"/join/{collecting.join_code}/").url == BALLOT
    assert browser.post(BALLOT, {"voice": "partner"}).url == FIRST and browser.get(FIRST).status_code == 200
    browser.post(CHECK, {"send": "1"})
    assert ballots.counted(collecting).by_code == 1


def test_a_made_up_cookie_opens_nothing(holder, collecting):
    for value in ("x", "", "a" * 5000, holder.cookies[cookie_name(collecting)].value[:-1]):
        thief = Client()
        thief.cookies[cookie_name(collecting)] = value
        assert thief.get(FIRST).status_code == 302 and thief.post(FIRST, {"level": "0"}).status_code == 302


def test_a_shared_phone_holds_the_ballot_of_whoever_pressed_start_last(holder, collecting, ana):
    holder.post(FIRST, {"level": "4", "note": "Ben wrote this"})
    other = token_for(collecting.invitations.get(user=ana))
    assert holder.post(f"/signin/link/{other}/").status_code == 303
    assert "Ben wrote this" not in text(holder.get(BALLOT)) and holder.get(FIRST).url == BALLOT
    assert rows() == 2


def test_where_somebody_else_is_signed_in_the_link_opens_the_ballot_of_its_own_person(link, collecting, ana, ben):
    browser = signed_in(ana)
    assert browser.post(link).url == BALLOT
    assert "_auth_user_id" not in browser.session
    browser.post(BALLOT, {"voice": "parent"})
    assert ballots.own(collecting, user=ben).voice == "parent" and ballots.own(collecting, user=ana) is None


def test_signed_in_as_its_own_person_nothing_needs_to_be_held(link, collecting, ben):
    assert signed_in(ben).post(link).url == BALLOT
    assert rows() == 0


def same(answers):
    return {(status, body.split(b'name="csrfmiddlewaretoken"')[0]) for status, body in answers}


def test_old_links_look_all_alike(link, invitation, collecting, ana, ben):
    token = link.split("/")[3]
    made_up = ["x", token[:-1], token + "0", token.upper(), "٣", "a" * 3000, people.make_link(user=ben).swapcase()]
    answers, browsers = [], []

    def try_link(address):
        for method in ("get", "post"):
            browser = Client(HTTP_COOKIE="csrftoken=" + "a" * 32)
            answer = getattr(browser, method)(address)
            answers.append((answer.status_code, answer.content))
            browsers.append(browser)

    for other in made_up:
        try_link(f"/signin/link/{other}/")
    with time_machine.travel(collecting.deadline + timedelta(seconds=1)):
        try_link(link)
    ballots.renew_link(invitation=invitation, by=ana)
    try_link(link)  # replaced
    fresh = f"/signin/link/{token_for(invitation)}/"
    collecting_actions.revoke(invitation=invitation, by=ana)
    try_link(fresh)
    third = factories.person(Role.MEMBER, collecting.coalition)
    collecting_actions.invite(assessment=collecting, everybody=True, by=ana)
    gone = f"/signin/link/{token_for(collecting.invitations.get(user=third))}/"
    assert Client().get(gone).status_code == 200
    people.remove(membership=third.memberships.get(), by=ana)
    try_link(gone)
    closed = f"/signin/link/{token_for(collecting.invitations.get(user=ana))}/"
    close.close(assessment=collecting, by=ana)
    try_link(closed)
    assert len(same(answers)) == 1 and answers[0][0] == 404 and b"This link is old" in answers[0][1]
    assert not [name for browser in browsers for name in browser.cookies if "ballot" in name]
    assert rows() == 0


def test_the_start_page_in_the_other_language_begins_nothing(link):
    shown = Client().post(link, {"language": "es"})
    assert shown.status_code == 200 and "Empezar" in text(shown) and rows() == 0


def test_after_the_deadline_a_held_ballot_gives_the_words_back(holder, collecting, ana):
    with time_machine.travel(collecting.deadline + timedelta(seconds=1)):
        late = holder.post(FIRST, {"level": "1", "note": "Written late"})
        assert late.status_code == 409 and "Written late" in text(late)
    close.close(assessment=collecting, by=ana)
    late = holder.post(FIRST, {"level": "1", "note": "Written late"})
    assert late.status_code == 409 and "Written late" in text(late) and "not even you" in text(late)
    done = holder.get(DONE)
    assert done.status_code == 302 and done.cookies[cookie_name(collecting)].value == ""


def test_erased_by_link_one_can_begin_again_by_it(holder, link):
    answer = holder.post(BALLOT + "erase/")
    assert answer.url == "/join/code/?erased=1" and "Your answers are erased." in text(holder.get(answer.url))
    assert rows() == 0 and holder.get(FIRST).status_code == 302
    assert holder.post(link).url == BALLOT


def test_only_who_is_signed_in_ends_the_other_device(holder):
    assert holder.post(BALLOT + "end-device/").status_code == 302
    assert holder.get(FIRST).status_code == 200


# ---- The code of the room ----


@pytest.fixture
def code(collecting):
    collecting.refresh_from_db()
    return collecting.join_code


@pytest.mark.parametrize("typed", ["abcd2345", "ABCD-2345", " abcd 2345 ", "a-b-c-d-2-3-4-5"])
def test_a_code_is_read_as_people_type_it(typed):
    assert tidy(typed) == "ABCD2345"


@pytest.mark.parametrize("typed", ["", "ABCD234", "ABCD23456", "ABCD234O", "ABCD234٣", "code", "x" * 5000])
def test_what_can_be_no_code_is_none(typed):
    assert tidy(typed) == ""


def test_a_ballot_without_an_account(code, collecting):
    browser = Client()
    page = text(browser.get(f"/join/{code}/"))
    assert "Sample Buckeye Coalition" in page and "3 minutes" in page and rows() == 0
    answer = browser.post(f"/join/{code.lower()}/")
    assert (answer.status_code, answer.url) == (303, BALLOT) and cookie_name(collecting) in answer.cookies
    assert "sessionid" not in browser.cookies
    assert "on this phone only" in text(browser.get(BALLOT))
    assert browser.post(BALLOT, {"voice": "parent"}).url == FIRST
    browser.post(FIRST, {"level": "2"})
    browser.post(CHECK, {"send": "1"})
    assert browser.post(f"/join/{code}/").status_code == 303 and rows() == 1  # the one it has
    count = ballots.counted(collecting)
    assert (count.answered, count.by_code) == (1, 1)
    Client().post(f"/join/{code}/")
    assert rows() == 2


HANDED = ("Parent or family", "Not for the next one", "Strong", "Fuerte", "chosen-mark")


def begun_by_code(code, *, sent):
    """A phone on which a parent answered all, with a note, by the code of the room."""
    phone = Client()
    phone.post(f"/join/{code}/")
    phone.post(BALLOT, {"voice": "parent"})
    for question in ("1.2", "2.1", "3.1", "4.2", "5.4", "6.4", "7.1"):
        phone.post(f"{BALLOT}{question}/", {"level": "3", "note": "Not for the next one"})
    if sent:
        phone.post(CHECK, {"send": "1"})
    return phone


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("sent", [True, False])
def test_a_shared_phone_asks_who_answers_and_shows_nothing_of_the_one_before(code, collecting, sent, language):
    phone = begun_by_code(code, sent=sent)
    phone.cookies["django_language"] = language
    mine = ballots.own(collecting, device=phone.cookies[cookie_name(collecting)].value)
    page = text(phone.get(f"/join/{code}/"))
    go_on, another = {
        "en": ("Go on with the answers begun on this phone", "Start for another person"),
        "es": ("Seguir con las respuestas empezadas en este teléfono", "Empezar para otra persona"),
    }[language]
    assert go_on in page and another in page and not [word for word in HANDED if word in page]
    assert text(begun_by_code(code, sent=not sent).get(f"/join/{code}/")).count("button") == page.count("button")
    assert text(Client(HTTP_ACCEPT_LANGUAGE=language).get(f"/join/{code}/")).count(go_on) == 0
    assert rows() == 2
    old = phone.cookies[cookie_name(collecting)].value
    assert phone.post(f"/join/{code}/", {"fresh": "1"}).url == BALLOT
    new = phone.cookies[cookie_name(collecting)].value
    assert new != old and rows() == 3
    for address in (BALLOT, f"/join/{code}/"):
        assert not [word for word in HANDED[1:] if word in text(phone.get(address))]
    assert ballots.own(collecting, device=old).answers == mine.answers
    assert ballots.own(collecting, device=old).sent is sent
    phone.post(BALLOT, {"voice": "staff"})
    phone.post(FIRST, {"level": "0"})
    phone.post(CHECK, {"send": "1"})
    assert ballots.own(collecting, device=old).answers == mine.answers
    assert ballots.own(collecting, device=new).voice == "staff"
    assert ballots.counted(collecting).by_code == 1 + sent + (not sent)


def test_going_on_keeps_the_answers_begun_on_this_phone(code, collecting):
    phone = begun_by_code(code, sent=False)
    assert phone.post(f"/join/{code}/").url == BALLOT and rows() == 1
    assert "Not for the next one" in text(phone.get(FIRST))
    shown = phone.post(f"/join/{code}/", {"language": "es", "fresh": "1"})
    assert shown.status_code == 200 and "Empezar para otra persona" in text(shown) and rows() == 1


def test_a_phone_that_a_link_began_on_asks_too(code, holder, collecting):
    page = text(holder.get(f"/join/{code}/"))
    assert "Start for another person" in page
    before = rows()
    holder.post(f"/join/{code}/", {"fresh": "1"})
    assert rows() == before + 1 and holder.get(FIRST).url == BALLOT


def test_signed_in_the_ballot_is_ones_own_and_nobody_is_asked(code, collecting, ben):
    browser = signed_in(ben)
    browser.post(f"/join/{code}/")
    assert "Start for another person" not in text(browser.get(f"/join/{code}/"))
    assert browser.post(f"/join/{code}/", {"fresh": "1"}).url == BALLOT and rows() == 1


def test_a_lent_phone_says_whose_account_it_is_and_lets_one_sign_out_first(code, collecting, ben):
    phone = signed_in(ben)
    page = text(phone.get(f"/join/{code}/"))
    assert "You are signed in as Ben. Start opens Ben's answers." in page
    assert re.search(r'<form method="post" action="/signout/">.*?<button[^>]*>Sign out first</button>', page)
    phone.post("/language/", {"language": "es", "next": "/"})
    page = text(phone.get(f"/join/{code}/"))
    assert "Esta es la cuenta de Ben. «Empezar» abre las respuestas de Ben." in page and "Salir primero" in page
    assert phone.post("/signout/").status_code == 303
    page = text(phone.get(f"/join/{code}/"))
    assert "Ben" not in page and "Sign out" not in page and "Salir" not in page
    phone.post(f"/join/{code}/")
    phone.post(BALLOT, {"voice": "parent"})
    assert rows() == 1 and ballots.own(collecting, user=ben) is None


def test_signed_in_on_a_phone_that_somebody_began_on_one_begins_ones_own(code, collecting, ben):
    phone = begun_by_code(code, sent=True)
    phone.force_login(ben, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Start for another person" not in text(phone.get(f"/join/{code}/"))
    assert phone.post(f"/join/{code}/").url == BALLOT and rows() == 2
    assert phone.get(FIRST).url == BALLOT and ballots.own(collecting, user=ben).answers == {}


def test_a_sent_ballot_hands_the_phone_on(code, collecting, ana):
    phone = begun_by_code(code, sent=True)
    page = text(phone.get(DONE))
    assert "Hand this phone to the next person" in page and f'action="/join/{code}/"' in page
    old = phone.cookies[cookie_name(collecting)].value
    answer = phone.post(f"/join/{code}/", {"hand": "1"})
    assert (answer.status_code, answer.url) == (303, f"/join/{code}/")
    assert answer.cookies[cookie_name(collecting)].value == ""
    assert phone.get(DONE).status_code == 302 and phone.get(FIRST).status_code == 302
    start = text(phone.get(f"/join/{code}/"))
    assert "Start for another person" not in start and not [word for word in HANDED if word in start]
    assert ballots.own(collecting, device=old).sent and rows() == 1
    phone.post(f"/join/{code}/")
    assert phone.get(FIRST).url == BALLOT and rows() == 2


def test_a_phone_is_handed_on_by_a_code_that_is_old_by_now_and_learns_no_newer_one(code, collecting, ana):
    phone = begun_by_code(code, sent=True)
    fresh = collecting_actions.make_join_code(assessment=collecting, by=ana)
    page = text(phone.get(DONE))
    assert fresh not in page and f'action="/join/{code}/"' in page
    answer = phone.post(f"/join/{code}/", {"hand": "1"})
    assert answer.cookies[cookie_name(collecting)].value == "" and phone.get(answer.url).status_code == 404
    assert phone.get(DONE).status_code == 302


def test_a_ballot_by_link_or_signed_in_offers_no_phone_to_hand_on(code, holder):
    stranger = signed_in(factories.person(Role.MEMBER, factories.coalition("Sample Prairie Coalition", "IA")))
    stranger.post(f"/join/{code}/")
    stranger.post(BALLOT, {"voice": "parent"})
    for browser in (holder, stranger):
        browser.post(CHECK, {"send": "1"})
        page = text(browser.get(DONE))
        assert "Your answers are in." in page and "Hand this phone" not in page


def test_a_code_is_typed_without_script(code):
    browser = Client()
    asked = browser.get("/join/code/")
    assert asked.status_code == 200 and 'name="code"' in text(asked) and "opens nothing" not in text(asked)
    spelled = f" {code[:4].lower()}-{code[4:]} "
    assert browser.post("/join/code/", {"code": spelled}).url == f"/join/{code}/"
    assert browser.post("/join/WRONGONE/", {"code": code}).url == f"/join/{code}/"
    assert browser.post("/join/code/", {"code": " "}).status_code == 422
    for odd in ("a/b/../c", "..", "\0", "x" * 5000, "😀😀"):
        answer = browser.post("/join/code/", {"code": odd})
        assert answer.status_code in (303, 422)
        if answer.status_code == 303:
            assert answer.url.startswith("/join/") and browser.get(answer.url).status_code == 404


def test_wrong_old_and_closed_codes_look_alike_and_what_was_typed_stays(code, collecting, ana):
    fresh = collecting_actions.make_join_code(assessment=collecting, by=ana)

    def shown(typed, method):
        answer = getattr(Client(HTTP_COOKIE="csrftoken=" + "a" * 32), method)(f"/join/{typed}/")
        assert answer.status_code == 404 and f'value="{typed}"' in text(answer)
        body = text(answer).split('name="csrfmiddlewaretoken"')
        return body[0].replace(typed, ""), answer.content.count(typed.encode())

    found = {shown(typed, method) for typed in (code, "ABCD2345", "WRONGONE") for method in ("get", "post")}
    with time_machine.travel(collecting.deadline + timedelta(seconds=1)):
        found.add(shown(fresh, "get"))
        found.add(shown(fresh, "post"))
    assert len(found) == 1 and rows() == 0


def test_who_may_use_a_code(code, collecting, ana, ben, fay, eve, ada, sam):
    stranger = factories.person(Role.MEMBER, factories.coalition("Sample Prairie Coalition", "IA"))
    for user in (fay, eve, ada, sam):
        for method in ("get", "post"):
            assert getattr(signed_in(user), method)(f"/join/{code}/").status_code == 403
        assert signed_in(user).get("/join/WRONGONE/").status_code == 404
    assert rows() == 0
    for user in (ana, ben, stranger):
        browser = signed_in(user)
        answer = browser.post(f"/join/{code}/")
        assert answer.url == BALLOT and not [name for name in answer.cookies if "ballot" in name]
        assert browser.post(BALLOT, {"voice": "staff"}).url == FIRST
        assert browser.post(FIRST, {"level": "1"}).status_code == 303
    assert rows() == 3 and signed_in(stranger).get("/c/sample-buckeye-coalition/").status_code == 404


def test_a_member_who_has_a_ballot_gets_that_one_by_the_code(code, holder, collecting, ben):
    holder.post(FIRST, {"level": "3"})
    assert holder.post(f"/join/{code}/").url == BALLOT and rows() == 1
    browser = signed_in(ben)
    assert browser.post(f"/join/{code}/").url == BALLOT and rows() == 1
    assert "Your answer" in text(browser.get(FIRST))


def test_the_code_in_the_other_language_begins_nothing(code):
    shown = Client().post(f"/join/{code}/", {"language": "es"})
    assert shown.status_code == 200 and "Empezar" in text(shown) and rows() == 0
    typed = Client().post("/join/code/", {"language": "es", "code": "HALF"})
    assert typed.status_code == 200 and 'value="HALF"' in text(typed)


def test_the_front_page_leads_to_the_code(db):
    assert 'href="/join/code/"' in text(Client().get("/"))


def test_forms_need_their_token(link, code, collecting):
    strict = Client(enforce_csrf_checks=True)
    for address in (link, f"/join/{code}/", "/join/code/", BALLOT, FIRST, CHECK, BALLOT + "erase/"):
        assert strict.post(address, {"level": "1", "voice": "parent"}).status_code in (302, 403)
    assert rows() == 0
