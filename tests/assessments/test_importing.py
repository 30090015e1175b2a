"""Past quarters come in by a file: all or none, once however often, marked, unshared; and out again as they were."""

import csv
import io
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.drafting import actions as drafting
from assessments.importing import past
from assessments.models import Assessment, Revision, Standing
from assessments.quarters import Quarter
from coalitions.history import lines as history
from coalitions.models import Mail, Role
from milestones.actions import draft_next, publish
from milestones.csv_text import lines
from milestones.models import Indicator, Rubric
from tests import factories
from tests.authz import dump

pytestmark = pytest.mark.django_db
FIRST, SECOND = Quarter(2024, 1), Quarter(2024, 2)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-05-15 12:00Z", tick=False):
        yield


def address(coalition) -> str:
    return f"/c/{coalition.slug}/import/"


def row(code="1.2", quarter="2024Q1", level="2", mode="core", **changes) -> dict:
    """One row of a file, by column."""
    usual = dict.fromkeys(past.COLUMNS, "")
    return {
        **usual,
        "quarter": quarter,
        "mode": mode,
        "rubric_version": "1",
        "indicator_code": code,
        "level": level,
    } | changes


CORE = ("1.2", "2.1", "3.1", "4.1", "5.1", "6.1", "7.1")


def core_codes() -> list[str]:
    return list(
        Indicator.objects.filter(core=True, milestone__rubric=Rubric.objects.current()).values_list("code", flat=True)
    )


def quarter_rows(quarter="2024Q1", **changes) -> list[dict]:
    """The rows of a core quarter; changes by code, with _ for the dot: `c1_2={"level": "3"}`."""
    return [row(code, quarter, **changes.get("c" + code.replace(".", "_"), {})) for code in core_codes()]


def file(rows) -> str:
    return lines([past.COLUMNS, *([one[name] for name in past.COLUMNS] for one in rows)])


def look(client, coalition, text):
    """Send a file to be looked at."""
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(address(coalition), {"file": SimpleUploadedFile("x.csv", data)})


def keep(client, coalition, text):
    """Send what was looked at to be kept, as the page that was looked at does."""
    return client.post(address(coalition), {"text": text, "act": "keep"})


def taken(client, coalition) -> str:
    answer = client.get(f"{address(coalition)}quarters.csv")
    assert answer.status_code == 200
    return answer.content.decode()


def problems(answer) -> list[tuple]:
    """Row and column of each numbered problem of the page."""
    found = re.findall(
        r"<th scope=\"row\">\d+</th><td>(\d+)</td><td>(?:<code>(\w+)</code>)?</td>", answer.content.decode()
    )
    return [(int(number), column) for number, column in found]


@pytest.fixture
def lead(coalition, ana, as_user):
    return as_user(ana)


# Looking, then importing


def test_a_file_is_looked_at_and_nothing_is_kept(lead, coalition):
    before = dump()
    answer = look(lead, coalition, file(quarter_rows()))
    assert answer.status_code == 200 and "7 questions of 7 have a level" in answer.content.decode()
    assert dump() == before


def test_what_was_looked_at_is_carried_in_the_page_and_imported(lead, coalition, ana):
    page = look(lead, coalition, file(quarter_rows(c1_2={"reason": 'We said "yes", <b>all</b>'})))
    carried = page.context["form"].initial
    answer = lead.post(address(coalition), carried)
    assert (answer.status_code, answer.url) == (303, f"/c/{coalition.slug}/")
    assessment = Assessment.objects.get()
    assert (assessment.stage, assessment.room_sees, assessment.imported) == ("submitted", "meeting_only", True)
    revision = assessment.revisions.get()
    assert (revision.number, revision.imported, revision.submitted_by) == (1, True, ana)
    assert revision.content["release"] is None
    assert assessment.agreed_ratings.get(indicator__code="1.2").reason == 'We said "yes", <b>all</b>'
    assert set(Standing.objects.milestones().values_list("level", "sharing")) == {(2, "nothing")}
    assert "imported" in lead.get(f"/c/{coalition.slug}/").content.decode()
    assert "imported" in lead.get(assessment.url("revision", 1)).content.decode()


def test_a_file_is_never_imported_unseen(lead, coalition):
    upload = SimpleUploadedFile("x.csv", file(quarter_rows()).encode())
    assert lead.post(address(coalition), {"file": upload, "act": "keep"}).status_code == 200
    assert not Assessment.objects.exists()


def test_members_get_no_mail_and_the_history_says_who(lead, coalition, ana, ben):
    keep(lead, coalition, file(quarter_rows()))
    assert not Mail.objects.exists()
    assert [line.text for line in history(coalition.audit_events.all(), with_words=True)] == [
        "Ana imported past quarters"
    ]


