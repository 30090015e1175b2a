"""What a file says in words stands on the page that funders read."""

import html

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessments.quarters import Quarter
from assessments.reports.exports.filters import Filters
from tests import factories
from tests.assessments.exports import worlds
from tests.assessments.exports.making import from_database, records
from tests.assessments.exports.worlds import of, once

pytestmark = pytest.mark.django_db
MILESTONES = ["setting-the-table", "cohesion", "financing"]
TEXTS = {"agreed_ratings": ["reason"], "evidence": ["shows", "link"], "next_steps": ["step_text", "owner_role", "what_happened"],
         "stories": ["story"], "events": ["words"]}  # fmt: skip


def and_two_later(coalition, ana):
    """Two later quarters, so that there is a line with events on it."""
    for quarter in (Quarter(2026, 3), Quarter(2026, 4)):
        factories.share(factories.submitted(coalition, by=ana, quarter=quarter), by=ana, slugs=["financing"])


made_once = once(worlds.written, and_two_later)


def words_in_files() -> set[str]:
    return {
        row[column]
        for name, columns in TEXTS.items()
        for row in records(from_database(name, Filters(state="OH")))
        for column in columns
        if row[column]
    }


shares = st.dictionaries(
    st.sampled_from(MILESTONES), st.sampled_from(["nothing", "story", "level_and_story"]), max_size=3
)


@settings(max_examples=12)
@given(chosen=shares, beyond=st.sampled_from(["nothing", "story"]))
@example(chosen={"cohesion": "level_and_story"}, beyond="story")
@example(chosen={"cohesion": "story"}, beyond="nothing")
def test_every_word_of_a_file_stands_on_the_shared_page(coalition, ana, eve, as_user, chosen, beyond):
    """Whatever is shared: an evaluator's file tells nothing that a funder could not read."""
    written = of(coalition.slug)
    factories.sharing.withdraw(assessment=written, by=ana)
    factories.sharing.share(assessment=written, number=1, choices={**chosen, "beyond": beyond}, by=ana)
    page = as_user(eve).get(f"/states/OH/{coalition.slug}/?q=2026Q2")
    shown = html.unescape(page.content.decode()) if page.status_code == 200 else ""
    missing = {words for words in words_in_files() if words not in shown}
    assert not missing
