"""What members answered leaves the coalition with the tick *members' view* and never without; counts and notes never."""

import json
import re

import pytest

from assessments.models import Release, Sharing, Standing
from assessments.reports import queries, rows
from assessments.sharing import actions as sharing
from assessments.submitting import actions as submitting
from tests import factories
from tests.assessments.reports.made import Q1, Q2, comparable, main, row, text

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("postgres")]
HOME = "/c/sample-buckeye-coalition/2026q2/sharing/"
PAGE = "/states/OH/sample-buckeye-coalition/"
SHARED = [PAGE, "/states/", "/states/?m=cohesion", "/states/?view=trend&m=cohesion", "/states/OH/"]
# Everything that a page, its figures, its hidden text or its title might say of the members' answers.
OF_THE_MEMBERS = (
    r"ballots? suggest|answers suggest|suggested|10–19|5–9|10-19|5-9|Wide: a good|>Close<|\. Close|side-mark|side-parents"
    r"|Parents and providers:|Everyone else|could not say|Too few people answered|shift|No clear change"
    r"|Too few answers|members, since|members:|all answers together|canary|members_view|table-spread|class=\"stacked\""
)


def found_in(html):
    """The words and marks of the members' answers in a page, its frame and the milestones' own names apart."""
    part = html.split("<main")[1].split("</main>")[0] + re.search("<title>.*?</title>", html, re.DOTALL)[0]
    part = part.replace("Directed by parents and providers", "")
    return sorted(set(re.findall(OF_THE_MEMBERS, part, re.IGNORECASE)))


def quarter(coalition, *, by, quarter=Q2, room_sees="compare_voices", parents=6, others=6, cohesion="forward"):
    """A submitted quarter whose answers, sides and agreed levels are all different; a note on Beyond."""
    assessment = factories.collecting_assessment(coalition, by=by, quarter=quarter, room_sees=room_sees)
    for number in range(parents + others):
        level = (
            [0, 1, 1, 1, 2, 2][number % 6]
            if number < parents
            else [2, 2, 3, 3, 3, "c"][number % 6 if others > 6 else 0]
        )
        factories.ballot(
            assessment, level, voice="parent" if number < parents else "staff",
            notes={"3.1": "canary-note"}, beyond="canary-beyond", cohesion=cohesion,
        )  # fmt: skip
    factories.close.close(assessment=assessment, by=by)
    for code in assessment.agreed_ratings.values_list("indicator__code", flat=True):
        factories.rate(assessment, code, 4, by=by, reason="So we saw it")
    factories.submit(assessment, by=by)
    assessment.refresh_from_db()
    return assessment


@pytest.fixture
def submitted(coalition, ana):
    return quarter(coalition, by=ana)


def test_the_search_finds_what_the_members_answered(submitted, ana, ben, as_user):
    inside = text(as_user(ben).get("/c/sample-buckeye-coalition/results/"))
    assert len(found_in(inside)) >= 8


@pytest.mark.parametrize("room_sees", ["compare_voices", "see_the_spread"])
@pytest.mark.parametrize("size", [(2, 2), (5, 3), (6, 6), (20, 10)])
def test_without_the_tick_nothing_of_the_answers_is_on_any_shared_page(size, room_sees, coalition, ana, as_user, fay):
    first = quarter(coalition, by=ana, quarter=Q1, room_sees=room_sees, parents=size[0], others=size[1])
    second = quarter(coalition, by=ana, quarter=Q2, room_sees=room_sees, parents=size[0], others=size[1])
    for assessment in (first, second):
        factories.share(assessment, by=ana)
    for path in [*SHARED, PAGE + "?q=2026q1"]:
        html = text(as_user(fay).get(path))
        assert found_in(html) == [], path
        assert "Lasting" in html


def test_the_tick_shows_what_it_says(submitted, ana, as_user, fay):
    factories.share(submitted, by=ana, members_view=True)
    page = text(as_user(fay).get(PAGE))
    assert "Members' answers suggest" in page.replace("&#x27;", "'") and "at-2 suggested" in page
    assert "10–19 answers" in page and "side-mark side-parents" in page
    assert "Members: Too few answers to say" not in page  # nobody was asked in the first quarter
    assert "Answers suggest: " in text(as_user(fay).get("/states/OH/"))