def test_an_administrator_imports_for_any_coalition(as_user, coalition, ada):
    assert keep(as_user(ada), coalition, file(quarter_rows())).status_code == 303
    assert Revision.objects.get().submitted_by == ada


# Repeats, and what is here already


def test_a_repeat_changes_nothing(lead, coalition):
    text = file(quarter_rows() + quarter_rows("2024Q2"))
    assert keep(lead, coalition, text).status_code == 303
    before = dump()
    assert keep(lead, coalition, text).status_code == 303
    assert "Nothing would change" in look(lead, coalition, text).content.decode()
    assert dump() == before


def test_another_content_for_a_quarter_that_is_here_is_409_and_nothing_of_the_file_is_kept(lead, coalition):
    keep(lead, coalition, file(quarter_rows()))
    before = dump()
    other = file(quarter_rows("2024Q2") + quarter_rows("2024Q1", c1_2={"level": "3"}))
    for answer in (look(lead, coalition, other), keep(lead, coalition, other)):
        assert answer.status_code == 409 and problems(answer) == [(9, "quarter")]
    assert dump() == before


@pytest.mark.parametrize("stage", ["draft", "collecting", "discussing", "reopened"])
def test_a_quarter_that_is_open_is_not_touched(lead, coalition, ana, stage):
    factories.at_stage(coalition, stage, by=ana, quarter=FIRST)
    assert keep(lead, coalition, file(quarter_rows())).status_code == 409


def test_no_earlier_quarter_comes_in_while_answers_are_open(lead, coalition, ana):
    """What a ballot asks is fixed: with a quarter before it, it would begin to ask for a direction."""
    asking = factories.collecting_assessment(coalition, by=ana, quarter=factories.QUARTER)
    answer = keep(lead, coalition, file(quarter_rows("2024Q1")))
    assert answer.status_code == 422 and f"Answers for {asking.quarter.label} are open" in answer.content.decode()
    assert coalition.assessments.count() == 1
    factories.close.close(assessment=asking, by=ana)
    assert keep(lead, coalition, file(quarter_rows("2024Q1"))).status_code == 303


def test_a_file_is_no_question_for_an_administrator(as_user, coalition, ana, ada):
    """They read no record: the same and another content of what others recorded are answered alike."""
    factories.submitted(coalition, by=ana, quarter=FIRST)
    client = as_user(ada)
    same, other = (look(client, coalition, file(quarter_rows(c1_2={"level": level}))) for level in "23")
    assert same.status_code == other.status_code == 409
    tokens = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert tokens.sub("", same.content.decode()) == tokens.sub("", other.content.decode())
    assert look(as_user(ana), coalition, file(quarter_rows())).status_code == 200, "the lead, who reads it, is told"


def test_what_an_administrator_imported_they_may_send_again(as_user, coalition, ada):
    text = file(quarter_rows())
    assert [keep(as_user(ada), coalition, text).status_code for _twice in range(2)] == [303, 303]


# All or nothing, by row and column

