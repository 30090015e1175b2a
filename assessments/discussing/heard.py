"""What a page, the screen or a sheet shows of one indicator's ballots: the release's own values, in words.

Nothing here knows more than the release does: a `Heard` is made from one of its `indicators`, as described in
assessments/disclosure.py. Its words are in the language that is active when they are read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import disclosure, levels, words
from assessments.models import Assessment, Release, RoomSees

MOST_DOTS = 60  # above, a column is a bar
BAR = 100  # its height


@dataclass(frozen=True)
class Side:
    """One of the two sides, as it is drawn and said; `shape` is its CSS name."""

    shape: str
    level: int

    @property
    def name(self) -> str:
        return _("Parents and providers") if self.shape == "parents" else _("Everyone else")

    @property
    def word(self) -> str:
        return words.LEVELS[self.level]


@dataclass(frozen=True)
class Column:
    """How many chose one level: dots, or, above 60 answers, a bar of this height."""

    level: int
    count: int
    dots: range
    bar: int

    @property
    def word(self) -> str:
        return words.LEVELS[self.level]

    @property
    def top(self) -> int:
        return BAR - self.bar


@dataclass(frozen=True)
class Heard:
    """One indicator of a release. `item` holds the published values; `defers` says whether its milestone defers.

    `floors` are those of the release; without them the words say this site's own.
    """

    item: Mapping
    room_sees: str
    defers: bool = False
    floors: Mapping | None = None

    @property
    def level(self) -> int | None:
        """The lower median of all answers; None where too few answered."""
        return self.item["level"]

    @property
    def level_word(self) -> str:
        return "" if self.level is None else words.LEVELS[self.level]

    @property
    def too_few(self) -> bool:
        return self.level is None

    @property
    def suggested(self) -> int | None:
        """The level that the ballots suggest; None where too few answered."""
        return disclosure.suggestion(self.item, defers=self.defers)

    @property
    def suggested_word(self) -> str:
        return "" if self.suggested is None else words.LEVELS[self.suggested]

    @property
    def deferred(self) -> bool:
        """Whether the suggestion is the lower side's and not that of all answers."""
        return self.suggested != self.level

    @property
    def is_wide(self) -> bool:
        return self.item["agreement"] == disclosure.WIDE

    @property
    def agreement(self) -> str:
        if self.too_few:
            return ""
        return _("Wide: a good place to talk") if self.is_wide else _("Close")

    @property
    def band(self) -> str:
        """How many gave a level, no closer than the band."""
        return _("%(band)s answers") % {"band": self.item["n_band"].replace("-", "–")} if not self.too_few else ""

    @property
    def sentence(self) -> str:
        """The suggestion of all answers, said as what it is."""
        if self.too_few:
            return _("Too few people answered to show this.")
        said = {"level": self.level_word}
        if self.level == levels.LOWEST:
            return _("Half or more see us at %(level)s.") % said
        if self.level == levels.HIGHEST:
            return _("More than half see us at %(level)s.") % said
        return _("More than half see us at %(level)s or above.") % said

    @property
    def blind_spot(self) -> bool:
        return self.item["third_could_not_say"]

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """Parents and providers, then everyone else; empty where the two are not shown."""
        shown = self.item["sides"]
        if not shown:
            return ()
        return (Side("parents", shown[disclosure.PARENTS_PROVIDERS]), Side("others", shown[disclosure.EVERYONE_ELSE]))

    @property
    def between(self) -> str:
        """The CSS name of the bar between the two marks; empty where they stand at one level."""
        low, high = sorted(side.level for side in self.sides)
        return f"join-{low}-{high}" if low != high else ""

    @property
    def gap(self) -> int | None:
        return disclosure.gap(self.item)

    @property
    def apart(self) -> bool:
        """Whether the sides stand so far apart that this is where to talk first."""
        return (self.gap or 0) >= levels.BIG_JUMP

    @property
    def gap_sentence(self) -> str:
        """Said where the two sides stand two levels or more apart."""
        if not self.apart:
            return ""
        parents, others = self.sides
        said = {"count": self.gap}
        if parents.level < others.level:
            text = ngettext(
                "Parents and providers see this %(count)d level lower. Talk about this first.",
                "Parents and providers see this %(count)d levels lower. Talk about this first.",
                self.gap,
            )
        else:
            text = ngettext(
                "Parents and providers see this %(count)d level higher. Talk about this first.",
                "Parents and providers see this %(count)d levels higher. Talk about this first.",
                self.gap,
            )
        return text % said

    @property
    def not_shown(self) -> str:
        """Why the sides, or the counts, are not here; empty where they are, or where too few answered at all."""
        floors = disclosure.Floors(**self.floors) if self.floors else words.floors()
        if self.item["sides_status"] == levels.SIDES_NOT_SHOWN:
            return _("We show the two sides only when each has %(least)s or more answers.") % {"least": floors.side}
        if self.room_sees == disclosure.SEE_THE_SPREAD and not self.too_few and not self.item["counts"]:
            said = _("We show how many chose each level only with %(least)s or more answers.")
            return said % {"least": floors.counts}
        return ""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """How many chose each level, lowest first; empty unless the spread was promised and enough answered."""
        counts = self.item["counts"] or ()
        as_dots, most = sum(counts) <= MOST_DOTS, max(counts, default=0)
        return tuple(
            Column(level, count, range(count if as_dots else 0), 0 if as_dots else BAR * count // most)
            for level, count in enumerate(counts)
        )


def heard(release: Release | None, indicators: Iterable[int], *, deferring: set[str]) -> dict[int, Heard]:
    """What was heard of each of these indicators, by id; those that no ballot asked are left out.

    `deferring` are the slugs of the milestones that defer to the lower side.
    """
    if release is None:
        return {}
    wanted, body = set(indicators), release.content
    return {
        item["id"]: Heard(item, body["room_sees"], item["milestone"] in deferring, body["floors"])
        for item in body["indicators"]
        if item["id"] in wanted
    }


def release_of(assessment: Assessment) -> Release | None:
    """The release of an assessment; None before close, and where there were no ballots."""
    return Release.objects.filter(assessment=assessment).first()


def deferring(assessment: Assessment) -> set[str]:
    """The slugs of the milestones where, with voices compared, the lower of the two sides is suggested."""
    return set(assessment.deference.values_list("slug", flat=True))


def lacks_reason(*, suggested: int | None, level: int | None, reason: str) -> bool:
    """Whether a finished page has to say why: the agreed level is another than the one that the ballots suggest."""
    return suggested is not None and level is not None and level != suggested and not reason


def heard_of(rating) -> Heard | None:
    """What was heard of one rating's indicator; None where no ballot asked it."""
    assessment, indicator = rating.assessment, rating.indicator_id
    if assessment.room_sees == RoomSees.MEETING_ONLY:
        return None
    return heard(release_of(assessment), [indicator], deferring=deferring(assessment)).get(indicator)
