"""Where a coalition is and what changed, as figures. From a page's rows; no database."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import levels, words
from assessments.reports import rows, sentences, shown
from assessments.reports.figures import (
    Column,
    Compare,
    Figure,
    level_columns,
    level_said,
    levels_by_name,
    milestone_columns,
    status_in_files,
)
from assessments.reports.page import CoalitionPage
from assessments.reports.svg import tracks


def of_page(page: CoalitionPage) -> dict[str, Figure]:
    """The figures of levels of one page, by name; without those that have nothing to show."""
    standing = [m for m in page.milestones if m.row.shows_level]
    found = {}
    if standing:
        found["now"] = now(page, standing)
    if any(m.move.since for m in standing):
        found["changed"] = changed(page, standing)
    return found


def row_of(milestone: shown.Milestone) -> dict:
    """The columns that every row of a milestone's level has."""
    row = milestone.row
    return {
        "milestone_number": row.number,
        "milestone_slug": row.slug,
        "milestone_name": milestone.name,
        "level": row.level,
        "level_name": sentences.level_word(row.level),
        "level_status": status_in_files(row.status),
        "level_rule": row.rule,
        "evidence_tag": row.evidence_tag,
    }


def marks_of(row) -> tuple[tracks.Mark, ...]:
    """The mark of a row's level, if it has one."""
    return () if row["level"] is None else (tracks.Mark(tracks.LEVEL, row["level"], level_said(row)),)


# Where we are


def now(page: CoalitionPage, standing: Sequence[shown.Milestone]) -> Figure:
    tells = any(m.heard for m in standing)  # what members answered may be known: the level suggested, or too few
    found = [of_now(m, tells) for m in standing]
    key = [(tracks.LEVEL, _("The level that was agreed"))]
    how = _("Each row is one milestone. The square stands at the level that the coalition agreed.")
    if page.suggests:
        key.append((tracks.SUGGESTED, _("What the answers suggest")))
        how += " " + _("The tick above it is what the members' answers suggest.")
    return Figure(
        name="now",
        topic=_("Where it stands in %(quarter)s") % {"quarter": page.quarter.label},
        title=said_of_levels([m.row for m in standing]),
        how=how,
        coalition=page.coalition,
        when=page.quarter.label,
        columns=(
            *milestone_columns(),
            *level_columns(_("Level")),
            Column("level_rule"),
            Column("evidence_tag", _("Evidence"), lambda row: words.TAGS.get(row["evidence_tag"], "")),
            *(of_suggestions() if tells else ()),
        ),
        rows=found,
        draw=tracks.drawing([track_now(m, row) for m, row in zip(standing, found, strict=True)], levels_by_name(), key),
        chart="reports/figures/now.html",
        data={"rows": [row_now(m) for m in standing], "suggests": page.suggests},
        notes=notes_of(page, standing),
        quarter=page.quarter,
        inside=page.inside,
    )


def row_now(milestone: shown.Milestone) -> sentences.LevelRow:
    """The row on the page: the level and what the answers suggest, nothing of an earlier quarter."""
    quiet = milestone.row._replace(direction_label="")
    row = sentences.level_row(milestone.name, quiet, rows.Move(levels.FIRST), f"#{milestone.slug}", milestone.heard)
    return replace(row, note=evidence_said(milestone.row))


def evidence_said(row: rows.Row) -> str:
    if row.level is None or row.evidence_tag not in words.TAGS:
        return ""
    return _("Evidence: %(tag)s") % {"tag": words.TAGS[row.evidence_tag]}


def of_now(milestone: shown.Milestone, tells: bool) -> dict:
    row = row_of(milestone)
    if tells:
        row |= suggestion_of(milestone)
    return row


