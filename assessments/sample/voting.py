"""Plays a quarter's ballots through the verbs that people's pages use: collecting opens, they answer, it closes.

The verbs look at the clock, and past quarters are past. So each is opened until tomorrow, answered, and closed with
`close(at=…)`; afterwards its dates are set to those of the script. A quarter that collects now is left as it is.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from assessments.collecting import actions, ballots, close
from assessments.collecting.asked import on_the_ballot
from assessments.collecting.mine import MyAnswer
from assessments.models import Assessment
from assessments.quarters import local_deadline
from assessments.sample import script
from coalitions.models import Coalition, User

COLLECTED_FOR = timedelta(days=14)
KINDS = {script.CANT_SEE: ballots.CANT_SEE, script.SKIP: ballots.SKIP}


def day(coalition: Coalition, quarter: dict, what: str) -> date | None:
    """The day on which a quarter `meets` or `closes`: by its date, or counted from today where they live."""
    if f"{what}_in_days" in quarter:
        return timezone.localdate(timezone=coalition.zone) + timedelta(days=quarter[f"{what}_in_days"])
    return quarter.get(f"{what}_on")


def is_over(quarter: dict) -> bool:
    """Whether the script says that answers are closed, whatever day it is today."""
    return quarter.get("closes_in_days", -1) < 0


def open_until(coalition: Coalition, quarter: dict) -> date | None:
    """The day of close that a quarter is opened with; None where it is rated in a meeting only."""
    if "room_sees" not in quarter:
        return None
    if is_over(quarter):
        return timezone.localdate(timezone=coalition.zone) + timedelta(days=1)
    return day(coalition, quarter, "closes")


def collect(assessment: Assessment, quarter: dict, cast: dict[str, User], lead: User) -> Assessment:
    """Open collecting, cast every ballot of the script, and close where the day is over."""
    assessment = actions.open_collecting(assessment=assessment, by=lead)
    cast_ballots(assessment, quarter, cast)
    if not is_over(quarter):
        return assessment
    closes_on = day(assessment.coalition, quarter, "closes")
    deadline = local_deadline(closes_on, assessment.coalition.time_zone)
    close.close(assessment=assessment, at=deadline)
    return dated(assessment, closes_on, deadline)


def dated(assessment: Assessment, closes_on: date, deadline: datetime) -> Assessment:
    """The closed quarter with the dates of the script in place of those that it was played with."""
    dates = {"closes_on": closes_on, "deadline": deadline, "collecting_since": deadline - COLLECTED_FOR}
    Assessment.objects.filter(pk=assessment.pk).update(**dates)
    assessment.refresh_from_db()
    return assessment


def cast_ballots(assessment: Assessment, quarter: dict, cast: dict[str, User]):
    """What was sent, by link and by code; what was begun only; and what was typed in from paper."""
    indicators, milestones = on_the_ballot(assessment)
    asked = {row.code: row for row in indicators}
    numbered = {row.number: row.pk for row in milestones}
    for sheet in script.sheets(quarter):
        answer(assessment, sheet, asked, numbered, cast, send=True)
    for sheet in script.sheets(quarter, "begun"):
        answer(assessment, sheet, asked, numbered, cast, send=False)
    for number, sheet in enumerate(script.sheets(quarter, "paper")):
        if not number:
            actions.name_helper(assessment=assessment, user=cast[quarter["helper"]], by=assessment.opened_by)
        text, ticked = sheet.notes.get(script.ON_BEYOND, ("", False))
        ballots.add_paper(
            assessment=assessment,
            key=script.key(assessment.coalition.slug, quarter["quarter"], "paper", number),
            voice=sheet.voice,
            answers=[(asked[code], as_answer(sheet, code)) for code in sheet.marks],
            directions=as_directions(sheet, numbered),
            beyond=text,
            beyond_ticked=ticked,
            by=cast[quarter["helper"]],
        )


def answer(assessment, sheet: script.Sheet, asked, numbered, cast: dict[str, User], *, send: bool):
    """One ballot, page by page, as its writer goes through it: signed in, or on a phone that came by the code."""
    user = cast[sheet.who] if sheet.who else None
    device = ballots.hold_by_code(assessment=assessment, code=assessment.join_code, user=user, device=None)
    whose = {"assessment": assessment, "user": user, "device": device}
    ballots.begin(**whose, voice=sheet.voice)
    for code in sheet.marks:
        given = as_answer(sheet, code)
        ballots.save_answer(
            **whose,
            indicator=asked[code],
            kind=given.kind,
            level=given.level,
            note=given.note,
            ticked=given.note_ticked,
        )
    text, ticked = sheet.notes.get(script.ON_BEYOND, ("", False))
    ballots.save_last_page(
        **whose, directions=as_directions(sheet, numbered), beyond=text, beyond_ticked=ticked, send=send
    )


def as_answer(sheet: script.Sheet, code: str) -> MyAnswer:
    mark, (note, ticked) = sheet.marks[code], sheet.notes.get(code, ("", False))
    return MyAnswer(KINDS.get(mark, ballots.LEVEL), int(mark) if mark.isdigit() else None, note, ticked)


def as_directions(sheet: script.Sheet, numbered: dict[int, int]) -> dict[int, str]:
    return {numbered[number]: choice for number, choice in sheet.directions.items()}
