"""A ballot on a phone: taps counted, by keyboard alone, without script, without a connection; light and accessible."""

import gzip
import re

import pytest
from django.core import mail
from django.core.cache import cache

from assessments.collecting import ballots
from assessments.collecting.actions import resend
from assessments.collecting.keys import link_token
from assessments.models import Invitation
from assessments.quarters import Quarter
from coalitions.models import Role, hash_of
from tests import factories
from tests.browser.hands import Keyboard, Pointer
from tests.browser.steps import answer as tap_through
from tests.browser.steps import phone_of, press
from tests.browser.test_every_page import sideways, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine("sqlite")]
BALLOT = "/rate/sample-buckeye-coalition/2026q2/"
FIRST, SECOND, CHECK, DONE = (BALLOT + page for page in ("1.2/", "2.1/", "check/", "done/"))
GROWING = re.compile("^Growing")
LEFT = "Object.keys(sessionStorage).length + localStorage.length"
LIGHTEST, FEWEST = 76_000, 8  # bytes compressed and requests, at most


@pytest.fixture
def collecting(db):
    cache.clear()
    factories.rubric()
    coalition = factories.coalition(thanks="A gift card.", sample=True)
    lead = factories.person(Role.LEAD, coalition, name="Ana")
    factories.person(Role.MEMBER, coalition, name="Ben")
    return factories.collecting_assessment(coalition, by=lead)


@pytest.fixture
def ben(collecting):
    return collecting.invitations.get(user__name="Ben").user


@pytest.fixture
def ana(collecting):
    return collecting.coalition.memberships.get(role=Role.LEAD).user


@pytest.fixture
def link(collecting, live_server):
    """The link in Ben's mail, as the sending of it makes it."""
    invitation = collecting.invitations.get(user__name="Ben")
    token = link_token(invitation)
    Invitation.objects.filter(pk=invitation.pk).update(token_sha256=hash_of(token))
    return f"{live_server.url}/signin/link/{token}/"


@pytest.fixture
def open_as_ben(new_context, live_server, ben):
    """A page of the ballot, signed in as Ben, in a browser of its own."""

    def opened(address=BALLOT, language="en", **options):
        context = new_context(**options)
        sign_in(context, live_server, ben, language)
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    return opened


def begin(collecting, ben):
    return ballots.begin(assessment=collecting, user=ben, device=None, voice="parent")


def answer(collecting, ben, code):
    indicator = collecting.agreed_ratings.get(indicator__code=code).indicator
    return ballots.own(collecting, user=ben).answers.get(indicator.pk)


def at(page, address):
    page.wait_for_url(re.compile(re.escape(address) + r"(\?.*)?$"))


def tapped(page, *names):
    """How many taps these buttons take, each on a page of its own, and on how many screens they stand."""
    hands, screens = Pointer(page), set()
    for name in names:
        before = page.url
        screens.add(before)
        hands.press(name)
        page.wait_for_url(lambda url, before=before: url != before)
    return len(names), len(screens)


CORE = ("Parent or family caregiver", *[GROWING] * 7, "Send my answers")


def test_a_core_ballot_takes_nine_screens_and_ten_taps_from_the_mail(new_context, link, collecting):
    page = new_context().new_page()
    page.goto(link)
    assert tapped(page, re.compile("^Start")) == (1, 1)
    assert tapped(page, *CORE) == (9, 9)
    page.get_by_role("heading", name="Thank you. Your answers are in.").wait_for()
    assert ballots.counted(collecting).answered == 1
    assert page.evaluate(LEFT) == 0
    assert not [cookie for cookie in page.context.cookies() if "session" in cookie["name"]]


def test_direction_adds_one_tap_a_milestone_and_no_screen(open_as_ben, collecting, ben, ana):
    factories.close.close(assessment=collecting, by=ana)
    later = factories.collecting_assessment(collecting.coalition, by=ana, quarter=Quarter(2026, 3))
    page = open_as_ben(later.url("ballot"))
    assert tapped(page, *CORE[:-1]) == (8, 8)
    stayed = page.locator("label.small-choice", has_text="stayed")
    for milestone in range(7):
        stayed.nth(milestone).click()
    assert tapped(page, CORE[-1]) == (1, 1)
    assert list(ballots.own(later, user=ben).directions.values()) == ["stayed"] * 7


