"""Rule D1 against somebody who tries every set of answers there could be (P6), and naive rules against the same (P8).

The attacker knows how many gave a level, of all and of each side, and every rule. They list all answers that people
could have given, keep those of which exactly what was published would have been said, and ask: which levels may one
person still have given (*open*), and how many of those who answered must have given one and the same level (*certain*)?
A member knows their own answer besides. What one set of answers and another have in common, nobody can tell apart: so
one look at all sets, put together by what is published of them, is every attack there is.
"""

import itertools
import math
import re
from collections import defaultdict
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from django.conf import settings

from assessments import disclosure
from assessments.disclosure import COMPARE_VOICES, EVERYONE_ELSE, PARENTS_PROVIDERS, SEE_THE_SPREAD, Given
from milestones.texts import canonical

pytestmark = pytest.mark.any_engine("sqlite")
MODES = (COMPARE_VOICES, SEE_THE_SPREAD)
CERTAIN_AT_MOST, OPEN_AT_LEAST = 0.85, 2
CHOICES = ("back", "stayed", "forward")


class Found(NamedTuple):
    """The worst over all that could be published: so many of so many must have given one level; so many levels open."""

    certain: int
    of: int
    open: int

    @property
    def share(self) -> float:
        return self.certain / self.of

    def __str__(self):
        return f"{self.certain} of {self.of}"


def worst(found) -> Found:
    """Of several: the largest share that is certain, and the fewest values that are open."""
    found = list(found)
    most = max(found, key=lambda one: (one.share, -one.of))
    return most._replace(open=min(one.open for one in found))


@cache
def multisets(n, values=5):
    """Every way in which n people can choose among so many values: a row of counts for each."""
    if values == 1:
        return np.array([[n]], dtype=np.int16)
    rows = []
    for first in range(n + 1):
        rest = multisets(n - first, values - 1)
        rows.append(np.hstack([np.full((len(rest), 1), first, dtype=np.int16), rest]))
    return np.vstack(rows)


def every(*choices):
    """Every combination of rows, one of each table: the tables again, side by side."""
    places = np.indices([len(table) for table in choices]).reshape(len(choices), -1)
    return [table[place] for table, place in zip(choices, places, strict=True)]


def look(alike, counts, of) -> Found:
    """What holds in every row of one kind, and what in any: the worst kind."""
    order = np.argsort(alike, kind="stable")
    kinds, rows = alike[order], counts[order]
    starts = np.flatnonzero(np.r_[True, kinds[1:] != kinds[:-1]])
    certain = np.minimum.reduceat(rows, starts).max()
    still_open = (np.maximum.reduceat(rows, starts) > 0).sum(axis=1).min()
    return Found(int(certain), of, int(still_open))


def attack(published, *sets, same_people=False) -> tuple[Found, Found]:
    """The worst for (somebody outside, a member who knows their own answer).

    `sets`: tables of counts, row for row, each of one set of people; with `same_people` they are two things
    that the same people chose. `published`: what is published of each row.
    """
    names = {}
    alike = np.fromiter((names.setdefault(said, len(names)) for said in published), dtype=np.int64)
    sizes = [int(table[0].sum()) for table in sets]
    outsider = worst(look(alike, table, size) for table, size in zip(sets, sizes, strict=True))
    inside = []
    for belongs_to in [range(len(sets))] if same_people else [[place] for place in range(len(sets))]:
        for own in np.ndindex(*[sets[place].shape[1] for place in belongs_to]):
            mine = dict(zip(belongs_to, own, strict=True))
            fits = np.all([sets[place][:, value] > 0 for place, value in mine.items()], axis=0)
            for place, (table, size) in enumerate(zip(sets, sizes, strict=True)):
                others = table[fits].copy()
                if place in mine:
                    others[:, mine[place]] -= 1
                    size -= 1
                if size and len(others):
                    inside.append(look(alike[fits], others, size))
    return outsider, worst(inside) if inside else outsider


def levels_of(row) -> list[int]:
    return [level for level, count in enumerate(row) for _person in range(count)]


def answers_of(row, side=None) -> list[Given]:
    return [Given(level, side) for level in levels_of(row)]


def shown(answers, room_sees=COMPARE_VOICES, could_not=0, *, inside=False) -> str:
    """Everything that is published of one item: all of it inside the coalition, without counts outside."""
    item = disclosure.of_indicator([*answers, *[Given(None)] * could_not], room_sees=room_sees)
    return repr(item if inside else disclosure.outside({"indicators": [item]})["indicators"])


