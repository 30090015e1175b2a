"""What the form of the cross-state pages offers, in words, and a chip for each filter that is on. No database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.quarters import Quarter
from assessments.reports import crossing, filters, rows, sentences
from assessments.reports.filters import CARDS, MAP, TABLE, TREND, Filters

TABS = {
    TABLE: gettext_lazy("Table"),
    MAP: gettext_lazy("Map"),
    TREND: gettext_lazy("Over time"),
    CARDS: gettext_lazy("Cards"),
}
KINDS = {
    "ask": gettext_lazy("Asks for something"),
    "offer": gettext_lazy("Offers something"),
    "action": gettext_lazy("Plans an action"),
}
YEARS = {
    "0-2": gettext_lazy("Up to 2 years"),
    "3-5": gettext_lazy("3 to 5 years"),
    "6-10": gettext_lazy("6 to 10 years"),
    "11": gettext_lazy("11 years or more"),
}
SHARED = {"level": gettext_lazy("Level and story"), "story": gettext_lazy("Story only")}


@dataclass(frozen=True)
class Select:
    """One list of the form: its name in the address, its label, and (value, words, chosen) for each choice."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]
    wide: bool = False


@dataclass(frozen=True)
class Form:
    """The form: what stands in sight, what stands behind *More filters*, and the states."""

    selects: list[Select]
    more: list[Select]
    states: list[tuple[str, str, bool]]
    more_is_open: bool
    states_are_open: bool


def select(name: str, label: str, chosen: str, choices: Mapping[str, object], every: str = "", wide=False) -> Select:
    """A list of choices; `every` are the words for none of them."""
    first = [("", every, not chosen)] if every else []
    return Select(name, label, first + [(value, str(w), value == chosen) for value, w in choices.items()], wide)


def form(
    chosen: Filters, quarters: Sequence[Quarter], milestones: Mapping[str, str], places: Iterable[crossing.Place], *,
    may_group: bool = False,
) -> Form:  # fmt: skip
    named = {quarter.slug: quarter.label for quarter in reversed(quarters)}
    if chosen.of_quarter:
        selects = [select("q", _("Quarter"), chosen.quarter.slug, named)]
    else:
        since = chosen.since.slug if chosen.since else ""
        selects = [select("from", _("From"), since, named, _("The first quarter"))]
    if not chosen.fixed:
        every = "" if chosen.shade or not chosen.of_quarter else _("All of them")
        selects.append(select("m", _("Milestone"), chosen.milestone, milestones, every, wide=True))
    if chosen.view == MAP:
        selects.append(select("shade", _("Colors"), chosen.shade, {"1": _("Levels")}, _("What is shared")))
    if may_group or chosen.group:
        selects.append(select("group", _("Put together"), chosen.group, {"level": _("By level")}, _("By state")))
    more = [
        select("mode", _("Questions"), chosen.mode, sentences.MODES, _("Any")),
        select("focus", _("Focus on"), chosen.focus, milestones, _("Any")),
        select("kind", _("Next steps"), chosen.kind, KINDS, _("Any")),
        select("years", _("Years in the work"), chosen.years, YEARS, _("Any")),
        select("shared", _("What is shared"), chosen.shared, SHARED, _("Any")),
        select("order", _("Order"), chosen.order, {filters.Z_TO_A: _("Z to A")}, _("A to Z")),
    ]
    return Form(selects, more, states(chosen, places), any(getattr(chosen, name) for name in MORE), bool(chosen.states))


MORE = (*filters.WORDS, "order")


def steps_form(chosen: Filters, quarters, milestones: Mapping[str, str], places) -> Form:
    """The form of the list of next steps."""
    named = {quarter.slug: quarter.label for quarter in reversed(quarters)}
    selects = [
        select("q", _("Quarter"), chosen.quarter.slug, named),
        select("m", _("Milestone"), chosen.milestone, milestones, _("All of them"), wide=True),
        select("kind", _("Kind"), chosen.kind, sentences.STEP_KINDS, _("All of them")),
        select("order", _("Order"), chosen.order, {filters.Z_TO_A: _("Z to A")}, _("A to Z")),
    ]
    return Form(selects, [], states(chosen, places), False, bool(chosen.states))


def states(chosen: Filters, places: Iterable[crossing.Place]) -> list[tuple[str, str, bool]]:
    return [(place.code, place.name, place.code in chosen.states) for place in places if place.coalitions]


def tabs(chosen: Filters) -> list[tuple[str, str, bool]]:
    """The four views of the same choice."""
    found = []
    for view, label in TABS.items():
        milestone = "" if chosen.view == TREND and view != TREND and not chosen.fixed else chosen.milestone
        url = chosen.address(view=view, milestone=milestone, group="", shade="")
        label = _("List") if chosen.fixed and view == TABLE else str(label)
        found.append((label, url, view == chosen.view))
    return found


def chips(chosen: Filters, milestones: Mapping[str, str], places: Iterable[crossing.Place]) -> list[tuple[str, str]]:
    """What is chosen beside the usual, each with the address without it."""
    found = []
    if chosen.of_quarter and chosen.quarter != chosen.latest:
        found.append((chosen.quarter.label, chosen.address(quarter=chosen.latest)))
    if chosen.since and not chosen.of_quarter:
        found.append((_("From %(quarter)s") % {"quarter": chosen.since.label}, chosen.address(since=None)))
    if chosen.milestone and not chosen.fixed and not chosen.shade and chosen.of_quarter:
        found.append((milestones[chosen.milestone], chosen.address(milestone="", group="")))
    found += [(place.name, chosen.without_state(place.code)) for place in places if place.code in chosen.states]
    words = {
        "mode": sentences.MODES, "kind": KINDS, "years": YEARS, "shared": SHARED,
        "focus": {slug: _("Focus: %(name)s") % {"name": name} for slug, name in milestones.items()},
        "shade": {"1": _("Colored by level")}, "group": {"level": _("Put together by level")},
        "order": {filters.Z_TO_A: _("Z to A")},
    }  # fmt: skip
    for name, said in words.items():
        word = getattr(chosen, name)
        if word:
            found.append((str(said[word]), chosen.address(**{name: ""})))
    return found


@dataclass(frozen=True)
class NotShown:
    """Coalitions that a view leaves out, and why."""

    why: str
    coalitions: list[rows.Coalition]


def not_shown(reasons: Iterable[tuple[str, rows.Coalition]]) -> list[NotShown]:
    found: dict[str, NotShown] = {}
    for why, coalition in reasons:
        found.setdefault(why, NotShown(why, [])).coalitions.append(coalition)
    return list(found.values())


def why_not(chosen: Filters, unmet) -> str:
    """Why a coalition that does not meet these conditions is not in the view: the first that holds."""
    quarter = {"quarter": chosen.quarter.label}
    reasons = {
        "mode": _("No level shared with the questions that you chose"),
        "focus": _("No level shared with the focus that you chose"),
        "kind": _("No such next step shared"),
        "years": _("Another time in the work, or none given"),
        "shared": _("Something else is shared"),
        "steps": _("No such next step shared"),
    }
    if "here" in unmet:
        if not chosen.of_quarter:
            return _("The level of this milestone is not shared")
        if chosen.milestone:
            return _("Nothing shared of this milestone in %(quarter)s") % quarter
        return _("Nothing shared of %(quarter)s") % quarter
    return next(words for name, words in reasons.items() if name in unmet)
