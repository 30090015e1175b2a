"""Prints what reading and saving cost as stored data grows, on SQLite and on PostgreSQL: `.venv/bin/python -m bench`.

Ratios of one run mean something, seconds of a busy machine do not. The goals P1 to P8 are those of the design; a line
that misses one says so. Each engine runs in a process of its own, on a database of its own that is gone afterwards;
PostgreSQL is the server that tests start. `python -m bench small middle large` takes half an hour and 20 GB of disk,
`--only sqlite` leaves out the other engine, `--parts pages saves` the other parts.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import SIZES, USUAL
from bench.parts import PARTS

ENGINES = ("sqlite", "postgresql")


def machine() -> str:
    """What this was measured on, in one line."""
    found = Path("/proc/cpuinfo")
    lines = found.read_text().splitlines() if found.exists() else []
    models = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, load {load}"
    )


def database(engine: str, folder: str) -> str:
    """The address of an empty database."""
    if engine == "sqlite":
        return f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
    from tests import postgres

    return f"postgres://postgres@/postgres?host={postgres.start()}"


def main():
    reader = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    reader.add_argument("sizes", nargs="*", choices=[*SIZES, []], metavar="size", help=", ".join(SIZES))
    reader.add_argument("--only", choices=ENGINES)
    reader.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), metavar="part", help=", ".join(PARTS))
    asked = reader.parse_args()
    print(machine(), flush=True)
    for engine in [asked.only] if asked.only else ENGINES:
        with tempfile.TemporaryDirectory() as folder:
            given = {
                **os.environ, "DATABASE_URL": database(engine, folder), "DEBUG": "1", "EMAIL_URL": "dummymail://",
                "MAIL_AT_ONCE": "0",
            }  # fmt: skip
            command = [sys.executable, "-m", "bench.engine", *(asked.sizes or USUAL), "--parts", *asked.parts]
            subprocess.run(command, env=given, check=True)  # noqa: S603  our own module, in this Python


if __name__ == "__main__":
    main()
