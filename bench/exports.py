"""P3 and P4: the evaluators' tidy file through the site, against the database's own shell; and what memory it takes.

The shell (`psql \\copy`, or `sqlite3` with `.mode csv`) writes the equivalent join: a row for each agreed rating, with
every column of the file that a table holds, of its state, coalition, quarter, revision, milestone, indicator and
sharing; and once more a smaller one, without hash, sharing and tag of evidence. The site writes a row for each question
of each revision, with more columns. Both write to nowhere, in turn, and each ratio is of the middle one of several
runs, per row. The site is one gunicorn worker with threads, as the README deploys it, asked by an evaluator's own link.
"""

import os
import statistics
import subprocess
import time
import uuid
from http.client import HTTPConnection

from django.conf import settings
from django.db import connection

from bench.server import Server, serving
from coalitions.actions import make_export_token
from coalitions.models import Role
from tests import factories

RUNS = 3
COLUMNS = """
s.code, s.name_en, c.id, c.name, a.quarter, v.number, v.submitted_at, ru.version, a.mode, c.sample, m.number,
m.slug, m.name_en, i.code, i.title_en, i.core, r.outcome, r.level, l.name_en, a.room_sees, r.reason
"""
JOIN = """
FROM assessments_agreedrating r
JOIN assessments_assessment a ON a.id = r.assessment_id
JOIN assessments_revision v ON v.assessment_id = a.id
JOIN coalitions_coalition c ON c.id = a.coalition_id
JOIN coalitions_state s ON s.code = c.state_id
JOIN milestones_indicator i ON i.id = r.indicator_id
JOIN milestones_milestone m ON m.id = i.milestone_id
JOIN milestones_rubric ru ON ru.id = a.rubric_id
LEFT JOIN milestones_level l ON l.rubric_id = ru.id AND l.value = r.level
"""
SMALLER = f"SELECT {COLUMNS} {JOIN}"
WHOLE = f"""
SELECT {COLUMNS}, st.evidence_tag, st.sharing = 'level_and_story', v.sha256 {JOIN}
JOIN assessments_standing st ON st.revision_id = v.id AND st.slug = m.slug
"""
LIMITS = {"postgresql": ("P3", "psql \\copy", 0.5, 80), "sqlite": ("P4", "sqlite3 .mode csv", 0.5, 120)}


def run(_world=None):
    """Print both goals for what the database holds now."""
    goal, shell, ratio, most = LIMITS[connection.vendor]
    evaluator = factories.person(Role.EVALUATOR, name=f"Eve {uuid.uuid4().hex[:8]}")
    link = f"/evaluate/export/t/{make_export_token(key=uuid.uuid4(), by=evaluator).token}"
    connection.close()
    by_shell, by_smaller, by_site = [], [], []
    with serving(1) as server:
        taken(server, "/evaluate/codebook.csv")
        idle = server.peak()
        for _run in range(RUNS):
            by_shell.append(copied(WHOLE))
            by_smaller.append(copied(SMALLER))
            by_site.append(taken(server, f"{link}/agreed_ratings.csv?lang=en"))
        peak = server.peak()
        releases = taken(server, f"{link}/releases.csv?lang=en")
    (rows, _size, slow) = middle(by_shell)
    (many, size, fast), first = middle([one[:3] for one in by_site]), statistics.median(one[3] for one in by_site)
    found, smaller = (fast / many) / (slow / rows), (fast / many) / (middle(by_smaller)[2] / rows)
    print(
        f"  {goal} agreed_ratings.csv, {many:,} rows, {size / 1e6:.0f} MB: {found:.2f} x {shell} per row "
        f"({fast:.2f} s; the shell {slow:.2f} s for {rows:,} rows), {smaller:.2f} x the smaller join, "
        f"first byte {first:.2f} s, worker at most "
        f"{peak:.0f} MB (idle {idle:.0f} MB); goals {ratio} x, 1 s, {most} MB"
        f"{'' if found <= ratio and first <= 1 and peak <= most else '  MISSED'}\n"
        f"  {goal} releases.csv, {releases[0]:,} rows, {releases[1] / 1e6:.0f} MB: {releases[2]:.2f} s, "
        f"first byte {releases[3]:.2f} s",
        flush=True,
    )


def middle(runs) -> tuple:
    """Of several runs, the one whose seconds are in the middle."""
    return sorted(runs, key=lambda run: run[2])[len(runs) // 2]


def copied(join: str) -> tuple[int, int, float]:
    """Rows, bytes and seconds of a join in the database's own shell."""
    database = settings.DATABASES["default"]
    if connection.vendor == "postgresql":
        host = database["OPTIONS"].get("host") or database["HOST"]
        copy = f"\\copy ({' '.join(join.split())}) TO STDOUT CSV HEADER"
        command = ["psql", "-h", host, "-U", database["USER"], "-d", database["NAME"], "-Xqc", copy]
    else:
        command = ["sqlite3", "-batch", "-header", "-csv", str(database["NAME"]), join]
    began = time.perf_counter()
    shell = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603  our own words
    rows, size = drained(lambda: os.read(shell.stdout.fileno(), 1 << 18))
    assert shell.wait() == 0
    return rows - 1, size, time.perf_counter() - began


def drained(read) -> tuple[int, int]:
    """Lines and bytes of what is read until it ends."""
    lines = size = 0
    while part := read():
        lines += part.count(b"\n")
        size += len(part)
    return lines, size


def taken(server: Server, address: str) -> tuple[int, int, float, float]:
    """Rows, bytes, seconds and seconds to the first byte of one download."""
    began = time.perf_counter()
    asked = HTTPConnection("127.0.0.1", server.port)
    asked.request("GET", address)
    answer = asked.getresponse()
    assert answer.status == 200, answer.status
    start = answer.read(1)
    first = time.perf_counter() - began
    rows, size = drained(lambda: answer.read1(1 << 18))
    asked.close()
    return rows - 1, size + len(start), time.perf_counter() - began, first
