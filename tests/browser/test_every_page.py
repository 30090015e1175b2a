"""Every page as everyone who may open it: axe, no sideways scroll, no noise; 320 and 1280 px; English and Spanish."""

from datetime import date

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.urls import get_resolver, resolve

from assessments.discussing import actions as discussing
from assessments.discussing import evidence_actions, step_actions
from assessments.drafting import actions as drafting
from assessments.models import Stage
from assessments.quarters import Quarter
from coalitions.models import Role
from milestones.models import Milestone
from tests import factories
from tests.browser import voices

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine("sqlite")]
FIRST, SECOND, THIRD, FOURTH = (Quarter(2026, number) for number in (1, 2, 3, 4))
KEYS = [f"0d9f6f52-5a0e-4f3a-9d3e-2f1d5c1a9b{number:02}" for number in range(20)]


@pytest.fixture
def scene(db):
    """A coalition with a quarter at each stage, words and evidence in them, one of them shared."""
    cache.clear()
    factories.rubric()
    coalition = factories.coalition(about="Parents and providers of the river towns.", sample=True)
    people = {
        "lead": factories.person(Role.LEAD, coalition, name="Ana"),
        "member": factories.person(Role.MEMBER, coalition, name="Ben"),
        "funder": factories.person(Role.FUNDER, name="Fay", organisation="Sample Fund"),
        "new funder": factories.person(Role.FUNDER, name="Nia", pledged=False),
        "evaluator": factories.person(Role.EVALUATOR, name="Eve"),
        "administrator": factories.person(Role.ADMINISTRATOR, name="Ada"),
    }
    lead = people["lead"]
    first = factories.discussing_assessment(coalition, by=lead, quarter=FIRST, mode="full")
    drafting.set_aside(
        assessment=first, milestone=Milestone.objects.get(number=4), reason="We wait for the grant.", by=lead
    )
    rating = first.agreed_ratings.get(indicator__code="1.2")
    for key, (kind, voice) in zip(KEYS, [("document", "staff"), ("story", "parent")], strict=False):
        evidence_actions.add_evidence(
            rating=rating, key=key, kind=kind, shows="The seat map", voice=voice, visibility="may_be_shared",
            link="https://example.org/map", consent=True, by=lead,
        )  # fmt: skip
    discussing.add_different_view(
        rating=rating, key=KEYS[5], text="I see it lower.", signed=True, coalition_only=False, by=people["member"]
    )
    factories.rate_all(first, 2, by=lead)
    factories.rate(first, "3.1", 4, by=lead, reason="Approved by all.")
    factories.rate(first, "7.2", by=lead, outcome="not_agreed")
    cohesion = Milestone.objects.get(slug="cohesion")
    for milestone in (cohesion, None):
        discussing.save_story(assessment=first, milestone=milestone, version=1, text="A story.", by=lead)
    step_actions.save_next_step(
        assessment=first, key=KEYS[6], version=0, kind="ask", text="Money for interpreters", milestone=cohesion,
        owner_name="Rosa", owner_role="Parent lead", due_on=date(2026, 6, 30), by=lead,
    )  # fmt: skip
    step_actions.add_event(
        coalition=coalition, key=KEYS[7], happened_on=date(2026, 2, 1), words="Session began", by=lead
    )
    factories.submit(first, by=lead)
    factories.share(first, by=lead)
    second = factories.submitted(coalition, by=lead, quarter=SECOND, level=3)
    factories.share(second, by=lead, slugs=["cohesion", "financing"])
    factories.share(second, by=lead, slugs=["cohesion", "financing", "advocacy-progress"])
    third = factories.discussing_assessment(coalition, by=lead, quarter=THIRD)
    factories.rate(third, "2.1", 3, by=lead)
    factories.draft(coalition, by=lead, quarter=FOURTH)
    other = factories.coalition("Sample Prairie Coalition", "IA")
    otto = factories.person(Role.LEAD, other, name="Otto")
    reopened = factories.at_stage(other, Stage.REOPENED, by=otto)
    assert reopened.stage == Stage.REOPENED
    people["other lead"] = otto
    secrets = voices.collecting_now(people)
    voices.closed_quarters(people)
    return {"people": people, "coalition": coalition, "secrets": secrets}


