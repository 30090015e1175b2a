"""What time alone brings about: answers close, reminders and other mail go out. Run it each minute, or let it stay."""

import logging
import signal
import threading
import traceback

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from assessments.collecting import ballots
from assessments.collecting.close import close
from assessments.collecting.reminding import reminder_due
from assessments.models import Assessment, Stage
from coalitions import outbox

log = logging.getLogger(__name__)
A_DAY = 24 * 3600


class Command(BaseCommand):
    help = (
        "Close answers whose day is over, queue reminders, send mail. Any number may run at once."
        " Prints numbers and names nobody; ends with 1 where something was not done, which the log explains."
    )

    def add_arguments(self, parser):
        parser.add_argument("--stay", type=float, metavar="SECONDS", help="go on, with so long a pause between turns")

    def handle(self, *, stay=None, **options):
        self.end = threading.Event()
        if stay is None:
            if self.turn(clean=True):
                raise CommandError("Something was not done. The log says what.")
            return
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):  # the message that is going out is finished first
                signal.signal(number, lambda *_received: self.end.set())
        self.go_on(stay)

    def go_on(self, pause: float):
        """One turn after the other until it is told to end, each with a database connection that works."""
        cleaned = None
        while not self.end.is_set():
            now = timezone.now()
            clean = cleaned is None or (now - cleaned).total_seconds() >= A_DAY
            self.turn(clean=clean)
            cleaned = now if clean else cleaned
            close_old_connections()
            self.end.wait(max(pause, 1))

    def turn(self, *, clean: bool) -> int:
        """Do what is due now; how much was not done. What goes wrong with one thing does not stop the others."""
        self.undone = 0
        closed = sum(self.each(over, "close", self.close))
        reminded = sum(self.each(collecting, "remind", self.remind))
        sent = self.attempt("send", lambda: outbox.send_due(told_to_end=self.end.is_set)) or 0
        waiting = self.attempt("count", outbox.waiting) or 0
        if clean:
            self.attempt("forget old sessions", lambda: call_command("clearsessions"))
        if closed or reminded or sent or self.undone:
            self.stdout.write(
                f"{closed} closed, {reminded} reminders, {sent} sent, {waiting} waiting, {self.undone} not done"
            )
        return self.undone

    def each(self, find, what, act):
        """What came of one act on each of the assessments that are found."""
        for assessment in self.attempt(what, lambda: list(find())) or []:
            yield self.attempt(f"{what} {assessment.coalition.slug} {assessment.quarter}", act, assessment) or 0

    def attempt(self, what, act, *args):
        """What the act gives; None, with a line in the log, where it raises.

        The line says where and which kind of error, not its message: that may hold what somebody answered.
        """
        try:
            return act(*args)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            log.error("%s: %s in %s, line %s", what, type(error).__name__, last.filename, last.lineno)
            self.undone += 1

    def close(self, assessment) -> int:
        """1 where it was this turn that closed it; another scheduler, or a lead with a later day, may be quicker."""
        started = timezone.now()
        release = close(assessment=assessment, by=None, only_if_over=True)
        return int(release is not None and release.closed_at >= started)

    def remind(self, assessment) -> int:
        """How many reminders were queued; 0 where the round that is due was queued before."""
        number = reminder_due(
            since=assessment.collecting_since,
            closes_on=assessment.closes_on,
            zone=assessment.coalition.zone,
            now=timezone.now(),
        )
        return ballots.remind(assessment, round_number=number) if number > assessment.reminded else 0


def collecting():
    """The assessments that take answers."""
    return Assessment.objects.filter(stage=Stage.COLLECTING).select_related("coalition").order_by("deadline")


def over():
    """Those whose last second is over."""
    return collecting().filter(deadline__lt=timezone.now())