@cache
def of_the_whole(n, room_sees) -> tuple[Found, Found]:
    """All multisets of n levels, each with every number of people who could not see it: that number nobody knows."""
    rows, could_not = every(multisets(n), np.arange(n + 2).reshape(-1, 1))
    given = {tuple(row): answers_of(row) for row in multisets(n)}
    inside = room_sees == COMPARE_VOICES or n < disclosure.SPREAD_FROM  # else `test_inside_see_the_spread…`
    published = [
        shown(given[tuple(row)], room_sees, k, inside=inside)
        for row, (k,) in zip(rows.tolist(), could_not, strict=True)
    ]
    return attack(published, rows)


@cache
def of_two_sides(parents, others, could_not=(0,)) -> tuple[Found, Found]:
    """All pairs of multisets of two sides; `could_not`: how many on top could not see it, tried one after another."""
    mine, theirs = (
        [answers_of(row, side) for row in multisets(n)]
        for n, side in ((parents, PARENTS_PROVIDERS), (others, EVERYONE_ELSE))
    )
    places, of_others, also = every(np.arange(len(mine)), np.arange(len(theirs)), np.array(could_not))
    published = [
        shown(mine[i] + theirs[j], COMPARE_VOICES, k, inside=True)
        for i, j, k in zip(places, of_others, also, strict=True)
    ]
    return attack(published, multisets(parents)[places], multisets(others)[of_others])


def holds(found: Found) -> bool:
    return found.share <= CERTAIN_AT_MOST and found.open >= OPEN_AT_LEAST


# P6: whole, flag, sides


@pytest.mark.parametrize("room_sees", MODES)
@pytest.mark.parametrize("n", range(5, 13))
def test_the_whole_coalition_leaves_everybody_at_least_two_levels(n, room_sees):
    outsider, member = of_the_whole(n, room_sees)
    assert holds(outsider) and holds(member)


@pytest.mark.parametrize("room_sees", MODES)
@pytest.mark.parametrize("n", range(1, 5))
def test_too_few_say_nothing_at_all(n, room_sees):
    outsider, member = of_the_whole(n, room_sees)
    assert (outsider.certain, outsider.open) == (0, 5) and (member.certain, member.open) == (0, 5)


@pytest.mark.parametrize("n", range(5, 13))
def test_the_flag_leaves_open_how_many_could_not_say(n):
    by_flag = defaultdict(set)
    for could_not in range(2 * n):
        by_flag[shown(answers_of([n, 0, 0, 0, 0]), could_not=could_not)].add(could_not)
    assert len(by_flag) == 2 and all(len(numbers) >= 2 for numbers in by_flag.values())


def test_two_sides_leave_everybody_at_least_two_levels():
    """Twelve people, six and six: the only size at which both sides are shown. With the flag and without."""
    outsider, member = of_two_sides(6, 6, could_not=(0, 12))
    assert holds(outsider) and holds(member)


@pytest.mark.parametrize("n", range(5, 13))
def test_sides_that_are_not_shown_give_nothing_away_of_either(n):
    for parents in range(1, n):
        if min(parents, n - parents) < 6:
            outsider, member = of_two_sides(parents, n - parents)
            assert holds(outsider) and holds(member)


# P6: directions, and everything together


@cache
def of_directions(n) -> tuple[Found, Found]:
    rows = multisets(n, 3)
    said = [disclosure.direction([CHOICES[value] for value in levels_of(row)] + ["cant_say"] * 3) for row in rows]
    return attack(said, rows)


@pytest.mark.parametrize("n", range(1, 31))
def test_the_direction_label_leaves_everybody_at_least_two_choices(n):
    outsider, member = of_directions(n)
    if n < 10:
        assert (outsider.certain, outsider.open, member.open) == (0, 3, 3)
    else:
        assert outsider.share <= 0.5 and member.share <= 2 / 3 and min(outsider.open, member.open) >= 2


def release_of(answers, said, room_sees) -> str:
    """The whole release as it is stored, of one item and its milestone's direction; outside where there are counts."""
    body = disclosure.release(
        room_sees=room_sees,
        ballots=[answer.side for answer in answers],
        indicators=[({"id": 1, "code": "1.1", "milestone": "cohesion"}, answers)],
        directions=[("cohesion", said)],
    )
    return canonical(disclosure.outside(body) if room_sees == SEE_THE_SPREAD else body)


