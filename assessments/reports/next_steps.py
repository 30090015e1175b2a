"""Next steps over the quarters and what came of them, as far as their reader may know. No database.

A plan goes with the story of its milestone in the quarter that made it; what came of it goes with the story of that
milestone in the quarter that looks back. Either may be shared without the other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from assessments.quarters import Quarter
from assessments.reports import rows, shown

MOST_QUARTERS = 8  # that a figure of next steps goes back


@dataclass(frozen=True)
class Planned:
    """One next step: where it belongs, the quarter that planned it and the one that looked back, as far as known."""

    slug: str
    number: int
    step: shown.Step
    planned: Quarter | None = None
    looked_back: Quarter | None = None
    place: int = 0  # among the steps of its figure, from 1 on

    @property
    def quarter(self) -> Quarter:
        """The quarter it is drawn in."""
        return self.planned or self.looked_back


def recent(readable: Iterable[rows.Row], until: Quarter) -> set[Quarter]:
    """The last quarters up to this one of which something may be read."""
    return set(sorted({row.quarter for row in readable if row.quarter <= until})[-MOST_QUARTERS:])


def planned(readable: Iterable[rows.Row], records: Mapping, until: Quarter, *, inside: bool) -> list[Planned]:
    """The steps of these quarters in the order of quarters and milestones; only revisions in `records` are read."""
    found: dict[str, Planned] = {}
    readable = list(readable)
    quarters = recent(readable, until)
    here = [row for row in readable if row.quarter in quarters and row.revision in records]
    for row in sorted(here, key=lambda row: (row.quarter, row.number or 10**3, row.slug)):
        body = records[row.revision].content
        for step in shown.steps(body, row.slug, inside=inside, of="looked_back"):
            known = found.get(step.id) or Planned(row.slug, row.number, step)
            found[step.id] = replace(known, step=step, looked_back=row.quarter)
        for step in shown.steps(body, row.slug, inside=inside):
            found[step.id] = Planned(row.slug, row.number, step, planned=row.quarter)
    ordered = sorted(found.values(), key=lambda one: (one.number or 10**3, one.slug, one.quarter))
    return [replace(one, place=place) for place, one in enumerate(ordered, 1)]
