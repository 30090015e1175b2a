"""What holds for every request: headers, malformed input, sign-in, language, idle sessions, conflicts."""

import logging
import time

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation

from milestones.answers import Conflict, busy, is_switching_language

log = logging.getLogger(__name__)
FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}
CHARSETS = {"", "utf-8", "utf8", "us-ascii"}
# Their addresses hold tokens. Not `no-referrer`: browsers then send "Origin: null" with a form, which is no token.
ORIGIN_ONLY = ("/signin/", "/join/", "/rate/", "/unsubscribe/", "/evaluate/export/")
SHARED_PAGES = ("/states/", "/milestones/", "/next-steps/")
PUBLIC_INDEX = "/"


class Headers:
    """Adds the headers that Django and django-csp do not."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.path != PUBLIC_INDEX:
            headers.setdefault("X-Robots-Tag", "noindex")
        if request.path.startswith(ORIGIN_ONLY):
            headers["Referrer-Policy"] = "strict-origin"
        if "Cache-Control" not in headers and not request.path.startswith(settings.STATIC_URL):
            shared = request.path.startswith(SHARED_PAGES)
            headers["Cache-Control"] = "private, no-cache" if shared else "no-store"
        return response


class RefuseMalformed:
    """Answers 400 to NUL in an address and to odd charsets, 415 to bodies that are no form, 413 to huge ones.

    It comes before anything reads the body, so that nobody can fill the disk.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    @property
    def largest(self):
        """Bytes: a file of evidence and the form around it."""
        return (settings.EVIDENCE_MAX_MB + 1) * 1024 * 1024

    def __call__(self, request):
        return self.refusal(request) or self.get_response(request)

    def refusal(self, request):
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in query or "\0" in query:
            return HttpResponse("400 Bad Request", status=400, content_type="text/plain")
        if request.method not in ("GET", "HEAD", "OPTIONS", "TRACE") and request.META.get("CONTENT_LENGTH") not in (
            None, "", "0",
        ):  # fmt: skip
            if request.content_type not in FORM_TYPES:
                return HttpResponse("415 Unsupported Media Type", status=415, content_type="text/plain")
            length = request.META["CONTENT_LENGTH"]
            if not (length.isascii() and length.isdigit()):
                return HttpResponse("400 Bad Request", status=400, content_type="text/plain")
            if len(length) > len(str(self.largest)) or int(length) > self.largest:
                return HttpResponse("413 Content Too Large", status=413, content_type="text/plain")
            if request.content_params.get("charset", "").strip('"').lower() not in CHARSETS:
                return HttpResponse("400 Bad Request", status=400, content_type="text/plain")
        return None


class SignInRequired(LoginRequiredMiddleware):
    """Every page is closed until marked open; scripts get 401 where people are sent to sign in."""

    def handle_no_permission(self, request, view_func):
        accepts = request.headers.get("Accept", "")
        if request.headers.get("HX-Request") or accepts.startswith("application/json"):
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)


class Language:
    """The person's language where the browser holds no choice; and the switch that a page's own form carries.

    Browser and account remember it, as by the switch of other pages.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        switching = is_switching_language(request)
        if switching:
            self.activate(request, request.POST["language"])
        elif not chosen and request.user.is_authenticated and request.user.language:
            self.activate(request, request.user.language)
        response = self.get_response(request)
        if switching:
            remember_language(response, request.POST["language"])
            if response.status_code == 200 and request.user.is_authenticated:
                request.user.keep_language(request.POST["language"])
        response.headers["Content-Language"] = translation.get_language()
        return response

    def activate(self, request, code):
        translation.activate(code)
        request.LANGUAGE_CODE = translation.get_language()


def remember_language(response, code):
    """Keep the chosen language in the browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path="/",
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class IdleSession:
    """Signs out a session that nobody used for hours (an administrator's: half an hour) or that is two weeks old."""

    NOTED_EVERY = 60

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(time.time())
            seen, began = request.session.get("seen", now), request.session.setdefault("began", now)
            in_admin = request.path.startswith("/admin/")
            idle = settings.SESSION_IDLE_ADMINISTRATOR if in_admin else settings.SESSION_IDLE
            if now - seen > idle or now - began > settings.SESSION_ABSOLUTE:
                logout(request)
            elif now - seen > self.NOTED_EVERY or "seen" not in request.session:
                request.session["seen"] = now
        return self.get_response(request)


class Conflicts:
    """Turns a Conflict from anywhere below into 409, and a database that made us wait into 503, in words."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Conflict):
            context = {"message": exception.message, **exception.context}
            return render(request, "409.html", context, status=409)
        if isinstance(exception, OperationalError):  # a lock or a statement that took too long
            log.warning("the database made somebody wait: %s", str(exception).partition("\n")[0])
            return busy(request)
        return None
