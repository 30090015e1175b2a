"""`events.csv`: what happened around each coalition in the quarters it submitted, where a level is shared. Pure."""

from assessments.reports.exports.columns import (
    COMMON,
    FROM_SHARING,
    NO_YES,
    Column,
    File,
    Row,
    Submitted,
    Words,
    is_yes,
)

ONLY_SHARED = Words(
    "Only where some level of that quarter is shared now; else empty",
    "Solo si ahora se comparte algún nivel de ese trimestre; si no, vacío",
)
ON_THE_LINE = Words("the coalition's events, as they are now", "los sucesos de la coalición, como están ahora")


def told(name: str):
    """How a column reads the event: what stands there, where the quarter is open to readers."""
    return lambda row: row.told(row.revision.is_open, row.thing[name])


EVENT = (
    Column(
        "event_id",
        "string",
        Words("The event", "El suceso"),
        lambda row: row.thing["id"],
        unit=Words("UUID", "UUID"),
        source=ON_THE_LINE,
        names=True,
    ),
    Column(
        "happened_on",
        "date",
        Words("The day", "El día"),
        told("happened_on"),
        unit=Words("day, ISO 8601", "día, ISO 8601"),
        rule=ONLY_SHARED,
        source=ON_THE_LINE,
        may_be_empty=True,
        names=True,
    ),
    Column(
        "words",
        "string",
        Words("What happened, in the coalition's words", "Qué pasó, en palabras de la coalición"),
        told("words"),
        rule=ONLY_SHARED,
        source=ON_THE_LINE,
        may_be_empty=True,
        names=True,
    ),
    Column(
        "shared",
        "boolean",
        Words(
            "1 where the coalition shares some level of this quarter with funders",
            "1 si la coalición comparte con financiadores algún nivel de este trimestre",
        ),
        lambda row: is_yes(row.revision.is_open),
        codes=NO_YES,
        rule=Words("As it was at the download", "Tal como estaba al descargar"),
        source=FROM_SHARING,
    ),
)


def facts(revision: Submitted, tongue: str):
    """A row for every event of the quarter, by day."""
    for event in revision.events:
        yield Row(revision, tongue, thing=event)


EVENTS = File(
    name="events",
    row_is=Words("one event of a coalition's quarter", "un suceso de un trimestre de una coalición"),
    about=Words(
        "What happened around the coalitions, once for each quarter they submitted, whichever milestone is asked for; "
        "the words only where a level of the quarter is shared",
        "Lo que pasó alrededor de las coaliciones, una vez por trimestre entregado, aunque se elija un hito; las "
        "palabras, solo si se comparte algún nivel del trimestre",
    ),
    columns=(*COMMON, *EVENT),
    facts=facts,
    size=lambda revision: len(revision.events),
    key=("coalition_id", "quarter", "event_id"),
    within=((("coalition_id", "quarter"), "standings"),),
    of_last=True,
    of_events=True,
    of_milestones=False,
)
