"""Many at once: no save is lost, and what is sent twice takes effect once. On PostgreSQL, where writers really race."""

import sqlite3
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as pace
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from assessments import guards
from assessments.discussing import actions as discussing
from assessments.discussing import step_actions
from assessments.drafting import actions as drafting
from assessments.models import AgreedRating, Assessment, DifferentView, Event, NextStep, Revision, Sharing, Standing
from assessments.quarters import Quarter
from assessments.sharing import actions as sharing
from assessments.submitting import actions as submitting
from coalitions.models import AuditEvent, Role
from milestones.answers import Conflict
from milestones.models import Rubric
from tests import factories

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
many = pytest.mark.django_db(transaction=True)
postgres_only = pytest.mark.postgresql


@pytest.fixture(autouse=True)
def on_disk(request, tmp_path):
    """SQLite as the site uses it, in a file: in memory, its connections share one cache and refuse instead of waiting."""
    if "lead" not in request.fixturenames or connection.vendor != "sqlite":
        yield
        return
    request.getfixturevalue("transactional_db")
    connection.ensure_connection()
    kept, options = connection.connection, connection.settings_dict
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as file:
        kept.backup(file)
    in_memory, options["NAME"] = options["NAME"], str(tmp_path / "db.sqlite3")
    connection.connection = None
    yield
    connection.close()
    options["NAME"], connection.connection = in_memory, kept