@pytest.mark.parametrize("room_sees", MODES)
def test_level_and_direction_label_together_say_no_more_than_each(room_sees):
    """Ten people, all that each could have answered and chosen: a member knows their own level and own choice."""
    levels, directions = every(multisets(10), multisets(10, 3))
    answers = {tuple(row): answers_of(row) for row in multisets(10)}
    choices = {tuple(row): [CHOICES[value] for value in levels_of(row)] for row in multisets(10, 3)}
    published = [
        release_of(answers[tuple(level)], choices[tuple(chosen)], room_sees)
        for level, chosen in zip(levels.tolist(), directions.tolist(), strict=True)
    ]
    outsider, member = attack(published, levels, directions, same_people=True)
    assert holds(outsider) and holds(member)
    apart = [of_the_whole(10, room_sees), of_directions(10)]
    assert outsider == worst(found for found, _member in apart)
    assert member == worst(found for _outsider, found in apart)


SINCE = {"forward": [12, 0, 0], "back": [0, 0, 12], "no clear change": [5, 3, 4], "too few": [3, 3, 3]}


def test_sides_flag_and_direction_together_say_no_more_than_each():
    """Six and six, some of whom could not see it, and where they think it moved.

    What people choose of the one leaves all choices of the other: every set of answers goes with every set of
    directions. So, where what is published is an item beside a label, each made of its own set alone, what fits both
    is what fits each, and the worst is the worst of the two. That it is such a pair is tried here, for every item
    that can be published of six and six, and every label.
    """
    mine, theirs = ([answers_of(row, side) for row in multisets(6)] for side in (PARENTS_PROVIDERS, EVERYONE_ELSE))
    kinds = defaultdict(list)
    for (i, j), k in itertools.product(np.ndindex(210, 210), (0, 12)):
        answers = mine[i] + theirs[j] + [Given(None)] * k
        if len(of_kind := kinds[shown(answers[:12], could_not=k, inside=True)]) < 2:
            of_kind.append(answers)
    assert len(kinds) > 100 and sum(len(of_kind) > 1 for of_kind in kinds.values()) == len(kinds)
    releases = defaultdict(set)
    for item, of_kind in kinds.items():
        for label, counts in SINCE.items():
            said = [CHOICES[value] for value in levels_of(counts)]
            for answers in of_kind:
                releases[item, label].add(release_of(answers, said, COMPARE_VOICES))
    assert {len(same) for same in releases.values()} == {1}
    assert len(set.union(*releases.values())) == len(releases)


@pytest.mark.parametrize("changed", [False, True], ids=["nobody changed", "fresh choices"])
def test_two_quarters_of_direction_labels_say_what_each_says(changed):
    said = {
        tuple(row): disclosure.direction([CHOICES[value] for value in levels_of(row)])
        for row in multisets(10, 3).tolist()
    }
    first, second = every(multisets(10, 3), multisets(10, 3)) if changed else (multisets(10, 3),) * 2
    published = [(said[tuple(a)], said[tuple(b)]) for a, b in zip(first.tolist(), second.tolist(), strict=True)]
    outsider, member = attack(published, first, second) if changed else attack(published, first)
    assert (outsider, member) == of_directions(10) and holds(outsider) and holds(member)


# P6: *see the spread*, inside the coalition


@pytest.mark.parametrize("n", [10, 11, 12])
def test_inside_see_the_spread_nothing_is_said_beyond_the_announced_counts(n):
    """What is published is a function of the counts and the flag: no voice, no person, no choice is in it."""
    for row in multisets(n).tolist():
        item = disclosure.of_indicator(answers_of(row), room_sees=SEE_THE_SPREAD)
        assert item["counts"] == row and item["sides"] is None
        from_counts = levels_of(item["counts"])
        assert item["level"] == sorted(from_counts)[(n - 1) // 2] and item["agreement"] == disclosure.agreement(
            from_counts
        )
        voiced = [
            Given(a.level, (PARENTS_PROVIDERS, EVERYONE_ELSE)[place % 2]) for place, a in enumerate(answers_of(row))
        ]
        assert shown(voiced, SEE_THE_SPREAD, inside=True) == shown(answers_of(row), SEE_THE_SPREAD, inside=True)


# P6: two quarters running