def test_the_direction_label_is_that_of_the_standing(coalition, ana, as_user, fay):
    quarter(coalition, by=ana, quarter=Q1.previous)
    first = quarter(coalition, by=ana, quarter=Q1)
    second = quarter(coalition, by=ana, quarter=Q2)
    labels = dict(Standing.objects.filter(revision__assessment=second).values_list("slug", "direction_label"))
    assert (labels["cohesion"], labels["financing"], labels["beyond"]) == ("shift_forward", "too_few", "not_asked")
    factories.share(second, by=ana, slugs=["cohesion"], members_view=True)
    for ticked in (None, False, True):
        if ticked is not None:
            factories.share(first, by=ana, slugs=["cohesion"], members_view=ticked)
        label = "Shift forward" if ticked else "Possible shift forward"  # a shift tells of the quarter before it too
        for address in (PAGE, "/states/?m=cohesion", "/states/OH/", HOME + "preview/"):
            page = text(as_user(ana if address.startswith(HOME) else fay).get(address))
            assert label in page and ("Shift forward" in page) == bool(ticked), (ticked, address)
        drawn = as_user(fay).get(PAGE + "figures/changed.csv")
        assert drawn.status_code == (404 if ticked is None else 200)
        if ticked is not None:
            assert ("shift_forward" in b"".join(drawn).decode().replace("possible_shift_forward", "")) == ticked


def test_the_same_direction_after_a_quarter_that_asked_nobody_is_no_second_one_running(coalition, ana):
    quarter(coalition, by=ana, quarter=Q1.previous.previous)
    quarter(coalition, by=ana, quarter=Q1.previous)  # the first that is asked for a direction
    second = quarter(coalition, by=ana, quarter=Q2)
    labels = dict(Standing.objects.filter(revision__assessment=second).values_list("slug", "direction_label"))
    assert labels["cohesion"] == "possible_shift_forward"


@pytest.mark.parametrize("room_sees", ["compare_voices", "see_the_spread"])
def test_counts_and_notes_leave_with_no_tick(room_sees, coalition, ana, as_user, fay):
    assessment = quarter(coalition, by=ana, room_sees=room_sees, parents=12, others=0)
    factories.share(assessment, by=ana, members_view=True)
    for path in SHARED:
        html = text(as_user(fay).get(path))
        assert "canary" not in html and "table-spread" not in html and 'class="stacked"' not in html
        assert "how many chose" not in html.lower()


def test_the_sides_stay_away_where_one_is_short(coalition, ana, as_user, fay):
    assessment = quarter(coalition, by=ana, parents=5, others=7)
    factories.share(assessment, by=ana, members_view=True)
    page = text(as_user(fay).get(PAGE))
    assert "answers" in page and "side-mark" not in page and "Everyone else" not in page


def test_under_five_the_tick_shows_that_it_is_too_few_and_nothing_else(coalition, ana, as_user, fay):
    assessment = quarter(coalition, by=ana, parents=2, others=2)
    factories.share(assessment, by=ana, members_view=True)
    said = ["Answers suggest", "Too few answers", "Too few people answered"]  # the heading of a column, and its words
    assert found_in(text(as_user(fay).get(PAGE))) == said


def test_a_story_alone_shows_nothing_of_the_answers_even_with_the_tick(submitted, ana, as_user, fay):
    factories.share(submitted, "story", by=ana, members_view=True)
    assert not Standing.objects.filter(members_view=True).exists()
    for path in SHARED:
        assert found_in(text(as_user(fay).get(path))) == []


def test_the_tick_goes_with_the_milestones_that_are_shared_with_their_level(submitted, ana, as_user, fay):
    choices = {"cohesion": "level_and_story", "financing": "story"}
    sharing.share(assessment=submitted, number=1, choices=choices, members_view=True, by=ana)
    page = text(as_user(fay).get(PAGE))
    cohesion, financing = page.index('id="cohesion"'), page.index('id="financing"')
    assert "answers suggest" in page[cohesion:financing] and "answers suggest" not in page[financing:]


@pytest.mark.parametrize("tick", ["", "&members_view=on"])
@pytest.mark.parametrize("room_sees", ["compare_voices", "see_the_spread"])
def test_the_preview_is_what_the_funder_then_sees(tick, room_sees, coalition, ana, as_user, fay):
    quarter(coalition, by=ana, quarter=Q1, room_sees=room_sees)
    quarter(coalition, by=ana, room_sees=room_sees)
    preview = text(as_user(ana).get(f"{HOME}preview/?cohesion=level_and_story&financing=story{tick}"))
    form = preview[preview.index('sharing/share/"') :]
    sent = dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', form[: form.index("</form>")]))
    assert ("members_view" in sent) == bool(tick)
    assert as_user(ana).post(HOME + "share/", sent).status_code == 303
    seen = main(as_user(fay).get(PAGE))
    previewed = preview[preview.index('<p class="caption">') : preview.index('<p class="caveat">')]
    assert comparable(previewed) == comparable(seen)
    assert ("answers suggest" in seen) == bool(tick)


