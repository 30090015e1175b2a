"""`agreed_ratings.csv`: what each coalition agreed on each indicator, of each submitted revision. Pure."""

from assessments import levels
from assessments.reports.exports.columns import (
    COMMON,
    COMPUTED,
    FROM_THE_RECORD,
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
    said,
)
from assessments.reports.exports.words import (
    A_LEVEL,
    EVIDENCE_TAG,
    LEVEL_CODES,
    MILESTONE,
    SHARED,
    STATUSES,
    level_columns,
)

OUTCOMES = (
    Code("agreed", Words("Agreed", "Hay acuerdo")),
    Code(
        "agreed_with_different_view",
        Words("Agreed, with a different view noted", "Hay acuerdo, con otra opinión anotada"),
    ),
    Code("not_agreed", Words("Not agreed", "No hay acuerdo")),
    Code("none", Words("No outcome; the status says why", "Sin resultado; el estado del nivel dice por qué")),
)
WITHOUT_OUTCOME = (levels.NOT_ASKED, levels.SET_ASIDE, levels.DOES_NOT_APPLY, levels.NOT_RATED)
ROOM_SEES = (
    Code("compare_voices", Words("Compare voices", "Comparar voces")),
    Code("see_the_spread", Words("See the spread", "Ver la distribución")),
    Code("meeting_only", Words("Meeting only: no ballots", "Solo reunión: sin respuestas individuales")),
)
COMPARABLE = (
    Code("yes", Words("The same question, or one marked comparable", "La misma pregunta, o una comparable")),
    Code("no", Words("The question changed", "La pregunta cambió")),
    Code("first", Words("Not asked in the quarter before", "No se preguntó en el trimestre anterior")),
)


def outcome(row: Row) -> str:
    """How the talk on an indicator ended; `none` where there was nothing to agree on."""
    return "none" if row.indicator["status"] in WITHOUT_OUTCOME else row.indicator["outcome"]


def reason(row: Row) -> str:
    """The coalition's reason, where it shares level and story and the milestone was not set aside."""
    is_open = row.is_level_shared and row.indicator["status"] != levels.SET_ASIDE
    return row.told(is_open, row.indicator["reason"])


def different_views(row: Row) -> int:
    """How many different views stand beside the level, without those kept for the coalition."""
    return sum(not view["coalition_only"] for view in row.indicator["different_views"])


