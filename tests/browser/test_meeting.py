"""The host's phone drives, the room's screen follows; without script the screen has a button."""

import re

import pytest
from playwright.sync_api import expect

from assessments.discussing.meeting import Room
from assessments.models import Meeting
from coalitions.models import Role
from tests import factories
from tests.browser.test_every_page import sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine("postgres")]
PROJECTOR = {"width": 1280, "height": 720}
SMALL = """() => [...document.querySelectorAll("body :not(.visually-hidden, script)")]
    .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(e => parseFloat(getComputedStyle(e).fontSize) < 28 && !e.closest(".visually-hidden"))
    .map(e => e.textContent)"""  # text on the screen under 28 px
SOON = 4000  # ms: the screen asks every 2 seconds


@pytest.fixture
def room(db):
    """A quarter whose two sides stand two levels apart, ready to be talked about."""
    factories.rubric()
    coalition = factories.coalition()
    ana = factories.person(Role.LEAD, coalition, name="Ana")
    ben = factories.person(Role.MEMBER, coalition, name="Ben")
    assessment = factories.closed(coalition, by=ana, parents=[1] * 6, others=[3] * 6)
    return {"assessment": assessment, "ana": ana, "ben": ben}


@pytest.fixture
def open_as(new_context, live_server, room):
    def opened(who, address, *, viewport=None, **options):
        context = new_context(**options)
        sign_in(context, live_server, room[who], "en")
        page = context.new_page()
        if viewport:
            page.set_viewport_size(viewport)
        page.goto(live_server.url + address)
        return page

    return opened


def step(page):
    return page.locator(".host-steps [aria-current=step]")


def without(noise, *expected):
    """Take out what a test means to hear: a refused form, a lost network."""
    noise[:] = [line for line in noise if not any(part in line for part in expected)]


def test_the_screen_follows_the_phone_through_one_question(open_as, room, axe, noise):
    assessment = room["assessment"]
    phone = open_as("ana", assessment.url("agenda"))
    screen = open_as("ben", assessment.url("meeting_screen", "1.2"), viewport=PROJECTOR)
    expect(screen.get_by_role("heading", level=1)).to_contain_text("¿")
    phone.get_by_role("button", name="Start meeting").click()
    expect(step(phone)).to_have_text("Read")
    phone.get_by_role("button", name="Next").click()
    expect(step(phone)).to_have_text("Show")
    expect(screen.get_by_text("Parents and providers:")).to_be_visible(timeout=SOON)
    expect(screen.get_by_text("Madres, padres y proveedores:")).to_be_visible()
    assert screen.evaluate("document.documentElement.scrollHeight") <= PROJECTOR["height"]  # nobody scrolls a projector
    assert axe(screen) == [] and axe(phone) == []
    phone.locator("#steps").focus()
    phone.keyboard.press("ArrowRight")
    expect(step(phone)).to_have_text("Talk")
    expect(screen.get_by_text("Hablan primero madres, padres y proveedores.")).to_be_visible(timeout=SOON)
    screen.get_by_role("button", name=re.compile("One quiet minute")).click()
    expect(screen.locator("#quiet-left")).to_have_text(re.compile("^(1:00|0:5[0-9])$"))
    assert axe(screen) == []
    phone.keyboard.press("ArrowRight")  # the step control kept the focus
    expect(step(phone)).to_have_text("Record")
    phone.get_by_role("radio", name="Agreed", exact=True).check()
    phone.get_by_role("radio", name=re.compile("^Growing")).check()
    phone.get_by_role("button", name="Save and show it").click()
    expect(phone.locator(".error-summary")).to_contain_text("Say why we chose another level")
    phone.get_by_label(re.compile("^Why did we choose another level")).fill("Both sides can live with this.")
    phone.get_by_role("button", name="Save and show it").click()
    expect(screen.get_by_text("Both sides can live with this.")).to_be_visible(timeout=SOON)
    assert axe(screen) == [] and axe(phone) == []
    phone.get_by_role("button", name="Next").click()
    expect(step(phone)).to_have_text("Read")
    expect(screen).to_have_url(re.compile("step=read"), timeout=SOON)
    assert Meeting.objects.get().code != "1.2"
    without(noise, "422")


