"""Agenda, screen, host and sheet: what they show of a release, and never more."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments import disclosure
from assessments.collecting import actions as collecting
from assessments.collecting import ballots, close
from assessments.discussing import actions
from assessments.discussing.heard import Heard, heard_of
from assessments.drafting import actions as drafting
from assessments.models import Meeting, Release
from coalitions.models import AuditEvent, Role
from milestones.models import Milestone
from tests import factories

pytestmark = pytest.mark.django_db
STEPS = ["read", "show", "talk", "record"]
JSON = {"Accept": "application/json"}


@pytest.fixture
def otto(coalition):
    return factories.person(Role.LEAD, coalition, name="Otto")


def made(coalition, ana, tier):
    """A closed quarter at one tier, and its release's first indicator."""
    given = {
        "T0": {"parents": [1, 1], "others": [3, 3]},
        "T1": {"parents": [0, 1, 1], "others": [3, 3, 4, 4]},
        "T1, one side short": {"parents": [1, 1, 1, 1, 1], "others": [3] * 8},
        "T2, sides": {"parents": [1] * 6, "others": [3] * 7},
        "T1, spread": {"parents": [], "others": [1, 1, 1, 3, 3, 3, 4], "room_sees": "see_the_spread"},
        "T2, spread": {"parents": [], "others": [1] * 4 + [3] * 7 + [4], "room_sees": "see_the_spread"},
    }[tier]
    return factories.closed(coalition, by=ana, **given)


TIERS = ["T0", "T1", "T1, one side short", "T2, sides", "T1, spread", "T2, spread"]


class Seen(HTMLParser):
    """All text of a page, attributes included, tags and form tokens apart."""

    def __init__(self, html):
        super().__init__()
        self.parts, self.counts = [], {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        for name in attrs.get("class", "").split() if attrs.get("class") else ():
            self.counts[name] = self.counts.get(name, 0) + 1
        if attrs.get("name") not in ("csrfmiddlewaretoken", "key"):
            self.parts += [value for name, value in attrs.items() if value and name not in ("d", "viewBox", "class")]

    def handle_data(self, data):
        self.parts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.parts).split())


def on(client, assessment, code, ana, *, step=None, page="meeting_screen"):
    if step:
        Meeting.objects.update_or_create(assessment=assessment, defaults={"code": code, "step": step, "host": ana})
    return client.get(assessment.url(page, code))


@pytest.mark.parametrize("tier", TIERS)
def test_no_page_shows_more_than_the_release_holds(as_user, coalition, ana, ben, tier):
    """On every channel here: no count but the counts of the spread, no exact n, no side that is not shown."""
    assessment = made(coalition, ana, tier)
    item = Release.objects.get(assessment=assessment).content["indicators"][0]
    pages = []
    for who, page in ((ana, "meeting_host"), (ben, "meeting_screen")):
        client = as_user(who)
        pages += [on(client, assessment, "1.2", ana, step=step, page=page).content.decode() for step in STEPS]
    client = as_user(ana)
    pages += [client.get(assessment.url(page)).content.decode() for page in ("agenda", "print_meeting_sheet")]
    pages += [client.get(assessment.url("agreed_rating", "1.2")).content.decode()]
    pages += [client.get(assessment.url("meeting_screen", "1.2"), headers=JSON).content.decode()]
    seen = [Seen(html) for html in pages]
    everything = " ".join(page.text for page in seen)
    band = item["n_band"].replace("-", "–")
    assert (f"{band} answers" in everything) == (item["n_band"] != "none")
    for n in (4, 7, 12, 13):  # how many answered, at each tier; the page numbers of 7 questions apart
        assert not re.search(rf"\b{n} (answers|respuestas|people|personas|of)\b", everything)
    assert ("Parents and providers:" in everything) == bool(item["sides"])
    drawn = [page.counts.get("side-parents", 0) for page in seen]
    assert bool(sum(drawn)) == bool(item["sides"])
    dots = {page.counts.get("dot", 0) for page in seen} - {0}
    assert bool(dots) == bool(item["counts"])
    if item["level"] is None:
        assert "Too few people answered to show this." in everything
        assert not re.search(
            r"More than half|Half or more|Close\b(?! answers| or wide)|Wide:", everything.split("Quick")[0]
        )
    if item["sides_status"] == "sides_not_shown":
        assert "We show the two sides only when each has 6 or more answers." in everything
        assert not re.search(r"(parents and providers|everyone else)[^.]*(few|short|only [0-9])", everything, re.I)