INDICATOR = (
    Column(
        "indicator_code",
        "string",
        Words(
            "Code of the indicator; own-… is a coalition's own question, never compared across states",
            "Código del indicador; own-… es una pregunta propia de la coalición y no se compara entre estados",
        ),
        lambda row: row.indicator["code"],
        rule=Words(
            "A code, not a number: where no row is own-…, programs read 1.2 as a number; "
            "name its type if you join on it",
            "Es un código, no un número: si ninguna fila es own-…, los programas leen 1.2 como número; "
            "indique su tipo si lo usa para unir tablas",
        ),
        source=FROM_THE_RUBRIC,
    ),
    Column(
        "indicator_title",
        "string",
        Words("Title of the indicator, in the language asked for", "Título del indicador, en el idioma elegido"),
        lambda row: said(row.indicator["title"], row.tongue),
        source=FROM_THE_RUBRIC,
    ),
    Column(
        "core",
        "boolean",
        Words("1 for the core indicator of its milestone", "1 si es el indicador básico de su hito"),
        lambda row: is_yes(row.indicator["core"]),
        codes=NO_YES,
        source=FROM_THE_RUBRIC,
    ),
    Column(
        "own_indicator",
        "boolean",
        Words("1 for a question the coalition added itself", "1 si la coalición agregó la pregunta"),
        lambda row: is_yes(row.indicator["own"]),
        codes=NO_YES,
        rule=Words(
            "Under a milestone of the rubric it is never counted in its level",
            "Dentro de un hito de la rúbrica no cuenta para su nivel",
        ),
        source=FROM_THE_RECORD,
    ),
    Column(
        "comparable_with_previous",
        "string",
        Words(
            "Whether the level compares with that of the quarter before",
            "Si el nivel se puede comparar con el del trimestre anterior",
        ),
        lambda row: row.indicator["comparable"],
        codes=COMPARABLE,
        rule=Words(
            "The quarter before is the last earlier one that the coalition submitted",
            "El trimestre anterior es el último que la coalición entregó antes de este",
        ),
        source=COMPUTED,
    ),
    Column(
        "outcome",
        "string",
        Words("How the coalition's talk ended", "Cómo terminó la conversación de la coalición"),
        outcome,
        codes=OUTCOMES,
        source=FROM_THE_RECORD,
    ),
)
SUGGESTED = (
    Column(
        "suggested_level",
        "integer",
        Words("The level that the members' answers suggested", "El nivel que sugirieron las respuestas"),
        lambda row: row.indicator["suggested_level"],
        codes=LEVEL_CODES,
        unit=A_LEVEL,
        rule=Words(
            "Lower median of the answers, from 5 on; in milestones where the coalition defers to parents and "
            "providers, the lower of the two sides, if these are shown",
            "Mediana inferior de las respuestas, desde 5; en los hitos donde la coalición da prioridad a madres, "
            "padres y proveedores, el menor de los dos lados, si se muestran",
        ),
        source=FROM_THE_RELEASE,
        may_be_empty=True,
    ),
    Column(
        "suggested_status",
        "string",
        Words("Whether a level was suggested, and if not, why", "Si hubo un nivel sugerido y, si no, por qué"),
        lambda row: row.indicator["suggested_status"],
        codes=STATUSES,
        rule=Words(
            "rated, too_few or not_asked; not_rated where the coalition rated in a meeting only",
            "rated, too_few o not_asked; not_rated si solo hubo reunión",
        ),
        source=FROM_THE_RELEASE,
    ),
    Column(
        "room_sees",
        "string",
        Words("What the room saw of the answers", "Qué se vio de las respuestas en la reunión"),
        lambda row: row.revision.body["room_sees"],
        codes=ROOM_SEES,
        source=FROM_THE_RECORD,
    ),
)
BACKING = (
    Column(
        "reason",
        "string",
        Words(
            "Why the coalition chose this level, in its words", "Por qué eligió este nivel, en palabras de la coalición"
        ),
        reason,
        rule=Words(
            "Only where the coalition shares level and story now; else empty",
            "Solo si la coalición comparte ahora el nivel y la historia; si no, vacío",
        ),
        source=FROM_THE_RECORD,
        may_be_empty=True,
        names=True,
    ),
    Column(
        "different_views",
        "integer",
        Words("How many different views were noted", "Cuántas otras opiniones se anotaron"),
        different_views,
        unit=Words("different views", "otras opiniones"),
        rule=Words("Without those kept for the coalition alone", "Sin las que son solo para la coalición"),
        source=FROM_THE_RECORD,
    ),
    Column(
        "evidence_items",
        "integer",
        Words("How many items of evidence were recorded", "Cuántas evidencias se registraron"),
        lambda row: len(row.indicator["evidence"]),
        unit=Words("items", "evidencias"),
        source=FROM_THE_RECORD,
    ),
    EVIDENCE_TAG,
    SHARED,
    Column(
        "revision_sha256",
        "string",
        Words("Hash of the revision; it shows that nothing changed", "Huella de la revisión; muestra que nada cambió"),
        lambda row: row.revision.sha256,
        unit=Words("SHA-256, hexadecimal", "SHA-256, hexadecimal"),
        rule=Words(
            "Taken over the hash of the coalition's revision before and this one's content",
            "Se calcula con la huella de la revisión anterior de la coalición y el contenido de esta",
        ),
        source=COMPUTED,
        names=True,
    ),
)


def facts(revision: Submitted, tongue: str):
    """A row for every indicator of every milestone, asked or not, in the order of the rubric."""
    for milestone in revision.milestones():
        for indicator in milestone["indicators"]:
            yield Row(revision, tongue, milestone, indicator)


AGREED_RATINGS = File(
    name="agreed_ratings",
    row_is=Words(
        "one coalition, quarter, revision and indicator", "una coalición, un trimestre, una revisión y un indicador"
    ),
    about=Words(
        "What each coalition agreed on each indicator, with those that were not asked",
        "Lo que cada coalición acordó en cada indicador, con los que no se preguntaron",
    ),
    columns=(
        *COMMON,
        *MILESTONE,
        *INDICATOR,
        *level_columns(
            Words("The level the coalition agreed on", "El nivel que acordó la coalición"),
            Words(
                "Empty unless level_status is rated; never 0 for missing",
                "Vacío si level_status no es rated; nunca 0 si falta",
            ),
            lambda row: row.indicator,
        ),
        *SUGGESTED,
        *BACKING,
    ),
    facts=facts,
    size=lambda revision: sum(len(milestone["indicators"]) for milestone in revision.body["milestones"]),
    key=("coalition_id", "quarter", "revision", "indicator_code"),
    within=((("coalition_id", "quarter", "revision", "milestone_slug"), "standings"),),
)
