"""Reads out of the database what a file of past quarters may speak of, and what is here already."""

from assessments.drafting.forms import today_in
from assessments.importing import past
from assessments.importing.parse import Known, Question
from assessments.models import Revision
from assessments.quarters import Quarter
from milestones.models import Indicator, Rubric


def known(coalition) -> Known:
    """The questions of every published version and of the coalition's own, and which quarter it is where it lives."""
    versions: dict[str, dict[str, Question]] = {rubric.version: {} for rubric in Rubric.objects.published()}
    rows = Indicator.objects.filter(milestone__rubric__in=Rubric.objects.published(), retired=False)
    for indicator in rows.select_related("milestone__rubric"):
        of_version = versions[indicator.milestone.rubric.version]
        of_version[indicator.code] = Question(indicator.milestone.slug, core=indicator.core)
    own = Indicator.objects.filter(milestone__rubric=coalition.own_rubric_id) if coalition.own_rubric_id else ()
    return Known(
        versions=versions,
        own={row.code: Question(row.milestone.slug, own=True) for row in own and own.select_related("milestone")},
        current=Quarter.of(today_in(coalition)),
    )


def last_bodies(coalition) -> dict[str, dict]:
    """The body of the last revision of each quarter, by quarter, in order of time."""
    found = {}
    for revision in Revision.objects.filter(coalition=coalition).order_by("quarter_text", "number").iterator():
        found[revision.quarter_text] = revision.content
    return found


def own_rows(coalition) -> list[tuple]:
    """The rows of the coalition's own past quarters, as `past.COLUMNS` has them."""
    return [row for body in last_bodies(coalition).values() for row in past.rows_of(body)]


def template_rows() -> list[tuple]:
    """A row for each question of the current version, to be filled in; none before the first version."""
    current = Rubric.objects.current()
    rows = Indicator.objects.filter(milestone__rubric=current, retired=False) if current else ()
    return [("", "full", current.version, row.code, "", None, "", "", "") for row in rows]
