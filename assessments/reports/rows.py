"""The rows that shared pages are made of, and how they are masked, compared and put in line. Pure.

A row is what one revision says of one milestone, as far as its reader may know it: `outside` takes the level out of
whatever is not shared as *level and story*, and whatever comes from the members' answers where *members' view* is not
ticked, before anything else sees the row.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from assessments import levels
from assessments.quarters import Quarter
from assessments.submitting import snapshot

NOTHING, STORY, LEVEL_AND_STORY = "nothing", "story", "level_and_story"
STORY_ONLY = "story_only"  # a status of these pages: the story is shared, the level is not
BEYOND = "beyond"
NOT_KNOWN = "none"  # of what members answered
MOST_PANELS = 6


@dataclass(frozen=True)
class Coalition:
    """A coalition as readers see it, with the first and last quarter of which it shares something."""

    id: object
    slug: str
    name: str
    state: str
    state_name: str
    sample: bool = False
    about: str = ""
    working_since: int | None = None
    zone: str = "America/New_York"
    first: Quarter | None = None
    last: Quarter | None = None

    @property
    def order(self):
        """A to Z: by state, then by name."""
        return (collated(self.state_name), self.state, collated(self.name), self.slug)


def collated(text: str) -> str:
    """The key that puts words in the order of the alphabet, accents and capitals apart."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


class Row(NamedTuple):
    """One coalition, one quarter, one milestone. A tuple, since a page across states makes hundreds of them."""

    coalition: object  # the coalition's id
    quarter: Quarter
    revision: object  # the revision's id
    number: int  # of the milestone; 0 is Beyond the milestones
    slug: str
    own: bool = False
    focus: bool = False
    level: int | None = None
    status: str = levels.NOT_RATED
    rule: str = levels.NO_RULE
    core_level: int | None = None
    series: int = 1
    evidence_tag: str = ""
    sharing: str = NOTHING
    members_view: bool = False
    revision_number: int = 1
    direction_label: str = ""  # empty where the reader may not know it
    agreement: str = NOT_KNOWN  # close or wide, where one question stands for the milestone and the reader may know it
    n_band: str = NOT_KNOWN

    @property
    def core_only(self) -> bool:
        return self.rule == levels.CORE_ONLY

    @property
    def shows_level(self) -> bool:
        """Whether its standing may be read: a level, or the status that says why there is none."""
        return self.sharing == LEVEL_AND_STORY


def outside(rows: Iterable[Row]) -> list[Row]:
    """What leaves the coalition of these rows: nothing of the unshared, no standing where the story alone is, nothing
    of the members' answers without the tick. So `rows` must hold the quarter before of each that is shown, if it is
    shared: what a shift rests on is asked there."""
    found = [row for row in rows if row.sharing != NOTHING]
    ticked = {(row.coalition, row.quarter, row.slug) for row in found if row.shows_level and row.members_view}
    return [for_readers(row, (row.coalition, quarter_before(row.quarter), row.slug) in ticked) for row in found]


def for_readers(row: Row, is_before_known: bool) -> Row:
    """One row of which something is shared, with what is not shared taken out; `is_before_known`: whether its reader
    may know what the members said of the quarter before. Without that, or solid evidence, a shift is a possible one:
    the word would tell that the quarter before said the same.
    """
    if not row.shows_level:
        return without_level(row)
    if not row.members_view:
        return row._replace(direction_label="", agreement=NOT_KNOWN, n_band=NOT_KNOWN)
    if row.direction_label in levels.POSSIBLE and not is_before_known and row.evidence_tag != levels.SOLID:
        return row._replace(direction_label=levels.POSSIBLE[row.direction_label])
    return row


def without_level(row: Row) -> Row:
    """The same row, with nothing of its standing in it."""
    return Row(
        coalition=row.coalition, quarter=row.quarter, revision=row.revision, number=row.number, slug=row.slug,
        own=row.own, status=STORY_ONLY, sharing=row.sharing, revision_number=row.revision_number,
    )  # fmt: skip


def inside(rows: Iterable[Row]) -> list[Row]:
    """The same rows for the coalition itself, which reads all of them."""
    return [
        row._replace(sharing=STORY if row.slug == BEYOND else LEVEL_AND_STORY, members_view=row.slug != BEYOND)
        for row in rows
    ]


