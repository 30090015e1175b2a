"""`manage.py due`: what time alone brings about, once each, however many run it and whatever breaks."""

import re
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from io import StringIO
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from assessments.collecting import actions as collecting
from assessments.collecting.reminding import reminder_due, reminders
from assessments.management.commands import due as command
from assessments.models import Assessment, Release, Stage
from coalitions import outbox
from coalitions.models import Role
from tests import factories

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def as_in_production(settings):
    settings.MAIL_AT_ONCE = False


def due(**options):
    """What one run prints."""
    out = StringIO()
    call_command("due", stdout=out, **options)
    return out.getvalue().strip()


def at(day, hour=12, minute=0, zone=NEW_YORK):
    return (
        datetime(2026, 7, day, hour, minute, tzinfo=zone)
        if day > 0
        else datetime(2026, 6, 30 + day, hour, minute, tzinfo=zone)
    )


OPENED = at(-6, 15)  # June 24, 3 pm
CASES = [
    # closes on, now, the reminder that is due
    (8, OPENED, 0),
    (8, at(-1, 14, 59), 0),
    (8, at(-1, 15), 1),
    (8, at(6, 8, 59), 1),
    (8, at(6, 9), 2),
    (8, at(8, 23, 59), 2),
    (1, at(-1, 15), 2),  # the first would come on June 29 at 3 pm, after the last, which comes at 9 am
    (1, at(-1, 8, 59), 0),
    (1, at(-1, 9), 2),
    (2, at(-1, 15), 0),  # the first would come 18 hours before the last: only the last comes
    (2, at(0, 9), 2),
    (3, at(-1, 15), 1),  # 42 hours apart: both come
    (3, at(1, 9), 2),
    (-5, at(-5, 23), 0),  # open for a day and a half: nobody is reminded of what came this morning
    (-3, at(-5, 23), 0),  # June 25 at 9 am would be 18 hours after the invitation
    (-2, at(-4, 9), 2),
]


@pytest.mark.parametrize(("closes", "now", "wanted"), CASES, ids=lambda case: str(case))
def test_which_reminder_is_due(closes, now, wanted):
    closes_on = at(closes).date()
    assert reminder_due(since=OPENED, closes_on=closes_on, zone=NEW_YORK, now=now) == wanted


@pytest.mark.parametrize("zone", ["Pacific/Guam", "Pacific/Honolulu", "America/Anchorage", "America/Phoenix", "UTC"])
@pytest.mark.parametrize(
    "closes_on", [date(2026, 3, 10), date(2026, 11, 3), date(2026, 1, 1)]
)  # two days after a clock change
def test_the_last_reminder_comes_in_the_morning_where_they_live(zone, closes_on):
    zone = ZoneInfo(zone)
    since = datetime(2025, 12, 1, tzinfo=zone)
    last = dict(reminders(since=since, closes_on=closes_on, zone=zone))[2].astimezone(zone)
    assert (last.date(), last.hour) == (closes_on - timedelta(days=2), 9)


def test_never_two_mails_within_a_day():
    for hours in range(0, 30 * 24, 5):
        since = OPENED - timedelta(hours=hours)
        times = [since, *(when for _number, when in reminders(since=since, closes_on=date(2026, 7, 8), zone=NEW_YORK))]
        gaps = [later - earlier for earlier, later in zip(times, times[1:], strict=False)]
        assert all(gap >= timedelta(days=1) for gap in gaps)


@pytest.fixture
def two_weeks(coalition, ana, ben):
    """A quarter that opened now and closes in 14 days; the clock stands still."""
    with time_machine.travel("2026-06-24T19:00:00Z", tick=False) as clock:
        yield factories.collecting_assessment(coalition, by=ana), clock


