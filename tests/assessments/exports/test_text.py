"""Every text comes back as it was, and no cell can be taken for a formula."""

import csv
import doctest
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from milestones import csv_text as text
from milestones.csv_text import FIRST_OF_A_FORMULA, guarded, lines, unguarded

# What a record can hold: no NUL, no half of a character.
texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))
formulas = st.builds(str.__add__, st.sampled_from([*FIRST_OF_A_FORMULA, "'", '"', ","]), texts)


def read(csv_text):
    return list(csv.reader(io.StringIO(csv_text, newline="")))


def by_hand(csv_text):
    """RFC 4180 read slowly and to the letter; AssertionError where a line is not of its grammar."""
    rows, row, at = [], [], 0
    while at < len(csv_text):
        if csv_text[at] == '"':
            end, cell = at + 1, ""
            while True:
                quote = csv_text.index('"', end)
                cell += csv_text[end:quote]
                if csv_text[quote + 1 : quote + 2] != '"':
                    break
                cell, end = cell + '"', quote + 2
            at = quote + 1
        else:
            ends = [found for mark in (",", "\r\n") if (found := csv_text.find(mark, at)) >= 0]
            cell = csv_text[at : min(ends)]
            assert not set(cell) & set('"\r\n')
            at = min(ends)
        row.append(cell)
        if csv_text[at] == ",":
            at += 1
        else:
            assert csv_text[at : at + 2] == "\r\n"
            rows, row, at = [*rows, row], [], at + 2
    return rows


@given(texts | formulas)
@example("'")
@example("''=")
@example("＝1")
@example("\r\n=")
def test_reading_back_takes_exactly_one_off(written):
    assert unguarded(guarded(written)) == written
    assert guarded(written) in (written, "'" + written)


@given(texts | formulas)
def test_no_cell_begins_like_a_formula(written):
    assert not guarded(written).startswith(FIRST_OF_A_FORMULA)


@pytest.mark.parametrize(
    "written",
    ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠SUM", "'1"],
)
def test_each_beginning_of_the_rule_is_guarded(written):
    assert guarded(written) == "'" + written


@pytest.mark.parametrize("written", ["", "a=1", "Ñandú", " =1", "1+1", "a-b"])
def test_other_texts_stay_as_they_are(written):
    assert guarded(written) == written


@given(st.lists(st.lists(texts | formulas | st.integers(0, 4) | st.none(), min_size=2, max_size=5), max_size=5))
def test_what_is_written_is_rfc_4180_and_reads_back(rows):
    written = lines(rows)
    expected = [["" if value is None else str(value) for value in row] for row in rows]
    assert [[unguarded(cell) for cell in row] for row in read(written)] == expected
    assert by_hand(written) == read(written)


def test_quotes_stand_only_where_they_must():
    assert lines([["a b", "é", "a;b", 3, None]]) == "a b,é,a;b,3,\r\n"
    assert lines([["a,b", 'say "no"', "two\nlines", 0]]) == '"a,b","say ""no""","two\nlines",0\r\n'


def test_numbers_are_never_text():
    assert lines([[-1, 0, True]]) == "-1,0,1\r\n"


def test_the_examples_hold():
    assert doctest.testmod(text).failed == 0
