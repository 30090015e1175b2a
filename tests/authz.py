"""What the tests of authorization stand on: one world with A in every situation, and the matrix asked of it."""

import logging
import re
import time
import uuid
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from unittest import mock

import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from django.utils import timezone

from assessments.collecting import actions as collecting
from assessments.collecting import ballots, close
from assessments.collecting.keys import link_token
from assessments.collecting.rater import cookie_name
from assessments.discussing import actions as discussing
from assessments.discussing import evidence_actions, step_actions
from assessments.drafting import actions as drafting
from assessments.importing import past
from assessments.models import Invitation, Stage
from assessments.quarters import Quarter
from assessments.reports import across
from coalitions import actions as people
from coalitions.letters import stop_token
from coalitions.models import Coalition, Membership, Role, User, hash_of
from milestones.csv_text import lines
from milestones.models import Indicator, Rubric
from tests import factories
from tests.ballot_sql import recorded, strangers

MATRIX = yaml.safe_load(Path(__file__).with_name("authz_matrix.yaml").read_text())
ROUTES, ACTORS, SITUATIONS = MATRIX["routes"], MATRIX["actors"], list(MATRIX["situations"])
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
NOBODY = ("nobody", "INACTIVE", "LK")
DONE = (200, 303)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
WRITING = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
BESIDE = {"django_session", "cache"}  # what a page that is only read may write


def route_of(name) -> str:
    return ROUTES[name].get("route") or name.split("@")[0]


def patterns(of=None, *, admin=False, before=""):
    """Every route of the site as (name, pattern, view); of Django's admin those, and no other, with `admin`."""
    for pattern in (of or get_resolver()).url_patterns:
        address = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern, admin=admin, before=address)
        elif ("/" + address).startswith(MATRIX["admin"]["prefix"]) == admin:
            yield pattern.name, address, pattern.callback


