"""`agreed_ratings_wide.csv`: a coalition's quarter in one row, from its last revision. Pure."""

from assessments.reports.exports.columns import COMMON, COMPUTED, FROM_THE_RECORD, Column, File, Row, Submitted, Words
from assessments.reports.exports.words import A_LEVEL, LEVEL_CODES, STATUS_RULE, STATUSES

QUESTIONS = {1: 4, 2: 4, 3: 4, 4: 4, 5: 4, 6: 4, 7: 3}  # how many each milestone of the rubric has
CODES = tuple(f"{milestone}.{n}" for milestone, many in QUESTIONS.items() for n in range(1, many + 1))
NOT_IN_THIS_VERSION = {"level": None, "status": "not_asked"}


def said_of(row: Row, code: str) -> dict:
    """What the revision holds of one indicator; one that its version of the rubric has not was not asked."""
    return row.thing.get(code, NOT_IN_THIS_VERSION)


def level(code: str) -> Column:
    return Column(
        f"level_{code.replace('.', '_')}",
        "integer",
        Words(f"The level the coalition agreed on for indicator {code}", f"El nivel acordado en el indicador {code}"),
        lambda row: said_of(row, code)["level"],
        codes=LEVEL_CODES,
        unit=A_LEVEL,
        rule=Words(
            f"Empty unless status_{code.replace('.', '_')} is rated; never 0 for missing",
            f"Vacío si status_{code.replace('.', '_')} no es rated; nunca 0 si falta",
        ),
        source=FROM_THE_RECORD,
        may_be_empty=True,
    )


def status(code: str) -> Column:
    return Column(
        f"status_{code.replace('.', '_')}",
        "string",
        Words(
            f"Whether indicator {code} has a level, and if not, why",
            f"Si el indicador {code} tiene nivel y, si no lo tiene, por qué",
        ),
        lambda row: said_of(row, code)["status"],
        codes=STATUSES,
        rule=STATUS_RULE,
        source=COMPUTED,
    )


def facts(revision: Submitted, tongue: str):
    """One row, whatever was asked."""
    by_code = {i["code"]: i for milestone in revision.milestones() for i in milestone["indicators"]}
    yield Row(revision, tongue, thing=by_code)


AGREED_RATINGS_WIDE = File(
    name="agreed_ratings_wide",
    row_is=Words("one coalition and quarter, its last revision", "una coalición y un trimestre, su última revisión"),
    about=Words(
        "The agreed levels side by side, without a coalition's own questions; whole whichever milestone is asked for",
        "Los niveles acordados uno al lado del otro, sin las preguntas propias; completo aunque se elija un hito",
    ),
    columns=(*COMMON, *(level(code) for code in CODES), *(status(code) for code in CODES)),
    facts=facts,
    size=lambda revision: 1,
    key=("coalition_id", "quarter"),
    within=((("coalition_id", "quarter"), "standings"),),
    of_last=True,
    of_milestones=False,
)
