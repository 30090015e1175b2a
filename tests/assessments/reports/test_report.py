"""Reports: the print page says what the page says, to the same people, and stands alone; what is inside stays inside."""

import re

import pytest

from assessments.drafting import actions as drafting
from assessments.models import Revision
from assessments.sharing import actions as sharing
from coalitions.models import Role
from milestones.models import Milestone
from tests import factories
from tests.assessments.reports.made import (
    MILESTONE,
    NEVER_OUT,
    OUT_WITH_LEVEL,
    OUT_WITH_STORY,
    Q1,
    Q2,
    corrected,
    share,
    share_all,
    text,
    told,
)
from tests.assessments.reports.test_members_view import found_in, quarter

pytestmark = pytest.mark.django_db
INSIDE = "/c/sample-buckeye-coalition/2026q2/print/report/"
SHARED = "/states/OH/sample-buckeye-coalition/?print=1"
STATE = "/states/OH/?print=1"
KEY = MILESTONE.replace("-", "_")
EVERYTHING = [*OUT_WITH_LEVEL, *OUT_WITH_STORY, "canary-beyond"]


@pytest.fixture
def assessment(coalition, ana):
    return told(coalition, by=ana)


def found(html, words):
    return [word for word in words if word in html]


def test_members_and_leads_print_the_whole_record_with_its_title_block(assessment, as_user, ana, ben):
    sha256 = Revision.objects.get().sha256
    for user in (ana, ben):
        page = text(as_user(user).get(INSIDE))
        block = page.split('<dl class="summary">')[1].split("</dl>")[0]
        for fact in ("Ohio", "2026 Q2", "1, submitted on ", "http://127.0.0.1:8000" + INSIDE, sha256, "Core questions"):
            assert fact in block
        assert "<h1>Sample Buckeye Coalition</h1>" in page and "Report of 2026 Q2" in page
        inside = [*EVERYTHING, "canary-closed-evidence", "canary-closed-view", "canary-owner", "Quill Penhaligon"]
        assert found(page, inside) == inside
        assert "How these levels are made" in page and "/about/reading/" in page
        assert "For our coalition only." in page


def test_what_is_submitted_is_printed_while_a_correction_is_under_way(assessment, as_user, ana):
    corrected(assessment, by=ana)
    page = text(as_user(ana).get(INSIDE))
    assert "2, submitted on " in page and "A date was wrong" in page
    factories.submitting.reopen(assessment=assessment, number=2, reason="Another date", by=ana)
    assert "A correction is under way" in text(as_user(ana).get(INSIDE))


def test_there_is_no_report_before_a_quarter_is_submitted(coalition, ana, as_user):
    factories.discussing_assessment(coalition, by=ana, quarter=Q2)
    assert as_user(ana).get(INSIDE).status_code == 409


@pytest.mark.parametrize("address", [SHARED, STATE])
def test_a_shared_report_holds_what_is_shared_and_nothing_else(assessment, as_user, ana, fay, address):
    share_all(assessment, by=ana)
    page = text(as_user(fay).get(address))
    wanted = EVERYTHING if address == SHARED else [*OUT_WITH_STORY, "canary-beyond"]
    assert found(page, wanted) == wanted
    assert found(page, NEVER_OUT) == []
    assert "Use these levels to learn, not to put coalitions in order" in page
    assert "This is what the coalition shares." in page and Revision.objects.get().sha256 not in page


@pytest.mark.parametrize("address", [SHARED, STATE])
def test_a_story_alone_prints_no_level(assessment, as_user, ana, fay, address):
    share(assessment, by=ana, **{KEY: "story"})
    page = text(as_user(fay).get(address))
    assert found(page, OUT_WITH_STORY) == OUT_WITH_STORY
    assert (
        found(page, [*OUT_WITH_LEVEL, *NEVER_OUT, "canary-beyond", "canary-event", "<svg xmlns", "Growing (2)"]) == []
    )


def test_an_unshared_milestone_is_named_and_own_ones_are_not(coalition, ana, as_user, fay):
    draft = factories.draft(coalition, by=ana)
    drafting.add_own_milestone(assessment=draft, code="own-1", name="canary-own", definition="Ours", by=ana)
    assessment = drafting.start_meeting(assessment=draft, by=ana)
    factories.rate_all(assessment, by=ana)
    factories.submit(assessment, by=ana)
    assessment.refresh_from_db()
    share(assessment, by=ana, cohesion="level_and_story")
    page = text(as_user(fay).get(SHARED))
    assert "canary-own" not in page and Milestone.objects.get(slug="financing").name in page


