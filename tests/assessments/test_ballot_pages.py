"""A member's ballot, page by page: what is asked, kept, refused, and shown to nobody else."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.utils import timezone

from assessments.collecting import ballots, close
from assessments.quarters import Quarter
from coalitions.models import Role
from coalitions.signin import allowed_next
from tests import factories
from tests.milestones.reading import fernandez_huerta_ease, flesch_kincaid_grade

pytestmark = pytest.mark.django_db
BALLOT = "/rate/sample-buckeye-coalition/2026q2/"
FIRST, SECOND = BALLOT + "1.2/", BALLOT + "2.1/"
CHECK, DONE = BALLOT + "check/", BALLOT + "done/"
CORE = ["1.2", "2.1", "3.1", "4.2", "5.4", "6.4", "7.1"]


@pytest.fixture
def collecting(coalition, ana):
    return factories.collecting_assessment(coalition, by=ana)


@pytest.fixture
def begun(collecting, as_user, ben):
    """Ben's browser, his voice chosen."""
    client = as_user(ben)
    assert client.post(BALLOT, {"voice": "parent"}).status_code == 303
    return client


def own(assessment, user):
    return ballots.own(assessment, user=user)


def answer(assessment, user, code):
    indicator = assessment.agreed_ratings.get(indicator__code=code).indicator
    return own(assessment, user).answers.get(indicator.pk)


def rows(name):
    """How many rows there are, counted past the guard."""
    return apps.get_model("assessments", name)._base_manager.count()


def text(response):
    return re.sub(r"\s+", " ", unescape(response.content.decode()))


