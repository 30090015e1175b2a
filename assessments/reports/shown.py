"""What of a frozen body is shown: all of it inside the coalition; outside, what its sharing lets out.

One rule, one place: everything a page says of a milestone beyond its row comes through `milestone`. What members
answered is there only where the row says that its reader may know it (`members_view`), and never with counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from assessments import levels
from assessments.discussing.heard import Heard
from assessments.models import Evidence, NextStep, Voice
from assessments.reports import rows
from assessments.reports.sentences import STEP_KINDS, direction
from milestones.bilingual import pick

MAY_BE_SHARED = Evidence.Visibility.MAY_BE_SHARED.value
KINDS, VOICES, STATUSES = (dict(choices) for choices in (Evidence.Kind.choices, Voice.choices, NextStep.Status.choices))


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
    heard: Heard | None = None

    @property
    def differs(self) -> bool:
        """Whether another level was agreed than the members' answers suggest, as far as the reader may know."""
        return (
            bool(self.heard) and None not in (self.heard.suggested, self.level) and self.heard.suggested != self.level
        )


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
    id: str = ""
    kind_code: str = ""


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

    @property
    def direction(self) -> str:
        """Where members said it moved, in words; empty where that was not asked or the reader may not know it."""
        return direction(self.row.direction_label)

    @property
    def heard(self) -> Heard | None:
        """What members answered, where one question alone stands for the milestone."""
        counted = [i for i in self.indicators if self.row.own or not i.own]
        return counted[0].heard if len(counted) == 1 and counted[0].core else None


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
        indicators=[
            indicator(i, inside=inside, file_url=file_url, heard=heard(i, body) if row.members_view else None)
            for i in asked
        ],
    )  # fmt: skip


def heard(of: Mapping, body: Mapping) -> Heard | None:
    """What members answered to one question, from what its revision holds; None where they were not asked."""
    members = of.get("members")
    if members is None:
        return None
    return Heard({**members, "counts": None}, body["room_sees"], of["suggested_level"] != members["level"])


def indicator(of: Mapping, *, inside: bool, file_url: Callable, heard: Heard | None) -> Indicator:
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
        heard=heard,
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
            id=step["id"],
            kind_code=step["kind"],
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
