"""What pages and saves cost on one database, at each size asked for; `python -m bench` starts it.

Stored ratings are agreed ratings and items of releases. Work is what the database touched: rows on PostgreSQL, steps of
its virtual machine on SQLite. CPU is this process's, a median of several runs.
"""

import os
import statistics
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milestones.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from assessments.models import AgreedRating, Release, Revision, Standing  # noqa: E402
from assessments.sample.generate import generate  # noqa: E402
from bench import SIZES, exports  # noqa: E402
from coalitions.models import Role  # noqa: E402
from tests import factories  # noqa: E402

RUNS, SAVES = 9, 500
STEPS = 100  # of SQLite's virtual machine, between two calls of its progress handler
TOUCHED = (
    "SELECT coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_xact_user_tables"
)


def stored() -> int:
    return (
        AgreedRating.objects.count() + sum(text.count('"sides_status"') for text in samples()) * Release.objects.count()
    )


def samples() -> list[str]:
    """One release, which has as many items as each other one; none where there is none."""
    return list(Release.objects.filter(coalition__slug__startswith="sample-").values_list("body", flat=True)[:1])


def cost(act, runs=RUNS) -> tuple[float, int, int]:
    """The median CPU seconds of one run, how many queries it makes, and how much the database touches for it."""
    act()
    queries = []

    def count(execute, *call):
        queries.append(call[0])
        return execute(*call)

    with connection.execute_wrapper(count):
        act()
    spent = []
    for _run in range(runs):
        began = time.process_time()
        act()
        spent.append(time.process_time() - began)
    return statistics.median(spent), len(queries), touched(act)


def touched(act) -> int:
    """How much the database touches in one run."""
    if connection.vendor == "sqlite":
        steps = [0]

        def step():
            steps[0] += STEPS

        connection.connection.set_progress_handler(step, STEPS)
        act()
        connection.connection.set_progress_handler(None, 0)
        return steps[0]
    with transaction.atomic():
        before = rows_read()  # of earlier transactions, where the server has not counted them yet
        act()
        return rows_read() - before


def rows_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED)
        return int(cursor.fetchone()[0])


class Cast:
    """Who asks, and what they ask for."""

    def __init__(self):
        coalition = factories.coalition("Sample of the bench", slug="bench", sample=True)
        self.lead = factories.person(Role.LEAD, coalition, name="Ana")
        self.funder = factories.person(Role.FUNDER, name="Fay")
        self.evaluator = factories.person(Role.EVALUATOR, name="Eve")
        factories.submitted(coalition, by=self.lead, mode="full")
        self.recording = factories.discussing_assessment(coalition, by=self.lead, quarter=factories.QUARTER.next)
        self.rating = self.recording.agreed_ratings.first()
        self.flip, self.version = 0, self.rating.version
        self.clients = {}
        for user in (self.lead, self.funder, self.evaluator):
            self.clients[user] = Client()
            self.clients[user].force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def get(self, user, address, status=200, **headers):
        def act():
            answer = self.clients[user].get(address, headers=headers)
            assert answer.status_code == status, answer.status_code
            return answer, len(answer.content if not answer.streaming else b"".join(answer.streaming_content))

        return act

    def not_modified(self, user, address):
        """The same page, asked for again with the ETag it had."""
        self.get(user, address)()  # brings the token's cookie, which the page hangs on
        answer, _size = self.get(user, address)()
        return self.get(user, address, 304, **{"If-None-Match": answer.headers["ETag"]})

    def save(self):
        self.flip += 1
        sent = {"version": self.version, "outcome": "agreed", "level": self.flip % 5, "reason": ""}
        address = self.recording.url("agreed_rating_save", self.rating.indicator.code)
        assert self.clients[self.lead].post(address, sent).status_code == 200
        self.version += 1

    def acts(self) -> dict:
        """What is measured: P2's empty page first, which the others are held against."""
        state = Standing.objects.shared().order_by("state_id").values_list("state_id", flat=True).first()
        return {
            "an empty signed-in page": self.get(self.funder, "/me/settings/"),
            "P1 cross-state table, funder": self.get(self.funder, "/states/?q=2016q4"),
            "P1 the same, evaluator": self.get(self.evaluator, "/states/?q=2016q4"),
            "P1 a state, funder": self.get(self.funder, f"/states/{state}/"),
            "P1 over time, one state": self.get(self.funder, f"/states/?view=trend&states={state}&m=cohesion"),
            "P2 cross-state table, 304": self.not_modified(self.funder, "/states/?q=2016q4"),
            "P5 save one agreed rating": self.save,
        }


def many_saves(cast) -> tuple[float, float]:
    """500 saves one after another: milliseconds of the middle one, and of the slowest of twenty (p95), on the clock."""
    spent = []
    for _save in range(SAVES):
        began = time.perf_counter()
        cast.save()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1]


def version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return f"{connection.vendor} {cursor.fetchone()[0]}, Django {django.__version__}"


def measure(size, cast, first):
    """One size: grow to it, print what everything costs, and how that compares with the first size."""
    began = time.perf_counter()
    states, coalitions, quarters = SIZES[size]
    made = sum(1 for _one in generate(states=states, coalitions=coalitions, quarters=quarters))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    print(
        f"\n{size}: {states} states, {made} coalitions, {quarters} quarters each; {stored():,} stored ratings, "
        f"{Standing.objects.count():,} standings, {Revision.objects.count():,} revisions; made in "
        f"{time.perf_counter() - began:.0f} s"
    )
    unit = "rows" if connection.vendor == "postgresql" else "steps"
    empty = None
    for name, act in cast.acts().items():
        seconds, queries, work = cost(act)
        empty = empty or seconds
        before, queries_before, work_before = first.setdefault(name, (seconds, queries, work))
        print(
            f"  {name:30} {queries:3} queries ({queries_before:3} at first)  {work:11,} {unit} "
            f"({work / max(1, work_before):6.2f} x)  CPU {seconds / before:6.2f} x first, "
            f"{seconds / empty:6.1f} x empty, {seconds * 1000:8.1f} ms",
            flush=True,
        )
    median, slow = many_saves(cast)
    first.setdefault("saves", (median, 0, 0))
    print(
        f"  {f'P5 {SAVES} saves, on the clock':30} middle {median:.1f} ms ({median / first['saves'][0]:.2f} x first), "
        f"p95 {slow:.1f} ms ({slow / median:.1f} x the middle)",
        flush=True,
    )
    exports.run()


def main(sizes):
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("setup", verbosity=0)
    print(f"\n{version()}")
    cast, first = Cast(), {}
    for size in sizes or SIZES:
        measure(size, cast, first)


if __name__ == "__main__":
    main(sys.argv[1:])
