"""The map of states as tiles of one size, each in its place: what is shared there, or a level. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.reports.svg.canvas import COLOURS, MARGIN, element, key_of, mark, text
from assessments.reports.svg.grid import levels_key

SIZE, GAP = 74, 4
LEVEL, SHARED, STORY, NOTHING = "level", "shared", "story", "nothing"
FILLS = {  # fill, edge, width of the edge, dashes, colour of the text
    SHARED: ("primary", "primary", 1, "", "white"),
    STORY: ("white", "primary", 3, "", "ink"),
    NOTHING: ("white", "control", 2, "5 4", "ink-2"),
    "": ("white", "hairline", 1, "", "ink-3"),
}


@dataclass(frozen=True)
class Tile:
    """One state: its code and place, what is shared there (a key of `FILLS`) or its level, that in words, and how
    many coalitions share their level, where these are several.
    """

    code: str
    row: int
    column: int
    kind: str
    said: str = ""
    level: int | None = None
    several: int | None = None


def drawing(tiles: Sequence[Tile], kinds: Sequence[tuple[str, str]], levels: Sequence[str] = ()):
    """How the map is drawn from some height down; `kinds` names each fill, `levels` the levels, if it has any."""

    def draw(top: float) -> tuple[list[str], float]:
        y = top + 8
        parts = key_of(levels_key(levels), MARGIN, y) if levels else []
        y += 34 if levels else 0
        parts += key_of([(in_key(kind), words) for kind, words in kinds], MARGIN, y)
        y += 28
        parts += [drawn(tile, y) for tile in tiles]
        return parts, y + max((tile.row for tile in tiles), default=0) * (SIZE + GAP)

    return draw


def in_key(kind: str) -> str:
    fill, edge, wide, dashes, _words = FILLS[kind]
    return element("rect", x=-10, y=-10, width=20, height=20, rx=4, fill=COLOURS[fill], stroke=COLOURS[edge],
                   stroke_width=wide, stroke_dasharray=dashes)  # fmt: skip


def drawn(tile: Tile, top: float) -> str:
    """One tile; one without a coalition says nothing but its code."""
    x, y = float(MARGIN + 90 + (tile.column - 1) * (SIZE + GAP)), top + (tile.row - 1) * (SIZE + GAP)
    fill, edge, wide, dashes, ink = FILLS[tile.kind]
    if tile.level is not None:
        fill, ink = f"level-{tile.level}", "white" if tile.level >= 3 else "ink"
        edge, wide, dashes = fill if tile.level >= 3 else "level-edge", 1, ""
    inset = wide / 2
    box = element("rect", x=x + inset, y=y + inset, width=SIZE - wide, height=SIZE - wide, rx=6, fill=COLOURS[fill],
                  stroke=COLOURS[edge], stroke_width=wide, stroke_dasharray=dashes)  # fmt: skip
    below = f"({tile.several})" if tile.several else "" if tile.level is None else tile.level
    base = y + (34 if below != "" else 44)
    code = text(x + SIZE / 2, base, tile.code, size=20, fill=ink, weight=600, anchor="middle")
    if not tile.kind:
        return box + code
    shapes = [box, code]
    if below != "":
        shapes.append(text(x + SIZE / 2, y + 57, below, size=16, fill=ink, anchor="middle"))
    kind = LEVEL if tile.level is not None else tile.kind
    return mark(f"tile {kind}", tile.said, *shapes, data_x=x, data_y=y)