def test_each_step_of_each_question_fits_a_projector(open_as, room):
    """28 px and up in both languages, and nobody scrolls: the longest question, its five levels, the longest prompts."""
    assessment = factories.collecting_assessment(
        room["assessment"].coalition, by=room["ana"], quarter=factories.QUARTER.next, mode="full"
    )
    for voice, level in (("parent", 0), ("staff", 2)):
        for said in [level] * 6 + ["c"] * 3:  # whatever can be said of a question is said of each
            factories.ballot(assessment, said, voice=voice)
    factories.close.close(assessment=assessment, by=room["ana"])
    meeting = Meeting.objects.create(assessment=assessment, code="1.2", step="read", host=room["ana"])
    screen = open_as("ben", assessment.url("meeting_screen", "1.2"), viewport=PROJECTOR)
    small, too_high = set(), {}
    for code in assessment.agreed_ratings.in_order().values_list("indicator__code", flat=True):
        for meeting.code, meeting.step in ((code, step) for step in ("read", "show", "talk", "record")):
            meeting.save()
            screen.goto(screen.url.split("/c/")[0] + Room.of(assessment, code).screen_url)
            screen.evaluate("document.fonts.ready")
            small |= set(screen.evaluate(SMALL))
            height = screen.evaluate("document.documentElement.scrollHeight")
            if height > PROJECTOR["height"]:
                too_high[code, meeting.step] = height
    assert (small, too_high) == (set(), {})


def test_arrow_keys_do_nothing_while_the_step_control_has_no_focus(open_as, room):
    assessment = room["assessment"]
    phone = open_as("ana", assessment.url("agenda"))
    phone.get_by_role("button", name="Start meeting").click()
    phone.get_by_role("heading", level=1).click()
    phone.locator("summary").first.focus()
    phone.keyboard.press("ArrowRight")
    phone.wait_for_timeout(500)
    assert Meeting.objects.get().step == "read"


def test_a_lost_screen_says_so_keeps_what_it_shows_and_comes_back(open_as, room, noise):
    assessment = room["assessment"]
    screen = open_as("ben", assessment.url("meeting_screen", "1.2"), viewport=PROJECTOR)
    expect(screen.locator("#lost")).to_be_hidden()
    screen.context.set_offline(True)
    expect(screen.locator("#lost")).to_be_visible(timeout=2 * SOON)
    expect(screen.get_by_role("heading", level=1)).to_be_visible()
    screen.context.set_offline(False)
    screen.get_by_role("button", name=re.compile("Try again")).click()
    expect(screen.locator("#lost")).to_be_hidden(timeout=SOON)
    without(noise, "ERR_INTERNET_DISCONNECTED")


def test_without_script_the_screen_is_refreshed_by_a_button(open_as, room):
    assessment = room["assessment"]
    screen = open_as("ben", assessment.url("meeting_screen", "1.2"), viewport=PROJECTOR, java_script_enabled=False)
    phone = open_as("ana", assessment.url("meeting_host", "1.2"), java_script_enabled=False)
    phone.get_by_role("button", name="Start meeting").click()
    phone.get_by_role("button", name="Next").click()
    expect(step(phone)).to_have_text("Show")
    expect(screen.get_by_text("Parents and providers:")).to_have_count(0)
    screen.get_by_role("button", name=re.compile("Refresh")).click()
    expect(screen.get_by_text("Parents and providers:")).to_be_visible()


def test_while_collecting_the_count_on_the_screen_follows(open_as, room):
    assessment = factories.collecting_assessment(
        room["assessment"].coalition, by=room["ana"], quarter=factories.QUARTER.next
    )
    screen = open_as("ben", assessment.url("meeting_screen", "1.2"), viewport=PROJECTOR)
    expect(screen.locator("[data-count=en]")).to_have_text(re.compile("^0 of"))
    factories.ballot(assessment, 2, user=room["ben"])
    expect(screen.locator("[data-count=en]")).to_have_text(re.compile("^1 of"), timeout=SOON)
    expect(screen.locator("[data-count=es]")).to_have_text(re.compile("1 de"))
    assert assessment.join_code in screen.locator(".screen-join").text_content()


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_scrolls_sideways(open_as, room, width):
    assessment = room["assessment"]
    page = open_as("ana", assessment.url("agenda"), viewport={"width": width, "height": 800})
    for name, *code in (
        ("agenda",), ("meeting_screen", "1.2"), ("meeting_host", "1.2"), ("print_meeting_sheet",),
        ("agreed_rating", "1.2"),
    ):  # fmt: skip
        page.goto(page.url.split("/c/")[0] + assessment.url(name, *code))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_meeting_sheet_of_seven_questions_is_one_page(new_context, live_server, room, language):
    context = new_context()
    sign_in(context, live_server, room["ana"], language)
    page = context.new_page()
    page.goto(live_server.url + room["assessment"].url("print_meeting_sheet"))
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter"))) == 1
