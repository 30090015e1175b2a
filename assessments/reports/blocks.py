"""What a report is made of, whoever prints it: parts with a title, in them words, lists and tables. Plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Words:
    """A paragraph: what leads it in bold, its text, what stands after it smaller; `link` is where that leads."""

    text: str
    label: str = ""
    hint: str = ""
    link: str = ""

    kind = "words"


@dataclass(frozen=True)
class Items:
    """A list of paragraphs."""

    items: Sequence[Words]

    kind = "items"


@dataclass(frozen=True)
class Table:
    """Rows under a header; the first cell of each names its row. A cell is a text, or a picture of `strips`."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence]
    note: str = ""

    kind = "table"


@dataclass(frozen=True)
class Part:
    """A title with what stands under it, and the parts inside."""

    title: str
    blocks: Sequence = ()
    parts: Sequence["Part"] = ()
    tag: str = ""


@dataclass(frozen=True)
class Report:
    """A whole report: what its title block says, its notes, its parts. `made_at` is when the newest revision in it was
    submitted, so that the same content has the same date."""

    title: str
    about: str
    facts: Sequence[tuple[str, str]]
    address: str
    made_at: datetime
    lede: str
    who_sees: str
    parts: Sequence[Part]
    notes: Sequence[str] = ()
    sample: bool = False
    file_name: str = "report"
