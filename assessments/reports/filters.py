"""What a reader of the cross-state pages asked for: a frozen value from the address, and back into one.

What cannot be understood falls back to the usual, with a notice that says so; no such word is ever repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median_low
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from assessments.quarters import Quarter
from assessments.reports import rows

TABLE, MAP, TREND, CARDS = "table", "map", "trend", "cards"
VIEWS = (TABLE, MAP, TREND, CARDS)
Z_TO_A, BY_LEVEL, SHADED = "za", "level", "1"
BETWEEN = "~"
MOST_STATES = 60
MODES = ("core", "focus", "full")
KINDS = ("ask", "offer", "action")
YEARS = {"0-2": (0, 2), "3-5": (3, 5), "6-10": (6, 10), "11": (11, 200)}
SHARED = {"level": rows.LEVEL_AND_STORY, "story": rows.STORY}


@dataclass(frozen=True)
class Filters:
    """The choice of one view; `milestone` is empty for all of them, `states` for every state.

    `fixed` says that the milestone stands in the path of the page and not in its query.
    """

    view: str = TABLE
    quarter: Quarter | None = None
    milestone: str = ""
    states: tuple[str, ...] = ()
    latest: Quarter | None = None
    notices: tuple[str, ...] = ()
    since: Quarter | None = None
    order: str = ""
    group: str = ""
    shade: str = ""
    mode: str = ""
    focus: str = ""
    kind: str = ""
    years: str = ""
    shared: str = ""
    page: int = 1
    fixed: bool = False

    @property
    def of_quarter(self) -> bool:
        """Whether the view is of one quarter and not of time."""
        return self.view != TREND

    @property
    def founded(self) -> tuple[int, int]:
        """The years between which a coalition began that has worked as long as was chosen."""
        least, most = YEARS[self.years]
        year = (self.quarter if self.of_quarter else self.latest).year
        return year - most, year - least

    def address(self, *, pinned=False, **changes) -> str:
        """The query of this choice, with changes; `?` alone for the usual one.

        A change begins at the first page again. `pinned` names the quarter even where it is the usual one, so that
        the address shows the same later.
        """
        chosen = replace(self, **{"page": 1, **changes})
        is_usual = not chosen.quarter or (chosen.quarter == chosen.latest and not pinned)
        parts = {
            "view": chosen.view if chosen.view != TABLE else "",
            "q": "" if is_usual else chosen.quarter.slug,
            "m": "" if chosen.fixed else chosen.milestone,
            "states": BETWEEN.join(chosen.states),
            "from": chosen.since.slug if chosen.since else "",
            **{name: getattr(chosen, name) for name in ("order", "group", "shade", *WORDS)},
            "page": str(chosen.page) if chosen.page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value}, safe=BETWEEN)

    @property
    def link(self) -> str:
        """The address that shows the same to somebody else, later too."""
        return self.address(pinned=True, page=self.page)

    def without_state(self, code: str) -> str:
        return self.address(states=tuple(state for state in self.states if state != code))


# The filters that are one word out of a few, and the words.
WORDS: dict[str, Sequence[str]] = {
    "mode": MODES,
    "kind": KINDS,
    "years": tuple(YEARS),
    "shared": tuple(SHARED),
    "focus": (),
}


def read(
    params,
    *,
    quarters: Sequence[Quarter],
    milestones: Sequence[str],
    states: Sequence[str],
    lasts=(),
    fixed: str = "",
    views: Sequence[str] = VIEWS,
) -> Filters:
    """The choice in `request.GET`, held against the quarters, milestones and states that there are.

    `lasts` are the last shared quarters, one a coalition: the table opens on the one that half of them have
    reached, so that the first to share a new quarter does not leave the others out. `fixed` is the milestone that
    stands in the path.
    """
    notices: list[str] = []
    latest = median_low(lasts) if lasts else max(quarters, default=None)
    view = params.get("view", "").strip() or TABLE
    if view not in views:
        view, notices = TABLE, [*notices, _("There is no such view. This is the table.")]
    milestone = fixed or params.get("m", "").strip()
    if milestone and milestone not in milestones:
        milestone, notices = "", [*notices, _("There is no such milestone. These are the usual ones.")]
    quarter, notice = read_quarter(params.get("q", ""), quarters, latest)
    notices += [notice] if notice else []
    since, notice = read_quarter(params.get("from", ""), quarters, None if not quarters else min(quarters))
    notices += [notice] if notice else []
    chosen = {code.strip().upper() for part in params.getlist("states") for code in part.split(BETWEEN)[:MOST_STATES]}
    chosen.discard("")
    known = tuple(code for code in states if code in chosen)
    if chosen - set(known):
        notices.append(_("Some of these states have no coalition here. They are left out."))
    words, is_odd = read_words(params, milestones, view)
    if words["shade"] or view == TREND:
        milestone = milestone or (milestones[0] if milestones else "")
    if words["group"] and not milestone:
        words, is_odd = {**words, "group": ""}, True
    if is_odd:
        notices.append(_("We could not use some of the filters. They are left out."))
    return Filters(
        view, quarter, milestone, known, latest, tuple(notices),
        since=since if quarters and since != min(quarters) else None, fixed=bool(fixed), **words,
    )  # fmt: skip


def read_words(params, milestones: Sequence[str], view: str) -> tuple[dict[str, str], bool]:
    """The filters that are one word, empty where none is chosen; and whether one could not be used."""
    allowed = {**WORDS, "focus": milestones, "order": (Z_TO_A,), "group": (BY_LEVEL,), "shade": (SHADED,)}
    usual = {"order": "az", "shade": "0"}
    found, is_odd = {}, False
    for name, known in allowed.items():
        word = params.get(name, "").strip()
        found[name] = word if word in known else ""
        is_odd = is_odd or bool(word) and word not in known and word != usual.get(name)
    if view != TABLE:
        found["group"] = ""
    if view != MAP:
        found["shade"] = ""
    return found, is_odd


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
