"""The pages across states in a browser: what is chosen is in the address, a link takes it along, Back brings it back."""

import re

import pytest
from django.core.cache import cache

from coalitions.models import Role
from tests import factories
from tests.assessments.reports.test_explorer import sharing
from tests.browser.test_every_page import sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine("postgres")]
TABLE = ".scroller table.heat"


@pytest.fixture
def reader(new_context, live_server):
    """A way to a new browser of a funder."""
    cache.clear()
    factories.rubric()
    for number, at in enumerate(["OH", "IA", "AZ", "VT", "GA"]):
        sharing(f"Sample {at}", at, number, mode="full" if at == "OH" else "core")
    fay = factories.person(Role.FUNDER, name="Fay")

    def opened(**fields):
        context = new_context(**fields)
        sign_in(context, live_server, fay, "en")
        return context.new_page()

    return opened


def test_choose_copy_open_elsewhere_and_go_back(reader, live_server):
    page = reader()
    page.goto(f"{live_server.url}/states/")
    assert page.locator(f"{TABLE} tbody tr").count() == 10
    page.get_by_text("Choose states").click()
    page.get_by_label("Find a state in the list").fill("oh")
    assert page.locator(".choice:visible").all_inner_texts() == ["Ohio"]
    page.get_by_label("Find a state in the list").fill("")
    for state in ("Ohio", "Iowa"):
        page.get_by_label(state, exact=True).check()
    page.get_by_role("button", name="Show").click()
    assert page.locator(f"{TABLE} th[scope=row]").all_inner_texts() == ["Sample IA", "Sample OH"]
    page.get_by_text("More filters").click()
    page.get_by_label("Order").select_option("za")
    page.get_by_role("button", name="Show").click()
    shown = page.locator(f"{TABLE} th[scope=row]").all_inner_texts()
    assert shown == ["Sample OH", "Sample IA"]
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text(re.compile("The link (is copied|could not be copied)")).wait_for()
    assert "q=2026q2" in page.url and "order=za" in page.url
    elsewhere = reader()
    elsewhere.goto(page.url)
    assert elsewhere.locator(f"{TABLE} th[scope=row]").all_inner_texts() == shown
    page.go_back()
    assert page.locator(f"{TABLE} th[scope=row]").all_inner_texts() == ["Sample IA", "Sample OH"]


def test_without_script_everything_is_reached_by_the_form(reader, live_server):
    page = reader(java_script_enabled=False)
    page.goto(f"{live_server.url}/milestones/cohesion/")
    assert not page.get_by_role("button", name="Copy link").is_visible()
    page.get_by_label("Put together").select_option("level")
    page.get_by_role("button", name="Show").click()
    page.locator(".level-box").nth(4).wait_for()
    assert page.locator(".level-box").count() == 5
    page.get_by_role("link", name="Map").click()
    page.get_by_label("Colors").select_option("1")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="OH Ohio, Not yet").wait_for()
    page.get_by_role("link", name="Reset").click()
    assert page.url.endswith("/milestones/cohesion/?")
