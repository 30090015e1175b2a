"""What a report says: of one quarter of a coalition, and of one state over time. From pages that exist; no database.

A report is made from the same `page.CoalitionPage` that its reader may open, so it holds what that page holds and no
more. The print page and the PDF are drawn from one and the same `blocks.Report`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments import disclosure
from assessments.reports import page, report_parts, rows, sentences
from assessments.reports.blocks import Items, Part, Report, Words
from assessments.reports.figures_voices import band_of, side_name
from assessments.reports.report_method import method


@dataclass(frozen=True)
class Addresses:
    """Where the page of a report and the method stand, in full, as they are printed."""

    page: str
    method: str


def of_quarter(shown: page.CoalitionPage, records: Mapping, where: Addresses) -> Report:
    """One coalition's quarter, whole: inside with everything, outside what is shared. `records` are its revisions."""
    used = sorted(records.values(), key=lambda record: record.number)
    coalition, quarter = shown.coalition, shown.quarter
    parts = []
    if shown.level_rows:
        now = _("Where it stands in %(quarter)s") % {"quarter": quarter.label}
        parts.append(report_parts.levels(shown, now))
    parts += took_part(shown.ballots)
    parts += not_shared(shown)
    parts += [report_parts.milestone(milestone, inside=shown.inside) for milestone in shown.milestones]
    parts += beyond(shown)
    parts += report_parts.steps(shown.looked_back, _("What became of the last next steps"))
    parts += report_parts.over_time(shown.over_time)
    return Report(
        title=coalition.name,
        about=_("Report of %(quarter)s") % {"quarter": quarter.label},
        facts=[
            (_("State"), coalition.state_name),
            (_("Quarter"), quarter.label),
            *facts(used, coalition.zone, inside=shown.inside),
            *([(_("Questions asked"), asked(shown))] if shown.mode else []),
            (_("Address"), where.page),
        ],
        address=where.page,
        made_at=max(record.submitted_at for record in used),
        lede=shown.headline,
        who_sees=who_sees(shown.inside),
        parts=[*parts, method(where.method)],
        notes=shown.notes,
        sample=coalition.sample,
        file_name=file_name(coalition.slug, quarter.slug, sample=coalition.sample),
    )


def asked(shown: page.CoalitionPage) -> str:
    return f"{shown.mode}, {_('agreed in a meeting')}" if shown.in_meeting else shown.mode


def facts(used: Sequence, zone: str, *, inside: bool) -> list[tuple[str, str]]:
    """The revisions that a report is made from: number and day of each, version of the milestones, fingerprint."""
    versions = dict.fromkeys(str(record.content["rubric_version"]) for record in used)
    numbered = [
        _("%(number)s, submitted on %(day)s") % {"number": r.number, "day": sentences.day(r.submitted_at, zone)}
        for r in used
    ]
    found = [(_("Revision"), "; ".join(numbered)), (_("Version of the milestones"), ", ".join(versions))]
    last = used[-1]
    if inside and last.reason:
        found.append((_("Why it was changed"), last.reason))
    if inside:
        found.append((_("Fingerprint"), last.sha256))
    return found


def took_part(bands: Mapping | None) -> list[Part]:
    """How many sent answers, as bands; none where nobody was asked or the reader may not know it."""
    if bands is None:
        return []
    if bands["n_band"] == "none":
        said = [_("Too few people answered to show this.")]
    else:
        said = [_("%(band)s people sent answers.") % {"band": bands["n_band"].replace("-", "–")}]
    if bands["sides"]:
        said += [f"{side_name(side)}: {band_of(bands['sides'][side])}." for side in disclosure.SIDES]
    return [Part(_("Who took part"), [Words(" ".join(said))])]


def not_shared(shown: page.CoalitionPage) -> list[Part]:
    """The names of what is not shared; a milestone that is not looks the same whatever its level is."""
    if not shown.not_shared:
        return []
    return [Part(_("Not shared"), [Items([Words(name) for name in shown.not_shared])])]