@pytest.mark.parametrize("nonsense", ["members_view=1", "members_view=", "members_view=on&members_view=no"])
def test_only_the_tick_is_a_tick(nonsense, submitted, ana, as_user):
    page = text(as_user(ana).get(f"{HOME}preview/?cohesion=level_and_story&{nonsense}"))
    assert "answers suggest" not in page


def test_the_tick_is_off_by_default_and_comes_back_as_it_was_chosen(submitted, ana, as_user):
    def ticked(query=""):
        html = text(as_user(ana).get(HOME + query))
        return bool(re.search(r'name="members_view"[^>]*checked', html))

    assert not ticked()
    assert ticked("?cohesion=level_and_story&members_view=on") and not ticked("?members_view=on")
    factories.share(submitted, by=ana, slugs=["cohesion"], members_view=True)
    assert ticked() and not ticked("?cohesion=level_and_story")


def test_the_tick_is_not_offered_where_members_were_not_asked(coalition, ana, as_user, fay):
    assessment = factories.submitted(coalition, by=ana)
    assert 'name="members_view"' not in text(as_user(ana).get(HOME))
    fields = {"number": 1, "cohesion": "level_and_story", "members_view": "on"}
    assert as_user(ana).post(HOME + "share/", fields).status_code == 303
    assert not Standing.objects.filter(members_view=True).exists()
    assert assessment.revisions.get().content["release"] is None


def test_changing_the_tick_is_an_act_of_sharing_and_a_new_page(submitted, ana, as_user, fay):
    factories.share(submitted, by=ana)
    client = as_user(fay)
    client.get(PAGE)
    tag = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304
    factories.share(submitted, by=ana, members_view=True)
    assert Sharing.objects.count() == 2 and Sharing.objects.first().members_view
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 200
    factories.share(submitted, by=ana, members_view=True)
    assert Sharing.objects.count() == 2
    sharing.withdraw(assessment=submitted, by=ana)
    assert not Standing.objects.filter(members_view=True).exists()
    assert "answers suggest" not in text(client.get(PAGE))


def test_a_new_revision_starts_without_the_tick(submitted, ana, as_user, fay):
    factories.share(submitted, by=ana, members_view=True)
    submitting.reopen(assessment=submitted, number=1, reason="A date was wrong", by=ana)
    factories.submit(submitted, by=ana)
    submitted.refresh_from_db()
    factories.share(submitted, by=ana)
    assert found_in(text(as_user(fay).get(PAGE))) == []


def test_rows_lose_it_before_anything_else_sees_them(submitted, ana):
    factories.share(submitted, by=ana)
    assert {found.direction_label for found in queries.shared_by(submitted.coalition)} == {""}
    ticked, unticked = rows.outside(
        [row(direction_label="shift_back", members_view=True), row(direction_label="shift_back")]
    )
    assert (ticked.direction_label, unticked.direction_label) == ("possible_shift_back", "")
    solid = row(direction_label="shift_back", members_view=True, evidence_tag="solid")
    assert rows.outside([solid])[0].direction_label == "shift_back"
    for before, label in [
        ({"members_view": True}, "shift_back"),
        ({}, "possible_shift_back"),
        ({"members_view": True, "sharing": "story"}, "possible_shift_back"),
        ({"members_view": True, "sharing": "nothing"}, "possible_shift_back"),
        ({"members_view": True, "slug": "financing"}, "possible_shift_back"),
        ({"members_view": True, "coalition": "b"}, "possible_shift_back"),
    ]:
        both = [row(quarter=Q1, **before), row(direction_label="shift_back", members_view=True)]
        assert rows.outside(both)[-1].direction_label == label, before
    story = rows.outside([row(sharing="story", direction_label="shift_back", members_view=True)])[0]
    assert (story.direction_label, story.members_view) == ("", False)


def test_what_a_revision_keeps_of_the_answers_is_the_release_s(submitted):
    release, body = Release.objects.get(), submitted.revisions.get().content
    kept = {i["id"]: i for m in body["milestones"] for i in m["indicators"] if i["members"]}
    assert kept.keys() == {item["id"] for item in release.content["indicators"]}
    for item in release.content["indicators"]:
        assert kept[item["id"]]["members"].items() <= item.items()
        assert set(item) - set(kept[item["id"]]["members"]) == {"id", "code", "milestone", "counts", "notes"}
    assert body["release"] == {
        "sha256": release.sha256, "rule": "D1", "ballots": {"n_band": "10-19", "sides": release.content["ballots"]["sides"]},
    }  # fmt: skip
    assert "canary" not in json.dumps(body) and '"counts"' not in json.dumps(body)
    directions = {row["milestone"]: row["label"] for row in release.content["directions"]}
    assert {m["slug"]: m["direction"] for m in body["milestones"]} == directions
