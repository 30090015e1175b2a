"""A QR code as the path of an inline SVG, drawn without style or script. Pure."""

import segno

QUIET = 4  # modules of white around the code, as readers expect


def path(text: str) -> tuple[str, int]:
    """The `d` of an SVG path that draws `text` as a QR code, and the side of its square viewBox, white edge included.

    ValueError (segno.DataOverflowError) where the text is too long for a QR code.
    """
    code = segno.make(text, micro=False, error="m")
    rows = [_row(y, row) for y, row in enumerate(code.matrix)]
    return "".join(rows), len(code.matrix) + 2 * QUIET


def _row(y: int, row) -> str:
    """The dark runs of one row of modules."""
    parts, start = [], None
    for x, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            parts.append(f"M{start + QUIET} {y + QUIET}h{x - start}v1h-{x - start}z")
            start = None
    return "".join(parts)