def beyond(shown: page.CoalitionPage) -> list[Part]:
    if not (shown.beyond or shown.beyond_steps):
        return []
    blocks = [Words(shown.beyond)] if shown.beyond else []
    return [Part(_("Beyond the milestones"), blocks, report_parts.steps(shown.beyond_steps))]


def who_sees(inside: bool) -> str:
    if inside:
        return _("For our coalition only. Outside it, people see only what we share.")
    return _("This is what the coalition shares. What it keeps inside is not in it.")


def file_name(*names: str, sample: bool) -> str:
    """The name a PDF is saved under, without its ending; one with sample data says so."""
    return "-".join([*(["sample"] if sample else []), "report", *names])


@dataclass(frozen=True)
class InState:
    """One coalition of a state: the page of its last shared quarter, and the revisions of it."""

    page: page.CoalitionPage
    records: Mapping


def of_state(
    code: str,
    name: str,
    found: Sequence[InState],
    *,
    not_sharing: Sequence[rows.Coalition],
    findings: Sequence[str],
    where: Addresses,
) -> Report:
    """One state over time: every coalition that shares something, each on its own, A to Z; then what was found."""
    quarters = [quarter for of in found for quarter in of.page.quarters]
    times = {"first": min(quarters).label, "last": max(quarters).label}
    parts = [coalition_part(of) for of in found]
    if not_sharing:
        parts.append(Part(_("Nothing shared"), [Items([Words(coalition.name) for coalition in not_sharing])]))
    if findings:
        parts.append(planning_year(findings))
    sample = any(of.page.coalition.sample for of in found)
    records = [record for of in found for record in of.records.values()]
    newest = max(record.submitted_at for record in records)
    return Report(
        title=name,
        about=_("Report over time, %(first)s to %(last)s") % times,
        facts=[
            (_("Quarters"), f"{times['first']}–{times['last']}"),
            (_("Coalitions that share"), ", ".join(of.page.coalition.name for of in found)),
            (_("Newest revision"), sentences.day(newest, "UTC")),
            (_("Version of the milestones"), ", ".join(sorted({str(r.content["rubric_version"]) for r in records}))),
            (_("Address"), where.page),
        ],
        address=where.page,
        made_at=newest,
        lede=_("Self-ratings. Coalitions set their own bar. Not a contest."),
        who_sees=who_sees(inside=False),
        parts=[*parts, method(where.method)],
        sample=sample,
        file_name=file_name(code.lower(), sample=sample),
    )


def coalition_part(of: InState) -> Part:
    """One coalition of a state: its last shared quarter, its levels over time, its words."""
    shown = of.page
    used = sorted(of.records.values(), key=lambda record: record.number)
    said = [f"{label}: {value}" for label, value in facts(used, shown.coalition.zone, inside=False)]
    blocks = [Words(" · ".join([shown.quarter.label, *([asked(shown)] if shown.mode else []), *said]))]
    blocks += [Words(note) for note in shown.notes]
    blocks.append(Words(shown.headline))
    parts = []
    if shown.level_rows:
        now = _("Where it stands in %(quarter)s") % {"quarter": shown.quarter.label}
        parts.append(report_parts.levels(shown, now, whose=shown.coalition.name))
    parts += not_shared(shown)
    parts += report_parts.over_time(shown.over_time, whose=shown.coalition.name)
    told = [Words(milestone.story, label=f"{milestone.name}.") for milestone in shown.milestones if milestone.story]
    if shown.coalition.about:
        told.insert(0, Words(shown.coalition.about))
    if told:
        parts.append(Part(_("In its own words"), told))
    parts += beyond(shown)
    parts += report_parts.steps([step for milestone in shown.milestones for step in milestone.steps])
    return Part(shown.coalition.name, blocks, parts)


def planning_year(findings: Sequence[str]) -> Part:
    source = _(
        "Source: Innovation Network for the Alliance for Early Success, Milestones for Collective Power (CC NEXT "
        "Planning Year evaluation), in our words. It is not a rating."
    )
    return Part(_("What the planning year found"), [Items([Words(text) for text in findings]), Words(source)])
