"""What the coalition itself reads: the funder's page before it is shared, its results, and each frozen revision."""

import re

import pytest

from assessments.reports import queries, rows
from assessments.sharing import actions as sharing
from assessments.submitting import actions as submitting
from coalitions.models import Role
from tests import factories
from tests.assessments.reports.made import (
    MILESTONE,
    NEVER_OUT,
    OUT_WITH_LEVEL,
    OUT_WITH_STORY,
    Q1,
    Q2,
    comparable,
    corrected,
    main,
    share,
    share_all,
    text,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("postgres")]
HOME = "/c/sample-buckeye-coalition/"
PREVIEW = HOME + "2026q2/sharing/preview/"
SHARED = "/states/OH/sample-buckeye-coalition/"


@pytest.fixture
def assessment(coalition, ana):
    return told(coalition, by=ana)


def query(**choices):
    return "?" + "&".join(f"{slug.replace('_', '-')}={choice}" for slug, choice in choices.items())


CHOICES = [
    {MILESTONE: "level_and_story", "cohesion": "story", "beyond": "story"},
    {MILESTONE: "story"},
    {"financing": "level_and_story"},
    dict.fromkeys(["setting-the-table", "safety-and-trust", "cohesion", "financing"], "level_and_story"),
]


@pytest.mark.parametrize("choices", CHOICES)
@pytest.mark.parametrize("situation", ["first", "second quarter", "corrected"])
def test_the_preview_is_what_the_funder_then_sees(choices, situation, coalition, ana, as_user, fay):
    if situation == "second quarter":
        share_all(factories.submitted(coalition, by=ana, quarter=Q1, level=1), by=ana)
    assessment = told(coalition, by=ana)
    if situation == "corrected":
        share(assessment, by=ana, cohesion="level_and_story", financing="story")
        corrected(assessment, by=ana)
    preview = text(as_user(ana).get(PREVIEW + query(**choices)))
    sharing.share(assessment=assessment, number=assessment.revisions.count(), choices=choices, by=ana)
    seen = main(as_user(fay).get(SHARED))
    previewed = preview[preview.index('<p class="caption">') : preview.index('<p class="caveat">')]
    assert comparable(previewed) == comparable(seen)


def test_the_preview_names_who_reads_and_posts_what_it_shows(assessment, as_user, ana, fay, eve):
    factories.person(Role.FUNDER, name="Una", organisation="Sample Trust", pledged=False)
    page = text(as_user(ana).get(PREVIEW + query(cohesion="level_and_story", beyond="story")))
    assert "This is what a funder will see" in page
    assert (
        "Fay, Sample Fund" in page
        and "promised on" in page
        and "Una, Sample Trust" in page
        and "not made the promise" in page
    )
    form = page[page.index('sharing/share/"') :]
    sent = dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', form[: form.index("</form>")]))
    sent.pop("csrfmiddlewaretoken", None)
    assert sent["number"] == "1" and sent["cohesion"] == "level_and_story" and sent["financing"] == "nothing"
    assert "cohesion=level_and_story" in page
    assert as_user(ana).post(HOME + "2026q2/sharing/share/", sent).status_code == 303
    shared = {row.slug for row in queries.shared_by(assessment.coalition)}
    assert shared == {"cohesion", "beyond"}


def test_without_choices_the_preview_is_what_is_shared_now(assessment, as_user, ana):
    page = text(as_user(ana).get(PREVIEW))
    assert "Nothing of this quarter would be shown." in page and "sharing/share/" not in page
    share(assessment, by=ana, cohesion="level_and_story")
    page = text(as_user(ana).get(PREVIEW))
    assert "This is what a funder sees now" in page and 'id="cohesion"' in page and "sharing/share/" not in page


@pytest.mark.parametrize("nonsense", ["cohesion=xyz", "beyond=level_and_story", "cohesion=", "cohesion=%F0%9F%92%A5"])
def test_a_choice_that_cannot_be_read_counts_as_nothing(nonsense, assessment, as_user, ana):
    page = text(as_user(ana).get(f"{PREVIEW}?{nonsense}&financing=story"))
    assert 'id="cohesion"' not in page and 'id="beyond"' not in page and 'id="financing"' in page


