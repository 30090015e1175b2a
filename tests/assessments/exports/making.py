"""What the tests of the files need: revisions as plain facts, and many of them in the database at once."""

import csv
import io
import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime

from assessments.models import Packed, Revision, Standing
from assessments.quarters import Quarter
from assessments.reports.exports import select
from assessments.reports.exports.coded import CODED
from assessments.reports.exports.columns import Submitted
from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import Filters
from assessments.reports.exports.stream import stream, written
from assessments.submitting.packed import pack
from coalitions.models import Coalition
from tests import factories

LEVELS = {
    0: {"en": "Not yet", "es": "Todavía no"},
    1: {"en": "Starting", "es": "Empezando"},
    2: {"en": "Growing", "es": "Creciendo"},
    3: {"en": "Strong", "es": "Fuerte"},
    4: {"en": "Lasting", "es": "Duradero"},
}


def indicator(code="1.2", level=2, status="rated", **fields) -> dict:
    """One indicator of a body, as snapshot.py finishes it."""
    return {
        "code": code,
        "title": {"en": "Community voices at the table", "es": "Voces de la comunidad"},
        "core": code == "1.2",
        "own": False,
        "outcome": "agreed" if status == "rated" else "none",
        "level": level if status == "rated" else None,
        "status": status,
        "suggested_level": None,
        "suggested_status": "not_rated",
        "members": None,
        "comparable": "first",
        "reason": "",
        "different_views": [],
        "evidence": [],
        "evidence_tag": "thin",
        **fields,
    }


def members(**fields) -> dict:
    """What a body keeps of the release's item on one indicator: six and six, two levels apart."""
    return {
        "level": 2, "level_status": "rated", "agreement": "wide", "n_band": "10-19", "third_could_not_say": False,
        "sides": {"parents_providers": 1, "everyone_else": 3}, "sides_status": "rated", **fields,
    }  # fmt: skip


def asked(code="1.2", **fields) -> dict:
    """One indicator that the members were asked."""
    return indicator(code, suggested_level=2, suggested_status="rated", members=members(**fields))


def item(**fields) -> dict:
    """One piece of evidence of a body, one that may be shared."""
    return {
        "id": "00000000-0000-4000-8000-0000000000e1", "kind": "document", "shows": "The seat map", "voice": "parent",
        "dated": "2026-05-02", "link": "https://example.org/map", "file": "", "file_type": "",
        "visibility": "may_be_shared", "consent": True, "brought_forward_from": "", **fields,
    }  # fmt: skip


def step(**fields) -> dict:
    """One next step of a body."""
    return {
        "id": "00000000-0000-4000-8000-0000000000a1", "milestone": "setting-the-table", "kind": "ask",
        "text": "Money for interpreters", "owner_name": "Rosa", "owner_role": "Parent lead", "due_on": "2026-09-30",
        "status": "planned", "what_happened": "", **fields,
    }  # fmt: skip


def event(**fields) -> dict:
    """One event of a quarter."""
    return {
        "id": "00000000-0000-4000-8000-0000000000b1", "happened_on": "2026-05-09", "words": "The session ended",
        **fields,
    }  # fmt: skip


def milestone(indicators, number=1, slug="setting-the-table", **standing) -> dict:
    """One milestone of a body."""
    return {
        "number": number,
        "slug": slug,
        "name": {"en": "Setting the table", "es": "Preparar la mesa"},
        "own": slug.startswith("own-"),
        "direction": "not_asked",
        "set_aside": None,
        "story": "",
        "standing": {
            "level": 2, "status": "rated", "rule": "core_only", "rated": 1, "asked": 1, "core_level": 2, "series": 1,
            "change": "first", "change_since": "", "direction_label": "not_asked", "evidence_tag": "thin", **standing,
        },
        "indicators": indicators,
    }  # fmt: skip


