"""`directions.csv`: where members said each milestone moved since the quarter before, as the release has it. Pure."""

from assessments import levels
from assessments.reports.exports.columns import COMMON, FROM_THE_RELEASE, Column, File, Row, Submitted, Words
from assessments.reports.exports.words import DIRECTIONS, MILESTONE


def facts(revision: Submitted, tongue: str):
    """A row for every milestone, whether its direction was asked or not."""
    for milestone in revision.milestones():
        yield Row(revision, tongue, milestone)


DIRECTION = Column(
    "direction_label",
    "string",
    Words("Where members said the milestone moved", "Hacia dónde se movió el hito según sus integrantes"),
    lambda row: row.milestone.get("direction", levels.NOT_ASKED),
    codes=DIRECTIONS,
    rule=Words(
        "This quarter's label alone; standings says shift where more stands behind it. From 10 answers on: "
        "possible_shift where forward and back differ by 1.5 times the square root of the answers or more",
        "Solo la etiqueta de este trimestre; standings dice shift si algo más la respalda. Desde 10 respuestas: "
        "possible_shift si adelante y atrás difieren en 1.5 veces la raíz cuadrada de las respuestas o más",
    ),
    source=FROM_THE_RELEASE,
)
DIRECTIONS_FILE = File(
    name="directions",
    row_is=Words("one coalition, quarter and milestone", "una coalición, un trimestre y un hito"),
    about=Words(
        "Where members said each milestone moved, once for each quarter that asked them; without quarters agreed in a "
        "meeting alone",
        "Hacia dónde se movió cada hito según sus integrantes, una vez por trimestre; sin los trimestres acordados "
        "solo en una reunión",
    ),
    columns=(*COMMON, *MILESTONE[:2], DIRECTION),
    facts=facts,
    size=lambda revision: len(revision.sharing),
    key=("coalition_id", "quarter", "milestone_slug"),
    within=((("coalition_id", "quarter", "milestone_slug"), "standings"),),
    of_releases=True,
)
