"""The codebook: every column of every file in both languages, from the definitions that write the files. Pure."""

from collections.abc import Iterator, Mapping

from assessments.reports.exports.columns import Column, File, Words
from assessments.reports.exports.files import FILES
from assessments.reports.exports.text import lines
from assessments.reports.exports.words import STATUSES

BETWEEN = " | "
HEADER = (
    "file", "position", "column", "type", "unit_en", "unit_es", "codes", "labels_en", "labels_es",
    "meaning_en", "meaning_es", "rule_en", "rule_es", "source_en", "source_es",
)  # fmt: skip
Files = Mapping[str, File]


def rows(files: Files = FILES) -> Iterator[tuple]:
    """One row for each column of each file; codes and labels are lists with ` | ` between."""
    for file in files.values():
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


def codebook_csv(files: Files = FILES) -> str:
    """The whole of `codebook.csv`."""
    return lines([HEADER, *rows(files)])


def codebook_page(tongue: str, files: Files = FILES) -> list[dict]:
    """The files with their columns as the page shows them, in one language."""
    return [
        {
            "name": file.name,
            "about": file.about.said(tongue),
            "row_is": file.row_is.said(tongue),
            "col_types": file.col_types(),
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
        for file in files.values()
    ]


# codebook.md

HEADING = Words("Codebook", "Libro de códigos")
LEDE = Words(
    "Every column of the evaluators' files: what it means, what may stand in it, and where it comes from.",
    "Cada columna de los archivos para quienes evalúan: qué significa, qué puede contener y de dónde viene.",
)
CAVEAT = Words(
    "Each coalition rates itself and sets its own bar. Use these levels to learn, not to put coalitions in order or to "
    "decide who gets money.",
    "Cada coalición se evalúa a sí misma y fija su propia medida. Use estos niveles para aprender, no para poner en "
    "orden a las coaliciones ni para decidir quién recibe dinero.",
)
READING = Words("How to read a file", "Cómo leer un archivo")
COMMANDS = (
    ("Python, pandas", 'pandas.read_csv("agreed_ratings.csv")'),
    ("R, readr", 'readr::read_csv("agreed_ratings.csv")'),
    ("R", 'read.csv("agreed_ratings.csv")'),
    ("Stata", 'import delimited "agreed_ratings.csv"'),
)
DOUBLE_CLICK = Words(
    "Excel, LibreOffice: double click on the file marked “CSV for Excel”. Where a window asks, UTF-8 and comma are "
    "right.",
    "Excel, LibreOffice: doble clic en el archivo “CSV para Excel”. Si una ventana pregunta, elija UTF-8 y coma.",
)
GUARD = Words(
    "A text that a spreadsheet could take for a formula, or that begins with ', has one ' in front. Take off exactly "
    "one to get the text back.",
    "Un texto que una hoja de cálculo podría tomar por fórmula, o que empieza con ', lleva un ' delante. Quite solo "
    "uno para recuperar el texto.",
)
MISSING = Words("Words of missing", "Palabras para lo que falta")
MISSING_MEANS = Words(
    "A level is a whole number from 0 to 4, or empty. The status beside it says in a word why. Empty is never 0.",
    "Un nivel es un número entero de 0 a 4, o está vacío. El estado a su lado dice por qué. Vacío nunca es 0.",
)
PARTS = (
    Words("Column", "Columna"),
    Words("Type and unit", "Tipo y unidad"),
    Words("Meaning", "Significado"),
    Words("Codes", "Códigos"),
    Words("Comes from", "De dónde viene"),
)
WITH_TYPES = Words("R, readr, with the type of every column", "R, readr, con el tipo de cada columna")
ROW = Words("One row is", "Una fila es")
KEY = Words("No two rows have the same", "No hay dos filas con los mismos valores de")


def codebook_md(tongue: str, files: Files = FILES) -> str:
    """The whole of `codebook.md` in one language: how to read a file, the words of missing, and every column."""
    told = [f"# {HEADING.said(tongue)}", LEDE.said(tongue), CAVEAT.said(tongue), f"## {READING.said(tongue)}"]
    told.append("\n".join(f"- {program}: `{command}`" for program, command in COMMANDS))
    told += [f"- {DOUBLE_CLICK.said(tongue)}\n- {GUARD.said(tongue)}"]
    told += [f"## {MISSING.said(tongue)}", MISSING_MEANS.said(tongue)]
    told.append("\n".join(f"- `{status.code}`: {status.label.said(tongue)}" for status in STATUSES))
    for file in files.values():
        told += [f"## {file.name}.csv", f"{file.about.said(tongue)}. {ROW.said(tongue)} {file.row_is.said(tongue)}."]
        if file.key:
            told.append(f"{KEY.said(tongue)} {', '.join(f'`{name}`' for name in file.key)}.")
        command = f'readr::read_csv("{file.name}.csv", col_types = "{file.col_types()}")'
        told.append(f"{WITH_TYPES.said(tongue)}: `{command}`")
        told.append(table(file, tongue))
    return "\n\n".join(told) + "\n"


def table(file: File, tongue: str) -> str:
    """The columns of one file as a table of Markdown."""
    header = [part.said(tongue) for part in PARTS]
    body = [cells(column, tongue) for column in file.columns]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, ["---"] * len(header), *body])


def cells(column: Column, tongue: str) -> list[str]:
    """One column of a file as a row of that table."""
    unit, rule = column.unit.said(tongue), column.rule.said(tongue)
    return [
        f"`{column.name}`",
        f"{column.type}, {unit}" if unit else column.type,
        f"{column.meaning.said(tongue)}. {rule}." if rule else f"{column.meaning.said(tongue)}.",
        "; ".join(f"`{code.code}` {code.label.said(tongue)}" for code in column.codes),
        column.source.said(tongue),
    ]
