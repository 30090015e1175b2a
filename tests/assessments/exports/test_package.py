"""The data package: what is in it, that it repeats, and that Frictionless finds nothing wrong, and finds what is."""

import hashlib
import io
import json
import subprocess
import sys
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.reports.exports import method, package, select
from assessments.reports.exports.coded import CODED
from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import Filters
from assessments.reports.exports.stream import CutShort
from assessments.reports.exports.zipped import zipped
from coalitions.models import AuditEvent, Role
from tests import factories
from tests.assessments.exports import worlds
from tests.assessments.exports.making import from_database, repeat
from tests.assessments.exports.worlds import of, once

PACKAGE = "/evaluate/export/package.zip"
BESIDE = {
    "codebook.csv", "codebook.en.md", "codebook.es.md", "method.en.md", "method.es.md", "LICENCE.md",
    "datapackage.json", "SHA256SUMS", "manifest.json",
}  # fmt: skip


def content(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def validated(archive: bytes, tmp_path):
    """What the `frictionless` tool says of a package, in a process of its own."""
    path = tmp_path / "package.zip"
    path.write_bytes(archive)
    command = [sys.executable, "-m", "frictionless", "validate", str(path), "--json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path)


made_once = once(worlds.written, worlds.corrected_and_shared)


@pytest.fixture
def everything(coalition):
    """Two coalitions: one with ballots, texts and a corrected quarter, half of it shared; one of a meeting alone."""
    return coalition


QUERIES = [
    "",
    "?lang=es",
    "?coded=1",
    "?revisions=latest",
    "?milestone=cohesion",
    "?to=2001Q1",
    "?from=2026Q3&state=OH",
]


@pytest.mark.parametrize("query", QUERIES)
def test_frictionless_finds_nothing_wrong(everything, as_user, eve, tmp_path, query):
    done = validated(content(as_user(eve).get(PACKAGE + query)), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["valid"] is True and len(said["tasks"]) == len(FILES)
    if not query:
        assert all(task["stats"]["rows"] for task in said["tasks"])


def broken(archive: bytes, name: str, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for path, data in members(archive).items():
            assert path != name or old in data
            out.writestr(path, data.replace(old, new, 1) if path == name else data)
    return made.getvalue()


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("agreed_ratings.csv", b",rated,", b",reted,"),
        ("standings.csv", b",1,setting-the-table,", b",1,another-table,"),
        ("evidence.csv", b",may_be", b",may be"),
    ],
    ids=["a word that is none", "a key that leads nowhere", "another byte"],
)
def test_frictionless_finds_what_is_wrong(everything, as_user, eve, tmp_path, name, old, new):
    whole = content(as_user(eve).get(PACKAGE))
    old, new = (b"Minutes, may", b"Minutes, May") if name == "evidence.csv" else (old, new)
    assert validated(broken(whole, name, old, new), tmp_path).returncode != 0


@pytest.mark.parametrize("query, filters", [("", {}), ("?lang=es", {"lang": "es"}), ("?coded=1", {"coded": True})])
def test_it_holds_every_file_as_it_is_alone_and_what_explains_them(everything, as_user, eve, query, filters):
    found = members(content(as_user(eve).get(PACKAGE + query)))
    start = "coded-" if "coded" in query else ""
    assert set(found) == {f"{start}{name}.csv" for name in FILES} | BESIDE
    for name in FILES:
        assert found[f"{start}{name}.csv"].decode() == from_database(name, Filters(**filters))
    described = json.loads(found["datapackage.json"])
    for resource, file in zip(described["resources"], (CODED if start else FILES).values(), strict=True):
        assert [field["name"] for field in resource["schema"]["fields"]] == list(file.header())
    assert (
        "pandas.read_csv(" in found["codebook.en.md"].decode()
        and "Libro de códigos" in found["codebook.es.md"].decode()
    )
    note = found["LICENCE.md"].decode()
    assert "do not put coalitions in order" in note and "no poner en orden a las coaliciones" in note


def test_the_method_is_that_of_the_page_in_both_languages(db, client):
    said = {tongue: method.method_md(tongue) for tongue in ("en", "es")}
    assert "# How to read the levels" in said["en"] and "## Close or wide" in said["en"]
    assert "# Cómo leer los niveles" in said["es"]
    page = method.plain(client.get("/about/reading/").content.decode().split("<main")[1].split("</main")[0])
    assert [line for line in said["en"].splitlines() if line.startswith("#")] == [
        line for line in page.splitlines() if line.startswith("#")
    ]
    assert not set("<>") & set(said["en"] + said["es"])


def test_the_checksums_and_the_manifest_are_right(everything, as_user, eve):
    found = members(content(as_user(eve).get(PACKAGE + "?state=OH")))
    sums = dict(line.split("  ")[::-1] for line in found["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(found) - {"SHA256SUMS", "manifest.json"}
    assert all(hashlib.sha256(found[name]).hexdigest() == digest for name, digest in sums.items())
    manifest = json.loads(found["manifest.json"])
    assert manifest["filters"] == {"state": "OH"} and manifest["sample_data"] is False
    assert (manifest["coalitions"], manifest["revisions"]) == (1, 3)
    rows = {entry["path"]: entry.get("rows") for entry in manifest["files"]}
    assert rows["agreed_ratings.csv"] == 3 * 27 and rows["releases.csv"] == 7 * 3 and rows["codebook.csv"] is None
    assert "Eve" not in found["manifest.json"].decode()


def test_the_same_request_gives_the_same_bytes_but_for_the_moment(everything, as_user, eve):
    first = members(content(as_user(eve).get(PACKAGE)))
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        eve.language = "es"
        eve.save()
        later = members(content(as_user(eve).get(PACKAGE)))
    assert {name for name in first if first[name] != later[name]} == {"manifest.json"}


def test_an_archive_says_nothing_of_when_it_was_made():
    def made():
        return b"".join(zipped([("a.csv", [b"1", b"2"]), ("b.csv", [])]))

    with time_machine.travel("2031-01-01"):
        first = made()
    assert first == made() and members(first) == {"a.csv": b"12", "b.csv": b""}


def test_sample_data_is_said_in_name_file_names_schema_manifest_and_licence(everything, as_user, eve):
    repeat(everything.assessments.get(quarter_text="2026Q2"), 1)
    answer = as_user(eve).get(PACKAGE)
    assert answer["Content-Disposition"] == 'attachment; filename="sample-milestones.zip"'
    found = members(content(answer))
    assert "sample-agreed_ratings.csv" in found
    assert found["LICENCE.md"].decode().startswith("Sample data. Not real ratings.")
    assert json.loads(found["manifest.json"])["sample_data"] is True
    assert json.loads(found["datapackage.json"])["name"].startswith("sample-")


def test_who_took_it_is_logged_for_each_coalition_and_looking_is_not_taking(everything, as_user, eve, ana):
    assert as_user(eve).head(PACKAGE).status_code == 200
    assert as_user(eve).get(PACKAGE + "?state=ZZ").status_code == 400
    assert not AuditEvent.objects.filter(verb="export").exists()
    content(as_user(eve).get(PACKAGE))
    events = AuditEvent.objects.filter(verb="export")
    assert events.count() == 2 and {event.details["file"] for event in events} == {"package.zip"}
    assert "Eve took away the file package.zip" in as_user(ana).get(f"/c/{everything.slug}/history/").content.decode()


def test_an_evaluator_of_one_coalition_gets_no_other(everything, as_user):
    one = factories.person(Role.EVALUATOR, everything)
    found = members(content(as_user(one).get(PACKAGE)))
    assert not [name for name, data in found.items() if b"Keystone" in data]


def test_where_a_file_is_not_whole_there_is_no_package(everything, as_user, eve):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM assessments_standing WHERE slug = 'cohesion'")
    answer = as_user(eve).get(PACKAGE)
    seen = b""
    with pytest.raises(CutShort):
        for part in answer.streaming_content:
            seen += part
    assert not zipfile.is_zipfile(io.BytesIO(seen))


def test_memory_and_queries_stay_flat(everything, as_user, eve, monkeypatch):
    written = of(everything.slug)
    monkeypatch.setattr(select, "BODIES", 12)
    monkeypatch.setattr(select, "PACKS", 12)

    def taken():
        tracemalloc.start()
        with CaptureQueriesContext(connection) as queries:
            size = sum(map(len, as_user(eve).get(PACKAGE + "?to=2025Q4").streaming_content))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size, peak, len(queries)

    repeat(written, 2, quarters=6)
    taken()
    _size, few, asked = taken()
    repeat(written, 6, quarters=6, start=2)
    _size, many, asked_again = taken()
    assert asked_again <= asked + 3 * len(FILES)  # a query more for each twelve revisions, none for a row
    assert many < 1.2 * few


def test_large_files_are_announced_as_such():
    assert package.ENOUGH_FOR_LARGE * 27 * 1500 < 2**31
    archive = b"".join(zipped([("a.csv", [b"1"])], large=True))
    assert members(archive) == {"a.csv": b"1"}
