"""What is written on a record page is kept, and the page says truthfully whether it is saved."""

import re

import pytest
from django.core.cache import cache

from coalitions.models import Role
from tests import factories
from tests.browser.test_every_page import sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine("sqlite")]
DRAFTS = "Object.keys(sessionStorage).filter(key => key.startsWith('draft:')).length + localStorage.length"


@pytest.fixture
def quarter(db):
    """A quarter being recorded by two leads."""
    cache.clear()
    factories.rubric()
    coalition = factories.coalition()
    ana, otto = (factories.person(Role.LEAD, coalition, name=name) for name in ("Ana", "Otto"))
    return {"assessment": factories.discussing_assessment(coalition, by=ana), "ana": ana, "otto": otto}


@pytest.fixture
def open_as(new_context, live_server, quarter):
    """The record page of 1.2, opened by somebody in a browser of their own."""

    def opened(who, *, script=True):
        context = new_context() if script else new_context(java_script_enabled=False)
        sign_in(context, live_server, quarter[who], "en")
        page = context.new_page()
        page.goto(live_server.url + quarter["assessment"].url("agreed_rating", "1.2"))
        return page

    return opened


def rating(quarter):
    return quarter["assessment"].agreed_ratings.get(indicator__code="1.2")


def status(page):
    return page.locator("#save-status")


def reason(page):
    return page.get_by_label(re.compile("^Why this level"))


def says(page, words):
    status(page).get_by_text(words).wait_for(timeout=20_000)


def test_a_tap_is_saved_and_there_when_the_page_is_opened_again(open_as, quarter):
    page = open_as("ana")
    page.get_by_role("radio", name=re.compile("^Strong")).check()
    says(page, re.compile("^Saved at"))
    assert rating(quarter).level == 3 and not rating(quarter).confirmed
    page.close()
    again = open_as("ana")
    assert again.get_by_role("radio", name=re.compile("^Strong")).is_checked()


def test_text_is_saved_while_it_is_written_and_nothing_stays_in_the_browser(open_as, quarter):
    page = open_as("ana")
    reason(page).fill("Six parents vote now.")
    says(page, re.compile("^Saved at"))
    assert rating(quarter).reason == "Six parents vote now."
    assert page.evaluate(DRAFTS) == 0


def test_offline_the_page_says_so_keeps_the_text_and_sends_it_later(open_as, quarter, noise):
    page = open_as("ana")
    page.context.set_offline(True)
    reason(page).fill("Written on a train")
    says(page, re.compile("You are offline"))
    assert rating(quarter).reason == ""
    assert page.evaluate(DRAFTS) == 1
    page.context.set_offline(False)
    says(page, re.compile("^Saved at"))
    assert rating(quarter).reason == "Written on a train"
    noise[:] = [said for said in noise if "ERR_INTERNET_DISCONNECTED" not in said]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_two_people_lose_nothing(open_as, quarter, noise, script):
    mine, theirs = open_as("ana", script=script), open_as("otto", script=script)
    for page, text in ((theirs, "What Otto wrote"), (mine, "What Ana wrote")):
        page.get_by_role("radio", name="Agreed", exact=True).check()
        page.get_by_role("radio", name=re.compile("^Growing")).check()
        reason(page).fill(text)
        if not script:
            page.get_by_role("button", name="Save and continue").click()
        elif page is theirs:
            says(page, re.compile("^Saved at"))
            page.wait_for_timeout(1500)
    if script:
        mine.get_by_role("button", name="Look at both").click()
    mine.get_by_role("heading", name="Two changes to one page").wait_for()
    both = mine.locator("main").inner_text()
    assert "What Ana wrote" in both and "What Otto wrote" in both
    mine.get_by_role("button", name="Keep both texts").click()
    mine.get_by_role("heading", level=1).wait_for()
    assert rating(quarter).reason == "What Otto wrote\n\nWhat Ana wrote"
    noise[:] = [said for said in noise if "409" not in said]


def test_signed_out_meanwhile_it_says_so_and_keeps_the_text(open_as, quarter, noise):
    page = open_as("ana")
    page.context.clear_cookies()
    reason(page).fill("Still here")
    page.locator("#save-problem").get_by_text(re.compile("signed out|try again", re.I)).first.wait_for()
    assert rating(quarter).reason == "" and reason(page).input_value() == "Still here"
    noise[:] = [said for said in noise if not re.search("40[13]", said)]


def test_the_language_switch_keeps_what_was_typed_without_script(open_as, quarter):
    page = open_as("ana", script=False)
    reason(page).fill("Todavía pienso")
    page.get_by_role("button", name="Español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.locator("textarea[name=reason]").first.input_value() == "Todavía pienso"
    assert rating(quarter).version == 1


def test_an_error_is_said_beside_its_field_and_the_summary_leads_there(open_as, quarter, noise):
    page = open_as("ana")
    page.get_by_role("button", name="Save and continue").click()
    page.locator(".error-summary").wait_for()
    assert page.title().startswith("Error:")
    assert page.evaluate("document.activeElement.closest('.error-summary') !== null")
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.name") in ("outcome", "level")
    described = page.locator("[aria-invalid=true]").first
    assert described.count() == 1
    noise[:] = [said for said in noise if "422" not in said]
