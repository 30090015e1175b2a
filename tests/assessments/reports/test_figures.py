"""Figures: what is drawn, what the table says and what the files hold are one thing, and none says more than the page."""

import csv
import io
import re
from xml.etree import ElementTree

import pytest
from django.conf import settings

from assessments.discussing import step_actions
from assessments.drafting import actions as drafting
from assessments.models import NextStep
from assessments.reports import figures_levels, figures_time, rows
from assessments.reports.page import TimeLine
from assessments.reports.svg import canvas, steps, tracks
from coalitions.models import Coalition
from milestones.actions import draft_next, publish
from milestones.models import Milestone, Rubric
from tests import factories
from tests.assessments.reports.made import NEVER_OUT, Q1, Q2, Q3, row, share, share_all, text, told
from tests.assessments.reports.test_members_view import quarter

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("postgres")]
PAGE = "/states/OH/sample-buckeye-coalition/"
HOME = "/c/sample-buckeye-coalition/results/"
SVG = "{http://www.w3.org/2000/svg}"
OUTSIDE = ["now", "changed", "took-part", "voices", "next-steps", "over-time"]
# What no file may hold without the tick: bands, sides, suggestions, direction labels.
OF_THE_MEMBERS = (
    r"suggested|n_band|5-9|10-19|5–9|10–19|20\+|parents_providers|everyone_else|direction_label|could not say|Wide:"
)


def files_of(client, page, query="", names=OUTSIDE, kind="svg"):
    """The files of a page's figures that there are, by name."""
    found = {}
    for name in names:
        answer = client.get(f"{page}figures/{name}.{kind}{query}")
        if answer.status_code == 200:
            found[name] = answer.content.decode()
        else:
            assert answer.status_code == 404, (name, answer.status_code)
    return found


def rows_of(content) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content, newline="")))


def marks(content, kind):
    """The marks of one kind in a drawing: where they stand, and their words."""
    drawing = ElementTree.fromstring(content)
    return [
        (float(g.get("data-x")), g.find(f"{SVG}title").text)
        for g in drawing.iter(f"{SVG}g")
        if g.get("class") == f"mark {kind}"
    ]


def level_at(x) -> int:
    """The level whose place on the track this is."""
    return next(level for level in range(5) if abs(tracks.x_of(level) - x) < 0.01)


def words_of(content) -> str:
    return " ".join(" ".join(ElementTree.fromstring(content).itertext()).split())


@pytest.fixture
def two_quarters(coalition, ana):
    """All shared with the members' view, in two quarters that ask the members each time."""
    Coalition.objects.filter(pk=coalition.pk).update(sample=True)
    for at in (Q1, Q2):
        factories.share(quarter(coalition, by=ana, quarter=at), by=ana, members_view=True)
    return coalition


# What is drawn is what is written


def test_where_it_stands_every_mark_is_a_row_of_the_file(two_quarters, as_user, fay):
    drawn = files_of(as_user(fay), PAGE)["now"]
    table = rows_of(files_of(as_user(fay), PAGE, kind="csv")["now"])
    assert [level_at(x) for x, _said in marks(drawn, "level")] == [int(r["level"]) for r in table if r["level"]]
    suggested = [int(r["suggested_level"]) for r in table if r["suggested_level"]]
    assert [level_at(x) for x, _said in marks(drawn, "suggested")] == suggested != []


def test_what_changed_every_mark_is_a_row_of_the_file(coalition, ana, as_user, fay):
    for at, levels in [(Q1, [2, 1, 0, 4, 2, 2, 2]), (Q2, [3, 1, 2, 1, 2, 2, 2])]:
        assessment = factories.discussing_assessment(coalition, by=ana, quarter=at)
        codes = assessment.agreed_ratings.order_by("indicator__milestone__number").values_list(
            "indicator__code", flat=True
        )
        for code, level in zip(list(codes), levels, strict=True):
            factories.rate(assessment, code, level, by=ana)
        factories.submit(assessment, by=ana)
        assessment.refresh_from_db()
        share_all(assessment, by=ana)
    drawn = files_of(as_user(fay), PAGE)["changed"]
    table = rows_of(files_of(as_user(fay), PAGE, kind="csv")["changed"])
    assert [r["change"] for r in table] == ["up", "same", "up", "down", "same", "same", "same"]
    moved = [r for r in table if r["change"] != "same"]
    assert [level_at(x) for x, _said in marks(drawn, "before")] == [int(r["level_before"]) for r in moved] == [2, 0, 4]
    assert [level_at(x) for x, _said in marks(drawn, "level")] == [int(r["level"]) for r in table]
    assert {r["change_since"] for r in table} == {"2026Q1"}
    page = text(as_user(fay).get(PAGE))
    assert "3 milestones moved since 2026 Q1." in page and "3 milestones moved since 2026 Q1." in words_of(drawn)


