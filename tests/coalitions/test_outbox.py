"""The outbox: a message is neither lost nor sent a third time, whatever the mail server and the sender do."""

import os
import re
import smtplib
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend as Kept
from django.db import connection, connections, transaction
from django.utils import timezone

from coalitions import actions, outbox
from coalitions.models import INSIDE, Mail, Role, User
from coalitions.outbox import Letter
from tests import factories

pytestmark = pytest.mark.django_db
WRITERS = {
    "note": lambda sent: Letter("A note", f"Number {sent.about.get('number', 0)}"),
    "over": lambda sent: None,
    "broken": lambda sent: 1 / 0,
    "forged": lambda sent: Letter("Hello\nBcc: spy@evil.example", "Text"),
}
DIED_AFTER_DATA = smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


class Server(Kept):
    """A mail server that does what `plan` says, message by message, and then takes whatever comes."""

    plan: list = []
    opened = 0

    def open(self):
        Server.opened += 1
        if Server.plan and Server.plan[0][0] == "open":
            raise Server.plan.pop(0)[1]

    def send_messages(self, messages):
        if Server.plan:
            when, what = Server.plan.pop(0)
            if when == "after":
                super().send_messages(messages)
            raise what
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def server(settings):
    """The site as in production: requests send nothing; the server is the one above."""
    settings.MAIL_AT_ONCE = False
    settings.MAIL_WRITERS = f"{__name__}.WRITERS"
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.plan, Server.opened = [], 0
    return Server


@pytest.fixture
def clock(db):
    with time_machine.travel(timezone.now(), tick=False) as now:
        yield now


def numbers():
    """The numbers of the messages that reached a mailbox."""
    return [int(re.search(r"\d+", sent.body)[0]) for sent in mail.outbox]


def post(person, number=0, kind="note"):
    return outbox.post(kind, user=person, number=number)


def test_a_message_is_sent_once_and_then_names_nobody(ben, coalition):
    outbox.post("note", user=ben, coalition=coalition, key=f"note:{ben.pk}", number=7)
    assert not mail.outbox, "nothing is sent by who writes it"
    assert (outbox.send_due(), outbox.send_due()) == (1, 0)
    assert [(sent.to, sent.body) for sent in mail.outbox] == [([ben.email], "Number 7")]
    row = Mail.objects.get()
    assert (row.user, row.address, row.coalition, row.about, row.key) == (None, "", None, {}, None)
    assert row.sent_at and not row.dropped_at


def test_a_message_of_a_transaction_that_fails_was_never_there(ben):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post(ben)
        1 / 0  # noqa: B018
    assert not Mail.objects.exists()


def test_the_same_key_is_one_message(ben):
    assert outbox.post("note", user=ben, key="a:1") and outbox.post("note", user=ben, key="a:1") is None
    assert outbox.post("note", user=ben, key="a:2") and Mail.objects.count() == 2


def test_a_message_to_all_inside_goes_to_each_once(coalition, ana, ben, fay, sam):
    gone = factories.person(Role.MEMBER, coalition)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for _time in range(2):
        outbox.post_inside("note", coalition=coalition, key="news:1", number=1)
    outbox.send_due()
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([ana.email, ben.email])
    assert coalition.memberships.filter(role__in=INSIDE).count() == 3


def test_invented_people_get_nothing(coalition, ben):
    User.objects.filter(pk=ben.pk).update(sample=True)
    ben.refresh_from_db()
    assert post(ben) is None
    outbox.post_inside("note", coalition=coalition, key="news:1")
    assert not Mail.objects.exists()