def at_once(*acts):
    """What each act returned or raised; all begin together, each on a connection of its own."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(30)
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def kinds(results):
    return sorted({type(result).__name__ for result in results})


@pytest.fixture
def lead(transactional_db, on_disk):
    factories.rubric()
    return factories.person(Role.LEAD, factories.coalition(), name="Ana")


@pytest.fixture
def assessment(lead):
    return factories.discussing_assessment(lead.memberships.get().coalition, by=lead)


def rating_now(pk):
    return AgreedRating.objects.select_related("assessment__coalition").get(pk=pk)


def number_in(rating) -> int:
    return int(rating.reason.split()[0]) if rating.reason else 0


def versioned(pk, by, sign):
    """Read, add one, save over what was read; again where somebody was quicker. How often it had to be done again.

    The number is signed: two saves of the same words over the same version would be one save that arrived twice.
    """
    again = 0
    while True:
        rating = rating_now(pk)
        reason = f"{number_in(rating) + 1} {sign}"
        try:
            discussing.save_agreed_rating(
                rating=rating, version=rating.version, outcome="agreed", level=1, reason=reason, confirm=True, by=by
            )
            return again
        except discussing.Overwritten:
            again += 1


def naive(pk, by, sign):
    """The same without the version: read, add one, save, in one transaction."""
    with transaction.atomic():
        rating = rating_now(pk)
        rating.reason = f"{number_in(rating) + 1} {sign}"
        rating.outcome, rating.level = "agreed", 1
        rating.save()
    return 0


def count(pk, by, save, *, writers, times):
    """What the number is after so many writers added one so many times each, and how often one was too late."""

    def run(writer):
        return sum(save(pk, by, f"{writer}-{time}") for time in range(times))

    results = at_once(*[lambda writer=writer: run(writer) for writer in range(writers)])
    assert all(isinstance(result, int) for result in results), results
    return number_in(rating_now(pk)), sum(results)


@many
def test_no_save_is_lost(assessment, lead):
    """The promise: 8 people, 50 saves each, 0 lost. On SQLite, where they queue, 10 each."""
    writers, times = 8, 50 if connection.vendor == "postgresql" else 10
    rating = assessment.agreed_ratings.get(indicator__code="1.2")
    number, again = count(rating.pk, lead, versioned, writers=writers, times=times)
    assert number == writers * times
    assert rating_now(rating.pk).version == 1 + writers * times
    saves = AuditEvent.objects.filter(verb="save_agreed_rating", about_id=str(rating.pk)).order_by("pk")
    written = [event.details["reason"].split() for event in saves]
    assert [int(number) for number, _sign in written] == list(range(1, writers * times + 1))
    assert len({sign for _number, sign in written}) == writers * times
    if connection.vendor == "postgresql":
        assert again > 0, "nobody was ever too late: this test raced nothing"


@many
@postgres_only
def test_without_the_version_saves_are_lost(assessment, lead):
    """The control: the same race, read and saved inside one transaction, loses some."""
    rating = assessment.agreed_ratings.get(indicator__code="1.2")
    number, _again = count(rating.pk, lead, naive, writers=8, times=50)
    assert number < 400


@many
def test_two_fields_saved_at_once_are_both_kept(assessment, lead):
    """One person chooses the level while another writes the reason: joined, none the wiser."""
    rating = assessment.agreed_ratings.get(indicator__code="1.2")

    def save(**changes):
        fields = {"outcome": "", "level": None, "reason": "", **changes}
        return lambda: discussing.save_agreed_rating(
            rating=rating_now(rating.pk), version=1, confirm=False, by=lead, **fields
        )

    results = at_once(save(outcome="agreed", level=3), save(reason="Six parents vote."))
    assert kinds(results) == ["AgreedRating"]
    now = rating_now(rating.pk)
    assert (now.level, now.reason, now.version) == (3, "Six parents vote.", 3)


@many
def test_twenty_submits_write_one_revision(assessment, lead):
    factories.rate_all(assessment, by=lead)

    def submit():
        mine = Assessment.objects.select_related("coalition", "rubric").get(pk=assessment.pk)
        return submitting.submit(assessment=mine, number=1, despite_warnings=True, by=lead).pk

    results = at_once(*[submit] * 20)
    assert len(set(results)) == 1 and isinstance(results[0], uuid.UUID), results
    assert Revision.objects.count() == 1 and Standing.objects.count() == 8
    assert AuditEvent.objects.filter(verb="submit").count() == 1


@many
def test_twenty_submits_of_two_quarters_make_one_chain(lead):
    """Each revision follows another, and none two."""
    coalition = lead.memberships.get().coalition
    made = [factories.discussing_assessment(coalition, by=lead, quarter=Quarter(2025, n)) for n in (1, 2, 3, 4)]
    for assessment in made:
        factories.rate_all(assessment, by=lead)

    def submit(pk):
        mine = Assessment.objects.select_related("coalition", "rubric").get(pk=pk)
        return submitting.submit(assessment=mine, number=1, despite_warnings=True, by=lead).pk

    results = at_once(*[lambda pk=assessment.pk: submit(pk) for assessment in made for _time in range(5)])
    assert len(set(results)) == 4 and kinds(results) == ["UUID"], results
    previous = list(Revision.objects.values_list("previous", flat=True))
    assert previous.count(None) == 1 and len(set(previous)) == 4


@many
def test_twenty_opens_make_one_assessment(lead):
    coalition = lead.memberships.get().coalition

    def open_quarter():
        return drafting.open_quarter(coalition=coalition, quarter=factories.QUARTER, mode="core", by=lead)

    results = at_once(*[open_quarter] * 20)
    assert kinds(results) == ["Assessment", "Conflict"] and Assessment.objects.count() == 1
    assert len([result for result in results if isinstance(result, Assessment)]) == 1
    assert AuditEvent.objects.filter(verb="open_quarter").count() == 1


@many
def test_twenty_starts_make_one_row_for_each_question(lead):
    draft = factories.draft(lead.memberships.get().coalition, by=lead)
    results = at_once(*[lambda: drafting.start_meeting(assessment=draft, by=lead)] * 20)
    assert kinds(results) == ["Assessment"] and AgreedRating.objects.count() == 7
    assert AuditEvent.objects.filter(verb="start_meeting").count() == 1


@many
def test_twenty_shares_are_one_act(lead):
    assessment = factories.submitted(lead.memberships.get().coalition, by=lead)

    def share():
        mine = Assessment.objects.select_related("coalition").get(pk=assessment.pk)
        return sharing.share(assessment=mine, number=1, choices={"cohesion": "level_and_story"}, by=lead)

    results = at_once(*[share] * 20)
    assert kinds(results) == ["NoneType", "Sharing"] and Sharing.objects.count() == 1
    assert list(Standing.objects.shared().values_list("slug", flat=True)) == ["cohesion"]
    assert AuditEvent.objects.filter(verb="share").count() == 1


@many
def test_share_and_withdraw_at_once_end_as_one_of_them(lead):
    assessment = factories.submitted(lead.memberships.get().coalition, by=lead)
    factories.share(assessment, by=lead, slugs=["cohesion"])

    def mine():
        return Assessment.objects.select_related("coalition").get(pk=assessment.pk)

    choices = {"financing": "level_and_story"}
    results = at_once(
        *[lambda: sharing.share(assessment=mine(), number=1, choices=choices, by=lead)] * 5,
        *[lambda: sharing.withdraw(assessment=mine(), by=lead)] * 5,
    )
    assert set(kinds(results)) <= {"NoneType", "Sharing"}, results
    last, shared = Sharing.objects.first(), set(Standing.objects.shared().values_list("slug", flat=True))
    assert shared == (set() if last.withdrawn else {"financing"})


@many
def test_a_reopening_and_a_share_at_once_leave_no_half(lead):
    """Sharing is refused once it is reopened, whichever came first; either way both are whole."""
    assessment = factories.submitted(lead.memberships.get().coalition, by=lead)

    def mine():
        return Assessment.objects.select_related("coalition").get(pk=assessment.pk)

    results = at_once(
        lambda: sharing.share(assessment=mine(), number=1, choices={"cohesion": "story"}, by=lead),
        lambda: submitting.reopen(assessment=mine(), number=1, reason="A date was wrong", by=lead),
    )
    shared = Standing.objects.shared().count()
    assert isinstance(results[1], Assessment) and mine().stage == "reopened"
    assert (isinstance(results[0], Sharing), shared) == (True, 1) or (isinstance(results[0], Conflict), shared) == (
        True,
        0,
    )


@many
@pytest.mark.parametrize("round", range(3))
def test_a_save_and_a_submit_at_once_never_part(assessment, lead, round):
    """What was saved before the submit is in the revision; what came after it is refused."""
    factories.rate_all(assessment, by=lead)
    rating = assessment.agreed_ratings.get(indicator__code="1.2")

    def submit():
        mine = Assessment.objects.select_related("coalition", "rubric").get(pk=assessment.pk)
        return submitting.submit(assessment=mine, number=1, despite_warnings=True, by=lead)

    def save():
        return discussing.save_agreed_rating(
            rating=rating_now(rating.pk), version=2, outcome="agreed", level=0, reason="", confirm=True, by=lead
        )

    saved, submitted = at_once(save, submit)
    kept = submitted.asked([rating.indicator_id])["level"]
    if isinstance(saved, guards.WrongStage):
        assert kept == rating_now(rating.pk).level == 2
    else:
        assert kept == saved.level == rating_now(rating.pk).level == 0


@many
def test_one_unsigned_view_sent_twice_at_once_is_one(assessment, lead):
    rating = assessment.agreed_ratings.get(indicator__code="1.2")
    key = uuid.uuid4()

    def add():
        return discussing.add_different_view(
            rating=rating_now(rating.pk), key=key, text="Not for everyone", signed=False, coalition_only=False, by=lead
        ).pk

    assert at_once(*[add] * 10) == [key] * 10
    assert DifferentView.objects.get().signed_by is None
    assert not AuditEvent.objects.filter(verb="add_different_view").exists()


@many
def test_ten_next_steps_at_once_are_three(assessment, lead):
    def save():
        mine = Assessment.objects.select_related("coalition").get(pk=assessment.pk)
        return step_actions.save_next_step(
            assessment=mine, key=uuid.uuid4(), version=0, kind="ask", text="x", milestone=None, owner_name="x",
            owner_role="x", due_on=date(2026, 9, 1), by=lead,
        )  # fmt: skip

    results = at_once(*[save] * 10)
    assert kinds(results) == ["NextStep", "TooMany"] and NextStep.objects.count() == 3
    assert sorted(NextStep.objects.values_list("position", flat=True)) == [1, 2, 3]


@many
def test_two_stories_begun_at_once_are_one_row_and_one_conflict(assessment, lead):
    def save(text):
        mine = Assessment.objects.select_related("coalition").get(pk=assessment.pk)
        return lambda: discussing.save_story(assessment=mine, milestone=None, version=1, text=text, by=lead)

    results = at_once(save("One"), save("Two"))
    assert kinds(results) == ["Overwritten", "Story"] and assessment.stories.count() == 1


# Through the pages: what a browser sends twice


@many
@pytest.mark.parametrize(
    "where, body, done",
    [
        ("different_view", {"text": "Not for everyone", "signed": "no", "coalition_only": "no"}, DifferentView),
        ("check", {"number": "1", "despite_warnings": "on"}, Revision),
    ],
)
def test_a_form_sent_ten_times_at_once_acts_once_and_never_breaks(assessment, lead, where, body, done):
    factories.rate_all(assessment, by=lead)
    address = assessment.url(where, *(["1.2"] if where == "different_view" else []))
    clients = [Client(raise_request_exception=False) for _time in range(10)]
    for client in clients:
        client.force_login(lead, backend=BACKEND)
    body = {**body, "key": str(uuid.uuid4())}
    answers = at_once(*[lambda client=client: client.post(address, body).status_code for client in clients])
    assert answers == [303] * 10 and done.objects.count() == 1


@pytest.fixture
def held_up(assessment, lead):
    """Two saves, by script and by page, while somebody else holds the assessment's row longer than lock_timeout."""
    client = Client(raise_request_exception=False)
    client.force_login(lead, backend=BACKEND)
    body = {"version": "1", "outcome": "agreed", "level": "2", "reason": "We met"}
    holding, done = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                Assessment.objects.select_for_update().get(pk=assessment.pk)
                holding.set()
                done.wait(20)
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait(10)
    started = time.monotonic()
    try:
        answers = [client.post(assessment.url(page, "1.2"), body) for page in ("agreed_rating_save", "agreed_rating")]
    finally:
        done.set()
        holder.join()
    assert time.monotonic() - started < 10
    return answers


