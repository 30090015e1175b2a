"""P8: how long a close, a migration and a first page take, and how much memory a worker holds that has little to do."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone

from assessments.collecting import close
from assessments.collecting.asked import on_the_ballot
from assessments.models.ballots import Answer, Ballot, Channel, ballot_access
from assessments.quarters import Quarter
from bench.measuring import against
from bench.server import serving
from coalitions.models import Role
from tests import factories

BALLOTS, TIMES = 200, 3


def run(world):
    closing = statistics.median(close_one(Quarter(2020, 1) + turn) for turn in range(TIMES))
    print(f"  P8 close of {BALLOTS} ballots of 27 answers: {closing:.2f} s  [s {against(round(closing, 2), 0.5)}]")
    migrating = statistics.median(migrate() for _turn in range(TIMES))
    print(f"  P8 migrate an empty database: {migrating:.1f} s  [s {against(round(migrating, 1), 10)}]")
    starts = []
    for _turn in range(TIMES):
        with serving(1) as server:
            time.sleep(1)
            starts.append((server.first_page, server.resident()))
    first, resident = (statistics.median(found) for found in zip(*starts, strict=True))
    print(
        f"  P8 first page, from the start of the server on: {first:.2f} s; idle worker: {resident:.0f} MB  "
        f"[s {against(round(first, 2), 2)}; MB {against(round(resident), 90)}]",
        flush=True,
    )


def close_one(quarter: Quarter) -> float:
    """Seconds of a close, of a quarter in which everybody answered everything and left some notes."""
    coalition = factories.coalition(f"Sample of closing {quarter}", slug=f"bench-closing-{quarter.slug}", sample=True)
    lead = factories.person(Role.LEAD, coalition)
    assessment = factories.collecting_assessment(coalition, by=lead, mode="full", quarter=quarter)
    indicators, _milestones = on_the_ballot(assessment)
    invented = Random(1)  # noqa: S311  the same every time
    with ballot_access("bench"):
        made = Ballot.objects.bulk_create(
            Ballot(assessment=assessment, channel=Channel.CODE, voice=("parent", "staff")[n % 2], sent=True)
            for n in range(BALLOTS)
        )
        Answer.objects.bulk_create(
            Answer(ballot=ballot, indicator=indicator, kind="level", level=invented.randrange(5),
                   note="Sample note.", note_ticked=invented.random() < 0.1)
            for ballot in made for indicator in indicators
        )  # fmt: skip
    began = time.perf_counter()
    close.close(assessment=assessment, by=lead, at=timezone.now() - timedelta(days=1))
    return time.perf_counter() - began


def migrate() -> float:
    """Seconds of `manage.py migrate` on a database that has nothing in it."""
    with empty_database() as address:
        began = time.perf_counter()
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--verbosity", "0"]
        subprocess.run(command, env={**os.environ, "DATABASE_URL": address}, check=True)  # noqa: S603  our own
        return time.perf_counter() - began


@contextmanager
def empty_database():
    """The address of one, beside the one that is measured on."""
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'empty.sqlite3'}"
        return
    address = urlsplit(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE bench_empty")
    try:
        yield address._replace(path="/bench_empty").geturl()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE bench_empty WITH (FORCE)")
