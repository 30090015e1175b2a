"""A coalition's own reading: one frozen revision, and the funder's page before it is shared."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import access
from assessments.models import WITH_REVISION, Shares, Stage
from assessments.reports import dashboards, drawn, next_steps, page, queries, rows
from assessments.reports.views.shared import chart, shared_context
from assessments.sharing.actions import allowed
from assessments.sharing.forms import MEMBERS_VIEW
from coalitions.access import readers_of
from coalitions.permissions import Permission
from milestones import answers


@answers.methods("GET")
def revision(request, slug, quarter, number):
    """One frozen revision, whole."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.READ_RECORD, at=WITH_REVISION)
    record = assessment.revisions.filter(number=number).first()
    if record is None:
        raise Http404
    earlier = [row for row in queries.rows_inside(assessment.coalition) if row.quarter < quarter]
    readable = earlier + queries.rows_of_revision(record)
    context = {
        "coalition": assessment.coalition,
        "assessment": assessment,
        **inside_context(assessment.coalition, quarter, readable),
    }
    return answers.page(request, "reports/revision.html", context)


def inside_context(found, quarter, readable, since=None) -> dict:
    """A page of one quarter with everything in it."""
    recent = next_steps.recent(readable, quarter)
    records = queries.records(pk__in={row.revision for row in readable if row.quarter in recent})
    shown = page.build(
        queries.as_coalition(found),
        quarter,
        readable,
        records,
        events=queries.events([found.pk]).get(found.pk, []),
        reopened=lambda record: queries.reopened_at(record.assessment, record.number),
        inside=True,
        file_url=lambda quarter, key: reverse("evidence_file", args=[found.slug, quarter, key]),
        since=since,
    )
    record = records[next(row.revision for row in readable if row.quarter == quarter)]
    if record.number < record.last_number:
        shown = replace(shown, notes=[])  # they are of the revision that followed, which the page names
    return {
        "page": shown,
        "record": record,
        "chart": chart(shown),
        "figures": drawn.of_page(shown),
        "levels": dashboards.levels(),
    }


@answers.methods("GET")
def preview(request, slug, quarter):
    """What a funder would see after sharing as proposed, drawn by what draws the funder's page; who reads it."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.SHARE, at=WITH_REVISION)
    standings = queries.rows_of_assessment(assessment)
    number = max(row.revision_number for row in standings)
    slugs = [row.slug for row in standings if row.revision_number == number]
    choices, notice = read_choices(request.GET, slugs)
    members_view = request.GET.get(MEMBERS_VIEW) == "on"
    if choices:
        standings = rows.after_sharing(standings, number, choices, members_view)
    others = [row for row in queries.shared_by(assessment.coalition) if row.quarter != quarter]
    readable = rows.outside([*standings, *others])
    coalition = queries.as_coalition(assessment.coalition)
    context = {
        "coalition": assessment.coalition,
        "assessment": assessment,
        "notices": [notice] if notice else [],
        "readers": readers_of(assessment.coalition),
        "number": number,
        "choices": choices,
        "members_view": members_view,
        "may_share": bool(choices) and assessment.stage == Stage.SUBMITTED,
        "back": back(assessment, {**choices, **({MEMBERS_VIEW: "on"} if choices and members_view else {})}),
        **shared_context(coalition, quarter, readable, file_url=own_file_url(assessment)),
    }
    return answers.page(request, "reports/preview.html", context)


def read_choices(params, slugs) -> tuple[dict[str, str], str]:
    """The proposed sharing of each milestone, empty where none is proposed; and a notice of what was left out."""
    choices, wrong = {}, False
    for slug in slugs:
        chosen = params.get(slug)
        if chosen and chosen not in allowed(slug):
            wrong = True
        choices[slug] = chosen if chosen in allowed(slug) else Shares.NOTHING.value
    proposed = any(slug in params for slug in slugs)
    notice = _("We could not read some of the choices. They count as nothing shared.") if wrong else ""
    return (choices if proposed else {}), notice


def back(assessment, choices) -> str:
    """The address of the choice itself, with what was chosen."""
    query = urlencode(choices)
    return assessment.url("sharing") + (f"?{query}" if query else "")


def own_file_url(assessment):
    """Where the coalition's own people find an evidence file, shared or not."""
    return lambda quarter, key: reverse("evidence_file", args=[assessment.coalition.slug, quarter, key])
