"""The frame round every drawing: title, whose and when, how to read, notes, caveat, source, sample mark. Pure.

No style attributes and no script: what stands here may be shown under a strict policy, printed and put in a slide.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

# The colours of static/css/tokens.css; a test compares the two.
COLOURS = {
    "ink": "#14252E",
    "ink-2": "#44545D",
    "ink-3": "#5A6972",
    "control": "#667680",
    "hairline": "#C9D1D5",
    "white": "#FFFFFF",
    "paper": "#FBFAF7",
    "tint": "#EEF1F0",
    "hatch": "#E3E8EA",
    "primary": "#0B5A7D",
    "notice": "#7A4F00",
    "notice-paper": "#FFF4D6",
    "level-edge": "#44545D",
    "no-level": "#44545D",
    "level-0": "#FCECCF",
    "level-1": "#A8C772",
    "level-2": "#11A7A4",
    "level-3": "#1B6E98",
    "level-4": "#072D65",
    "side-parents": "#B34700",
    "side-others": "#4F5D66",
}
FONT = '"Source Sans 3", system-ui, "Segoe UI", Roboto, Arial, sans-serif'
WIDTH, LEAST = 1200, 675
MARGIN = 40
WIDE, BOLD = 0.55, 0.64  # of its size, what a letter takes on average in a wide fallback font
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Drawing = Callable[[float], tuple[list[str], float]]  # from its top: its elements, and where they end


@dataclass(frozen=True)
class Frame:
    """The words round a drawing; `sample` is empty where nothing of it is a sample, `note_lines` 0 for no limit."""

    title: str
    about: str
    how: str
    notes: tuple[str, ...]
    caveat: str
    source: str
    sample: str = ""
    note_lines: int = 3


def clean(words: object) -> str:
    """Words as markup holds them, without what XML cannot."""
    return escape(NOT_XML.sub("", str(words)))


def element(name: str, inner: str = "", **attributes) -> str:
    """One element; `_` in an attribute's name stands for `-`, and `_` at its end is dropped."""
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(NOT_XML.sub('', number(value)))}"
        for key, value in attributes.items()
        if value not in (None, "")
    )
    return f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>"


