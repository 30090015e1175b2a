"""Events: what happened around the coalition, with its date."""

import uuid

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import guards
from assessments.discussing import step_actions
from assessments.discussing.forms import EventForm
from assessments.drafting.forms import ask_again
from coalitions.access import get_coalition
from coalitions.permissions import Permission, can
from milestones.answers import methods, page, read_form, see_other


@methods("GET", "POST")
def events(request, slug):
    """What happened, latest first; leads add to it."""
    needed = Permission.RECORD if request.method == "POST" else Permission.READ_RECORD
    coalition = get_coalition(request.user, slug, to=needed)
    form = read_form(request, EventForm)
    if form.is_valid():
        try:
            step_actions.add_event(coalition=coalition, by=request.user, **form.cleaned_data)
            return see_other(request.path)
        except guards.KeyReused:
            again = _("This page was sent before, with other words. To add this as well, send it again.")
            ask_again(form, again, key=uuid.uuid4())
    context = {
        "coalition": coalition,
        "events": coalition.events.order_by("-happened_on", "pk"),
        "may_record": can(request.user, Permission.RECORD, coalition),
    }
    return page(request, "discussing/events.html", context, form=form)


@methods("POST")
def event_remove(request, slug, event):
    """Take an event off the list."""
    coalition = get_coalition(request.user, slug, to=Permission.RECORD)
    if not step_actions.remove_event(coalition=coalition, key=event, by=request.user):
        raise Http404
    return see_other(reverse("events", args=[coalition.slug]))
