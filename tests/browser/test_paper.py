"""Paper in a real browser: as many pages as promised, nothing cut, and the page that types a paper in."""

import re
from datetime import date

import pytest

from assessments.collecting import actions as collecting
from assessments.drafting import actions as drafting
from coalitions.models import Coalition, Role
from milestones.models import Rubric
from tests import factories
from tests.browser.test_every_page import sideways, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine("postgres")]
PAGE = re.compile(rb"/Type\s*/Page\b")
THANKS = "We pay for child care and food, and we send a card of 25 dollars to all who take part. " * 11


@pytest.fixture
def home(live_server):
    """A coalition in its second quarter, with a lead and two members."""
    coalition = factories.coalition()
    ana = factories.person(Role.LEAD, coalition, name="Ana")
    rosa = factories.person(Role.MEMBER, coalition, name="Rosa")
    factories.submitted(coalition, by=ana, quarter=factories.QUARTER.previous)
    return {"coalition": coalition, "ana": ana, "rosa": rosa}


def collect(home, **fields):
    assessment = factories.collecting_assessment(home["coalition"], by=home["ana"], **fields)
    collecting.name_helper(assessment=assessment, user=home["rosa"], by=home["ana"])
    return assessment


def shown(new_context, live_server, home, address, who="rosa", language="en", width=1280):
    context = new_context()
    sign_in(context, live_server, home[who], language)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + address)
    return page


def promised(page) -> int:
    return int(re.search(r"\d+", page.locator(".lede").first.inner_text()).group())


def printed(page) -> int:
    return len(PAGE.findall(page.pdf(prefer_css_page_size=True)))


# On paper every sheet must be lower than the page, and nothing may stick out of it.
CUT = """() => [...document.querySelectorAll(".sheet")].flatMap(sheet => {
    const high = sheet.getBoundingClientRect().height, most = (279.4 - 20) * 96 / 25.4;
    const out = [...sheet.querySelectorAll("*")].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth
        && !e.closest(".visually-hidden") && getComputedStyle(e).display !== "inline");
    return [...(high > most ? [`${sheet.querySelector("h2").textContent}: ${Math.round(high)} of ${Math.round(most)}`] : []),
        ...out.map(e => `${e.className || e.tagName} sticks out`)];
})"""


def cut(page) -> list[str]:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": round((215.9 - 24) * 96 / 25.4), "height": 980})
    found = page.evaluate(CUT)
    page.emulate_media(media="screen")
    return found


@pytest.mark.parametrize("room_sees", ["compare_voices", "see_the_spread"])
@pytest.mark.parametrize("mode", ["core", "full"])
def test_the_worksheet_prints_as_many_pages_as_it_promises(new_context, live_server, home, mode, room_sees):
    Coalition.objects.update(thanks=THANKS[:1000])
    assessment = collect(home, mode=mode, room_sees=room_sees)
    address = assessment.url("print_worksheet")
    for asked_for, pages in (("en", 9), ("es", 9), ("both", 18)):
        page = shown(new_context, live_server, home, f"{address}?lang={asked_for}")
        assert (promised(page), printed(page)) == (pages, pages)
        assert cut(page) == []
        assert page.locator(".qr").count() == pages // 9


def test_a_quarter_with_long_questions_of_its_own_takes_the_pages_it_says(new_context, live_server, home):
    draft = factories.draft(home["coalition"], by=home["ana"], mode="full", closes_on=date(2099, 12, 31))
    cohesion = Rubric.objects.current().milestones.get(slug="cohesion")
    for number in range(1, 5):
        drafting.add_own_indicator(
            assessment=draft, code=f"own-{number}", milestone=cohesion, title=f"Own {number}",
            question=("How do we use the words that people use at home? " * 6)[:299],
            descriptors=[("WWWW mmmm some of us can name what it is. " * 10)[:399]] * 5, by=home["ana"],
        )  # fmt: skip
    for language, least in (("es", 13), ("en", 13)):
        page = shown(new_context, live_server, home, f"{draft.url('print_worksheet')}?lang={language}")
        assert promised(page) >= least and printed(page) == promised(page)
        assert cut(page) == []


def test_the_tally_sheet_is_one_page(new_context, live_server, home):
    assessment = collect(home)
    for language in ("en", "es"):
        page = shown(new_context, live_server, home, f"{assessment.url('print_tally')}?lang={language}")
        assert printed(page) == 1 and cut(page) == []


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", ["paper", "print_worksheet", "print_tally"])
def test_the_pages_fit_a_phone_and_axe_is_quiet(new_context, live_server, home, axe, name, language):
    assessment = collect(home, mode="full")
    page = shown(new_context, live_server, home, assessment.url(name), language=language, width=320)
    assert sideways(page, name) == [] and axe(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert sideways(page, name) == [] and axe(page) == []


def test_a_helper_types_a_paper_with_the_keyboard(new_context, live_server, home):
    assessment = collect(home)
    page = shown(new_context, live_server, home, assessment.url("paper"))
    page.get_by_role("radio", name="Parent or family caregiver").focus()
    page.keyboard.press("Space")
    for _question in range(7):
        while page.evaluate("document.activeElement.name.slice(0, 5)") != "mark_":
            page.keyboard.press("Tab")
        page.keyboard.press("3")
        assert page.evaluate("document.activeElement.value + document.activeElement.checked") == "3true"
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Add ballot").press("Enter")
    page.get_by_text("Added. 1 paper is typed in so far.").wait_for()
    assert page.locator("input[type=radio]:checked").count() == 0
