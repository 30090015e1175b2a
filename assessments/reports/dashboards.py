"""The page of one state: rows, put together with their words for the templates. No database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.levels import NOT_ASKED, NOT_SHARED
from assessments.quarters import Quarter
from assessments.reports import crossing, page, rows, sentences, shown

MOST_QUARTERS = 8  # in the small table of a state's page
PORTRAIT_STEPS = 3


@dataclass(frozen=True)
class Written:
    """A cell in words: written once for all cells that say the same."""

    css: str
    number: str
    word: str
    small: tuple[str, ...]
    status: str

    @property
    def has_mark(self) -> bool:
        """Whether this way of having no level has a mark of its own."""
        return self.status not in (NOT_SHARED, NOT_ASKED, rows.STORY_ONLY)


def written(cell: crossing.Cell) -> Written:
    small = [_("core")] if cell.core_only else []
    if cell.was is not None:
        small.append(_("was %(level)s") % {"level": cell.was})
    number = "" if cell.level is None else str(cell.level)
    return Written(cell.css, number, sentences.standing(cell.level, cell.status), tuple(small), cell.status)


@dataclass(frozen=True)
class Portrait:
    """One coalition on its state's page: its last shared quarter, its words, and its levels over the quarters."""

    coalition: rows.Coalition
    page: page.CoalitionPage
    level_rows: list[sentences.LevelRow]
    stories: list[tuple[str, str]]
    steps: list[tuple[str, shown.Step]]
    quarters: list[Quarter]
    history: list[tuple[str, list[Written]]]


def portrait(coalition: rows.Coalition, found: Iterable[rows.Row], records: Mapping) -> Portrait:
    readable = [row for row in found if row.coalition == coalition.id]
    built = page.build(coalition, coalition.last, readable, records)
    address = reverse("shared_coalition", args=[coalition.state, coalition.slug])
    quarters = built.over_time.quarters[-MOST_QUARTERS:]
    told = [(m.name, m.story) for m in built.milestones if m.story]
    if built.beyond:
        told.append((_("Beyond the milestones"), built.beyond))
    with_steps = [*((m.name, m.steps) for m in built.milestones), (_("Beyond the milestones"), built.beyond_steps)]
    return Portrait(
        coalition=coalition,
        page=built,
        level_rows=[replace(row, url=address + row.url) for row in built.level_rows],
        stories=told,
        steps=[(name, step) for name, steps in with_steps for step in steps][:PORTRAIT_STEPS],
        quarters=quarters,
        history=[
            (line.name, [written(crossing.Cell(p.status, p.level, p.core_only)) for p in line.points[-MOST_QUARTERS:]])
            for line in built.over_time.lines
        ],
    )


def levels() -> list[tuple[int, str]]:
    """The five levels for the key above a chart."""
    return [(level, sentences.level_word(level)) for level in range(5)]