A, B = "/c/sample-buckeye-coalition", "/c/sample-prairie-coalition"
RIVER, DELTA, PLAIN, HOLLOW = (f"/c/sample-{name}-coalition" for name in ("river", "delta", "plain", "hollow"))
RATE = "/rate/sample-river-coalition/2026q4"
PUBLIC = [
    "/", "/about/", "/about/milestones/", "/about/reading/", "/privacy/who-sees-what/", "/help/", "/accessibility/",
    "/contact/", "/evaluate/codebook/", "/signin/", "/signin/code/", "/signin/link/no-such-link/", "/no/such/page/",
    "/signin/link/{link}/", "/join/{join}/", "/join/code/", "/join/ABCDEFGH/", "/unsubscribe/{stop}/",
    "/unsubscribe/no-such-token/",
]  # fmt: skip
SHARED = [
    "/states/", "/states/?view=trend&states=OH&m=cohesion", "/states/?q=2026q1", "/states/?m=cohesion&q=2026q5",
    "/states/OH/", "/states/IA/", "/states/CO/", "/states/OH/sample-buckeye-coalition/",
    "/states/OH/sample-buckeye-coalition/?q=2026q1", "/states/OH/sample-buckeye-coalition/?since=2026q1",
    "/states/GA/sample-delta-coalition/",
    "/states/?view=map", "/states/?view=map&shade=1&m=cohesion", "/states/?view=cards", "/states/?view=cards&m=cohesion&kind=ask&order=za",
    "/milestones/", "/milestones/cohesion/", "/milestones/cohesion/?view=map&shade=1", "/next-steps/", "/next-steps/?kind=offer&m=beyond",
    "/states/OH/?print=1", "/states/OH/sample-buckeye-coalition/?q=2026q1&print=1",
]  # fmt: skip
OWN = ["/me/", "/me/settings/"]
INSIDE = [f"{A}/", f"{A}/history/", f"{A}/results/", f"{A}/2026q3/1.2/"]
# After # the step of the meeting at which the page is looked at.
PAGES = {
    None: PUBLIC,
    "member": [*OWN, *INSIDE, f"{A}/2026q1/revisions/1/", f"{A}/2026q1/1.2/", f"{A}/2026q3/"],
    "lead": [
        f"{A}/", f"{A}/people/", f"{A}/events/", f"{A}/files/", f"{A}/import/", f"{A}/people/import/", f"{A}/2026q3/1.2/",
        f"{A}/settings/", f"{A}/open/", f"{A}/2026q3/", f"{A}/2026q3/2.1/", f"{A}/2026q3/1.2/evidence/",
        f"{A}/2026q3/story/cohesion/", f"{A}/2026q3/beyond/", f"{A}/2026q3/next-steps/", f"{A}/2026q3/check/",
        f"{A}/2026q3/set-aside/cohesion/", f"{A}/2026q4/", f"{A}/2026q4/open/", f"{A}/2026q4/own/",
        f"{A}/2026q4/own/?add=indicator", f"{A}/2026q4/own/?add=milestone", f"{A}/2026q1/", f"{A}/2026q1/done/",
        f"{A}/2026q1/sharing/", f"{A}/2026q1/sharing/preview/?cohesion=story&financing=level_and_story",
        f"{A}/2026q1/reopen/", f"{A}/2026q1/revisions/1/", f"{A}/2026q1/check/", f"{A}/2026q4/invite/",
        "/states/", "/states/OH/sample-buckeye-coalition/",
    ],
    "other lead": [f"{B}/", f"{B}/2026q2/", f"{B}/2026q2/sharing/", f"{B}/2026q2/1.2/"],
    "funder": [*OWN, *SHARED, "/pledge/"],
    "new funder": ["/pledge/"],
    "evaluator": [
        "/me/", "/states/GA/", "/evaluate/export/", "/evaluate/export/?coded=1", "/evaluate/", "/evaluate/?q=2026q1",
        "/together/",
    ],
    "administrator": [
        "/evaluate/", f"{A}/import/", f"{A}/", f"{A}/people/", f"{A}/2026q3/", f"{RIVER}/2026q4/",
    ],
    "River lead": [
        f"{RIVER}/", f"{RIVER}/people/", f"{RIVER}/2026q4/", f"{RIVER}/2026q4/invite/", f"{RIVER}/2026q4/code/",
        f"{RIVER}/2026q4/close/", f"{RIVER}/2026q4/progress/", f"{RIVER}/2026q4/meet/1.2/screen/",
        f"{RIVER}/2026q4/meet/1.2/host/", f"{RIVER}/2026q4/print/ballot/", f"{RIVER}/2026q4/print/tally/",
    ],
    "River member": [
        "/me/", f"{RIVER}/", f"{RATE}/", f"{RATE}/milestone/cohesion/", f"{RATE}/1.2/", f"{RATE}/check/",
        f"{RATE}/done/", "/me/answers/", f"{RIVER}/2026q4/print/ballot/?lang=es",
    ],
    "not begun": [f"{RATE}/", "/me/answers/"],
    "by code": [f"{RATE}/", f"{RATE}/1.2/", f"{RATE}/done/"],
    "helper": [f"{RIVER}/", f"{RIVER}/2026q4/paper/"],
    "Delta lead": [
        f"{DELTA}/", f"{DELTA}/2026q4/", f"{DELTA}/2026q4/agenda/", f"{DELTA}/2026q4/1.2/",
        f"{DELTA}/2026q4/print/meeting/", f"{DELTA}/2026q3/done/", f"{DELTA}/2026q3/sharing/",
        *(f"{DELTA}/2026q4/meet/1.2/{page}/#{step}" for step in ("read", "show", "talk", "record")
          for page in ("screen", "host")),
    ],
    "Delta member": [
        f"{DELTA}/results/", f"{DELTA}/results/setting-the-table/", f"{DELTA}/2026q3/revisions/1/", f"{DELTA}/2026q3/print/report/",
        "/rate/sample-delta-coalition/2026q4/", "/rate/sample-delta-coalition/2026q4/done/", f"{DELTA}/2026q4/paper/",
    ],
    "Plain lead": [
        f"{PLAIN}/results/", f"{PLAIN}/results/setting-the-table/", f"{PLAIN}/2026q4/agenda/",
        f"{PLAIN}/2026q4/meet/1.2/screen/#show",
    ],
    "Hollow lead": [f"{HOLLOW}/results/", f"{HOLLOW}/results/cohesion/", f"{HOLLOW}/2026q4/agenda/"],
}  # fmt: skip
TOGETHER = [  # in one scene, which takes its time to make
    ("lead",),
    (None, "member", "other lead", "administrator"),
    ("funder", "new funder", "evaluator"),
    ("River lead", "River member", "not begun", "by code", "helper"),
    ("Delta lead", "Delta member", "Plain lead", "Hollow lead"),
]
EXPECTED_COMPLAINTS = ("404", "403", "409")
DARK = "Failed to load resource"