def revision(*milestones, sharing="level_and_story", **fields) -> Submitted:
    """One submitted revision as plain facts."""
    milestones = milestones or (milestone([indicator()]),)
    return replace(
        Submitted(
            state_code="PR",
            state_name={"en": "Puerto Rico", "es": "Puerto Rico"},
            coalition_id="00000000-0000-4000-8000-000000000001",
            coalition_name="Sample Coalición Niñez",
            sample=True,
            quarter=Quarter(2026, 2),
            number=1,
            submitted_at=datetime(2026, 7, 1, 14, 5, 9, 123456, tzinfo=UTC),
            sha256="ab" * 32,
            body={
                "rubric_version": "1",
                "mode": "core",
                "room_sees": "meeting_only",
                "milestones": list(milestones),
                "beyond": "",
                "next_steps": [],
                "looked_back": [],
                "release": {"rule": "D1", "sha256": "cd" * 32, "ballots": {"n_band": "10-19", "sides": None}},
            },
            sharing={m["slug"]: sharing for m in milestones},
            level_names=LEVELS,
            beyond="nothing",
        ),
        **fields,
    )


def text_of(name, *revisions, tongue="en", files=FILES) -> str:
    """A whole file, as text, of revisions given as plain facts."""
    lines = written(files[name], revisions, tongue)
    return b"".join(stream(files[name], lines, expected=len(revisions), excel=False)).decode()


def records(text: str) -> list[dict]:
    """The rows of a CSV text by the names of its columns."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def records_of(name, *revisions, **kwargs) -> list[dict]:
    return records(text_of(name, *revisions, **kwargs))


def from_database(name="agreed_ratings", filters=None, coalitions=None, *, own=False) -> str:
    """A whole file, as text, of what is in the database."""
    filters = filters or Filters()
    every = Coalition.objects.all() if coalitions is None else coalitions
    file = (CODED if filters.coded else FILES)[name]
    asked = select.Asked(file, every, filters, own=own)
    found = asked.found()
    expected = sum(coalition.revisions for coalition in found)
    return b"".join(stream(file, asked.lines(found), expected=expected, excel=False)).decode()


def repeat(submitted, number_of_coalitions, quarters=1, start=0):
    """Copies of one submitted assessment's revision for other coalitions, a state each, written in bulk."""
    first = submitted.revisions.get()
    codes = [entry["code"] for entry in json.loads((factories.FIXTURES / "states.json").read_text())]
    states = [factories.state(code) for code in codes]
    coalitions = Coalition.objects.bulk_create(
        Coalition(
            name=f"Copy {n}", name_key=f"copy {n}", slug=f"copy-{n}", state=states[n % len(states)], sample=n % 2 == 0
        )
        for n in range(start, start + number_of_coalitions)
    )
    assessments = type(submitted).objects.bulk_create(
        type(submitted)(
            coalition=coalition, quarter_text=str(Quarter(2020, 1) + q), rubric=submitted.rubric,
            mode=submitted.mode, room_sees=submitted.room_sees, stage=submitted.stage,
        )
        for coalition in coalitions
        for q in range(quarters)
    )  # fmt: skip
    copies = Revision.objects.bulk_create(
        Revision(
            assessment=assessment, coalition=assessment.coalition, quarter_text=assessment.quarter_text, number=1,
            submitted_at=first.submitted_at, body=first.body, sha256=uuid.uuid4().hex * 2,
        )
        for assessment in assessments
    )  # fmt: skip
    Packed.objects.bulk_create(
        Packed(revision=copy, **pack(first.content, sha256=copy.sha256, submitted_at=copy.submitted_at))
        for copy in copies
    )
    fields = [f.attname for f in Standing._meta.concrete_fields if f.attname != "id"]
    standings = [{name: getattr(standing, name) for name in fields} for standing in first.standings.all()]
    Standing.objects.bulk_create(
        Standing(
            **{
                **standing,
                "revision_id": copy.pk, "coalition_id": copy.coalition_id, "quarter_text": copy.quarter_text,
                "state_id": copy.coalition.state_id,
            }
        )
        for copy in copies
        for standing in standings
    )  # fmt: skip
    return coalitions
