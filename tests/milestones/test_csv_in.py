"""A CSV that somebody sends: what it takes, what it refuses, and that what we wrote comes back as it was."""

import doctest

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from milestones import csv_text
from milestones.csv_in import MOST_BYTES, MOST_CHARACTERS, Refused, read
from milestones.csv_text import MARK, lines
from milestones.csv_words import SENTENCES, said

COLUMNS = ("name", "email", "role")
HEADER = "name,email,role\n"


def codes(data, **kwargs) -> list[tuple]:
    """Where and what is wrong: (row, column, code)."""
    with pytest.raises(Refused) as refused:
        read(data if isinstance(data, bytes) else data.encode(), COLUMNS, **kwargs)
    return [(problem.row, problem.column, problem.code) for problem in refused.value.problems]


def rows(data) -> list[dict]:
    return [line.cells for line in read(data if isinstance(data, bytes) else data.encode(), COLUMNS)]


def test_the_examples_hold():
    assert doctest.testmod(csv_text).failed == 0


# What a record can hold: text as `clean_text` keeps it, formulas and guards among them.
kept = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\ufffd"), max_size=40)
formulas = st.builds(str.__add__, st.sampled_from(["=", "+", "-", "@", "\t", "'", "''", "＝", '"']), kept)


@given(st.lists(st.tuples(kept | formulas, kept, kept), min_size=1, max_size=8))
@example([("'1", "=1+1", "a\nb"), ("", "", "\r")])
def test_what_was_written_is_read_back_to_the_letter(written):
    text = lines([COLUMNS, *written])
    wanted = [row for row in written if any(row)]  # a row without any text is a blank row
    if not wanted:
        return
    assert [tuple(row[name] for name in COLUMNS) for row in rows(text)] == wanted
    assert rows(MARK + text) == rows(text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do_and_blank_rows_are_left_out(end):
    text = end.join(["name,email,role", "Ana,ana@example.org,member", "", ",,", "Ben,ben@example.org,member", ""])
    assert [row["name"] for row in rows(text)] == ["Ana", "Ben"]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them():
    text = HEADER + '"A\nB",a@example.org,member\n\nC,c@example.org\n'
    assert codes(text) == [(4, "", "ragged")]


def test_exactly_one_guard_is_taken_off():
    assert rows(HEADER + "''1,'=1,=1\n") == [{"name": "'1", "email": "=1", "role": "=1"}]


def test_columns_come_in_any_order_and_in_capitals():
    assert rows(" Role ,NAME,email\nmember,Ana,ana@example.org\n") == [
        {"role": "member", "name": "Ana", "email": "ana@example.org"}
    ]


@pytest.mark.parametrize("data, wanted", [
    (b"", [(1, "", "empty")]), (b" \r\n", [(1, "", "empty")]), (MARK.encode(), [(1, "", "empty")]),
    (HEADER, [(1, "", "header_only")]),
    (HEADER.replace(",", ";"), [(1, "", "separator_semicolon")]), (HEADER.replace(",", "\t"), [(1, "", "separator_tab")]),
    (HEADER.replace(",", "|"), [(1, "", "separator_bar")]),
    ("name,role\nAna,member", [(1, "email", "missing_column")]),
    ("name,email,role,name\nA,a,m,A", [(1, "name", "column_twice")]),
    ("name,email,role,note\nA,a,m,x", [(1, "note", "unknown_column")]),
    (HEADER + "Ana,a@example.org", [(2, "", "ragged")]),
    (HEADER + 'Ana,"a@example.org,member\n', [(2, "", "quotes")]),
    (HEADER + 'Ana,"a"b,member\n', [(2, "", "quotes")]),
    (HEADER + "A\0na,a@example.org,member\n", [(2, "name", "unreadable")]),
    (HEADER + "A\ufffdna,a@example.org,member\n", [(2, "name", "unreadable")]),
    (HEADER + "x" * (MOST_CHARACTERS + 1) + ",a,member\n", [(2, "name", "too_long")]),
    (HEADER + "x" * 900_000 + ",a,member\n", [(2, "", "too_long")]),
    (HEADER + "A,a,member\n" * 2001, [(2002, "", "too_many_rows")]),
    (",".join(f"c{n}" for n in range(51)), [(1, "", "too_many_columns")]),
    (b"x" * (MOST_BYTES + 1), [(1, "", "too_large")]),
    (HEADER.encode("utf-16"), [(1, "", "not_utf8")]), (HEADER.encode("utf-16-le"), [(1, "", "not_utf8")]),
    ((HEADER + "Peña,a,member").encode("latin-1"), [(1, "", "not_utf8")]),
    (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), [(1, "", "not_utf8")]),
    (b"PK\x03\x04\x14\0\x06\0", [(1, "", "not_utf8")]),
])  # fmt: skip
def test_what_it_refuses_it_numbers(data, wanted):
    assert codes(data) == wanted


def test_2000_rows_are_taken_and_every_problem_is_named():
    assert len(rows(HEADER + "A,a,member\n" * 2000)) == 2000
    assert codes(HEADER + "A,a\nB,b,member\nC\n") == [(2, "", "ragged"), (4, "", "ragged")]
    assert codes(HEADER + "A,a,member\n" * 3, most_rows=2) == [(4, "", "too_many_rows")]


@given(st.binary(max_size=200))
def test_no_bytes_at_all_break_it(data):
    try:
        assert read(data, COLUMNS)
    except Refused as refused:
        assert refused.problems and all(problem.code in SENTENCES for problem in refused.problems)


def test_a_hundred_problems_are_said_and_the_cell_is_shortened():
    with pytest.raises(Refused) as refused:
        read((HEADER + "A,a\n" * 150).encode(), COLUMNS)
    told = said(refused.value.problems, {})
    assert len(refused.value.problems) == 150 and len(told) == 100
    assert told[0].words == "This row has 2 cells, the header has 3."
