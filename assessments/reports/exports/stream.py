"""A file as bytes, a revision at a time: the rows that come out are counted against those selected. Pure."""

from collections.abc import Iterable, Iterator

from assessments.reports.exports.columns import File, Submitted
from assessments.reports.exports.text import MARK, lines


class CutShort(RuntimeError):
    """Not every row that was selected came out; the download breaks off rather than end as a whole file."""


def stream(file: File, revisions: Iterable[Submitted], *, expected: int, tongue: str, excel: bool) -> Iterator[bytes]:
    """The header, then the rows of each revision; CutShort where `expected` revisions or their rows did not come."""
    yield ((MARK if excel else "") + lines([file.header()])).encode()
    seen = 0
    for revision in revisions:
        rows = list(file.rows(revision, tongue))
        if len(rows) != file.size(revision):
            raise CutShort(f"{file.name}: {len(rows)} rows of a revision that has {file.size(revision)}")
        seen += 1
        yield lines(rows).encode()
    if seen != expected:
        raise CutShort(f"{file.name}: {seen} revisions of {expected}")
