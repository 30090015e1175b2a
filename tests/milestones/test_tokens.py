"""The colours of static/css/tokens.css, read from the file: what is written or drawn in them can be seen by all."""

import re
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TOKENS = dict(re.findall(r"--([\w-]+):\s*(#[0-9A-F]{6});", (CSS / "tokens.css").read_text()))
LEVELS = [TOKENS[f"level-{level}"] for level in range(5)]

TEXT = [  # ink, what it is written on
    *[
        (ink, ground)
        for ink in ("ink", "ink-2", "ink-3", "primary", "primary-hover", "visited")
        for ground in ("white", "paper")
    ],
    *[(ink, "tint") for ink in ("ink", "ink-2", "ink-3", "primary", "primary-hover")],
    *[(ink, ground) for ink in ("error", "success", "notice") for ground in ("white", "paper", f"{ink}-paper")],
    *[("ink", f"{message}-paper") for message in ("error", "success", "notice")],
    *[("white", ground) for ground in ("primary", "primary-hover", "error", "ink")],
    ("ink", "halo"),
    *[(f"level-{level}-ink", f"level-{level}") for level in range(5)],
]
MARKS = [  # border, line or mark, what it stands on
    *[("control", ground) for ground in ("white", "paper", "tint")],
    *[
        (mark, ground)
        for mark in ("no-level", "level-edge", "side-parents", "side-others")
        for ground in ("white", "paper")
    ],
    *[(mark, ground) for mark in ("level-3", "level-4", "primary") for ground in ("white", "paper")],
    *[("level-edge", f"level-{level}") for level in (0, 1)],
]

# Machado, Oliveira and Fernandes 2009: how a colour looks to people without one kind of cone, in linear light.
SIGHT = {
    "all cones": [(1, 0, 0), (0, 1, 0), (0, 0, 1)],
    "protanopia": [(0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)],
    "deuteranopia": [(0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)],
    "tritanopia": [(1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)],
}


def linear(colour):
    """The three channels of a hex colour in linear light, 0 to 1."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def luminance(colour):
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(one, other):
    """The ratio of WCAG 2, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lab(colour, sight="all cones"):
    """CIE L*a*b* (D65) of a hex colour as somebody with this sight sees it."""
    r, g, b = (min(max(sum(m * c for m, c in zip(row, linear(colour), strict=True)), 0), 1) for row in SIGHT[sight])
    xyz = (
        (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
        0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
        (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883,
    )
    x, y, z = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one, other):
    """CIEDE2000 between two L*a*b* colours."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_chroma = (hypot(a1, b1) + hypot(a2, b2)) / 2
    stretch = 1 + 0.5 * (1 - sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7)))
    c1, c2 = hypot(a1 * stretch, b1), hypot(a2 * stretch, b2)
    h1, h2 = (degrees(atan2(b, a * stretch)) % 360 if a or b else 0 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = h1 + h2 if not c1 * c2 else (h1 + turn / 2) % 360
    weight = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )
    dl = (l2 - l1) / (1 + 0.015 * (lightness - 50) ** 2 / sqrt(20 + (lightness - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * sqrt(c1 * c2) * sin(radians(turn / 2)) / (1 + 0.015 * chroma * weight)
    rotation = -2 * sqrt(chroma**7 / (chroma**7 + 25**7)) * sin(radians(60 * exp(-(((hue - 275) / 25) ** 2))))
    return sqrt(dl**2 + dc**2 + dh**2 + rotation * dc * dh)


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(ink, ground):
    assert contrast(TOKENS[ink], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_borders_and_marks_can_be_seen(mark, ground):
    assert contrast(TOKENS[mark], TOKENS[ground]) >= 3


def test_the_focus_ring_shows_on_every_ground():
    for ground in ("white", "paper", "tint", "primary", "primary-hover", *(f"level-{level}" for level in range(5))):
        assert max(contrast(TOKENS[ring], TOKENS[ground]) for ring in ("ink", "halo")) >= 3, ground


@pytest.mark.parametrize("sight", SIGHT)
def test_neighbouring_levels_look_different(sight):
    for low, high in zip(LEVELS, LEVELS[1:], strict=False):
        assert difference(lab(low, sight), lab(high, sight)) >= 15, (low, high)


@pytest.mark.parametrize("sight", SIGHT)
def test_a_higher_level_is_darker_so_that_grey_print_keeps_the_order(sight):
    lightness = [lab(level, sight)[0] for level in LEVELS]
    assert all(low - high >= 10 for low, high in zip(lightness, lightness[1:], strict=False)), lightness


@pytest.mark.parametrize("sight", SIGHT)
def test_the_two_sides_look_different(sight):
    assert difference(lab(TOKENS["side-parents"], sight), lab(TOKENS["side-others"], sight)) >= 25


def test_the_difference_is_that_of_sharma_wu_and_dalal():
    """Three of the pairs that the authors of CIEDE2000's test data published."""
    assert difference((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert difference((50, -1.3802, -84.2814), (50, 0, -82.7485)) == pytest.approx(1.0, abs=1e-4)
    assert difference((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387)) == pytest.approx(1.2644, abs=1e-4)


def test_colours_are_written_in_tokens_only():
    for name in ("site.css", "charts.css"):
        css = re.sub(r"url\(.*?\)", "", (CSS / name).read_text())
        assert not re.findall(r"#[0-9A-Fa-f]{3,6}\b|\brgba?\(", css), name


def test_every_token_used_is_one_that_exists():
    defined = set(re.findall(r"--([\w-]+):", "".join(path.read_text() for path in CSS.glob("*.css"))))
    for name in ("site.css", "charts.css"):
        used = set(re.findall(r"var\(--([\w-]+)", (CSS / name).read_text()))
        assert not {token for token in used if not token.startswith("bs-")} - defined, name