def suggestion_of(milestone: shown.Milestone) -> dict:
    """What the members' answers say of a milestone where one question stands for it."""
    heard = milestone.heard
    if heard is None:
        status = levels.NOT_RATED if milestone.row.members_view else levels.NOT_SHARED
        return {"suggested_level": None, "suggested_status": status, "n_band": "none", "agreement": "none"}
    return {
        "suggested_level": heard.suggested,
        "suggested_status": heard.item["level_status"],
        "n_band": heard.item["n_band"],
        "agreement": heard.item["agreement"],
    }


def of_suggestions() -> tuple[Column, ...]:
    return (
        Column("suggested_level", _("Answers suggest"), suggested_said),
        Column("suggested_status"),
        Column("n_band", _("How many"), lambda row: band_said(row["n_band"])),
        Column("agreement", _("Close or wide"), agreement_said),
    )


def suggested_said(row) -> str:
    if row["suggested_level"] is None:
        return sentences.standing(None, row["suggested_status"])
    return f"{sentences.level_word(row['suggested_level'])} ({row['suggested_level']})"


def band_said(band: str) -> str:
    return "" if band == "none" else band.replace("-", "–")


def agreement_said(row) -> str:
    return {"close": _("Close"), "wide": _("Wide: a good place to talk")}.get(row["agreement"], "")


def track_now(milestone: shown.Milestone, row: dict) -> tracks.Track:
    marks = marks_of(row)
    if row.get("suggested_level") is not None:
        marks += (tracks.Mark(tracks.SUGGESTED, row["suggested_level"], suggested_said(row)),)
    drawn = row_now(milestone)
    level = f"{level_said(row)} · {_('core only')}" if milestone.row.core_only else level_said(row)
    said = (level, ". ".join(word for word in (drawn.note, *drawn.notes) if word))
    return tracks.Track(milestone.name, marks, tuple(w for w in said if w), milestone.row.status)


def said_of_levels(found: Sequence[rows.Row]) -> str:
    """How many milestones have a level and between which words they lie; how many have none."""
    given = sorted(row.level for row in found if row.level is not None)
    without = len(found) - len(given)
    if not given:
        return _("No milestone has a level in this quarter. Each row says why.")
    low, high = sentences.level_word(given[0]), sentences.level_word(given[-1])
    parts = {"count": len(given), "low": low, "high": high}
    if low == high:
        text = ngettext(
            "%(count)s milestone has a level: %(low)s.",
            "%(count)s milestones have a level, each of them %(low)s.",
            len(given),
        )
    else:
        text = _("%(count)s milestones have a level, from %(low)s to %(high)s.")
    said = [text % parts]
    if without:
        said.append(
            ngettext("%(count)s has none; its row says why.", "%(count)s have none; their rows say why.", without)
            % {"count": without}
        )
    return " ".join(said)


def notes_of(page: CoalitionPage, standing: Sequence[shown.Milestone]) -> tuple[str, ...]:
    """What is not in the figure, and why."""
    story_only = [m.name for m in page.milestones if m not in standing]
    found = [_("Core only: one question was asked.")] if any(m.row.core_only for m in standing) else []
    if story_only:
        found.append(_("Story only: %(names)s.") % {"names": ", ".join(story_only)})
    if page.not_shared:
        found.append(_("Not shared: %(names)s.") % {"names": ", ".join(page.not_shared)})
    return tuple(found)


# What changed


