"""The data package: every file, with its schema, codebook, method, licence note and checksums, in one archive. Pure."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from assessments.reports.exports import licence, schema
from assessments.reports.exports.codebook import codebook_csv, codebook_md
from assessments.reports.exports.columns import File, Words, instant
from assessments.reports.exports.stream import stream
from assessments.reports.exports.zipped import zipped

ENOUGH_FOR_LARGE = 50_000  # revisions
TITLE = Words("Milestones: the submitted quarters", "Milestones: los trimestres entregados")


@dataclass
class Written:
    """One member of the archive as it went out."""

    path: str
    rows: int | None = None
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class Part:
    """One file of the package: how many revisions it is made of, and the lines of each with their number."""

    file: File
    expected: int
    lines: Iterable[tuple[str, int]]


@dataclass
class Package:
    """What goes into one package. `filters` are the words of its address, `made_at` stands in the manifest alone."""

    parts: Callable[[], Iterator[Part]]
    files: Mapping[str, File]
    filters: Mapping[str, str]
    tongue: str
    sample: bool
    coded: bool
    whole: bool
    method: Mapping[str, str]
    made_at: datetime
    coalitions: int
    revisions: int
    written: list[Written] = field(default_factory=list)

    def stream(self) -> Iterator[bytes]:
        """The archive as it is made; CutShort where a file is not whole."""
        return zipped(self.members(), large=self.revisions > ENOUGH_FOR_LARGE)

    def path(self, name: str) -> str:
        """The name of a file in the archive, as it has it when it is taken alone."""
        return file_name(name, sample=self.sample, coded=self.coded)

    def members(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """The files first, then what is told of them, last what hangs on the moment."""
        resources = []
        for part in self.parts():
            entry = Written(self.path(part.file.name), rows=0)
            yield entry.path, self.noted(entry, self.rows_of(part, entry))
            resources.append(
                schema.resource(
                    part.file, self.tongue, path=entry.path, size=entry.size, sha256=entry.sha256, whole=self.whole
                )
            )
        for path, text in self.texts(resources):
            yield path, self.noted(Written(path), [text.encode()])
        sums = "".join(f"{entry.sha256}  {entry.path}\n" for entry in self.written)
        yield "SHA256SUMS", [sums.encode()]
        yield "manifest.json", [as_json(self.manifest()).encode()]

    def rows_of(self, part: Part, entry: Written) -> Iterator[bytes]:
        def counted():
            for text, rows in part.lines:
                entry.rows += rows
                yield text, rows

        return stream(part.file, counted(), expected=part.expected, excel=False)

    def noted(self, entry: Written, parts: Iterable[bytes]) -> Iterator[bytes]:
        """The same bytes; the entry knows size and hash once they are through."""
        digest = hashlib.sha256()
        for part in parts:
            digest.update(part)
            entry.size += len(part)
            yield part
        entry.sha256 = digest.hexdigest()
        self.written.append(entry)

    def texts(self, resources) -> Iterator[tuple[str, str]]:
        """What is told of the files: codebook and method in both languages, the licence note, the schemas."""
        yield "codebook.csv", codebook_csv(self.files)
        for tongue in ("en", "es"):
            yield f"codebook.{tongue}.md", codebook_md(tongue, self.files)
            yield f"method.{tongue}.md", self.method[tongue]
        yield "LICENCE.md", licence.licence(sample=self.sample)
        said = licence.SAMPLE.said(self.tongue) if self.sample else ""
        described = schema.datapackage(
            resources, title=TITLE.said(self.tongue), description=said, sample=self.sample, coded=self.coded
        )
        yield "datapackage.json", as_json(described)

    def manifest(self) -> dict:
        """When it was made and from what; whoever made it is in the coalitions' history, not here."""
        return {
            "made_at": instant(self.made_at),
            "language": self.tongue,
            "filters": dict(self.filters),
            "coded": self.coded,
            "sample_data": self.sample,
            "note": licence.SAMPLE.said(self.tongue) if self.sample else "",
            "coalitions": self.coalitions,
            "revisions": self.revisions,
            "files": [
                {"path": e.path, "bytes": e.size, "sha256": e.sha256} | ({} if e.rows is None else {"rows": e.rows})
                for e in self.written
            ],
        }


def file_name(name: str, *, sample: bool, coded: bool = False, ending: str = "csv") -> str:
    """The name a file is saved under; one with sample data says so, and so does a coded one."""
    return f"{'sample-' if sample else ''}{'coded-' if coded else ''}{name}.{ending}"


def as_json(value) -> str:
    """JSON to be read by people too."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
