"""Prints what reading and saving cost as stored data grows, as ratios of one run: `.venv/bin/python -m bench`.

Ratios mean something, seconds of a busy machine do not. SQLite in a temporary file, or the DATABASE_URL that is set
(an empty database). Figures to reach: design goals P1, P2, P5 (README, "Speed").
"""

import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

folder = tempfile.TemporaryDirectory()
os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder.name) / 'bench.sqlite3'}")
os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milestones.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from assessments.models import Revision, Shares, Standing  # noqa: E402
from assessments.quarters import Quarter  # noqa: E402
from coalitions.models import Role, State  # noqa: E402
from tests import factories  # noqa: E402

RUNS = 15
SIZES = ((2, 4), (56, 4), (56, 40))  # states, quarters


def grow(states, quarters, lead):
    """Give each of so many states a coalition with so many shared quarters, copied from one real revision."""
    pattern = Revision.objects.order_by("submitted_at").first()
    standings = list(pattern.standings.all())
    first = Quarter(2016, 1)
    for code in State.objects.order_by("code").values_list("code", flat=True)[:states]:
        name = f"Sample Bench {code}"
        coalition = factories.Coalition.objects.filter(name=name).first()
        coalition = coalition or factories.coalition(name, code, slug=f"bench-{code.lower()}")
        there = coalition.assessments.count()
        for step in range(there, quarters):
            quarter = str(first + step)
            assessment = coalition.assessments.create(
                quarter_text=quarter, rubric=pattern.assessment.rubric, mode="full", room_sees="meeting_only",
                stage="submitted", opened_by=lead,
            )  # fmt: skip
            revision = Revision.objects.create(
                assessment=assessment, coalition=coalition, quarter_text=quarter, number=1, body=pattern.body,
                submitted_at=pattern.submitted_at, sha256=f"{code}{quarter}".ljust(64, "0"),
            )  # fmt: skip
            Standing.objects.bulk_create(copied(row, revision, coalition) for row in standings)


def copied(row, revision, coalition):
    fields = {f.attname: getattr(row, f.attname) for f in Standing._meta.concrete_fields if f.name != "id"}
    fields |= {"revision_id": revision.pk, "coalition_id": coalition.pk, "state_id": coalition.state_id}
    return Standing(**fields | {"quarter_text": revision.quarter_text, "sharing": Shares.LEVEL_AND_STORY})


def cost(act):
    """Median CPU seconds of one run, and how many queries it makes."""
    act()
    queries = []

    def count(execute, *call):
        queries.append(call[0])
        return execute(*call)

    with connection.execute_wrapper(count):
        act()
    spent = []
    for _run in range(RUNS):
        began = time.process_time()
        act()
        spent.append(time.process_time() - began)
    return statistics.median(spent), len(queries)


def main():
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("setup", verbosity=0)
    lead_of = factories.coalition()
    lead = factories.person(Role.LEAD, lead_of, name="Ana")
    funder = factories.person(Role.FUNDER, name="Fay")
    evaluator = factories.person(Role.EVALUATOR, name="Eve")
    factories.submitted(lead_of, by=lead, mode="full")
    recording = factories.discussing_assessment(lead_of, by=lead, quarter=factories.QUARTER.next)
    clients = {}
    for user in (lead, funder, evaluator):
        clients[user] = Client()
        clients[user].force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    rating = recording.agreed_ratings.first()
    flip = [0]

    def save():
        rating.refresh_from_db()
        flip[0] += 1
        sent = {"version": rating.version, "outcome": "agreed", "level": flip[0] % 5, "reason": ""}
        address = recording.url("agreed_rating_save", rating.indicator.code)
        assert clients[lead].post(address, sent).status_code == 200

    def get(user, address):
        def act():
            answer = clients[user].get(address)
            assert answer.status_code == 200, answer.status_code
            return len(answer.content if not answer.streaming else b"".join(answer.streaming_content))

        return act

    acts = {
        "an empty signed-in page (/me/settings/)": get(funder, "/me/settings/"),
        "cross-state table": get(funder, "/states/?q=2016q4"),
        "a state": get(funder, "/states/AK/"),
        "over time, one state": get(funder, "/states/?view=trend&states=AK&m=cohesion"),
        "save one agreed rating": save,
        "agreed_ratings.csv, one state": get(evaluator, "/evaluate/export/agreed_ratings.csv?state=AK"),
    }
    print(f"{connection.vendor}, Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    base = {}
    for states, quarters in SIZES:
        grow(states, quarters, lead)
        print(f"\n{states} states x {quarters} quarters: {Standing.objects.count()} standings")
        empty = None
        for name, act in acts.items():
            seconds, queries = cost(act)
            empty = empty or seconds
            base.setdefault(name, (seconds, queries))
            grown = seconds / base[name][0]
            print(f"  {name:42} {queries:3} queries (at first {base[name][1]:3})  {grown:5.2f} x itself at first  "
                  f"{seconds / empty:5.1f} x the empty page  {seconds * 1000:7.1f} ms CPU")  # fmt: skip


if __name__ == "__main__":
    main()