def test_a_ballot_by_keyboard_alone(open_as_ben, collecting, ben):
    page = open_as_ben()
    keys = Keyboard(page)
    keys.press("Child care provider or educator")
    for _question in range(5):
        keys.press(GROWING)
    keys.press("I can't see this from where I sit")
    keys.tab_to(page.locator("summary", has_text="Add a note"))
    page.keyboard.press("Enter")
    keys.write("What have you seen", "Written by keyboard")
    keys.tick(re.compile("^The coalition may read this"))
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    keys.press("Skip this question")
    at(page, CHECK)
    keys.press(re.compile("^Change ?: How do parents"))
    keys.press(re.compile("^Strong"))
    at(page, CHECK)
    keys.write("Beyond the milestones: what", "Songs")
    keys.press("Send my answers")
    at(page, DONE)
    mine = ballots.own(collecting, user=ben)
    assert mine.sent and mine.beyond == "Songs"
    assert answer(collecting, ben, "1.2").level == 3 and answer(collecting, ben, "6.4").kind == "cant_see"
    last = answer(collecting, ben, "7.1")
    assert (last.kind, last.note, last.note_ticked) == ("skip", "Written by keyboard", True)


def test_a_ballot_without_script_in_spanish(new_context, live_server, collecting):
    """By the code of the room, on a small phone."""
    collecting.refresh_from_db()
    page = new_context(java_script_enabled=False).new_page()
    page.set_viewport_size({"width": 320, "height": 700})
    hands = Pointer(page)
    page.goto(live_server.url + "/")
    hands.press("Español")
    hands.follow("Tengo un código")
    hands.write("El código de la reunión", collecting.join_code.lower())
    hands.press("Continuar")
    hands.press("Empezar")
    hands.press("Madre, padre o familiar que cuida")
    page.locator("summary", has_text="Agregar una nota").click()
    hands.write("¿Qué ha visto", "x" * 1001)
    hands.press(re.compile("^Creciendo"))
    assert page.title().startswith("Error:")
    assert page.get_by_text("A su nota le sobra 1 carácter").first.is_visible()
    assert page.get_by_text("Usted eligió esto. Todavía no se ha guardado.").is_visible()
    hands.write("¿Qué ha visto", "Ya cabe")
    for _question in range(7):
        hands.press(re.compile("Creciendo"))
    hands.press("Enviar mis respuestas")
    assert page.get_by_role("heading", name="Gracias. Recibimos sus respuestas.").is_visible()
    assert ballots.counted(collecting).by_code == 1


@pytest.fixture(autouse=True)
def forget_refusals(noise):
    """A page that is refused on purpose is no noise."""
    yield
    noise[:] = [said for said in noise if not re.search("ERR_INTERNET_DISCONNECTED|ERR_FAILED|40[149]|422|503", said)]


def test_offline_the_tap_stays_here_and_is_sent_when_the_connection_is_back(open_as_ben, collecting, ben):
    begin(collecting, ben)
    page = open_as_ben(FIRST)
    page.locator("summary", has_text="Add a note").click()
    page.get_by_label("What have you seen").fill("Written on a bus")
    page.context.set_offline(True)
    page.get_by_role("button", name=GROWING).click()
    page.locator("#ballot-status").get_by_text(re.compile("^You are offline. This is not saved yet.")).wait_for()
    assert page.url.endswith(FIRST) and answer(collecting, ben, "1.2") is None
    assert page.evaluate(LEFT) == 1 and page.evaluate("localStorage.length") == 0
    page.context.set_offline(False)
    at(page, SECOND)
    kept = answer(collecting, ben, "1.2")
    assert (kept.level, kept.note) == (2, "Written on a bus") and page.evaluate(LEFT) == 0


COVERED = """() => { const own = document.activeElement, box = own.getBoundingClientRect();
    const on = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return on && (own.contains(on) || on.contains(own)) ? "" : own.textContent }"""


def test_offline_nothing_that_has_the_focus_lies_under_the_message(open_as_ben, collecting, ben):
    begin(collecting, ben)
    page = open_as_ben(FIRST, "es")
    page.set_viewport_size({"width": 320, "height": 568})
    page.context.set_offline(True)
    first = page.locator("button[name=level]").first
    first.click()
    page.locator("#ballot-status").get_by_text("No hay conexión.").wait_for()
    first.focus()
    covered = []
    for _step in range(7):  # the other levels, can't see, skip, the note
        page.keyboard.press("Tab")
        covered.append(page.evaluate(COVERED))
    assert covered == [""] * 7


