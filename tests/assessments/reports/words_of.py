"""What a page, a file or a report says to somebody: its words, shown or hidden, and nothing that only programs read."""

import io
import json
import re
import zipfile
from html import unescape
from html.parser import HTMLParser

from tests.assessments.reports import pdf_text

SAID = (
    "aria-label", "title", "alt", "placeholder", "value", "content", "data-copied", "data-not-copied", "data-failed",
)  # fmt: skip
DRAWN = {"text", "name", "hovertext", "hovertemplate", "customdata", "ticktext", "title"}


class Page(HTMLParser):
    """Gathers what a page says: its text, its hidden words, and what its figures are drawn from."""

    def __init__(self):
        super().__init__()
        self.said, self.inside = [], ""

    def handle_starttag(self, tag, attrs):
        self.inside = tag if tag in ("script", "style") else self.inside
        self.said += [value or "" for name, value in attrs if name in SAID]

    def handle_endtag(self, tag):
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data):
        if self.inside == "script" and data.strip():
            self.said += drawn(json.loads(data))
        elif not self.inside:
            self.said.append(data)


def drawn(value, key="") -> list[str]:
    """The texts of a Plotly figure."""
    if isinstance(value, dict):
        return [text for name, inner in value.items() for text in drawn(inner, name if name in DRAWN else key)]
    if isinstance(value, list):
        return [text for inner in value for text in drawn(inner, key)]
    return [str(value)] if key in DRAWN else []


def of_page(content: bytes) -> str:
    page = Page()
    page.feed(content.decode())
    return " ".join(page.said)


def of_picture(content: bytes) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", content.decode()))


def of_columns(content: bytes) -> str:
    """A file as text; a column's name is so many words."""
    return content.decode().replace("_", " ")


def of_pdf(content: bytes) -> str:
    """The text of its pages, with words that a line broke put together, and what stands for its pictures."""
    text = " ".join(piece for pieces in pdf_text.lines(content) for piece in pieces)
    return " ".join([re.sub(r"\s*\u00ad\s*", "", text), *(tag.alt for tag in pdf_text.tags(content))])


def of_package(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return "\n".join(f"{name}\n{of_columns(opened.read(name))}" for name in opened.namelist())


WORDS_OF = {
    "text/html": of_page, "image/svg+xml": of_picture, "text/csv": of_columns, "text/markdown": of_columns,
    "application/pdf": of_pdf, "application/zip": of_package,
}  # fmt: skip
