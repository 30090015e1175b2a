"""`stories.csv`: what each coalition wrote on a milestone, and beyond the milestones, where it is shared. Pure."""

from assessments.reports.exports.columns import COMMON, FROM_THE_RECORD, Column, File, Row, Submitted, Words
from assessments.reports.exports.words import OR_BEYOND, SHARED_STORY

STORY = Column(
    "story",
    "string",
    Words("The story, in the coalition's words", "La historia, en palabras de la coalición"),
    lambda row: row.told(row.is_story_shared, row.milestone["story"] if row.milestone else row.revision.body["beyond"]),
    rule=Words("Only where it is shared now; else empty", "Solo si se comparte ahora; si no, vacío"),
    source=FROM_THE_RECORD,
    may_be_empty=True,
    names=True,
)


def has_beyond(revision: Submitted) -> bool:
    """Whether something was written beyond the milestones, and the filters keep it."""
    return revision.beyond is not None and bool(revision.body["beyond"])


def facts(revision: Submitted, tongue: str):
    """A row for every milestone with a story; Beyond the milestones stands last."""
    for milestone in revision.milestones():
        if milestone["story"]:
            yield Row(revision, tongue, milestone)
    if has_beyond(revision):
        yield Row(revision, tongue)


STORIES = File(
    name="stories",
    row_is=Words(
        "one coalition, quarter, revision and story; without a milestone: Beyond the milestones",
        "una coalición, un trimestre, una revisión y una historia; sin hito: Más allá de los hitos",
    ),
    about=Words(
        "The stories that coalitions wrote; their words only where they are shared",
        "Las historias que escribieron las coaliciones; sus palabras, solo si se comparten",
    ),
    columns=(*COMMON, *OR_BEYOND, STORY, SHARED_STORY),
    facts=facts,
    size=lambda revision: sum(bool(m["story"]) for m in revision.body["milestones"]) + has_beyond(revision),
    key=("coalition_id", "quarter", "revision", "milestone_slug"),
    within=((("coalition_id", "quarter", "revision"), "standings"),),
)
