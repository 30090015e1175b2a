"""Pages that are the same for everybody, the language switch, and the pages for when something went wrong."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from milestones.addresses import page_at
from milestones.answers import methods, page, see_other, typed_context
from milestones.middleware import remember_language
from milestones.models import Finding, Indicator, Rubric


@login_not_required
@methods("GET")
def about(request):
    """What this is, and for whom."""
    return page(request, "milestones/about.html")


@login_not_required
@methods("GET")
def about_milestones(request):
    """The milestones of the current version with their indicators and levels, and what the source found."""
    rubric = Rubric.objects.current()
    levels = list(rubric.levels.all()) if rubric else []
    context = {
        "rubric": rubric,
        "levels": levels,
        "milestones": described(rubric, {level.value: level.name for level in levels}) if rubric else [],
        "findings": list(Finding.objects.all()),
    }
    return page(request, "milestones/about_milestones.html", context)


def described(rubric, names) -> list:
    """The milestones of a version with the indicators it asks, each descriptor knowing its level's name."""
    asked = Prefetch("indicators", Indicator.objects.filter(retired=False).prefetch_related("descriptors"))
    milestones = list(rubric.milestones.prefetch_related(asked))
    for milestone in milestones:
        for indicator in milestone.indicators.all():
            for descriptor in indicator.descriptors.all():
                descriptor.level_name = names.get(descriptor.value, "")
    return milestones


@login_not_required
@methods("GET")
def about_reading(request):
    """The method page: how every number and label is made."""
    rubric = Rubric.objects.current()
    return page(request, "milestones/about_reading.html", {"levels": list(rubric.levels.all()) if rubric else []})


@login_not_required
@methods("GET")
def who_sees_what(request):
    """One table: which reader sees which data."""
    return page(request, "milestones/who_sees_what.html")


@login_not_required
@methods("GET")
def help_page(request):
    """Short answers, and where to ask."""
    return page(request, "milestones/help.html", {"contact": settings.CONTACT_EMAIL})


@login_not_required
@methods("GET")
def accessibility(request):
    """What we promise and what does not work yet."""
    return page(request, "milestones/accessibility.html", {"contact": settings.CONTACT_EMAIL})


@login_not_required
@methods("GET")
def contact(request):
    """Whom to write to."""
    return page(request, "milestones/contact.html", {"contact": settings.CONTACT_EMAIL})


@login_not_required
@methods("POST")
def language(request):
    """The same page in the other language, which browser and account remember."""
    chosen = request.POST.get("language")
    back = request.POST.get("next", "")
    answer = see_other(back if page_at(back) else reverse("home"))
    if chosen in dict(settings.LANGUAGES):
        remember_language(answer, chosen)
        if request.user.is_authenticated:
            request.user.keep_language(chosen)
    return answer


@login_not_required
@methods("GET")
def healthz(request):
    """Whether the site and its database answer; nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("not ok\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def came_from_here(request) -> bool:
    """Whether the browser says that this form stood on a page of this site."""
    if "Sec-Fetch-Site" in request.headers:
        return request.headers["Sec-Fetch-Site"] == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()


def csrf_failure(request, reason=""):
    """403 that keeps what was typed: to copy and, where the form was ours, to send again with a fresh token."""
    context = {**typed_context(request), "title": _("This page was open too long")}
    context["can_resend"] = bool(context["typed"]) and came_from_here(request)
    return render(request, "not_saved.html", context, status=403)


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """500 as a page in both languages that asks neither the database nor the session."""
    with translation.override("en"):
        return render(None, "500.html", status=500)
