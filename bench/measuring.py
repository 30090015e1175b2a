"""What one act costs: queries, what the database touches, CPU; and how that stands beside a goal.

What is touched is rows on PostgreSQL: those of sequential scans and entries read in indexes. On SQLite, which counts no
rows, it is steps of its virtual machine. CPU is this process's and that of the server's process for this connection.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

BOUNDS = ("BEGIN", "SAVEPOINT", "RELEASE")
STEPS = 100  # of SQLite's virtual machine, between two calls of its progress handler
TOUCHED = """
SELECT relname, pg_stat_get_xact_tuples_returned(oid) FROM pg_class
WHERE relkind IN ('r', 'i', 't') AND oid >= 16384 AND pg_stat_get_xact_tuples_returned(oid) > 0
"""


@dataclass(frozen=True)
class Cost:
    """One act: CPU seconds (the middle of several runs), queries, and what the database touched, by table or index."""

    cpu: float
    queries: int
    touched: Mapping[str, int]

    @property
    def work(self) -> int:
        return sum(self.touched.values())

    def grown(self, before: "Cost", most: int = 3) -> str:
        """Where more was touched than before, most first."""
        more = {name: number - before.touched.get(name, 0) for name, number in self.touched.items()}
        found = sorted(((number, name) for name, number in more.items() if number > 0), reverse=True)[:most]
        return ", ".join(f"{name} +{number:,}" for number, name in found)


def costs(acts: Mapping[str, Callable], runs: int) -> dict[str, Cost]:
    """What each act costs. They take turns, so that a busy moment of the machine is shared out among them."""
    seen = {}
    for name, act in acts.items():
        act()
        seen[name] = (len(queries(act)), touched(act))
    spent: dict[str, list[float]] = {name: [] for name in acts}
    for _run in range(runs):
        for name, act in acts.items():
            began = cpu()
            act()
            spent[name].append(cpu() - began)
    return {name: Cost(statistics.median(spent[name]), *seen[name]) for name in acts}


def queries(act: Callable) -> list[str]:
    """The statements of one run, but for those that only begin and end a transaction."""
    found = []

    def keep(execute, sql, params, many, context):
        if not sql.startswith(BOUNDS):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        act()
    return found


def touched(act: Callable, steps=STEPS) -> dict[str, int]:
    """What the database touches in one run."""
    if connection.vendor == "sqlite":
        with counted(steps) as counter:
            act()
        return {"steps": counter[0]}
    with transaction.atomic():
        before = rows_read()  # of earlier transactions, where the server has not counted them yet
        act()
        return {name: more for name, number in rows_read().items() if (more := number - before.get(name, 0))}


@contextmanager
def counted(steps: int):
    """Count the steps of SQLite's virtual machine, so many at a time."""
    connection.ensure_connection()
    counter = [0]

    def step():
        counter[0] += steps

    connection.connection.set_progress_handler(step, steps)
    try:
        yield counter
    finally:
        connection.connection.set_progress_handler(None, 0)


def rows_read() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED)
        return {name: int(number) for name, number in cursor.fetchall()}


def cpu() -> float:
    """CPU seconds so far: this process's, and of the server's process for our connection where it runs beside us."""
    return time.process_time() + of_server()


def of_server() -> float:
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    kept = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(kept.read_text().split()[0]) / 1e9 if kept.exists() else 0.0


def against(value: float, most: float) -> str:
    """How a value stands beside its goal."""
    return f"goal {most:g}: {'met' if value <= most else 'MISSED'}"


def middle_and_slow(seconds: list[float]) -> tuple[float, float]:
    """Milliseconds of the middle one, and of the slowest but one of twenty (p95)."""
    return statistics.median(seconds) * 1000, statistics.quantiles(seconds, n=20)[-1] * 1000
