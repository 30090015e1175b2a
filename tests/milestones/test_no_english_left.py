"""Every page in Spanish, for everybody who may open it: no English is left, people's own words and names apart."""

import re
from datetime import date
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone, translation

from assessments import mails
from assessments.collecting import actions as collecting
from assessments.collecting import ballots, close
from assessments.collecting.keys import link_token
from assessments.discussing import actions as discussing
from assessments.discussing import evidence_actions, step_actions
from assessments.drafting import actions as drafting
from assessments.models import Invitation
from assessments.quarters import Quarter
from coalitions.letters import stop_token
from coalitions.models import Mail, Role, hash_of
from tests import factories
from tests.milestones.test_catalogue import in_code, in_templates

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("sqlite")]
ENGLISH = re.compile(
    r"\b(the|of|and|to|is|you|your|this|that|these|with|not|what|who|which|for|it|its|are|be|by|from|an|we|our|their"
    r"|they|them|in|at|or|if|all|was|were|has|have|had|will|can|when|where|there|here|only|one|two|three|any|each|own"
    r"|levels?|quarters?|milestones|evidence|stor(y|ies)|steps?|next|add|changed?|see|read|share[ds]?|save[ds]?|open|back"
    r"|people|person|name|date|year|state|states|coalition|question|questions|answers?|required|choose|write|agreed"
    r"|january|february|april|june|july|august|september|october|november|december"
    r"|lead|member|funder|evaluator|administrator|revision|draft|reason|yes)\b",
    re.IGNORECASE,
)
NAMES = re.compile(  # proper names, things that are the same in every language, and the codes of files and columns
    r"Milestones for Collective Power|Milestones|Innovation Network|Alliance for Early Success|CC NEXT( Initiative)?"
    r"|Sample \w+( \w+)?|Virginia Early Childhood Foundation|[\w.]+@[\w.]+|https?://\S+|bindquote\(strict\)"
    r"|\{\w+\}|\w+\.(csv|zip|md)|\bown-(\d+|…)|\bdate(?= día)"
)
ALOUD = ("aria-label", "alt", "title", "placeholder")
SILENT = {"script", "style", "code"}


