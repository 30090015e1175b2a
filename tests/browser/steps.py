"""Steps that several browser tests take: a phone of one's own, the link in a mail, a core ballot tapped through."""

import re

from django.core import mail

from tests.browser.test_every_page import sign_in

PHONE = {"has_touch": True}  # 390 by 844 as every page here
LOCALES = {"en": "en-US", "es": "es-US"}


def phone_of(new_context, language="en", **options):
    """A page on a phone whose owner reads this language; nobody is signed in."""
    return new_context(locale=LOCALES[language], **PHONE, **options).new_page()


def page_of(new_context, live_server, user, address="/", *, language="en", viewport=None):
    """A page of somebody who is signed in, in a browser of their own."""
    context = new_context()
    sign_in(context, live_server, user, language)
    page = context.new_page()
    page.set_viewport_size(viewport or {"width": 1280, "height": 800})
    page.goto(live_server.url + address)
    return page


def mails_to(email, about=""):
    """The messages that somebody got, those alone that hold these words."""
    return [message for message in mail.outbox if message.to == [email] and about in message.body]


def link_for(email) -> str:
    """The address behind the button of the last invitation that somebody got."""
    return re.search(r"\S+/signin/link/\S+/", mails_to(email, "/signin/link/")[-1].body)[0]


def press(page, selector):
    """Tap a button and wait for the page it leads to."""
    with page.expect_navigation(wait_until="commit"):
        page.click(selector)


def answer(page, voice, levels):
    """From the page with *Start* to *Your answers are in*: the voice, a level for each question, Send."""
    press(page, "main button.btn-primary")
    press(page, f"button[name=voice][value={voice}]")
    for level in levels:
        press(page, f"button[name=level][value='{level}']")
    press(page, "button[name=send]")
    page.wait_for_url("**/done/")
