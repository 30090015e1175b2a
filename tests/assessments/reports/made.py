"""What the tests of the reading side stand on: a record with a canary in every place that could leak."""

import hashlib
import json
import re
import uuid
from datetime import date

from django.db import connection

from assessments.models import Assessment, DifferentView, Event, Evidence, NextStep, Revision, Stage, Standing, Story
from assessments.quarters import Quarter
from assessments.reports import rows
from assessments.submitting import actions as submitting
from coalitions.models import Coalition
from tests import factories

Q1, Q2, Q3 = Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)
MILESTONE = "setting-the-table"  # where the canaries are
OUT_WITH_LEVEL = ["canary-reason", "canary-open-evidence", "canary-open-view"]
OUT_WITH_STORY = ["canary-story", "canary-step", "canary-role"]
NEVER_OUT = [
    "canary-closed-evidence", "canary-closed-view", "canary-owner", "Quill Penhaligon",
]  # fmt: skip


def row(level=2, quarter=Q2, *, slug="cohesion", coalition="a", number=3, sharing=rows.LEVEL_AND_STORY, **fields):
    """A row of the reading side, by hand."""
    status = "rated" if level is not None else "not_rated"
    fields = {
        "status": status,
        "rule": "lower_median",
        "core_level": level,
        "revision": f"{coalition} {quarter}",
    } | fields
    return rows.Row(
        coalition=coalition, quarter=quarter, number=number, slug=slug, level=level, sharing=sharing, **fields
    )


def telling(assessment, *, by):
    """Write a canary into every text of one milestone, before it is submitted."""
    signer = factories.person(name="Quill Penhaligon")
    rating = assessment.agreed_ratings.filter(indicator__milestone__slug=MILESTONE, indicator__core=True).get()
    rating = factories.rate(assessment, rating.indicator.code, 3, by=by, reason="canary-reason")
    for visibility, shows in [("may_be_shared", "canary-open-evidence"), ("coalition_only", "canary-closed-evidence")]:
        Evidence.objects.create(
            rating=rating, kind="document", shows=shows, voice="parent", visibility=visibility,
            file=f"evidence/{shows}.pdf", file_type="application/pdf",
        )  # fmt: skip
    for only, text in [(False, "canary-open-view"), (True, "canary-closed-view")]:
        DifferentView.objects.create(rating=rating, text=text, signed_by=signer, coalition_only=only)
    milestone = rating.indicator.milestone
    Story.objects.create(assessment=assessment, milestone=milestone, text="canary-story")
    Story.objects.create(assessment=assessment, milestone=None, text="canary-beyond")
    NextStep.objects.create(
        assessment=assessment, milestone=milestone, kind="ask", text="canary-step", owner_name="canary-owner",
        owner_role="canary-role", due_on=date(2026, 9, 1),
    )  # fmt: skip
    Event.objects.create(coalition=assessment.coalition, happened_on=assessment.quarter.start, words="canary-event")


def told(coalition, *, by, quarter=Q2, level=2, mode="core"):
    """A submitted quarter with canaries in it."""
    assessment = factories.discussing_assessment(coalition, by=by, quarter=quarter, mode=mode)
    factories.rate_all(assessment, level, by=by)
    telling(assessment, by=by)
    factories.submit(assessment, by=by)
    assessment.refresh_from_db()
    return assessment


def share(assessment, *, by, **choices):
    """Share the last revision as given, by slug with underscores."""
    from assessments.sharing import actions

    number = assessment.revisions.count()
    chosen = {slug.replace("_", "-"): choice for slug, choice in choices.items()}
    return actions.share(assessment=assessment, number=number, choices=chosen, by=by)


def share_all(assessment, *, by, what=rows.LEVEL_AND_STORY):
    slugs = assessment.revisions.order_by("-number").first().standings.values_list("slug", flat=True)
    return share(assessment, by=by, **{slug: "story" if slug == "beyond" else what for slug in slugs})


def corrected(assessment, *, by, reason="A date was wrong"):
    """Reopen and submit again: a revision more."""
    number = assessment.revisions.count()
    submitting.reopen(assessment=assessment, number=number, reason=reason, by=by)
    assessment.refresh_from_db()
    assert assessment.stage == Stage.REOPENED
    factories.submit(assessment, by=by)
    assessment.refresh_from_db()
    return assessment


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def main(response) -> str:
    """The part of a page that is about the coalition."""
    found = text(response)
    start = found.index('<p class="caption">')
    return found[start : found.index('<p class="caveat">')]


def words_of(html):
    return re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S))


def clone(coalition, numbers, codes=None, quarters=None):
    """Coalitions that are alike, by number, one in every state there is, or in those of `codes`.

    `quarters` are the quarters that each has, all like the last of the coalition; its own where none are given.
    """
    codes = codes or [entry["code"] for entry in json.loads((factories.FIXTURES / "states.json").read_text())]
    revisions = list(Revision.objects.filter(coalition=coalition).order_by("quarter_text").select_related("assessment"))
    made = (
        [(revisions[-1], str(quarter)) for quarter in quarters]
        if quarters
        else [(r, r.quarter_text) for r in revisions]
    )
    for number in numbers:
        there = Coalition.objects.create(
            name=f"Sample {number}", slug=f"sample-{number}", state=factories.state(codes[number % len(codes)])
        )
        for revision, quarter in made:
            assessment = Assessment.objects.get(pk=revision.assessment_id)
            assessment.pk, assessment.coalition, assessment.quarter_text = uuid.uuid4(), there, quarter
            assessment._state.adding = True
            assessment.save()
            copy = Revision(
                assessment=assessment, coalition=there, quarter_text=quarter, number=1,
                submitted_at=revision.submitted_at, body=revision.body,
                sha256=hashlib.sha256(f"{number}{quarter}{revision.pk}".encode()).hexdigest(),
            )  # fmt: skip
            Revision.objects.bulk_create([copy])
            standings = list(Standing.objects.filter(revision=revision))
            for standing in standings:
                standing.pk, standing.revision, standing.coalition, standing.state = None, copy, there, there.state
                standing.quarter_text = quarter
            Standing.objects.bulk_create(standings)
    factories.full_log()
    if connection.vendor == "postgresql":  # as its own housekeeping would have told the planner by now
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def comparable(html) -> list[str]:
    """A page word for word, but for where its files lie and what leads to other views of it: a preview has neither."""
    html = re.sub(r'<(p|form)\b[^>]*class="(downloads|compare)\b.*?</\1>', "", html, flags=re.DOTALL)
    html = re.sub(r'<script type="module" src="[^"]*download[^"]*"></script>', "", html)
    return re.sub(r'href="[^"]*/(files|evidence-files)/[^"]*"', "", html).split()