class Reader(HTMLParser):
    """What a person sees or hears of a page, block by block; not what is marked as another language."""

    INLINE = {"a", "strong", "em", "span", "b", "i", "br", "abbr"}
    VOID = {"br", "img", "input", "meta", "link", "hr", "use", "path", "circle", "col", "wbr"}

    def __init__(self):
        super().__init__()
        self.blocks, self.now, self.hidden = [], [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        quiet = tag in SILENT or attributes.get("lang") not in (None, "es")
        if tag not in self.VOID:
            self.hidden.append((tag, quiet))
        if tag == "br":
            self.now.append(" ")
        if tag not in self.INLINE:
            self.end_block()
        if not any(silent for _tag, silent in self.hidden):
            said = {n: v for n, v in attributes.items() if v and (n in ALOUD or n.startswith("data-") and " " in v)}
            self.blocks += said.values()

    def handle_endtag(self, tag):
        while self.hidden and tag in (name for name, _quiet in self.hidden):
            if self.hidden.pop()[0] == tag:
                break
        if tag not in self.INLINE:
            self.end_block()

    def handle_data(self, data):
        if not any(quiet for _tag, quiet in self.hidden):
            self.now.append(data)

    def end_block(self):
        text = " ".join("".join(self.now).split())
        self.blocks += [text] if text else []
        self.now = []


def english(page: str, untranslated=frozenset()) -> list[str]:
    """The blocks of a page that read as English."""
    reader = Reader()
    reader.feed(page)
    reader.end_block()
    found = []
    for block in reader.blocks:
        rest = NAMES.sub(" ", block)
        if ENGLISH.search(rest) or rest.strip() in untranslated:
            found.append(block)
    return found


def test_the_search_finds_english_and_nothing_else():
    assert english("<p>Save the <b>page</b></p>") == ["Save the page"]
    assert english('<p>Guardar</p><input placeholder="Write here"><p data-saved="Saved at {time}">x</p>') != []
    assert english('<button lang="en">Save the page</button><code>is not</code><p>Sample Ohio</p>') == []
    assert english("<p>No se comparte: Hay un problema con este nivel. 2026 Q2</p>") == []


@pytest.fixture(scope="module")
def untranslated():
    """The catalogue's English without placeholders, where Spanish says something else."""
    with translation.override("es"):
        strings = {wanted[1] for wanted, _path in [*in_code(), *in_templates()]}
        return {text for text in strings if "%(" not in text and translation.gettext(text) != text}


QUARTERS = [Quarter(2026, number) for number in (1, 2, 3, 4)] + [Quarter(2027, 1), Quarter(2027, 2), Quarter(2027, 3)]


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The site of all tests here, in a transaction that is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield a_site()
        transaction.set_rollback(True)


def one_of(name):
    """A fixture: somebody or something of the site."""
    return pytest.fixture(name=name)(lambda site: site[name])


ana, ben, fay, eve, sam, coalition = map(one_of, ("ana", "ben", "fay", "eve", "sam", "coalition"))


def a_site():
    """A shared quarter, a reopened one, one under discussion with everything in it, a draft; and quarters with ballots:
    two closed ones, one that collects. With the people, and what opens something without an account."""
    rubric, coalition = factories.rubric(), factories.coalition()
    ana, ben = factories.person(Role.LEAD, coalition, name="Ana"), factories.person(Role.MEMBER, coalition, name="Ben")
    factories.person(Role.ADMINISTRATOR, name="Ada")
    people = {
        "ana": ana, "ben": ben, "fay": factories.person(Role.FUNDER, name="Fay", organisation="Sample Fund"),
        "eve": factories.person(Role.EVALUATOR, name="Eve"), "sam": factories.person(name="Sam"),
    }  # fmt: skip
    type(coalition).objects.filter(pk=coalition.pk).update(about="Somos una coalición.", thanks="Hay comida.")
    coalition.refresh_from_db()
    first, second, third, fourth, fifth, sixth, seventh = QUARTERS
    factories.share(factories.submitted(coalition, by=ana, quarter=first, level=1), by=ana)
    reopened = factories.submitted(coalition, by=ana, quarter=second, level=3)
    factories.share(reopened, by=ana)
    factories.submitting.reopen(assessment=reopened, number=1, reason="Una fecha estaba mal", by=ana)
    now = factories.draft(coalition, by=ana, quarter=third)
    texts = {"title": "Comida", "question": "¿Cómo comemos?"}
    drafting.add_own_indicator(
        assessment=now, code="own-1", milestone=rubric.milestones.get(number=1), by=ana,
        descriptors=["Nada", "Poco", "Algo", "Bastante", "Mucho"], **texts,
    )  # fmt: skip
    drafting.start_meeting(assessment=now, by=ana)
    now.refresh_from_db()
    code = now.agreed_ratings.order_by("pk").first().indicator.code
    rating = factories.rate(now, code, 2, by=ana, reason="Se nota")
    milestone = rubric.milestones.get(number=1)
    fields = {"kind": "document", "shows": "Una lista", "voice": "parent", "visibility": "coalition_only"}
    evidence = evidence_actions.add_evidence(
        rating=rating, key=uuid4(), by=ana, dated=date(2026, 7, 1), link="", **fields
    )
    discussing.add_different_view(
        rating=rating, key=uuid4(), text="Yo veo otro nivel", signed=True, coalition_only=False, by=ben
    )
    discussing.save_story(assessment=now, milestone=milestone, version=1, text="Empezamos.", by=ana)
    step_actions.save_next_step(
        assessment=now, key=uuid4(), version=0, kind="action", text="Invitar", milestone=milestone,
        owner_name="Rosa", owner_role="madre líder", due_on=date(2026, 9, 1), by=ana,
    )  # fmt: skip
    step_actions.add_event(coalition=coalition, key=uuid4(), happened_on=date(2026, 5, 3), words="Una sesión", by=ana)
    drafting.set_aside(assessment=now, milestone=rubric.milestones.get(number=7), reason="Este mes no", by=ana)
    factories.draft(coalition, by=ana, quarter=fourth)
    closed_quarters(coalition, ana, fifth, sixth)
    people["coalition"] = coalition
    secrets = collecting_now(coalition, ana, ben, seventh)
    other = factories.coalition("Sample Peach Coalition", at="GA")
    factories.share(factories.submitted(other, by=factories.person(Role.LEAD, other), quarter=second), by=ana)
    return {"slug": coalition.slug, "state": "OH", "code": code, "milestone": milestone.slug, "number": 1,
            "evidence": evidence.pk, "name": "standings", "figure": "now", "kind": "svg", "token": "x" * 20, "pk": 0,
            "secrets": secrets, **people}  # fmt: skip


def closed_quarters(coalition, ana, spread, voices):
    """Two quarters under discussion whose answers are closed: in *see the spread*, and with two sides."""
    everybody = [factories.person(Role.MEMBER, coalition, name=f"Rosa {number}") for number in range(12)]
    for quarter, room_sees in [(spread, "see_the_spread"), (voices, "compare_voices")]:
        asking = factories.collecting_assessment(coalition, by=ana, quarter=quarter, room_sees=room_sees)
        for number, user in enumerate(everybody):
            factories.ballot(
                asking, user=user, levels={"1.2": number % 5, "2.1": "c", "3.2": 4 * (number % 2)}, voice=["parent", "staff"][number % 2],
                notes={"1.2": "Vimos más sillas"}, beyond="Cantamos", cohesion="forward", financing="back",
            )  # fmt: skip
        close.close(assessment=asking, by=ana)


def collecting_now(coalition, ana, ben, quarter):
    """A quarter that takes answers; Ben has answered and types paper. What opens something without an account."""
    asking = factories.collecting_assessment(coalition, by=ana, quarter=quarter)
    factories.ballot(asking, 3, user=ben, notes={"1.2": "Vimos más sillas"}, beyond="Cantamos", cohesion="forward")
    collecting.name_helper(assessment=asking, user=ben, by=ana)
    invitation = asking.invitations.get(user=ana)
    token = link_token(invitation)
    Invitation.objects.filter(pk=invitation.pk).update(token_sha256=hash_of(token))
    return {"join": asking.join_code, "link": token, "stop": stop_token(ben, "reminders"), "asking": asking}


def addresses(site, patterns=None, before=()):
    """Every address of the site but the admin's with its name; those of a quarter for each quarter."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        parts = (*before, pattern)
        if not isinstance(pattern, URLPattern):
            if getattr(pattern, "namespace", "") != "admin":
                yield from addresses(site, pattern.url_patterns, parts)
            continue
        asked = {name for part in parts for name in part.pattern.converters}
        for quarter in QUARTERS if "quarter" in asked else [None]:
            values = {name: quarter if name == "quarter" else site.get(name, uuid4()) for name in asked}
            yield pattern.name, reverse(pattern.name, kwargs=values)


def wrong(client, paths, untranslated):
    """`{address: blocks in English}` of the pages that a visitor gets."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    found = {}
    for path in paths:
        answer = client.get(path)
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
            found[path] = english(answer.content.decode(), untranslated)
    return found


def listed(found):
    return "\n".join(f"{path}: {block}" for path, blocks in found.items() for block in blocks)


@pytest.mark.parametrize("who", ["nobody", "ana", "ben", "fay", "eve", "sam"])
def test_no_page_has_english_left(client, as_user, site, request, who, untranslated):
    if who != "nobody":
        client = as_user(request.getfixturevalue(who))
    found = wrong(client, dict.fromkeys(path for name, path in addresses(site) if name != "signout"), untranslated)
    assert len(found) > 10
    assert not any(found.values()), listed(found)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("fay", "/states/?view=trend&m=cohesion"),
        ("fay", "/states/?m=setting-the-table&states=OH~GA"),
        ("fay", "/states/?q=2031q9&view=x&m=x&states=ZZ"),
        ("fay", "/states/OH/sample-buckeye-coalition/?q=2026q1"),
        ("fay", "/states/?view=map&shade=1"),
        ("fay", "/states/?view=map&mode=x&q=2026q1"),
        ("fay", "/states/?view=cards&kind=offer&years=3-5&order=za"),
        ("fay", "/states/?view=cards&shared=level&focus=cohesion&mode=full"),
        ("fay", "/milestones/cohesion/?view=trend&from=2026q2"),
        ("fay", "/milestones/cohesion/?group=level"),
        ("fay", "/next-steps/?q=2026q1"),
        ("fay", "/next-steps/?kind=offer&m=beyond"),
        ("fay", "/states/CO/"),
        ("eve", "/evaluate/export/?state=ZZ&quarter=x&mode=x"),
        ("ana", "/c/sample-buckeye-coalition/2026q4/own/?add=indicator"),
        ("ana", "/c/sample-buckeye-coalition/2026q4/own/?add=milestone"),
        ("ana", "/c/sample-buckeye-coalition/2026q1/sharing/preview/?cohesion=story&financing=x"),
        ("ana", "/c/sample-buckeye-coalition/2026q1/sharing/preview/?setting-the-table=level_and_story"),
    ],
)
def test_no_other_view_of_a_page_has_english_left(as_user, site, request, who, path, untranslated):
    found = wrong(as_user(request.getfixturevalue(who)), [path], untranslated)
    assert found and not any(found.values()), listed(found)