BAD = {
    "no quarter": ({"quarter": "2024Q5"}, [(2, "quarter")]),
    "this quarter": ({"quarter": "2026Q2"}, [(2, "quarter")]),
    "mode": ({"mode": "some"}, [(2, "mode")] + [(n, "mode") for n in range(3, 9)]),
    "version": ({"rubric_version": "9"}, [(2, "rubric_version")] + [(n, "rubric_version") for n in range(3, 9)]),
    "code": ({"indicator_code": "9.9"}, [(2, "indicator_code")]),
    "not core": ({"indicator_code": "1.1"}, [(2, "indicator_code"), (2, "indicator_code")]),
    "level 5": ({"level": "5"}, [(2, "level")]),
    "level -1": ({"level": "-1"}, [(2, "level")]),
    "level 1.5": ({"level": "1.5"}, [(2, "level")]),
    "level in other digits": ({"level": "٣"}, [(2, "level")]),
    "status": ({"level_status": "fine"}, [(2, "level_status")]),
    "outcome": ({"outcome": "yes"}, [(2, "outcome")]),
    "rated without a level": ({"level": "", "level_status": "rated"}, [(2, "level")]),
    "a level that was not agreed": ({"level_status": "not_agreed"}, [(2, "level")]),
    "outcome of another status": ({"outcome": "not_agreed"}, [(2, "outcome")]),
    "aside without why": ({"level": "", "level_status": "set_aside"}, [(2, "set_aside_reason")]),
    "why without aside": ({"set_aside_reason": "Later", "level_status": "rated"}, [(2, "set_aside_reason")]),
    "reason too long": ({"reason": "x" * 2001}, [(2, "reason")]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_one_wrong_cell_is_named_and_nothing_is_kept(lead, coalition, name):
    changes, wanted = BAD[name]
    before = dump()
    rows = quarter_rows("2023Q4") + quarter_rows()
    text = file([{**rows[7], **changes}, *rows[8:], *rows[:7]])
    for answer in (look(lead, coalition, text), keep(lead, coalition, text)):
        assert answer.status_code == 422
        found = problems(answer)
        assert found[: len(wanted)] == wanted or set(wanted) <= set(found), found
    assert dump() == before


def test_the_same_question_twice_and_one_left_out_are_named(lead, coalition):
    rows = quarter_rows()
    answer = look(lead, coalition, file([*rows[:-1], rows[0]]))
    assert problems(answer) == [(8, "indicator_code")] and "in row 2" in answer.content.decode()
    answer = look(lead, coalition, file(rows[:-1]))
    assert problems(answer) == [(2, "indicator_code")] and rows[-1]["indicator_code"] in answer.content.decode()


def test_focus_asks_all_of_two_milestones(lead, coalition):
    rubric = Rubric.objects.current()
    two = Indicator.objects.filter(milestone__rubric=rubric, milestone__number__in=[1, 2], core=False)
    rows = quarter_rows() + [row(one.code) for one in two]
    rows = [{**one, "mode": "focus"} for one in rows]
    assert problems(look(lead, coalition, file(rows[:-1]))) == [(2, "indicator_code")]
    assert keep(lead, coalition, file(rows)).status_code == 303
    assert sorted(Assessment.objects.get().focus.values_list("number", flat=True)) == [1, 2]
    assert problems(look(lead, coalition, file([{**one, "mode": "focus"} for one in quarter_rows("2024Q2")]))) == [
        (2, "mode")
    ]


def test_a_level_alone_is_enough_and_an_empty_one_is_never_zero(lead, coalition):
    keep(lead, coalition, file(quarter_rows(c1_2={"level": ""}, c2_1={"level": "0"})))
    ratings = Assessment.objects.get().agreed_ratings
    assert ratings.get(indicator__code="1.2").level is None
    statuses = dict(Standing.objects.milestones().values_list("number", "level_status"))
    levels = dict(Standing.objects.milestones().values_list("number", "level"))
    assert (statuses[1], levels[1]) == ("not_rated", None) and (statuses[2], levels[2]) == ("rated", 0)


# Comparable and not


def test_levels_compare_along_imported_quarters(lead, coalition):
    keep(lead, coalition, file(quarter_rows("2024Q2", c1_2={"level": "3"}) + quarter_rows("2024Q1")))
    second = Standing.objects.get(quarter_text="2024Q2", number=1)
    assert (second.change, second.change_since) == ("up", "2024Q1")


def test_an_earlier_quarter_with_other_questions_is_refused(lead, coalition, ana):
    """Else its levels would look as if they compared with those of the quarter that follows."""
    draft = draft_next(last=Rubric.objects.current(), version="2")
    for indicator in draft.milestones.get(number=1).indicators.all():
        indicator.comparable = False
        indicator.save()
    publish(draft)
    factories.submitted(coalition, by=ana, quarter=Quarter(2025, 1))  # asks version 2
    text = file(quarter_rows())
    for answer in (look(lead, coalition, text), keep(lead, coalition, text)):
        assert answer.status_code == 422 and problems(answer) == [(2, "rubric_version")]
        assert "2025 Q1" in answer.content.decode()
    same = [{**one, "rubric_version": "2"} for one in quarter_rows()]
    assert keep(lead, coalition, file(same)).status_code == 303
    later = [{**one, "quarter": "2025Q2"} for one in quarter_rows()]
    assert keep(lead, coalition, file(later)).status_code == 303, "after it comes a new line, as ever"
    assert Standing.objects.get(quarter_text="2025Q2", number=1).series == 2


# Out and in again


def rich(coalition, by):
    """Three quarters with everything that a file can hold."""
    full = factories.discussing_assessment(coalition, by=by, quarter=FIRST, mode="full")
    aside = full.rubric.milestones.get(number=4)
    drafting.set_aside(assessment=full, milestone=aside, reason='We wait,\nfor the "grant"', by=by)
    factories.rate_all(full, 2, by=by)
    for code, reason in [
        ("1.2", "=1+1"),
        ("1.1", "'quoted'"),
        ("2.1", 'a "b", c'),
        ("2.2", "two\nlines"),
        ("3.1", "ñ 🙂 -"),
    ]:
        factories.rate(full, code, 3, by=by, reason=reason)
    factories.rate(full, "3.2", 1, by=by, outcome="agreed_with_different_view", reason="-1")
    factories.rate(full, "5.1", by=by, outcome="not_agreed", reason="We talked on")
    factories.rate(full, "6.1", by=by, outcome="does_not_apply")
    factories.submit(full, by=by)
    rubric = full.rubric
    focus = factories.submitted(
        coalition, by=by, quarter=SECOND, mode="focus", focus=rubric.milestones.filter(number__in=[2, 5])
    )
    core = factories.discussing_assessment(coalition, by=by, quarter=Quarter(2024, 4))
    factories.rate(core, "1.2", 0, by=by)
    factories.submit(core, by=by)
    return full, focus, core


def test_out_in_and_out_again_are_the_same_bytes(as_user, coalition, ana):
    rich(coalition, ana)
    out = taken(as_user(ana), coalition)
    for status in ("rated", "set_aside", "not_agreed", "does_not_apply", "not_rated"):
        assert f",{status}," in out
    other = factories.coalition("Sample Prairie Coalition", "IA")
    otto = factories.person(Role.LEAD, other, name="Otto")
    assert look(as_user(otto), other, out).status_code == 200
    assert keep(as_user(otto), other, out).status_code == 303
    assert taken(as_user(otto), other) == out
    # and as far as the method goes, the same levels, statuses and changes
    facts = ("quarter_text", "slug", "level", "level_status", "level_rule", "change", "change_since", "series", "focus")
    assert list(coalition.standings.order_by("quarter_text", "slug").values_list(*facts)) == list(
        other.standings.order_by("quarter_text", "slug").values_list(*facts)
    )


def test_ones_own_file_changes_nothing(as_user, coalition, ana):
    rich(coalition, ana)
    client = as_user(ana)
    before = dump()
    assert keep(client, coalition, taken(client, coalition)).status_code == 303
    assert dump() == before


def test_questions_of_ones_own_come_along_where_the_coalition_has_them(as_user, coalition, ana):
    other = factories.coalition("Sample Prairie Coalition", "IA")
    otto = factories.person(Role.LEAD, other, name="Otto")
    words = {"title": "Rural", "question": "Do we reach farms?", "descriptors": [f"Level {n}" for n in range(5)]}
    for there, by, quarter in [(coalition, ana, FIRST), (other, otto, Quarter(2026, 2))]:
        draft = factories.draft(there, by=by, quarter=quarter)
        milestone = draft.rubric.milestones.get(number=3)
        drafting.add_own_indicator(assessment=draft, code="own-1", milestone=milestone, by=by, **words)
        if there == coalition:
            drafting.start_meeting(assessment=draft, by=by)
            draft.refresh_from_db()
            factories.rate_all(draft, 3, by=by)
            factories.submit(draft, by=by)
    out = taken(as_user(ana), coalition)
    assert ",own-1," in out
    assert keep(as_user(otto), other, out).status_code == 303
    assert taken(as_user(otto), other) == out
    third = factories.coalition("Sample River Coalition", "IA")
    theo = factories.person(Role.LEAD, third)
    assert look(as_user(theo), third, out).status_code == 422, "a coalition that has no such question"


def test_a_sample_file_says_so_in_its_name(as_user, ana, coalition):
    type(coalition).objects.filter(pk=coalition.pk).update(sample=True)
    answer = as_user(ana).get(f"{address(coalition)}quarters.csv")
    assert f'filename="sample-{coalition.slug}-quarters.csv"' in answer.headers["Content-Disposition"]


def test_the_template_filled_in_is_imported(lead, coalition):
    text = lead.get(f"{address(coalition)}template.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 27 and {one["mode"] for one in rows} == {"full"}
    assert look(lead, coalition, text).status_code == 422, "as it is, it says no quarter"
    assert keep(lead, coalition, file([{**one, "quarter": "2024q3", "level": "1"} for one in rows])).status_code == 303
    assert set(Standing.objects.milestones().values_list("level", flat=True)) == {1}


def test_an_imported_quarter_can_be_reopened_corrected_and_shared(lead, coalition, ana):
    keep(lead, coalition, file(quarter_rows()))
    assessment = Assessment.objects.select_related("coalition").get()
    factories.submitting.reopen(assessment=assessment, number=1, reason="A level was wrong", by=ana)
    assessment.refresh_from_db()
    factories.rate(assessment, "1.2", 4, by=ana)
    factories.submit(assessment, by=ana)
    assert list(assessment.revisions.order_by("number").values_list("imported", flat=True)) == [True, False]
    assessment.refresh_from_db()
    factories.share(assessment, by=ana)
    assert Standing.objects.shared().count() == 7
