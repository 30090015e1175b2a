"""The page of one state: rows, put together with their words for the templates. No database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.levels import NOT_ASKED, NOT_SHARED
from assessments.quarters import Quarter
from assessments.reports import crossing, figures_levels, figures_time, page, rows, sentences, shown
from assessments.reports.figures import Figure, with_files

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


def in_a_row(cells: Iterable[crossing.Cell], said: dict) -> SafeString:
    """The cells of one row of a table; `said` keeps what was written already, for all rows that say the same."""
    cells = list(cells)
    for cell in cells:
        if cell not in said:
            said[cell] = render_to_string("reports/_cell.html", {"cell": written(cell)})
    return format_html_join("", "{}", ((said[cell],) for cell in cells))


@dataclass(frozen=True)
class Portrait:
    """One coalition on its state's page: its last shared quarter, its words, and its levels over the quarters."""

    coalition: rows.Coalition
    page: page.CoalitionPage
    level_rows: list[sentences.LevelRow]
    stories: list[tuple[str, str]]
    steps: list[tuple[str, shown.Step]]
    evidence: list[tuple[str, shown.EvidenceItem]]
    quarters: list[Quarter]
    history: list[tuple[str, SafeString]]
    levels: list[Figure]  # where it stands and what changed: the files of its level rows
    lines: Figure | None
    picture: figures_time.OnPage | None


def portrait(
    coalition: rows.Coalition, found: Iterable[rows.Row], records: Mapping, events=(), said: dict | None = None
) -> Portrait:
    """One coalition from what may be read of it; `said` keeps the cells that stand on its page already."""
    said = {} if said is None else said
    readable = [row for row in found if row.coalition == coalition.id]
    built = page.build(coalition, coalition.last, readable, records, events=events)
    address = reverse("shared_coalition", args=[coalition.state, coalition.slug])
    files = f"{address}figures/", f"?q={coalition.last.slug}"
    told = [(m.name, m.story) for m in built.milestones if m.story]
    with_steps = [*((m.name, m.steps) for m in built.milestones), (_("Beyond the milestones"), built.beyond_steps)]
    return Portrait(
        coalition=coalition,
        page=built,
        level_rows=[
            replace(
                row,
                url=address + row.url,
                notes=(*row.notes, *([solid] if (solid := figures_levels.evidence_said(m.row)) else [])),
            )
            for m, row in zip([m for m in built.milestones if m.row.shows_level], built.level_rows, strict=True)
        ],
        stories=told,
        steps=[(name, step) for name, steps in with_steps for step in steps][:PORTRAIT_STEPS],
        evidence=[(m.name, item) for m in built.milestones for i in m.indicators for item in i.evidence][
            :PORTRAIT_STEPS
        ],
        levels=list(with_files(figures_levels.of_page(built), *files).values()),
        lines=with_files(figures_time.of_page(built), *files).get("over_time"),
        picture=figures_time.picture(built),
        quarters=built.over_time.quarters,
        history=[
            (line.name, in_a_row((crossing.Cell(p.status, p.level, p.core_only) for p in line.points), said))
            for line in built.over_time.lines
        ],
    )


def levels() -> list[tuple[int, str]]:
    """The five levels for the key above a chart."""
    return [(level, sentences.level_word(level)) for level in range(5)]
