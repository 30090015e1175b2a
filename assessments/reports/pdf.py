"""A report as a PDF that stands alone: tagged, PDF/UA-1, the same bytes for the same content. Typst is imported here.

User text goes in as data (JSON) and is never read as markup. The template is templates/typst/report.typ, the fonts
are those of static/vendor/report-fonts and no others.
"""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessments.reports import blocks, glyphs
from assessments.reports.svg.canvas import NOT_XML
from milestones.bilingual import language

TEMPLATE = Path(settings.BASE_DIR) / "templates" / "typst" / "report.typ"
FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "report-fonts"
STANDARD = "ua-1"


@cache
def fonts():
    """The fonts of a report, read once."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def pdf(report: blocks.Report) -> bytes:
    """The report as a PDF, in the language of the moment."""
    import typst

    return typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(as_data(report))},
        format="pdf",
        pdf_standards=[STANDARD],
        timestamp=int(report.made_at.timestamp()),
    )


class Drawable:
    """Makes text that the fonts can draw, and remembers whether something had to be marked."""

    def __init__(self):
        self.fonts = glyphs.coverage(FONTS)
        self.marked = False

    def __call__(self, text) -> str:
        drawn = glyphs.drawable(str(text), self.fonts)
        self.marked = self.marked or drawn.count(glyphs.MISSING) > str(text).count(glyphs.MISSING)
        return drawn

    def title(self, text) -> str:
        """The same for a heading, which is never empty."""
        return self(text).strip() or glyphs.MISSING


def as_data(report: blocks.Report) -> dict:
    """The report as the template reads it: texts, lists and pictures, nothing else."""
    drawable = Drawable()
    data = {
        "lang": language(),
        "title": drawable.title(report.title),
        "about": drawable(report.about),
        "facts": [[drawable(name), drawable(value)] for name, value in report.facts],
        "lede": drawable(report.lede),
        "notes": [drawable(note) for note in report.notes],
        "who_sees": drawable(report.who_sees),
        "sample": _("Sample data. Not real ratings.") if report.sample else "",
        "running": drawable(f"{report.title} · {report.about}"),
        "address": drawable(report.address),
        "page": _("Page %(number)s of %(of)s") % {"number": "{n}", "of": "{of}"},
        "parts": [part(of, drawable) for of in report.parts],
    }
    if drawable.marked:
        said = _("Some characters cannot be printed here and are shown as %(mark)s. The page shows them.")
        data["notes"].append(said % {"mark": glyphs.MISSING})
    return data


def part(of: blocks.Part, drawable: Drawable) -> dict:
    return {
        "title": drawable.title(of.title),
        "tag": drawable(of.tag),
        "blocks": [block(found, drawable) for found in of.blocks],
        "parts": [part(inner, drawable) for inner in of.parts],
    }


def block(of, drawable: Drawable) -> dict:
    if isinstance(of, blocks.Items):
        return {"kind": of.kind, "items": [words(item, drawable) for item in of.items]}
    if isinstance(of, blocks.Table):
        return {
            "kind": of.kind,
            "caption": drawable(of.caption),
            "head": [drawable(name) for name in of.head],
            "rows": [[cell(found, drawable) for found in row] for row in of.rows],
            "note": drawable(of.note),
        }
    return words(of, drawable)


def words(of: blocks.Words, drawable: Drawable) -> dict:
    texts = {name: drawable(getattr(of, name)) for name in ("text", "label", "hint")}
    return {"kind": of.kind, **texts, "link": of.link}


def cell(of, drawable: Drawable) -> dict:
    if isinstance(of, str):
        return {"text": drawable(of)}
    drawn = NOT_XML.sub("", render_to_string(of.template, {"picture": of}))
    return {"svg": drawn, "said": drawable(of.said), "width": of.width}
