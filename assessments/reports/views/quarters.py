"""How far the coalitions are with a quarter, and which milestones move together."""

from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import access
from assessments.models import Standing
from assessments.quarters import Quarter
from assessments.reports import figures_together, followed
from assessments.reports.figures import with_files
from assessments.reports.together import Counted, Moved, count
from assessments.reports.views.taking import for_evaluators
from coalitions.permissions import Permission, can
from milestones.answers import methods, page
from milestones.bilingual import language
from milestones.models import Milestone, Rubric

A_PAGE = 100


@methods("GET")
def completeness(request):
    """Of one quarter: which coalitions have not opened, started, submitted or reopened it, A to Z."""
    try:
        coalitions = access.followed(request.user)
    except access.PledgeNeeded:
        return redirect("pledge")
    now, opened = Quarter.of(timezone.localdate()), followed.quarters(coalitions)
    known = sorted({now, *opened}, reverse=True)
    usual = max((quarter for quarter in opened if quarter <= now), default=now)
    quarter, notice = asked_quarter(request.GET.get("q", ""), known, usual)
    ordered = coalitions.select_related("state").order_by(f"state__name_{language()}", "name_key")
    shown = Paginator(ordered, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "quarter": quarter,
        "quarters": known,
        "notices": [notice] if notice else [],
        "numbers": followed.numbers(coalitions, quarter),
        "page": shown,
        "lines": followed.lines(shown.object_list, quarter),
        "may_open": can(request.user, Permission.SET_UP),
        "may_count": can(request.user, Permission.EXPORT),
    }
    if any(coalition.sample for coalition in shown.object_list):
        context["sample_data"] = True
    return page(request, "evaluate/completeness.html", context)


def asked_quarter(text: str, known: list[Quarter], usual: Quarter) -> tuple[Quarter, str]:
    """The quarter in the address, or the last that somebody opened; with a sentence where that one is none of these."""
    try:
        quarter = Quarter.parse(text.strip()) if text.strip() else usual
    except ValueError:
        quarter = None
    if quarter in known:
        return quarter, ""
    return usual, _("We could not read this quarter. This is %(quarter)s.") % {"quarter": usual.label}


@methods("GET")
@for_evaluators
def together(request, *, coalitions):
    """For every two milestones: how often the second went up when the first did."""
    return page(request, "evaluate/together.html", counts(coalitions))


def counts(coalitions) -> dict:
    """The counts of every two milestones, with their figure; without it where it is too early."""
    milestones = list(Milestone.objects.filter(rubric=Rubric.objects.current()))
    counted = count(moves(coalitions), [milestone.slug for milestone in milestones])
    sample = coalitions.filter(sample=True).exists()
    context = {
        "too_early": counted.is_too_early,
        "quarters": len(counted.quarters),
        "coalitions": counted.coalitions,
        "milestones": milestones,
        "rows": [] if counted.is_too_early else table(counted, milestones),
        **({"sample_data": True} if sample else {}),
    }
    if not counted.is_too_early:
        figure = figures_together.together(counted, milestones, sample=sample)
        context["figures"] = with_files({figure.name: figure}, f"{reverse('together')}figures/", "")
    return context


def moves(coalitions):
    """What `standings.csv` says of change in the last revision of each quarter, coalition by coalition."""
    quarters = {}
    rows = Standing.objects.filter(coalition__in=coalitions, own=False).milestones().latest()
    found = rows.order_by("coalition_id").values_list("coalition_id", "quarter_text", "slug", "change")
    for coalition, text, slug, change in found.iterator(chunk_size=2000):
        quarter = quarters.get(text) or quarters.setdefault(text, Quarter.parse(text))
        yield Moved(coalition, quarter, slug, change)


def table(counted: Counted, milestones) -> list[dict]:
    """The rows of the table: a milestone that went up, and beside it every milestone with the count of the two."""
    return [
        {
            "milestone": one,
            "cells": [{"milestone": other, "pair": counted.pairs.get((one.slug, other.slug))} for other in milestones],
        }
        for one in milestones
    ]
