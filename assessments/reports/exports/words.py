"""The codes that more than one file uses, and the columns of a milestone and of a level. Pure."""

from dataclasses import replace

from assessments import levels
from assessments.reports.exports.columns import (
    COMPUTED,
    FROM_SHARING,
    FROM_THE_RECORD,
    FROM_THE_RUBRIC,
    NO_YES,
    Code,
    Column,
    Words,
    is_yes,
    said,
)

LEVEL_CODES = (
    Code("0", Words("Not yet", "Todavía no")),
    Code("1", Words("Starting", "Empezando")),
    Code("2", Words("Growing", "Creciendo")),
    Code("3", Words("Strong", "Fuerte")),
    Code("4", Words("Lasting", "Duradero")),
)
LABELS_OF_STATUSES = {
    levels.RATED: Words("Rated", "Con nivel"),
    levels.NOT_ASKED: Words("Not asked in this mode", "No se preguntó en esta modalidad"),
    levels.NOT_RATED: Words("Not rated", "Sin nivel"),
    levels.DOES_NOT_APPLY: Words("Does not apply now", "No aplica por ahora"),
    levels.SET_ASIDE: Words("Set aside this quarter", "En pausa este trimestre"),
    levels.NOT_AGREED: Words("Not agreed", "No hay acuerdo"),
    levels.TOO_FEW: Words("Too few people answered", "Respondieron muy pocas personas"),
    levels.SIDES_NOT_SHOWN: Words("Sides not shown", "Los dos lados no se muestran"),
    levels.NOT_SHARED: Words("Not shared", "No se comparte"),
}
STATUSES = tuple(Code(status, LABELS_OF_STATUSES[status]) for status in levels.STATUSES)
TAGS = (
    Code(levels.THIN, Words("Thin: opinion only", "Poca: solo opinión")),
    Code(levels.SOME, Words("Some: one kind of evidence", "Alguna: un solo tipo de evidencia")),
    Code(
        levels.SOLID,
        Words(
            "Solid: two kinds, one of them from parents or providers",
            "Sólida: dos tipos, uno de ellos de madres, padres o proveedores",
        ),
    ),
)
STATUS_RULE = Words(
    "Never empty; where there is no level, it says why",
    "Nunca está vacío; donde no hay nivel, dice por qué",
)
DIRECTIONS = (
    Code("possible_shift_forward", Words("Possible shift forward", "Posible cambio hacia adelante")),
    Code("possible_shift_back", Words("Possible shift back", "Posible cambio hacia atrás")),
    Code("shift_forward", Words("Shift forward", "Cambio hacia adelante")),
    Code("shift_back", Words("Shift back", "Cambio hacia atrás")),
    Code("no_clear_change", Words("No clear change", "Sin cambio claro")),
    Code(levels.TOO_FEW, Words("Too few people answered", "Respondieron muy pocas personas")),
    Code(levels.NOT_ASKED, Words("Not asked", "No se preguntó")),
)
A_LEVEL = Words("level, 0 to 4", "nivel, de 0 a 4")

MILESTONE = (
    Column(
        "milestone_number",
        "integer",
        Words("Number of the milestone; from 8 on, a coalition's own", "Número del hito; desde 8, los propios"),
        lambda row: row.milestone["number"],
        source=FROM_THE_RUBRIC,
    ),
    Column(
        "milestone_slug",
        "string",
        Words(
            "Code of the milestone, the same in every version; own-…: a coalition's own, never compared across states",
            "Código del hito, igual en todas las versiones; own-…: propio de la coalición, no se compara entre estados",
        ),
        lambda row: row.milestone["slug"],
        source=FROM_THE_RUBRIC,
    ),
    Column(
        "milestone_name",
        "string",
        Words("Name of the milestone, in the language asked for", "Nombre del hito, en el idioma elegido"),
        lambda row: said(row.milestone["name"], row.tongue),
        source=FROM_THE_RUBRIC,
    ),
)
OR_BEYOND = (
    replace(
        MILESTONE[0],
        meaning=Words(
            "Number of the milestone; empty: Beyond the milestones", "Número del hito; vacío: Más allá de los hitos"
        ),
        value=lambda row: row.milestone and row.milestone["number"],
        may_be_empty=True,
    ),
    replace(
        MILESTONE[1],
        meaning=Words(
            "Code of the milestone, as in standings; empty: Beyond the milestones",
            "Código del hito, como en standings; vacío: Más allá de los hitos",
        ),
        value=lambda row: row.milestone and row.milestone["slug"],
        may_be_empty=True,
    ),
)
EVIDENCE_TAG = Column(
    "evidence_tag",
    "string",
    Words("How solid the evidence is", "Qué tan sólida es la evidencia"),
    lambda row: (row.indicator or row.milestone["standing"])["evidence_tag"],
    codes=TAGS,
    rule=Words("From the kinds of evidence and whose voice is in it", "Según los tipos y de quién es la voz"),
    source=COMPUTED,
)
SHARED = Column(
    "shared",
    "boolean",
    Words(
        "1 where the coalition shares level and story of this milestone of this revision with funders",
        "1 si la coalición comparte con financiadores el nivel y la historia de este hito en esta revisión",
    ),
    lambda row: is_yes(row.is_level_shared),
    codes=NO_YES,
    rule=Words("As it was at the download; 0 where only the story is shared", "Al descargar; 0 si solo va la historia"),
    source=FROM_SHARING,
)
NOT_SHARED = Code(levels.NOT_SHARED, LABELS_OF_STATUSES[levels.NOT_SHARED])
SHARED_STORY = replace(
    SHARED,
    meaning=Words(
        "1 where the coalition shares this text with funders", "1 si la coalición comparte este texto con financiadores"
    ),
    value=lambda row: is_yes(row.is_story_shared),
    rule=Words("As it was at the download", "Tal como estaba al descargar"),
)


def level_columns(meaning: Words, rule: Words, said_of) -> tuple[Column, ...]:
    """Level, its name and its status, of what `said_of` finds in a row: something with `level` and `status`."""
    return (
        Column(
            "level",
            "integer",
            meaning,
            lambda row: said_of(row)["level"],
            codes=LEVEL_CODES,
            unit=A_LEVEL,
            rule=rule,
            source=FROM_THE_RECORD,
            may_be_empty=True,
        ),
        Column(
            "level_name",
            "string",
            Words("Name of the level, in the language asked for", "Nombre del nivel, en el idioma elegido"),
            lambda row: row.level_name(said_of(row)["level"]),
            source=FROM_THE_RUBRIC,
            may_be_empty=True,
        ),
        Column(
            "level_status",
            "string",
            Words("Whether there is a level, and if not, why", "Si hay un nivel y, si no lo hay, por qué"),
            lambda row: said_of(row)["status"],
            codes=STATUSES,
            rule=STATUS_RULE,
            source=COMPUTED,
        ),
    )