def changed(page: CoalitionPage, standing: Sequence[shown.Milestone]) -> Figure:
    found = [of_change(m, page.tells_direction) for m in standing]
    moves = {m.move.since for m in standing if m.move.since}
    since = max(moves).label
    drawn = [row_changed(m, page) for m in standing]
    how = _("The open circle is the level of the earlier quarter. A line joins it to the level now.")
    if page.tells_direction and any(row.line in (tracks.DOTTED, tracks.SOLID, tracks.HEAD) for row in drawn):
        how += " " + _("A dotted line: members show no clear change. Thick: a possible shift. With a head: a shift.")
    if any(row.broken for row in drawn):
        how += " " + _("Two upright lines: a question changed, so the two are not compared.")
    key = [(tracks.LEVEL, page.quarter.label)]
    if any(row.previous_level is not None for row in drawn):
        key.append((tracks.BEFORE, since if len(moves) == 1 else _("The quarter compared with")))
    return Figure(
        name="changed",
        topic=_("What changed since %(quarter)s") % {"quarter": since},
        title=page.headline,
        how=how,
        coalition=page.coalition,
        when=_("%(quarter)s, compared with %(since)s") % {"quarter": page.quarter.label, "since": since},
        columns=(
            *milestone_columns(),
            *level_columns(page.quarter.label),
            Column("change_since", _("Compared with"), lambda row: row["since_label"]),
            Column("level_before", _("Level then"), before_said),
            Column("change", _("What changed"), lambda row: row["words"]),
            Column("compared_on"),
            *(
                (Column("direction_label", _("Members"), lambda row: sentences.direction(row["direction_label"])),)
                if page.tells_direction
                else ()
            ),
        ),
        rows=found,
        draw=tracks.drawing(
            [track_changed(m, row, on) for m, row, on in zip(standing, found, drawn, strict=True)],
            levels_by_name(),
            key,
        ),
        chart="reports/figures/changed.html",
        data={"rows": drawn, "since": since if len(moves) == 1 else "", "tells_direction": page.tells_direction},
        notes=(_("A dip can mean people feel safer to be honest."),),
        quarter=page.quarter,
        inside=page.inside,
        compare=Compare(page.quarter, page.earlier, page.since),
    )


def of_change(milestone: shown.Milestone, tells_direction: bool) -> dict:
    move = milestone.move
    row = row_of(milestone) | {
        "change_since": str(move.since or ""),
        "since_label": move.since.label if move.since else "",
        "level_before": move.before,
        "before_status": move.status_before,
        "change": move.kind,
        "compared_on": "none" if move.kind in (levels.FIRST, levels.NOT_COMPARABLE) else "core_indicator"
        if move.by_core else "level",
        "words": sentences.compared(move) or _("Not shown in the earlier quarter"),
    }  # fmt: skip
    if tells_direction:
        row["direction_label"] = milestone.row.direction_label or levels.NOT_SHARED
    return row


def before_said(row) -> str:
    if not row["since_label"]:
        return ""
    if row["level_before"] is None:
        return sentences.standing(None, row["before_status"])
    return f"{sentences.level_word(row['level_before'])} ({row['level_before']})"


def line_of(row: rows.Row, move: rows.Move) -> str:
    """How the two marks are joined: by what members say of the same way, thin where they do not say it or were
    asked about another quarter.
    """
    if move.comparable_level is None or not move.moved:
        return ""
    if move.since != rows.quarter_before(row.quarter):
        return tracks.THIN
    way = "forward" if move.kind == levels.UP else "back"
    lines = {
        "no_clear_change": tracks.DOTTED,
        f"possible_shift_{way}": tracks.SOLID,
        f"shift_{way}": tracks.HEAD,
    }
    return lines.get(row.direction_label, tracks.THIN)


def row_changed(milestone: shown.Milestone, page: CoalitionPage) -> sentences.LevelRow:
    """The row on the page: the level beside the earlier one, what members say of it, and a break."""
    row = sentences.level_row(milestone.name, milestone.row, milestone.move, f"#{milestone.slug}")
    return replace(row, line=line_of(milestone.row, milestone.move), broken=milestone.move.new_series)


def track_changed(milestone: shown.Milestone, row: dict, drawn: sentences.LevelRow) -> tracks.Track:
    marks = marks_of(row)
    if drawn.previous_level is not None and drawn.previous_level != row["level"]:
        marks += (tracks.Mark(tracks.BEFORE, drawn.previous_level, before_said(row)),)
    said = tuple(w for w in (level_said(row), row["words"], *drawn.notes) if w)
    return tracks.Track(milestone.name, marks, said, milestone.row.status, drawn.line, drawn.broken)