def hold_first(page, address, method):
    """Keep the first request of its kind on its way; what comes back holds it, to be let go."""
    held = []

    def on_its_way(route):
        waits = route.request.method == method and not held
        held.append(route) if waits else route.continue_()

    page.route("**" + address, on_its_way)
    return held


def until(page, happened):
    for _try in range(100):
        if happened():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen")


def test_on_a_slow_phone_what_was_tapped_and_written_last_is_what_is_saved(open_as_ben, collecting, ben):
    begin(collecting, ben)
    page = open_as_ben(FIRST)
    page.locator("summary", has_text="Add a note").click()
    held = hold_first(page, FIRST, "POST")
    page.get_by_role("button", name=GROWING).click()
    until(page, lambda: held)
    page.get_by_label("What have you seen").fill("No, wait")
    page.get_by_role("button", name=re.compile("^Strong")).click()
    held[0].continue_()
    at(page, SECOND)
    kept = answer(collecting, ben, "1.2")
    assert (kept.level, kept.note) == (3, "No, wait") and page.evaluate(LEFT) == 0


TAP_AGAIN = """const first = fetch; fetch = async (...call) => {
    const answer = await first(...call);
    setTimeout(() => document.querySelector("button[name=send]").click(), 100);
    return answer; }"""


def test_a_second_tap_on_send_sends_once_and_leaves_nothing_here(open_as_ben, collecting, ben):
    """While the next page is on its way, which is long on a slow phone."""
    begin(collecting, ben)
    page, sent = open_as_ben(CHECK), []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.evaluate(TAP_AGAIN)
    page.locator("textarea").fill("Songs")
    held = hold_first(page, DONE, "GET")
    page.locator("button[name=send]").click(no_wait_after=True)
    until(page, lambda: held)
    page.wait_for_timeout(300)
    held[0].continue_()
    at(page, DONE)
    assert len(sent) == 1 and page.evaluate(LEFT) == 0 and ballots.own(collecting, user=ben).beyond == "Songs"


OLDER = "delete AbortSignal.timeout; delete HTMLFormElement.prototype.requestSubmit"


def test_an_older_phone_answers_too(open_as_ben, collecting, ben):
    """Safari before 16 and Chrome before 103 cannot do all that ours can."""
    begin(collecting, ben)
    page = open_as_ben()
    page.context.add_init_script(OLDER)
    page.goto(page.url + "1.2/")
    page.locator("summary", has_text="Add a note").click()
    page.get_by_label("What have you seen").fill("x" * 1001)
    page.get_by_role("button", name=GROWING).click()
    page.locator(".error-summary").wait_for()
    page.get_by_label("What have you seen").fill("Fits")
    page.get_by_role("button", name=re.compile("Growing")).click()
    at(page, SECOND)
    assert answer(collecting, ben, "1.2").note == "Fits" and page.evaluate(LEFT) == 0


def test_a_page_that_was_killed_gives_back_what_was_tapped_and_written(open_as_ben, collecting, ben):
    begin(collecting, ben)
    page = open_as_ben(FIRST)
    page.locator("summary", has_text="Add a note").click()
    page.get_by_label("What have you seen").fill("Half a thought")
    page.route("**/1.2/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name=GROWING).click()
    page.locator("#ballot-status").get_by_text("You are offline.").wait_for()
    page.unroute_all()
    page.reload()
    assert page.get_by_label("What have you seen").input_value() == "Half a thought"
    page.get_by_text("You chose: Growing. It is not saved yet.").wait_for()
    assert answer(collecting, ben, "1.2") is None
    page.get_by_role("button", name="Save it now").click()
    at(page, SECOND)
    assert answer(collecting, ben, "1.2").note == "Half a thought" and page.evaluate(LEFT) == 0


def test_signed_out_meanwhile_it_says_so_and_gives_everything_back(open_as_ben, settings, collecting, ben):
    settings.MAIL_AT_ONCE = True
    begin(collecting, ben)
    page = open_as_ben(FIRST)
    page.locator("summary", has_text="Add a note").click()
    page.get_by_label("What have you seen").fill("Still here")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name=GROWING).click()
    page.get_by_text("This is not saved yet. Sign in again on this page.").wait_for()
    assert page.get_by_label("What have you seen").input_value() == "Still here"
    page.locator("#ballot-problem").get_by_role("link", name="Sign in").click()
    page.wait_for_url(re.compile("/signin/"))
    page.get_by_label("E-mail").fill(ben.email)
    page.get_by_role("button", name="E-mail me a code").click()
    page.get_by_label("Code").fill(re.search(r"Your code: (\S+)", mail.outbox[-1].body)[1])
    page.get_by_role("button", name="Sign in").click()
    at(page, FIRST)
    page.get_by_text("You chose: Growing. It is not saved yet.").wait_for()
    assert page.get_by_label("What have you seen").input_value() == "Still here"
    page.get_by_role("button", name="Save it now").click()
    at(page, SECOND)
    assert answer(collecting, ben, "1.2").note == "Still here"


