"""What a reader of the cross-state pages asked for: a frozen value from the address, and back into one.

What cannot be understood falls back to the usual, with a notice that says so; no such word is ever repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median_low
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from assessments.quarters import Quarter

TABLE, TREND = "table", "trend"
VIEWS = (TABLE, TREND)
BETWEEN = "~"
MOST_STATES = 60


@dataclass(frozen=True)
class Filters:
    """The choice of one view; `milestone` is empty for all of them, `states` for every state."""

    view: str = TABLE
    quarter: Quarter | None = None
    milestone: str = ""
    states: tuple[str, ...] = ()
    latest: Quarter | None = None
    notices: tuple[str, ...] = ()

    def address(self, **changes) -> str:
        """The query of this choice, with changes; `?` alone for the usual one."""
        chosen = replace(self, **changes)
        parts = {
            "view": chosen.view if chosen.view != TABLE else "",
            "q": chosen.quarter.slug if chosen.quarter and chosen.quarter != chosen.latest else "",
            "m": chosen.milestone,
            "states": BETWEEN.join(chosen.states),
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value}, safe=BETWEEN)

    def without_state(self, code: str) -> str:
        return self.address(states=tuple(state for state in self.states if state != code))


def read(params, *, quarters: Sequence[Quarter], milestones: Sequence[str], states: Sequence[str], lasts=()) -> Filters:
    """The choice in `request.GET`, held against the quarters, milestones and states that there are.

    `lasts` are the last shared quarters, one a coalition: the table opens on the one that half of them have
    reached, so that the first to share a new quarter does not leave the others out.
    """
    notices: list[str] = []
    latest = median_low(lasts) if lasts else max(quarters, default=None)
    view = params.get("view", "").strip() or TABLE
    if view not in VIEWS:
        view, notices = TABLE, [*notices, _("There is no such view. This is the table.")]
    milestone = params.get("m", "").strip()
    if milestone and milestone not in milestones:
        milestone, notices = "", [*notices, _("There is no such milestone. These are the usual ones.")]
    if view == TREND and not milestone:
        milestone = milestones[0] if milestones else ""
    quarter, notice = read_quarter(params.get("q", ""), quarters, latest)
    chosen = {code.strip().upper() for part in params.getlist("states") for code in part.split(BETWEEN)[:MOST_STATES]}
    chosen.discard("")
    known = tuple(code for code in states if code in chosen)
    if chosen - set(known):
        notices.append(_("Some of these states have no coalition here. They are left out."))
    return Filters(view, quarter, milestone, known, latest, (*notices, *([notice] if notice else [])))


def read_quarter(text: str, quarters: Sequence[Quarter], usual: Quarter | None) -> tuple[Quarter | None, str]:
    """A quarter out of an address, or the usual one with the notice that says so."""
    text = text.strip()
    if not text or usual is None:
        return usual, ""
    try:
        quarter = Quarter.parse(text)
    except ValueError:
        return usual, _("We could not read this quarter. This is %(quarter)s.") % {"quarter": usual.label}
    if quarter in quarters:
        return quarter, ""
    return usual, _("Nothing is shared of %(asked)s. This is %(quarter)s.") % {
        "asked": quarter.label,
        "quarter": usual.label,
    }
