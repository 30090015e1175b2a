"""The map of states as a figure. From what the page shows; no database."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import levels
from assessments.reports import crossing, rows, sentences
from assessments.reports.figures import Column, levels_by_name
from assessments.reports.figures_across import Across, View, milestone_columns
from assessments.reports.svg import tiles


def tile_map(view: View, state_lines: Sequence, all_tiles: Sequence) -> Across:
    """Every state as a tile; a row for each with a coalition. Both are given A to Z with their words."""
    shaded = bool(view.chosen.shade)
    kinds = {
        tiles.SHARED: _("Level and story shared"), tiles.STORY: _("Story only"), tiles.NOTHING: _("Nothing shared"),
    }  # fmt: skip

    def draw(top):
        return tiles.drawing(
            [on_map(line) for line in all_tiles], list(kinds.items()), levels_by_name() if shaded else ()
        )(top)

    return view.figure(
        name="map", title=said_of_map([line.tile for line in state_lines]),
        how=_("A state with one coalition that shares its level has the color of that level. Where several share, a number in brackets says how many: they are never made into one.")  # noqa: E501
        if shaded else _("The fill says the most that a coalition of the state shares. It does not say a level."),
        when=view.chosen.quarter.label,
        columns=(
            Column("state_code"), Column("state_name", _("State")), Column("sample_data"), Column("quarter"),
            Column("quarter_start"), *milestone_columns(),
            Column("shared", _("What is shared"), lambda row: row["words"]),
            *((Column("coalitions_with_level"), Column("level"), Column("level_name"), Column("level_status"))
              if shaded else ()),
        ),
        rows=lambda: [of_state(view, line) for line in state_lines], draw=draw, chart="reports/_map.html",
        own_table=False,
    )  # fmt: skip


SHARED = {"level": rows.LEVEL_AND_STORY, "story": rows.STORY, "nothing": rows.NOTHING}
SEVERAL = "several_coalitions"  # a status of this figure alone: their levels are never made into one
KINDS = {"level": tiles.SHARED, "story": tiles.STORY, "nothing": tiles.NOTHING, "": ""}


def of_state(view: View, line) -> dict:
    """One state; how many share their level, and which, only where the map is colored by level."""
    tile, place = line.tile, line.tile.place
    one = tile.shaded and tile.of.with_level == 1
    status = tile.of.status if one else SEVERAL if tile.of.with_level else levels.NOT_SHARED
    return {
        "state_code": place.code, "state_name": place.name, "sample_data": int(place.sample),
        "quarter": str(view.chosen.quarter), "quarter_start": view.chosen.quarter.start.isoformat(),
        **view.of_milestone(view.chosen.milestone),
        "shared": SHARED[tile.kind],
        "coalitions_with_level": tile.of.with_level,
        "level": tile.level, "level_name": sentences.level_word(tile.level), "level_status": status,
        "words": line.words,
    }  # fmt: skip


def on_map(line) -> tiles.Tile:
    tile, place = line.tile, line.tile.place
    return tiles.Tile(place.code, place.row, place.column, KINDS[tile.kind], f"{place.name}: {line.words}", tile.level,
                      tile.several)  # fmt: skip


def said_of_map(found: Sequence[crossing.Tile]) -> str:
    """In how many states what is shared, or shows; no state is named."""
    kinds = [tile.kind for tile in found]
    level, story, nothing = (kinds.count(kind) for kind in ("level", "story", "nothing"))
    shown, several = (sum(getattr(tile, name) is not None for tile in found) for name in ("level", "several"))
    if any(tile.shaded for tile in found):
        parts = [
            (shown, ngettext("%(count)s state has the color of its level", "%(count)s states have the color of their level", shown)),  # noqa: E501
            (several, ngettext("in %(count)s several coalitions share one, each on its own", "in %(count)s several coalitions share one, each on its own", several)),  # noqa: E501
            (level - shown - several, ngettext("%(count)s says why it has none", "%(count)s say why they have none", level - shown - several)),  # noqa: E501
        ]  # fmt: skip
    else:
        parts = [
            (
                level,
                ngettext(
                    "level and story are shared in %(count)s state",
                    "level and story are shared in %(count)s states",
                    level,
                ),
            )
        ]  # noqa: E501
    parts += [
        (story, ngettext("a story alone in %(count)s", "a story alone in %(count)s", story)),
        (nothing, ngettext("nothing in %(count)s", "nothing in %(count)s", nothing)),
    ]
    said = "; ".join(text % {"count": count} for count, text in parts if count)
    return f"{said[:1].upper()}{said[1:]}." if said else _("No state has a coalition here.")