def test_the_two_sides_every_mark_is_a_row_of_the_file(two_quarters, as_user, fay):
    drawn = files_of(as_user(fay), PAGE)["voices"]
    table = rows_of(files_of(as_user(fay), PAGE, kind="csv")["voices"])
    for side, kind in [("parents_providers", "parents"), ("everyone_else", "others")]:
        seen = [int(r["level"]) for r in table if r["side"] == side and r["level"]]
        assert [level_at(x) for x, _said in marks(drawn, kind)] == seen and len(seen) == 7
    agreed = [int(r["agreed_level"]) for r in table if r["side"] == "parents_providers"]
    assert [level_at(x) for x, _said in marks(drawn, "agreed")] == agreed
    assert not {"n_band", "agreement"} & set(table[0])  # a side is its level and nothing else


def test_who_took_part_is_bands_alone(two_quarters, as_user, fay):
    drawn = files_of(as_user(fay), PAGE)["took-part"]
    table = rows_of(files_of(as_user(fay), PAGE, kind="csv")["took-part"])
    assert [(r["side"], r["n_band"]) for r in table] == [
        ("whole", "10-19"), ("parents_providers", "5-9"), ("everyone_else", "5-9"),
    ]  # fmt: skip
    assert [said for _x, said in marks(drawn, "band")] == ["10–19", "5–9", "5–9"]
    assert not re.search(r"\b(6|12)\b", words_of(drawn))


def test_over_time_every_mark_is_a_row_of_the_file(coalition, ana, as_user, fay):
    for level, at in [(1, Q1), (4, Q2), (0, Q3)]:
        assessment = factories.submitted(coalition, by=ana, quarter=at, level=level)
        share(assessment, by=ana, cohesion="level_and_story", financing="level_and_story" if at != Q2 else "story")
    drawn = files_of(as_user(fay), PAGE)["over-time"]
    table = rows_of(files_of(as_user(fay), PAGE, kind="csv")["over-time"])
    said = [said for _x, said in marks(drawn, "level")]
    assert said == [
        f"{r['quarter'][:4]} {r['quarter'][4:]}: {r['level_name']} ({r['level']})" for r in table if r["level"]
    ]
    assert len(said) == 5 and [r["level_status"] for r in table if not r["level"]] == ["not_shared"]
    heights = {int(said[-2]): float(g.get("data-y")) for g in ElementTree.fromstring(drawn).iter(f"{SVG}g")
               if g.get("class") == "mark level" for said in [g.find(f"{SVG}title").text]}  # fmt: skip
    assert sorted(heights, key=heights.get, reverse=True) == sorted(heights)  # higher on the page is a higher level


def test_next_steps_every_mark_is_a_row_of_the_file(coalition, ana, as_user, fay):
    for at in (Q1, Q2):
        share_all(told(coalition, by=ana, quarter=at), by=ana)
    drawn = files_of(as_user(fay), PAGE)["next-steps"]
    table = rows_of(files_of(as_user(fay), PAGE, kind="csv")["next-steps"])
    assert len(table) == len(marks(drawn, "step planned")) == 2
    assert [r["quarter"] for r in table] == ["2026Q1", "2026Q2"] and {r["owner_role"] for r in table} == {"canary-role"}
    page = text(as_user(fay).get(PAGE))
    targets = re.findall(r'class="glyph-link" href="#([\w-]+)"', page)
    assert len(targets) == 2 and all(f'id="{target}"' in page for target in targets)
    assert [(r["level"], r["level_status"]) for r in table] == [("3", "rated")] * 2  # the thin line of its milestone
    assert drawn.count('class="level-line"') == 1 and page.count('class="lane-level"') == 2
    for assessment in coalition.assessments.all():
        share_all(assessment, by=ana, what="story")
    table = rows_of(files_of(as_user(fay), PAGE, kind="csv")["next-steps"])
    assert [(r["level"], r["level_status"]) for r in table] == [("", "not_shared")] * 2
    assert "level-line" not in files_of(as_user(fay), PAGE)["next-steps"]
    assert "lane-level" not in text(as_user(fay).get(PAGE))


