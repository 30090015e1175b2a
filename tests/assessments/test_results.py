"""Results inside the coalition: what members answered from close on, what was agreed once submitted, the same for all."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.drafting import actions as drafting
from assessments.models import Release
from assessments.submitting import actions as submitting
from coalitions.models import Role
from milestones.models import Milestone
from tests import factories
from tests.assessments.reports.made import Q1, Q2, text

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("postgres")]
HOME = "/c/sample-buckeye-coalition/results/"
ONE = HOME + "setting-the-table/"
SECRETS = r'csrfmiddlewaretoken" value="[^"]*"|<(header|footer).*?</\1>'


def bare(html):
    """A page but for its frame, where each reader finds their own name and menu."""
    return re.sub(SECRETS, "", html, flags=re.DOTALL).split("<main")[1]


@pytest.fixture
def compared(coalition, ana):
    """Six and six whose two sides stand two levels apart."""
    return factories.closed(coalition, by=ana, parents=[0, 1, 1, 1, 2, 2], others=[2, 2, 3, 3, 3, 3], quarter=Q2)


@pytest.fixture
def spread(coalition, ana):
    """Twelve who see the spread: 1 3 4 4 0."""
    return factories.closed(
        coalition, by=ana, others=[0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3], room_sees="see_the_spread", quarter=Q2
    )


def agreed(assessment, level=2, *, by, reason="So we saw it"):
    for code in assessment.agreed_ratings.values_list("indicator__code", flat=True):
        factories.rate(assessment, code, level, by=by, reason=reason)
    factories.submit(assessment, by=by)
    assessment.refresh_from_db()
    return assessment


@pytest.mark.parametrize("path", [HOME, ONE])
def test_before_close_nobody_sees_anything(path, coalition, ana, ben, as_user):
    assert "First results come after answers close." in text(as_user(ben).get(path))
    assessment = factories.collecting_assessment(coalition, by=ana)
    empty = bare(text(as_user(ben).get(path)))
    for level in [4] * 12:
        factories.ballot(assessment, level, notes={"1.2": "canary-note"}, beyond="canary-beyond")
    for person in (ana, ben):
        assert bare(text(as_user(person).get(path))) == empty


@pytest.mark.parametrize("path", [HOME, ONE, HOME + "?order=wide"])
@pytest.mark.parametrize("made", ["compared", "spread"])
@pytest.mark.parametrize("is_submitted", [False, True])
def test_a_member_reads_what_a_lead_reads(path, made, is_submitted, request, ana, ben, as_user):
    assessment = request.getfixturevalue(made)
    if is_submitted:
        agreed(assessment, by=ana)
    assert bare(text(as_user(ben).get(path))) == bare(text(as_user(ana).get(path)))


def test_from_close_on_the_answers_are_there_and_no_agreed_level_is(compared, ana, ben, as_user):
    factories.rate(compared, "1.2", 4, by=ana, reason="canary-reason")
    for path in (HOME, ONE):
        page = text(as_user(ben).get(path))
        assert "Not agreed yet" in page and "canary-reason" not in page and "Lasting</strong>" not in page
    page = text(as_user(ben).get(HOME))
    assert "Answers suggest: Growing" in page and "10–19 answers. Wide: a good place to talk" in page
    assert "side-mark side-parents at-1" in page and "side-mark side-others at-3" in page
    assert "Parents and providers see this 2 levels lower. Talk about this first." in page
    assert "10–19 people sent answers." in page and "Parents and providers: 5–9." in page
    assert "Answers are wide on 7 questions" in page and "Nothing to compare yet." in page


def test_the_lower_side_is_suggested_where_the_milestone_defers(compared, ben, as_user):
    page = text(as_user(ben).get(HOME + "safety-and-trust/"))
    assert "In this milestone the lower of the two sides is suggested." in page


def test_after_submit_both_stand_side_by_side_with_the_reason_where_they_differ(compared, ana, ben, as_user):
    agreed(compared, 3, by=ana, reason="canary-reason")
    page = text(as_user(ben).get(HOME))
    assert "What we heard, what we did" in page
    assert "Answers suggest Growing. We agreed on Strong." in page and "canary-reason" in page
    assert 'class="at at-2 suggested"' in page and "Not agreed yet" not in page
    one = text(as_user(ben).get(ONE))
    assert "canary-reason" in one and "at-3 agreed" in one


def test_where_both_are_the_same_no_reason_is_asked_for(compared, ana, ben, as_user):
    agreed(compared, 2, by=ana)
    page = text(as_user(ben).get(HOME))
    assert "Answers suggest Growing. We agreed on Growing too." in page
    assert page.count("So we saw it") == 7 + 2  # with each question, and where the two milestones that defer differ


@pytest.mark.parametrize("parents, others", [([3] * 4, []), ([3, 3], [3, 3])])
def test_under_five_there_is_no_level_no_word_and_no_band(parents, others, coalition, ana, ben, as_user):
    factories.closed(coalition, by=ana, parents=parents, others=others)
    for path in (HOME, ONE):
        page = text(as_user(ben).get(path))
        main = bare(page)
        assert "Too few people answered to show this." in main
        assert not re.search(r"[59]–|answers\. (Close|Wide)|at-\d suggested|side-mark side-\w+ at-", main)
    assert "Fewer than 5 people sent answers" in text(as_user(ben).get(HOME))


def test_with_five_on_one_side_both_sides_are_gone(coalition, ana, ben, as_user):
    factories.closed(coalition, by=ana, parents=[1] * 5, others=[3] * 7)
    for path in (HOME, ONE):
        page = bare(text(as_user(ben).get(path)))
        assert "We show the two sides only when each has 6 or more answers." in page
        assert "Parents and providers:" not in page and "at-1" not in page
        assert not re.search(r"side-mark side-\w+ at-", page)


def test_see_the_spread_shows_counts_and_no_sides(spread, ben, as_user):
    page = bare(text(as_user(ben).get(HOME)))
    assert "No voices were asked this quarter." in page
    assert re.findall(r">(\d+)</text>", page)[:4] == ["1", "3", "4", "4"]
    assert "Starting: 3" in page and "side-mark" not in page
    one = bare(text(as_user(ben).get(ONE)))
    assert "No voices were asked this quarter." in one and "side-mark" not in one and "table-spread" in one


def test_see_the_spread_under_ten_shows_no_count(coalition, ana, ben, as_user):
    factories.closed(coalition, by=ana, others=[1, 1, 1, 2, 2, 2, 3, 3, 3], room_sees="see_the_spread")
    for path in (HOME, ONE):
        page = bare(text(as_user(ben).get(path)))
        assert "</text>" not in page and "table-spread" not in page and "Answers suggest" in page


def test_bars_and_table_hold_the_same_counts(spread, ben, as_user):
    page = bare(text(as_user(ben).get(HOME)))
    drawn = [int(count) for count in re.findall(r">(\d+)</text>", page)]
    released = [count for item in Release.objects.get().content["indicators"] for count in item["counts"] if count]
    assert drawn == released
    table = page.split('<table class="table heard-table">')[1].split("</table>")[0]
    told = [[int(n) for n in re.findall(r"\w: (\d+)", row)] for row in table.split("<tr>")[2:]]
    assert told == [item["counts"] for item in Release.objects.get().content["indicators"]]


def test_wide_first_keeps_the_order_within(coalition, ana, ben, as_user):
    assessment = factories.collecting_assessment(coalition, by=ana)
    codes = list(assessment.agreed_ratings.in_order().values_list("indicator__code", flat=True))
    wide = codes[-1]
    for number in range(12):
        given = dict.fromkeys(codes, 2) | {wide: 0 if number % 2 else 4}
        factories.ballot(assessment, given, voice="parent" if number < 6 else "staff")
    factories.close.close(assessment=assessment, by=ana)
    page = text(as_user(ben).get(HOME + "?order=wide"))
    section = page[page.index('id="voices"') :]
    assert section.index("impact-for-children-and-families") < section.index("setting-the-table")
    for nonsense in ("?order=x", "?order=wide&order=x", "?voice=parent"):
        assert as_user(ben).get(HOME + nonsense).status_code == 200


def test_ticked_notes_are_on_the_page_of_their_milestone_alone(coalition, ana, ben, as_user, fay):
    assessment = factories.collecting_assessment(coalition, by=ana)
    for number in range(10):
        factories.ballot(assessment, 2, notes={"1.2": "canary-note"} if not number else None, beyond="canary-beyond")
    factories.close.close(assessment=assessment, by=ana)
    assert "canary-note" in text(as_user(ben).get(ONE))
    assert "canary-note" not in text(as_user(ben).get(HOME)) and "canary-beyond" in text(as_user(ben).get(HOME))
    assert "canary" not in text(as_user(ben).get(HOME + "cohesion/"))


def test_direction_in_words_before_and_after_submit(coalition, ana, ben, as_user):
    first = factories.closed(coalition, by=ana, parents=[2] * 12, quarter=Q1)
    agreed(first, by=ana)
    second = factories.collecting_assessment(coalition, by=ana, quarter=Q2)
    for _number in range(12):
        factories.ballot(second, 2, cohesion="forward", financing="stayed")
    factories.close.close(assessment=second, by=ana)
    second.refresh_from_db()
    page = text(as_user(ben).get(HOME))
    assert "Possible shift forward" in page and "No clear change" in page and "Too few answers to say" in page
    assert "1 milestone may have shifted. 1 milestone shows no clear change." in page
    assert "Possible shift forward" in text(as_user(ben).get(HOME + "cohesion/"))
    agreed(second, by=ana)
    assert "Members: Possible shift forward" in text(as_user(ben).get(HOME))


def test_a_later_quarter_agreed_in_a_meeting_stands_alone(coalition, ana, ben, as_user):
    factories.closed(coalition, by=ana, parents=[4] * 12, quarter=Q1)
    factories.submitted(coalition, by=ana, quarter=Q2, level=1)
    page = bare(text(as_user(ben).get(HOME)))
    assert "2026 Q2" in page and "Answers suggest" not in page
    assert "Members were not asked before it." in text(as_user(ben).get(ONE))


def test_while_reopened_members_read_revision_1(compared, ana, ben, as_user):
    agreed(compared, 3, by=ana, reason="So it is")
    submitting.reopen(assessment=compared, number=1, reason="A date was wrong", by=ana)
    factories.rate(compared, "1.2", 0, by=ana, reason="canary-reason")
    page = text(as_user(ben).get(HOME))
    assert "We agreed on Strong." in page and "canary-reason" not in page


@pytest.mark.parametrize("path", [HOME, ONE])
def test_who_reads_results(path, compared, ana, ben, fay, eve, ada, sam, as_user):
    statuses = {u: as_user(u).get(path).status_code for u in (ana, ben, fay, eve, ada, sam)}
    assert statuses == {ana: 200, ben: 200, fay: 404, eve: 404, ada: 403, sam: 404}
    other = factories.person(Role.MEMBER, factories.coalition("Sample Other", at="IA"))
    assert as_user(other).get(path).status_code == 404


def test_a_milestone_there_is_not_is_404_and_one_that_was_not_asked_says_so(compared, ben, as_user):
    for slug in ("nothing", "beyond", "own-9"):
        assert as_user(ben).get(f"{HOME}{slug}/").status_code == 404


def test_a_milestone_that_was_set_aside_says_why(coalition, ana, ben, as_user):
    draft = factories.draft(coalition, by=ana, room_sees="compare_voices", closes_on=timezone.localdate())
    milestone = draft.rubric.milestones.get(slug="cohesion")
    factories.drafting.set_aside(assessment=draft, milestone=milestone, reason="canary-aside", by=ana)
    factories.collecting.open_collecting(assessment=draft, by=ana)
    draft.refresh_from_db()
    for _number in range(5):
        factories.ballot(draft, 2)
    factories.close.close(assessment=draft, by=ana)
    assert "canary-aside" in text(as_user(ben).get(HOME + "cohesion/"))


@pytest.mark.parametrize("made", ["compared", "spread"])
@pytest.mark.parametrize("is_submitted", [False, True])
def test_every_number_leads_to_the_page_that_explains_it(made, is_submitted, request, ana, ben, as_user):
    assessment = request.getfixturevalue(made)
    if is_submitted:
        agreed(assessment, by=ana)
    for path in (HOME, ONE):
        page = text(as_user(ben).get(path))
        assert "/about/reading/#suggested" in page or "/about/reading/#too-few" in page
        assert "/about/reading/#close-or-wide" in page


def test_results_cost_as_many_queries_for_27_questions_as_for_7(coalition, ana, ben, as_user, compared):
    def queries():
        client = as_user(ben)
        client.get(HOME)
        with CaptureQueriesContext(connection) as found:
            client.get(HOME)
        return len(found)

    few = queries()
    agreed(compared, by=ana)
    factories.closed(coalition, by=ana, parents=[2] * 6, others=[3] * 6, quarter=Q2.next, mode="full")
    assert queries() <= few + 2


def test_while_reopened_members_read_what_was_submitted_and_nothing_of_the_draft(compared, ana, ben, as_user):
    """What a lead sets aside meanwhile is in no results before the next revision is."""
    agreed(compared, by=ana)
    before = [bare(text(as_user(ben).get(path))) for path in (HOME, ONE)]
    submitting.reopen(assessment=compared, number=1, reason="A date was wrong", by=ana)
    compared.refresh_from_db()
    drafting.set_aside(
        assessment=compared, milestone=Milestone.objects.get(slug="setting-the-table"), reason="canary-aside", by=ana
    )
    for path, was in zip((HOME, ONE), before, strict=True):
        now = bare(text(as_user(ben).get(path)))
        assert "canary-aside" not in now
        assert "We agreed on Growing" in now or path == ONE
        assert was.count("at-1 ") == now.count("at-1 ")
    factories.submit(compared, by=ana)
    assert "canary-aside" in bare(text(as_user(ben).get(HOME)))  # the control: then they read it


def test_the_table_says_of_each_question_why_a_side_is_missing(coalition, ana, ben, as_user):
    """Too few, and sides not shown, are two different things; neither is a blank."""
    assessment = factories.collecting_assessment(coalition, by=ana)
    codes = list(assessment.agreed_ratings.in_order().values_list("indicator__code", flat=True))
    for number in range(12):
        marks = dict.fromkeys(codes, 2)
        if number >= 4:
            marks[codes[1]] = "s"  # four levels alone
        if number in (0, 1):
            marks[codes[2]] = "c"  # four of one side and six of the other
        factories.ballot(assessment, marks, voice="parent" if number < 6 else "staff")
    factories.close.close(assessment=assessment, by=ana)
    table = bare(text(as_user(ben).get(HOME))).split('<table class="table heard-table">')[1].split("</table>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("<tr>")[2:]]
    assert [row[5:7] for row in rows[:3]] == [
        ["Growing (2)"] * 2,
        ["Too few answers to show"] * 2,
        ["Sides not shown"] * 2,
    ]
