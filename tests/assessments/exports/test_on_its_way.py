"""A file on its way, outside a transaction as in production: whole, of one moment, and nobody waits for it."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection

from assessments.quarters import Quarter
from tests import factories
from tests.assessments.exports.making import from_database, records, repeat

pytestmark = pytest.mark.django_db(transaction=True)
FILE = "/evaluate/export/agreed_ratings.csv"
PACKAGE = "/evaluate/export/package.zip"


@pytest.fixture
def submitted(coalition, ana):
    return factories.submitted(coalition, by=ana)


def text(response) -> str:
    return b"".join(response.streaming_content).decode()


def elsewhere(work):
    """Done by another process, as far as the database can tell; SQLite's one file is not locked by its own reader."""
    if connection.vendor != "postgresql":
        work()
        return

    def alone():
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(alone).result()


def test_a_file_is_whole_outside_a_transaction_too(as_user, eve, submitted):
    repeat(submitted, 60)
    answer = text(as_user(eve).get(FILE))
    assert len(records(answer)) == 61 * 27
    assert answer == from_database()


def test_on_postgresql_a_file_has_no_limit_of_time_and_changes_nothing(as_user, eve, submitted):
    """Outside a transaction, as in production: one read-only snapshot for as long as the file takes."""
    parts = iter(as_user(eve).get(FILE).streaming_content)
    next(parts)
    if connection.vendor == "postgresql":
        said = {}
        for name in ("statement_timeout", "transaction_read_only", "transaction_isolation"):
            with connection.cursor() as cursor:
                cursor.execute(f"SHOW {name}")
                said[name] = cursor.fetchone()[0]
        assert said == {
            "statement_timeout": "0", "transaction_read_only": "on", "transaction_isolation": "repeatable read",
        }  # fmt: skip
    b"".join(parts)
    assert not connection.in_atomic_block


def test_somebody_may_submit_while_a_file_is_on_its_way(as_user, eve, submitted, coalition, ana):
    repeat(submitted, 60)
    parts = iter(as_user(eve).get(FILE).streaming_content)
    begun = next(parts) + next(parts)

    def somebody_else():
        factories.submitted(coalition, by=ana, quarter=Quarter(2026, 3))
        factories.share(submitted, by=ana)

    elsewhere(somebody_else)
    assert len(records((begun + b"".join(parts)).decode())) == 61 * 27


def test_somebody_may_submit_while_a_package_is_on_its_way(as_user, eve, submitted, coalition, ana):
    """What came later is in none of its files."""
    answer = as_user(eve).get(PACKAGE)
    factories.submitted(coalition, by=ana, quarter=Quarter(2026, 3))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as opened:
        assert not [name for name in opened.namelist() if b"2026Q3," in opened.read(name)]


def test_on_sqlite_a_slow_reader_leaves_nothing_open(as_user, eve, submitted):
    """A statement that is not read to its end would keep others from writing, where the journal is no WAL."""
    repeat(submitted, 120)
    for address in (FILE, "/evaluate/export/agreed_ratings_wide.csv"):
        parts = iter(as_user(eve).get(address).streaming_content)
        next(parts)
        next(parts)
        if connection.vendor == "sqlite":
            assert not connection.in_atomic_block
            with connection.cursor() as cursor:
                cursor.execute("VACUUM")  # refused while a statement is under way
        b"".join(parts)


def test_what_is_left_open_is_found(submitted):
    if connection.vendor == "sqlite":
        with connection.cursor() as reading, connection.cursor() as cursor:
            reading.execute("SELECT 1 UNION SELECT 2")
            reading.fetchone()
            with pytest.raises(OperationalError):
                cursor.execute("VACUUM")