def test_a_reopened_record_can_be_looked_at_but_not_shared(assessment, as_user, ana):
    submitting.reopen(assessment=assessment, number=1, reason="So", by=ana)
    page = text(as_user(ana).get(PREVIEW + query(cohesion="story")))
    assert 'id="cohesion"' in page and "sharing/share/" not in page


def test_who_may_look_at_the_preview(assessment, as_user, ana, ben, fay, eve, ada, sam):
    answers = {u: as_user(u).get(PREVIEW).status_code for u in (ana, ben, fay, eve, ada, sam)}
    assert answers == {ana: 200, ben: 403, fay: 404, eve: 404, ada: 403, sam: 404}
    assert as_user(ana).get(PREVIEW.replace("2026q2", "2026q1")).status_code == 404
    factories.discussing_assessment(assessment.coalition, by=ana, quarter=Q1)
    assert as_user(ana).get(PREVIEW.replace("2026q2", "2026q1")).status_code == 409


def test_results_are_for_the_coalition_and_hold_everything(assessment, as_user, ana, ben, fay, eve, ada, sam):
    answers = {u: as_user(u).get(HOME + "results/").status_code for u in (ana, ben, fay, eve, ada, sam)}
    assert answers == {ana: 200, ben: 200, fay: 404, eve: 404, ada: 403, sam: 404}
    page = text(as_user(ben).get(HOME + "results/"))
    everything = [*OUT_WITH_LEVEL, *OUT_WITH_STORY, *NEVER_OUT]
    assert [word for word in everything if word not in page] == []
    assert f"{HOME}2026q2/revisions/1/" in page and "canary-beyond" in page


def test_results_before_the_first_submit_of_a_meeting_alone(coalition, as_user, ben, ana):
    assert "First results come after answers close." in text(as_user(ben).get(HOME + "results/"))
    factories.discussing_assessment(coalition, by=ana)
    assert "First results come after answers close." in text(as_user(ben).get(HOME + "results/"))


def test_results_compare_with_quarters_that_are_not_shared(coalition, as_user, ana, ben):
    factories.submitted(coalition, by=ana, level=0, quarter=Q1)
    factories.submitted(coalition, by=ana, level=3, quarter=Q2)
    assert "Not yet in 2026 Q1, now Strong" in text(as_user(ben).get(HOME + "results/"))


def test_a_revision_is_whole_and_frozen(assessment, as_user, ana, ben):
    corrected(assessment, by=ana, reason="The date was wrong")
    first = text(as_user(ben).get(HOME + "2026q2/revisions/1/"))
    second = text(as_user(ben).get(HOME + "2026q2/revisions/2/"))
    for page, revision in ((first, 1), (second, 2)):
        kept = assessment.revisions.get(number=revision)
        assert kept.sha256 in page and kept.content["rubric_version"] in page and "Ana" in page
    assert "The date was wrong" in second and "The date was wrong" not in first
    assert "canary-closed-evidence" in first and "canary-owner" in first


@pytest.mark.parametrize("number", ["0", "3", "99999", "9" * 30])
def test_a_revision_that_is_not_there_is_404(number, assessment, as_user, ben):
    assert as_user(ben).get(f"{HOME}2026q2/revisions/{number}/").status_code == 404


def test_who_may_read_a_revision(assessment, as_user, ana, ben, fay, eve, ada, sam):
    path = HOME + "2026q2/revisions/1/"
    answers = {u: as_user(u).get(path).status_code for u in (ana, ben, fay, eve, ada, sam)}
    assert answers == {ana: 200, ben: 200, fay: 404, eve: 404, ada: 403, sam: 404}
    factories.discussing_assessment(assessment.coalition, by=ana, quarter=Q1)
    assert as_user(ben).get(path.replace("2026q2", "2026q1")).status_code == 409


def test_a_revision_never_compares_with_a_later_quarter(coalition, as_user, ana, ben):
    factories.submitted(coalition, by=ana, level=1, quarter=Q1)
    factories.submitted(coalition, by=ana, level=4, quarter=Q2)
    page = text(as_user(ben).get(HOME + "2026q1/revisions/1/"))
    assert "2026 Q2" not in page


def test_nothing_of_the_rows_inside_is_masked_but_everything_outside_is(assessment):
    inside = queries.rows_inside(assessment.coalition)
    assert {row.sharing for row in inside} == {rows.STORY, rows.LEVEL_AND_STORY}
    assert queries.shared_by(assessment.coalition) == []