@many
@postgres_only
def test_whoever_waits_too_long_for_a_lock_saves_nothing_by_half(held_up, assessment, lead):
    assert all(answer.status_code >= 500 for answer in held_up)
    assert assessment.agreed_ratings.get(indicator__code="1.2").version == 1
    assert not AuditEvent.objects.filter(verb="save_agreed_rating").exists()
    client = Client()
    client.force_login(lead, backend=BACKEND)
    body = {"version": "1", "outcome": "agreed", "level": "2", "reason": "We met"}
    assert client.post(assessment.url("agreed_rating", "1.2"), body).status_code == 303


@many
@postgres_only
def test_whoever_waits_too_long_for_a_lock_hears_that_it_is_not_saved(held_up):
    assert [answer.status_code for answer in held_up] == [503, 503]
    assert "We met" in held_up[1].content.decode()


# Any order, any number of times


class SentAgain(RuleBasedStateMachine):
    """Every write of a quarter, sent again and out of order: each has the effect of one, and nothing else changes."""

    @initialize()
    def begin(self):
        if Rubric.objects.current() is None:
            factories.rubric()
        self.lead = factories.person(Role.LEAD, factories.coalition(f"Again {uuid.uuid4().hex[:12]}"), name="Lea")
        self.coalition = self.lead.memberships.get().coalition
        self.assessment = factories.discussing_assessment(self.coalition, by=self.lead)
        self.sent = []
        self.keys = {DifferentView: set(), Event: set(), NextStep: set()}
        self.saves = 0

    def now(self):
        return Assessment.objects.select_related("coalition", "rubric").get(pk=self.assessment.pk)

    def rating(self):
        rating = self.assessment.agreed_ratings.get(indicator__code="1.2")
        rating.assessment = self.now()
        return rating

    def send(self, act):
        """Do it, say whether it took effect, and if so remember it for later."""
        took = self.again(act)
        if took:
            self.sent.append(act)
        return took

    def again(self, act):
        try:
            act()
            return True
        except (Conflict, step_actions.Gone, guards.KeyReused, submitting.StillOpen):
            return False

    @rule(level=st.integers(0, 4), reason=st.sampled_from(["", "We met", "They met"]))
    def save_rating(self, level, reason):
        version = self.rating().version
        fields = {"outcome": "agreed", "level": level, "reason": reason, "confirm": True, "by": self.lead}
        self.send(lambda: discussing.save_agreed_rating(rating=self.rating(), version=version, **fields))

    @rule(text=st.sampled_from(["", "One", "Two"]))
    def save_story(self, text):
        story = self.assessment.stories.filter(milestone=None).first()
        version = story.version if story else 1
        self.send(
            lambda: discussing.save_story(
                assessment=self.now(), milestone=None, version=version, text=text, by=self.lead
            )
        )

    @rule(signed=st.booleans())
    def add_view(self, signed):
        key = uuid.uuid4()
        fields = {"text": "Not for everyone", "signed": signed, "coalition_only": False, "by": self.lead}
        if self.send(lambda: discussing.add_different_view(rating=self.rating(), key=key, **fields)):
            self.keys[DifferentView].add(key)

    @rule()
    def add_event(self):
        key = uuid.uuid4()
        fields = {"happened_on": date(2026, 1, 5), "words": "A grant came", "by": self.lead}
        if self.send(lambda: step_actions.add_event(coalition=self.coalition, key=key, **fields)):
            self.keys[Event].add(key)

    @rule()
    def add_step(self):
        key = uuid.uuid4()
        fields = {"kind": "ask", "text": "A stipend", "milestone": None, "owner_name": "Lea", "owner_role": "lead",
                  "due_on": date(2026, 9, 1), "by": self.lead}  # fmt: skip
        if self.send(lambda: step_actions.save_next_step(assessment=self.now(), key=key, version=0, **fields)):
            self.keys[NextStep].add(key)

    @rule(data=st.data())
    def remove_step(self, data):
        if keys := sorted(self.keys[NextStep]):
            key = data.draw(st.sampled_from(keys))
            if self.send(lambda: step_actions.remove_next_step(assessment=self.now(), key=key, by=self.lead)):
                self.keys[NextStep].discard(key)

    @rule()
    def submit(self):
        number = self.assessment.revisions.count() + 1
        self.send(lambda: submitting.submit(assessment=self.now(), number=number, despite_warnings=True, by=self.lead))

    @rule(slug=st.sampled_from(["cohesion", "financing"]))
    def share(self, slug):
        number = self.assessment.revisions.count()
        if number:
            self.send(
                lambda: sharing.share(assessment=self.now(), number=number, choices={slug: "story"}, by=self.lead)
            )

    @rule(reason=st.sampled_from(["A date", "A name"]))
    def reopen(self, reason):
        number = self.assessment.revisions.count()
        if number:
            self.send(lambda: submitting.reopen(assessment=self.now(), number=number, reason=reason, by=self.lead))

    @rule(times=st.integers(1, 3))
    def send_the_last_again(self, times):
        """A double click, a retry: nothing changes."""
        if self.sent:
            before = self.state()
            for _time in range(times):
                self.again(self.sent[-1])
            assert self.state() == before

    @rule(data=st.data())
    def send_an_older_one_again(self, data):
        """One that took effect and comes once more, late, has no second effect: no row more, and no revision."""
        if self.sent:
            before = self.counts()
            self.again(data.draw(st.sampled_from(self.sent)))
            after = self.counts()
            assert after["views"] == before["views"] and after["events"] == before["events"]
            assert after["steps"] <= before["steps"] and after["revisions"] == before["revisions"]

    def counts(self):
        return {
            "views": DifferentView.objects.filter(rating__assessment=self.assessment).count(),
            "events": self.coalition.events.count(),
            "steps": self.assessment.next_steps.count(),
            "revisions": self.assessment.revisions.count(),
        }

    def state(self):
        return (
            self.counts(),
            self.now().stage,
            list(self.assessment.agreed_ratings.order_by("pk").values_list("level", "reason", "version", "confirmed")),
            list(self.assessment.stories.values_list("text", "version")),
            list(Standing.objects.filter(coalition=self.coalition).order_by("pk").values_list("sharing", flat=True)),
            AuditEvent.objects.filter(coalition=self.coalition).count(),
        )

    @invariant()
    def each_key_is_one_row(self):
        if hasattr(self, "keys"):
            views = DifferentView.objects.filter(rating__assessment=self.assessment)
            assert set(views.values_list("pk", flat=True)) == self.keys[DifferentView]
            assert set(self.coalition.events.values_list("pk", flat=True)) == self.keys[Event]
            steps = set(self.assessment.next_steps.values_list("pk", flat=True))
            assert steps <= self.keys[NextStep] and len(steps) <= NextStep.MOST

    @invariant()
    def revisions_are_numbered_from_one(self):
        if hasattr(self, "assessment"):
            numbers = list(self.assessment.revisions.order_by("number").values_list("number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))
            shared = Standing.objects.filter(coalition=self.coalition).shared()
            assert len(set(shared.values_list("slug", flat=True))) == shared.count()

    @invariant()
    def a_version_counts_the_saves(self):
        if hasattr(self, "assessment"):
            rating = self.rating()
            saves = AuditEvent.objects.filter(verb="save_agreed_rating", about_id=str(rating.pk)).count()
            assert rating.version == 1 + saves


class TestSentAgain(SentAgain.TestCase, HypothesisTestCase):
    settings = pace(
        max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
