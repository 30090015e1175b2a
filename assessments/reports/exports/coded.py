"""The coded variant: the files without names, texts, instants and hashes, for passing on. Pure.

Coded, never anonymous: whoever holds a named file can match the levels.
"""

import hashlib
import hmac
from base64 import b32encode
from dataclasses import replace

from assessments.reports.exports.columns import COMMON, COMPUTED, Column, File, Row, Words, said
from assessments.reports.exports.files import FILES

NAMES = COMMON[:4]  # of state and coalition
LENGTH = 10
COALITION_CODE = Column(
    "coalition_code",
    "string",
    Words(
        "Stands for the coalition, the same in every coded file of this site",
        "Reemplaza a la coalición, igual en todos los archivos codificados de este sitio",
    ),
    lambda row: row.revision.code,
    rule=Words(
        "A keyed hash: nobody can read the coalition from it, but whoever holds a file with names can match the levels",
        "Una huella con clave: de ella no se puede leer la coalición, pero quien tiene un archivo con nombres puede "
        "reconocer los niveles",
    ),
    source=COMPUTED,
)
WITHOUT_OWN = Words("Empty for a coalition's own", "Vacío si es propio de la coalición")


def coalition_code(coalition_id: str, key: str) -> str:
    """What stands for a coalition: ten characters of a keyed hash of its id, 32 of them different."""
    digest = hmac.new(key.encode(), coalition_id.encode(), hashlib.sha256).digest()
    return b32encode(digest).decode()[:LENGTH]


def title(row: Row) -> str:
    """The title of a question of the rubric; a coalition's own could tell whose it is."""
    return "" if row.indicator["own"] else said(row.indicator["title"], row.tongue)


def name(row: Row) -> str:
    """The name of a milestone of the rubric; a coalition's own could tell whose it is."""
    return "" if row.milestone["own"] else said(row.milestone["name"], row.tongue)


WITHOUT_OWN_TITLES = {"indicator_title": title, "milestone_name": name}


def coded_column(column: Column) -> Column:
    """A column as the coded variant has it."""
    if column.name not in WITHOUT_OWN_TITLES:
        return column
    return replace(column, value=WITHOUT_OWN_TITLES[column.name], rule=WITHOUT_OWN, may_be_empty=True)


def coded(file: File) -> File:
    """A file as the coded variant has it, with the keys that are left."""
    kept = [coded_column(column) for column in file.columns if column not in NAMES and not column.names]
    columns = (COALITION_CODE, *kept)
    names = {column.name for column in columns}

    def left(key):
        named = tuple("coalition_code" if name == "coalition_id" else name for name in key)
        return named if names.issuperset(named) else ()

    within = tuple((left(key), other) for key, other in file.within if left(key))
    return replace(file, columns=columns, key=left(file.key), within=within)


CODED = {name: coded(file) for name, file in FILES.items()}
