"""Who asks the database for ballots: every statement that names a ballot table, with the code that sent it.

    with recorded() as seen:
        client.get("/c/…/")
    assert strangers(seen) == []

`seen` fills while the block runs. It watches the connections of the thread that opened it.
"""

import re
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
TABLES = ("assessments_ballot", "assessments_answer", "assessments_direction")
NAMES_ONE = re.compile(rf"\b({'|'.join(TABLES)})\b", re.IGNORECASE)
MAY = {"assessments.collecting.ballots", "assessments.collecting.close"}


@dataclass(frozen=True)
class Asked:
    """One statement: the module of ours nearest to it, and the function of that module that was called from outside."""

    module: str
    verb: str
    sql: str

    def __str__(self):
        return f"{self.module}.{self.verb}: {self.sql[:120]}"


def _sender() -> tuple[str, str]:
    """The nearest module of `assessments` on the stack, and the outermost of its functions there, without a break."""
    frame, module, verb = sys._getframe(2), "", ""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT / "assessments") and path.name != "guards.py":  # it is handed what it asks for
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            if module and name != module:
                break
            module, verb = name, frame.f_code.co_name
        frame = frame.f_back
    return module or "somewhere else", verb


@contextmanager
def recorded():
    """A list of `Asked` that grows with every statement that names a ballot table."""
    seen: list[Asked] = []

    def watch(execute, sql, params, many, context):
        if NAMES_ONE.search(sql):
            seen.append(Asked(*_sender(), sql))
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(watch))
        yield seen


def strangers(seen) -> list[str]:
    """What was asked by anybody but the two modules."""
    return [str(asked) for asked in seen if asked.module not in MAY]
