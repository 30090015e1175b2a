"""While answers come in nobody learns anything of them: what others answered changes not one byte of any answer.

Every page, form, figure, file and mail is asked for twice, as everybody: once where all but one's own ballots say one
thing, once where they say the opposite, with the same numbers of ballots. Nothing may differ, one's own ballot
included. And no statement that any of it sends names the ballot tables, but from the two modules that may.
"""

import re
import uuid
from unittest import mock

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from assessments.collecting import ballots
from assessments.collecting.keys import device_hash, holder_of
from assessments.collecting.mine import Counted
from assessments.mails import WRITERS
from assessments.models.ballots import Answer, Ballot, Direction
from coalitions.models import Mail, Membership
from tests import factories
from tests.authz import MATRIX, ROUTES, one_world, patterns, said, situations_of
from tests.ballot_sql import recorded, strangers

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine("sqlite")]
HERE = "collecting"
ONE_KEY = uuid.UUID(int=11)
# A token of a page, a form's own key: new each time, whatever there is in the database.
NEW_EACH_TIME = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|name="key(-\d)?" value="[0-9a-f-]{36}"|"X-CSRFToken": "\w+"'
)
SAID_ONE_THING = {"level": 0, "direction": "back", "voice": "parent", "words": "alpha"}
SAID_THE_OPPOSITE = {"level": 4, "direction": "forward", "voice": "staff", "words": "omega"}
TWO_FORMS = ("progress", "meeting_screen")  # a page for people, or a few numbers for a script
WHO = ["nobody", "LK", "MA", "without a ballot", "LA", "LB", "SAM", "FG", "EV", "AD"]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The world of the matrix while A collects, with twelve ballots more, notes and directions in them."""
    with one_world(django_db_blocker, drawn=True, situations=[HERE]) as made:
        a = made.a[HERE]
        made.now = a.assessments.select_related("coalition").get(quarter_text=str(made.quarter))
        for number in range(12):
            factories.ballot(
                made.now, 2, voice="parent" if number % 2 else "provider", notes={"1.2": "a note"}, beyond="beyond",
                setting_the_table="stayed", cohesion="stayed",
            )  # fmt: skip
        question = made.now.agreed_ratings.select_related("indicator").get(indicator__code="1.2").indicator
        ballots.save_answer(
            assessment=made.now,
            user=None,
            device=made.devices[HERE][1],
            indicator=question,
            kind=ballots.LEVEL,
            level=2,
        )
        made.people["without a ballot"] = Membership.objects.get(pk=made.things[HERE]["membership"]).user
        made.session("without a ballot", HERE)
        yield made


def own_ballot(world, who):
    """The ballot that somebody wrote, if any."""
    if who == "nobody":
        return Ballot._base_manager.none()
    if who == "LK":
        return Ballot._base_manager.filter(device_sha256=device_hash(world.devices[HERE][1]))
    return Ballot._base_manager.filter(holder=holder_of(world.now, world.person(who, HERE)))


def let_ballots_say(rows, level, direction, voice, words):
    """Put the same into all of these ballots; how many there are, and what of them was sent, stays as it is."""
    rows.update(voice=voice, beyond=words)
    answers = Answer._base_manager.filter(ballot__in=rows.values("pk"))
    answers.exclude(level=None).update(level=level)
    answers.exclude(note="").update(note=words)
    Direction._base_manager.filter(ballot__in=rows.values("pk")).update(choice=direction)


def requests(world, who, names):
    """(method, address, body) of all there is to ask: every route, with its usual form and with an empty one."""
    for name, route in ROUTES.items():
        if names and name not in names:
            continue
        if HERE not in situations_of(name) and len(situations_of(name)) > 1:
            continue
        url = world.url(name, who, HERE)
        if "GET" in route:
            yield "GET", url, None
            if name in TWO_FORMS:
                yield "JSON", url, None
        if "POST" in route:
            yield "POST", url, world.body(name, who, HERE)
            yield "POST", url, {}
    if who == "AD" and not names:
        for _name, address, _view in patterns(admin=True):
            if re.fullmatch(r"[\w/]+", address):
                yield "GET", f"/{address}", None


def heard(world, who, names) -> dict:
    """Everything that the site answers this person: status, where it leads, headers of the content, and its bytes."""
    cache.clear()
    found = {}
    with mock.patch.object(world, "thing", thing_with_one_key(world)):
        for number, (method, url, body) in enumerate(requests(world, who, names)):
            point = transaction.savepoint()
            more = {"headers": {"Accept": "application/json"}} if method == "JSON" else {}
            with recorded() as asked:
                answer = world.ask("GET" if method == "JSON" else method, url, who, HERE, body, **more)
            if not names:  # with names, a test's own query stands in for one of ours
                assert strangers(asked) == [], (who, method, url)
            headers = {key: value for key, value in answer.headers.items() if key not in ("ETag", "Set-Cookie")}
            found[number, method, url] = answer.status_code, headers, NEW_EACH_TIME.sub("", said(answer))
            transaction.savepoint_rollback(point)
            transaction.set_rollback(False)
    return found


def thing_with_one_key(world):
    plain = type(world).thing
    return lambda name, actor, situation: ONE_KEY if name == "key" else plain(world, name, actor, situation)


def heard_twice(world, who, rows, names=()) -> list[dict]:
    """What this person is answered where `rows` say one thing, and where they say the opposite; by all routes."""
    found = []
    with time_machine.travel(timezone.now(), tick=False):
        for what in (SAID_ONE_THING, SAID_THE_OPPOSITE):
            let_ballots_say(rows, **what)
            found.append(heard(world, who, names))
    return found


def differing(first, second) -> list:
    assert first.keys() == second.keys()
    return [key for key in first if first[key] != second[key]]


def others(world, who):
    """All ballots of A's quarter but this person's own."""
    mine = own_ballot(world, who).values_list("pk", flat=True)
    return Ballot._base_manager.filter(assessment=world.now).exclude(pk__in=list(mine))


@pytest.mark.parametrize("who", WHO)
def test_what_others_answered_changes_nothing_that_anybody_sees(world, who):
    rows = others(world, who)
    assert rows.filter(sent=True).count() >= 12
    first, second = heard_twice(world, who, rows)
    assert differing(first, second) == []
    statuses = [status for status, _headers, _text in first.values()]
    assert len(statuses) > 150 and max(statuses) < 500
    if who in ("MA", "LA", "LK"):
        assert own_ballot(world, who).exists()
        assert statuses.count(200) > 20


def test_all_who_are_there_are_asked_for():
    """Those who are left out stand where somebody asked does."""
    alike = {"INACTIVE": "nobody", "MB": "SAM", "LC": "LB", "FX": "FG", "EX": "EV", "EN": "EV"}
    assert set(WHO) - {"without a ballot"} | alike.keys() == set(MATRIX["actors"])


@pytest.mark.parametrize("who", ["MA", "LK"])
def test_the_crawl_sees_what_ones_own_ballot_says(world, who):
    """And nowhere but on the pages of the ballot itself."""
    first, second = heard_twice(world, who, own_ballot(world, who))
    found = {url for _number, _method, url in differing(first, second)}
    assert world.url("ballot_question", who, HERE) in found
    assert all(url.startswith((world.now.url("ballot"), "/me/answers/")) for url in found), found


def test_the_crawl_would_notice_a_level_in_a_number(world):
    """The one door to a count, made to tell the levels: those who see the count see two different ones."""

    def telling(assessment):
        levels = Answer._base_manager.filter(ballot__assessment=assessment, level=4)
        return Counted(invited=99, answered=levels.count(), by_code=0, on_paper=0)

    with mock.patch.object(ballots, "counted", telling):
        first, second = heard_twice(world, "LA", others(world, "LA"), ["progress", "invite", "assessment", "about"])
    assert {method for _number, method, _url in differing(first, second)} == {"GET", "JSON", "POST"}


def test_no_mail_tells_what_was_answered(world):
    def letters():
        written = []
        point = transaction.savepoint()
        ballots.remind(world.now, round_number=1)
        for mail in Mail.objects.filter(sent_at=None, dropped_at=None).select_related("user", "coalition"):
            letter = WRITERS[mail.kind](mail)
            written.append((mail.kind, mail.user_id, letter and (letter.subject, letter.text, letter.html)))
        transaction.savepoint_rollback(point)
        return sorted(written, key=repr)

    found = []
    with time_machine.travel(timezone.now(), tick=False):
        for what in (SAID_ONE_THING, SAID_THE_OPPOSITE):
            let_ballots_say(Ballot._base_manager.filter(assessment=world.now), **what)
            found.append(letters())
    assert found[0] == found[1]
    assert {"invitation", "reminder"} <= {kind for kind, _user, letter in found[0] if letter}