def sign_in(context, live_server, user, language):
    """A session cookie for this person, and the language's."""
    cookies = [{"name": "django_language", "value": language, "url": live_server.url}]
    if user:
        session = SessionStore()
        session.update({
            "_auth_user_id": str(user.pk),
            "_auth_user_backend": "allauth.account.auth_backends.AuthenticationBackend",
            "_auth_user_hash": user.get_session_auth_hash(),
        })  # fmt: skip
        session.save()
        cookies.append({"name": "sessionid", "value": session.session_key, "url": live_server.url})
    context.add_cookies(cookies)


@pytest.mark.parametrize("people", TOGETHER, ids=lambda people: people[-1])
def test_every_page(new_context, live_server, scene, axe, noise, people):
    wrong = []
    for who in people:
        for language in ("en", "es"):
            context = new_context()
            sign_in(context, live_server, scene["people"].get(who), language)
            if who == "by code":
                context.add_cookies([{**scene["secrets"]["cookie"], "url": live_server.url}])
            page = context.new_page()
            for address in PAGES[who]:
                address, _mark, step = address.format(**scene["secrets"]).partition("#")
                if step:
                    voices.move_meeting(scene["people"][who], address.split("/")[2], step)
                    address += f"?step={step}" if "screen" in address else ""
                wrong += looked_at(page, live_server.url + address, axe, f"{who} {address} {step} {language}", language)
            context.close()
    noise[:] = [said for said in noise if not (DARK in said and any(code in said for code in EXPECTED_COMPLAINTS))]
    assert wrong == []