def test_the_search_finds_what_a_leak_would_show():
    assert re.search(r"\b12 (answers|of)\b", Seen("<p title='12 answers'>x</p>").text)
    assert Seen("<i class='dot'></i><i class='dot big'></i>").counts["dot"] == 2


@pytest.mark.parametrize("room_sees", ["compare_voices", "see_the_spread"])
def test_while_collecting_screen_and_host_hold_two_numbers_and_no_level(as_user, coalition, ana, ben, room_sees):
    assessment = factories.collecting_assessment(coalition, by=ana, room_sees=room_sees)
    before = {}
    for turn, levels in enumerate(([0] * 6, [4] * 6)):
        for level in levels:
            factories.ballot(assessment, level, voice="parent" if level else "staff")
        for who, page in ((ana, "meeting_host"), (ben, "meeting_screen"), (ana, "meeting_screen")):
            html = as_user(who).get(assessment.url(page, "1.2")).content.decode()
            seen = Seen(html)
            assert f"{6 * (turn + 1)} of {ballots.counted(assessment).of} people have answered" in seen.text
            for word in (
                "Starting",
                "Growing",
                "Strong",
                "Lasting",
                "More than half",
                "Wide",
                "Parents and providers:",
            ):
                assert word not in seen.text
            before.setdefault((who, page), []).append(re.sub(r"\d+ (of|de) \d+|\d+ people|\d+ personas", "", seen.text))
    assert all(first == second for first, second in before.values()), "an answer changed more than the two numbers"
    state = as_user(ben).get(assessment.url("meeting_screen", "1.2"), headers=JSON).json()
    assert state.keys() == {"url", "version", "answered", "of", "words"} and state["answered"] == 12


def test_the_host_moves_the_screen_and_members_follow(as_user, coalition, ana, ben):
    assessment = made(coalition, ana, "T2, sides")
    ana_client = as_user(ana)
    first = assessment.url("meeting_host", "1.2")
    answer = ana_client.post(first, {"act": "go", "step": "read", "version": 0})
    assert (answer.status_code, answer["Location"]) == (303, first + "#steps")
    answer = ana_client.post(first, {"act": "next", "step": "read", "version": 1})
    assert answer.status_code == 303
    member = as_user(ben)
    state = member.get(assessment.url("meeting_screen", "2.1"), headers=JSON).json()
    assert state["url"] == assessment.url("meeting_screen", "1.2") + "?step=show"
    assert member.get(assessment.url("meeting_screen", "2.1"))["Location"] == state["url"]
    assert member.get(assessment.url("meeting_screen", "1.2") + "?step=record")["Location"] == state["url"]
    shown = member.get(state["url"])
    assert shown.status_code == 200 and "Parents and providers" in shown.content.decode()
    assert "Madres, padres y proveedores" in shown.content.decode()


def test_a_move_that_arrives_twice_moves_once(as_user, coalition, ana):
    assessment = made(coalition, ana, "T0")
    client, first = as_user(ana), assessment.url("meeting_host", "1.2")
    client.post(first, {"act": "go", "step": "read", "version": 0})
    for _time in range(2):
        assert client.post(first, {"act": "next", "step": "read", "version": 1}).status_code == 303
    meeting = Meeting.objects.get()
    assert (meeting.code, meeting.step, meeting.version) == ("1.2", "show", 2)
    late = client.post(first, {"act": "go", "step": "talk", "version": 1})
    assert late.status_code == 409 and "The meeting has moved on" in late.content.decode()
    assert Meeting.objects.get().step == "show"


def test_after_the_last_step_comes_the_next_question_of_the_agenda(as_user, coalition, ana):
    assessment = made(coalition, ana, "T0")
    client = as_user(ana)
    client.post(assessment.url("meeting_host", "1.2"), {"act": "go", "step": "record", "version": 0})
    answer = client.post(assessment.url("meeting_host", "1.2"), {"act": "next", "step": "record", "version": 1})
    assert answer["Location"] == assessment.url("meeting_host", "2.1") + "#steps"
    back = client.post(assessment.url("meeting_host", "2.1"), {"act": "back", "step": "read", "version": 2})
    assert back["Location"] == assessment.url("meeting_host", "1.2") + "#steps"
    assert Meeting.objects.get().step == "record"