class World:
    """A in each situation, side by side, with people of its own each time; B, which shares; C, which does not."""

    def __init__(self, situations=SITUATIONS):
        self.client = Client(raise_request_exception=False)
        self.sessions = {}
        self.devices = {}
        self.quarter = Quarter.of(timezone.localdate())
        factories.rubric()
        factories.state("PA")
        User.objects.create_user("lead@sample.example", name="Sample lead", sample=True)
        self.things = {}
        self.people = {
            "FG": factories.person(Role.FUNDER, name="Fay", organisation="Sample Fund"),
            "EV": factories.person(Role.EVALUATOR, name="Eve"),
            "EN": factories.person(Role.EVALUATOR, name="Enid", pledged=False),
            "AD": factories.person(Role.ADMINISTRATOR, name="Ada"),
            "SAM": factories.person(name="Sam"),
        }
        self.make_b_and_c()
        self.a = {situation: self.make_a(situation) for situation in situations}
        linked = factories.person(name="Linda")
        used = people.make_link(user=linked)
        people.open_link(token=used)
        self.everywhere = {
            "quarter": self.quarter.slug,
            "past_quarter": str(self.quarter.previous),
            "next_quarter": str(self.quarter.next),
            "token": people.make_link(user=linked),
            "used_token": used,
            "stop": stop_token(linked, "news"),
            "past_file": past_file("2019Q3"),
            "taken_file": past_file(str(self.quarter.previous)),
            **self.export_links(),
        }
        for key in self.people:  # now, so that every test finds them
            self.session(*(key.split(" ") if " " in key else (key, "")))

    def export_links(self) -> dict:
        """Links of evaluators to their files: of all, of B alone, before the pledge, and one that has ended."""
        of = {key: people.make_export_token(key=uuid.uuid4(), by=self.people[key]) for key in ("EV", "EX", "EN")}
        gone = people.make_export_token(key=uuid.uuid4(), by=factories.person(Role.EVALUATOR, name="Erna"))
        people.revoke_export_token(key=gone.pk, by=gone.user)
        links = {f"link_of_{key.lower()}": token.token for key, token in of.items()}
        keys = {f"export_token_of_{key.lower()}": token.pk for key, token in of.items()}
        return {**links, **keys, "link_revoked": gone.token}

    def make_b_and_c(self):
        b = factories.coalition("Birch Coalition", at="PA")
        c = factories.coalition("Cedar Coalition", at="PA")
        lead = factories.person(Role.LEAD, b, name="Bea")
        cai = factories.person(Role.LEAD, c, name="Cai")
        asking = factories.collecting_assessment(c, by=cai, quarter=self.quarter)
        member = factories.person(Role.MEMBER, b, name="Bob")
        self.people |= {
            "LB": lead,
            "MB": member,
            "LC": cai,
            "FX": factories.person(Role.FUNDER, b, name="Flo"),
            "EX": factories.person(Role.EVALUATOR, b, name="Ed"),
        }
        assessment, things = self.record(b, lead, member, self.quarter)
        factories.rate_all(assessment, by=lead)
        factories.submit(assessment, by=lead)
        assessment.refresh_from_db()
        factories.share(assessment, by=lead)
        event = step_actions.add_event(
            coalition=b, key=uuid.uuid4(), happened_on=date(2026, 1, 5), words="A grant came", by=lead
        )
        self.of_b = {
            "membership_of_b": member.memberships.get().pk,
            "event_of_b": event.pk,
            "evidence_of_b": things["evidence"],
            "step_of_b": things["step"],
            "invitation_of_b": asking.invitations.get().pk,
        }
        self.b = b

    def make_a(self, situation) -> Coalition:
        """A coalition with an earlier quarter submitted and this one as the situation has it."""
        a = factories.coalition(f"Aspen {situation.replace('_', ' ')} Coalition", slug=f"aspen-{situation}")
        ana = factories.person(Role.LEAD, a, name="Ana")
        ben = factories.person(Role.MEMBER, a, name="Ben")
        ina = factories.person(Role.LEAD, a, name="Ina")
        cleo = factories.person(Role.MEMBER, a, name="Cleo")
        funder = factories.person(Role.FUNDER, a, name="Fred")
        event = step_actions.add_event(
            coalition=a, key=uuid.uuid4(), happened_on=date(2026, 1, 5), words="A grant came", by=ana
        )
        factories.submitted(a, by=ana, quarter=self.quarter.previous)
        wanted = MATRIX["situations"][situation]
        things = {"written": 9, "number": 1, "next_number": 1, "version": 1}
        if "stage" in wanted:
            stage = Stage(wanted["stage"])
            assessment, things = self.record(a, ana, ben, self.quarter, stage)
            if wanted.get("shared"):
                self.share(assessment, ana)
            if stage == Stage.REOPENED:
                assessment.refresh_from_db()
                factories.submitting.reopen(assessment=assessment, number=1, reason="A date was wrong", by=ana)
        User.objects.filter(pk=ina.pk).update(is_active=False)
        self.people |= {f"MA {situation}": ben, f"LA {situation}": ana, f"INACTIVE {situation}": ina}
        self.things[situation] = {
            **things,
            "slug": a.slug,
            "name": a.name,
            "fingerprint": a.fingerprint,
            "event": event.pk,
            "membership": cleo.memberships.get().pk,
            "membership_of_funder": funder.memberships.get().pk,
            "own_code": drafting.next_own_code(a),
        }
        return a

    def record(self, coalition, lead, member, quarter, stage=Stage.DISCUSSING):
        """An assessment at a stage (submitted, where it goes on to), and the ids of what hangs on it."""
        closes_on = timezone.localdate() + timedelta(days=9)
        assessment = factories.draft(
            coalition, by=lead, quarter=quarter, room_sees="compare_voices", closes_on=closes_on
        )
        step = step_actions.save_next_step(
            assessment=assessment, key=uuid.uuid4(), version=0, kind="action", text="Meet in the library",
            milestone=None, owner_name="Ana", owner_role="lead", due_on=date(2026, 9, 1), by=lead,
        )  # fmt: skip
        things = {"step": step.pk, "written": 9, "number": 1, "next_number": 1, "version": 1}
        if stage == Stage.DRAFT:
            return assessment, things
        assessment = collecting.open_collecting(assessment=assessment, by=lead)
        invitation = assessment.invitations.get(user=lead)
        things |= {
            "invitation": invitation.pk,
            "join_code": assessment.join_code,
            "later_day": closes_on + timedelta(days=1),
        }
        if stage == Stage.COLLECTING:
            things["invited"] = self.start_answering(assessment, member, coalition)
        else:
            for level in range(5):
                factories.ballot(assessment, {"1.2": level}, voice="provider")
            close.close(assessment=assessment, by=lead)
            assessment.refresh_from_db()
        things |= {
            "evidence": self.evidence(assessment, "1.2", "may_be_shared", lead).pk,
            "own_evidence": self.evidence(assessment, "1.2", "coalition_only", lead).pk,
            "story_evidence": self.evidence(assessment, "2.1", "may_be_shared", lead).pk,
        }
        if stage == Stage.COLLECTING:
            return assessment, things
        things |= {
            "lead_view": self.view(assessment, lead, signed=True).pk,
            "member_view": self.view(assessment, member, signed=True).pk,
            "unsigned_view": self.view(assessment, member, signed=False).pk,
        }
        if stage != Stage.DISCUSSING:
            factories.rate_all(assessment, by=lead)
            factories.submit(assessment, by=lead)
            assessment.refresh_from_db()
            things |= {
                "next_number": 2,
                "written": 1,
                "version": assessment.agreed_ratings.get(indicator__code="1.2").version,
            }
        return assessment, things

    def start_answering(self, assessment, member, coalition) -> str:
        """Lead and member have begun their ballots, the member types paper, and a browser holds one by the code.

        The token of an invitation that nobody used yet.
        """
        people = [m.user for m in coalition.memberships.filter(role=Role.LEAD, user__is_active=True)] + [member]
        for user in people:
            factories.ballot(assessment, {"1.2": 1}, user=user)
        collecting.name_helper(assessment=assessment, user=member, by=people[0])
        secret = ballots.hold_by_code(assessment=assessment, code=assessment.join_code, user=None, device=None)
        ballots.begin(assessment=assessment, user=None, device=secret, voice="parent")
        ballots.save_last_page(
            assessment=assessment, user=None, device=secret, directions={}, beyond="", beyond_ticked=False, send=True
        )
        self.devices["collecting"] = (cookie_name(assessment), secret)
        unused = assessment.invitations.exclude(user__in=people).select_related("user").filter(user__is_active=True)[0]
        token = link_token(unused)
        Invitation.objects.filter(pk=unused.pk).update(token_sha256=hash_of(token))
        return token

    def evidence(self, assessment, code, visibility, by):
        rating = assessment.agreed_ratings.select_related("assessment__coalition").get(indicator__code=code)
        return evidence_actions.add_evidence(
            rating=rating, key=uuid.uuid4(), kind="document", shows="Minutes", voice="parent", dated=None, link="",
            visibility=visibility, consent=False, file=ContentFile(PDF, name=f"{uuid.uuid4().hex}.pdf"),
            file_type="application/pdf", by=by,
        )  # fmt: skip

    def view(self, assessment, by, *, signed):
        rating = assessment.agreed_ratings.select_related("assessment__coalition").get(indicator__code="1.2")
        return discussing.add_different_view(
            rating=rating, key=uuid.uuid4(), text="Not for everyone", signed=signed, coalition_only=True, by=by
        )

    def share(self, assessment, by):
        revision = assessment.revisions.get(number=1)
        choices = dict.fromkeys(revision.standings.values_list("slug", flat=True), "level_and_story")
        choices |= {"safety-and-trust": "story", "beyond": "story"}
        factories.sharing.share(assessment=assessment, number=1, choices=choices, by=by)

    # Asking

    def person(self, actor, situation):
        return self.people.get(actor) or self.people[f"{actor} {situation}"]

    def session(self, actor, situation) -> str | None:
        """The key of a session of this person, signed in a moment ago."""
        if actor in ("nobody", "LK"):
            return None
        user = self.person(actor, situation)
        if user.pk not in self.sessions:
            store = SessionStore()
            store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
            store[HASH_SESSION_KEY] = user.get_session_auth_hash()
            store["began"] = store["seen"] = int(time.time())
            store.save()
            self.sessions[user.pk] = store.session_key
        return self.sessions[user.pk]

    def thing(self, name, actor, situation):
        """What stands in braces in the matrix."""
        if name == "key":
            return uuid.uuid4()
        of = {**self.everywhere, **self.of_b, **self.things[situation]}
        if name == "own_view":
            name = "lead_view" if actor == "LA" else "member_view"
        elif name == "view_of_another":
            name = "member_view" if actor == "LA" else "lead_view"
        return of.get(name) or uuid.uuid5(uuid.NAMESPACE_URL, name)  # there is none: an id that is nobody's

    def filled(self, text, actor, situation) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: str(self.thing(found[1], actor, situation)), text)

    def url(self, name, actor, situation) -> str:
        """Where this route is for this person in this situation."""
        route = ROUTES[name]
        kwargs = {key: self.filled(value, actor, situation) for key, value in route["address"].items()}
        if kwargs.get("slug") == "A":
            kwargs["slug"] = self.things[situation]["slug"]
        for key, value in kwargs.items():
            if key in ("pk", "number"):
                kwargs[key] = int(value)
            elif key in ("view", "event", "step", "evidence", "invitation"):
                kwargs[key] = uuid.UUID(value)
            elif key == "quarter":
                kwargs[key] = Quarter.parse(value)
        return reverse(route_of(name), kwargs=kwargs) + self.filled(route.get("query", ""), actor, situation)

    def body(self, name, actor, situation) -> dict:
        sent = ROUTES[name].get("POST", {}).get("body", {})
        return {key: self.filled(value, actor, situation) for key, value in sent.items()}

    def ask(self, method, url, actor, situation, body=None, **headers):
        """One request as this person, whose cookies are the session alone."""
        self.client.cookies.clear()
        key = self.session(actor, situation)
        if key:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = key
        if actor == "LK" and situation in self.devices:
            name, secret = self.devices[situation]
            self.client.cookies[name] = secret
        send = getattr(self.client, method.lower())
        if method == "HEAD":
            with mock.patch("milestones.answers.TemplateResponse", undrawn):
                return send(url, **headers)
        return send(url, body or {}, **headers) if method in ("GET", "POST") else send(url, **headers)


