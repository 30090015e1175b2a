"""What a closed quarter's members answered, beside what was agreed once it is: rows for a coalition's own pages.

From the release and the frozen record alone; no database. Nothing here leaves the coalition: what does is in shown.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import disclosure, levels
from assessments.discussing.heard import Heard
from assessments.quarters import Quarter
from assessments.reports import sentences, shown

PENDING = "pending"  # a way to be drawn: nothing is agreed yet, so the track holds the suggestion alone
NARROW = 8  # of a hundred: a part of a bar this narrow has its count below it


@dataclass(frozen=True)
class Part:
    """One level's part of a bar: where it stands, how wide it is, and how many answers it is, as SVG writes them."""

    level: int
    count: int
    x: str
    width: str
    middle: str
    is_narrow: bool


@dataclass(frozen=True)
class Question:
    """One question: what members answered (None where they were not asked), and what was agreed once that is known."""

    code: str
    title: str
    question: str
    heard: Heard | None
    agreed: shown.Indicator | None
    row: sentences.LevelRow
    notes: list[str] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        return bool(self.heard) and self.heard.is_wide

    @property
    def level(self) -> int | None:
        """The agreed level, once there is one."""
        return self.agreed.level if self.agreed else None

    @property
    def bar(self) -> list[Part]:
        """How many chose each level, side by side; empty where the release holds no counts."""
        counts = (self.heard.item["counts"] if self.heard else None) or []
        return parts(counts)

    @property
    def did(self) -> str:
        """What the coalition did with what it heard, in a sentence."""
        if self.heard is None:
            before = _("Members were not asked this before the meeting.")
        elif self.heard.too_few:
            before = self.heard.sentence
        else:
            before = _("Answers suggest %(level)s.") % {"level": self.heard.suggested_word}
        if self.agreed is None:
            return before
        return f"{before} {self.ended}"

    @property
    def ended(self) -> str:
        agreed = self.agreed
        if agreed.level is None:
            return {
                levels.NOT_AGREED: _("We did not agree on a level."),
                levels.NOT_RATED: _("We did not talk about it."),
            }.get(agreed.status, f"{sentences.standing(None, agreed.status)}.")
        said = {"level": sentences.level_word(agreed.level)}
        if self.heard and self.heard.suggested == agreed.level:
            return _("We agreed on %(level)s too.") % said
        return _("We agreed on %(level)s.") % said


def parts(counts: Iterable[int]) -> list[Part]:
    """A bar as long as its answers, cut by level.

    >>> [(part.level, part.x, part.width) for part in parts([0, 1, 3, 0, 0])]
    [(1, '0.00', '25.00'), (2, '25.00', '75.00')]
    """
    counts = list(counts)
    found, before = [], 0
    for level, count in enumerate(counts):
        if count:
            x, width = 100 * before / sum(counts), 100 * count / sum(counts)
            found.append(Part(level, count, f"{x:.2f}", f"{width:.2f}", f"{x + width / 2:.2f}", width < NARROW))
        before += count
    return found


@dataclass(frozen=True)
class Milestone:
    """One milestone of a closed quarter with its questions; `steps` once the quarter is submitted."""

    slug: str
    name: str
    url: str
    set_aside: str
    direction: str
    questions: list[Question]
    steps: list[shown.Step]


@dataclass(frozen=True)
class Page:
    """What members answered in one quarter."""

    quarter: Quarter
    headline: str
    milestones: list[Milestone]
    compares: bool
    floors: Mapping
    is_submitted: bool
    wide_first: bool
    beyond_notes: list[str]
    ballots: Mapping = field(default_factory=dict)  # how many sent answers, as bands

    @property
    def questions(self) -> list[Question]:
        """Every question in the order of the record."""
        return [question for milestone in self.milestones for question in milestone.questions]

    @property
    def in_order(self) -> list[Question]:
        """The questions in the order that was asked for."""
        return sorted(self.questions, key=lambda q: not q.is_wide) if self.wide_first else self.questions

    @property
    def has_answers(self) -> bool:
        """Whether enough people answered some question."""
        return any(q.heard and not q.heard.too_few for q in self.questions)

    @property
    def has_sides(self) -> bool:
        return any(q.heard and q.heard.sides for q in self.questions)

    @property
    def has_bars(self) -> bool:
        return any(q.bar for q in self.questions)

    @property
    def is_first(self) -> bool:
        """Whether nobody was asked where a milestone moved: there was no quarter before."""
        return not any(milestone.direction for milestone in self.milestones)

    @property
    def one_each(self) -> bool:
        """Whether each milestone has one question, so that its row says all of it."""
        return all(len(milestone.questions) <= 1 for milestone in self.milestones)

    def milestone(self, slug: str) -> Milestone | None:
        return next((milestone for milestone in self.milestones if milestone.slug == slug), None)


