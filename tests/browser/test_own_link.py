"""An evaluator's own link and a lead's own files, in a browser: made, used by a program, ended; axe clean, 320 px."""

import pandas
import pytest

from coalitions.models import Role
from tests import factories
from tests.browser.test_every_page import sideways, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine("postgres")]


@pytest.fixture
def cast(db):
    factories.rubric()
    coalition = factories.coalition(sample=True)
    lead = factories.person(Role.LEAD, coalition, name="Ana")
    factories.share(factories.submitted(coalition, by=lead), by=lead)
    return {"lead": lead, "evaluator": factories.person(Role.EVALUATOR, name="Eve")}


def complaints(page, axe, here) -> list[str]:
    """What is wrong with a page as it stands, at both widths."""
    found = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{here} {width}: {said}" for said in axe(page)] + sideways(page, f"{here} {width}")
    return found


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_link_is_made_used_and_ended(new_context, live_server, cast, axe, language):
    context = new_context()
    sign_in(context, live_server, cast["evaluator"], language)
    page = context.new_page()
    page.goto(f"{live_server.url}/evaluate/export/")
    wrong = complaints(page, axe, "without a link")
    page.locator("#link form button").press("Enter")
    page.locator("#link summary").press("Enter")
    address = page.locator("#link dd code").nth(2).inner_text()
    wrong += complaints(page, axe, "with a link")
    path = address.split("/evaluate/")[1]
    program = new_context()  # nobody is signed in here
    taken = program.request.get(f"{live_server.url}/evaluate/{path}")
    assert taken.status == 200 and taken.text().startswith("state_code,")
    table = pandas.read_csv(f"{live_server.url}/evaluate/{path}")
    assert len(table) == 7 and table.level.dtype == "int64" and set(table.sample_data) == {1}
    page.locator("#link .btn-danger").press("Enter")
    page.wait_for_url("**#link")
    assert page.locator("#link .btn-danger").count() == 0
    assert program.request.get(f"{live_server.url}/evaluate/{path}").status == 404
    page.goto(f"{live_server.url}/evaluate/export/?coded=1")
    wrong += complaints(page, axe, "coded")
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_lead_takes_the_coalition_s_own_files(new_context, live_server, cast, axe, language):
    context = new_context()
    sign_in(context, live_server, cast["lead"], language)
    page = context.new_page()
    page.goto(f"{live_server.url}/c/sample-buckeye-coalition/")
    page.get_by_role("link", name="Our files" if language == "en" else "Nuestros archivos").click()
    assert complaints(page, axe, "own files") == []
    address = page.locator("main .btn-primary").first.get_attribute("href")
    assert context.request.get(live_server.url + address).text().startswith("state_code,")
