"""The files made the slow and obvious way: every revision read whole, every cell by its column, one after another.

What the fast way gives must be this, byte for byte.
"""

from django.conf import settings

from assessments.models import Event, Revision
from assessments.quarters import Quarter
from assessments.reports.exports.coded import CODED, coalition_code
from assessments.reports.exports.columns import Submitted
from assessments.reports.exports.files import FILES
from assessments.reports.exports.filters import LATEST, ONLY, WITHOUT, Filters
from assessments.reports.exports.text import lines
from milestones.models import Level


def slow(name: str, asked: Filters, coalitions, *, own=False) -> str:
    """A whole file as text."""
    file = (CODED if asked.coded else FILES)[name]
    found = [r for r in Revision.objects.select_related("coalition__state", "assessment") if is_asked(file, r, asked)]
    found = [revision for revision in found if revision.coalition in coalitions]
    rows = [file.header()]
    for revision in sorted(found, key=lambda revision: place(revision, asked)):
        facts = submitted(revision, asked.milestone if file.of_milestones else "", own=own)
        rows += file.rows(facts, asked.lang)
    return lines(rows)


def is_asked(file, revision, asked) -> bool:
    """Whether the filters choose this revision for this file."""
    last = not revision.assessment.revisions.filter(number__gt=revision.number).exists()
    coalition = revision.coalition
    if file.of_releases:
        kept = revision.number == 1 and revision.assessment.room_sees != "meeting_only"
    else:
        kept = last or not (file.of_last or asked.revisions == LATEST)
    return (
        kept
        and asked.state in ("", coalition.state_id)
        and asked.coalition in ("", coalition.slug)
        and (asked.first or "0") <= revision.quarter_text <= (asked.last or "9")
        and not (asked.sample == WITHOUT and coalition.sample)
        and not (asked.sample == ONLY and not coalition.sample)
    )


def place(revision, asked) -> tuple:
    """Where a revision's rows stand in the file."""
    coalition = revision.coalition
    first = (code_of(coalition),) if asked.coded else (coalition.state_id, coalition.slug)
    return (*first, revision.quarter_text, revision.number)


def code_of(coalition) -> str:
    return coalition_code(str(coalition.pk), settings.EXPORT_PSEUDONYM_KEY)


def submitted(revision, milestone, *, own) -> Submitted:
    """A revision as plain facts, from its body and from the rows that stand around it."""
    body, coalition = dict(revision.content), revision.coalition
    sharing = {standing.slug: standing.sharing for standing in revision.standings.all()}
    beyond = sharing.pop("beyond")
    if milestone:
        body["milestones"] = [m for m in body["milestones"] if m["slug"] == milestone]
    happened = sorted(Event.objects.filter(coalition=coalition), key=lambda event: (event.happened_on, str(event.pk)))
    levels = Level.objects.filter(rubric__version=body["rubric_version"])
    shared = coalition.standings.filter(quarter_text=revision.quarter_text, sharing="level_and_story")
    return Submitted(
        state_code=coalition.state_id,
        state_name={"en": coalition.state.name_en, "es": coalition.state.name_es},
        coalition_id=str(coalition.pk),
        coalition_name=coalition.name,
        sample=coalition.sample,
        quarter=revision.quarter,
        number=revision.number,
        submitted_at=revision.submitted_at,
        sha256=revision.sha256,
        body=body,
        sharing={m["slug"]: sharing[m["slug"]] for m in body["milestones"]},
        level_names={level.value: {"en": level.name_en, "es": level.name_es} for level in levels},
        beyond=None if milestone else beyond,
        events=tuple(
            {"id": str(event.pk), "happened_on": event.happened_on.isoformat(), "words": event.words}
            for event in happened
            if Quarter.of(event.happened_on) == revision.quarter
        ),
        is_open=shared.exists(),
        code=code_of(coalition),
        own=own,
    )