@pytest.mark.parametrize("address", [
    "/join/{join}/", "/join/code/", "/join/code/?erased=1", "/join/ABCDEFGH/", "/signin/link/{link}/", "/signin/link/x/",
    "/unsubscribe/{stop}/", "/unsubscribe/x/",
])  # fmt: skip
def test_no_page_without_an_account_has_english_left(client, site, address, untranslated):
    found = wrong(client, [address.format(**site["secrets"])], untranslated)
    assert found and not any(found.values()), listed(found)


@pytest.mark.parametrize("step", ["read", "show", "talk", "record"])
@pytest.mark.parametrize("quarter", ["2026q3", "2027q1", "2027q2"])
def test_no_step_of_a_meeting_has_english_left(as_user, site, ana, coalition, step, quarter, untranslated):
    assessment = coalition.assessments.get(quarter_text=quarter.upper())
    discussing.host_meeting(assessment=assessment, code="1.2", step=step, version=0, by=ana)
    pages = [assessment.url(name, "1.2") for name in ("meeting_screen", "meeting_host")]
    found = wrong(as_user(ana), pages, untranslated)
    assert len(found) == 2 and not any(found.values()), listed(found)


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_nothing_on_paper_has_english_left(as_user, site, request, who, untranslated):
    at = site["secrets"]["asking"].url
    pages = [
        at("print_worksheet") + "?lang=es",
        at("print_tally") + "?lang=es",
        "/c/sample-buckeye-coalition/2027q2/print/meeting/",
    ]
    found = wrong(as_user(request.getfixturevalue(who)), pages, untranslated)
    assert len(found) == 3 and not any(found.values()), listed(found)


