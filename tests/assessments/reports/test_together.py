"""Counts of milestones that went up together: from `standings.csv` anybody gets the same; too early is said in words."""

import re
import uuid
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Assessment, Revision, Standing
from assessments.quarters import Quarter
from assessments.reports.exports.filters import Filters
from assessments.reports.together import FEW, Moved, Pair, count
from coalitions.models import Coalition, Role
from tests import factories
from tests.assessments.exports.making import from_database, records

FIRST = Quarter(2024, 1)
SLUGS = ("a", "b", "c")
CHANGES = ["up", "same", "down", "not_comparable", "first"]


def line(coalition, **by_slug):
    """The moves of one coalition, a word a quarter: `a="up same"`; `-` where the quarter is missing."""
    return [
        Moved(coalition, FIRST + at, slug, change)
        for slug, words in by_slug.items()
        for at, change in enumerate(words.split())
        if change != "-"
    ]


def pair(moves, one="a", other="b"):
    found = count(moves, SLUGS).pairs[one, other]
    return found.too, found.of


def test_it_counts_the_same_and_the_next_quarter_and_no_later_one():
    assert pair(line(1, a="up same", b="up same")) == (1, 1)
    assert pair(line(1, a="up same", b="same up")) == (1, 1)
    assert pair(line(1, a="up same same", b="same same up")) == (0, 1)
    assert pair(line(1, a="same up same", b="up same same")) == (0, 1), "what went up before is no answer"


@pytest.mark.parametrize("b", ["same -", "- up", "same not_comparable", "up not_comparable", "first up", "-", "up"])
def test_what_is_not_known_is_no_occasion(b):
    assert pair(line(1, a="up same", b=b)) == (0, 0)


def test_coalitions_are_counted_apart():
    assert pair(line(1, a="up same", b="same same") + line(2, a="same same", b="up up")) == (0, 1)


def test_the_last_quarter_of_all_breaks_nothing():
    moves = [Moved(1, Quarter(2099, 4), slug, "up") for slug in SLUGS]
    assert count(moves, SLUGS).pairs["a", "b"] == Pair(0, 0)


moves = st.lists(
    st.builds(
        Moved, st.integers(1, 3), st.integers(0, 6).map(FIRST.__add__), st.sampled_from([*SLUGS, "own-1"]),
        st.sampled_from(CHANGES),
    ),
    unique_by=lambda move: (move.coalition, move.quarter, move.slug),
)  # fmt: skip


@given(moves)
def test_never_more_than_there_were_occasions_and_never_a_milestone_of_ones_own(found):
    found.sort(key=lambda move: move.coalition)
    counted = count(found, SLUGS)
    ups = Counter(move.slug for move in found if move.change == "up")
    assert set(counted.pairs) == {(one, other) for one in SLUGS for other in SLUGS if one != other}
    for (one, _other), two in counted.pairs.items():
        assert 0 <= two.too <= two.of <= ups[one]
        assert 0 <= two.shade <= 4


@given(moves, st.randoms())
def test_the_order_of_coalitions_and_rows_changes_nothing(found, random):
    by_coalition = {move.coalition: [] for move in found}
    random.shuffle(found)
    for move in found:
        by_coalition[move.coalition].append(move)
    shuffled = [move for one in by_coalition.values() for move in one]
    assert count(shuffled, SLUGS) == count(sorted(found, key=lambda move: move.coalition), SLUGS)


def test_too_early_until_there_are_four_quarters_and_five_coalitions():
    def made(coalitions, quarters):
        rows = [line(number, a=" ".join(["up"] * quarters)) for number in range(coalitions)]
        return count([move for row in rows for move in row], SLUGS)

    assert made(4, 9).is_too_early and made(9, 3).is_too_early and not made(5, 4).is_too_early


# The page


LEVELS = {  # of five quarters, by milestone; the others stay at 2
    1: [1, 2, 2, 3, 3], 2: [0, 1, 2, 2, 3], 3: [3, 2, 3, 3, 4],
}  # fmt: skip


def played(name, *, quarters=5, shift=0):
    """A coalition that submitted so many core quarters, some levels of which went up."""
    coalition = factories.coalition(name)
    lead = factories.person(Role.LEAD, coalition)
    for at in range(quarters):
        assessment = factories.discussing_assessment(coalition, by=lead, quarter=FIRST + at)
        for rating in assessment.agreed_ratings.select_related("indicator__milestone"):
            levels = LEVELS.get((rating.indicator.milestone.number + shift - 1) % 7 + 1, [2] * 5)
            factories.rate(assessment, rating.indicator.code, levels[at], by=lead)
        factories.submit(assessment, by=lead)
    return coalition, lead


