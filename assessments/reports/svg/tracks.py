"""Rows with a track of five levels: where a milestone is, what changed, how two sides see it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.reports.svg.canvas import (
    COLOURS,
    MARGIN,
    block,
    break_sign,
    element,
    key_of,
    level_sign,
    lines_of,
    mark,
    number,
    status_sign,
    text,
)

LEVEL, BEFORE, SUGGESTED, PARENTS, OTHERS, AGREED = "level", "before", "suggested", "parents", "others", "agreed"
THIN, DOTTED, SOLID, HEAD = "thin", "dotted", "solid", "head"
LEFT, RIGHT = 420, 820
LABELS, WORDS = 360, 330  # how wide the column of labels is, and that of words
LOW = 58  # the least height of a row


@dataclass(frozen=True)
class Mark:
    """One mark on a track: what it is, at which level, and that in words."""

    kind: str
    level: int
    said: str


@dataclass(frozen=True)
class Track:
    """One row: its name, its marks (or the status that says why there is none), and the words beside it.

    `line` is how the mark before and the level are joined; `broken` says that a question changed between the two.
    """

    label: str
    marks: tuple[Mark, ...]
    words: tuple[str, ...] = ()
    status: str = ""
    line: str = ""
    broken: bool = False

    def at(self, kind: str) -> int | None:
        """The level of one of its marks."""
        return next((mark.level for mark in self.marks if mark.kind == kind), None)


def x_of(level: float) -> float:
    """Where a level stands on the track: at 10, 30, 50, 70 and 90 of a hundred.

    >>> [x_of(level) for level in (0, 2, 4)]
    [460.0, 620.0, 780.0]
    """
    return LEFT + (RIGHT - LEFT) * (0.1 + 0.2 * level)


def drawing(tracks: Sequence[Track], levels: Sequence[str], key: Sequence[tuple[str, str]] = ()):
    """How these rows are drawn from some height down, with the names of the levels once at the top."""

    def draw(top: float) -> tuple[list[str], float]:
        parts = key_of([(in_key(kind), words) for kind, words in key], MARGIN, top + 8)
        y = top + (24 if key else 0)
        parts += [
            text(x_of(level), y + 14, name, size=14, fill="ink-2", anchor="middle") for level, name in enumerate(levels)
        ]
        y += 20
        for track in tracks:
            height = height_of(track)
            parts += row(track, y, height)
            y += height
        return parts, y

    return draw


def height_of(track: Track) -> float:
    return max(LOW, said_lines(track) * 18.75 + 16, len(lines_of(track.label, LABELS, 18, 600)) * 22.5 + 16)


def said_lines(track: Track) -> int:
    """How many lines the words beside a track take; the first of them is bold."""
    return sum(len(lines_of(words, WORDS, 15, 400 if place else 600)) for place, words in enumerate(track.words))


def row(track: Track, top: float, height: float) -> list[str]:
    y = top + height / 2
    empty = not track.marks
    parts = [element("path", d=f"M{MARGIN} {number(float(top))}H1160", stroke=COLOURS["hairline"])]
    names = lines_of(track.label, LABELS, 18, 600)
    drawn, _end = block(MARGIN, y + 6 - (len(names) - 1) * 11.25, track.label, LABELS, weight=600)
    parts += drawn
    parts.append(element("path", d=f"M{x_of(0)} {number(y)}H{x_of(4)}", stroke=COLOURS["hairline"], stroke_width=2,
                         stroke_dasharray="2 4" if empty else ""))  # fmt: skip
    ticks = "".join(f"M{number(x_of(level))} {number(y - 6)}v12" for level in range(5))
    parts.append(element("path", d=ticks, stroke=COLOURS["control"], stroke_width=1.5))
    parts += [*joined(track, y), *(drawn_mark(one, y) for one in sorted(track.marks, key=order))]
    if empty and (sign := status_sign(x_of(2), y, track.status)):
        parts.append(mark(f"status {track.status}", track.words[0] if track.words else track.status, sign))
    if track.broken:
        parts.append(break_sign(x_of(4) + 30, y, 26))
    at = y + 5 - (said_lines(track) - 1) * 9.4
    for place, words in enumerate(track.words):
        drawn, at = block(850, at, words, WORDS, size=15, fill="ink" if not place else "ink-2",
                          weight=600 if not place else 400)  # fmt: skip
        parts += drawn
    return parts


def order(one: Mark) -> int:
    """The agreed level is drawn over what stood before, the suggestion over both."""
    return (AGREED, BEFORE, LEVEL, PARENTS, OTHERS, SUGGESTED).index(one.kind)


def joined(track: Track, y: float) -> list[str]:
    """The line from the level before to the level, or between the two sides."""
    sides = track.at(PARENTS), track.at(OTHERS)
    if None not in sides and sides[0] != sides[1]:
        return [element("path", d=f"M{x_of(sides[0])} {number(y)}H{x_of(sides[1])}", stroke=COLOURS["control"],
                        stroke_width=5)]  # fmt: skip
    before, now = track.at(BEFORE), track.at(LEVEL)
    if not track.line or None in (before, now) or before == now:
        return []
    up = 1 if now > before else -1
    width = {THIN: 1.5, DOTTED: 2}.get(track.line, 3)
    drawn = element("path", d=f"M{x_of(before) + 6 * up} {number(y)}H{x_of(now) - 14 * up}", stroke=COLOURS["ink"],
                    stroke_width=width, stroke_dasharray="2 5" if track.line == DOTTED else "",
                    class_=f"line {track.line}")  # fmt: skip
    if track.line != HEAD:
        return [drawn]
    tip = x_of(now) - 15 * up
    head = f"M{number(tip)} {number(y)}l{-12 * up} -8v16z"
    return [drawn, element("path", d=head, fill=COLOURS["ink"], class_="head")]


def drawn_mark(one: Mark, y: float) -> str:
    x = x_of(one.level)
    if one.kind == LEVEL:
        return mark(LEVEL, one.said, level_sign(x, y, one.level), data_x=x)
    lane = {PARENTS: y - 11, OTHERS: y + 11}.get(one.kind, y)
    return mark(one.kind, one.said, element("g", shape(one.kind), transform=f"translate({number(x)} {number(lane)})"),
                data_x=x)  # fmt: skip


def in_key(kind: str) -> str:
    """The shape of a mark where it is explained: as high as a line of text."""
    if kind == SUGGESTED:
        return element("g", shape(kind), transform="translate(0 21)")
    return element("g", shape(kind), transform="scale(.5)") if kind == AGREED else shape(kind)


def shape(kind: str) -> str:
    """The shape of a mark, round 0."""
    return {
        LEVEL: level_sign(0, 0, 2, size=22, with_number=False),
        BEFORE: element("circle", r=6, fill=COLOURS["white"], stroke=COLOURS["ink"], stroke_width=2),
        SUGGESTED: element("rect", x=-2, y=-28, width=4, height=14, fill=COLOURS["ink"]),
        PARENTS: element("circle", r=7, fill=COLOURS["side-parents"]),
        OTHERS: element("rect", x=-7, y=-7, width=14, height=14, fill=COLOURS["side-others"]),
        AGREED: element("rect", x=-1.5, y=-22, width=3, height=44, fill=COLOURS["ink"]),
        DOTTED: element("path", d="M-14 0H14", stroke=COLOURS["ink"], stroke_width=2, stroke_dasharray="2 5"),
        SOLID: element("path", d="M-14 0H14", stroke=COLOURS["ink"], stroke_width=3),
        HEAD: element("path", d="M-14 0H6", stroke=COLOURS["ink"], stroke_width=3)
        + element("path", d="M14 0l-12 -8v16z", fill=COLOURS["ink"]),
    }[kind]
