"""Who took part, and how the two sides see it, as figures: from the release's own values, bands and sides alone.

What may be shown was decided before: a `Heard` without sides, or ballots without bands, gives a figure nothing to draw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import disclosure, levels, words
from assessments.discussing.heard import Heard
from assessments.quarters import Quarter
from assessments.reports import heard_rows, rows, sentences
from assessments.reports.figures import Column, Figure, level_columns, levels_by_name
from assessments.reports.page import CoalitionPage
from assessments.reports.svg import bands, tracks


@dataclass(frozen=True)
class Asked:
    """One question that members answered: where it stands, what was heard, and the level that was agreed."""

    slug: str
    milestone: str
    code: str
    label: str
    url: str
    heard: Heard
    agreed: int | None


def of_page(page: CoalitionPage) -> dict[str, Figure]:
    """Both figures of a page that funders, its preview or a revision show, as far as its rows let out."""
    asked = [
        Asked(m.slug, m.name, i.code, m.name if m.heard else i.title, f"#{m.slug}", i.heard, i.level)
        for m in page.milestones
        for i in m.indicators
        if i.heard
    ]
    return figures(page.coalition, page.quarter, asked, page.ballots, inside=page.inside)


def of_heard(heard: heard_rows.Page, coalition: rows.Coalition) -> dict[str, Figure]:
    """Both figures of what was heard inside, before and after the record is submitted."""
    asked = [
        Asked(m.slug, m.name, q.code, q.row.label, q.row.url, q.heard, q.level)
        for m in heard.milestones
        for q in m.questions
        if q.heard
    ]
    if heard.wide_first:
        asked.sort(key=lambda one: not one.heard.is_wide)
    return figures(
        coalition, heard.quarter, asked, heard.ballots, inside=True, compares=heard.compares, floors=heard.floors
    )


def figures(coalition, quarter: Quarter, asked: Sequence[Asked], ballots, *, inside: bool, compares=None, floors=None):
    """The figures by name; without sides no voices, without ballots nobody who took part.

    `floors` are those of the release, where it is there to say them; else this site's own.
    """
    floors = floors or {"whole": words.floors().whole, "side": words.floors().side}
    compares = any(one.heard.room_sees == disclosure.COMPARE_VOICES for one in asked) if compares is None else compares
    found = {}
    if ballots:
        found["took_part"] = took_part(coalition, quarter, ballots, floors, inside=inside, compares=compares)
    if any(one.heard.sides for one in asked):
        found["voices"] = voices(coalition, quarter, asked, floors, inside=inside)
    return found


# How the two sides see it


def side_name(side: str) -> str:
    return {disclosure.PARENTS_PROVIDERS: _("Parents and providers"), disclosure.EVERYONE_ELSE: _("Everyone else")}.get(
        side, _("Everybody who sent answers")
    )


def voices(coalition, quarter: Quarter, asked: Sequence[Asked], floors: Mapping, *, inside: bool) -> Figure:
    seen = [one for one in asked if one.heard.sides]
    key = [(tracks.PARENTS, _("Parents and providers")), (tracks.OTHERS, _("Everyone else"))]
    if any(one.agreed is not None for one in seen):
        key.append((tracks.AGREED, _("What was agreed")))
    found = [row for one in asked for row in rows_of_sides(one)]
    return Figure(
        name="voices",
        topic=_("How parents and providers see it"),
        title=said_of_sides(seen),
        how=_("Two lanes a row: parents and providers above, everyone else below. A bar joins them."),
        coalition=coalition,
        when=quarter.label,
        columns=(
            Column("milestone_slug"),
            Column("milestone_name"),
            Column("indicator_code"),
            Column("indicator_title", _("Question")),
            Column("side", _("Side"), lambda row: side_name(row["side"])),
            *level_columns(_("Level")),
            Column("agreed_level", _("Agreed"), agreed_said),
        ),
        rows=found,
        draw=tracks.drawing([track_of(one) for one in seen], levels_by_name(), key),
        chart="reports/figures/voices.html",
        data={"asked": seen, "agreed": len(key) == 3, "reorders": inside},
        notes=(sides_note(floors["side"]),),
        quarter=quarter,
        inside=inside,
    )


def rows_of_sides(one: Asked) -> list[dict]:
    """A row a side; where the two are not shown, the status that says why, the same for both."""
    of_sides = dict(zip(disclosure.SIDES, one.heard.sides, strict=True)) if one.heard.sides else {}
    return [
        {
            "milestone_slug": one.slug,
            "milestone_name": one.milestone,
            "indicator_code": one.code,
            "indicator_title": one.label,
            "side": side,
            "level": of_sides[side].level if of_sides else None,
            "level_name": str(of_sides[side].word) if of_sides else "",
            "level_status": levels.RATED if of_sides else one.heard.item["sides_status"],
            "agreed_level": one.agreed,
        }
        for side in disclosure.SIDES
    ]


def agreed_said(row) -> str:
    if row["agreed_level"] is None:
        return ""
    return f"{sentences.level_word(row['agreed_level'])} ({row['agreed_level']})"


def track_of(one: Asked) -> tracks.Track:
    marks = [
        tracks.Mark(kind, side.level, f"{side.name}: {side.word}")
        for kind, side in zip((tracks.PARENTS, tracks.OTHERS), one.heard.sides, strict=True)
    ]
    said = [f"{side.name}: {side.word}" for side in one.heard.sides]
    if one.agreed is not None:
        word = sentences.level_word(one.agreed)
        marks.append(tracks.Mark(tracks.AGREED, one.agreed, _("Agreed: %(level)s") % {"level": word}))
        said.append(marks[-1].said)
    if one.heard.gap_sentence:
        said.append(one.heard.gap_sentence)
    return tracks.Track(one.label, tuple(marks), tuple(said))


def said_of_sides(seen: Sequence[Asked]) -> str:
    """On how many questions the two sides stand two levels or more apart; one level is not called out."""
    apart = sum(one.heard.apart for one in seen)
    if not apart:
        return _("Nowhere here do the two sides stand two levels or more apart.")
    return ngettext(
        "On %(count)s question the two sides stand two levels or more apart.",
        "On %(count)s questions the two sides stand two levels or more apart.",
        apart,
    ) % {"count": apart}


def sides_note(least: int) -> str:
    return _("We show the two sides only when each has %(least)s or more answers.") % {"least": least}


# Who took part


def took_part(
    coalition, quarter: Quarter, ballots: Mapping, floors: Mapping, *, inside: bool, compares: bool
) -> Figure:
    found = [{"side": "whole", "n_band": ballots["n_band"]}]
    found += [{"side": side, "n_band": ballots["sides"][side]} for side in disclosure.SIDES] if ballots["sides"] else []
    few = ballots["n_band"] == disclosure.NONE
    if few:
        title = _("Fewer than %(least)s people sent answers, so we show nothing of them.") % {"least": floors["whole"]}
    else:
        title = " ".join(
            [_("%(band)s people sent answers.") % {"band": band_of(ballots["n_band"])}]
            + [f"{side_name(r['side'])}: {band_of(r['n_band'])}." for r in found[1:]]
        )
    return Figure(
        name="took-part",
        topic=_("Who took part"),
        title=title,
        how=_("We say how many as a band, never the number, so that nobody can be counted out."),
        coalition=coalition,
        when=quarter.label,
        columns=(
            Column("side", _("Who"), lambda row: side_name(row["side"])),
            Column("n_band", _("How many"), lambda row: band_of(row["n_band"])),
        ),
        rows=found,
        draw=bands.drawing([bands.Row(side_name(r["side"]), r["n_band"], band_of(r["n_band"])) for r in found]),
        chart="reports/figures/took_part.html",
        data={"rows": [(side_name(r["side"]), r["n_band"], band_of(r["n_band"])) for r in found],
              "bands": [(band, band_of(band)) for band in bands.BANDS]},
        notes=() if few else part_notes(ballots, compares, floors),
        quarter=quarter,
        inside=inside,
    )  # fmt: skip


def band_of(band: str) -> str:
    return _("Too few to show") if band == disclosure.NONE else band.replace("-", "–")


def part_notes(ballots: Mapping, compares: bool, floors: Mapping) -> tuple[str, ...]:
    if not compares:
        return (_("No voices were asked this quarter."),)
    return () if ballots["sides"] else (sides_note(floors["side"]),)