def test_a_phone_that_lost_its_hold_promises_nothing_and_says_what_helps(
    new_context, live_server, link, collecting, ana
):
    """By the link nobody is signed in: what they wrote would be another's on a shared phone, so it is not kept."""
    page = phone_of(new_context)
    page.goto(link)
    press(page, "main button.btn-primary")
    press(page, "button[name=voice][value=provider]")
    page.locator("summary", has_text="Add a note").click()
    page.get_by_label("What have you seen").fill("Still here")
    resend(invitation=collecting.invitations.get(user__name="Ben"), by=ana)
    page.get_by_role("button", name=GROWING).click()
    page.get_by_text("This is not saved. This phone can no longer open your answers.").wait_for()
    assert page.get_by_label("What have you seen").input_value() == "Still here"
    assert page.get_by_text("we give back").count() == 0
    assert page.locator("#ballot-problem a").get_attribute("href").startswith("/signin/")


def test_on_a_shared_phone_the_next_person_finds_no_words_of_the_one_before(new_context, live_server, collecting, ben):
    collecting.refresh_from_db()
    page = new_context().new_page()
    for turn in (1, 2):
        page.goto(f"{live_server.url}/join/{collecting.join_code}/")
        page.locator("main button").click()
        page.get_by_role("button", name="Coalition staff").click()
        at(page, FIRST)
        assert page.locator("textarea").input_value() == "" and page.locator("details[open]").count() == 0
        if turn == 1:
            page.locator("summary").first.click()
            page.locator("textarea").fill("Not for the next one")
            page.context.clear_cookies()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_phone_is_handed_on_with_nothing_left_in_it(new_context, live_server, collecting, axe, language):
    """By the button after Send, then by the page of the code; nobody finds a word of the one before."""
    collecting.refresh_from_db()
    join = f"{live_server.url}/join/{collecting.join_code}/"
    page, wrong = phone_of(new_context, language), []
    page.goto(join)
    tap_through(page, "parent", [2] * 7)
    wrong += look(page, axe, "done")
    page.goto(live_server.url + CHECK)
    page.locator("textarea").fill("Not for the next one")
    assert page.evaluate(LEFT) == 1
    page.goto(live_server.url + DONE)
    press(page, "form[data-forget] button")
    at(page, f"/join/{collecting.join_code}/")
    assert page.evaluate(LEFT) == 0 and page.locator("main button").count() == 1
    press(page, "main button")
    press(page, "button[name=voice][value=staff]")
    at(page, FIRST)
    page.locator("summary").first.click()
    page.locator("textarea").fill("Not for the third one")
    page.goto(join)
    wrong += look(page, axe, "whose turn") + [f"small {found}" for found in page.evaluate(SMALL)]
    assert "Not for" not in page.content() and page.locator("main button").count() == 2
    press(page, "main button[name=fresh]")
    at(page, BALLOT)
    page.locator("button[name=voice]").first.wait_for()
    assert page.evaluate(LEFT) == 0 and page.locator(".chosen-mark").count() == 0
    assert ballots.counted(collecting).by_code == 1 and wrong == []


