"""`standings.csv`: what each submitted revision says of each milestone. Pure."""

from assessments import levels
from assessments.reports.exports.columns import COMMON, COMPUTED, Code, Column, File, Row, Submitted, Words
from assessments.reports.exports.words import DIRECTIONS, EVIDENCE_TAG, MILESTONE, SHARED, level_columns

RULES = (
    Code(
        levels.CORE_ONLY,
        Words("The core indicator's level: only that was asked", "El del indicador básico: solo se preguntó ese"),
    ),
    Code(levels.LOWER_MEDIAN, Words("Lower median of three levels or more", "Mediana inferior de tres niveles o más")),
    Code(levels.NO_RULE, Words("No level", "Sin nivel")),
)
CHANGES = (
    Code(levels.UP, Words("Up", "Subió")),
    Code(levels.SAME, Words("Same", "Igual")),
    Code(levels.DOWN, Words("Down", "Bajó")),
    Code(levels.NOT_COMPARABLE, Words("Cannot be compared", "No se puede comparar")),
    Code(levels.FIRST, Words("No earlier level", "No hay un nivel anterior")),
)


def standing(row: Row) -> dict:
    """What the revision says of the row's milestone."""
    return row.milestone["standing"]


HOW_MADE = (
    Column(
        "level_rule",
        "string",
        Words("How the level was made", "Cómo se obtuvo el nivel"),
        lambda row: standing(row)["rule"],
        codes=RULES,
        rule=Words(
            "core_only and lower_median levels do not compare", "Niveles core_only y lower_median no se comparan"
        ),
        source=COMPUTED,
    ),
    Column(
        "indicators_rated",
        "integer",
        Words("How many of its indicators have a level", "Cuántos de sus indicadores tienen nivel"),
        lambda row: standing(row)["rated"],
        unit=Words("indicators", "indicadores"),
        rule=Words(
            "A coalition's own indicators are not counted under a milestone of the rubric",
            "Los indicadores propios no cuentan en un hito de la rúbrica",
        ),
        source=COMPUTED,
    ),
    Column(
        "indicators_asked",
        "integer",
        Words("How many of its indicators were asked", "Cuántos de sus indicadores se preguntaron"),
        lambda row: standing(row)["asked"],
        unit=Words("indicators", "indicadores"),
        source=COMPUTED,
    ),
)
CHANGE = (
    Column(
        "change_since",
        "string",
        Words(
            "The quarter it is compared with; empty for the first", "El trimestre de comparación; vacío en el primero"
        ),
        lambda row: standing(row)["change_since"],
        unit=Words("calendar quarter", "trimestre del año"),
        source=COMPUTED,
        may_be_empty=True,
    ),
    Column(
        "change",
        "string",
        Words("How the level moved since then", "Cómo se movió el nivel desde entonces"),
        lambda row: standing(row)["change"],
        codes=CHANGES,
        rule=Words(
            "Only between comparable levels; across a core-only quarter it is the core indicator's",
            "Solo entre niveles comparables; si un trimestre fue básico, es el cambio del indicador básico",
        ),
        source=COMPUTED,
    ),
    Column(
        "direction_label",
        "string",
        Words("Where members said the milestone moved", "Hacia dónde se movió el hito según sus integrantes"),
        lambda row: standing(row).get("direction_label", levels.NOT_ASKED),
        codes=DIRECTIONS,
        rule=Words(
            "From 10 answers on: possible_shift where clearly more say one way; shift when two quarters running say "
            "so, or the evidence is solid",
            "Desde 10 respuestas: possible_shift si claramente más dicen lo mismo; shift si se repite en dos "
            "trimestres seguidos o la evidencia es sólida",
        ),
        source=COMPUTED,
    ),
)


def facts(revision: Submitted, tongue: str):
    """A row for every milestone; Beyond the milestones has no level, and so no row."""
    for milestone in revision.milestones():
        yield Row(revision, tongue, milestone)


STANDINGS = File(
    name="standings",
    row_is=Words(
        "one coalition, quarter, revision and milestone", "una coalición, un trimestre, una revisión y un hito"
    ),
    about=Words("The level of each milestone, and how it was made", "El nivel de cada hito y cómo se obtuvo"),
    columns=(
        *COMMON,
        *MILESTONE,
        *level_columns(
            Words("The level of the milestone", "El nivel del hito"),
            Words(
                "Lower median of its agreed levels when three or more are rated; the core level if only that was asked",
                "Mediana inferior de los niveles acordados si hay tres o más; el básico si solo se preguntó ese",
            ),
            standing,
        ),
        *HOW_MADE,
        *CHANGE,
        EVIDENCE_TAG,
        SHARED,
    ),
    facts=facts,
    size=lambda revision: len(revision.sharing),
    key=("coalition_id", "quarter", "revision", "milestone_slug"),
)