# What a file carries


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_file_carries_title_quarter_source_caveat_and_the_sample_mark(language, two_quarters, as_user, fay):
    client = as_user(fay)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    fay.language = language
    fay.save()
    mark = {"en": "Sample data. Not real ratings.", "es": "Datos de ejemplo. No son respuestas reales."}[language]
    caveat = {"en": "Not a contest.", "es": "No es una competencia."}[language]
    drawn, tables = files_of(client, PAGE), files_of(client, PAGE, kind="csv")
    assert list(drawn) == list(tables) == ["now", "changed", "took-part", "voices", "over-time"]
    for name, content in drawn.items():
        root = ElementTree.fromstring(content)
        assert int(root.get("width")) == 1200 and float(root.get("height")) >= 675
        title = root.find(f"{SVG}title").text
        shown = words_of(content.split("</desc>")[1].join(["<svg xmlns='http://www.w3.org/2000/svg'>", ""]))
        for said in (title, mark, caveat, "2026 Q", "Sample Buckeye Coalition", settings.SITE_URL + PAGE):
            assert said in shown, (name, said)
        for record in rows_of(tables[name]):
            assert record["figure"] == title and record["sample_data"] == "1" and record["quarter"]
            assert mark in record["note"] and caveat in record["note"] and PAGE in record["source"]
            assert all(record[column] for column in record if column.endswith("_status"))


def test_a_file_is_named_for_whom_and_when(two_quarters, as_user, fay):
    answer = as_user(fay).get(f"{PAGE}figures/now.svg?q=2026q1")
    assert answer["Content-Disposition"] == 'attachment; filename="sample-buckeye-coalition-2026q1-now.svg"'
    assert answer["Content-Type"] == "image/svg+xml" and "style=" not in answer.content.decode()
    for unknown in ("no-such-figure.svg", "now.png", "now.SVG", "bars.svg", "changed.svg?q=2026q1"):
        assert as_user(fay).get(f"{PAGE}figures/{unknown}").status_code == 404


def test_every_figure_of_a_page_leads_to_files_that_are_there(two_quarters, as_user, fay, ben):
    for person, page in [(fay, PAGE), (fay, f"{PAGE}?q=2026q1"), (fay, "/states/OH/"), (ben, HOME)]:
        found = text(as_user(person).get(page))
        addresses = re.findall(r'href="([^"]*/figures/[^"]*)" download', found)
        assert addresses and found.count('class="downloads') == len(addresses) / 2, page
        assert all('class="downloads' in figure for figure in re.findall(r"<figure.*?</figure>", found, re.DOTALL)), (
            page
        )
        for address in addresses:
            assert as_user(person).get(address.replace("&amp;", "&")).status_code == 200


def test_what_people_wrote_stays_text_in_a_drawing(coalition, ana, as_user, fay):
    Coalition.objects.filter(pk=coalition.pk).update(name='<script>"&\x0b=1+1')
    for at in (Q1, Q2):
        share_all(told(coalition, by=ana, quarter=at), by=ana)
    for content in files_of(as_user(fay), PAGE).values():
        assert "<script" not in content and ElementTree.fromstring(content) is not None


def test_bars_have_no_file(coalition, ana, ben, as_user):
    factories.closed(coalition, by=ana, others=[0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3], room_sees="see_the_spread")
    assert 'class="stacked"' in text(as_user(ben).get(HOME))
    assert list(files_of(as_user(ben), HOME, names=[*OUTSIDE, "bars", "spread"])) == ["took-part"]


# What may be known