def undrawn(request, template, context=None, *, status=200, **more):
    """A page's status without the page: tens of thousands of refusals, and of answers to HEAD, need not be drawn."""
    return HttpResponse(template, status=status)


@contextmanager
def one_world(django_db_blocker, *, drawn=False, situations=SITUATIONS):
    """A world in a transaction that is rolled back; files in memory, and no log of tens of thousands of refusals.

    All its coalitions stand on one page of their state: who is on none would be tested for nothing.
    """
    storages = {**settings.STORAGES, "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    logging.disable(logging.CRITICAL)
    try:
        one_page = mock.patch.object(across, "IN_A_STATE", across.A_PAGE)
        with override_settings(STORAGES=storages), one_page, django_db_blocker.unblock(), transaction.atomic():
            world = World(situations)
            if drawn:
                yield world
            else:
                with (
                    mock.patch("milestones.views.render", undrawn),
                    mock.patch("milestones.middleware.render", undrawn),
                ):
                    yield world
            transaction.set_rollback(True)
    finally:
        logging.disable(logging.NOTSET)


def written_coalition(name, text) -> Coalition:
    """A coalition in Ohio that shares nothing, with `text(what)` wherever somebody can write."""
    k = factories.coalition(f"{name} Coalition", slug=name.lower(), about=text("about"), thanks=text("thanks"))
    lead, member = (person(role, k, text(role)) for role in (Role.LEAD, Role.MEMBER))
    person(Role.FUNDER, k, text("funder"), organisation=text("organisation"))
    quarter = factories.QUARTER
    asking = {"room_sees": "compare_voices", "closes_on": timezone.localdate() + timedelta(days=9)}
    draft = factories.draft(k, by=lead, quarter=quarter, **asking)
    own = drafting.add_own_milestone(
        assessment=draft, code="own-1", name=text("own milestone"), definition=text("definition"), by=lead
    )
    drafting.add_own_indicator(
        assessment=draft, code="own-2", milestone=own, title=text("title"), question=text("question"),
        descriptors=[text(f"level {level}") for level in range(5)], by=lead,
    )  # fmt: skip
    assessment = collecting.open_collecting(assessment=draft, by=lead)
    for level in range(10):  # as many as it takes for ticked notes to be shown
        factories.ballot(assessment, level % 5, notes={"1.2": text("note")}, beyond=text("beyond"))
    close.close(assessment=assessment, by=lead)
    assessment.refresh_from_db()
    rating = assessment.agreed_ratings.select_related("assessment__coalition").get(indicator__code="1.2")
    for signed in (True, False):
        discussing.add_different_view(
            rating=rating, key=uuid.uuid4(), text=text("view"), signed=signed, coalition_only=False, by=member
        )
    evidence_actions.add_evidence(
        rating=rating, key=uuid.uuid4(), kind="story", shows=text("shows"), voice="parent", dated=date(2026, 1, 2),
        link="https://kanari.example.org/", visibility="may_be_shared", consent=True,
        file=ContentFile(PDF, name="kanari.pdf"), file_type="application/pdf", by=lead,
    )  # fmt: skip
    for milestone in (None, assessment.rubric.milestones.first()):
        discussing.save_story(assessment=assessment, milestone=milestone, version=1, text=text("story"), by=lead)
    step_actions.save_next_step(
        assessment=assessment, key=uuid.uuid4(), version=0, kind="ask", text=text("step"), milestone=None,
        owner_name=text("owner"), owner_role=text("role"), due_on=date(2026, 12, 1), by=lead,
    )  # fmt: skip
    step_actions.add_event(coalition=k, key=uuid.uuid4(), happened_on=date(2026, 1, 5), words=text("event"), by=lead)
    cohesion = assessment.rubric.milestones.get(slug="cohesion")
    drafting.set_aside(assessment=assessment, milestone=cohesion, reason=text("aside"), by=lead)
    for code in assessment.agreed_ratings.values_list("indicator__code", flat=True):
        factories.rate(assessment, code, 3, by=lead, reason=text("reason"))
    factories.submit(assessment, by=lead)
    assessment.refresh_from_db()
    factories.submitting.reopen(assessment=assessment, number=1, reason=text("reopened"), by=lead)
    assessment.refresh_from_db()
    factories.submit(assessment, by=lead)
    later = factories.draft(k, by=lead, quarter=quarter.next)
    step = step_actions.last_steps(later).first()
    step_actions.look_back(
        assessment=later, key=step.pk, version=step.version, status="doing", what_happened=text("happened"), by=lead
    )
    open_now = factories.collecting_assessment(k, by=lead, quarter=quarter.next.next)
    factories.ballot(open_now, 1, user=member, notes={"1.2": text("note")}, beyond=text("beyond"))
    collecting.name_helper(assessment=open_now, user=member, by=lead)
    return k


def person(role, coalition, name, **fields):
    """A person whose name may hold anything."""
    user = User.objects.create_user(f"{uuid.uuid4().hex}@example.org", name=name)
    Membership.objects.create(user=user, role=role, coalition=coalition, **fields)
    return user


def past_file(quarter) -> str:
    """A file of one past quarter in which each core question was agreed at Lasting."""
    rubric = Rubric.objects.current()
    codes = Indicator.objects.filter(milestone__rubric=rubric, core=True).values_list("code", flat=True)
    return lines([past.COLUMNS, *((quarter, "core", rubric.version, code, "", 4, "", "", "") for code in codes)])


# What must be answered


@cache
def expected(name, method, actor, situation) -> tuple[int, str]:
    """The status of one cell, and what else its answer shows: `+A`, `-A` or `to …`."""
    route = ROUTES[name]
    asked = "GET" if method == "HEAD" else method
    if asked not in route:
        closed = route["rule"] != "public" and actor in NOBODY
        if actor == "LK" and route["rule"] == "rate" and situation == "collecting" and name != "ballot_end_device":
            closed = False
        return (302, "") if closed else (405, "")
    cells = route[asked]
    stage = MATRIX["situations"][situation].get("stage")
    wanted = MATRIX["rules"][route["rule"]].get(actor)
    if wanted is None:
        wanted = cells.get(actor, cells.get("everyone"))
    if isinstance(wanted, dict) and "elsewhere" in wanted:
        wanted = wanted.get(stage, wanted["elsewhere"])
    if isinstance(wanted, dict):
        wanted = wanted["shared" if MATRIX["situations"][situation].get("shared") else "unshared"]
    assert wanted is not None, f"the matrix says nothing of {name} {method} {actor}"
    status, _space, more = str(wanted).partition(" ")
    inside = actor in {"inside": ("MA", "LA", "AD"), "rate": ("MA", "LA")}.get(route["rule"], ())
    if inside and status not in ("403", "302") and "quarter" in route["address"]:
        if stage is None or stage in cells.get("missing_at", ()):
            return 404, ""
        if stage not in cells.get("at", [stage]):
            return cells.get("elsewhere", 409), ""
    return int(status), more


def is_changing(name, method, actor, situation) -> bool:
    """Whether this cell is a write that must take effect."""
    cells = ROUTES[name].get("GET" if method == "HEAD" else method, {})
    done = expected(name, method, actor, situation)[0]
    if method == "GET":
        return done in DONE and bool(cells.get("writes"))
    return method == "POST" and done in DONE


def situations_of(name) -> list[str]:
    """All of them where A stands in the address or is among what is read; one where the page is the same in all."""
    if "only" in ROUTES[name]:
        return ROUTES[name]["only"]
    return SITUATIONS if ROUTES[name]["rule"] in ("inside", "rate", "shared", "evaluate", "follow") else SITUATIONS[:1]


class Writes:
    """Notes the tables that statements write to, sessions and cache apart."""

    def __init__(self):
        self.tables = []

    def __call__(self, execute, sql, params, many, context):
        found, result = WRITING.match(sql), execute(sql, params, many, context)
        if found and found[1] not in BESIDE:  # one that the database refused has not come here
            self.tables.append(found[1])
        return result


def said(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def wrong(world, name, method, actor, situation) -> str:
    """What is wrong with one cell; nothing where it is as the matrix has it. Leaves the database as it was."""
    status, more = expected(name, method, actor, situation)
    url = world.url(name, actor, situation)
    may_write = is_changing(name, method, actor, situation)
    point = transaction.savepoint() if may_write else None
    writes = Writes()
    with connection.execute_wrapper(writes), recorded() as ballots_asked:
        answer = world.ask(
            method, url, actor, situation, world.body(name, actor, situation) if method == "POST" else None
        )
        text = said(answer) if answer.streaming or (method == "GET" and more) else ""
    if point:
        transaction.savepoint_rollback(point)
        transaction.set_rollback(False)
    cell = f"{name} {method} {actor} {situation}: "
    if answer.status_code != status:
        reason = repr(answer.exc_info[1])[:300] if getattr(answer, "exc_info", None) else ""
        return f"{cell}{answer.status_code}, not {status} {reason}"
    if found := strangers(ballots_asked):
        return f"{cell}{found}"
    if status == 302 and actor in NOBODY and ROUTES[name]["rule"] != "public" and not answer.url.startswith("/signin/"):
        return f"{cell}sent to {answer.url}, not to sign in"
    if writes.tables and not may_write:
        return f"{cell}wrote to {sorted(set(writes.tables))}"
    unchanged = ROUTES[name].get(method, {}).get("unchanged_at", ())
    if writes.tables and MATRIX["situations"][situation].get("stage") in unchanged:
        return f"{cell}a repeat wrote to {sorted(set(writes.tables))}"
    if more.startswith("to ") and answer.url != more[3:]:
        return f"{cell}sent to {answer.url}"
    names = [a.name for a in world.a.values()]
    if more == "+A" and method == "GET" and world.things[situation]["name"] not in text:
        return f"{cell}A is not in the answer"
    if more == "-A" and any(a in text for a in names):
        return f"{cell}A is in the answer"
    return ""


def wrong_cells(world, names, *, methods=METHODS, actors=ACTORS, situations=None):
    """The cells of these routes that are not as the matrix has them, those that change something last.

    What a view does (GET, POST) is asked in every situation. What it refuses before it looks at anything, HEAD, which
    is its GET, and people whom its rule turns away wherever A stands are asked in the first and the last, unless `situations` names some.
    """
    for name in names:
        of = [method for method in methods if "@" not in name or method in ROUTES[name]]
        there = situations_of(name)
        cells = [
            (name, method, actor, situation)
            for situation in there
            if situations is None or situation in situations or len(there) == 1
            for actor in actors
            for method in of
            if situations is not None
            or situation in (there[0], there[-1])
            or (method in ROUTES[name] and actor not in MATRIX["rules"][ROUTES[name]["rule"]])
        ]
        for cell in sorted(cells, key=lambda cell: is_changing(*cell)):
            if found := wrong(world, *cell):
                yield found


@contextmanager
def nothing_changes():
    """After the block every row of every table is as before it; looked at only where a statement wrote something."""
    before = None

    def keep(execute, sql, params, many, context):
        nonlocal before
        found = WRITING.match(sql)
        if before is None and found and found[1] not in BESIDE:
            before = dump()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield
    assert before is None or dump() == before


def dump() -> dict:
    """Every row of every table of ours, and of the admin's log, as the database gives it."""
    quoted, found = connection.ops.quote_name, {}
    with connection.cursor() as cursor:
        for table, key in tables():
            cursor.execute(f"SELECT * FROM {quoted(table)} ORDER BY {quoted(key)}")
            found[table] = cursor.fetchall()
    return found


@cache
def tables() -> list[tuple[str, str]]:
    """Those tables, each with the name of its key."""
    ours = [
        model
        for app in ("milestones", "coalitions", "assessments")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    return [(model._meta.db_table, model._meta.pk.column) for model in [*ours, apps.get_model("admin", "LogEntry")]]