def test_who_erases_their_answers_leaves_no_word_on_the_phone(new_context, live_server, collecting):
    collecting.refresh_from_db()
    page = phone_of(new_context)
    page.goto(f"{live_server.url}/join/{collecting.join_code}/")
    tap_through(page, "parent", [2] * 7)
    page.goto(live_server.url + CHECK)
    page.locator("textarea").fill("Typed, not sent")
    assert page.evaluate(LEFT) == 1
    page.goto(live_server.url + DONE)
    page.locator("summary", has_text="I want to erase my answers").click()
    press(page, "form[action$='/erase/'] button")
    page.wait_for_url("**/join/code/?erased=1")
    assert page.evaluate(LEFT) == 0 and ballots.counted(collecting).answered == 0


def test_a_note_that_is_too_long_is_counted_said_and_kept(open_as_ben, collecting, ben):
    begin(collecting, ben)
    page = open_as_ben(FIRST)
    page.locator("summary", has_text="Add a note").click()
    note = page.get_by_label("What have you seen")
    note.fill("x" * 749)
    assert page.locator(".count-line").inner_text() == ""
    note.fill("x" * 750)
    page.get_by_text("Characters left: 250").wait_for()
    note.fill("x" * 1040)
    page.get_by_text("Characters too many: 40").wait_for()
    page.get_by_role("button", name=GROWING).click()
    page.locator(".error-summary").wait_for()
    assert page.title().startswith("Error:") and page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="Your note is 40 characters too long").click()
    assert page.evaluate("document.activeElement.name") == "note" and note.input_value() == "x" * 1040
    assert page.locator(".is-chosen .level-word").inner_text() == "Growing"
    note.fill("short enough")
    page.get_by_role("button", name=re.compile("Growing")).click()
    at(page, SECOND)
    assert page.evaluate(LEFT) == 0


def test_closed_meanwhile_the_words_come_back(open_as_ben, collecting, ben):
    begin(collecting, ben)
    page = open_as_ben(FIRST)
    page.locator("summary", has_text="Add a note").click()
    page.get_by_label("What have you seen").fill("A little too late")
    type(collecting).objects.filter(pk=collecting.pk).update(deadline=collecting.collecting_since)
    page.get_by_role("button", name=GROWING).click()
    page.get_by_role("heading", name="Answers are closed").wait_for()
    assert page.get_by_text("A little too late").is_visible() and page.evaluate(LEFT) == 0


VOICE = """Object.defineProperty(window, "speechSynthesis", { value: {
    speaking: false, said: null,
    speak(speech) { this.speaking = true; this.said = speech; },
    cancel() { this.speaking = false; },
    fail(error) { this.said.dispatchEvent(Object.assign(new Event("error"), { error })); } } })"""


def test_listen_reads_the_question_and_its_answers_and_goes_where_the_phone_has_no_voice(open_as_ben, collecting, ben):
    begin(collecting, ben)
    page = open_as_ben(CHECK, "es")
    page.context.add_init_script(VOICE)
    page.goto(page.url.replace("check/", "1.2/"))
    listen = page.locator("#listen")
    listen.click()
    said, language = page.evaluate("[speechSynthesis.said.text, speechSynthesis.said.lang]")
    assert (
        language == "es" and said.startswith("¿Cómo participan") and "Todavía no" in said and "No lo puedo ver" in said
    )
    assert listen.inner_text() == "Parar"
    listen.click()
    assert listen.inner_text() == "Escuchar" and not page.evaluate("speechSynthesis.speaking")
    listen.click()
    page.evaluate("speechSynthesis.fail('interrupted')")
    assert listen.inner_text() == "Escuchar" and listen.is_visible()
    listen.click()
    page.evaluate("speechSynthesis.fail('synthesis-failed')")
    assert not listen.is_visible() and not page.evaluate("speechSynthesis.speaking")


def test_back_shows_ones_own_answer_in_words(open_as_ben, collecting, ben):
    begin(collecting, ben)
    page = open_as_ben(FIRST)
    page.get_by_role("button", name=GROWING).click()
    at(page, SECOND)
    page.get_by_role("link", name="Back").click()
    at(page, FIRST)
    assert page.locator("[aria-current=true]").inner_text().startswith("Your answer")


@pytest.mark.parametrize("address", [BALLOT, FIRST, CHECK])
def test_a_ballot_page_is_light(open_as_ben, live_server, new_context, collecting, ben, address):
    """Opened for the first time: bytes compressed as a server would, and requests."""
    begin(collecting, ben)
    context = new_context()
    sign_in(context, live_server, ben, "es")
    page, found = context.new_page(), []
    page.on("response", lambda response: found.append(response))
    page.goto(live_server.url + address, wait_until="networkidle")
    sizes = {response.url: len(gzip.compress(response.body(), 6)) for response in found}
    assert len(found) <= FEWEST, list(sizes)
    assert sum(sizes.values()) <= LIGHTEST, sizes
    assert any(url.endswith("ballot.js") for url in sizes) and any(url.endswith(".woff2") for url in sizes)


