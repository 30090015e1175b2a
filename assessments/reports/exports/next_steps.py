"""`next_steps.csv`: what each coalition planned, asked for or offered; what it is, where it is shared. Pure."""

from assessments.reports.exports.columns import COMMON, FROM_THE_RECORD, Code, Column, File, Row, Submitted, Words
from assessments.reports.exports.words import NOT_SHARED, OR_BEYOND, SHARED_STORY

KINDS = (
    Code("action", Words("An action: something the coalition will do", "Una acción: algo que la coalición va a hacer")),
    Code("ask", Words("An ask: something it needs", "Una petición: algo que necesita")),
    Code("offer", Words("An offer: something it can give or teach", "Un ofrecimiento: algo que puede dar o enseñar")),
    NOT_SHARED,
)
ONLY_SHARED = Words("Only where it is shared now; else empty", "Solo si se comparte ahora; si no, vacío")


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
    SHARED_STORY,
)


def steps(revision: Submitted) -> list[tuple[dict | None, dict]]:
    """Each step with its milestone, by milestone; those of none stand last, as far as the filters keep them."""
    of = [(m, s) for m in revision.milestones() for s in revision.body["next_steps"] if s["milestone"] == m["slug"]]
    beyond = [(None, step) for step in revision.body["next_steps"] if not step["milestone"]]
    return of + (beyond if revision.beyond is not None else [])


def facts(revision: Submitted, tongue: str):
    """A row for every step of the quarter; what came of it is the next quarter's, and in no file."""
    for milestone, step in steps(revision):
        yield Row(revision, tongue, milestone, thing=step)


def size(revision: Submitted) -> int:
    slugs = {milestone["slug"] for milestone in revision.body["milestones"]}
    slugs |= {""} if revision.beyond is not None else set()
    return sum(step["milestone"] in slugs for step in revision.body["next_steps"])


NEXT_STEPS = File(
    name="next_steps",
    row_is=Words(
        "one coalition, quarter, revision and next step", "una coalición, un trimestre, una revisión y un próximo paso"
    ),
    about=Words(
        "What coalitions will do, ask for or offer next; what it is only where it is shared",
        "Lo que las coaliciones van a hacer, piden u ofrecen; qué es, solo si se comparte",
    ),
    columns=(*COMMON, *OR_BEYOND, *STEP),
    facts=facts,
    size=size,
    key=("coalition_id", "quarter", "revision", "step_id"),
    within=((("coalition_id", "quarter", "revision"), "standings"),),
)