def test_another_lead_is_asked_to_take_over_and_the_log_tells(as_user, coalition, ana, otto):
    assessment = made(coalition, ana, "T0")
    as_user(ana).post(assessment.url("meeting_host", "1.2"), {"act": "go", "step": "talk", "version": 0})
    client, first = as_user(otto), assessment.url("meeting_host", "1.2")
    assert "Ana is hosting. Take over?" in client.get(first).content.decode()
    refused = client.post(first, {"act": "next", "step": "talk", "version": 1})
    assert refused.status_code == 409 and "Ana is hosting. Take over?" in refused.content.decode()
    assert Meeting.objects.get().host == ana
    assert client.post(first, {"act": "take_over", "step": "read", "version": 0}).status_code == 303
    meeting = Meeting.objects.get()
    assert (meeting.host, meeting.step) == (otto, "talk")
    assert AuditEvent.objects.filter(verb="host_meeting").count() == 2
    assert "Otto began to host the meeting" in client.get(f"/c/{coalition.slug}/history/").content.decode()


@pytest.mark.parametrize(
    "sent",
    [{}, {"act": "next"}, {"act": "jump", "step": "read", "version": "1"}, {"act": "next", "step": "x", "version": "1"},
     {"act": "next", "step": "read", "version": "-1"}, {"act": "go", "step": "read", "version": "9" * 5000}],
)  # fmt: skip
def test_bad_moves_are_refused_and_move_nothing(as_user, coalition, ana, sent):
    assessment = made(coalition, ana, "T0")
    assert as_user(ana).post(assessment.url("meeting_host", "1.2"), sent).status_code == 422
    assert not Meeting.objects.exists()


def test_the_host_records_and_the_screen_reads_it_back_without_a_name(as_user, coalition, ana, ben):
    assessment = made(coalition, ana, "T2, sides")
    client, host = as_user(ana), assessment.url("meeting_host", "2.1")
    client.post(host, {"act": "go", "step": "record", "version": 0})
    screen = assessment.url("meeting_screen", "2.1")
    was = client.get(screen, headers=JSON).json()["version"]
    sent = {"act": "save", "version": 1, "outcome": "agreed_with_different_view", "level": "1", "reason": ""}
    assert client.post(host, sent)["Location"] == host + "#steps"
    now = client.get(screen, headers=JSON).json()["version"]
    assert now != was
    rating = assessment.agreed_ratings.get(indicator__code="2.1")
    actions.add_different_view(
        rating=rating, key="0d9f6f52-5a0e-4f3a-9d3e-2f1d5c1a9b77", text="I see it otherwise.", signed=True,
        coalition_only=True, by=ben,
    )  # fmt: skip
    assert client.get(screen, headers=JSON).json()["version"] != now
    page = client.get(screen + "?step=record").content.decode()
    assert "Starting" in page and "Empezando" in page and "I see it otherwise." in page
    assert "Ben" not in page and "Ana" not in page


def test_a_level_that_the_ballots_do_not_suggest_needs_a_reason(as_user, coalition, ana):
    assessment = made(coalition, ana, "T2, sides")
    client, host = as_user(ana), assessment.url("meeting_host", "1.2")
    client.post(host, {"act": "go", "step": "record", "version": 0})
    sent = {"version": 1, "outcome": "agreed", "level": "2", "reason": ""}
    for address in (assessment.url("agreed_rating", "1.2"), host):
        refused = client.post(address, {"act": "save", **sent})
        assert refused.status_code == 422
        assert "Say why we chose another level than the answers suggest" in refused.content.decode()
        assert "Why did we choose another level?" in refused.content.decode()
    rating = assessment.agreed_ratings.get(indicator__code="1.2")
    with pytest.raises(ValidationError):
        actions.save_agreed_rating(rating=rating, version=1, outcome="agreed", level=2, reason="", confirm=True, by=ana)
    assert client.post(assessment.url("agreed_rating_save", "1.2"), sent).status_code == 200, "half-done is kept"
    rating.refresh_from_db()
    assert (rating.level, rating.confirmed) == (2, False)
    saved = client.post(host, {"act": "save", **sent, "version": 2, "reason": "We changed our bylaws since."})
    assert saved.status_code == 303
    rating.refresh_from_db()
    assert (rating.level, rating.confirmed) == (2, True)


