"""Fills a database to one of the sizes, and tells what is in it."""

import time
from contextlib import contextmanager

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from assessments.models import AgreedRating, Release, Revision, Standing
from assessments.sample.generate import generate
from bench import SIZES
from coalitions.models import AuditEvent, Coalition

# Nothing here outlives the run, and rows that follow a pattern lean on rows that are there.
QUICK = {
    "sqlite": (
        "PRAGMA synchronous=OFF", "PRAGMA journal_mode=MEMORY", "PRAGMA foreign_keys=OFF", "PRAGMA cache_size=-400000",
    ),
    "postgresql": (
        "SET session_replication_role=replica", "SET statement_timeout=0", "SET maintenance_work_mem='256MB'",
    ),
}  # fmt: skip
ASKED = {"core": 7, "full": 27}
# Of thirty acts in a quarter of full mode, twenty-seven save an agreed rating.
LOG = """
INSERT INTO coalitions_auditevent (at, verb, about, about_id, details)
SELECT %s, CASE row_number() OVER () %% 30 WHEN 0 THEN 'open_quarter' WHEN 1 THEN 'submit' WHEN 2 THEN 'share'
ELSE 'save_agreed_rating' END, 'agreedrating', id, '{}' FROM assessments_agreedrating LIMIT %s
"""


@contextmanager
def quickly():
    """Write without waiting for the disk and without looking up what each row leans on; afterwards as the site does."""
    with connection.cursor() as cursor:
        for statement in QUICK[connection.vendor]:
            cursor.execute(statement)
        yield cursor
    connection.close()


def fill(size: str) -> str:
    """Grow to a size; what is there then, in words."""
    began = time.perf_counter()
    with quickly() as cursor:
        for states, coalitions, quarters, mode in SIZES[size]:
            for _coalition in generate(states=states, coalitions=coalitions, quarters=quarters, mode=mode):
                pass
        more = AgreedRating.objects.count() - AuditEvent.objects.filter(about="agreedrating").count()
        cursor.execute(LOG, [connection.ops.adapt_datetimefield_value(timezone.now()), more])
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
    return (
        f"{stored():,} stored ratings of {Coalition.objects.count():,} coalitions, {Standing.objects.count():,} "
        f"standings, {Revision.objects.count():,} revisions, {AuditEvent.objects.count():,} acts in the log, "
        f"{disk() / 2**30:.1f} GB; made in {time.perf_counter() - began:.0f} s"
    )


def stored() -> int:
    """Agreed ratings and items of releases: a release has as many as its mode asks questions."""
    modes = Release.objects.order_by().values_list("assessment__mode").annotate(Count("pk"))
    return AgreedRating.objects.count() + sum(ASKED[mode] * number for mode, number in modes)


def disk() -> int:
    """Bytes of the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return cursor.fetchone()[0]
