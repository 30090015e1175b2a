"""Importing by hand, with a real file and without script; and the pages that the crawl does not come to: what is to
change in a file, what is in it, the counts of milestones that moved together. 320 and 1280 px, English and Spanish."""

import pytest
from django.core.cache import cache

from assessments.models import Revision
from coalitions.models import Role
from milestones.csv_text import lines
from tests import factories
from tests.assessments.reports.test_together import copies, played
from tests.assessments.test_importing import past, quarter_rows, row
from tests.browser.test_every_page import sideways, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine("postgres")]


def as_file(tmp_path, rows, name="past.csv"):
    found = tmp_path / name
    found.write_text(lines([past.COLUMNS, *([one[column] for column in past.COLUMNS] for one in rows)]))
    return found


@pytest.fixture
def people(db):
    cache.clear()
    factories.rubric()
    coalition = factories.coalition(sample=True)
    return {
        "coalition": coalition,
        "lead": factories.person(Role.LEAD, coalition, name="Ana"),
        "evaluator": factories.person(Role.EVALUATOR, name="Eve"),
    }


def looked_at(page, axe, here) -> list[str]:
    """What axe and a narrow window find wrong."""
    wrong = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        wrong += [f"{here} {width}: {found}" for found in [*axe(page), *sideways(page, here)]]
    return wrong


def test_a_lead_imports_a_file_without_script(new_context, live_server, people, tmp_path, noise):
    context = new_context(java_script_enabled=False)
    sign_in(context, live_server, people["lead"], "en")
    page = context.new_page()
    page.goto(f"{live_server.url}/c/{people['coalition'].slug}/")
    page.get_by_role("link", name="Import past quarters").click()
    page.get_by_label("CSV file").set_input_files(as_file(tmp_path, quarter_rows("2024Q1", c1_2={"level": "7"})))
    page.get_by_role("button", name="Check the file").click()
    assert page.get_by_role("alert").get_by_role("row").nth(1).inner_text().split("\t")[:4] == ["1", "2", "level", "7"]
    page.get_by_label("CSV file").set_input_files(
        as_file(tmp_path, quarter_rows("2024Q1", c1_2={"reason": "two\nlines"}))
    )
    page.get_by_role("button", name="Check the file").click()
    assert "2024 Q1: 7 questions of 7 have a level" in page.locator("main").inner_text()
    assert not Revision.objects.exists()
    page.get_by_role("button", name="Import", exact=True).click()
    assert "Imported: 2024 Q1" in page.get_by_role("status").inner_text()
    assert Revision.objects.get().imported
    noise[:] = [said for said in noise if "422" not in said]


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_to_change_and_what_is_in_it_can_be_read_by_all(
    new_context, live_server, people, tmp_path, axe, noise, language
):
    context = new_context()
    sign_in(context, live_server, people["lead"], language)
    page = context.new_page()
    wrong = []
    bad = [*quarter_rows("2024Q1", c1_2={"level": "7", "reason": "x" * 3000}), row("9.9")]
    for name, rows in [("bad", bad), ("good", quarter_rows("2024Q1") + quarter_rows("2024Q2"))]:
        page.goto(f"{live_server.url}/c/{people['coalition'].slug}/import/")
        page.locator("#id_file").set_input_files(as_file(tmp_path, rows))
        page.locator("#page-form .btn-primary").click()
        page.locator("#found-title, .error-summary").wait_for()
        wrong += looked_at(page, axe, f"{name} {language}")
    noise[:] = [said for said in noise if "422" not in said]
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_counts_can_be_read_by_all(new_context, live_server, people, axe, language):
    first, _lead = played("Sample Willow Coalition")
    copies(first, 5)
    played("Sample Prairie Coalition", shift=3)
    context = new_context()
    sign_in(context, live_server, people["evaluator"], language)
    page = context.new_page()
    page.goto(f"{live_server.url}/together/")
    assert page.locator("td.few, td[class^=shade]").count() > 4
    assert looked_at(page, axe, f"together {language}") == []
    cell = page.locator("td.few, td[class^=shade]").first
    assert ("of" if language == "en" else "de") in cell.locator(".visually-hidden").inner_text()
