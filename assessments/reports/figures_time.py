"""A coalition's milestones over all its quarters, as one figure. From a page's rows; no database."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import levels
from assessments.reports import rows, sentences
from assessments.reports.figures import Column, Figure, level_columns, milestone_columns, status_in_files
from assessments.reports.page import CoalitionPage, OverTime, TimeLine
from assessments.reports.svg import steps
from assessments.reports.svg.canvas import number


def of_page(page: CoalitionPage) -> dict[str, Figure]:
    """The figure of the lines; none before there are two quarters."""
    return {"over_time": over_time(page)} if len(page.over_time.quarters) > 1 else {}


@dataclass(frozen=True)
class OnPage:
    """The lines as a page draws them itself: where everything stands, and each line's marks as they are written."""

    picture: steps.Picture
    lines: list[tuple[steps.Laid, SafeString]]


def picture(page: CoalitionPage) -> OnPage | None:
    """The lines as a page draws them itself; None where there is no line to draw."""
    if not page.over_time.drawn:
        return None
    found = steps.picture(*drawn_over_time(page.over_time))
    return OnPage(found, [(line, written_marks(line)) for line in found.lines])


def written_marks(line: steps.Laid) -> SafeString:
    """The marks of one line; written here, since a page has hundreds."""
    return format_html_join("", "{}", ((written_mark(sign),) for sign in line.signs))


def written_mark(sign: steps.Sign) -> SafeString:
    step, turned, inner = sign.step, "", ""
    if step.core_only:
        turned = format_html(' transform="rotate(45 {} {})"', number(sign.x), number(sign.y))
    if sign.has_number:
        inner = format_html(
            '<text class="in on-{}" x="{}" y="{}">{}</text>', step.level, number(sign.x), number(sign.base), step.level
        )  # fmt: skip
    return format_html(
        '<g class="mark level"><title>{}</title>'
        '<rect class="fill-{}" x="{}" y="{}" width="{}" height="{}" rx="4"{}/>{}</g>',
        step.said, step.level, number(sign.left), number(sign.top), number(sign.size), number(sign.size), turned, inner,
    )  # fmt: skip


def over_time(page: CoalitionPage) -> Figure:
    time = page.over_time
    return Figure(
        name="over-time",
        topic=_("Over time"),
        title=said_over_time(time.lines),
        how=_("Each milestone beside its own past, quarter by quarter. A step is an agreed level; a gap is a quarter without one."),  # noqa: E501
        coalition=page.coalition,
        when=f"{time.quarters[0].label} – {time.quarters[-1].label}",
        columns=(
            Column("quarter"), Column("quarter_start"), *milestone_columns(), *level_columns(_("Level")),
            Column("level_rule"), Column("comparable_with_previous"), Column("evidence_tag"), Column("events"),
        ),
        rows=[of_point(line, point, time.events) for line in time.lines for point in line.points],
        draw=steps.drawing(*drawn_over_time(time)),
        chart="reports/figures/over_time.html",
        notes=tuple(time_notes(time)),
        inside=page.inside,
    )  # fmt: skip


def drawn_over_time(time: OverTime) -> tuple:
    """Lines, quarters, flags and the name of the flags' row, as they are drawn."""
    flags = [steps.Flag(time.quarters.index(e.quarter), e.words) for e in time.events if e.quarter in time.quarters]
    quarters = [(f"Q{quarter.number}", str(quarter.year)) for quarter in time.quarters]
    return [line_over_time(line) for line in time.lines], quarters, flags, _("What happened")


def line_over_time(line: TimeLine) -> steps.Line:
    return steps.Line(
        line.name,
        tuple(
            steps.Step(
                at, point.level, f"{point.quarter.label}: {sentences.level_word(point.level)} ({point.level})",
                point.starts, point.core_only, point.new_series,
            )
            for at, point in enumerate(line.points)
            if point.level is not None
        ),
    )  # fmt: skip


def of_point(line: TimeLine, point: rows.Point, events) -> dict:
    earlier = [p for p in line.points if p.quarter < point.quarter and p.level is not None]
    comparable = "first" if not earlier else "no" if breaks(earlier[-1], point) else "yes"
    return {
        "quarter": str(point.quarter),
        "quarter_start": point.quarter.start.isoformat(),
        "milestone_number": line.number,
        "milestone_slug": line.slug,
        "milestone_name": line.name,
        "level": point.level,
        "level_name": sentences.level_word(point.level),
        "level_status": status_in_files(point.status),
        "level_rule": levels.NO_RULE if point.level is None
        else levels.CORE_ONLY if point.core_only else levels.LOWER_MEDIAN,
        "comparable_with_previous": "" if point.level is None else comparable,
        "evidence_tag": point.evidence_tag,
        "events": "; ".join(f"{e.on.isoformat()}: {e.words}" for e in events if e.quarter == point.quarter),
    }  # fmt: skip


def breaks(before: rows.Point, point: rows.Point) -> bool:
    """Whether the levels of two points do not compare."""
    return point.new_series or before.core_only != point.core_only


def time_notes(time: OverTime) -> list[str]:
    found = []
    if time.core_only:
        found.append(_("A diamond: the core question only."))
    if time.breaks:
        found.append(_("Two upright lines: a question changed, so levels on both sides are not compared."))
    if time.events:
        happened = "; ".join(f"{event.quarter.label}: {event.words}" for event in time.events)
        found.append(_("A triangle: something happened. %(events)s") % {"events": happened})
    return found


def comparable_part(points: Sequence[rows.Point]) -> list[rows.Point]:
    """The points with a level since the last change of a question or of how much was asked."""
    given: list[rows.Point] = []
    for point in points:
        if point.level is None:
            continue
        if given and breaks(given[-1], point):
            given = []
        given.append(point)
    return given


def said_over_time(lines: Sequence[TimeLine]) -> str:
    """How many milestones stand elsewhere than where their comparable line began; the order of the rubric, no names."""
    ends = [
        (part[0].level, part[-1].level)
        for part in map(comparable_part, (line.points for line in lines))
        if len(part) > 1
    ]
    if not ends:
        if any(sum(point.level is not None for point in line.points) > 1 for line in lines):
            return _("The last quarter asked other questions than the one before, so its levels begin a new line.")
        return _("No two quarters here compare yet.")
    whose = ngettext(
        "%(count)s milestone beside where its line began",
        "%(count)s milestones beside where their lines began",
        len(lines),
    ) % {"count": len(lines)}
    return f"{whose}: {said_of_ends(ends, len(lines) - len(ends))}."


def said_of_ends(ends: Sequence[tuple[int, int]], alone: int) -> str:
    """How many lines end higher, lower, and where they began, from both ends of each; how many do not compare."""
    higher, lower = sum(a < b for a, b in ends), sum(a > b for a, b in ends)
    same = len(ends) - higher - lower
    counted = [
        (higher, ngettext("%(n)s stands higher", "%(n)s stand higher", higher)),
        (lower, ngettext("%(n)s stands lower", "%(n)s stand lower", lower)),
        (same, ngettext("%(n)s stands where it began", "%(n)s stand where they began", same)),
        (alone, ngettext("%(n)s cannot be compared", "%(n)s cannot be compared", alone)),
    ]
    return "; ".join(text % {"n": n} for n, text in counted if n)
