"""`evidence.csv`: what was recorded to back the agreed ratings; what it is, where it is shared. Pure."""

from urllib.parse import urlsplit

from assessments import levels
from assessments.reports.exports.columns import (
    COMMON,
    FROM_SHARING,
    FROM_THE_RECORD,
    FROM_THE_RUBRIC,
    NO_YES,
    Code,
    Column,
    File,
    Row,
    Submitted,
    Words,
    is_yes,
)
from assessments.reports.exports.words import MILESTONE, NOT_SHARED

KINDS = (
    Code("document", Words("Document", "Documento")),
    Code("count", Words("Count", "Conteo")),
    Code("event", Words("Event", "Acontecimiento")),
    Code("official_record", Words("Official record", "Registro oficial")),
    Code("story", Words("Story or quote", "Historia o cita")),
    NOT_SHARED,
)
VOICES = (
    Code("parent", Words("Parent or family caregiver", "Madre, padre o familiar que cuida")),
    Code("provider", Words("Child care provider or educator", "Proveedora, proveedor o educador")),
    Code("staff", Words("Coalition staff", "Personal de la coalición")),
    Code("partner", Words("Partner organization", "Organización aliada")),
    Code("other", Words("Another voice", "Otra voz")),
    NOT_SHARED,
)
ONLY_SHARED = Words("Only where this item is shared now; else empty", "Solo si esta evidencia se comparte ahora")
OR_NOT_SHARED = Words("Only where this item is shared now; else not_shared", "Si no se comparte ahora, not_shared")


def is_shared(row: Row) -> bool:
    """Whether the coalition shares the level, marked this item as one that may be, and rated the milestone."""
    rated = row.indicator["status"] != levels.SET_ASIDE
    return rated and row.is_level_shared and row.thing["visibility"] == "may_be_shared"


def told(name: str, instead=""):
    """How a column reads the item: what stands there, where it is shared."""
    return lambda row: row.told(is_shared(row), row.thing[name] or "", instead)


def link(row: Row) -> str:
    """The link, if it is one that a page would show."""
    return told("link")(row) if urlsplit(row.thing["link"]).scheme in ("http", "https") else ""


ITEM = (
    Column(
        "indicator_code",
        "string",
        Words("Code of the indicator, as in agreed_ratings", "Código del indicador, como en agreed_ratings"),
        lambda row: row.indicator["code"],
        source=FROM_THE_RUBRIC,
    ),
    Column(
        "evidence_id",
        "string",
        Words("The item; the same in each revision that holds it", "La evidencia; igual en cada revisión"),
        lambda row: row.thing["id"],
        unit=Words("UUID", "UUID"),
        source=FROM_THE_RECORD,
        names=True,
    ),
    Column(
        "kind",
        "string",
        Words("What kind of evidence it is", "Qué tipo de evidencia es"),
        told("kind", NOT_SHARED.code),
        codes=KINDS,
        rule=OR_NOT_SHARED,
        source=FROM_THE_RECORD,
    ),
    Column(
        "voice",
        "string",
        Words("Whose voice is in it", "De quién es la voz"),
        told("voice", NOT_SHARED.code),
        codes=VOICES,
        rule=OR_NOT_SHARED,
        source=FROM_THE_RECORD,
    ),
    Column(
        "dated",
        "date",
        Words("From which day it is", "De qué día es"),
        told("dated"),
        unit=Words("day, ISO 8601", "día, ISO 8601"),
        rule=ONLY_SHARED,
        source=FROM_THE_RECORD,
        may_be_empty=True,
        names=True,
    ),
    Column(
        "brought_forward_from",
        "string",
        Words("The earlier quarter it was brought from", "El trimestre anterior del que se trajo"),
        told("brought_forward_from"),
        unit=Words("calendar quarter", "trimestre del año"),
        rule=ONLY_SHARED,
        source=FROM_THE_RECORD,
        may_be_empty=True,
        names=True,
    ),
    Column(
        "has_file",
        "boolean",
        Words("1 where a file can be read on the shared page", "1 si se puede leer un archivo en la página compartida"),
        lambda row: is_yes(row.told(is_shared(row), row.thing["file"])),
        codes=NO_YES,
        rule=Words("0 also where this item is not shared", "0 también si esta evidencia no se comparte"),
        source=FROM_THE_RECORD,
    ),
    Column(
        "shows",
        "string",
        Words("What it shows, in the coalition's words", "Qué muestra, en palabras de la coalición"),
        told("shows"),
        rule=ONLY_SHARED,
        source=FROM_THE_RECORD,
        may_be_empty=True,
        names=True,
    ),
    Column(
        "link",
        "string",
        Words("Where it can be read", "Dónde se puede leer"),
        link,
        unit=Words("web address", "dirección web"),
        rule=ONLY_SHARED,
        source=FROM_THE_RECORD,
        may_be_empty=True,
        names=True,
    ),
    Column(
        "shared",
        "boolean",
        Words(
            "1 where the coalition shares this item with funders",
            "1 si la coalición comparte esta evidencia con financiadores",
        ),
        lambda row: is_yes(is_shared(row)),
        codes=NO_YES,
        rule=Words(
            "The level and story of the milestone are shared, and the item was marked as one that may be",
            "Se comparten el nivel y la historia del hito, y la evidencia se marcó como que se puede compartir",
        ),
        source=FROM_SHARING,
    ),
)


def facts(revision: Submitted, tongue: str):
    """A row for every item of evidence, in the order in which they were added."""
    for milestone in revision.milestones():
        for indicator in milestone["indicators"]:
            for item in indicator["evidence"]:
                yield Row(revision, tongue, milestone, indicator, item)


EVIDENCE = File(
    name="evidence",
    row_is=Words(
        "one coalition, quarter, revision and item of evidence",
        "una coalición, un trimestre, una revisión y una evidencia",
    ),
    about=Words(
        "The evidence behind the levels; what it is only where it is shared",
        "La evidencia detrás de los niveles; qué es, solo si se comparte",
    ),
    columns=(*COMMON, *MILESTONE[:2], *ITEM),
    facts=facts,
    size=lambda revision: sum(len(i["evidence"]) for m in revision.body["milestones"] for i in m["indicators"]),
    key=("coalition_id", "quarter", "revision", "evidence_id"),
    within=((("coalition_id", "quarter", "revision", "indicator_code"), "agreed_ratings"),),
)
