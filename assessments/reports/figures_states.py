"""The views across states as figures: table, list and boxes. From what the page shows; no database."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import levels
from assessments.reports import crossing, rows, sentences
from assessments.reports.figures import Column, levels_by_name
from assessments.reports.figures_across import (
    Across,
    View,
    milestone_columns,
    of_level,
    of_whom,
    said_of_level,
    whose_columns,
)
from assessments.reports.svg import boxes, grid, tracks


def columns() -> tuple[Column, ...]:
    """What table, list and boxes say of one milestone of one coalition."""
    return (
        *whose_columns(), *milestone_columns(),
        Column("level", _("Level"), said_of_level), Column("level_name"), Column("level_status"), Column("level_rule"),
        Column("level_before", _("The quarter before"), said_before), Column("change"),
    )  # fmt: skip


def said_before(row) -> str:
    """The level of the quarter before, where it is shared, compares and was another."""
    if row["level_before"] is None:
        return ""
    return f"{sentences.level_word(row['level_before'])} ({row['level_before']})"


def of_lines(view: View, groups: Iterable[crossing.StateGroup]) -> list[dict]:
    """A row for each coalition and milestone, in the order of the page."""
    return [
        of_whom(line.coalition, view.chosen.quarter) | view.of_milestone(slug) | of_cell(cell)
        for group in groups
        for line in group.lines
        for slug, cell in zip(view.slugs, line.cells, strict=True)
    ]


def of_cell(cell: crossing.Cell) -> dict:
    return of_level(cell.level, cell.status, cell.core_only) | {"level_before": cell.was, "change": cell.change}


def all_lines(groups: Iterable[crossing.StateGroup]) -> list[crossing.Line]:
    return [line for group in groups for line in group.lines]


def said_of(lines: Sequence[crossing.Line], earlier: str) -> str:
    """How many coalitions give a level, how many of them moved; how many say why there is none, or share a story."""
    given = [line for line in lines if any(cell.level is not None for cell in line.cells)]
    told = [line for line in lines if all(c.status in (rows.STORY_ONLY, levels.NOT_SHARED) for c in line.cells)]
    moved = sum(any(cell.was is not None for cell in line.cells) for line in given)
    without = len(lines) - len(given) - len(told)
    said = [ngettext("%(count)s coalition gives a level.", "%(count)s coalitions give a level.", len(given))]
    said[0] = said[0] % {"count": len(given)} if given else _("No coalition gives a level here.")
    if moved:
        text = ngettext("%(count)s moved since %(quarter)s.", "%(count)s moved since %(quarter)s.", moved)
        said.append(text % {"count": moved, "quarter": earlier})
    if without:
        text = ngettext("%(count)s says why there is none.", "%(count)s say why there is none.", without)
        said.append(text % {"count": without})
    if told:
        text = ngettext("%(count)s shares a story alone.", "%(count)s share a story alone.", len(told))
        said.append(text % {"count": len(told)})
    return " ".join(said)


def notes_of(lines: Iterable[crossing.Line]) -> tuple[str, ...]:
    if any(cell.core_only for line in lines for cell in line.cells):
        return (_("Core only: one question was asked."),)
    return ()


def table(view: View, groups: Sequence[crossing.StateGroup]) -> Across:
    """Every milestone of every coalition of the page."""
    found = all_lines(groups)
    how = _("A row for each coalition, A to Z by state. Each rates itself.")
    if any(cell.was is not None for line in found for cell in line.cells):
        how += " " + _("“Was” is its own level in the quarter before.")

    def draw(top):
        drawn = [
            grid.Group(group.name, [(line.coalition.name, list(map(in_grid, line.cells))) for line in group.lines])
            for group in groups
        ]
        return grid.drawing([view.names[slug] for slug in view.slugs], drawn, grid.levels_key(levels_by_name()))(top)

    return view.figure(
        name="table", title=said_of(found, view.earlier), how=how, columns=columns(),
        rows=lambda: of_lines(view, groups), draw=draw, chart="reports/_table.html", notes=notes_of(found),
        own_table=False,
    )  # fmt: skip


def in_grid(cell: crossing.Cell) -> grid.Cell:
    """A cell as it is drawn: its level in words is its title, what was before stands small below it."""
    row = of_cell(cell)
    small = [_("core")] if cell.core_only and cell.level is not None else []
    if cell.was is not None:
        small.append(_("was %(level)s") % {"level": cell.was})
    return grid.Cell(said_of_level(row), cell.level, cell.status, " · ".join(small))


def one_list(view: View, groups: Sequence[crossing.StateGroup], level_rows: Sequence[sentences.LevelRow]) -> Across:
    """One milestone: a level row for each coalition, beside the quarter before."""
    found = all_lines(groups)
    key = [(tracks.LEVEL, view.chosen.quarter.label)]
    if any(cell.was is not None for line in found for cell in line.cells):
        key.append((tracks.BEFORE, view.earlier))

    def draw(top):
        drawn = [track(line, row) for line, row in zip(found, level_rows, strict=True)]
        return tracks.drawing(drawn, levels_by_name(), key)(top)

    return view.figure(
        name="list", title=said_of(found, view.earlier),
        how=_("A row for each coalition, A to Z by state. Each rates itself."), columns=columns(),
        rows=lambda: of_lines(view, groups), draw=draw, chart="reports/_list.html", notes=notes_of(found),
    )  # fmt: skip


def track(line: crossing.Line, row: sentences.LevelRow) -> tracks.Track:
    cell = line.cells[0]
    words = said_of_level(of_cell(cell))
    marks = () if cell.level is None else (tracks.Mark(tracks.LEVEL, cell.level, words),)
    if cell.was is not None:
        marks += (tracks.Mark(tracks.BEFORE, cell.was, sentences.level_word(cell.was)),)
    name = f"{line.coalition.name}, {line.coalition.state_name}"
    return tracks.Track(name, marks, tuple(w for w in (words, row.note) if w), cell.status, tracks.THIN)


def grouped(view: View, groups: Sequence[crossing.StateGroup]) -> Across:
    """One milestone: coalitions in five boxes by its level; the table stays A to Z."""
    found = all_lines(groups)

    def draw(top):
        named = [
            (word, [name_of(line) for line in found if line.cells[0].level == level])
            for level, word in enumerate(levels_by_name())
        ]
        rest = [f"{name_of(line)}: {said_of_level(of_cell(line.cells[0]))}"
                for line in found if line.cells[0].level is None]  # fmt: skip
        return boxes.drawing(named, _("None here"), _("Without a level here"), rest)(top)

    return view.figure(
        name="boxes", title=said_of(found, view.earlier),
        how=_("Five boxes of one size, A to Z inside. A box is no place in an order: each coalition sets its own bar."),
        columns=columns(), rows=lambda: of_lines(view, groups), draw=draw, chart="reports/_boxes.html",
        notes=notes_of(found),
    )  # fmt: skip


def name_of(line: crossing.Line) -> str:
    return f"{line.coalition.name}, {line.coalition.state_name}"
