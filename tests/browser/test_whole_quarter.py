"""A whole quarter in the browser: invited by mail, answered on phones and on paper, closed, met, recorded, submitted."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.utils import timezone, translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from assessments.models import Assessment, Release
from coalitions.models import Role, User
from tests import factories
from tests.browser.hands import Pointer
from tests.browser.steps import answer, link_for, mails_to, page_of, phone_of, press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine("postgres")]
CODES = ["1.2", "2.1", "3.1", "4.2", "5.4", "6.4", "7.1"]
APART = {"1.2", "3.1"}  # where the two sides stand two levels apart: 1 and 3; elsewhere everybody says 2
SOON = 15000  # ms: the screen asks every 2 seconds

# Who answers how: on phones six parents and providers and six others, six of the twelve in Spanish; two more on paper.
BY_LINK = [
    ("rosa", "parent", "es"), ("luz", "provider", "es"), ("ivy", "parent", "en"), ("mae", "provider", "en"),
    ("sol", "staff", "es"), ("kim", "partner", "es"), ("lee", "staff", "en"),
]  # fmt: skip
BY_CODE = [  # the first two on one phone, handed on
    ("parent", "es"), ("other", "en"), ("partner", "en"), ("parent", "en"), ("staff", "es"),
]  # fmt: skip
ON_PAPER = ["parent", "staff"]
HELPER = "hana"


def levels_of(voice):
    here, there = (1, 2) if voice in ("parent", "provider") else (3, 2)
    return [here if code in APART else there for code in CODES]


def address_of(name):
    return f"{name}@example.org"


@pytest.fixture
def ana(db, settings, live_server):
    """A coalition with its lead alone. Mail goes out with what it tells of, and leads to this server."""
    cache.clear()
    settings.SITE_URL, settings.MAIL_AT_ONCE = live_server.url, True
    factories.rubric()
    return factories.person(Role.LEAD, factories.coalition(), name="Ana")


def the_lead_invites(lead):
    """Open a quarter, add people by e-mail, open it for answers, name a helper."""
    hands = Pointer(lead)
    hands.follow("Open the quarter")
    hands.choose("Which quarter?", re.compile("the quarter we are in"))
    hands.choose("How much do you want to ask?", re.compile("^Core"))
    hands.choose("What will the room see?", re.compile("^Compare voices"))
    hands.write("The last day for answers", str(timezone.localdate() + timedelta(days=5)))
    hands.press("Open the quarter")
    hands.follow("Put together who is invited")
    people = [name for name, _voice, _language in BY_LINK] + [HELPER]
    lead.locator("#page-form textarea").fill("\n".join(f"{address_of(name)} {name.title()}" for name in people))
    hands.press("Add to our list")
    assert mail.outbox == []
    lead.goto(lead.url.replace("/invite/", "/"))
    hands.press("Open for answers")
    assert sorted({message.to[0] for message in mail.outbox}) == sorted(User.objects.values_list("email", flat=True))
    hands.follow("Invite people")
    hands.press("Name as helper for paper Hana")


def six_and_six_answer(new_context, live_server):
    """Seven by the link in their mail, five by the code of the room; and two more on paper."""
    assessment = Assessment.objects.get()
    for name, voice, language in BY_LINK:
        phone = phone_of(new_context, language)
        phone.goto(link_for(address_of(name)))
        assert phone.locator("html").get_attribute("lang") == language
        answer(phone, voice, levels_of(voice))
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        phone.context.close()
    shared, *own = [phone_of(new_context, "es") for _phone in range(4)]
    join = f"{live_server.url}/join/{assessment.join_code}/"
    for number, (phone, (voice, language)) in enumerate(zip([shared, shared, *own], BY_CODE, strict=True)):
        phone.goto(join) if number != 1 else press(phone, "form[data-forget] button")
        if language == "en":
            press(phone, "button[name=language][value=en]")
        assert phone.locator("html").get_attribute("lang") == language
        answer(phone, voice, levels_of(voice))
    helper = page_of(new_context, live_server, User.objects.get(email=address_of(HELPER)), assessment.url("paper"))
    for voice in ON_PAPER:
        helper.check(f"input[name=voice][value={voice}]")
        for question, level in enumerate(levels_of(voice)):
            helper.locator("fieldset:has(input[name^=mark_])").nth(question).locator(f"input[value='{level}']").check()
        press(helper, "main .actions button.btn-primary")
    return assessment


def the_meeting(new_context, live_server, lead, screen):
    """Read, Show, Talk, Record, seven times; the screen of the room follows."""
    hands = Pointer(lead)
    press(lead, "button:has-text('Start meeting')")
    for turn in range(len(CODES)):
        code = re.search(r"/(\d\.\d)/", lead.url)[1]
        for step in ("read", "show", "talk"):
            if turn == 0 or (turn, step) == (len(CODES) - 1, "show"):
                expect(screen).to_have_url(re.compile(f"/{code}/screen/.*step={step}"), timeout=SOON)
                the_screen_shows(screen, code, step)
            press(lead, "button[value=next]")
        hands.choose("What did we agree?", "Agreed")
        hands.choose("Which level fits us?", re.compile("^Growing"))
        if code in APART:
            lead.locator("#page-form textarea").fill("Both sides can live with this.")
        press(lead, "main button:has-text('Save and show it')")
        if turn == 0:
            expect(screen.get_by_text("Both sides can live with this.")).to_be_visible(timeout=SOON)
        if turn < len(CODES) - 1:
            press(lead, "button[value=next]")


def the_screen_shows(screen, code, step):
    """At *Show* the two sides as they were released, and at no other step."""
    lanes = screen.locator(".screen-sides").first
    if step != "show":
        expect(lanes).to_have_count(0)
        return
    sides = next(item for item in Release.objects.get().content["indicators"] if item["code"] == code)["sides"]
    words = ["Not yet", "Starting", "Growing", "Strong", "Lasting"]
    expect(lanes.locator("li").nth(0)).to_contain_text(words[sides["parents_providers"]])
    expect(lanes.locator("li").nth(1)).to_contain_text(words[sides["everyone_else"]])


def everybody_got(about):
    """One message about this to each lead and member, in both languages."""
    with translation.override("es"):
        spanish = gettext(about)
    assert spanish != about
    for person in User.objects.all():
        found = [message for message in mails_to(person.email, about) if spanish in message.body]
        assert len(found) == 1, (person.name, about, len(found))
    return User.objects.count()


def test_a_whole_quarter(new_context, live_server, ana, noise):
    lead = page_of(new_context, live_server, ana, ana.memberships.get().coalition.get_absolute_url())
    the_lead_invites(lead)
    assessment = six_and_six_answer(new_context, live_server)
    screen = page_of(new_context, live_server, ana, assessment.url("meeting_screen", "1.2"))
    expect(screen.locator("[data-count=en]")).to_have_text(re.compile("^14 of"))
    lead.goto(live_server.url + assessment.url("close"))
    press(lead, ".interrupt button")
    assert lead.url.endswith("/agenda/")
    assert not any(apps.get_model("assessments", name)._base_manager.exists() for name in ("Ballot", "Answer"))
    assert everybody_got("Answers are closed and deleted. Nobody can look up one person's answers, not even you.") == 9

    assert lead.locator(".agenda .tag").first.inner_text() == "The two sides are 2 or more levels apart"
    the_meeting(new_context, live_server, lead, screen)
    lead.goto(live_server.url + assessment.url("check"))
    hands = Pointer(lead)
    assert lead.get_by_text("Nothing is open. You can submit.").is_visible()
    hands.press("Submit to our coalition")
    assessment.refresh_from_db()
    assert (
        assessment.stage == "submitted" and list(assessment.agreed_ratings.values_list("level", flat=True)) == [2] * 7
    )
    assert everybody_got("Funders see only what we share. Evaluators get the levels we agree on and a summary."
                         " Nobody gets one person's answers.") == 9  # fmt: skip
    assert all("Both sides" not in message.body for message in mail.outbox)

    expect(screen).to_have_url(re.compile("/results/$"), timeout=SOON)  # the meeting is over
    noise[:] = [said for said in noise if "409" not in said]
    rosa = User.objects.get(email=address_of("rosa"))
    seen = [
        page_of(new_context, live_server, who, f"/c/{assessment.coalition.slug}/results/").locator("main").inner_text()
        for who in (ana, rosa)
    ]
    assert seen[0] == seen[1] and "What we heard, what we did" in seen[0]
    assert "Both sides can live with this." in seen[0] and "10–19 people sent answers." in seen[0]
    assert not apps.get_model("assessments", "Ballot")._base_manager.exists()