@pytest.mark.parametrize("room_sees", ["compare_voices", "see_the_spread"])
@pytest.mark.parametrize("size", [(2, 2), (6, 6), (20, 10)])
def test_without_the_tick_no_file_holds_anything_of_the_answers(size, room_sees, coalition, ana, as_user, fay):
    for at in (Q1, Q2):
        assessment = quarter(coalition, by=ana, quarter=at, room_sees=room_sees, parents=size[0], others=size[1])
        factories.share(assessment, by=ana)
    for kind in ("svg", "csv"):
        found = files_of(as_user(fay), PAGE, kind=kind)
        assert list(found) == ["now", "changed", "over-time"]
        for content in found.values():
            assert re.findall(OF_THE_MEMBERS, re.sub(r'="[^"]*"', "", content)) == []


@pytest.mark.parametrize(
    ("parents", "others", "bands"), [(2, 2, ["none"]), (5, 7, ["10-19"]), (6, 6, ["10-19", "5-9", "5-9"])]
)
def test_with_the_tick_the_files_hold_what_the_rule_lets_out(parents, others, bands, coalition, ana, as_user, fay):
    assessment = quarter(coalition, by=ana, parents=parents, others=others)
    factories.share(assessment, by=ana, members_view=True)
    tables = files_of(as_user(fay), PAGE, kind="csv")
    assert [r["n_band"] for r in rows_of(tables["took-part"])] == bands
    assert ("voices" in tables) == (len(bands) == 3)
    if bands == ["none"]:
        now = rows_of(tables["now"])
        assert {(r["suggested_level"], r["suggested_status"], r["n_band"]) for r in now} == {("", "too_few", "none")}
        assert "Fewer than 5 people" in tables["took-part"]
        assert 'class="sign sign-too_few"' in text(as_user(fay).get(PAGE))


def test_inside_before_submit_the_figures_are_those_of_the_release_and_no_level_agreed(coalition, ana, ben, as_user):
    compared = factories.closed(coalition, by=ana, parents=[0, 1, 1, 1, 2, 2], others=[2, 2, 3, 3, 3, 3], quarter=Q2)
    factories.rate(compared, "1.2", 4, by=ana, reason="canary")
    found = files_of(as_user(ben), HOME)
    assert list(found) == ["took-part", "voices"] and marks(found["voices"], "agreed") == []
    assert len(marks(found["voices"], "parents")) == 7
    assert "our coalition alone" in words_of(found["voices"])
    for code in compared.agreed_ratings.values_list("indicator__code", flat=True):
        factories.rate(compared, code, 2, by=ana, reason="So we saw it")
    factories.submit(compared, by=ana)
    assert len(marks(files_of(as_user(ben), HOME)["voices"], "agreed")) == 7


def test_a_story_alone_is_named_and_has_no_mark(coalition, ana, as_user, fay):
    assessment = told(coalition, by=ana)
    share(assessment, by=ana, cohesion="level_and_story", setting_the_table="story")
    found = files_of(as_user(fay), PAGE)
    assert len(marks(found["now"], "level")) == 1
    assert "Story only: Setting the table." in words_of(found["now"]) and "Not shared: Safety" in words_of(found["now"])
    for kind in ("svg", "csv"):
        for content in files_of(as_user(fay), PAGE, kind=kind).values():
            assert not [word for word in NEVER_OUT if word in content]


def test_each_way_of_having_no_level_has_its_own_mark(coalition, ana, as_user, fay):
    assessment = factories.discussing_assessment(coalition, by=ana)
    factories.rate_all(assessment, 2, by=ana)
    factories.rate(assessment, "2.1", by=ana, outcome="not_agreed")
    factories.rate(assessment, "3.1", by=ana, outcome="does_not_apply")
    drafting.set_aside(assessment=assessment, milestone=Milestone.objects.get(number=4), reason="Later", by=ana)
    factories.submit(assessment, by=ana)
    assessment.refresh_from_db()
    share_all(assessment, by=ana)
    drawn = files_of(as_user(fay), PAGE)["now"]
    for status in ("not_agreed", "does_not_apply", "set_aside"):
        assert f'class="mark status {status}"' in drawn
    assert "4 milestones have a level, each of them Growing." in words_of(drawn)
    table = rows_of(files_of(as_user(fay), PAGE, kind="csv")["now"])
    assert [r["level_status"] for r in table].count("rated") == 4 == [r["level"] for r in table].count("2")