TEXT_TWICE = "document.documentElement.style.fontSize = '225%'"  # of 112.5 %
TEXT_ONCE = "document.documentElement.style.fontSize = ''"


def look(page, axe, here):
    wrong = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        wrong += [f"{here} {width}: {found}" for found in axe(page)] + sideways(page, f"{here} {width}")
    page.evaluate(TEXT_TWICE)
    wrong += sideways(page, f"{here} 320, large text")
    page.evaluate(TEXT_ONCE)
    return wrong


SMALL = """() => [...document.querySelectorAll("main button, main summary, main input:not([type=hidden]), main a")]
    .filter(control => !control.matches("a") || control.textContent.trim() === control.parentElement.textContent.trim())
    .map(control => [control.closest("label, .form-check, .choice") ?? control, control])
    .filter(([area]) => area.offsetParent && (area.getBoundingClientRect().height < 44 || area.getBoundingClientRect().width < 44))
    .map(([, control]) => control.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_of_a_ballot(open_as_ben, new_context, live_server, link, collecting, ben, axe, language):
    """axe, no sideways scroll and large targets at 320 and 1280 px, each kind of page, errors included."""
    page, wrong = open_as_ben(BALLOT, language), []
    wrong += look(page, axe, "first page")
    begin(collecting, ben)
    for address in (BALLOT, FIRST, CHECK, "/me/", "/me/answers/", "/join/code/", "/join/WRONGONE/"):
        page.goto(live_server.url + address)
        wrong += look(page, axe, address)
        if "/me/" not in address:
            wrong += [f"{address}: small {found}" for found in page.evaluate(SMALL)]
    page.goto(live_server.url + FIRST)
    page.locator("summary").first.click()
    page.locator("textarea").fill("x" * 1001)
    page.locator("button[value='2']").click()
    page.locator(".error-summary").wait_for()
    wrong += look(page, axe, "error")
    page.locator("textarea").fill("A note")
    page.locator("button[value='2']").click()
    at(page, SECOND)
    page.goto(live_server.url + FIRST)
    wrong += look(page, axe, "answered")
    page.goto(live_server.url + CHECK)
    page.locator("button[name=send]").click()
    at(page, DONE)
    for summary in page.locator("main summary").all():
        summary.click()
    wrong += look(page, axe, "done")
    other = new_context().new_page()
    sign_in(other.context, live_server, None, language)
    other.goto(link)
    wrong += look(other, axe, "link")
    other.locator("main button").click()  # begun signed in: the account alone holds these answers
    other.locator("main a.btn-primary[href*='/signin/']").wait_for()
    wrong += look(other, axe, "held elsewhere")
    assert wrong == []


def test_a_full_ballot_with_directions(open_as_ben, collecting, ben, axe):
    """Section pages, and the four small choices; nothing is chosen before a person chooses."""
    coalition = collecting.coalition
    lead = coalition.memberships.get(role=Role.LEAD).user
    factories.close.close(assessment=collecting, by=lead)
    later = factories.collecting_assessment(coalition, by=lead, quarter=Quarter(2026, 3), mode="full")
    page = open_as_ben(later.url("ballot"))
    page.get_by_role("button", name="Coalition staff").click()
    page.wait_for_url(re.compile("/milestone/setting-the-table/"))
    wrong = look(page, axe, "milestone")
    page.get_by_role("link", name="Continue").click()
    page.get_by_text("Question 1 of 27").wait_for()
    page.goto(page.url.replace("1.1/", "check/"))
    assert page.locator("input:checked").count() == 0
    wrong += look(page, axe, "directions")
    wrong += [f"small {found}" for found in page.evaluate(SMALL)]
    Pointer(page).choose(re.compile("Cohesion"), "moved forward")
    page.locator("button[name=send]").click()
    page.wait_for_url(re.compile("/done/"))
    assert list(ballots.own(later, user=ben).directions.values()) == ["forward"]
    assert wrong == []
