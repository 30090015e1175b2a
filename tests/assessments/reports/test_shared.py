"""One coalition as its readers see it: its own words, nothing more than it shares, and dated notes."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from assessments.drafting import actions as drafting
from assessments.models import Evidence, Story
from assessments.sharing import actions as sharing
from assessments.submitting import actions as submitting
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

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("postgres")]
PAGE = "/states/OH/sample-buckeye-coalition/"
KEY = MILESTONE.replace("-", "_")


@pytest.fixture
def assessment(coalition, ana):
    return told(coalition, by=ana)


def found(html, words):
    return [word for word in words if word in html]


def test_level_and_story_shows_what_may_be_shared_and_nothing_else(assessment, as_user, ana, fay):
    share_all(assessment, by=ana)
    page = text(as_user(fay).get(PAGE))
    assert found(page, OUT_WITH_LEVEL + OUT_WITH_STORY) == OUT_WITH_LEVEL + OUT_WITH_STORY
    assert "canary-beyond" in page and "canary-event" not in page  # one quarter is no line over time
    assert found(page, NEVER_OUT) == []


def test_a_story_alone_shows_story_and_next_steps(assessment, as_user, ana, fay):
    share(assessment, by=ana, **{KEY: "story"})
    page = text(as_user(fay).get(PAGE))
    assert "Shared: story only." in page
    assert found(page, OUT_WITH_STORY) == OUT_WITH_STORY
    assert found(page, [*OUT_WITH_LEVEL, *NEVER_OUT, "canary-beyond", "canary-event", 'class="sign level-']) == []


def test_what_is_not_shared_is_named_but_own_milestones_are_not(coalition, ana, as_user, fay):
    draft = factories.draft(coalition, by=ana)
    own = drafting.add_own_milestone(assessment=draft, code="own-1", name="canary-own", definition="Ours", by=ana)
    drafting.add_own_indicator(
        assessment=draft, code="own-2", milestone=own, title="canary-title", question="canary-question",
        descriptors=["a", "b", "c", "d", "e"], by=ana,
    )  # fmt: skip
    assessment = drafting.start_meeting(assessment=draft, by=ana)
    factories.rate_all(assessment, 2, by=ana)
    factories.submit(assessment, by=ana)
    share(assessment, by=ana, cohesion="level_and_story")
    page = text(as_user(fay).get(PAGE))
    assert "Not shared:" in page and "Financing" in page and "canary" not in page
    share(assessment, by=ana, **{"own-1": "level_and_story"})
    page = text(as_user(fay).get(PAGE))
    assert "canary-own" in page and "the coalition's own" in page
    assert "canary" not in text(as_user(fay).get("/states/"))


def test_both_quarters_show_what_changed_and_events_of_shared_quarters_alone(coalition, ana, as_user, fay):
    first = factories.submitted(coalition, by=ana, level=1, quarter=Q1)
    second = told(coalition, by=ana, level=3, quarter=Q2, mode="core")
    for each in (first, second):
        share_all(each, by=ana)
    page = text(as_user(fay).get(PAGE))
    assert "Starting in 2026 Q1, now Strong" in page and 'class="at at-1 previous"' in page
    assert "canary-event" in page and "A dip can mean people feel safer to be honest." in page
    assert page.count("<figure") == 4 and page.count("data-chart") == 1 == page.count('role="img"')
    earlier = text(as_user(fay).get(PAGE + "?q=2026q1"))
    assert "This is the starting point" in earlier


def test_a_quarter_of_which_nothing_is_shared_falls_back_with_a_notice(assessment, as_user, ana, fay):
    share_all(assessment, by=ana)
    for query in ("?q=2026q1", "?q=2026q9", "?q=x&q=y"):
        assert 'role="status"' in text(as_user(fay).get(PAGE + query))
    assert 'role="status"' not in text(as_user(fay).get(PAGE + "?q=2026q2"))


def test_never_shared_is_404(assessment, as_user, ana, fay):
    assert as_user(fay).get(PAGE).status_code == 404
    share(assessment, by=ana)  # an act of sharing nothing
    assert as_user(fay).get(PAGE).status_code == 404


def test_another_state_or_coalition_is_404(assessment, as_user, ana, fay):
    share_all(assessment, by=ana)
    factories.state("IA")
    for path in ("/states/IA/sample-buckeye-coalition/", "/states/OH/nobody/", "/states/ZZ/sample-buckeye-coalition/"):
        assert as_user(fay).get(path).status_code == 404


@pytest.mark.parametrize("how", ["withdraw", "share nothing"])
def test_withdrawn_is_a_dated_note_and_nothing_else(how, assessment, as_user, ana, fay):
    share_all(assessment, by=ana)
    if how == "withdraw":
        sharing.withdraw(assessment=assessment, by=ana)
    else:
        share(assessment, by=ana)
    page = text(as_user(fay).get(PAGE))
    assert "The coalition stopped sharing 2026 Q2 on " in page
    assert "canary" not in page and "level-row" not in page and "<figure" not in page


def test_a_correction_is_dated_with_its_reason(assessment, as_user, ana, fay):
    share_all(assessment, by=ana)
    submitting.reopen(assessment=assessment, number=1, reason="The date was wrong", by=ana)
    page = text(as_user(fay).get(PAGE))
    assert "A correction is under way since " in page and "The date was wrong" not in page
    factories.submit(assessment, by=ana)
    assert "A correction is under way since " in text(as_user(fay).get(PAGE))
    assessment.refresh_from_db()
    share_all(assessment, by=ana)
    page = text(as_user(fay).get(PAGE))
    assert "Corrected on " in page and "The date was wrong" in page and "under way" not in page


def test_a_milestone_of_an_earlier_revision_stays_until_the_next_shares_it(assessment, as_user, ana, fay):
    share_all(assessment, by=ana)
    corrected(assessment, by=ana)
    share(assessment, by=ana, cohesion="level_and_story")
    page = text(as_user(fay).get(PAGE))
    assert "canary-story" in page and 'id="cohesion"' in page and "Corrected on " in page


@pytest.fixture
def files(assessment, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = {}
    for evidence in Evidence.objects.all():
        default_storage.save(evidence.file.name, ContentFile(b"%PDF-1 %%EOF"))
        kept[evidence.visibility] = f"{PAGE}2026q2/files/{evidence.pk}/"
    return kept


def test_a_file_goes_out_only_while_its_level_is_shared_and_if_it_may(assessment, files, as_user, ana, ben, fay):
    reader, open_one, closed_one = as_user(fay), files["may_be_shared"], files["coalition_only"]
    assert reader.get(open_one).status_code == 404
    share(assessment, by=ana, **{KEY: "story"})
    assert reader.get(open_one).status_code == 404
    share(assessment, by=ana, cohesion="level_and_story")
    assert reader.get(open_one).status_code == 404
    share(assessment, by=ana, **{KEY: "level_and_story"})
    answer = reader.get(open_one)
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == b"%PDF-1 %%EOF"
    assert answer["Content-Disposition"].startswith("attachment") and answer["Content-Type"] == "application/pdf"
    assert open_one in text(reader.get(PAGE)) and closed_one not in text(reader.get(PAGE))
    assert reader.get(closed_one).status_code == 404
    assert reader.get(open_one.replace("2026q2", "2026q1")).status_code == 404
    assert as_user(ben).get(open_one).status_code == 403
    stranger = factories.person(Role.FUNDER, factories.coalition("Sample Other", at="IA"))
    assert as_user(stranger).get(open_one).status_code == 404
    sharing.withdraw(assessment=assessment, by=ana)
    assert as_user(fay).get(open_one).status_code == 404


def test_a_file_that_the_store_lost_is_404(assessment, files, as_user, ana, fay):
    share_all(assessment, by=ana)
    default_storage.delete(Evidence.objects.get(visibility="may_be_shared").file.name)
    assert as_user(fay).get(files["may_be_shared"]).status_code == 404


def test_markup_in_what_people_wrote_stays_text(coalition, ana, as_user, fay):
    for quarter in (Q1, Q2):
        assessment = factories.discussing_assessment(coalition, by=ana, mode="core", quarter=quarter)
        factories.rate_all(assessment, 2, by=ana)
        milestone = Milestone.objects.get(rubric=assessment.rubric, slug="cohesion")
        Story.objects.create(assessment=assessment, milestone=milestone, text="</script><script>alert(1)</script>")
        factories.submit(assessment, by=ana)
        share_all(assessment, by=ana)
    assert "<script>alert(1)" not in text(as_user(fay).get(PAGE))
