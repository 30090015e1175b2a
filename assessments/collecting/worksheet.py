"""The paper ballot as sheets: one page a milestone, more only where its questions do not fit on one.

How much fits is reckoned here, in lines of print, so that the number of pages is known before anybody prints.
"""

import math
from dataclasses import dataclass, field, replace

from django.db.models import prefetch_related_objects
from django.utils.translation import override

from assessments.collecting.asked import asks_direction, on_the_ballot
from assessments.drafting.asked import asked_indicators
from assessments.models import Assessment, Stage
from milestones.bilingual import LANGUAGES
from milestones.models import Milestone

BOTH = "both"
# Measured in Chromium with static/css/paper.css; tests/browser/test_paper.py holds that nothing is cut.
PAGE = 52.4  # lines of 11 pt on Letter, between the margins and under the heads of page and milestone
WIDE, WIDE_BOLD = 109, 105  # characters that fit on one line
RULED = 1.47  # a line to write on is this much higher than a printed one
AROUND = 2.75  # each question's boxes "can't see" and "skip", the tick of its note, and the space between
DIRECTION = 2.5
MOST_RULED = 8  # lines to write on, where there is room
ALONE = 16  # a question of at most so many lines that has a page to itself is printed larger


@dataclass(frozen=True)
class Question:
    """One question on paper: its number, the words of its five boxes, and how many ruled lines its note has."""

    number: int
    text: str
    levels: list[tuple[int, str, str]]
    ruled: int = 1

    @property
    def lines(self) -> range:
        """One item a ruled line."""
        return range(self.ruled)


@dataclass(frozen=True)
class Sheet:
    """One page: `first`, `milestone` or `last`. `number` counts from 1 in its language."""

    kind: str
    number: int = 0
    heading: str = ""
    definition: str = ""
    continued: bool = False
    questions: list[Question] = field(default_factory=list)
    asks_direction: bool = False
    large: bool = False


@dataclass(frozen=True)
class Run:
    """The whole paper in one language, to print and hand out."""

    language: str
    sheets: list[Sheet]


def languages(asked_for: str | None, otherwise: str = BOTH) -> tuple[str, list[str]]:
    """The choice that `?lang=` names, and its languages; `otherwise` for anything unknown."""
    choice = asked_for if asked_for in (BOTH, *LANGUAGES) else otherwise
    return choice, list(LANGUAGES) if choice == BOTH else [choice]


def asked(assessment: Assessment):
    """The questions and milestones of the ballot, in order; in a draft as they stand now."""
    if assessment.stage != Stage.DRAFT:
        return on_the_ballot(assessment)
    aside = set(assessment.set_asides.values_list("milestone__slug", flat=True))
    rows = asked_indicators(assessment).select_related("milestone__rubric")
    indicators = [row for row in rows if row.milestone.slug not in aside]
    milestones: dict[str, Milestone] = {}
    for row in sorted(indicators, key=lambda row: row.milestone.rubric.own):
        milestones.setdefault(row.milestone.slug, row.milestone)
    return indicators, sorted(milestones.values(), key=lambda row: row.number)


def by_milestone(indicators, milestones) -> list[tuple[Milestone, list[tuple[int, object]]]]:
    """Each milestone with its numbered questions: the numbers that stand on paper and beside it on the typing page."""
    found, number = [], 0
    for milestone in milestones:
        rows = [row for row in indicators if row.milestone.slug == milestone.slug]
        found.append((milestone, list(enumerate(rows, number + 1))))
        number += len(rows)
    return found


def runs(assessment: Assessment, chosen: list[str]) -> list[Run]:
    """The paper in each of these languages, page by page."""
    indicators, milestones = asked(assessment)
    prefetch_related_objects(indicators, "descriptors")
    parts, levels = by_milestone(indicators, milestones), list(assessment.rubric.levels.all())
    direction = assessment.has_ballots and asks_direction(assessment)
    made = []
    for language in chosen:
        with override(language):
            names = {level.value: level.name for level in levels}
            sheets = [Sheet("first")]
            for milestone, rows in parts:
                sheets += _sheets(milestone, [_question(number, row, names) for number, row in rows], direction)
            sheets.append(Sheet("last"))
        made.append(Run(language, [replace(sheet, number=number) for number, sheet in enumerate(sheets, 1)]))
    return made


def _question(number, indicator, names) -> Question:
    levels = [(row.value, names[row.value], row.text) for row in indicator.descriptors.all()]
    return Question(number, indicator.question, levels)


def _lines(text: str, wide: int = WIDE) -> int:
    """How many printed lines a text takes; capitals and letters of other scripts are wider."""
    length = len(text) + sum(1.2 if ord(c) > 0x24F else 0.4 for c in text if c.isupper() or ord(c) > 0x24F)
    return max(1, math.ceil(length / wide))


def _height(question: Question) -> float:
    """A question's height in lines, with one ruled line."""
    levels = sum(_lines(f"{name} {value} {text}") for value, name, text in question.levels)
    return _lines(f"{question.number}. {question.text}", WIDE_BOLD) + levels + AROUND + RULED


def _sheets(milestone: Milestone, questions: list[Question], direction: bool) -> list[Sheet]:
    """A milestone's page; more where its questions are too long for one."""
    pages, room = [[]], 0.0
    spare = PAGE - (DIRECTION if direction else 0)
    for question in questions:
        if pages[-1] and room + _height(question) > spare:
            pages.append([])
            room = 0.0
        pages[-1].append(question)
        room += _height(question)
    sheets = []
    for index, rows in enumerate(pages):
        left = spare - sum(_height(row) for row in rows)
        definition = milestone.definition if index == 0 and _lines(milestone.definition) + 0.4 < left else ""
        if definition:
            left -= _lines(definition) + 0.6
        ruled = min(MOST_RULED, 1 + int(max(0, left) / (RULED * len(rows))))
        sheets.append(
            Sheet(
                "milestone",
                heading=f"{milestone.number}. {milestone.name}",
                definition=definition,
                continued=index > 0,
                questions=[replace(row, ruled=ruled) for row in rows],
                asks_direction=direction and index == len(pages) - 1,
                large=len(rows) == 1 and _height(rows[0]) <= ALONE,
            )
        )
    return sheets
