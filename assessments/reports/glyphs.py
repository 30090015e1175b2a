"""Which characters the fonts of a PDF can draw, read off the fonts themselves; the rest are marked, never dropped.

PDF/UA refuses a character without a picture. So before a text goes to the PDF, each character that no font here knows
becomes `MISSING`, and the report says that the page shows what paper cannot.
"""

import struct
import unicodedata
from functools import cache
from pathlib import Path

MISSING = "□"
IGNORED = {0x200C, 0x200D, *range(0xFE00, 0xFE10)}  # they change their neighbours and have no picture of their own
NEVER = dict.fromkeys((0, 0xFEFF, 0xFFFE))  # PDF/UA forbids them, and they are nothing to read
SKIN = range(0x1F3FB, 0x1F400)
SYMBOLS = 0x2190  # from here on a zero-width joiner makes one picture of two


@cache
def coverage(folder: Path) -> tuple[frozenset[int], ...]:
    """The characters of each font file in a folder, in the order of their names."""
    return tuple(frozenset(characters(path.read_bytes())) for path in sorted(folder.glob("*.ttf")))


def characters(font: bytes) -> set[int]:
    """The code points that a TrueType font has a picture for: its `cmap`, formats 4 and 12."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    cmap = tables[b"cmap"]
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        platform, _encoding, offset = struct.unpack_from(">HHI", font, cmap + 4 + 8 * number)
        if platform in (0, 3):
            found |= of_table(font, cmap + offset)
    return found


def of_table(font: bytes, at: int) -> set[int]:
    """The code points of one table of a `cmap` that lead to a picture."""
    form = struct.unpack_from(">H", font, at)[0]
    if form == 12:
        groups = struct.unpack_from(">I", font, at + 12)[0]
        runs = (struct.unpack_from(">III", font, at + 16 + 12 * number) for number in range(groups))
        return {code for first, last, glyph in runs for code in range(first, last + 1) if glyph + code - first}
    if form != 4:
        return set()
    half = struct.unpack_from(">H", font, at + 6)[0]
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{half // 2}H", font, at + 14 + part) for part in (0, half + 2, 2 * half + 2, 3 * half + 2)
    )
    found = set()
    for number, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        place = at + 16 + 3 * half + 2 * number + offset
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = struct.unpack_from(">H", font, place + 2 * (code - first))[0] if offset else code
            if (glyph or not offset) and (glyph + delta) & 0xFFFF:
                found.add(code)
    return found


def drawable(text: str, fonts: tuple[frozenset[int], ...]) -> str:
    """The text with `MISSING` in place of whatever no font can draw together with what it stands on."""
    found = []
    for cluster in clusters(unicodedata.normalize("NFC", text.translate(NEVER))):
        if cluster in "\n\t":
            found.append(cluster)
            continue
        codes = {ord(character) for character in cluster} - IGNORED
        if any(codes <= font for font in fonts) and not unicodedata.category(cluster[0]).startswith("C"):
            found.append(cluster)
        elif any(ord(cluster[0]) in font for font in fonts) and len(cluster) > 1:
            found.append(drawable(cluster[0], fonts) + MISSING)
        elif unicodedata.category(cluster[0]) not in ("Cf", "Cc"):
            found.append(MISSING)
    return "".join(found)


def clusters(text: str) -> list[str]:
    """Each character with the marks that stand on it."""
    found: list[str] = []
    for character in text:
        joins = unicodedata.combining(character) or unicodedata.category(character).startswith("M")
        joined = found and found[-1].endswith("\u200d") and ord(character) >= SYMBOLS
        if found and (joins or joined or ord(character) in IGNORED or ord(character) in SKIN):
            found[-1] += character
        else:
            found.append(character)
    return found
