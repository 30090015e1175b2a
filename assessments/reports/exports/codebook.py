"""The codebook: every column of every file in both languages, from the definitions that write the files. Pure."""

from collections.abc import Iterator

from assessments.reports.exports.files import FILES
from assessments.reports.exports.text import lines

BETWEEN = " | "
HEADER = (
    "file", "position", "column", "type", "unit_en", "unit_es", "codes", "labels_en", "labels_es",
    "meaning_en", "meaning_es", "rule_en", "rule_es", "source_en", "source_es",
)  # fmt: skip


def rows() -> Iterator[tuple]:
    """One row for each column of each file; codes and labels are lists with ` | ` between."""
    for file in FILES.values():
        for position, column in enumerate(file.columns, 1):
            yield (
                file.name,
                position,
                column.name,
                column.type,
                *column.unit,
                BETWEEN.join(code.code for code in column.codes),
                BETWEEN.join(code.label.en for code in column.codes),
                BETWEEN.join(code.label.es for code in column.codes),
                *column.meaning,
                *column.rule,
                *column.source,
            )


def codebook_csv() -> str:
    """The whole of `codebook.csv`."""
    return lines([HEADER, *rows()])


def codebook_page(tongue: str) -> list[dict]:
    """The files with their columns as the page shows them, in one language."""
    return [
        {
            "name": file.name,
            "about": file.about.said(tongue),
            "row_is": file.row_is.said(tongue),
            "columns": [
                {
                    "name": column.name,
                    "type": column.type,
                    "unit": column.unit.said(tongue),
                    "meaning": column.meaning.said(tongue),
                    "rule": column.rule.said(tongue),
                    "source": column.source.said(tongue),
                    "codes": [(code.code, code.label.said(tongue)) for code in column.codes],
                }
                for column in file.columns
            ],
        }
        for file in FILES.values()
    ]
