"""The main job, from an empty quarter to a funder's page and a file: by keyboard alone, and without script."""

import csv
import io
import re

import pytest
from django.core import mail
from django.core.cache import cache

from assessments.models import Assessment, Standing
from coalitions.models import Role
from tests import factories
from tests.browser.hands import Keyboard, Pointer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine("postgres")]


@pytest.fixture
def people(db):
    """A coalition with its lead, a funder and an evaluator, none of whom has done anything yet."""
    cache.clear()
    factories.rubric()
    coalition = factories.coalition(time_zone="America/New_York")
    return {
        "coalition": coalition,
        "lead": factories.person(Role.LEAD, coalition, name="Ana"),
        "funder": factories.person(Role.FUNDER, name="Fay", organisation="Sample Fund", pledged=False),
        "evaluator": factories.person(Role.EVALUATOR, name="Eve", pledged=False),
    }


def sign_in(page, hands, live_server, person):
    """With the code that is mailed."""
    page.goto(live_server.url + "/signin/")
    hands.write("E-mail", person.email)
    hands.press("E-mail me a code")
    code = re.search(r"Your code: (\S+)", mail.outbox[-1].body)[1]
    hands.write("Code", code)
    hands.press("Sign in")


def record_the_quarter(page, hands):
    """Open, record seven core items, evidence, a story, Beyond, a next step."""
    hands.follow("Open the quarter")
    hands.choose("Which quarter?", re.compile("the quarter we are in"))
    hands.choose("How much do you want to ask?", re.compile("^Core"))
    hands.choose("What will the room see?", re.compile("^Meeting only"))
    hands.press("Open the quarter")
    hands.press("Start recording")
    hands.follow("Community voices at the table")
    hands.follow("Add or change evidence")
    hands.choose("What kind of evidence is it?", "Document")
    hands.write("What does it show?", "The list of seats, with who fills them")
    hands.choose("Whose voice is in it?", re.compile("^Parent"))
    hands.choose("Who may see it?", re.compile("^May be shared"))
    hands.press("Add")
    hands.follow("Community voices at the table")
    for position in range(7):
        hands.choose("What did we agree?", "Agreed")
        hands.choose("Which level fits us?", re.compile("^(Strong|Fuerte)" if position == 0 else "^Growing"))
        if position == 0:
            hands.write(re.compile("^Why this level"), "Six parents vote now.")
        hands.press("Save and continue")
    hands.follow(re.compile("^Our story.*Setting the table"))
    hands.write("Our story this quarter", "We kept a seat for whoever is not here yet.")
    hands.press("Save and continue")
    hands.follow("What are we trying that no milestone counts?")
    hands.write(re.compile("^Beyond|^Our story"), "A choir of providers.")
    hands.press("Save and continue")
    hands.follow("Next steps")
    hands.choose("What is it?", re.compile("^An ask"))
    hands.write("What will you try?", "Money for interpreters")
    hands.pick("Which milestone is it for?", "Setting the table")
    hands.write("Who will see to it?", "Rosa")
    hands.write("What is their role?", "Parent lead")
    hands.write("By when?", "2030-06-30")
    hands.press("Save and continue")


def submit_and_share(page, hands):
    hands.follow("Check and submit")
    hands.press("Submit to our coalition")
    hands.follow("Choose what to share")
    hands.choose("Setting the table", "Level and story")
    hands.choose("Cohesion", "Story")
    hands.press("See it as a funder sees it")
    assert "Six parents vote now." in page.content()
    hands.press("Share")


def the_whole_job(page, hands, live_server, people):
    sign_in(page, hands, live_server, people["lead"])
    record_the_quarter(page, hands)
    submit_and_share(page, hands)
    assert Assessment.objects.get().stage == "submitted"
    assert Standing.objects.get(slug="setting-the-table").level == 3
    assert set(Standing.objects.shared().values_list("slug", "sharing")) == {
        ("setting-the-table", "level_and_story"), ("cohesion", "story"),
    }  # fmt: skip


def a_funder_reads(page, hands, live_server, people):
    sign_in(page, hands, live_server, people["funder"])
    hands.tick(re.compile("^I"))
    hands.press("Accept and continue")
    assert page.get_by_role("heading", level=1).first.inner_text()
    page.goto(f"{live_server.url}/states/OH/{people['coalition'].slug}/")
    text = page.locator("main").inner_text()
    assert "Six parents vote now." in text and "Strong" in text and "Money for interpreters" in text
    assert "Parent lead" in text and "Rosa" not in text and "A choir of providers" not in text


def an_evaluator_exports(page, hands, live_server, people):
    sign_in(page, hands, live_server, people["evaluator"])
    hands.tick(re.compile("^I"))
    hands.press("Accept and continue")
    answer = page.request.get(live_server.url + "/evaluate/export/agreed_ratings.csv")
    rows = {row["indicator_code"]: row for row in csv.DictReader(io.StringIO(answer.text()))}
    assert (rows["1.2"]["level"], rows["1.2"]["level_name"], rows["1.2"]["reason"]) == (
        "3", "Strong", "Six parents vote now.",
    )  # fmt: skip
    assert rows["1.1"]["level_status"] == "not_asked" and len(rows) == 27


def test_by_keyboard_alone(new_context, live_server, people):
    for turn in (the_whole_job, a_funder_reads, an_evaluator_exports):
        page = new_context().new_page()
        page.set_viewport_size({"width": 1280, "height": 900})
        turn(page, Keyboard(page), live_server, people)


def test_without_script(new_context, live_server, people):
    for turn in (the_whole_job, a_funder_reads, an_evaluator_exports):
        page = new_context(java_script_enabled=False).new_page()
        turn(page, Pointer(page), live_server, people)
