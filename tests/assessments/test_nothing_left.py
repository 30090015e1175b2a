"""After close nothing is left of a ballot but the release and the ticked notes; and close is done whole or not at all."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from assessments.collecting import ballots, close
from assessments.models import Note, Release, Stage
from coalitions.models import AuditEvent, Mail, Role
from milestones.texts import canonical
from tests import factories

ROOT = Path(__file__).resolve().parent.parent.parent
ERASED = ("ballot", "answer", "direction", "invitation")
NOTE, BEYOND, TICKED = "Marker of a note nobody ticked", "Marker of what is beyond", "Marker of a ticked note"


def rows() -> dict[str, int]:
    """How many rows there are of what close deletes, counted past the guard."""
    return {name: apps.get_model("assessments", name)._base_manager.count() for name in ERASED}


@pytest.fixture
def lead(db):
    return factories.person(Role.LEAD, factories.coalition(), name="Ana")


def with_markers(lead, *, answered=10):
    """A quarter that collects: of so many ballots one with notes and words beyond that are not ticked, one ticked."""
    assessment = factories.collecting_assessment(lead.memberships.get().coalition, by=lead)
    code = assessment.agreed_ratings.in_order()[0].indicator.code
    for number in range(answered):
        factories.ballot(assessment, 2, notes={code: TICKED} if number == 0 else None, cohesion="forward")
    writer = factories.person(Role.MEMBER, assessment.coalition)
    ballots.begin(assessment=assessment, user=writer, device=None, voice="provider")
    indicator = assessment.agreed_ratings.in_order()[0].indicator
    ballots.save_answer(
        assessment=assessment, user=writer, device=None, indicator=indicator, kind="level", level=4, note=NOTE
    )
    ballots.save_last_page(
        assessment=assessment, user=writer, device=None, directions={}, beyond=BEYOND, beyond_ticked=False, send=True
    )
    return assessment


def holding(marker) -> set[str]:
    """Every table of the database in which a text stands anywhere, as a dump would show it."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if any(marker in str(value) for row in cursor.fetchall() for value in row):
                found.add(table)
    return found


@pytest.mark.django_db(transaction=True)
def test_after_close_a_dump_holds_the_ticked_note_and_nothing_else(lead):
    assessment = with_markers(lead)
    assert holding(NOTE) == holding(TICKED) == {"assessments_answer"} and holding(BEYOND) == {"assessments_ballot"}
    holders = [row.holder for row in apps.get_model("assessments", "ballot")._base_manager.all()]
    assert len(holders) == 11 and holding(holders[0]) == {"assessments_ballot"}
    marks = marks_of_rows()
    assert len(marks) > 90 and all(found(marks).values()), "what is looked for is there before"
    close.close(assessment=assessment, by=lead)
    assert rows() == dict.fromkeys(ERASED, 0)
    assert holding(NOTE) == holding(BEYOND) == set()
    assert holding(TICKED) == {"assessments_note"}
    assert not any(holding(holder) for holder in holders)
    assert not any(found(marks).values())


def marks_of_rows() -> dict[str, str]:
    """What no other row could hold: the key of every ballot, answer and direction, and the hash of a browser."""
    marks = {
        row.pk.hex: name
        for name in ("ballot", "answer", "direction")
        for row in apps.get_model("assessments", name)._base_manager.all()
    }
    ballots_there = apps.get_model("assessments", "ballot")._base_manager.exclude(device_sha256=None)
    return marks | dict.fromkeys(ballots_there.values_list("device_sha256", flat=True), "device")


def found(marks) -> dict[str, bool]:
    """Whether each stands anywhere in the database: one reading of it for all."""
    there = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            there += [str(value).replace("-", "") for row in cursor.fetchall() for value in row]
    everything = "\n".join(there)
    return {mark: mark.replace("-", "") in everything for mark in marks}


def test_who_said_what_changes_nothing_that_is_kept(lead):
    """The same answers, given by other people: the same release, byte for byte."""
    bodies = set()
    for pairs in ([(0, 4)] * 3 + [(4, 0)] * 3, [(0, 0)] * 3 + [(4, 4)] * 3):
        coalition = factories.coalition(f"Coalition {len(bodies)}")
        assessment = factories.collecting_assessment(coalition, by=lead)
        codes = [rating.indicator.code for rating in assessment.agreed_ratings.in_order()][:2]
        for pair in pairs:
            factories.ballot(assessment, dict(zip(codes, pair, strict=True)))
        bodies.add(canonical(close.close(assessment=assessment, by=lead).content))
    assert len(bodies) == 1


def test_the_hash_of_a_release_tells_nothing_of_what_it_is_the_hash_of(lead):
    """It stands in evaluators' files: whoever tries every set of counts must not find the one that was given."""
    hashes, contents = set(), []
    for number in range(2):
        coalition = factories.coalition(f"Coalition {number}")
        assessment = factories.collecting_assessment(coalition, by=lead, room_sees="see_the_spread")
        for level in [1, 2, 2, 2, 2, 3, 3, 3, 3, 4]:
            factories.ballot(assessment, level)
        release = close.close(assessment=assessment, by=lead)
        hashes.add(release.sha256)
        contents.append(release.content)
        assert release.sha256 == hashlib.sha256(release.body.encode()).hexdigest()
        assert release.sha256 != hashlib.sha256(canonical(release.content).encode()).hexdigest()
        assert "salt" not in release.content and len(json.loads(release.body)["salt"]) == 64
    assert len(hashes) == 2 and contents[0] == contents[1]


# Interrupted at any point, close has not happened


class Struck(Exception):
    pass


