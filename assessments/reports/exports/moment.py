"""A file is read as of one moment, for as long as the reader takes."""

from collections.abc import Iterable, Iterator

from django.db import connection, transaction

SLOWEST_READER = "10min"  # between two parts of a file


def in_one_moment(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes; on PostgreSQL all from one snapshot, and without the limit that pages have on a query's time.

    SQLite needs neither: there a transaction would keep everybody else from writing.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield from content
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{SLOWEST_READER}'")
        yield from content