def build(closed, record, *, url, notes: Mapping = {}, wide_first=False) -> Page:  # noqa: B006  read, never written
    """The page of a closed quarter (`Closed`), with its record (`page.CoalitionPage`) once it is submitted.

    `url` gives the address of a milestone's page from its slug.
    """
    items = {item["id"]: item for item in closed.release["indicators"]}
    labels = {row["milestone"]: row["label"] for row in closed.release["directions"]}
    told = {milestone.slug: milestone for milestone in record.milestones} if record else {}
    agreed = {indicator.code: indicator for milestone in told.values() for indicator in milestone.indicators}
    milestones, one_each = [], len(closed.asked) <= len({of.milestone for of in closed.asked})
    for slug, name in closed.milestones.items():
        asked = [of for of in closed.asked if of.milestone == slug]
        known = told.get(slug)
        label = known.row.direction_label if known else labels.get(slug, levels.NOT_ASKED)
        aside = known.set_aside if known else closed.set_asides.get(slug, "")  # of what was submitted, not of a draft
        milestones.append(
            Milestone(
                slug=slug,
                name=name,
                url=url(slug),
                set_aside=aside,
                direction=sentences.direction(label),
                questions=[
                    question(of, items.get(of.id), closed, agreed.get(of.code), url(slug), notes.get(of.id, []),
                             label=name if one_each else of.title)
                    for of in asked
                ] if not aside else [],
                steps=known.steps if known else [],
            )
        )  # fmt: skip
    ballots = closed.release["ballots"]
    page = Page(
        quarter=closed.quarter, headline="", milestones=milestones,
        compares=closed.release["room_sees"] == disclosure.COMPARE_VOICES,
        floors=closed.release["floors"], is_submitted=record is not None, wide_first=wide_first,
        beyond_notes=notes.get(None, []), ballots=ballots,
    )  # fmt: skip
    return replace(page, headline=headline(page))


def question(of, item, closed, agreed, url: str, notes: list[str], *, label: str) -> Question:
    release = closed.release
    heard = Heard(item, release["room_sees"], of.milestone in closed.defers, release["floors"]) if item else None
    level = agreed.level if agreed else None
    status = agreed.status if agreed else PENDING
    row = sentences.LevelRow(
        label=label, url=url, level=level, level_name=sentences.level_word(level), status=status,
        status_label=sentences.standing(None, status) if agreed else _("Not agreed yet"),
        note="", core_only=False, previous_level=None,
        suggested_level=heard.suggested if heard else None,
        suggested_name=str(heard.suggested_word) if heard else "",
        notes=sentences.by_members("", heard) if heard else (_("Members were not asked this before the meeting."),),
    )  # fmt: skip
    return Question(of.code, of.title, of.question, heard, agreed, row, notes)


def headline(page: Page) -> str:
    """The point of a quarter's answers: where they are wide, where the sides stand apart, what may have shifted."""
    heard = [q.heard for q in page.questions if q.heard and not q.heard.too_few]
    if not heard:
        return _("Too few people answered to show this.")
    wide, apart = sum(h.is_wide for h in heard), sum(h.apart for h in heard)
    said = [
        ngettext(
            "Answers are wide on %(count)s question: a good place to talk.",
            "Answers are wide on %(count)s questions: good places to talk.",
            wide,
        )
        % {"count": wide}
        if wide
        else _("Answers are close on every question that enough people answered.")
    ]
    if apart:
        said.append(
            ngettext(
                "On %(count)s question the two sides stand two levels or more apart.",
                "On %(count)s questions the two sides stand two levels or more apart.",
                apart,
            )
            % {"count": apart}
        )
    return " ".join([*said, *moved(page)])


def moved(page: Page) -> list[str]:
    """How many milestones may have shifted, and how many show no clear change."""
    still = str(sentences.DIRECTIONS["no_clear_change"])
    too_few = str(sentences.DIRECTIONS[levels.TOO_FEW])
    labels = [milestone.direction for milestone in page.milestones if milestone.direction not in ("", too_few)]
    unmoved = labels.count(still)
    shifted = len(labels) - unmoved
    said = []
    if shifted:
        text = ngettext("%(count)s milestone may have shifted.", "%(count)s milestones may have shifted.", shifted)
        said.append(text % {"count": shifted})
    if unmoved:
        text = ngettext(
            "%(count)s milestone shows no clear change.", "%(count)s milestones show no clear change.", unmoved
        )
        said.append(text % {"count": unmoved})
    return said