def after_sharing(rows: Iterable[Row], number: int, choices: Mapping[str, str], members_view=False) -> list[Row]:
    """All rows of one quarter's revisions as `sharing.actions.share` would leave them.

    A milestone of an earlier revision stays shared until this one, `number`, shares it.
    """
    found = []
    for row in rows:
        chosen = choices.get(row.slug, NOTHING)
        if row.revision_number == number:
            row = row._replace(sharing=chosen, members_view=members_view and chosen == LEVEL_AND_STORY)
        elif chosen != NOTHING:
            row = row._replace(sharing=NOTHING, members_view=False)
        found.append(row)
    return found


@dataclass(frozen=True)
class Move:
    """How a milestone stands beside the last quarter that this reader may read of it."""

    kind: str  # up, same, down, not_comparable, first
    now: int | None = None
    before: int | None = None
    since: Quarter | None = None
    by_core: bool = False  # the levels compared are those of the core question
    status_before: str = ""
    new_series: bool = False  # a question of the milestone changed between the two

    @property
    def comparable_level(self) -> int | None:
        """The level before, where a mark for it may stand on the same line."""
        return self.before if self.kind in (levels.UP, levels.SAME, levels.DOWN) and not self.by_core else None

    @property
    def moved(self) -> bool:
        return self.kind in (levels.UP, levels.DOWN)


def move(now: Row, before: Row | None) -> Move:
    """How `now` compares with an earlier row; both as far as the reader may read them."""
    if not now.shows_level or before is None:
        return Move(levels.FIRST)
    by_core = now.core_only != before.core_only
    of_now, of_before = (
        {"rule": row.rule, "level": row.level, "core_level": row.core_level, "series": row.series}
        for row in (now, before)
    )
    level = "core_level" if by_core else "level"
    return Move(
        snapshot.change_between(of_now, of_before),
        now=of_now[level], before=of_before[level], since=before.quarter, by_core=by_core,
        status_before=before.status, new_series=now.series != before.series,
    )  # fmt: skip


def before(row: Row, history: Iterable[Row]) -> Row | None:
    """The last earlier row of the same milestone whose standing the reader may read; None for the first."""
    earlier = [
        r
        for r in history
        if r.shows_level and r.slug == row.slug and r.coalition == row.coalition and r.quarter < row.quarter
    ]
    return max(earlier, key=lambda r: r.quarter, default=None)


@dataclass(frozen=True)
class Event:
    """Something that happened around a coalition."""

    on: date
    words: str

    @property
    def quarter(self) -> Quarter:
        return Quarter.of(self.on)


@dataclass(frozen=True)
class Point:
    """One quarter on a line over time: a level, or the status that says why there is none."""

    quarter: Quarter
    level: int | None
    status: str
    core_only: bool = False
    evidence_tag: str = ""
    starts: bool = False  # nothing joins it to the point before
    new_series: bool = False  # because a question changed


def quarter_before(quarter: Quarter) -> Quarter | None:
    """The quarter before; None before the first one that can be written."""
    try:
        return quarter.previous
    except ValueError:
        return None


def span(quarters: Iterable[Quarter]) -> list[Quarter]:
    """Every quarter from the first of these to the last."""
    quarters = list(quarters)
    if not quarters:
        return []
    first, last = min(quarters), max(quarters)
    count = (last.year - first.year) * 4 + last.number - first.number
    return [first + step for step in range(count + 1)]


def points(rows: Iterable[Row], quarters: Sequence[Quarter]) -> list[Point]:
    """The line of one milestone over all these quarters; a quarter without a row is a gap, never a zero.

    A line ends where there is no level, where a question changed, and between a core-only level and a full one.
    """
    by_quarter = {row.quarter: row for row in rows}
    found: list[Point] = []
    last: Row | None = None  # the last row with a level
    for quarter in quarters:
        row = by_quarter.get(quarter)
        if row is None or row.level is None:
            found.append(Point(quarter, None, row.status if row else levels.NOT_SHARED))
            continue
        gap = not found or found[-1].level is None
        new_series = last is not None and last.series != row.series
        switch = last is not None and last.core_only != row.core_only
        found.append(
            Point(
                quarter, row.level, row.status, row.core_only, row.evidence_tag, gap or new_series or switch, new_series
            )
        )
        last = row
    return found


def lines(found: Sequence[Point]) -> list[list[Point]]:
    """The points with a level, cut into the stretches that a line may join."""
    cut: list[list[Point]] = []
    for point in found:
        if point.level is None:
            continue
        if point.starts or not cut:
            cut.append([])
        cut[-1].append(point)
    return cut