@pytest.mark.parametrize("first", MODES)
@pytest.mark.parametrize("then", MODES)
def test_a_second_quarter_in_which_nobody_changed_says_nothing_new_outside(first, then):
    """Two quarters in either mode, the same people, the same answers: no more than what one of them says."""
    places, of_others = every(np.arange(210), np.arange(210))
    mine, theirs = ([answers_of(row, side) for row in multisets(6)] for side in (PARENTS_PROVIDERS, EVERYONE_ELSE))
    both = [mine[i] + theirs[j] for i, j in zip(places, of_others, strict=True)]
    published = [(shown(answers, first), shown(answers, then)) for answers in both]
    outsider, member = attack(published, multisets(6)[places], multisets(6)[of_others])
    assert holds(outsider) and holds(member)
    if COMPARE_VOICES in (first, then):
        assert (outsider, member) == of_two_sides(6, 6)


def test_voices_in_one_quarter_and_the_spread_in_the_next_say_the_two_levels_and_the_counts_inside():
    """The same people, the same answers: what the two releases say together is what each of them announced."""
    mine, theirs = ([answers_of(row, side) for row in multisets(6)] for side in (PARENTS_PROVIDERS, EVERYONE_ELSE))
    said = defaultdict(set)
    for (i, row), (j, other) in itertools.product(enumerate(multisets(6)), enumerate(multisets(6))):
        both = mine[i] + theirs[j]
        announced = (*(row + other).tolist(), lower_median(row), lower_median(other))
        said[announced].add(shown(both, inside=True) + shown(both, SEE_THE_SPREAD, inside=True))
    assert {len(releases) for releases in said.values()} == {1}


@pytest.mark.parametrize("sizes", [(5, 5), (5, 6), (6, 6)])
def test_two_quarters_of_fresh_answers_say_what_each_says(sizes):
    """Answers of one quarter need not hang on those of the last: then two releases are two releases."""
    first, second = every(*[multisets(n) for n in sizes])
    said = {tuple(row): shown(answers_of(row)) for n in sizes for row in multisets(n).tolist()}
    published = [(said[tuple(a)], said[tuple(b)]) for a, b in zip(first.tolist(), second.tolist(), strict=True)]
    outsider, member = attack(published, first, second)
    assert holds(outsider) and holds(member)
    assert outsider == worst(of_the_whole(n, COMPARE_VOICES)[0] for n in sizes)


ORDINARY = (0.10, 0.25, 0.35, 0.25, 0.05)  # of levels 0 to 4, in a coalition of ordinary spread (domain.md, b.9)


def right_guess(n, publish) -> float:
    """How often the level of one newcomer is guessed by whoever knows that the other n changed nothing at all."""
    seen = defaultdict(lambda: [0.0] * 5)
    said = {tuple(row): publish(row) for size in (n, n + 1) for row in multisets(size).tolist()}
    for row in multisets(n).tolist():
        chance = math.factorial(n) * math.prod(p**k / math.factorial(k) for p, k in zip(ORDINARY, row, strict=True))
        for level in range(5):
            joined = [count + (level == place) for place, count in enumerate(row)]
            seen[said[tuple(row)], said[tuple(joined)]][level] += chance * ORDINARY[level]
    return sum(max(chances) for chances in seen.values())


def published_of(row) -> str:
    return shown(answers_of(row))


@pytest.mark.parametrize("n", range(5, 13))
def test_a_newcomer_among_people_who_changed_nothing_is_guessed_a_little_more_often(n):
    """The honest limit across quarters; it is in the method page. With exact counts the guess would always be right."""
    assert max(ORDINARY) < right_guess(n, published_of) < 0.56
    assert right_guess(n, tuple) == pytest.approx(1)


# P8: the same attacker, and rules that look safe


def mean(row):
    return Fraction(sum(level * count for level, count in enumerate(row)), int(sum(row)))


