"""How the server answers: which methods a page takes, 303 after a write, 422 with the form, 409 with the reason."""

from functools import wraps

from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _


class Conflict(Exception):
    """The request is sound but the thing has moved on: answered with 409 and this message."""

    def __init__(self, message="", **context):
        super().__init__(message)
        self.message = message
        self.context = context


def methods(*allowed):
    """Let a view answer to these methods alone (HEAD wherever GET is); any other is 405."""
    accepted = {*allowed, *(["HEAD"] if "GET" in allowed else [])}

    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if request.method not in accepted:
                return HttpResponseNotAllowed(sorted(accepted))
            return view(request, *args, **kwargs)

        checked.methods = frozenset(allowed)
        return checked

    return decorate


class SeeOther(HttpResponseRedirect):
    """303: the write took effect, look there."""

    status_code = 303


def see_other(url) -> SeeOther:
    """The one answer of every write that succeeds."""
    return SeeOther(url)


def is_switching_language(request) -> bool:
    """Whether this POST only asks for the same page, with what was typed, in the other language."""
    return request.method == "POST" and request.POST.get("language") in ("en", "es")


def read_form(request, form_class, **kwargs):
    """The form of this request: bound on a POST, empty on a GET.

    A POST that only switches the language gives an unbound form that starts from what was typed, so that
    nothing is checked, saved or lost.
    """
    if is_switching_language(request):
        typed = {name: request.POST.getlist(name) for name in request.POST}
        initial = {name: values[-1] if len(values) == 1 else values for name, values in typed.items()}
        return form_class(**{**kwargs, "initial": {**kwargs.get("initial", {}), **initial}})
    if request.method == "POST":
        return form_class(data=request.POST, files=request.FILES, **kwargs)
    return form_class(**kwargs)


def page(request, template, context=None, *, form=None, status=None):
    """A page; 422 where its form was sent and has errors."""
    context = dict(context or {})
    if form is not None:
        context.setdefault("form", form)
    if status is None:
        status = 422 if form is not None and form.is_bound and not form.is_valid() else 200
    return TemplateResponse(request, template, context, status=status)


TRY_AGAIN = 5  # seconds
# What forms carry that nobody typed; `direction` is the beginning of some names.
NO_WORDS = {"version", "key", "next", "as_read", "act", "number",
            "voice", "level", "answer", "direction", "change", "send", "start"}  # fmt: skip


def busy(request):
    """503 where the database made somebody wait too long: nothing was saved, and what was typed is still there.

    A page that was only asked for says so in both languages, without the database, and is asked for again by itself:
    nobody stands beside a projector.
    """
    if request.method == "GET":
        response = render(None, "503.html", status=503)
        response.headers["Refresh"] = str(TRY_AGAIN)
        return response
    context = {**typed_context(request), "title": _("The site is busy")}
    context["can_resend"] = bool(context["typed"])  # its token was right
    return render(request, "not_saved.html", context, status=503)


def typed_context(request) -> dict:
    """What was typed into the form of this request, whole, and the words in it that somebody would miss."""
    hidden = ("csrfmiddlewaretoken", "code", "language")  # not to be sent again by this page
    typed = [(name, value) for name in request.POST if name not in hidden for value in request.POST.getlist(name)]
    get_token(request)
    words = [value for name, value in typed if name.partition("-")[0] not in NO_WORDS and value.strip()]
    return {"typed": typed, "words": words, "address": request.get_full_path()}