def sentences(response):
    """What stands on a page in whole sentences, line by line."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)[0]
    lines = re.split(r"</?(?:p|li|h\d|legend|label|summary|button|span|div|dt|dd)\b[^>]*>", main)
    lines = [re.sub(r"<[^>]+>|\s+", " ", unescape(line)).strip() for line in lines]
    return [line for line in lines if line.endswith((".", "?"))]


@pytest.mark.parametrize("room_sees", ["compare_voices", "see_the_spread"])
def test_the_pages_of_a_ballot_are_easy_to_read(coalition, ana, as_user, ben, room_sees):
    """Sixth grade in English; *fairly easy* in Spanish."""
    collecting = factories.collecting_assessment(coalition, by=ana, room_sees=room_sees)
    client = as_user(ben)
    client.post(BALLOT, {"voice": "parent", "start": "1"})
    ballots.save_last_page(
        assessment=collecting, user=ben, device=None, directions={}, beyond="", beyond_ticked=False, send=True
    )
    said = {"en": [], "es": []}
    for language, found in said.items():
        client.cookies["django_language"] = language
        for address in (BALLOT, FIRST, CHECK, DONE, "/me/answers/"):
            page = client.get(address)
            assert f'<html lang="{language}"' in text(page) and len(sentences(page)) >= 3
            found += sentences(page)
    assert flesch_kincaid_grade(said["en"]) <= 6
    assert fernandez_huerta_ease(said["es"]) >= 70


# ---- The first page ----


def test_the_first_page_says_who_sees_what_before_the_voice_is_chosen(collecting, as_user, ben, coalition):
    coalition.thanks = "A gift card, and child care."
    coalition.save()
    page = text(as_user(ben).get(BALLOT))
    for words in (
        "We never show your name with your answers. With fewer than 5 answers we show nothing.",
        "The room will see one level for all of us.",
        "Evaluators get the levels we agree on and a summary.",
        "When answers close, we delete each person's answers.",
        "If everyone on a side sees it the same way, people may be able to tell.",
        "The seven milestones are a starting point. Not everyone agrees with them.",
        "7 questions, about 3 minutes.",
        "A gift card, and child care.",
    ):
        assert words in page
    assert page.index("We never show your name") < page.index("Which voice do you speak with today?")
    assert re.findall(r'name="voice" value="(\w+)"', page) == ["parent", "provider", "staff", "partner", "other"]
    assert "Your answer" not in page and rows("ballot") == 0


def test_in_see_the_spread_no_voice_is_asked(coalition, ana, as_user, ben):
    assessment = factories.collecting_assessment(coalition, by=ana, room_sees="see_the_spread")
    client = as_user(ben)
    page = text(client.get(BALLOT))
    assert "The room will see one level for all of us. With 10 or more answers, it will also see how many" in page
    assert 'name="voice"' not in page and "Which voice" not in page and "parents and providers" not in page
    assert client.post(BALLOT, {"voice": "parent", "start": "1"}).url == FIRST
    assert own(assessment, ben).voice == ""


@pytest.mark.parametrize("voice", [None, "", "mayor", "PARENT", "parent\0", "😀"])
def test_a_voice_that_there_is_not_is_refused(collecting, as_user, ben, voice):
    answer = as_user(ben).post(BALLOT, {} if voice is None else {"voice": voice})
    assert answer.status_code == 422 and "Choose a voice" in text(answer) and "<title>Error:" in text(answer)
    assert rows("ballot") == 0


def test_who_comes_back_goes_on_at_the_first_question_without_an_answer(begun, collecting, ben):
    begun.post(FIRST, {"level": "0"})
    assert f'href="{SECOND}"' in text(begun.get(BALLOT))
    assert begun.post(BALLOT, {"voice": "staff"}).url == SECOND
    assert own(collecting, ben).voice == "staff" and rows("ballot") == 1


def test_from_the_last_page_a_voice_is_changed_and_one_is_back_there(begun, collecting, ben):
    assert begun.post(CHECK, {"change": "voice"}).url == BALLOT + "?back=check"
    assert "Your answer" in text(begun.get(BALLOT))
    assert begun.post(BALLOT + "?back=check", {"voice": "other"}).url == CHECK
    assert own(collecting, ben).voice == "other"


# ---- One question ----


def test_one_question_a_page_with_five_levels_in_order_and_nothing_chosen(begun):
    for number, code in enumerate(CORE, start=1):
        page = text(begun.get(f"{BALLOT}{code}/"))
        assert f"Question {number} of 7" in page
        assert re.findall(r'name="level" value="(\d)"', page) == ["0", "1", "2", "3", "4"]
        assert "Your answer" not in page and "aria-current" not in page.split("<main")[1] and "checked" not in page
        assert "is-chosen" not in page
        following = f"{BALLOT}{CORE[number]}/" if number < 7 else CHECK
        assert begun.post(f"{BALLOT}{code}/", {"level": "2"}).url == following


def test_a_tap_is_saved_and_marked_after_back(begun, collecting, ben):
    begun.post(FIRST, {"level": "0", "note": "Two parents joined.", "ticked": "on"})
    kept = answer(collecting, ben, "1.2")
    assert (kept.kind, kept.level, kept.note, kept.note_ticked) == ("level", 0, "Two parents joined.", True)
    page = text(begun.get(FIRST))
    assert page.count("Your answer") == 1 and page.count("is-chosen") == 1 and "Two parents joined." in page
    chosen = re.search(
        r'<button class="level-button is-chosen" name="level" value="(\d)"[^>]*aria-current="true"', page
    )
    assert chosen[1] == "0"


@pytest.mark.parametrize(("value", "words"), [("cant_see", "from where I sit"), ("skip", "Skip this question")])
def test_not_seeing_and_skipping_are_answers_of_their_own(begun, collecting, ben, value, words):
    assert begun.post(FIRST, {"answer": value}).status_code == 303
    assert (answer(collecting, ben, "1.2").kind, answer(collecting, ben, "1.2").level) == (value, None)
    assert text(begun.get(FIRST)).count("Your answer") == 1


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"level": ""}, {"level": "5"}, {"level": "-1"}, {"level": "٣"}, {"level": "1e3"}, {"level": "3.5"},
        {"level": "NaN"}, {"level": "9" * 5000}, {"level": "2\0"}, {"level": " 2"}, {"answer": "dont_know"},
        {"answer": "level"}, {"level": "2", "answer": "skip"},
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_and_the_words_stay(begun, collecting, ben, sent):
    refused = begun.post(FIRST, {**sent, "note": "Still here", "ticked": "on"})
    assert refused.status_code == 422 and "Still here" in text(refused) and "checked" in text(refused)
    assert "<title>Error:" in text(refused)
    assert answer(collecting, ben, "1.2") is None


def test_a_note_that_is_too_long_is_counted_and_the_tap_stays_marked(begun, collecting, ben):
    refused = begun.post(FIRST, {"level": "2", "note": "x" * 1040, "ticked": "on"})
    page = text(refused)
    assert refused.status_code == 422 and "Your note is 40 characters too long" in page and "x" * 1040 in page
    assert "You chose this. It is not saved yet." in page and '<details class="wide" open>' in page
    assert re.search(r'is-chosen" name="level" value="2"', page)
    described = re.search(r'aria-invalid="true" aria-describedby="(\w+)"', page)[1]
    assert f'id="{described}"' in page and 'href="#id_note"' in page and 'id="id_note"' in page
    assert answer(collecting, ben, "1.2") is None


def test_a_thousand_characters_are_counted_as_people_count_them(begun, collecting, ben):
    assert begun.post(FIRST, {"level": "2", "note": "🙂" * 1000}).status_code == 303
    assert answer(collecting, ben, "1.2").note == "🙂" * 1000


@pytest.mark.parametrize("note", ["a%00b", "%ED%A0%80", "%FF"])
def test_a_note_that_no_database_could_keep_is_refused(begun, collecting, ben, note):
    body = f"level=2&note={note}"
    refused = begun.post(FIRST, body, content_type="application/x-www-form-urlencoded")
    assert refused.status_code == 422 and "that we cannot read" in text(refused)
    assert answer(collecting, ben, "1.2") is None


def test_a_tick_without_a_note_means_nothing(begun, collecting, ben):
    begun.post(FIRST, {"level": "2", "note": " \u200b ", "ticked": "on"})
    assert (answer(collecting, ben, "1.2").note, answer(collecting, ben, "1.2").note_ticked) == ("", False)


def test_what_somebody_wrote_is_shown_as_text(begun):
    begun.post(FIRST, {"level": "2", "note": "</textarea><script>alert(1)</script>{{7*7}}"})
    for address in (FIRST, CHECK):
        page = begun.get(address).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;" in page and "{{7*7}}" in page


def test_forged_fields_change_nothing(begun, collecting, ben, ana):
    forged = {"sent": "1", "voice": "staff", "holder": "x", "channel": "paper", "assessment": "1", "version": "9"}
    begun.post(FIRST, {"level": "2", **forged})
    mine = own(collecting, ben)
    assert (mine.sent, mine.voice, mine.channel) == (False, "parent", "person") and rows("ballot") == 1


def test_a_question_that_is_not_asked_is_not_there(begun):
    for code in ("1.1", "9.9", "own-1"):
        assert begun.get(f"{BALLOT}{code}/").status_code == 404
        assert begun.post(f"{BALLOT}{code}/", {"level": "1"}).status_code == 404


def test_before_the_voice_there_is_no_question(collecting, as_user, ben):
    client = as_user(ben)
    for address in (FIRST, CHECK, DONE):
        assert (client.get(address).status_code, client.get(address).url) == (302, BALLOT)
    lost = client.post(FIRST, {"level": "2", "note": "My words"})
    assert lost.status_code == 409 and "My words" in text(lost)
    assert rows("ballot") == 0


def test_the_other_language_keeps_what_was_typed_and_saves_nothing(begun, collecting, ben):
    shown = begun.post(FIRST, {"language": "es", "note": "Todavía pienso", "ticked": "on"})
    page = text(shown)
    assert shown.status_code == 200 and "Todavía pienso" in page and "checked" in page
    assert "Pregunta 1 de 7" in page and "No lo puedo ver desde mi lugar" in page
    assert answer(collecting, ben, "1.2") is None


def test_a_tick_taken_out_stays_out_in_the_other_language(begun):
    begun.post(FIRST, {"level": "2", "note": "Words", "ticked": "on"})
    assert "checked" not in text(begun.post(FIRST, {"language": "es", "note": "Words"}))


def test_in_focus_and_full_a_short_page_stands_before_each_milestone(coalition, ana, as_user, ben):
    factories.collecting_assessment(coalition, by=ana, mode="full")
    client = as_user(ben)
    address = client.post(BALLOT, {"voice": "parent"}).url
    assert address == BALLOT + "milestone/setting-the-table/"
    page = text(client.get(address))
    assert "Setting the table" in page and "4 questions come now." in page and f'href="{BALLOT}1.1/"' in page
    for code in ("1.1", "1.2", "1.3"):
        client.post(f"{BALLOT}{code}/", {"level": "1"})
    assert client.post(f"{BALLOT}1.4/", {"level": "1"}).url == BALLOT + "milestone/safety-and-trust/"
    assert f'href="{BALLOT}1.4/"' in text(client.get(BALLOT + "milestone/safety-and-trust/"))
    assert f'href="{BALLOT}milestone/safety-and-trust/"' in text(client.get(BALLOT + "2.1/"))
    assert client.get(BALLOT + "milestone/nothing/").status_code == 404


# ---- The last page ----


def answer_all(client, level="2"):
    for code in CORE:
        client.post(f"{BALLOT}{code}/", {"level": level})


def test_the_last_page_shows_all_and_sends(begun, collecting, ben):
    begun.post(FIRST, {"level": "3"})
    begun.post(SECOND, {"answer": "skip"})
    page = text(begun.get(CHECK))
    assert "Strong" in page and page.count("Skipped") == 1 and page.count("Not answered") == 5
    assert "Since last quarter" not in page and not own(collecting, ben).sent
    assert begun.post(CHECK, {"send": "1", "beyond": "Songs", "beyond_ticked": "on"}).url == DONE
    mine = own(collecting, ben)
    assert (mine.sent, mine.beyond, mine.beyond_ticked) == (True, "Songs", True)
    assert ballots.counted(collecting).answered == 1
    assert begun.post(CHECK, {"send": "1", "beyond": "Songs", "beyond_ticked": "on"}).status_code == 303
    assert ballots.counted(collecting).answered == 1


def test_change_carries_what_was_typed_and_comes_back(begun, collecting, ben):
    answer_all(begun)
    assert begun.post(CHECK, {"change": "2.1", "beyond": "Half a thought"}).url == SECOND + "?back=check"
    assert own(collecting, ben).beyond == "Half a thought" and not own(collecting, ben).sent
    assert f'href="{CHECK}"' in text(begun.get(SECOND + "?back=check"))
    assert begun.post(SECOND + "?back=check", {"level": "4"}).url == CHECK
    assert answer(collecting, ben, "2.1").level == 4


@pytest.mark.parametrize("change", ["9.9", "../../", "https://evil.org", "x" * 5000])
def test_a_change_of_nothing_stays_here(begun, change):
    assert begun.post(CHECK, {"change": change}).url == CHECK


def test_a_beyond_that_is_too_long_is_said_and_kept(begun, collecting, ben):
    refused = begun.post(CHECK, {"send": "1", "beyond": "y" * 1001})
    assert refused.status_code == 422 and "Your note is 1 character too long" in text(refused)
    assert "y" * 1001 in text(refused) and not own(collecting, ben).sent


def test_from_the_second_quarter_on_a_direction_is_asked_and_nothing_is_chosen(coalition, ana, as_user, ben):
    factories.closed(coalition, by=ana, quarter=Quarter(2026, 1))
    assessment = factories.collecting_assessment(coalition, by=ana)
    client = as_user(ben)
    client.post(BALLOT, {"voice": "parent"})
    page = text(client.get(CHECK))
    assert page.count('<fieldset class="direction"') == 7 and "checked" not in page
    assert "gone back" in page and "stayed" in page and "moved forward" in page and "can't say" in page
    bad = client.post(CHECK, {"direction-cohesion": "up", "send": "1", "beyond": "Kept"})
    assert bad.status_code == 422 and "Kept" in text(bad) and not own(assessment, ben).sent
    client.post(CHECK, {"direction-cohesion": "back", "direction-financing": "", "send": "1"})
    assert list(own(assessment, ben).directions.values()) == ["back"]
    assert text(client.get(CHECK)).count("checked") == 1
    assert "gone back" in text(client.get(DONE))


def test_set_aside_milestones_are_not_asked(coalition, ana, as_user, ben, rubric):
    assessment = factories.draft(
        coalition, by=ana, room_sees="compare_voices", closes_on=timezone.localdate() + timedelta(days=9)
    )
    factories.drafting.set_aside(
        assessment=assessment, milestone=rubric.milestones.get(number=1), reason="Not now", by=ana
    )
    factories.collecting.open_collecting(assessment=assessment, by=ana)
    client = as_user(ben)
    assert client.post(BALLOT, {"voice": "parent"}).url == SECOND
    assert "Question 1 of 6" in text(client.get(SECOND)) and client.get(FIRST).status_code == 404


# ---- Done, change, erase ----


def test_done_says_what_comes_next_and_shows_ones_own_answers(begun, collecting, ben):
    answer_all(begun, "4")
    begun.post(FIRST, {"level": "4", "note": "Only mine"})
    assert begun.get(DONE).url == CHECK  # not sent yet
    begun.post(CHECK, {"send": "1"})
    page = text(begun.get(DONE))
    assert "Thank you. Your answers are in." in page and "You can change them until" in page
    assert page.count("Lasting") == 7 and "Only mine" in page and "Only you can read this note." in page
    begun.post(FIRST, {"level": "1"})
    assert own(collecting, ben).sent and answer(collecting, ben, "1.2").level == 1


def test_ones_own_ballot_is_erased_whole(begun, collecting, ben):
    answer_all(begun)
    assert begun.get(BALLOT + "erase/").status_code == 405
    erased = begun.post(BALLOT + "erase/").url
    assert erased == BALLOT + "?erased=1" and "Your answers are erased." in text(begun.get(erased))
    assert rows("ballot") == rows("answer") == 0
    assert begun.post(BALLOT + "erase/").status_code == 303
    assert "Your answer" not in text(begun.get(BALLOT))


def test_my_answers_hold_ones_own_alone(begun, collecting, ben, ana, as_user, fay, eve, ada, sam):
    assert "You have not answered yet." not in text(begun.get("/me/answers/"))
    begun.post(FIRST, {"level": "4", "note": "A note of Ben's"})
    assert "A note of Ben's" in text(begun.get("/me/answers/"))
    hers = text(as_user(ana).get("/me/answers/"))
    assert "You have not answered yet." in hers and "A note of Ben" not in hers and "not even you" in hers
    for other in (fay, eve, ada, sam):
        assert as_user(other).get("/me/answers/").status_code == 403
    assert Client().get("/me/answers/").status_code == 302


def test_the_lead_rates_as_one_voice_by_the_same_pages(collecting, as_user, ana):
    client = as_user(ana)
    assert client.post(BALLOT, {"voice": "staff"}).url == FIRST
    answer_all(client)
    assert client.post(CHECK, {"send": "1"}).url == DONE
    assert ballots.counted(collecting).answered == 1


# ---- Who may, and when ----

PAGES = ["", "1.2/", "check/", "done/", "milestone/cohesion/"]


def test_others_find_nothing_here(begun, collecting, as_user, fay, eve, ada, sam):
    begun.post(FIRST, {"level": "4"})
    stranger = factories.person(Role.LEAD, factories.coalition("Sample Prairie Coalition", "IA"))
    for user in (fay, eve, ada, sam, stranger):
        client = as_user(user)
        for page in PAGES:
            assert client.get(BALLOT + page).status_code == 404
        assert client.post(FIRST, {"level": "1"}).status_code == 404
        assert client.post(BALLOT + "erase/").status_code == 404
        assert client.post(BALLOT + "end-device/").status_code == 404
    unknown = as_user(stranger).get("/rate/no-such-coalition/2026q2/").content
    assert unknown.count(b"Page not found") == as_user(stranger).get(BALLOT).content.count(b"Page not found") > 0


def test_visitors_are_sent_to_sign_in_and_back(collecting):
    for page in PAGES:
        answer = Client().get(BALLOT + page)
        assert (answer.status_code, answer.url) == (302, f"/signin/?next={BALLOT}{page}")
    assert Client().post(FIRST, {"level": "1"}).status_code == 302
    assert Client().get("/rate/no-such-coalition/2026q2/").status_code == 302
    assert Client().post(FIRST, {"level": "1"}, headers={"Accept": "application/json"}).status_code == 401


def test_signing_in_leads_back_to_the_ballot():
    assert all(allowed_next(BALLOT + page) == BALLOT + page for page in PAGES)
    assert allowed_next(FIRST + "?back=check")


def test_before_it_opens_the_page_says_so(coalition, ana, as_user, ben):
    factories.draft(coalition, by=ana, room_sees="compare_voices")
    client = as_user(ben)
    for page in PAGES:
        answer = client.get(BALLOT + page)
        assert answer.status_code == 409 and "Not open yet" in text(answer)
    assert client.post(BALLOT, {"voice": "parent"}).status_code == 409


def test_a_quarter_rated_in_a_meeting_has_no_ballot(coalition, ana, as_user, ben):
    factories.discussing_assessment(coalition, by=ana)
    answer = as_user(ben).get(BALLOT)
    assert answer.status_code == 409 and "There are no private answers this quarter." in text(answer)


def test_one_second_after_the_deadline_nothing_is_saved_and_the_words_come_back(coalition, ana, ben, as_user):
    collecting = factories.collecting_assessment(coalition, by=ana)
    with time_machine.travel(collecting.deadline - timedelta(minutes=1), tick=False):
        begun = as_user(ben)
        begun.post(BALLOT, {"voice": "parent"})
        begun.post(FIRST, {"level": "1"})
    with time_machine.travel(collecting.deadline, tick=False):
        assert begun.post(SECOND, {"level": "1"}).status_code == 303
    with time_machine.travel(collecting.deadline + timedelta(seconds=1), tick=False):
        late = begun.post(FIRST, {"level": "4", "note": "Too late <b>", "ticked": "on"})
        assert late.status_code == 409 and b"Too late &lt;b&gt;" in late.content and "Answers are closed" in text(late)
        beyond = begun.post(CHECK, {"send": "1", "beyond": "Beyond this"})
        assert beyond.status_code == 409 and "Beyond this" in text(beyond)
        assert begun.get(DONE).status_code == 200
        assert begun.post(BALLOT + "erase/").status_code == 409
    assert answer(collecting, ben, "1.2").level == 1


def test_after_close_nobody_finds_an_answer_not_even_the_writer(begun, collecting, ben, ana):
    begun.post(FIRST, {"level": "4", "note": "Gone with the close"})
    begun.post(CHECK, {"send": "1"})
    close.close(assessment=collecting, by=ana)
    for page in ("", "1.2/", "check/"):
        answer = begun.get(BALLOT + page)
        assert answer.status_code == 409 and "not even you" in text(answer)
    for page in ("done/", "1.2/"):
        assert "Gone with the close" not in text(begun.get(BALLOT + page)) and "Lasting" not in text(begun.get(DONE))
    assert begun.get(DONE).status_code == 200 and "not even you" in text(begun.get(DONE))
    mine = begun.get("/me/answers/")
    assert mine.status_code == 200 and "Gone with the close" not in text(mine) and "not even you" in text(mine)


def test_nobody_sees_a_result_while_answers_are_open(collecting, begun, ben):
    """Other people's ballots change no byte of one's own pages."""
    begun.post(FIRST, {"level": "2"})

    def seen():
        pages = [begun.get(BALLOT + page) for page in ("", "1.2/", "2.1/", "check/")] + [begun.get("/me/answers/")]
        return [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(page)) for page in pages]

    before = seen()
    for _number in range(12):
        factories.ballot(collecting, 4, voice="staff", beyond="Secret words")
    assert seen() == before


def test_ballot_pages_are_kept_by_no_cache_and_name_no_referrer(begun):
    answer = begun.get(FIRST)
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Referrer-Policy"] == "strict-origin"


# ---- Our own script ----

JSON = {"Accept": "application/json"}


def test_the_script_is_told_where_to_go_on(begun, collecting, ben):
    saved = begun.post(FIRST, {"level": "3"}, headers=JSON)
    assert (saved.status_code, saved.json()) == (200, {"next": SECOND})
    assert begun.post(CHECK, {"send": "1"}, headers=JSON).json() == {"next": DONE}
    assert begun.post(FIRST, {"level": "7"}, headers=JSON).status_code == 422
    assert answer(collecting, ben, "1.2").level == 3


# ---- Where a member lands ----


def test_a_member_lands_on_the_one_open_ballot(collecting, as_user, ben, ana):
    client = as_user(ben)
    assert client.get("/").url == BALLOT
    assert f'href="{BALLOT}"' in text(client.get("/me/"))
    close.close(assessment=collecting, by=ana)
    assert client.get("/").url == "/me/"
    assert BALLOT not in text(client.get("/me/"))


def test_with_two_open_ballots_a_member_chooses(collecting, as_user, ben):
    other = factories.coalition("Sample Prairie Coalition", "IA")
    factories.collecting_assessment(other, by=factories.person(Role.LEAD, other))
    factories.Membership.objects.create(user=ben, role=Role.MEMBER, coalition=other)
    client = as_user(ben)
    assert client.get("/").url == "/me/"
    assert text(client.get("/me/")).count("Rate now") == 2


@pytest.mark.parametrize("note, says", [("A note", "Look at it"), ("", "We kept what you chose. Send it again.")])
def test_a_page_that_was_open_too_long_gives_the_words_back_and_sends_the_tap_again(begun, collecting, ben, note, says):
    strict = Client(enforce_csrf_checks=True, headers={"sec-fetch-site": "same-origin"})
    strict.cookies = begun.cookies
    refused = strict.post(FIRST, {"level": "3", "note": note})
    assert refused.status_code == 403 and says in text(refused)
    assert re.findall('<div class="prose">(.*?)</div>', text(refused)) == ([f"<p>{note}</p>"] if note else [])
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text(refused))[-1]
    assert strict.post(FIRST, {"level": "3", "note": note, "csrfmiddlewaretoken": token}).status_code == 303
    assert (answer(collecting, ben, "1.2").level, answer(collecting, ben, "1.2").note) == (3, note)


def test_nothing_is_answered_before_the_voice_is_chosen(collecting, as_user, ben):
    client = as_user(ben)
    client.post(f"/join/{collecting.join_code}/")
    assert rows("ballot") == 1 and client.get(FIRST).url == BALLOT
    assert client.post(FIRST, {"level": "2"}).status_code == client.post(CHECK, {"send": "1"}).status_code == 409
    assert rows("answer") == 0 and not own(collecting, ben).sent