@pytest.mark.parametrize(("outcome", "level"), [("agreed", 3), ("not_agreed", None)])
def test_the_suggested_level_and_no_level_need_no_reason(coalition, ana, outcome, level):
    assessment = made(coalition, ana, "T2, sides")
    assert factories.rate(assessment, "1.2", level, by=ana, outcome=outcome).confirmed


def test_with_too_few_nothing_is_suggested_and_nothing_required(as_user, coalition, ana):
    assessment = made(coalition, ana, "T0")
    page = as_user(ana).get(assessment.url("agreed_rating", "1.2")).content.decode()
    assert "Too few people answered to show this." in page and "Answers suggest" not in page
    assert factories.rate(assessment, "1.2", 0, by=ana).confirmed


def test_where_a_milestone_defers_the_lower_side_is_suggested_and_said(as_user, coalition, ana, ben):
    assessment = made(coalition, ana, "T2, sides")
    rating = assessment.agreed_ratings.select_related("indicator").get(indicator__code="2.1")
    rating.assessment = assessment
    assert (heard_of(rating).level, heard_of(rating).suggested) == (3, 1)
    for who in (ana, ben):
        page = as_user(who).get(assessment.url("agreed_rating", "2.1")).content.decode()
        assert "In this milestone the lower of the two sides is suggested." in page
        assert "Parents and providers see this 2 levels lower. Talk about this first." in page
    other = as_user(ben).get(assessment.url("agreed_rating", "1.2")).content.decode()
    assert "lower of the two sides is suggested" not in other


def test_at_record_phone_and_screen_say_what_is_suggested_and_why(as_user, coalition, ana, ben):
    """A reason is asked for where the agreed level is another one: the room has to know which."""
    assessment = made(coalition, ana, "T2, sides")
    lower = "In this milestone the lower of the two sides is suggested."
    for code, level, nivel, defers in (("2.1", "Starting", "Empezando", True), ("1.2", "Strong", "Fuerte", False)):
        host = on(as_user(ana), assessment, code, ana, step="record", page="meeting_host").content.decode()
        screen = on(as_user(ben), assessment, code, ana, step="record").content.decode()
        for page in (host, screen):
            assert f"Answers suggest: <strong>{level}</strong>." in page and (lower in page) == defers
        assert f"Las respuestas sugieren: <strong>{nivel}</strong>." in screen
        assert ("En este hito se sugiere el más bajo de los dos lados." in screen) == defers
    sheet = as_user(ben).get(assessment.url("print_meeting_sheet")).content.decode()
    assert sheet.count(lower) == 2  # milestones 2 and 5


@pytest.mark.parametrize("tier", ["T0", "T1", "T1, one side short", "T1, spread"])
def test_the_screen_says_in_words_what_it_does_not_show(as_user, coalition, ana, ben, tier):
    assessment = made(coalition, ana, tier)
    show = Seen(on(as_user(ben), assessment, "2.1", ana, step="show").content.decode()).text
    record = Seen(on(as_user(ben), assessment, "2.1", ana, step="record").content.decode()).text
    why = {
        "T0": ("Too few people answered to show this.", "Muy pocas personas respondieron para mostrar esto."),
        "T1, spread": (
            "We show how many chose each level only with 10 or more answers.",
            "Mostramos cuántas personas eligieron cada nivel solo con 10 respuestas o más.",
        ),
    }.get(
        tier,
        (
            "We show the two sides only when each has 6 or more answers.",
            "Mostramos los dos lados solo cuando cada uno tiene 6 respuestas o más.",
        ),
    )
    assert all(words in show for words in why)
    assert ("Answers suggest" in record) == (tier != "T0")


def test_a_coalition_that_defers_elsewhere_is_suggested_the_lower_side_there(as_user, coalition, ana):
    factories.rubric()
    financing = Milestone.objects.filter(slug="financing")
    assessment = factories.closed(coalition, by=ana, parents=[1] * 6, others=[3] * 7, deference=financing)
    lines = as_user(ana).get(assessment.url("agenda")).context["lines"]
    assert {line.rating.indicator.milestone.slug for line in lines if line.heard.deferred} == {"financing"}
    assert {line.heard.suggested for line in lines} == {1, 3}