def test_a_quarter_by_the_clock_alone(two_weeks, ana, ben):
    assessment, clock = two_weeks
    assert due() == "0 closed, 0 reminders, 2 sent, 0 waiting, 0 not done"
    clock.shift(timedelta(days=4, hours=23))
    assert due() == ""
    clock.shift(timedelta(hours=1))
    factories.ballot(assessment, 3, user=ben)
    assert due() == "0 closed, 2 reminders, 1 sent, 0 waiting, 0 not done"
    assert due() == "" and mail.outbox[-1].to == [ana.email]
    clock.move_to(assessment.deadline - timedelta(days=2))
    assert due().startswith("0 closed, 2 reminders, 1 sent")
    clock.move_to(assessment.deadline)
    assert due() == ""
    clock.shift(timedelta(seconds=1))
    assert due() == "1 closed, 0 reminders, 2 sent, 0 waiting, 0 not done"
    assert due() == ""
    assessment.refresh_from_db()
    assert assessment.stage == Stage.DISCUSSING and Release.objects.get().closed_by is None


def test_a_scheduler_that_was_away_sends_one_reminder_and_not_two(two_weeks, ana, ben):
    assessment, clock = two_weeks
    due()
    clock.move_to(assessment.deadline - timedelta(days=1))
    assert due().startswith("0 closed, 2 reminders, 2 sent")
    assert due() == ""


def test_a_later_deadline_closes_later(two_weeks, ana):
    assessment, clock = two_weeks
    collecting.move_deadline(assessment=assessment, closes_on=assessment.closes_on + timedelta(days=3), by=ana)
    due()
    clock.move_to(assessment.deadline + timedelta(seconds=1))
    assert due().startswith("0 closed")
    clock.shift(timedelta(days=3))
    assert due().startswith("1 closed")


@pytest.mark.parametrize("days", [1, 3, 4, 9])
def test_a_later_deadline_brings_the_last_reminder_once_more_where_there_is_time_for_it(two_weeks, ana, ben, days):
    """They were reminded of the old day. On its last morning the lead gives more time, and everybody hears of that."""
    assessment, clock = two_weeks
    due()
    clock.move_to(assessment.deadline - timedelta(days=1))
    assert "2 reminders" in due() and due() == ""
    clock.move_to(assessment.deadline - timedelta(hours=12))
    collecting.move_deadline(assessment=assessment, closes_on=assessment.closes_on + timedelta(days=days), by=ana)
    assert due() == "0 closed, 0 reminders, 2 sent, 0 waiting, 0 not done", "the mail about the later day alone"
    assessment.refresh_from_db()
    said = []
    while timezone.now() < assessment.deadline - timedelta(hours=3):
        clock.shift(timedelta(hours=3))
        if "2 reminders" in due():
            said.append(timezone.now().astimezone(NEW_YORK))
    again = [assessment.closes_on - timedelta(days=2)] if days > 3 else []
    assert [moment.date() for moment in said] == again, "never within a day of the mail about the later day"
    assert all(9 <= moment.hour < 12 for moment in said)


@pytest.mark.parametrize("moved", [True, False])
def test_a_day_that_a_lead_moves_while_it_is_due_stays_open(two_weeks, ana, monkeypatch, moved):
    """The scheduler found it over; before it locks it, the lead's later day is saved."""
    assessment, clock = two_weeks
    clock.move_to(assessment.deadline)
    found = list(command.collecting())
    if moved:
        collecting.move_deadline(assessment=assessment, closes_on=assessment.closes_on + timedelta(days=3), by=ana)
    clock.shift(timedelta(seconds=1))
    monkeypatch.setattr(command, "over", lambda: found)
    assert due().startswith("0 closed" if moved else "1 closed")
    assessment.refresh_from_db()
    assert assessment.stage == (Stage.COLLECTING if moved else Stage.DISCUSSING)
    assert Release.objects.exists() != moved


def test_a_mail_server_that_is_down_stops_no_close_and_is_no_error_of_ours(two_weeks, monkeypatch):
    assessment, clock = two_weeks

    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", refuse)
    clock.move_to(assessment.deadline + timedelta(seconds=1))
    assert due() == "1 closed, 0 reminders, 0 sent, 2 waiting, 0 not done", "an invitation that waited is over"
    monkeypatch.undo()
    clock.shift(timedelta(minutes=10))
    assert due() == "0 closed, 0 reminders, 2 sent, 0 waiting, 0 not done"


