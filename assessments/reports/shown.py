"""What of a frozen body is shown: all of it inside the coalition; outside, what its sharing lets out.

One rule, one place: everything a page says of a milestone beyond its row comes through `milestone`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from assessments import levels
from assessments.models import Evidence, NextStep
from assessments.reports import rows
from assessments.reports.sentences import STEP_KINDS
from milestones.bilingual import pick

MAY_BE_SHARED = Evidence.Visibility.MAY_BE_SHARED.value
KINDS, VOICES, STATUSES = (
    dict(choices) for choices in (Evidence.Kind.choices, Evidence.Voice.choices, NextStep.Status.choices)
)


@dataclass(frozen=True)
class EvidenceItem:
    """One piece of evidence."""

    kind: str
    shows: str
    voice: str
    dated: date | None
    link: str
    host: str
    file_url: str
    is_pdf: bool
    coalition_only: bool


@dataclass(frozen=True)
class View:
    """A different view; the name of who signed it stays inside the coalition."""

    text: str
    signed: str = ""
    coalition_only: bool = False


@dataclass(frozen=True)
class Indicator:
    """One question that was asked, and what was agreed on it."""

    code: str
    title: str
    question: str
    own: bool
    core: bool
    level: int | None
    status: str
    outcome: str
    reason: str
    evidence_tag: str
    evidence: list[EvidenceItem]
    views: list[View]


@dataclass(frozen=True)
class Step:
    """A next step; the name of its owner stays inside the coalition."""

    kind: str
    text: str
    role: str
    due_on: date
    status: str
    status_label: str
    what_happened: str
    owner: str = ""


@dataclass(frozen=True)
class Milestone:
    """One milestone of a page: its row, and the words that may stand beside it."""

    row: rows.Row
    move: rows.Move
    name: str
    story: str
    steps: list[Step]
    set_aside: str = ""
    indicators: list[Indicator] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.row.slug


def milestone(
    of: Mapping, row: rows.Row, move: rows.Move, body: Mapping, *, inside: bool, file_url: Callable
) -> Milestone:
    """What is shown of one milestone of a body: with the story alone shared, its story and next steps and no more."""
    words = {"name": pick(of["name"]), "story": of["story"], "steps": steps(body, row.slug, inside=inside)}
    if not row.shows_level:
        return Milestone(row, move, **words)
    asked = [i for i in of["indicators"] if i["asked"] and of["set_aside"] is None]
    return Milestone(
        row, move, **words,
        set_aside=of["set_aside"] or "",
        indicators=[indicator(i, inside=inside, file_url=file_url) for i in asked],
    )  # fmt: skip


def indicator(of: Mapping, *, inside: bool, file_url: Callable) -> Indicator:
    return Indicator(
        code=of["code"],
        title=pick(of["title"]),
        question=pick(of["question"]),
        own=of["own"],
        core=of["core"],
        level=of["level"] if of["status"] == levels.RATED else None,
        status=of["status"],
        outcome=of["outcome"],
        reason=of["reason"],
        evidence_tag=of["evidence_tag"],
        evidence=[evidence_item(e, file_url) for e in of["evidence"] if inside or e["visibility"] == MAY_BE_SHARED],
        views=[
            View(view["text"], view.get("signed_by", "") if inside else "", view["coalition_only"])
            for view in of["different_views"]
            if inside or not view["coalition_only"]
        ],
    )


def evidence_item(of: Mapping, file_url: Callable) -> EvidenceItem:
    link = of["link"] if urlsplit(of["link"]).scheme in ("http", "https") else ""
    return EvidenceItem(
        kind=str(KINDS.get(of["kind"], of["kind"])),
        shows=of["shows"],
        voice=str(VOICES.get(of["voice"], of["voice"])),
        dated=date.fromisoformat(of["dated"]) if of["dated"] else None,
        link=link,
        host=urlsplit(link).hostname or "",
        file_url=file_url(of["id"]) if of["file"] else "",
        is_pdf=of["file_type"] == "application/pdf",
        coalition_only=of["visibility"] != MAY_BE_SHARED,
    )


def steps(body: Mapping, slug: str, *, inside: bool, of: str = "next_steps") -> list[Step]:
    """The next steps of one milestone, or of Beyond the milestones; with `of`, those looked back at."""
    return [
        Step(
            kind=str(STEP_KINDS.get(step["kind"], step["kind"])),
            text=step["text"],
            role=step["owner_role"],
            due_on=date.fromisoformat(step["due_on"]),
            status=step["status"],
            status_label=str(STATUSES.get(step["status"], step["status"])),
            what_happened=step["what_happened"],
            owner=step["owner_name"] if inside else "",
        )
        for step in body[of]
        if (step["milestone"] or rows.BEYOND) == slug
    ]


def shared_file(body: Mapping, slugs, key: str) -> tuple[str, str] | None:
    """The stored name and type of a piece of evidence that these milestones of a body let out; None for others."""
    for of in body["milestones"]:
        if of["slug"] not in slugs or of["set_aside"] is not None:
            continue
        for item in (item for i in of["indicators"] if i["asked"] for item in i["evidence"]):
            if item["id"] == key and item["visibility"] == MAY_BE_SHARED and item["file"]:
                return item["file"], item["file_type"]
    return None
