"""`next_steps.csv`: what each coalition planned, asked for or offered, and what came of it; where it is shared. Pure.

What came of a step is the word of the quarter that looks back, so it goes with the story of that quarter.
"""

from dataclasses import dataclass

from assessments.reports.exports.columns import COMMON, FROM_THE_RECORD, Code, Column, File, Row, Submitted, Words
from assessments.reports.exports.words import NOT_SHARED, OR_BEYOND, SHARED_STORY

KINDS = (
    Code("action", Words("An action: something the coalition will do", "Una acción: algo que la coalición va a hacer")),
    Code("ask", Words("An ask: something it needs", "Una petición: algo que necesita")),
    Code("offer", Words("An offer: something it can give or teach", "Un ofrecimiento: algo que puede dar o enseñar")),
    NOT_SHARED,
)
PLANNED, LOOKED_BACK = "planned", "looked_back"
PARTS = (
    Code(PLANNED, Words("Planned in this quarter", "Se planeó en este trimestre")),
    Code(LOOKED_BACK, Words("Planned before; what came of it", "Se planeó antes; qué pasó con eso")),
)
STATUSES = (
    Code("planned", Words("Planned", "En plan")),
    Code("doing", Words("Doing it now", "En marcha")),
    Code("done", Words("Done", "Hecho")),
    Code("stopped", Words("Stopped", "Se dejó de hacer")),
    NOT_SHARED,
)
ONLY_SHARED = Words("Only where it is shared now; else empty", "Solo si se comparte ahora; si no, vacío")


@dataclass(frozen=True)
class StepRow(Row):
    """A row of one step: of the quarter that planned it, or of the one that looked back."""

    part: str = PLANNED

    @property
    def status(self) -> str:
        """How far the step is, as the quarter that looks back says."""
        return self.thing["status"] if self.part == LOOKED_BACK else "planned"

    @property
    def what_happened(self) -> str:
        return self.thing["what_happened"] if self.part == LOOKED_BACK else ""


def told(name: str, instead=""):
    """How a column reads the step: what stands there, where it is shared."""
    return lambda row: row.told(row.is_story_shared, row.thing[name], instead)


STEP = (
    Column(
        "step_id",
        "string",
        Words("The step; the same in each revision that holds it", "El paso; igual en cada revisión"),
        lambda row: row.thing["id"],
        unit=Words("UUID", "UUID"),
        source=FROM_THE_RECORD,
        names=True,
    ),
    Column(
        "part",
        "string",
        Words(
            "Whether this quarter planned the step or looks back at one planned before",
            "Si este trimestre planeó el paso o mira atrás a uno ya planeado",
        ),
        lambda row: row.part,
        codes=PARTS,
        source=FROM_THE_RECORD,
    ),
    Column(
        "kind",
        "string",
        Words("An action, an ask or an offer", "Una acción, una petición o un ofrecimiento"),
        told("kind", NOT_SHARED.code),
        codes=KINDS,
        rule=Words("Only where it is shared now; else not_shared", "Si no se comparte ahora, not_shared"),
        source=FROM_THE_RECORD,
    ),
    Column(
        "step_text",
        "string",
        Words("The step, in the coalition's words", "El paso, en palabras de la coalición"),
        told("text"),
        rule=ONLY_SHARED,
        source=FROM_THE_RECORD,
        may_be_empty=True,
        names=True,
    ),
    Column(
        "owner_role",
        "string",
        Words("The role of who sees to it; never a name", "El papel de quien se encarga; nunca un nombre"),
        told("owner_role"),
        rule=ONLY_SHARED,
        source=FROM_THE_RECORD,
        may_be_empty=True,
        names=True,
    ),
    Column(
        "due_on",
        "date",
        Words("By which day", "Para qué día"),
        told("due_on"),
        unit=Words("day, ISO 8601", "día, ISO 8601"),
        rule=ONLY_SHARED,
        source=FROM_THE_RECORD,
        may_be_empty=True,
        names=True,
    ),
    Column(
        "status",
        "string",
        Words("How far the step is when the quarter looks back", "Cómo va el paso cuando el trimestre mira atrás"),
        lambda row: row.told(row.is_story_shared, row.status, NOT_SHARED.code),
        codes=STATUSES,
        rule=Words(
            "planned in the quarter that plans it; only where it is shared now, else not_shared",
            "planned en el trimestre que lo planea; si no se comparte ahora, not_shared",
        ),
        source=FROM_THE_RECORD,
    ),
    Column(
        "what_happened",
        "string",
        Words("What came of it, in the coalition's words", "Qué pasó con eso, en palabras de la coalición"),
        lambda row: row.told(row.is_story_shared, row.what_happened),
        rule=ONLY_SHARED,
        source=FROM_THE_RECORD,
        may_be_empty=True,
        names=True,
    ),
    SHARED_STORY,
)


def steps(revision: Submitted) -> list[tuple[dict | None, str, dict]]:
    """Each step with its milestone and part, by milestone; those of none last, as far as the filters keep them."""
    listed = [(PLANNED, step) for step in revision.body["next_steps"]]
    listed += [(LOOKED_BACK, step) for step in revision.body["looked_back"]]
    of = [(m, part, step) for m in revision.milestones() for part, step in listed if step["milestone"] == m["slug"]]
    beyond = [(None, part, step) for part, step in listed if not step["milestone"]]
    return of + (beyond if revision.beyond is not None else [])


def facts(revision: Submitted, tongue: str):
    """A row for every step that the quarter planned, and for every one it looked back at."""
    for milestone, part, step in steps(revision):
        yield StepRow(revision, tongue, milestone, thing=step, part=part)


def size(revision: Submitted) -> int:
    slugs = {milestone["slug"] for milestone in revision.body["milestones"]}
    slugs |= {""} if revision.beyond is not None else set()
    of_both = [*revision.body["next_steps"], *revision.body["looked_back"]]
    return sum(step["milestone"] in slugs for step in of_both)


NEXT_STEPS = File(
    name="next_steps",
    row_is=Words(
        "one coalition, quarter, revision and next step, planned or looked back at",
        "una coalición, un trimestre, una revisión y un próximo paso, planeado o ya mirado atrás",
    ),
    about=Words(
        "What coalitions will do, ask for or offer next, and what came of it a quarter later; what it is only where it "
        "is shared",
        "Lo que las coaliciones van a hacer, piden u ofrecen, y qué pasó un trimestre después; qué es, solo si se "
        "comparte",
    ),
    columns=(*COMMON, *OR_BEYOND, *STEP),
    facts=facts,
    size=size,
    key=("coalition_id", "quarter", "revision", "part", "step_id"),
    within=((("coalition_id", "quarter", "revision"), "standings"),),
)