@pytest.mark.parametrize("ticked", [False, True])
@pytest.mark.parametrize("address", [SHARED, STATE])
def test_what_members_answered_is_printed_outside_with_their_view_alone(coalition, ana, fay, as_user, address, ticked):
    assessment = quarter(coalition, by=ana)
    factories.share(assessment, by=ana, members_view=ticked)
    page = text(as_user(fay).get(address)).replace("</text>", "")
    before_the_method = page.split("How these levels are made")[0]
    said = found_in(before_the_method + "</main>")
    assert bool(said) == ticked, said


def test_no_report_holds_a_count_in_either_mode(coalition, ana, ben, as_user):
    """Inside, too: counts per level stay on the coalition's own results page."""
    quarter(coalition, by=ana, room_sees="see_the_spread")
    page = text(as_user(ben).get(INSIDE))
    assert "10–19 people sent answers." in page and "10–19 answers" in page
    assert "12 " not in re.sub(r"<[^>]*>", " ", page).split("Who took part")[1].split("How these levels")[0]


def test_the_report_of_a_state_has_each_coalition_on_its_own_a_to_z(coalition, ana, as_user, fay):
    for name in ("Sample Zeta", "Sample Alpha"):
        other = factories.coalition(name)
        lead = factories.person(Role.LEAD, other)
        for when in (Q1, Q2):
            factories.share(factories.submitted(other, by=lead, quarter=when, level=when.number), by=lead)
    page = text(as_user(fay).get(STATE))
    assert page.index("<h2>Sample Alpha") < page.index("<h2>Sample Zeta")
    assert "Report over time, 2026 Q1 to 2026 Q2" in page
    assert page.count("Starting in 2026 Q1, Growing in 2026 Q2.") >= 14
    assert "Sample Buckeye Coalition" in page.split("Nothing shared")[1]


def test_what_is_withdrawn_has_no_report(assessment, as_user, ana, fay):
    share_all(assessment, by=ana)
    sharing.withdraw(assessment=assessment, by=ana)
    assert "stopped sharing" in text(as_user(fay).get(SHARED))
    for address in ("/states/OH/sample-buckeye-coalition.pdf", "/states/OH.pdf"):
        assert as_user(fay).get(address).status_code == 404


def test_marks_say_what_the_table_beside_them_says(coalition, ana, as_user, fay):
    for when, level in ((Q1, 1), (Q2, 3)):
        assessment = factories.discussing_assessment(coalition, by=ana, quarter=when, mode="full")
        factories.rate_all(assessment, level, by=ana)
        factories.rate(assessment, "7.2", by=ana, outcome="not_agreed")
        factories.submit(assessment, by=ana)
        assessment.refresh_from_db()
        factories.share(assessment, by=ana)
    page = text(as_user(fay).get(SHARED))
    table = page.split("Each milestone, and what stands beside its level</caption>")[1].split("</table>")[0]
    rows = table.split("<tbody>")[1].split("</tr>")[:-1]
    assert len(rows) == 7
    for row in rows:
        assert re.findall(r'data-level="(\d)"', row) == re.findall(r"<td>\w+ \((\d)\)</td>", row)
    lines = page.split("each milestone beside its own past</caption>")[1].split("</table>")[0]
    columns = page.split("Levels by quarter</caption>")[1].split("</table>")[0].split("<tbody>")[1].split("</tr>")[:-1]
    drawn = [re.findall(r'data-level="(\d)"', row) for row in lines.split("<tbody>")[1].split("</tr>")[:-1]]
    written = [re.findall(r"<td>(?:\w+ \((\d)\))?", row) for row in columns]
    assert drawn == [[level for level in column if level] for column in zip(*written, strict=True)]
    assert [] in drawn and ["1", "3"] in drawn


def test_a_report_is_in_the_readers_language(assessment, as_user, ana, fay):
    share_all(assessment, by=ana)
    client = as_user(fay)
    client.cookies["django_language"] = "es"
    page = text(client.get(SHARED))
    assert "Informe de 2026 Q2" in page and "Cómo se obtienen estos niveles" in page


def test_pages_lead_to_their_reports(assessment, as_user, ana, fay):
    share_all(assessment, by=ana)
    assert INSIDE in text(as_user(ana).get("/c/sample-buckeye-coalition/results/"))
    assert INSIDE in text(as_user(ana).get("/c/sample-buckeye-coalition/2026q2/revisions/1/"))
    assert "/states/OH/sample-buckeye-coalition.pdf?q=2026q2" in text(as_user(fay).get(SHARED.split("?")[0]))
    assert "/states/OH.pdf" in text(as_user(fay).get("/states/OH/"))