def test_one_that_breaks_stops_no_other(two_weeks, ana, monkeypatch, caplog):
    broken, clock = two_weeks
    other = factories.coalition("Sample Other Coalition")
    lead = factories.person(Role.LEAD, other)
    sound = factories.collecting_assessment(other, by=lead)
    close = command.close

    def breaks_at_one(*, assessment, **how):
        if assessment.pk == broken.pk:
            raise ValueError("Ben said 0, and wrote: secret words")
        return close(assessment=assessment, **how)

    monkeypatch.setattr(command, "close", breaks_at_one)
    clock.move_to(broken.deadline + timedelta(seconds=1))
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("due", stdout=out)
    assert out.getvalue().startswith("1 closed") and "1 not done" in out.getvalue()
    stages = dict(Assessment.objects.values_list("pk", "stage"))
    assert stages == {broken.pk: Stage.COLLECTING, sound.pk: Stage.DISCUSSING}
    assert "ValueError" in caplog.text and "secret" not in caplog.text and "@" not in caplog.text
    monkeypatch.undo()
    assert due().startswith("1 closed")


def test_what_is_printed_and_logged_names_nobody(two_weeks, ana, ben, caplog):
    assessment, clock = two_weeks
    lines = due()
    clock.move_to(assessment.deadline - timedelta(days=1))
    lines += due()
    clock.move_to(assessment.deadline + timedelta(days=1))
    lines += due() + caplog.text
    assert re.search(r"\d sent", lines) and "@" not in lines and "Ana" not in lines and "Ben" not in lines


def test_old_sessions_are_forgotten(two_weeks):
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=timezone.now() + timedelta(days=1))
    due()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def stay():
    """Let `due` stay until it is told to end; who listened to signals before listens again."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        call_command("due", stay=1, stdout=StringIO())
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def test_it_stays_until_it_is_told_to_end_and_goes_on_after_trouble(monkeypatch):
    """Three turns, of which the second breaks; then SIGTERM ends it, and not in the middle of one."""
    turns = []

    def turn(**how):
        turns.append(1)
        if len(turns) == 2:
            raise RuntimeError("the database went away")
        if len(turns) == 3:
            signal.raise_signal(signal.SIGTERM)
        return 0

    monkeypatch.setattr(outbox, "send_due", turn)
    monkeypatch.setattr("threading.Event.wait", lambda self, seconds=None: self.is_set())
    monkeypatch.setattr(command, "close_old_connections", lambda: None)
    stay()
    assert len(turns) == 3


def test_told_to_end_it_finishes_the_message_that_is_going_out_and_no_other(coalition, ana, monkeypatch):
    """Who stops the service waits a moment, and kills what still runs: a whole list would take longer."""
    for _person in range(5):
        factories.person(Role.MEMBER, coalition)
    factories.collecting_assessment(coalition, by=ana)
    send = outbox._send

    def ended_at_the_second(message):
        if mail.outbox:
            signal.raise_signal(signal.SIGTERM)
        return send(message)

    monkeypatch.setattr(outbox, "_send", ended_at_the_second)
    monkeypatch.setattr(command, "close_old_connections", lambda: None)
    stay()
    assert len(mail.outbox) == 2 and outbox.waiting() == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_two_schedulers_at_one_deadline_close_once_and_tell_each_person_once():
    factories.rubric()
    coalition = factories.coalition()
    ana, ben = (factories.person(role, coalition) for role in (Role.LEAD, Role.MEMBER))
    assessment = factories.collecting_assessment(coalition, by=ana)
    outbox.send_due()
    mail.outbox.clear()
    Assessment.objects.filter(pk=assessment.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    start = Barrier(3)

    def run(_number):
        try:
            start.wait(10)
            return due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(run, range(3)))
    outbox.send_due()
    assert Release.objects.count() == 1
    assert sorted(message.to[0] for message in mail.outbox) == sorted([ana.email, ben.email])
