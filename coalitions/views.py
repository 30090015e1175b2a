"""A person's own pages, a coalition's people, history and settings, and the pledge."""

from datetime import date

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coalitions import actions
from coalitions.access import get_coalition, readers_of, require
from coalitions.forms import CloseAccountForm, CoalitionForm, PersonForm, PledgeForm, RoleForm, SettingsForm
from coalitions.history import lines
from coalitions.letters import KINDS, whose_stop
from coalitions.models import INSIDE, Pledge
from coalitions.permissions import Permission, can
from coalitions.signin import open_for
from milestones.answers import is_switching_language, methods, page, read_form, see_other
from milestones.bilingual import language
from milestones.middleware import remember_language

A_PAGE = 50


@methods("GET")
def me(request):
    """What is open for this person: their coalitions, or where their role begins."""
    memberships = request.user.memberships.select_related("coalition__state").order_by("coalition__name_key", "pk")
    memberships = list(memberships)
    context = {
        "memberships": memberships,
        "running": open_for(request.user),
        "is_inside": any(membership.is_inside for membership in memberships),
        "next_quarter": next_quarter(timezone.localdate()),
    }
    return page(request, "coalitions/me.html", context)


def next_quarter(today: date) -> date:
    """The first day of the calendar's next quarter."""
    months = 12 * today.year + 3 * ((today.month - 1) // 3) + 3
    return date(months // 12, months % 12 + 1, 1)


@methods("GET", "POST")
def my_settings(request):
    """A person's own name and language, which mail they get; and the way to close the account."""
    user = request.user
    if "confirm" in request.POST or request.POST.get("act") == "close":
        return close_account(request)
    form = read_form(request, SettingsForm, initial=settings_of(user, typed=is_switching_language(request)))
    if not form.is_valid():
        return page(request, "coalitions/my_settings.html", {"closing": CloseAccountForm()}, form=form)
    tongue = form.cleaned_data["tongue"]
    mail = {kind: form.cleaned_data[kind] for kind in KINDS}
    actions.change_settings(user=user, name=form.cleaned_data["name"], language=tongue, **mail)
    answer = see_other(reverse("me"))
    remember_language(answer, tongue)
    return answer


def settings_of(user, *, typed=False) -> dict:
    """What the settings form starts from; where something was typed, a box counts that was sent, and no other."""
    mail = {kind: getattr(user, kind) and not typed for kind in KINDS}
    return {"name": user.name, "tongue": user.language or language(), **mail}


def close_account(request):
    """Close the account of whoever ticked the box, and sign out."""
    closing = read_form(request, CloseAccountForm)
    if closing.is_valid():
        actions.close_account(user=request.user)
        logout(request)
        return see_other(reverse("home"))
    form = SettingsForm(initial=settings_of(request.user))
    context = {"form": form, "closing": closing, "has_errors": closing.is_bound}
    return page(request, "coalitions/my_settings.html", context, status=422 if closing.is_bound else 200)


@login_not_required
@methods("GET", "POST")
def unsubscribe(request, token):
    """Stop one kind of mail, by the link in it: a page with one button, so that a mail scanner stops nothing.

    It shows no name and no address. Every token that is not ours gets the same 404.
    """
    found = whose_stop(token)
    if found is None:
        raise Http404
    user, kind = found
    if request.method == "POST" and not is_switching_language(request):
        actions.stop_mail(user=user, kind=kind)
        return see_other(request.path)
    return page(request, "coalitions/unsubscribe.html", {"kind": kind, "is_stopped": not getattr(user, kind)})


@methods("GET", "POST")
def pledge(request):
    """The promise of funders and evaluators, before the first shared page."""
    require(request.user, Permission.READ_SHARED)
    form = read_form(request, PledgeForm)
    if form.is_valid():
        actions.accept_pledge(by=request.user)
        return see_other(reverse("export" if can(request.user, Permission.EXPORT) else "states"))
    context = {"accepted": Pledge.objects.filter(user=request.user).first()}
    return page(request, "coalitions/pledge.html", context, form=form)


@methods("GET")
def coalition_people(request, slug):
    """Who belongs to a coalition, in which role, and who brought them; never who answered."""
    coalition = get_coalition(request.user, slug, to=Permission.READ_COALITION)
    return people_page(request, coalition, PersonForm())


def people_page(request, coalition, form):
    people = coalition.memberships.filter(role__in=INSIDE).select_related("user", "invited_by")
    context = {
        "coalition": coalition,
        "people": people.order_by("role", "user__name", "pk"),
        "can_manage": can(request.user, Permission.MANAGE_PEOPLE, coalition),
        # An assessment is a noun of the app above; its coalition leads to it by name, as addresses do.
        "asking": coalition.assessments.filter(stage__in=["draft", "collecting"]).order_by("quarter_text"),
        "adding": form if isinstance(form, PersonForm) else PersonForm(),
    }
    return page(request, "coalitions/people.html", context, form=form)


@methods("POST")
def person_add(request, slug):
    """Add a person to a coalition."""
    coalition = get_coalition(request.user, slug, to=Permission.MANAGE_PEOPLE)
    form = read_form(request, PersonForm)
    if form.is_valid():
        try:
            actions.grant(coalition=coalition, by=request.user, **form.cleaned_data)
            return see_other(reverse("coalition_people", args=[slug]))
        except ValidationError as refused:
            # Why somebody cannot be added may be a thing of theirs elsewhere, which is not for a lead to learn.
            quiet = _("This person cannot be added. Ask the people who run this site.")
            form.add_error(None, quiet if refused.code == "one_kind" else refused)
    return people_page(request, coalition, form)


@methods("POST")
def person_role(request, slug, pk):
    """Make a member a lead, or a lead a member."""
    coalition = get_coalition(request.user, slug, to=Permission.MANAGE_PEOPLE)
    membership = get_object_or_404(coalition.memberships, pk=pk, role__in=INSIDE)
    form = read_form(request, RoleForm)
    if form.is_valid():
        actions.change_role(membership=membership, role=form.cleaned_data["role"], by=request.user)
        return see_other(reverse("coalition_people", args=[slug]))
    return people_page(request, coalition, form)


@methods("POST")
def person_remove(request, slug, pk):
    """End somebody's membership of a coalition."""
    coalition = get_coalition(request.user, slug, to=Permission.MANAGE_PEOPLE)
    membership = get_object_or_404(coalition.memberships, pk=pk, role__in=INSIDE)
    actions.remove(membership=membership, by=request.user)
    return see_other(reverse("coalition_people", args=[slug]))


@methods("GET")
def coalition_history(request, slug):
    """Who changed what and who took what away, latest first; and who among the readers pledged."""
    coalition = get_coalition(request.user, slug, to=Permission.READ_COALITION)
    shown = Paginator(coalition.audit_events.select_related("by"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "coalition": coalition,
        "page": shown,
        "lines": lines(shown.object_list, with_words=can(request.user, Permission.READ_RECORD, coalition)),
        "readers": readers_of(coalition),
    }
    return page(request, "coalitions/history.html", context)


@methods("GET", "POST")
def coalition_edit(request, slug):
    """A coalition's settings."""
    coalition = get_coalition(request.user, slug, to=Permission.EDIT_COALITION)
    form = read_form(request, CoalitionForm, coalition=coalition)
    if form.is_valid():
        try:
            actions.edit_coalition(coalition=coalition, by=request.user, **form.cleaned_data)
            return see_other(coalition.get_absolute_url())
        except ValidationError as refused:
            form.add_error(None, refused)
    return page(request, "coalitions/settings.html", {"coalition": coalition}, form=form)
