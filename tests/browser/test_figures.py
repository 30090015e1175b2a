"""Figures in a browser: pictures are made there, every page with figures is sound, and without script nothing is lost."""

import io

import pytest
from django.core.cache import cache
from PIL import Image

from coalitions.models import Coalition, Role
from tests import factories
from tests.assessments.reports.made import Q1, Q2, Q3
from tests.assessments.reports.test_members_view import quarter
from tests.browser.test_every_page import looked_at, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine("postgres")]
PAGE = "/states/OH/sample-buckeye-coalition/"


@pytest.fixture
def scene(db):
    """Three quarters of a sample coalition, two of them shared with the members' view; answers too few in another."""
    cache.clear()
    factories.rubric()
    coalition = factories.coalition(sample=True)
    few = factories.coalition("Sample Prairie Coalition", "IA", sample=True)
    lead = factories.person(Role.LEAD, coalition, name="Ana")
    otto = factories.person(Role.LEAD, few, name="Otto")
    for at in (Q1, Q2):
        factories.share(quarter(coalition, by=lead, quarter=at), by=lead, members_view=True)
    factories.share(quarter(few, by=otto, parents=2, others=2), by=otto, slugs=["cohesion"], members_view=True)
    factories.share(factories.submitted(coalition, by=lead, quarter=Q3, level=1), "story", by=lead, slugs=["cohesion"])
    assert Coalition.objects.count() == 2
    return {"funder": factories.person(Role.FUNDER, name="Fay", organisation="Sample Fund")}


def test_a_picture_of_every_figure_is_made_in_the_browser(new_context, live_server, scene, noise):
    context = new_context(accept_downloads=True)
    sign_in(context, live_server, scene["funder"], "en")
    page = context.new_page()
    page.goto(f"{live_server.url}{PAGE}?q=2026q2")
    buttons = page.locator("button[data-png]")
    assert buttons.count() == 5
    for button in buttons.all():
        with page.expect_download() as kept:
            button.click()
        assert kept.value.suggested_filename.startswith("sample-buckeye-coalition-")
        picture = Image.open(io.BytesIO(kept.value.path().read_bytes()))
        assert picture.width == 2400 and picture.height >= 1350
        assert len(picture.convert("RGB").getcolors(maxcolors=2**24)) > 20  # something is drawn
    for address, name in [("/states/?q=2026q2", "sample-states-2026q2-table"), ("/states/?view=map", "sample-states-2026q2-map"),
                          ("/states/?view=trend&m=cohesion", "sample-states-over-time")]:  # fmt: skip
        page.goto(live_server.url + address)
        with page.expect_download() as kept:
            page.locator("button[data-png]").click()
        assert kept.value.suggested_filename == f"{name}.png"
        assert Image.open(io.BytesIO(kept.value.path().read_bytes())).width == 2400
    assert noise == []


def test_where_the_file_cannot_be_had_the_page_says_so(new_context, live_server, scene, noise):
    context = new_context()
    sign_in(context, live_server, scene["funder"], "en")
    page = context.new_page()
    page.route("**/figures/*.svg*", lambda route: route.abort())
    page.goto(f"{live_server.url}{PAGE}?q=2026q2")
    page.locator("button[data-png]").first.click()
    page.get_by_text("The picture could not be made. Take the SVG.").first.wait_for()
    noise.clear()


def test_without_script_there_is_no_dead_button_and_every_table_is_there(new_context, live_server, scene):
    context = new_context(java_script_enabled=False)
    sign_in(context, live_server, scene["funder"], "en")
    page = context.new_page()
    page.goto(f"{live_server.url}{PAGE}?q=2026q2")
    assert not any(button.is_visible() for button in page.locator("button[data-png]").all())
    figures = page.locator("figure.figure")
    assert figures.count() == 5
    for figure in figures.all():
        assert figure.locator("table").first.is_visible() and figure.get_by_text("CSV").is_visible()
    page.goto(f"{live_server.url}/states/?m=cohesion&q=2026q2")
    figure = page.locator("figure.figure")
    assert figure.get_by_text("CSV").is_visible() and not figure.locator("button[data-png]").is_visible()
    figure.get_by_text("See the numbers as a table").click()
    assert figure.locator("table").is_visible()


def test_every_page_with_figures_is_sound_at_both_widths_in_both_languages(new_context, live_server, scene, axe, noise):
    wrong = []
    # others are in test_every_page
    asked = [("funder", f"{PAGE}?q=2026q2"), ("funder", "/states/IA/sample-prairie-coalition/")]
    for language in ("en", "es"):
        for who, address in asked:
            context = new_context()
            sign_in(context, live_server, scene[who], language)
            wrong += looked_at(
                context.new_page(), live_server.url + address, axe, f"{who} {address} {language}", language
            )
            context.close()
    assert wrong == [] and noise == []