def lower_median(row):
    held = levels_of(row)
    return sorted(held)[(len(held) - 1) // 2]


@pytest.mark.parametrize("n", range(5, 13))
@pytest.mark.parametrize("rule", [mean, tuple], ids=["the exact mean", "how many chose each level"])
def test_a_mean_or_counts_give_everybody_away(rule, n):
    outsider, member = attack([rule(row) for row in multisets(n).tolist()], multisets(n))
    assert (outsider.share, outsider.open) == (member.share, member.open) == (1, 1)


def test_a_floor_of_three_lets_a_member_read_the_other_two():
    published = [(lower_median(row), len(levels_of(row))) for row in multisets(3).tolist()]
    _outsider, member = attack(published, multisets(3))
    assert (member.share, member.open) == (1, 1)


@pytest.mark.parametrize("few", [1, 2, 3, 4, 5])
def test_one_side_beside_the_whole_gives_a_small_other_side_away(few):
    """The rule hides both sides where one is short. A rule that showed the one that is not:"""
    many, short = every(multisets(6), multisets(few))
    published = [(lower_median(row), shown(answers_of(row + other))) for row, other in zip(many, short, strict=True)]
    outsider, member = attack(published, many, short)
    assert max(outsider.share, member.share) == 1 and member.open == 1


def test_three_sides_give_a_member_everything():
    rows = every(*[multisets(3)] * 3)
    whole = sum(rows)
    said = {tuple(row): shown(answers_of(row)) for row in multisets(9).tolist()}
    medians = {tuple(row): lower_median(row) for row in multisets(3).tolist()}
    published = [
        (said[tuple(total)], *[medians[tuple(table[place])] for table in rows])
        for place, total in enumerate(whole.tolist())
    ]
    _outsider, member = attack(published, *rows)
    assert (member.share, member.open) == (1, 1)


@pytest.mark.parametrize(("parents", "others"), [(5, 5), (5, 7)])
def test_sides_of_five_beside_the_whole_give_a_member_everything(parents, others):
    """Why a side needs six."""
    mine, theirs = every(multisets(parents), multisets(others))
    said = {tuple(row): shown(answers_of(row)) for row in multisets(parents + others).tolist()}
    medians = {tuple(row): lower_median(row) for n in (parents, others) for row in multisets(n).tolist()}
    published = [
        (said[tuple(both)], medians[tuple(row)], medians[tuple(other)])
        for both, row, other in zip((mine + theirs).tolist(), mine.tolist(), theirs.tolist(), strict=True)
    ]
    _outsider, member = attack(published, mine, theirs)
    assert member.share == 1


# The method page says what was measured


def measured() -> dict[str, tuple[Found, Found]]:
    """The worst for somebody outside and for a member, by what is shown: up to 14 people.

    Tried once by hand and no worse: the whole up to 30, and sides of six to ten.
    """
    whole = [of_the_whole(n, COMPARE_VOICES) for n in range(5, 15)]
    sides = [of_two_sides(*sizes) for sizes in [(6, 6), (6, 7), (7, 7), (6, 8)]]
    directions = [of_directions(n) for n in range(10, 31)]
    return {
        name: tuple(worst(of_reader) for of_reader in zip(*found, strict=True))
        for name, found in {"whole": whole, "sides": sides, "direction": directions}.items()
    }


def row_of(page, name) -> list[str]:
    row = page.split(f'data-row="{name}"')[1].split("</tr>")[0]
    return re.findall(r"<td>(\d+ \w+ \d+) \w+</td>", row)


@pytest.mark.django_db
def test_the_method_page_says_what_was_measured(client):
    english = client.get("/about/reading/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    spanish = client.get("/about/reading/").content.decode()
    assert "that up to 14 people could give" in english
    for name, found in measured().items():
        assert min(one.open for one in found) >= OPEN_AT_LEAST
        assert row_of(english, name) == [str(one) for one in found]
        assert row_of(spanish, name) == [str(one).replace("of", "de") for one in found]


@pytest.mark.django_db
def test_the_method_page_says_how_often_a_newcomer_is_guessed(client):
    page = client.get("/about/reading/").content.decode()
    often = round(20 * max(right_guess(n, published_of) for n in range(5, 13)))
    assert f"about {often} times in 20" in page and f"{round(20 * max(ORDINARY))} in 20" in page


@pytest.mark.django_db
def test_the_method_page_says_how_many_more_make_a_possible_shift(client):
    page = client.get("/about/reading/").content.decode()
    said = re.search(
        r"at least (\d+) more where (\d+) answered, (\d+) more where (\d+) did, (\d+) more where (\d+) did", page
    )
    for more, n in zip(said.groups()[::2], said.groups()[1::2], strict=True):
        enough = ["forward"] * int(more) + ["stayed"] * (int(n) - int(more))
        assert disclosure.direction(enough) == "possible_shift_forward"
        assert disclosure.direction(["stayed", *enough[1:]]) == "no_clear_change"
