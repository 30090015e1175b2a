"""A file as bytes: the revisions and rows that come out are counted against those selected. Pure."""

from collections.abc import Iterable, Iterator

from assessments.reports.exports.columns import File, Submitted
from assessments.reports.exports.text import MARK, lines

AT_ONCE = 1 << 17  # characters that leave together


class CutShort(RuntimeError):
    """Not every row that was selected came out; the download breaks off rather than end as a whole file."""


def written(file: File, revisions: Iterable[Submitted], tongue: str) -> Iterator[tuple[str, int]]:
    """The lines of each revision, and how many; CutShort where a revision has another number of rows."""
    for revision in revisions:
        rows = list(file.rows(revision, tongue))
        if len(rows) != file.size(revision):
            raise CutShort(f"{file.name}: {len(rows)} rows of a revision that has {file.size(revision)}")
        yield lines(rows), len(rows)


def stream(file: File, parts: Iterable[tuple[str, int]], *, expected: int, excel: bool) -> Iterator[bytes]:
    """The header, then the lines of each revision; CutShort where they are not those of `expected` revisions."""
    yield ((MARK if excel else "") + lines([file.header()])).encode()
    waiting, many, seen = [], 0, 0
    for text, _rows in parts:
        waiting.append(text)
        many += len(text)
        seen += 1
        if many >= AT_ONCE:
            yield "".join(waiting).encode()
            waiting, many = [], 0
    yield "".join(waiting).encode()
    if seen != expected:
        raise CutShort(f"{file.name}: {seen} revisions of {expected}")