REFUSALS = [
    smtplib.SMTPRecipientsRefused({"ben@example.org": (550, b"no such mailbox: ben@example.org")}),
    smtplib.SMTPDataError(451, b"try again later"),
    smtplib.SMTPDataError(554, b"refused"),
    smtplib.SMTPSenderRefused(421, b"busy", "milestones@localhost"),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
def test_a_refused_message_is_kept_and_tried_again(ben, ana, server, clock, caplog, refusal):
    post(ben, 1)
    post(ana, 2)
    server.plan = [("before", refusal)]
    assert outbox.send_due() == 1 and numbers() == [2], "a refusal of one message does not stop the next"
    assert outbox.send_due() == 0, "not before a minute is over"
    clock.shift(timedelta(minutes=1))
    assert outbox.send_due() == 1 and numbers() == [2, 1]
    assert "was not sent" in caplog.text and "@" not in caplog.text


@pytest.mark.parametrize(
    "trouble",
    [ConnectionRefusedError(), TimeoutError(), smtplib.SMTPAuthenticationError(535, b"who are you")],
    ids=repr,
)
def test_a_server_that_cannot_be_reached_is_asked_once_a_turn_and_loses_nothing(ben, server, clock, trouble):
    for number in range(5):
        post(ben, number)
    for _turn in range(20):
        server.plan = [("open", trouble)]
        asked = server.opened
        assert outbox.send_due() == 0
        assert server.opened - asked <= 1, "a server that hangs is not waited for five times"
        clock.shift(timedelta(minutes=30))
    server.plan = []
    clock.shift(timedelta(hours=6))
    assert outbox.send_due() == 5 and sorted(numbers()) == [0, 1, 2, 3, 4]


def test_what_waits_for_a_server_that_is_away_is_never_given_up(ben, server, clock):
    """A password of the mail server that ran out on a Friday: on Tuesday everything goes out."""
    for number in range(3):
        post(ben, number)
    for _turn in range(60):
        server.plan = [("open", smtplib.SMTPAuthenticationError(535, b"who are you"))]
        outbox.send_due()
        clock.shift(timedelta(hours=2))
    server.plan = []
    clock.shift(timedelta(hours=6))
    assert outbox.send_due() == 3 and sorted(numbers()) == [0, 1, 2]


def test_a_code_does_not_wait_behind_the_mail_to_a_whole_list(ben, ana, clock):
    """Codes live for ten minutes; reminders to many people take longer."""
    for number in range(3):
        post(ben, number)
    outbox.post("note", address=ana.email, urgent=True, number=9)
    assert outbox.send_due(limit=1) == 1 and numbers() == [9]
    assert outbox.send_due() == 3


def test_a_server_that_dies_after_taking_a_message_gets_it_once_more_at_most(ben, server, clock):
    post(ben, 1)
    server.plan = [("after", DIED_AFTER_DATA)] * 9
    for _turn in range(9):
        outbox.send_due()
        clock.shift(timedelta(hours=6))
    assert numbers() == [1, 1]
    assert Mail.objects.get().dropped_at and Mail.objects.get().user is None
    assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 1, "a mailbox can tell the second copy"


@pytest.mark.parametrize("death", [SystemExit, KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_sender_that_dies_leaves_a_message_that_is_sent_again_and_never_a_third_time(ben, server, clock, death, when):
    post(ben, 1)
    server.plan = [(when, death())]
    try:
        outbox.send_due()
    except (SystemExit, KeyboardInterrupt):
        pass
    assert outbox.send_due() == 0, "it is held for a while"
    clock.shift(timedelta(minutes=6))
    assert outbox.send_due() == 1
    clock.shift(timedelta(days=1))
    assert outbox.send_due() == 0
    assert numbers() == ([1, 1] if when == "after" else [1])


def test_a_sender_that_dies_each_time_stops_after_two(ben, server, clock):
    post(ben, 1)
    for _time in range(4):
        server.plan = [("after", SystemExit())]
        try:
            outbox.send_due()
        except SystemExit:
            pass
        clock.shift(timedelta(minutes=6))
    assert numbers() == [1, 1]
    assert Mail.objects.get().dropped_at


def test_clear_refusals_do_not_count_as_hand_overs(ben, server, clock):
    """The control: a server that says no five times has not taken it, so it is sent when it says yes."""
    post(ben, 1)
    for _time in range(5):
        server.plan = [("before", smtplib.SMTPDataError(451, b"later"))]
        outbox.send_due()
        clock.shift(timedelta(hours=6))
    assert outbox.send_due() == 1 and numbers() == [1]


def test_waits_grow_from_a_minute_to_six_hours_and_end_after_three_days(ben, server, clock, caplog):
    post(ben)
    waits = []
    while True:
        server.plan = [("before", smtplib.SMTPDataError(451, b"later"))]
        outbox.send_due()
        row = Mail.objects.get()
        if row.dropped_at:
            break
        waits.append(row.next_try_at - timezone.now())
        clock.move_to(row.next_try_at)
    assert waits[0] == timedelta(minutes=1) and max(waits) == waits[-1] == timedelta(hours=6)
    assert waits == sorted(waits) and timedelta(days=3) < sum(waits, timedelta()) < timedelta(days=3, hours=7)
    assert row.user is None and "given up" in caplog.text and ben.email not in caplog.text


def test_a_writer_that_breaks_stops_no_other_message(ben, caplog):
    post(ben, 1, kind="broken")
    post(ben, 2)
    assert outbox.send_due() == 1 and numbers() == [2]
    assert "kind broken was not sent: ZeroDivisionError" in caplog.text


def test_what_no_longer_applies_is_dropped(ben):
    post(ben, kind="over")
    assert outbox.send_due() == 0
    row = Mail.objects.get()
    assert row.dropped_at and row.user is None and not mail.outbox


@pytest.mark.parametrize("how", ["deactivated", "closed", "deleted"])
def test_who_left_gets_nothing(sam, how):
    post(sam, 1)
    outbox.post("note", address=sam.email)
    if how == "closed":
        actions.close_account(user=sam)
        assert not Mail.objects.exclude(user=None, address="").exists()
    elif how == "deleted":
        Mail.objects.filter(user=None).delete()
        sam.delete()
        assert not Mail.objects.exists()
    else:
        Mail.objects.filter(user=None).delete()
        User.objects.filter(pk=sam.pk).update(is_active=False)
    assert outbox.send_due() == 0 and not mail.outbox


def test_no_header_can_be_forged(ben, clock):
    post(ben, kind="forged")
    outbox.post("note", address="ben@example.org\nBcc: spy@evil.example")
    for _turn in range(3):
        assert outbox.send_due() == 0
        clock.shift(timedelta(hours=1))
    assert not mail.outbox


def test_an_error_while_sending_at_once_is_nobodys_error(ben, settings, server, django_capture_on_commit_callbacks):
    settings.MAIL_AT_ONCE = True
    for trouble in (("open", ConnectionRefusedError()), ("before", RuntimeError("no"))):
        server.plan = [trouble]
        with django_capture_on_commit_callbacks(execute=True):
            post(ben)
    assert outbox.waiting() == 2 and not mail.outbox


def test_at_once_means_after_the_transaction(ben, settings, django_capture_on_commit_callbacks):
    settings.MAIL_AT_ONCE = True
    with django_capture_on_commit_callbacks(execute=True):
        post(ben, 1)
        assert not mail.outbox
    assert numbers() == [1]


def test_a_production_request_starts_no_sending(ben, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        post(ben)
        outbox.post_inside("note", coalition=ben.memberships.get().coalition, key="a")
    assert not callbacks


def test_the_index_finds_what_is_due(ben):
    Mail.objects.bulk_create(Mail(kind="note", sent_at=timezone.now()) for _row in range(300))
    post(ben)
    due = outbox._waiting().filter(next_try_at__lte=timezone.now()).order_by("next_try_at")[:1]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "mail_to_send" in due.explain()


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
@pytest.mark.parametrize("senders", [2, 5])
def test_senders_at_once_send_each_message_once(coalition, senders):
    """More than one process, machine or scheduler: they share the work."""
    person = factories.person(Role.MEMBER, coalition)
    for number in range(60):
        post(person, number)
    start = Barrier(senders)

    def run(_sender):
        try:
            start.wait(10)
            return outbox.send_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(senders) as pool:
        sent = list(pool.map(run, range(senders)))
    assert sum(sent) == 60 and sorted(numbers()) == list(range(60))
    assert min(sent) > 0, "one did all the work: this test raced nothing"
    assert not outbox.waiting()


class Stub(threading.Thread):
    """A mail server on a socket of its own that falls silent where it is told to, or hangs up there."""

    def __init__(self, fails_at, *, hangs_up=False):
        super().__init__(daemon=True)
        self.fails_at, self.hangs_up, self.taken = fails_at, hangs_up, []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                line, _address = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=[line], daemon=True).start()

    def talk(self, line):
        with line, line.makefile("rwb") as talk:

            def say(words):
                talk.write(words + b"\r\n")
                talk.flush()

            say(b"220 hello")
            while command := talk.readline().strip().upper():
                verb = command.split()[0].decode()
                if verb == "DATA" and self.fails_at != "DATA":
                    say(b"354 go on")
                    words = b""
                    while (more := talk.readline()) not in (b".\r\n", b""):
                        words += more
                    self.taken.append(words)
                    verb = "TEXT"
                if verb == self.fails_at:
                    if not self.hangs_up:
                        talk.readline()  # until the other side gives up
                    return
                say(b"221 bye" if verb == "QUIT" else b"250 fine")
                if verb == "QUIT":
                    return


@pytest.fixture
def by_smtp(settings):
    """Mail goes by the backend that EMAIL_URL names in production, to a server of the test's."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "coalitions.smtp.Backend", "127.0.0.1", 0.3
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False

    used = []

    def use(stub):
        settings.EMAIL_PORT = stub.port
        used.append(stub)
        return stub

    yield use
    for stub in used:
        stub.socket.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
        stub.socket.close()
        stub.join(5)


@pytest.mark.parametrize("hangs_up", [False, True], ids=["silent", "hangs up"])
@pytest.mark.parametrize("fails_at", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_falls_silent_before_the_text_has_not_got_it(ben, clock, by_smtp, fails_at, hangs_up):
    """However often that happens the message stays; once the server works again it is sent, once."""
    post(ben, 1)
    for _turn in range(4):
        by_smtp(Stub(fails_at, hangs_up=hangs_up))
        assert outbox.send_due() == 0
        clock.shift(timedelta(hours=6))
    works = by_smtp(Stub("nowhere"))
    assert outbox.send_due() == 1
    assert len(works.taken) == 1 and b"Number 1" in works.taken[0]


def test_a_server_that_falls_silent_after_the_text_may_have_it_so_it_is_given_once_more_at_most(ben, clock, by_smtp):
    post(ben, 1)
    stubs = []
    for _turn in range(5):
        stubs.append(by_smtp(Stub("TEXT")))
        assert outbox.send_due() == 0
        clock.shift(timedelta(hours=6))
    assert [len(stub.taken) for stub in stubs] == [1, 1, 0, 0, 0] and Mail.objects.get().dropped_at


def test_production_mail_goes_by_that_backend():
    """In a process of its own: the settings are read once."""
    env = {"PATH": os.environ["PATH"], "DEBUG": "1", "EMAIL_URL": "smtp+tls://user:word@mail.example.org:587"}
    words = "from milestones import settings; print(settings.EMAIL_BACKEND, settings.EMAIL_USE_TLS)"
    ran = subprocess.run([sys.executable, "-c", words], env=env, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["coalitions.smtp.Backend", "True"]