@pytest.mark.parametrize(
    "point",
    ["disclosure.release", "Release.objects.create", "Note.objects.create", "audit.record", "outbox.post"],
)
def test_an_interrupted_close_changes_nothing_and_a_later_one_works(lead, monkeypatch, point):
    assessment = with_markers(lead)
    before, mails, acts = rows(), Mail.objects.count(), AuditEvent.objects.count()

    def strike(*args, **kwargs):
        raise Struck

    with monkeypatch.context() as patch:
        patch.setattr(f"assessments.collecting.close.{point}", strike)
        with pytest.raises(Struck):
            close.close(assessment=assessment, by=lead)
    assessment.refresh_from_db()
    assert assessment.stage == Stage.COLLECTING and assessment.join_code
    assert rows() == before and before["ballot"] == 11 and before["answer"] == 71
    assert not Release.objects.exists() and not Note.objects.exists()
    assert (Mail.objects.count(), AuditEvent.objects.count()) == (mails, acts)
    release = close.close(assessment=assessment, by=lead)
    assert rows() == dict.fromkeys(ERASED, 0)
    assert release.content["indicators"][0]["n_band"] == "10-19" and Note.objects.get().text == TICKED


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_cannot_be_cleared_does_not_undo_a_close(lead, monkeypatch):
    assessment = with_markers(lead, answered=4)

    def strike():
        raise Struck

    monkeypatch.setattr("assessments.collecting.close._forget", strike)
    close.close(assessment=assessment, by=lead)
    assessment.refresh_from_db()
    assert assessment.stage == Stage.DISCUSSING and rows() == dict.fromkeys(ERASED, 0)


# PostgreSQL's files, which have no page left where no quarter collects any more


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_postgresql_gives_back_the_pages_of_deleted_ballots():
    def sizes():
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(f"pg_relation_size('assessments_{name}')" for name in ERASED[:3]))
            return cursor.fetchone()

    factories.rubric()
    assessment = with_markers(factories.person(Role.LEAD, factories.coalition(), name="Ana"))
    assert min(sizes()) > 0
    close.close(assessment=assessment, by=None)
    assert sizes() == (0, 0, 0)


# SQLite's own file, read byte by byte, in a process of its own

BEFORE = """
import os
import django
from django.conf import settings
from django.db import connection
if os.environ["JOURNAL"] == "WAL":
    options = settings.DATABASES["default"]["OPTIONS"]
    options["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
django.setup()
from assessments.collecting import close
from assessments.models import Assessment, Note
from coalitions.models import Role, User
from tests import factories
from tests.assessments.test_nothing_left import BEYOND, NOTE, TICKED, marks_of_rows, rows, with_markers
FOLDER = os.path.dirname(connection.settings_dict["NAME"])
def on_disk(marker):
    return [name for name in sorted(os.listdir(FOLDER)) if marker.encode() in open(os.path.join(FOLDER, name), "rb").read()]
def mode():
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA journal_mode").fetchone()[0]
"""
OPENED = """
factories.rubric()
ana = factories.person(Role.LEAD, factories.coalition(), name="Ana")
assessment = with_markers(ana)
assert on_disk(NOTE) and on_disk(BEYOND) and on_disk(TICKED), "the markers are not where they are looked for"
assert all(on_disk(mark) for mark in marks_of_rows())
"""
CLOSED = """
assert mode() == os.environ["JOURNAL"].lower(), mode()
marks = marks_of_rows()
close.close(assessment=Assessment.objects.get(), by=User.objects.get(name="Ana"))
assert set(rows().values()) == {0} and Note.objects.get().text == TICKED
assert on_disk(NOTE) == [] and on_disk(BEYOND) == [], (on_disk(NOTE), on_disk(BEYOND))
assert on_disk(TICKED), "the ticked note is kept"
assert len(marks) > 90 and not [mark for mark in marks if on_disk(mark)], "an answer is still on the disk"
"""
KILLED = """
close.audit.record = lambda *args, **kwargs: os._exit(9)
close.close(assessment=Assessment.objects.get(), by=None)
"""
WHOLE = """
assert rows()["ballot"] == 11 and Assessment.objects.get().stage == "collecting" and not Note.objects.exists()
"""


def environment(file, **more):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    ours = {"DEBUG": "1", "MAIL_AT_ONCE": "0", "DJANGO_SETTINGS_MODULE": "milestones.settings", "PYTHONPATH": str(ROOT)}
    return {**kept, **ours, "DATABASE_URL": f"sqlite:///{file}", **more}


def python(*command, env):
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A SQLite file with every table and no row."""
    file = tmp_path_factory.mktemp("migrated") / "db.sqlite3"
    ran = python("manage.py", "migrate", "--verbosity=0", env=environment(file))
    assert ran.returncode == 0, ran.stderr
    return file


@pytest.fixture(params=["DELETE", "WAL"])
def in_a_file(request, tmp_path, migrated):
    """A runner of scripts against a SQLite file of their own, by the way in which it keeps its journal."""
    env = environment(shutil.copy(migrated, tmp_path / "db.sqlite3"), JOURNAL=request.param)
    return lambda *scripts: python("-c", "".join([BEFORE, *scripts]), env=env)


def test_the_file_of_sqlite_holds_no_byte_of_a_ballot_after_close(in_a_file):
    """While the site still runs: what the journals and the write-ahead log hold counts."""
    ran = in_a_file(OPENED, CLOSED)
    assert ran.returncode == 0, ran.stderr


def test_a_close_that_was_killed_has_not_happened(in_a_file):
    assert in_a_file(OPENED).returncode == 0
    assert in_a_file(KILLED).returncode == 9
    ran = in_a_file(WHOLE, CLOSED)
    assert ran.returncode == 0, ran.stderr