def number(value) -> str:
    """A value as an attribute holds it: a length with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def text(x: float, y: float, words: object, *, size=18, fill="ink", weight=400, anchor="start") -> str:
    """One line of text, its baseline at y."""
    return element(
        "text", clean(words), x=x, y=y, font_size=size, fill=COLOURS[fill], font_weight=weight,
        text_anchor="" if anchor == "start" else anchor,
    )  # fmt: skip


def lines_of(words: object, width: float, size: float, weight=400) -> list[str]:
    """Words cut into lines that fit a width."""
    letters = int(width / (size * (BOLD if weight >= 600 else WIDE)))
    return wrap(NOT_XML.sub("", str(words)), max(8, letters), break_on_hyphens=False)


def block(x, y, words, width, *, size=18, fill="ink", weight=400, most=0) -> tuple[list[str], float]:
    """Several lines of text from the baseline y on; and the baseline of the line after the last."""
    found = lines_of(words, width, size, weight)
    if most and len(found) > most:
        found = [*found[: most - 1], found[most - 1][:-1] + "…"]
    step = size * 1.25
    drawn = [text(x, y + at * step, line, size=size, fill=fill, weight=weight) for at, line in enumerate(found)]
    return drawn, y + len(found) * step


def mark(kind: str, said: str, *drawn: str, **attributes) -> str:
    """One mark of a figure: its shapes, with its words as a title."""
    return element("g", element("title", clean(said)) + "".join(drawn), class_=f"mark {kind}", **attributes)


def document(frame: Frame, draw: Drawing, *, lang: str) -> str:
    """A whole SVG file, 1200 wide and at least 675 high."""
    wide = WIDTH - 2 * MARGIN
    parts, y = block(MARGIN, 58, frame.title, wide - width_of(frame.sample) - 20, size=28, weight=700)
    if frame.sample:
        parts += sample_mark(frame.sample)
    y = max(y, 96 if frame.sample else 0)
    about, y = block(MARGIN, y, frame.about, wide, size=18, weight=600)
    how, y = block(MARGIN, y + 4, frame.how, wide, size=16, fill="ink-2")
    drawn, bottom = draw(y + 6)
    foot, end = footer(frame, wide)
    height = max(LEAST, bottom + 16 + end)
    moved = element("g", "".join(foot), transform=f"translate(0 {number(float(height - end))})")
    inner = [
        element("title", clean(frame.title)),
        element("desc", clean(" ".join([frame.about, frame.how, *frame.notes, frame.caveat, frame.source]))),
        hatch(),
        element("rect", width=WIDTH, height=height, fill=COLOURS["white"]),
        *parts, *about, *how, *drawn, moved,
    ]  # fmt: skip
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + element(
        "svg", "".join(inner), xmlns="http://www.w3.org/2000/svg", width=WIDTH, height=height,
        viewBox=f"0 0 {WIDTH} {number(float(height))}", role="img", lang=lang, font_family=FONT,
    )  # fmt: skip


def footer(frame: Frame, width: float) -> tuple[list[str], float]:
    """Notes, caveat and source under a drawing, from 0 down; and how high they are."""
    parts, y = [element("path", d=f"M{MARGIN} 4H{WIDTH - MARGIN}", stroke=COLOURS["hairline"])], 26.0
    for note in frame.notes:
        drawn, y = block(MARGIN, y, note, width, size=15, fill="ink-2", most=frame.note_lines)
        parts += drawn
    caveat, y = block(MARGIN, y + 2, frame.caveat, width, size=16, weight=700)
    source, y = block(MARGIN, y, frame.source, width, size=14, fill="ink-2")
    return [*parts, *caveat, *source], y + 4


def width_of(sample: str) -> float:
    """How wide the box of the sample mark is."""
    return len(sample) * 17 * BOLD + 24 if sample else 0


def sample_mark(words: str) -> list[str]:
    """The box that says that nothing here is real."""
    width = width_of(words)
    left = WIDTH - MARGIN - width
    box = element("rect", x=left, y=24, width=width, height=42, fill=COLOURS["notice-paper"], stroke=COLOURS["notice"])
    return [box, text(left + width / 2, 51, words, size=17, fill="notice", weight=700, anchor="middle")]


def hatch() -> str:
    """The pattern of *too few*."""
    lines = element("path", d="M-2 2 2 -2M0 8 8 0M6 10 10 6", stroke=COLOURS["hatch"], stroke_width=3)
    pattern = element("pattern", lines, id="hatch", width=8, height=8, patternUnits="userSpaceOnUse")
    return element("defs", pattern)


def level_sign(x: float, y: float, level: int, *, size=28.0, diamond=False, with_number=True) -> str:
    """A level: a rounded square in its colour, its number inside; a diamond where the core question alone was asked."""
    half = size / 2
    dark = level >= 3
    edge = COLOURS[f"level-{level}"] if dark else COLOURS["level-edge"]
    box = element(
        "rect", x=x - half, y=y - half, width=size, height=size, rx=size / 4, fill=COLOURS[f"level-{level}"],
        stroke=edge, transform=f"rotate(45 {number(float(x))} {number(float(y))})" if diamond else "",
    )  # fmt: skip
    if not with_number:
        return box
    return box + text(x, y + size * 0.2, level, size=size * 0.58, fill="white" if dark else "ink", weight=700,
                      anchor="middle")  # fmt: skip


def status_sign(x: float, y: float, status: str) -> str:
    """The mark of a way of having no level; empty for those that are words alone."""
    thin = {"fill": COLOURS["white"], "stroke": COLOURS["no-level"], "stroke_width": 2}
    if status == "too_few":
        return element("rect", x=x - 14, y=y - 14, width=28, height=28, rx=7, fill=COLOURS["white"]) + element(
            "rect", x=x - 14, y=y - 14, width=28, height=28, rx=7, fill="url(#hatch)", stroke=COLOURS["control"]
        )
    if status == "not_rated":
        box = element("rect", x=x - 14, y=y - 14, width=28, height=28, rx=7, fill=COLOURS["white"],
                      stroke=COLOURS["control"], stroke_dasharray="3 3")  # fmt: skip
        return box + text(x, y + 6, "–", size=18, fill="ink-2", anchor="middle")
    if status == "does_not_apply":
        return element("rect", x=x - 7, y=y - 7, width=14, height=14, **thin)
    if status == "set_aside":
        return element("circle", cx=x, cy=y, r=7, **thin)
    if status == "not_agreed":
        return element("path", d=f"M{x - 4} {y - 7}h-7v14h7M{x + 4} {y - 7}h7v14h-7M{x - 4} {y}h8", **thin)
    return ""


def break_sign(x: float, y: float, height: float) -> str:
    """Two upright lines: a question changed here."""
    top = y - height / 2
    return element("path", d=f"M{number(float(x - 3))} {number(float(top))}v{number(float(height))}"
                   f"M{number(float(x + 3))} {number(float(top))}v{number(float(height))}",
                   stroke=COLOURS["ink"], stroke_width=2, class_="break")  # fmt: skip


def key_of(parts: Sequence[tuple[str, str]], x: float, y: float) -> list[str]:
    """A line that explains marks: (drawn at 0, its words) each, from x on."""
    found = []
    for drawn, words in parts:
        found.append(element("g", drawn, transform=f"translate({number(float(x + 14))} {number(float(y))})"))
        found.append(text(x + 34, y + 5, words, size=15, fill="ink-2"))
        x += 54 + len(str(words)) * 15 * WIDE
    return found