def test_what_is_set_aside_during_the_meeting_leaves_it_and_the_host_goes_on(as_user, coalition, ana, ben):
    assessment = made(coalition, ana, "T2, sides")
    client, host = as_user(ana), assessment.url("meeting_host", "3.1")
    client.post(host, {"act": "go", "step": "talk", "version": 0})
    cohesion = Milestone.objects.get(slug="cohesion")
    drafting.set_aside(assessment=assessment, milestone=cohesion, reason="We wait.", by=ana)
    assert "3.1" not in [line.code for line in client.get(assessment.url("agenda")).context["lines"]]
    assert as_user(ben).get(assessment.url("meeting_screen", "3.1")).status_code == 200
    client = as_user(ana)
    assert client.get(host).status_code == 200
    answer = client.post(host, {"act": "next", "step": "talk", "version": 1})
    assert answer["Location"] == assessment.url("meeting_host", "1.2") + "#steps"


def test_a_question_of_ones_own_is_met_like_any_other(as_user, coalition, ana, ben):
    draft = factories.draft(
        coalition, by=ana, room_sees="compare_voices", closes_on=timezone.localdate() + timedelta(days=5)
    )
    drafting.add_own_indicator(
        assessment=draft, milestone=Milestone.objects.get(slug="cohesion"), code="own-1", title="Shared meals",
        question="Do we eat together?", descriptors=[f"Meals {level}" for level in range(5)], by=ana,
    )  # fmt: skip
    collecting.open_collecting(assessment=draft, by=ana)
    draft.refresh_from_db()
    for level, voice in ((1, "parent"), (3, "staff")):
        for _n in range(6):
            factories.ballot(draft, level, voice=voice)
    close.close(assessment=draft, by=ana)
    draft.refresh_from_db()
    lines = {line.code: line for line in as_user(ana).get(draft.url("agenda")).context["lines"]}
    assert lines["own-1"].point.reason == "sides_apart" and not lines["own-1"].heard.deferred
    shown = {step: on(as_user(ben), draft, "own-1", ana, step=step).content.decode() for step in STEPS}
    assert "Do we eat together?" in shown["read"] and "Meals 4" in shown["read"]
    assert "Parents and providers:" in shown["show"] and "Answers suggest: <strong>Starting</strong>" in shown["record"]
    saved = as_user(ana).post(draft.url("meeting_host", "own-1"), {"act": "save", "version": 1, "outcome": "agreed", "level": "1", "reason": ""})  # fmt: skip
    assert saved.status_code == 303


def test_while_collecting_a_lead_finds_screen_and_phone_from_the_tasks(as_user, coalition, ana, ben):
    assessment = factories.collecting_assessment(coalition, by=ana)
    tasks = as_user(ana).get(assessment.get_absolute_url()).content.decode()
    for page in ("meeting_screen", "meeting_host"):
        assert assessment.url(page, "1.2") in tasks


def test_ticked_notes_stand_on_the_record_page_without_a_name(as_user, coalition, ana, ben):
    assessment = factories.collecting_assessment(coalition, by=ana)
    for n in range(10):
        factories.ballot(assessment, 2, notes={"1.2": "Two parents left."} if n == 3 else None)
    close.close(assessment=assessment, by=ana)
    assessment.refresh_from_db()
    for who in (ana, ben):
        page = as_user(who).get(assessment.url("agreed_rating", "1.2")).content.decode()
        assert "Two parents left." in page and "Person " not in page
    assert "Two parents left." not in as_user(ana).get(assessment.url("agreed_rating", "2.1")).content.decode()


def test_notes_on_beyond_stand_beside_its_story(as_user, coalition, ana):
    assessment = factories.collecting_assessment(coalition, by=ana)
    for n in range(10):
        factories.ballot(assessment, 2, beyond="A bus that goes to the meeting." if n == 3 else "")
    close.close(assessment=assessment, by=ana)
    client = as_user(ana)
    assert "A bus that goes to the meeting." in client.get(assessment.url("beyond")).content.decode()
    story = assessment.url("story", "cohesion")
    assert "A bus that goes" not in client.get(story).content.decode()