# What came of next steps


def looked_back(coalition, ana):
    """A step planned in the first quarter and looked back at in the second."""
    first = told(coalition, by=ana, quarter=Q1)
    step = NextStep.objects.get(assessment=first)
    second = factories.discussing_assessment(coalition, by=ana, quarter=Q2)
    factories.rate_all(second, 2, by=ana)
    step_actions.look_back(
        assessment=second, key=step.pk, version=step.version, status="done", what_happened="canary-came-of-it", by=ana
    )
    factories.submit(second, by=ana)
    second.refresh_from_db()
    return first, second


@pytest.mark.parametrize(
    ("first_shares", "second_shares", "plan", "came"),
    [
        ("story", "nothing", True, False),
        ("nothing", "story", False, True),
        ("story", "story", True, True),
        ("level_and_story", "level_and_story", True, True),
        ("nothing", "nothing", False, False),
    ],
)
def test_what_came_of_a_step_goes_with_the_story_of_the_quarter_that_looks_back(
    first_shares, second_shares, plan, came, coalition, ana, as_user, fay, ben
):
    first, second = looked_back(coalition, ana)
    share(first, by=ana, setting_the_table=first_shares, cohesion="story")
    share(second, by=ana, setting_the_table=second_shares, cohesion="story")
    pages = [text(as_user(fay).get(page)) for page in (PAGE, PAGE + "?q=2026q1", "/states/OH/")]
    tables = files_of(as_user(fay), PAGE, kind="csv", names=["next-steps"])
    assert any("canary-came-of-it" in page for page in [*pages, *tables.values()]) == came
    assert ("canary-came-of-it" in pages[0]) == came and "canary-came-of-it" not in pages[1]
    found = rows_of(tables["next-steps"]) if tables else []
    assert bool(found) == (plan or came)
    if found:
        assert (found[0]["quarter"], found[0]["looked_back_in"]) == ("2026Q1" if plan else "", "2026Q2" if came else "")
        assert found[0]["step_status"] == ("done" if came else "planned")
    assert "canary-owner" not in "".join(pages)
    assert "canary-came-of-it" in text(as_user(ben).get(HOME))


def test_the_preview_shows_what_came_of_it_as_the_funder_will_see_it(coalition, ana, as_user, fay):
    _first, second = looked_back(coalition, ana)
    preview = "/c/sample-buckeye-coalition/2026q2/sharing/preview/"
    assert "canary-came-of-it" in text(as_user(ana).get(preview + "?setting-the-table=story"))
    assert "canary-came-of-it" not in text(as_user(ana).get(preview + "?cohesion=level_and_story"))
    assert "what came of the last ones" in text(as_user(ana).get("/c/sample-buckeye-coalition/2026q2/sharing/"))


# Against any earlier quarter


def test_a_reader_chooses_the_quarter_to_compare_with(coalition, ana, as_user, fay, ben):
    for level, at in [(1, Q1), (3, Q2), (3, Q3)]:
        share_all(factories.submitted(coalition, by=ana, level=level, quarter=at), by=ana)
    for person, page in [(fay, PAGE), (ben, HOME)]:
        get = as_user(person).get
        assert "No milestone moved since 2026 Q2." in text(get(page))
        chosen = text(get(page + "?since=2026q1"))
        assert "7 milestones moved since 2026 Q1." in chosen and 'value="2026q1" selected' in chosen
        assert "since=2026q1" in chosen[chosen.index("/figures/changed.csv") :].split('"')[0]
        table = rows_of(files_of(as_user(person), page, "?since=2026q1", kind="csv")["changed"])
        assert {(r["change_since"], r["change"], r["level_before"]) for r in table} == {("2026Q1", "up", "1")}
        for nonsense in ("2026q3", "2031q1", "x", "2026q9"):
            notice = text(get(f"{page}?since={nonsense}"))
            assert (
                "compared with the last quarter shown before" in notice
                and "No milestone moved since 2026 Q2." in notice
            )