def copies(coalition, number):
    """The same quarters for other coalitions, written in bulk."""
    for at in range(number):
        other = factories.coalition(f"Sample copy {at}")
        for revision in coalition.revisions.order_by("quarter_text"):
            assessment = Assessment.objects.create(
                coalition=other, quarter_text=revision.quarter_text, rubric=revision.assessment.rubric, mode="core",
                room_sees="meeting_only", stage="submitted",
            )  # fmt: skip
            copy = Revision.objects.create(
                assessment=assessment, coalition=other, quarter_text=revision.quarter_text, number=1,
                submitted_at=revision.submitted_at, body=revision.body, sha256=uuid.uuid4().hex * 2,
            )  # fmt: skip
            names = [f.attname for f in Standing._meta.concrete_fields if f.attname != "id"]
            Standing.objects.bulk_create(
                Standing(**{n: getattr(s, n) for n in names} | {"revision_id": copy.pk, "coalition_id": other.pk})
                for s in revision.standings.all()
            )


def cells(page: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Of each two milestones, by their numbers, what the table says: how often of how many times."""
    found = {}
    for row in re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", page, re.DOTALL):
        one = re.search(r"<th scope=\"row\">(\d)", row)[1]
        for number, cell in enumerate(re.findall(r"<td.*?</td>", row, re.DOTALL), start=1):
            counts = re.search(r">(\d+)/(\d+)<", cell)
            found[one, str(number)] = (int(counts[1]), int(counts[2])) if counts else None
    return found


def recounted(text: str) -> dict[tuple[str, str], tuple[int, int]]:
    """The same, counted from the file `standings.csv` in another way: by a reader who knows the method page alone."""
    change = {}
    for row in records(text):
        change[row["coalition_id"], row["quarter"], row["milestone_number"]] = row["change"]
    found = {}
    for one in map(str, range(1, 8)):
        for other in map(str, range(1, 8)):
            too = of = 0
            for (coalition, quarter, number), moved in change.items():
                year, q = int(quarter[:4]), int(quarter[5])
                following = f"{year}Q{q + 1}" if q < 4 else f"{year + 1}Q1"
                then = [change.get((coalition, when, other)) for when in (quarter, following)]
                if number == one and moved == "up" and not set(then) - {"up", "same", "down"}:
                    of, too = of + 1, too + ("up" in then)
            found[one, other] = (too, of) if of and one != other else None
    return found


@pytest.mark.django_db
def test_the_table_is_what_standings_csv_gives(rubric, eve, as_user):
    first, lead = played("Sample Buckeye Coalition")
    copies(first, 5)
    played("Sample Prairie Coalition", shift=3)
    assessment = first.assessments.select_related("coalition").get(quarter_text=str(FIRST + 1))
    factories.submitting.reopen(assessment=assessment, number=1, reason="Wrong", by=lead)
    assessment.refresh_from_db()
    factories.rate(assessment, "1.2", 0, by=lead)
    factories.submit(assessment, by=lead)  # revision 2: only the last one of a quarter counts
    page = as_user(eve).get("/together/").content.decode()
    shown = cells(page)
    assert shown == recounted(from_database("standings", Filters(revisions="latest")))
    assert shown != recounted(from_database("standings", Filters(last=str(FIRST + 3)))), "a control: a quarter less"
    assert any(counts and counts[1] >= FEW for counts in shown.values())
    assert any(counts and counts[1] < FEW for counts in shown.values())
    assert "Moving together does not mean one causes the other." in page
    assert re.search(r"Of \d+ times .+ went up, .+ went up in the same or next quarter \d+ times\.", page)
    hatched = re.findall(r'<td class="few"><span aria-hidden="true">\d+/(\d+)', page)
    grey = re.findall(r'<td class="shade-\d"><span aria-hidden="true">\d+/(\d+)', page)
    assert hatched and grey and all(int(of) < FEW for of in hatched) and all(int(of) >= FEW for of in grey)
    assert "%" not in re.sub(r"<head.*?</head>", "", page, flags=re.DOTALL)


@pytest.mark.django_db
def test_too_early_is_said_and_nothing_is_counted(rubric, eve, as_user):
    coalition, _lead = played("Sample Buckeye Coalition", quarters=4)
    copies(coalition, 3)
    page = as_user(eve).get("/together/").content.decode()
    assert "Too early to say." in page and "<table" not in page
    copies_more = factories.coalition("Sample fifth")
    factories.submitted(copies_more, by=factories.person(Role.LEAD, copies_more), quarter=FIRST)
    assert "<table" in as_user(eve).get("/together/").content.decode()


@pytest.mark.django_db
def test_an_evaluator_of_one_coalition_counts_that_one_alone(rubric, as_user):
    coalition, _lead = played("Sample Buckeye Coalition")
    copies(coalition, 5)
    ed = factories.person(Role.EVALUATOR, coalition)
    page = as_user(ed).get("/together/").content.decode()
    assert "Too early to say." in page and "1 coalition has submitted." in page


@pytest.mark.django_db
def test_it_costs_no_more_queries_for_many(rubric, eve, as_user, django_assert_max_num_queries):
    coalition, _lead = played("Sample Buckeye Coalition")
    copies(coalition, 8)
    client = as_user(eve)
    client.get("/me/")
    with django_assert_max_num_queries(12):
        client.get("/together/")
    assert Coalition.objects.count() == 9