@pytest.mark.parametrize("sent", ["1", ""])
def test_a_ballot_by_the_code_has_no_english_left(client, site, sent, untranslated):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    join, at = f"/join/{site['secrets']['join']}/", site["secrets"]["asking"].url
    client.post(join)
    client.post(at("ballot"), {"voice": "parent"})
    client.post(at("ballot_question", "1.2"), {"level": "2", "note": "Vimos más sillas"})
    if sent:
        client.post(at("ballot_check"), {"send": "1"})
    pages = [join, *(at(name) for name in ("ballot", "ballot_check", "ballot_done")), at("ballot_question", "1.2")]
    found = wrong(client, pages, untranslated)
    assert len(found) >= 4 and not any(found.values()), listed(found)


FORMS = {
    "invite", "invite_resend", "helper", "deadline", "close", "join_code", "ballot", "ballot_question", "ballot_check",
    "paper", "meeting_host", "join",
    "signin", "signin_code", "my_settings", "pledge", "coalition_people", "person_add", "coalition_edit", "events",
    "assessment_new", "assessment_edit", "own_indicators", "set_aside", "agreed_rating", "evidence", "different_view",
    "next_steps", "check", "reopen", "story", "share", "export",
    "import_quarters", "import_people",
}  # fmt: skip


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_no_answer_to_an_empty_form_has_english_left(as_user, site, request, who, untranslated):
    client = as_user(request.getfixturevalue(who))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    found = {}
    for path in (path for name, path in addresses(site) if name in FORMS):
        answer = client.post(path, {"text-1": "x", "key-1": str(uuid4()), "act": "question"})
        if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
            found[path] = english(answer.content.decode(), untranslated)
    assert len(found) > 10
    assert not any(found.values()), listed(found)


@pytest.mark.usefixtures("mail_goes_out")
@pytest.mark.parametrize("known", [True, False])
def test_mail_is_in_the_readers_language_first(client, ben, known):
    Mail.objects.update(dropped_at=timezone.now())  # what waits already
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    client.post("/signin/", {"email": ben.email if known else "nobody@example.org"})
    assert len(mail.outbox) == 1
    assert not ENGLISH.search(NAMES.sub(" ", mail.outbox[0].subject))
    spanish, in_english = mail.outbox[0].body.split("– – –")
    assert not ENGLISH.search(NAMES.sub(" ", spanish)), spanish
    assert ENGLISH.search(in_english)


def test_no_mail_has_english_left_in_its_spanish(site, ana, ben, coalition, untranslated):
    """All that a lead or member is sent, in the half that Spanish readers get first."""
    type(ben).objects.filter(pk=ben.pk).update(language="es")
    asking = site["secrets"]["asking"]
    Mail.objects.all().delete()
    kinds = {}

    def read():
        for row in Mail.objects.select_related("user", "coalition").filter(user=ben):
            letter = mails.WRITERS[row.kind](row)
            if letter:
                kinds[row.kind] = letter

    ballots.erase(assessment=asking, user=ben, device=None)
    ballots.renew_link(invitation=asking.invitations.get(user=ben), by=ana)
    ballots.remind(asking, round_number=2)
    collecting.move_deadline(assessment=asking, closes_on=asking.closes_on.replace(year=2099), by=ana)
    read()
    close.close(assessment=asking, by=ana)
    read()
    asking.refresh_from_db()
    factories.rate_all(asking, 2, by=ana)
    factories.submit(asking, by=ana)
    read()
    asking.refresh_from_db()
    factories.submitting.reopen(assessment=asking, number=1, reason="Una fecha estaba mal", by=ana)
    read()
    assert kinds.keys() == mails.WRITERS.keys() - {"signin_code", "unknown_account"}
    for kind, letter in kinds.items():
        spanish, in_english = letter.text.split("– – –")
        assert not ENGLISH.search(NAMES.sub(" ", f"{letter.subject} {spanish}")), (kind, letter.subject, spanish)
        assert ENGLISH.search(in_english), kind
        assert english(letter.html, untranslated) == [], kind
