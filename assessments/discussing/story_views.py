"""Stories: the coalition's own words on a milestone, and beyond the milestones."""

from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import access
from assessments.discussing import actions
from assessments.discussing.forms import StoryForm
from assessments.discussing.record_views import local_time
from assessments.discussing.saving import both_texts, earlier_texts
from assessments.drafting.asked import get_milestone
from assessments.models import RECORDING
from coalitions.permissions import Permission
from milestones.answers import is_switching_language, methods, page, read_form, see_other


def get_story(request, slug, quarter, milestone):
    """The story of a milestone, or of Beyond the milestones; a new one, not saved, where none is written."""
    assessment = access.get_assessment(request.user, slug, quarter, to=Permission.RECORD, at=RECORDING)
    milestone = get_milestone(assessment, milestone) if milestone else None
    row = assessment.stories.filter(milestone=milestone).select_related("saved_by").first()
    row = row or assessment.stories.model(assessment=assessment, milestone=milestone)
    row.assessment = assessment
    return row


def save(request, row, version, text):
    """Save the story's text over the version it was read at."""
    return actions.save_story(
        assessment=row.assessment, milestone=row.milestone, version=version, text=text, by=request.user
    )


@methods("GET", "POST")
def story(request, slug, quarter, milestone=None):
    """Write a milestone's story, or what the milestones leave out."""
    row = get_story(request, slug, quarter, milestone)
    if is_switching_language(request) and "seen" in request.POST:
        return conflict_page(request, row, request.POST.get("text", ""))
    form = story_form(request, row)
    if form.is_valid():
        try:
            if request.POST.get("keep") == "theirs":
                actions.keep_theirs(row=row, mine={"text": form.cleaned_data["text"]}, by=request.user)
            else:
                save(request, row, form.cleaned_data["version"], form.cleaned_data["text"])
            return see_other(row.assessment.get_absolute_url())
        except actions.Overwritten as conflict:
            return conflict_page(request, conflict.theirs, conflict.mine["text"])
    return page(request, "discussing/story.html", story_context(row), form=form)


def story_form(request, row):
    """The form of a story; after a conflict, with what was chosen, over the version that was looked at."""
    if "keep" not in request.POST:
        return read_form(request, StoryForm, initial={"version": row.version, "text": row.text})
    data = request.POST.copy()
    data["version"] = data.get("seen", "")
    form = StoryForm(data=data)
    if data["keep"] == "both" and form.is_valid():
        data["text"] = both_texts(row, form.cleaned_data["version"], "text", form.cleaned_data["text"])
        form = StoryForm(data=data)
    return form


def story_context(row) -> dict:
    """What the page of a story shows beside its form."""
    assessment = row.assessment
    return {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "milestone": row.milestone,
        "set_aside": row.milestone and assessment.set_asides.filter(milestone=row.milestone).first(),
        "saved_at": row.saved_at and local_time(row.saved_at, assessment.coalition),
        "earlier": earlier_texts(row, "text") if row.pk else [],
        "notes": () if row.milestone else assessment.notes.filter(indicator=None),
    }


def conflict_page(request, row, mine):
    """409: the two texts side by side. What is sent next names the version that was looked at here."""
    assessment = row.assessment
    context = {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "heading": row.milestone.name if row.milestone else _("Beyond the milestones"),
        "theirs_name": str(row.saved_by or _("Somebody")),
        "theirs_at": local_time(row.saved_at or timezone.now(), assessment.coalition),
        "pairs": [(_("The story"), row.text, mine)],
        "hidden": [("text", mine), ("version", request.POST.get("version", "")), ("seen", row.version)],
    }
    return page(request, "discussing/conflict.html", context, status=409)


@methods("POST")
def story_save(request, slug, quarter, milestone=None):
    """Autosave: `saved_at` and the new version; 422 with errors, 409 where somebody else changed the text."""
    row = get_story(request, slug, quarter, milestone)
    form = StoryForm(data=request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    try:
        saved = save(request, row, form.cleaned_data["version"], form.cleaned_data["text"])
    except actions.Overwritten as conflict:
        words = {"name": str(conflict.theirs.saved_by or _("Somebody"))}
        text = _("%(name)s saved a change to this page. Look at both. Then choose.") % words
        return JsonResponse({"html": text}, status=409)
    at = local_time(saved.saved_at or timezone.now(), row.assessment.coalition)
    return JsonResponse({"saved_at": at, "version": saved.version})
