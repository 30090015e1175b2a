"""What coalitions ask for, offer and plan, put together where they say it in the same words. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from assessments.reports import rows
from milestones.texts import name_key

KINDS = ("ask", "offer", "action")


@dataclass(frozen=True)
class By:
    """One coalition that says it: of which milestone, who will see to it, and by when."""

    coalition: rows.Coalition
    slug: str
    role: str
    due_on: date


@dataclass(frozen=True)
class Asked:
    """One thing that is asked for, offered or planned, and by whom."""

    kind: str
    text: str
    by: list[By] = field(default_factory=list)

    @property
    def coalitions(self) -> int:
        return len({one.coalition.id for one in self.by})


def together(steps: Iterable[tuple[object, str, Mapping]], coalitions: Iterable[rows.Coalition]) -> list[Asked]:
    """The steps by their words: asks, then offers, then actions; A to Z, and each one's coalitions in their order."""
    theirs: dict[object, list[tuple[str, Mapping]]] = {}
    for whose, slug, step in steps:
        theirs.setdefault(whose, []).append((slug, step))
    found: dict[tuple[str, str], Asked] = {}
    for coalition in coalitions:
        for slug, step in theirs.get(coalition.id, []):
            key = (step["kind"], name_key(step["text"]).rstrip("."))
            asked = found.setdefault(key, Asked(step["kind"], step["text"]))
            asked.by.append(By(coalition, slug, step["owner_role"], date.fromisoformat(step["due_on"])))
    return sorted(found.values(), key=lambda one: (KINDS.index(one.kind), rows.collated(one.text)))
