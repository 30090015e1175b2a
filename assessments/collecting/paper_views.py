"""Ballots on paper: to print, to count, and to type in. What was typed in is never shown again."""

import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import access, guards
from assessments.collecting import ballots, qr, worksheet
from assessments.collecting.asked import asks_direction, on_the_ballot
from assessments.collecting.paper_forms import PaperForm, how_many
from assessments.collecting.wording import minutes
from assessments.drafting.forms import ask_again
from assessments.models import AFTER_CLOSE, RoomSees, Stage, Voice
from coalitions.models import Role, User
from coalitions.permissions import Permission, can
from milestones.answers import methods, page, read_form, see_other
from milestones.bilingual import language

ROWS = range(14)  # of the tally sheet


@methods("GET")
def print_worksheet(request, slug, quarter):
    """The ballot on paper, blank, in the languages that `?lang=` asks for: en, es or both."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.READ_COALITION)
    choice, chosen = worksheet.languages(request.GET.get("lang"))
    runs = worksheet.runs(assessment, chosen)
    context = {
        **_of(assessment, request.user),
        "runs": runs,
        "pages": sum(len(run.sheets) for run in runs),
        "choices": _choices(choice, with_both=True),
        "minutes": minutes(assessment),
        "voices": Voice.labels,
        "directions": [words for _value, words in ballots.DIRECTIONS],
        "last_lines": range(14),
    }
    return page(request, "paper/worksheet.html", context)


def _of(assessment, user) -> dict:
    """What the pages to print say of the quarter; the room's code only while it opens something, to those who rate."""
    is_open = ballots.is_open(assessment)
    helpers = helpers_of(assessment)
    return {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "is_draft": assessment.stage == Stage.DRAFT,
        "is_closed": not is_open and assessment.stage != Stage.DRAFT,
        "has_ballots": assessment.has_ballots,
        "compares_voices": assessment.room_sees == RoomSees.COMPARE_VOICES,
        "closes_on": assessment.closes_on,
        "helpers": [str(person) for person in helpers],
        "may_type": is_open and user in helpers,
        "join": _join(assessment) if is_open and can(user, Permission.RATE, assessment.coalition) else None,
    }


def _join(assessment) -> dict | None:
    """The address of the room's code, short enough to type, and its QR code; None where there is no code."""
    if not assessment.join_code:
        return None
    link = settings.SITE_URL.rstrip("/") + reverse("join", args=[assessment.join_code])
    d, size = qr.path(link)
    return {"address": link.removeprefix(urlsplit(link).scheme + "://"), "d": d, "size": size}


def _choices(choice: str, *, with_both: bool) -> list[tuple[str, str, bool]]:
    words = [("en", "English"), ("es", "Español")]
    if with_both:
        words = [(worksheet.BOTH, _("Both")), *words]
    return [(value, label, value == choice) for value, label in words]


@methods("GET")
def print_tally(request, slug, quarter):
    """A sheet for the helper: papers handed out, back, typed in and spoiled, and what to do with them."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.READ_COALITION)
    choice, chosen = worksheet.languages(request.GET.get("lang"), otherwise=language())
    context = {
        **_of(assessment, request.user),
        "tongues": chosen,
        "choices": _choices(choice, with_both=False),
        "rows": ROWS,
    }
    return page(request, "paper/tally.html", context)


@methods("GET", "POST")
def paper(request, slug, quarter):
    """A helper types in one paper after the other; nothing that was typed in can be opened again."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.TYPE_PAPER)
    if not ballots.is_open(assessment):
        return _too_late(request, assessment)
    if not is_helper(assessment, request.user):
        raise PermissionDenied
    form = read_form(request, PaperForm, initial={"papers": how_many(request.GET.get("papers"))}, **_asked(assessment))
    if form.is_valid():
        try:
            ballots.add_paper(assessment=assessment, by=request.user, **form.sent)
            return see_other(_next_paper(request, assessment, form))
        except guards.KeyReused:
            words = _("This page is old: a paper was added from it. If this is another paper, send it again.")
            ask_again(form, words, key=uuid.uuid4())
        except ballots.NotCollecting:
            return _too_late(request, assessment)
    context = {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "typed": ballots.counted(assessment).on_paper,
    }
    return page(request, "paper/type.html", context, form=form)


def helpers_of(assessment) -> list[User]:
    """Whom a lead named to type the papers of this quarter, without those who lead or are gone since then."""
    members = assessment.coalition.memberships.filter(role=Role.MEMBER).values("user")
    return list(assessment.helpers.filter(is_active=True, pk__in=members).order_by("name", "pk"))


def is_helper(assessment, user) -> bool:
    """Whether a lead named this person to type the papers of this quarter, and they are still a member."""
    return user in helpers_of(assessment)


def _asked(assessment) -> dict:
    return {
        "parts": worksheet.by_milestone(*on_the_ballot(assessment)),
        "level_names": [level.name for level in assessment.rubric.levels.all()],
        "compares_voices": assessment.room_sees == RoomSees.COMPARE_VOICES,
        "asks_direction": asks_direction(assessment),
    }


def _next_paper(request, assessment, form) -> str:
    """Say how many papers are in, beside how many there should be, and go on with an empty form."""
    typed, papers = ballots.counted(assessment).on_paper, form.cleaned_data["papers"]
    said = ngettext(
        "Added. %(typed)s paper is typed in so far.", "Added. %(typed)s papers are typed in so far.", typed
    ) % {"typed": typed}
    if papers is None:
        messages.success(request, said)
        return assessment.url("paper")
    numbers = {"typed": typed, "papers": papers}
    if typed == papers:
        messages.success(request, _("Added. All %(papers)s papers are typed in.") % numbers)
    elif typed > papers or form.cleaned_data["last"]:
        words = _("The numbers differ. Papers in all: %(papers)s. Typed in: %(typed)s.") % numbers
        messages.warning(request, f"{said} {words} {_advice(typed > papers)}")
    else:
        messages.success(request, _("Added. %(typed)s of %(papers)s papers are typed in.") % numbers)
    return f"{assessment.url('paper')}?papers={papers}"


def _advice(too_many: bool) -> str:
    if too_many:
        return _("One may be in twice. It cannot be taken out: tell your coalition's lead.")
    return _("Look for a paper that is not typed in yet.")


def _too_late(request, assessment):
    """409: with the words just typed, for whoever typed them to keep; nothing of it was saved."""
    if assessment.stage not in (Stage.COLLECTING, *AFTER_CLOSE):
        guards.check_stage(assessment, Stage.COLLECTING)
    texts = [text for name, text in request.POST.items() if name.startswith("note_") or name == "beyond"]
    words = [text for text in texts if text.strip()]
    context = {"assessment": assessment, "coalition": assessment.coalition, "words": words}
    return page(request, "paper/closed.html", context, status=409)
