"""The files row by row, from plain facts: whole texts, statuses, and text only where it is shared."""

from dataclasses import replace

import pytest

from assessments import levels
from assessments.reports.exports.files import FILES
from assessments.reports.exports.stream import CutShort, stream, written
from assessments.reports.exports.text import MARK
from tests.assessments.exports.making import indicator, milestone, records, records_of, revision, text_of

CANARY = "Canary: only we may read this"
START = (
    "PR,Puerto Rico,00000000-0000-4000-8000-000000000001,Sample Coalición Niñez,2026Q2,2026-04-01,1,"
    "2026-07-01T14:05:09Z,1,core,1,"
)
COMMON = (
    "state_code,state_name,coalition_id,coalition_name,quarter,quarter_start,revision,submitted_at,rubric_version,"
    "mode,sample_data,milestone_number,milestone_slug,milestone_name,"
)


def test_agreed_ratings_as_a_whole_text():
    rated = indicator(
        reason='=HYPERLINK("x"), she said',
        outcome="agreed_with_different_view",
        different_views=[{"coalition_only": False}, {"coalition_only": True}],
        evidence=[{}, {}],
        evidence_tag="some",
    )
    asked = milestone([indicator("1.1", status="not_asked"), rated])
    own = milestone(
        [indicator("own-2", 0, own=True, core=False, title={"en": "¿Y las abuelas?", "es": ""})], 8, "own-1"
    )
    assert text_of("agreed_ratings", revision(own, asked)) == (
        COMMON + "indicator_code,indicator_title,core,own_indicator,comparable_with_previous,outcome,level,level_name,"
        "level_status,suggested_level,suggested_status,room_sees,reason,different_views,evidence_items,"
        "evidence_tag,shared,revision_sha256\r\n"
        + START
        + "1,setting-the-table,Setting the table,1.1,Community voices at the table,0,0,first,none,,,not_asked,,"
        f"not_rated,meeting_only,,0,0,thin,1,{'ab' * 32}\r\n"
        + START
        + "1,setting-the-table,Setting the table,1.2,Community voices at the table,1,0,first,"
        "agreed_with_different_view,2,Growing,rated,,not_rated,meeting_only,"
        f'"\'=HYPERLINK(""x""), she said",1,2,some,1,{"ab" * 32}\r\n'
        + START
        + "8,own-1,Setting the table,own-2,¿Y las abuelas?,0,1,first,agreed,0,Not yet,rated,,not_rated,"
        f"meeting_only,,0,0,thin,1,{'ab' * 32}\r\n"
    )


def test_standings_as_a_whole_text_in_spanish():
    one = milestone([indicator()], change="up", change_since="2026Q1", evidence_tag="solid")
    two = milestone([], 2, "safety-and-trust", level=None, status="set_aside", rule="none", rated=0, asked=3)
    assert text_of("standings", revision(one, two, sharing="story"), tongue="es") == (
        COMMON + "level,level_name,level_status,level_rule,indicators_rated,indicators_asked,change_since,change,"
        "direction_label,evidence_tag,shared\r\n"
        + START
        + "1,setting-the-table,Preparar la mesa,2,Creciendo,rated,core_only,1,1,2026Q1,up,not_asked,solid,0\r\n"
        + START
        + "2,safety-and-trust,Preparar la mesa,,,set_aside,none,0,3,,first,not_asked,thin,0\r\n"
    )


@pytest.mark.parametrize(
    "status, recorded, outcome",
    [
        ("rated", "agreed", "agreed"),
        ("rated", "agreed_with_different_view", "agreed_with_different_view"),
        ("not_agreed", "not_agreed", "not_agreed"),
        ("does_not_apply", "does_not_apply", "none"),
        ("set_aside", "agreed", "none"),
        ("not_rated", "none", "none"),
        ("not_asked", "none", "none"),
    ],
)
def test_missing_is_always_said_in_a_word(status, recorded, outcome):
    row = records_of("agreed_ratings", revision(milestone([indicator(status=status, outcome=recorded)])))[0]
    assert (row["level_status"], row["outcome"]) == (status, outcome)
    assert (row["level"] != "") == (status == "rated") == (row["level_name"] != "")


@pytest.mark.parametrize("sharing", ["nothing", "story"])
@pytest.mark.parametrize("name", ["agreed_ratings", "standings"])
def test_text_that_is_not_shared_is_absent_and_the_level_stays(name, sharing):
    hidden = milestone([indicator(reason=CANARY, different_views=[{"coalition_only": True, "text": CANARY}])])
    text = text_of(name, revision({**hidden, "story": CANARY, "set_aside": None}, sharing=sharing))
    row = records(text)[0]
    assert CANARY not in text and "Canary" not in text
    assert (row["level"], row["level_status"], row["shared"]) == ("2", "rated", "0")


def test_a_shared_reason_is_there():
    row = records_of("agreed_ratings", revision(milestone([indicator(reason="Ñandú\r\n-1")])))[0]
    assert (row["reason"], row["shared"]) == ("Ñandú\r\n-1", "1")


def test_the_reason_of_a_rating_that_was_set_aside_after_it_stays_inside():
    row = records_of("agreed_ratings", revision(milestone([indicator(status="set_aside", reason=CANARY)])))[0]
    assert row["reason"] == "" and row["level_status"] == "set_aside"


def test_values_are_of_the_codes_that_the_codebook_names():
    indicators = [indicator(f"1.{n}", status=status) for n, status in enumerate(levels.STATUSES[:6], 1)]
    for name, file in FILES.items():
        for row in records_of(name, revision(milestone(indicators))):
            for column in file.columns:
                if column.codes and row[column.name]:
                    assert row[column.name] in [code.code for code in column.codes]


def cut(revisions, expected):
    file = FILES["agreed_ratings"]
    return b"".join(stream(file, written(file, revisions, "en"), expected=expected, excel=False))


def test_a_short_file_never_ends_cleanly():
    assert cut([revision()], 1)
    for revisions, expected in [([revision()], 2), ([], 1), ([revision(), revision()], 1)]:
        with pytest.raises(CutShort):
            cut(revisions, expected)


def test_a_revision_with_too_few_rows_breaks_the_file():
    without_standings = replace(revision(), sharing={})
    with pytest.raises(CutShort):
        list(written(FILES["standings"], [without_standings], "en"))


def test_the_file_for_excel_is_the_same_with_the_mark():
    file = FILES["standings"]
    plain, marked = (
        b"".join(stream(file, written(file, [revision()], "en"), expected=1, excel=excel)) for excel in (False, True)
    )
    assert marked == MARK.encode() + plain
    assert not plain.startswith(MARK.encode())