def test_a_different_view_that_nobody_wrote_is_told_and_allowed(as_user, coalition, ana):
    assessment = made(coalition, ana, "T0")
    factories.rate(assessment, "1.2", 1, by=ana, outcome="agreed_with_different_view")
    page = as_user(ana).get(assessment.url("agreed_rating", "1.2")).content.decode()
    assert "nobody has written it down yet" in page


def test_the_agenda_puts_sides_apart_first_and_says_why(as_user, coalition, ana):
    assessment = factories.collecting_assessment(coalition, by=ana)
    codes = list(assessment.agreed_ratings.in_order().values_list("indicator__code", flat=True))
    for _n in range(6):
        factories.ballot(assessment, {**dict.fromkeys(codes, 2), "4.2": 1}, voice="parent")
        factories.ballot(assessment, {**dict.fromkeys(codes, 2), "4.2": 3}, voice="partner")
    close.close(assessment=assessment, by=ana)
    assessment.refresh_from_db()
    page = as_user(ana).get(assessment.url("agenda"))
    assert [line.code for line in page.context["lines"]] == ["4.2", *(code for code in codes if code != "4.2")]
    html = page.content.decode()
    assert "The two sides are 2 or more levels apart" in html and html.count("Quick yes?") == 6


def test_when_everyone_is_close_the_agenda_says_so(as_user, coalition, ana):
    assessment = factories.closed(coalition, by=ana, parents=[2] * 6, others=[2] * 6)
    page = as_user(ana).get(assessment.url("agenda")).content.decode()
    assert "Everyone is close. Pick what matters to you" in page


def test_a_quarter_without_ballots_meets_in_the_order_of_the_record(as_user, coalition, ana):
    assessment = factories.discussing_assessment(coalition, by=ana)
    client = as_user(ana)
    codes = [line.code for line in client.get(assessment.url("agenda")).context["lines"]]
    assert codes == list(assessment.agreed_ratings.in_order().values_list("indicator__code", flat=True))
    client.post(assessment.url("meeting_host", "1.2"), {"act": "go", "step": "read", "version": 0})
    client.post(assessment.url("meeting_host", "1.2"), {"act": "next", "step": "read", "version": 1})
    assert Meeting.objects.get().step == "talk"
    assert client.get(assessment.url("print_meeting_sheet")).status_code == 200


@pytest.mark.parametrize(
    ("page", "who", "status"),
    [("agenda", "ben", 403), ("meeting_host", "ben", 403), ("meeting_screen", "ben", 200), ("agenda", "ada", 403),
     ("print_meeting_sheet", "ben", 200), ("meeting_screen", "ada", 403), ("print_meeting_sheet", "ada", 403),
     ("meeting_screen", "fay", 404), ("agenda", "sam", 404)],
)  # fmt: skip
def test_who_may_open_what(as_user, request, coalition, ana, page, who, status):
    assessment = made(coalition, ana, "T0")
    args = ["1.2"] if page.startswith("meeting_") else []
    assert as_user(request.getfixturevalue(who)).get(assessment.url(page, *args)).status_code == status


def test_after_submitting_the_meeting_is_over(as_user, coalition, ana):
    assessment = factories.submitted(coalition, by=ana)
    client = as_user(ana)
    for page in ("meeting_screen", "meeting_host"):
        assert client.get(assessment.url(page, "1.2")).status_code == 409
    assert client.get(assessment.url("agenda")).status_code == 200


@pytest.mark.parametrize(
    ("level", "said"),
    [(0, "Half or more see us at Not yet."), (2, "More than half see us at Growing or above."),
     (4, "More than half see us at Lasting.")],
)  # fmt: skip
def test_the_lower_median_is_said_as_what_it_is(level, said):
    item = disclosure.of_indicator([disclosure.Given(level)] * 5, room_sees="compare_voices")
    assert Heard(item, "compare_voices").sentence == said


def test_above_sixty_answers_columns_are_bars():
    item = disclosure.of_indicator([disclosure.Given(n % 3) for n in range(61)], room_sees="see_the_spread")
    columns = Heard(item, "see_the_spread").columns
    assert [len(column.dots) for column in columns] == [0] * 5
    assert [column.bar for column in columns] == [100, 95, 95, 0, 0]
    few = disclosure.of_indicator([disclosure.Given(n % 3) for n in range(60)], room_sees="see_the_spread")
    assert [len(column.dots) for column in Heard(few, "see_the_spread").columns] == [20, 20, 20, 0, 0]
