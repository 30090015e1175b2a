"""`releases.csv`: what each quarter's members answered, item by item, as the release has it. Pure.

Three rows for each item: the whole coalition and the two sides. Nothing finer is in a release, and its counts stay
inside the coalition.
"""

from dataclasses import dataclass

from assessments import disclosure
from assessments.reports.exports.columns import (
    COMMON,
    COMPUTED,
    FROM_THE_RELEASE,
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
from assessments.reports.exports.words import A_LEVEL, LEVEL_CODES, STATUS_RULE, STATUSES

WHOLE = "whole"
SIDES = (
    Code(WHOLE, Words("The whole coalition", "Toda la coalición")),
    Code(disclosure.PARENTS_PROVIDERS, Words("Parents and providers", "Madres, padres y proveedores")),
    Code(disclosure.EVERYONE_ELSE, Words("Everyone else", "Las demás personas")),
)
AGREEMENTS = (
    Code(disclosure.CLOSE, Words("Close", "Opiniones parecidas")),
    Code(disclosure.WIDE, Words("Wide", "Opiniones alejadas")),
    Code(disclosure.NONE, Words("Not said", "No se dice")),
)
BANDS = (
    Code("5-9", Words("5 to 9", "De 5 a 9")),
    Code("10-19", Words("10 to 19", "De 10 a 19")),
    Code("20+", Words("20 or more", "20 o más")),
    Code(disclosure.NONE, Words("Not said", "No se dice")),
)


@dataclass(frozen=True)
class SideRow(Row):
    """A row of one side of one item, or of the whole coalition."""

    side: str = WHOLE

    @property
    def item(self) -> dict:
        """What the release says of the indicator."""
        return self.indicator["members"]

    @property
    def is_whole(self) -> bool:
        return self.side == WHOLE

    @property
    def level(self) -> int | None:
        """The lower median of the whole coalition, or of the side where both are shown."""
        if self.is_whole:
            return self.item["level"]
        return self.item["sides"][self.side] if self.item["sides"] else None

    @property
    def status(self) -> str:
        return self.item["level_status"] if self.is_whole else self.item["sides_status"]


def answered(revision: Submitted) -> list[tuple[dict, dict]]:
    """The milestone and indicator of each item of the release, in the order of the files."""
    return [(m, i) for m in revision.milestones() for i in m["indicators"] if i.get("members")]


def facts(revision: Submitted, tongue: str):
    """Three rows for each indicator that the members were asked."""
    for milestone, indicator in answered(revision):
        for side in SIDES:
            yield SideRow(revision, tongue, milestone, indicator, side=side.code)


WHICH = (
    Column(
        "indicator_code",
        "string",
        Words("Code of the indicator, as in agreed_ratings", "Código del indicador, como en agreed_ratings"),
        lambda row: row.indicator["code"],
        source=FROM_THE_RUBRIC,
    ),
    Column(
        "side",
        "string",
        Words("Whose answers: the whole coalition's or one side's", "De quién: de toda la coalición o de un lado"),
        lambda row: row.side,
        codes=SIDES,
        rule=Words(
            "Sides have a level only where voices are compared and each side gave 6 answers or more",
            "Los lados tienen nivel solo si se comparan las voces y cada lado dio 6 respuestas o más",
        ),
        source=FROM_THE_RELEASE,
    ),
)
SAID = (
    Column(
        "level",
        "integer",
        Words("The level of the answers", "El nivel de las respuestas"),
        lambda row: row.level,
        codes=LEVEL_CODES,
        unit=A_LEVEL,
        rule=Words(
            "Lower median, the highest level that more than half are at or above; empty under 5 answers",
            "Mediana inferior: el nivel más alto que más de la mitad alcanza o supera; vacío con menos de 5 respuestas",
        ),
        source=FROM_THE_RELEASE,
        may_be_empty=True,
    ),
    Column(
        "level_name",
        "string",
        Words("Name of the level, in the language asked for", "Nombre del nivel, en el idioma elegido"),
        lambda row: row.level_name(row.level),
        source=FROM_THE_RUBRIC,
        may_be_empty=True,
    ),
    Column(
        "level_status",
        "string",
        Words("Whether there is a level, and if not, why", "Si hay un nivel y, si no lo hay, por qué"),
        lambda row: row.status,
        codes=STATUSES,
        rule=STATUS_RULE,
        source=FROM_THE_RELEASE,
    ),
    Column(
        "agreement",
        "string",
        Words("How near the answers are to each other", "Qué tan cerca están las respuestas unas de otras"),
        lambda row: row.item["agreement"] if row.is_whole else disclosure.NONE,
        codes=AGREEMENTS,
        rule=Words(
            "wide where the middle half of the answers still spans two levels or more; none under 5 answers and in a "
            "side's row",
            "wide si la mitad central de las respuestas abarca dos niveles o más; none con menos de 5 respuestas y en "
            "la fila de un lado",
        ),
        source=FROM_THE_RELEASE,
    ),
    Column(
        "n_band",
        "string",
        Words("How many gave a level, said no closer than this", "Cuántas personas dieron un nivel, sin más detalle"),
        lambda row: row.item["n_band"] if row.is_whole else disclosure.NONE,
        codes=BANDS,
        unit=Words("answers", "respuestas"),
        rule=Words(
            "Of the whole coalition; a side's row says none. A spreadsheet may take 5-9 for a date: read it as text",
            "De toda la coalición; en la fila de un lado, none. Una hoja de cálculo puede tomar 5-9 por fecha: léalo "
            "como texto",
        ),
        source=FROM_THE_RELEASE,
    ),
    Column(
        "third_could_not_say",
        "boolean",
        Words(
            "1 where a third or more of those who answered could not see it from where they sit",
            "1 si un tercio o más de quienes respondieron no lo pudo ver desde su lugar",
        ),
        lambda row: is_yes(row.is_whole and row.item["third_could_not_say"]),
        codes=NO_YES,
        rule=Words(
            "Of the whole coalition, from 5 answers on; 0 in a side's row",
            "De toda la coalición, desde 5 respuestas; 0 en la fila de un lado",
        ),
        source=FROM_THE_RELEASE,
    ),
)
MADE = (
    Column(
        "rule_version",
        "string",
        Words("Version of the privacy rule", "Versión de la regla de privacidad"),
        lambda row: row.revision.body["release"]["rule"],
        source=FROM_THE_RELEASE,
    ),
    Column(
        "release_sha256",
        "string",
        Words("Hash of the release; it shows that nothing changed", "Huella del resumen; muestra que nada cambió"),
        lambda row: row.revision.body["release"]["sha256"],
        unit=Words("SHA-256, hexadecimal", "SHA-256, hexadecimal"),
        source=COMPUTED,
        names=True,
    ),
)
RELEASES = File(
    name="releases",
    row_is=Words(
        "one coalition, quarter, indicator and side: the whole coalition, parents and providers, everyone else",
        "una coalición, un trimestre, un indicador y un lado: toda la coalición; madres, padres y proveedores; las "
        "demás personas",
    ),
    about=Words(
        "What members answered before they talked, once for each quarter that asked them; without quarters agreed in a "
        "meeting alone",
        "Lo que respondieron las personas antes de conversar, una vez por trimestre; sin los trimestres acordados "
        "solo en una reunión",
    ),
    columns=(*COMMON, *WHICH, *SAID, *MADE),
    facts=facts,
    size=lambda revision: (
        len(SIDES) * sum(bool(i.get("members")) for m in revision.body["milestones"] for i in m["indicators"])
    ),
    key=("coalition_id", "quarter", "indicator_code", "side"),
    within=((("coalition_id", "quarter", "indicator_code"), "agreed_ratings"),),
    of_releases=True,
)