def test_a_quarter_that_is_not_shared_cannot_be_compared_with(coalition, ana, as_user, fay):
    factories.submitted(coalition, by=ana, level=1, quarter=Q1)
    share_all(factories.submitted(coalition, by=ana, level=3, quarter=Q2), by=ana)
    page = text(as_user(fay).get(PAGE + "?since=2026q1"))
    assert "2026 Q1 is not there to compare with." in page and "This is the starting point" in page
    assert "changed" not in files_of(as_user(fay), PAGE, "?since=2026q1")


def test_a_changed_question_breaks_the_line(coalition, ana, as_user, fay):
    share_all(factories.submitted(coalition, by=ana, level=1, quarter=Q1), by=ana)
    new = draft_next(last=Rubric.objects.current(), version="2")
    new.milestones.get(slug="cohesion").indicators.update(comparable=False)
    publish(new)
    share_all(factories.submitted(coalition, by=ana, level=3, quarter=Q2), by=ana)
    page = text(as_user(fay).get(PAGE))
    assert page.count('class="question-changed"') == 1
    drawn = files_of(as_user(fay), PAGE)["changed"]
    assert drawn.count('class="break"') == 1 and len(marks(drawn, "before")) == 6
    table = {r["milestone_slug"]: r for r in rows_of(files_of(as_user(fay), PAGE, kind="csv")["changed"])}
    assert table["cohesion"]["change"] == "not_comparable" and table["financing"]["change"] == "up"
    assert files_of(as_user(fay), PAGE)["over-time"].count('class="break"') == 1


@pytest.mark.parametrize(
    ("label", "now", "before", "since", "line"),
    [
        ("no_clear_change", 3, 2, Q1, "dotted"),
        ("possible_shift_forward", 3, 2, Q1, "solid"),
        ("shift_forward", 3, 2, Q1, "head"),
        ("shift_back", 3, 2, Q1, "thin"),  # the members say the other way: in words alone
        ("possible_shift_back", 1, 2, Q1, "solid"),
        ("", 3, 2, Q1, "thin"),
        ("too_few", 3, 2, Q1, "thin"),
        ("shift_forward", 3, 2, Q1.previous, "thin"),  # they were asked about the quarter before
        ("shift_forward", 2, 2, Q1, ""),
    ],
)
def test_a_line_is_drawn_as_members_see_the_same_move(label, now, before, since, line):
    of_now = row(now, Q2, direction_label=label)
    assert figures_levels.line_of(of_now, rows.move(of_now, row(before, since))) == line


# The drawing itself


def test_a_long_title_and_many_rows_stay_inside_the_picture():
    many = [
        tracks.Track("A long name " * 6, (tracks.Mark("level", 2, "Growing (2)"),), ("Growing (2)", "words " * 40))
    ] * 30
    frame = canvas.Frame("A point " * 40, "About", "How", ("Note " * 60,), "Caveat", "Source", "Sample data.")
    content = canvas.document(frame, tracks.drawing(many, ["a", "b", "c", "d", "e"]), lang="en")
    root = ElementTree.fromstring(content)
    assert float(root.get("height")) > 675
    assert all(float(t.get("y")) < float(root.get("height")) for t in root.iter(f"{SVG}text"))


def test_gaps_and_changed_questions_are_never_joined():
    line = steps.Line("Cohesion", tuple(steps.Step(at, 2, "", starts=at in (0, 3)) for at in (0, 1, 3, 4)))
    assert [[step.at for step in stretch] for stretch in steps.stretches(line.steps)] == [[0, 1], [3, 4]]


def test_the_sentence_over_time_counts_comparable_lines_alone():
    def line(*levels, broken=None):
        points = [rows.Point(Q1 + at, level, "rated" if level is not None else "not_rated", new_series=at == broken)
                  for at, level in enumerate(levels)]  # fmt: skip
        return TimeLine("x", False, points)

    said = figures_time.said_over_time([line(1, 3), line(3, None, 1), line(2, 0, 2), line(0, 4, broken=1)])
    assert said == (
        "4 milestones beside where their lines began: 1 stands higher; 1 stands lower; 1 stands where it began; "
        "1 cannot be compared."
    )
    assert figures_time.said_over_time([line(2)]) == "No two quarters here compare yet."
    begun_anew = figures_time.said_over_time([line(2, 3, 3, broken=2)])
    assert begun_anew.startswith("The last quarter asked other questions than the one before")
