"""The print page of a report on paper: every table whole, nothing beside the page, the sample mark on each sheet."""

import pytest

from coalitions.models import Role
from tests import factories
from tests.assessments.reports.made import Q1, Q2, share_all, told
from tests.assessments.reports.pdf_text import pages, said, squeezed
from tests.browser.test_every_page import sideways, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine("postgres")]
LETTER = {"width": 703, "height": 943}  # between margins of 15 mm, in CSS pixels
SAMPLE = {"en": "Sample data. Not real ratings.", "es": "Datos de ejemplo. No son respuestas reales."}


@pytest.fixture
def home(live_server):
    factories.rubric()
    coalition = factories.coalition(sample=True)
    ana = factories.person(Role.LEAD, coalition, name="Ana")
    factories.share(factories.submitted(coalition, by=ana, quarter=Q1, level=1, mode="full"), by=ana)
    share_all(told(coalition, by=ana, quarter=Q2, level=3, mode="full"), by=ana)
    return {"ana": ana, "fay": factories.person(Role.FUNDER, name="Fay")}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "who, address",
    [
        ("ana", "/c/sample-buckeye-coalition/2026q2/print/report/"),
        ("fay", "/states/OH/sample-buckeye-coalition/?print=1"),
        ("fay", "/states/OH/?print=1"),
    ],
)
def test_on_paper_nothing_is_cut(new_context, live_server, home, who, address, language):
    context = new_context()
    sign_in(context, live_server, home[who], language)
    page = context.new_page()
    page.goto(live_server.url + address)
    captions = page.locator("caption").all_inner_texts()
    page.set_viewport_size(LETTER)
    page.emulate_media(media="print")
    assert sideways(page, address) == []
    assert page.locator(".site-nav, .site-footer, .back, .no-print").filter(visible=True).count() == 0
    content = page.pdf(prefer_css_page_size=True, format="Letter")
    printed = said(content)
    assert len(captions) >= 3 and [caption for caption in captions if squeezed(caption) not in printed] == []
    assert all(squeezed(SAMPLE[language]) in sheet for sheet in pages(content))
    assert "canary-story" in printed