def looked_at(page, address, axe, here, language) -> list[str]:
    """What is wrong with one page at both widths; axe looks at the wide one in English, at the narrow one in Spanish."""
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(address)
    wrong = [f"{here}: {answer.status}"] if answer.status >= 500 else []
    if page.locator("html").get_attribute("lang") != language:
        wrong.append(f"{here}: lang is {page.locator('html').get_attribute('lang')}")
    for chart in page.locator("figure[data-chart]").all():
        chart.scroll_into_view_if_needed()
        chart.locator(".main-svg").first.wait_for()
    wrong += sideways(page, f"{here} 1280")
    if language == "en":
        wrong += [f"{here} 1280: {found}" for found in axe(page)]
    page.set_viewport_size({"width": 320, "height": 800})
    wrong += sideways(page, f"{here} 320")
    if language == "es":
        wrong += [f"{here} 320: {found}" for found in axe(page)]
    return wrong


WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [document.documentElement.scrollWidth + "", ...[...document.querySelectorAll("body *")]
        .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 5).map(element => element.tagName + "." + element.getAttribute("class"))]"""


def sideways(page, here):
    """What is wider than the window, if anything."""
    wide = page.evaluate(WIDER)
    return [f"{here}: scrolls sideways because of {wide}"] if wide else []


def test_every_route_that_shows_a_page_is_in_the_list():
    """A new page joins this crawl, or says here why not."""
    assert {who for people in TOGETHER for who in people} == PAGES.keys()
    posts_only_or_no_page = {
        "signout", "signin_sample", "person_add", "person_role", "person_remove", "language", "healthz",
        "agreed_rating_save", "bring_forward", "presence", "different_view", "different_view_withdraw", "meeting_only",
        "assessment_delete", "evidence_delete", "evidence_file", "story_save", "beyond_save", "next_step_remove",
        "event_remove", "share", "withdraw", "shared_file", "export_file", "codebook_file", "collecting_open", "helper",
        "export_by_link", "export_package", "export_package_by_link", "export_token", "export_token_revoke", "codebook_markdown", "own_file",
        "invite_resend", "invite_revoke", "import_template", "own_quarters", "people_template", "deadline", "ballot_erase",
        "ballot_end_device", "print_report_pdf", "shared_coalition_pdf", "state_pdf", "shared_figure", "results_figure",
        "states_figure", "milestone_figure", "next_steps_figure", "together_figure",
    }  # fmt: skip
    addresses = {address.split("?")[0].split("#")[0] for pages in PAGES.values() for address in pages} - {
        "/no/such/page/"
    }
    shown = {resolve(address).url_name for address in addresses}
    named = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    assert named - shown - posts_only_or_no_page <= {name for name in named if name.startswith("account_")}
