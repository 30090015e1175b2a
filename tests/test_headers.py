"""What stands around every page: headers, cookies, the settings that production refuses to start without, the log."""

import logging
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from coalitions import actions as people
from coalitions.models import Role
from milestones.logs import HideTokens
from tests import factories

pytestmark = pytest.mark.any_engine("postgres")

ROOT = Path(__file__).resolve().parent.parent
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CSP = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'",
}  # fmt: skip
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SHARED = ("/states/", "/milestones/", "/next-steps/")
# Not no-referrer: browsers then send "Origin: null" with a form. The origin alone holds no token either.
ORIGIN_ONLY = ("/signin/", "/join/", "/rate/", "/evaluate/export/")


def directives(answer) -> set:
    return {directive.strip() for directive in answer.headers["Content-Security-Policy"].split(";")}


@pytest.fixture
def site(db):
    """A shared quarter and one being recorded, and everybody who may ask."""
    factories.rubric()
    coalition = factories.coalition()
    ana = factories.person(Role.LEAD, coalition, name="Ana")
    factories.share(factories.submitted(coalition, by=ana), by=ana)
    now = factories.discussing_assessment(coalition, by=ana, quarter=factories.QUARTER.next)
    clients = {"nobody": Client(raise_request_exception=False)}
    cast = {
        "ana": ana,
        "ben": factories.person(Role.MEMBER, coalition),
        "fay": factories.person(Role.FUNDER),
        "eve": factories.person(Role.EVALUATOR),
        "ada": factories.person(Role.ADMINISTRATOR),
        "sam": factories.person(),
    }
    for name, user in cast.items():
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(user, backend=BACKEND)
    return coalition, now, clients, people.make_link(user=cast["sam"])


def answers(site):
    """One answer of each status there is, and several people: (expected, address, answer)."""
    coalition, now, clients, token = site
    c, q = f"/c/{coalition.slug}/", f"/c/{coalition.slug}/2026q2/"
    asked = [
        (200, "nobody", "get", "/", {}), (200, "nobody", "get", "/about/", {}), (200, "nobody", "get", "/signin/", {}),
        (200, "nobody", "get", "/healthz", {}), (200, "nobody", "get", f"/signin/link/{token}/", {}),
        (200, "nobody", "get", "/evaluate/codebook.csv", {}), (200, "ana", "get", c, {}), (200, "ben", "get", c + "people/", {}),
        (200, "fay", "get", "/states/", {}), (200, "fay", "get", f"/states/oh/{coalition.slug}/", {}),
        (200, "eve", "get", "/evaluate/export/", {}), (200, "eve", "get", "/evaluate/export/standings.csv", {}),
        (200, "ada", "get", "/admin/", {}), (200, "sam", "get", "/me/", {}),
        (200, "ana", "post", now.url("presence", "1.2"), {}),
        (302, "nobody", "get", c, {}), (302, "nobody", "get", "/admin/", {}), (302, "ana", "get", "/", {}),
        (303, "ana", "post", c + "events/", {"key": uuid.uuid4(), "happened_on": "2026-01-01", "words": "x"}),
        (303, "nobody", "post", "/language/", {"language": "es"}), (303, "sam", "post", "/signout/", {}),
        (400, "nobody", "get", "/?q=%00", {}), (400, "eve", "get", "/evaluate/export/standings.csv?lang=xx", {}),
        (401, "nobody", "get", c, {"HX-Request": "true"}),
        (403, "ben", "get", c + "settings/", {}), (403, "ben", "get", "/states/", {}),
        (404, "ana", "get", "/c/no-such/", {}), (404, "nobody", "get", "/no/such/page/", {}),
        (404, "fay", "get", "/states/zz/", {}), (404, "ben", "get", "/admin/", {}),
        (404, "nobody", "get", "/signin/link/x/", {}),
        (405, "ana", "put", c, {}), (405, "nobody", "delete", "/signin/", {}),
        (409, "ana", "get", q + "open/", {}), (415, "ana", "post", c + "events/", "{}"),
        (422, "ana", "post", c + "people/add/", {"name": ""}), (422, "nobody", "post", "/signin/", {"email": "x"}),
    ]  # fmt: skip
    for status, who, method, address, body in asked:
        send = getattr(clients[who], method)
        if isinstance(body, str):
            answer = send(address, body, content_type="application/json")
        elif "HX-Request" in body:
            answer = send(address, headers=body)
        else:
            answer = send(address, body) if method == "post" else send(address)
        yield status, address, answer


def test_every_answer_has_the_headers(site):
    seen = set()
    for status, address, answer in answers(site):
        assert answer.status_code == status, (address, answer.status_code)
        seen.add(status)
        assert directives(answer) == CSP, address
        for name, value in ALWAYS.items():
            assert answer.headers[name] == value, (address, name)
        referrer = "strict-origin" if address.startswith(ORIGIN_ONLY) else "same-origin"
        assert answer.headers["Referrer-Policy"] == referrer, address
        assert answer.headers.get("X-Robots-Tag") == (None if address.partition("?")[0] == "/" else "noindex"), address
        assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers
        cache = "private, no-cache" if address.startswith(SHARED) else "no-store"
        if address.startswith("/admin/") and status == 200:
            assert "no-store" in answer.headers["Cache-Control"]
        else:
            assert answer.headers["Cache-Control"] == cache, address
    assert seen == {200, 302, 303, 400, 401, 403, 404, 405, 409, 415, 422}


def test_a_page_that_breaks_has_them_too(site, monkeypatch):
    _coalition, _now, clients, _token = site
    monkeypatch.setattr("coalitions.views.page", lambda *a, **k: 1 / 0)
    answer = clients["sam"].get("/me/")
    assert answer.status_code == 500 and directives(answer) == CSP
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS and answer.headers["Cache-Control"] == "no-store"


def test_the_policy_allows_nothing_inline_and_nobody_else(site):
    text = site[2]["nobody"].get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in text and "*" not in text and "http" not in text and "nonce" not in text


def test_what_is_not_modified_has_the_headers(site):
    fay = site[2]["fay"]
    fay.get("/states/")  # brings the token's cookie, which the page hangs on
    first = fay.get("/states/")
    again = fay.get("/states/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.headers["Cache-Control"] == "private, no-cache"
    assert directives(again) == CSP


def test_downloads_are_saved_and_never_opened(site):
    answer = site[2]["eve"].get("/evaluate/export/standings.csv")
    assert re.fullmatch(r'attachment; filename="(sample-)?standings\.csv"', answer.headers["Content-Disposition"])
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert site[2]["nobody"].get("/evaluate/codebook.csv").headers["Content-Disposition"].startswith("attachment")


def test_signing_out_lets_the_browser_forget(site):
    answer = site[2]["sam"].post("/signout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies[settings.SESSION_COOKIE_NAME].value == ""


def test_no_script_or_style_stands_in_any_page(site):
    for _status, address, answer in answers(site):
        if answer.headers.get("Content-Type", "").startswith("text/html") and not address.startswith("/admin/"):
            text = answer.content.decode()
            assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|javascript:", text), address
            for tag in re.findall(r"<script\b[^>]*>", text):
                assert 'src="/static/' in tag or 'type="application/json"' in tag, (address, tag)
            for link in re.findall(r'(?:src|href|action)="([^"]*)"', text):
                assert link.startswith(("/", "#", "?", "mailto:", "https://example.org", "tel:")) or link == "", (
                    address,
                    link,
                )


# Sessions


@pytest.mark.django_db
def test_the_session_is_a_new_one_after_signing_in():
    client, user = Client(), factories.person()
    client.post("/signin/", {"email": user.email})
    before = client.session.session_key
    assert client.post(f"/signin/link/{people.make_link(user=user)}/").status_code == 303
    after = client.session.session_key
    assert before and after != before
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = before
    assert thief.get("/me/").status_code == 302


@pytest.mark.django_db
def test_a_session_left_alone_or_two_weeks_old_ends(settings):
    for age in ("seen", "began"):
        client, user = Client(), factories.person()
        client.force_login(user, backend=BACKEND)
        assert client.get("/me/").status_code == 200
        session = client.session
        session[age] -= settings.SESSION_IDLE + 1 if age == "seen" else settings.SESSION_ABSOLUTE + 1
        session.save()
        client.get("/me/")
        assert client.get("/me/").status_code == 302


@pytest.mark.django_db
def test_an_administrators_session_ends_after_half_an_hour():
    client = Client()
    client.force_login(factories.person(Role.ADMINISTRATOR), backend=BACKEND)
    assert client.get("/admin/").status_code == 200
    session = client.session
    session["seen"] -= 30 * 60 + 1
    session.save()
    answer = client.get("/admin/")
    assert answer.status_code == 302 and answer.url.startswith("/signin/")


# Production, in a process of its own

GOOD = {
    "DEBUG": "",
    "SITE_URL": "https://milestones.example.org",
    "SECRET_KEY": "Zk3" + "q9Xw7LmPz2RtYvB5nHcJd8FgKs4AeUi6oTlMxCyWbQ" * 2,
    "BALLOT_LINK_KEY": "Hx7" + "b4Tq8ZrNw2VmJ6pDyKs9LcGfXe5UaRi3WoMzQhYkBt" * 2,
    "EXPORT_PSEUDONYM_KEY": "Qd5" + "n8VtKwY2rHbXj6MzUaPe9LcSfGi3RoTqEyDkJmBhNs" * 2,
    "ALLOWED_HOSTS": "milestones.example.org",
    "EMAIL_URL": "smtp+tls://user:hunter2@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "Milestones <milestones@example.org>",
    "DATABASE_URL": "sqlite:///:memory:",
}


def production(command, **changes):
    """A Python process with the environment of a production site, and these changes; None takes one away."""
    wanted = {**GOOD, **changes}
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    environ = {**kept, **{name: value for name, value in wanted.items() if value is not None}, "PYTHONPATH": str(ROOT)}
    environ["DJANGO_SETTINGS_MODULE"] = "milestones.settings"
    if not environ["DEBUG"]:
        del environ["DEBUG"]
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)


def start(**changes):
    return production(["-c", "import milestones.settings"], **changes)


def test_a_site_with_everything_set_starts():
    assert start().returncode == 0


REFUSED = {
    "no SITE_URL": ({"SITE_URL": None}, "SITE_URL is not set"),
    "SITE_URL over http": ({"SITE_URL": "http://milestones.example.org"}, "SITE_URL must start with https://"),
    "no SECRET_KEY": ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
    "empty SECRET_KEY": ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    "short SECRET_KEY": ({"SECRET_KEY": "x" * 49}, "SECRET_KEY is too short or a known one"),
    "known SECRET_KEY": ({"SECRET_KEY": "django-insecure-" + "x" * 50}, "SECRET_KEY is too short or a known one"),
    "demo SECRET_KEY": (
        {"SECRET_KEY": "only-for-a-demo-on-this-machine-" + "x" * 30},
        "SECRET_KEY is too short or a known",
    ),
    "no EXPORT_PSEUDONYM_KEY": ({"EXPORT_PSEUDONYM_KEY": None}, "EXPORT_PSEUDONYM_KEY is not set"),
    "the ballots' key for codes": (
        {"EXPORT_PSEUDONYM_KEY": GOOD["BALLOT_LINK_KEY"]},
        "EXPORT_PSEUDONYM_KEY is too short or the same",
    ),
    "no ALLOWED_HOSTS": ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is not set"),
    "any ALLOWED_HOSTS": ({"ALLOWED_HOSTS": "milestones.example.org, *"}, "ALLOWED_HOSTS may not hold *"),
    "CSRF_TRUSTED_ORIGINS over http": ({"CSRF_TRUSTED_ORIGINS": "http://x.org"}, "CSRF_TRUSTED_ORIGINS may hold https"),
    "sample data": ({"SAMPLE_DATA": "1"}, "SAMPLE_DATA lets anybody sign in"),
    "a SECRET_KEY_FILE that is not there": (
        {"SECRET_KEY": None, "SECRET_KEY_FILE": "/no/such"},
        "SECRET_KEY_FILE names",
    ),
    "short SECRET_KEY_FALLBACKS": ({"SECRET_KEY_FALLBACKS": "short"}, "SECRET_KEY_FALLBACKS holds a key that is too"),
    "mail without TLS": ({"EMAIL_URL": "smtp://mail.example.org"}, "EMAIL_URL must be a mail server reached with TLS"),
    "mail to the console": ({"EMAIL_URL": "consolemail://"}, "EMAIL_URL must be a mail server reached with TLS"),
    "no EMAIL_URL": ({"EMAIL_URL": None}, "EMAIL_URL is not set"),
    "no DEFAULT_FROM_EMAIL": ({"DEFAULT_FROM_EMAIL": None}, "DEFAULT_FROM_EMAIL is not set"),
    "DEBUG for everybody": ({"DEBUG": "1"}, "DEBUG is on and SITE_URL is not this machine"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_an_unsafe_or_missing_variable_stops_the_start_with_a_sentence(case):
    changes, sentence = REFUSED[case]
    stopped = start(**changes)
    assert stopped.returncode != 0
    last = stopped.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ") and sentence in last
    assert GOOD["SECRET_KEY"] not in stopped.stderr and "hunter2" not in stopped.stderr


def test_a_secret_may_lie_in_a_file(tmp_path):
    (tmp_path / "secret").write_text(GOOD["SECRET_KEY"] + "\n")
    assert start(SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "secret")).returncode == 0
    (tmp_path / "secret").write_text("short\n")
    assert "too short" in start(SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "secret")).stderr


def test_djangos_own_check_for_deployment_finds_nothing():
    checked = production(["manage.py", "check", "--deploy", "--fail-level", "WARNING"])
    assert checked.returncode == 0, checked.stderr
    assert not getattr(settings, "SILENCED_SYSTEM_CHECKS", [])


def test_the_database_of_production_is_strict():
    words = "from milestones.settings import DATABASE as d; print(d)"
    postgres = production(["-c", words], DATABASE_URL="postgres://u:p@db.example.org/app").stdout
    for part in ("verify-full", "statement_timeout=5000", "lock_timeout=3000", "idle_in_transaction_session_timeout=30000",
                 "'CONN_HEALTH_CHECKS': True", "'CONN_MAX_AGE': 60"):  # fmt: skip
        assert part in postgres
    sqlite = production(["-c", words]).stdout
    for part in ("IMMEDIATE", "synchronous=FULL", "foreign_keys=ON", "'timeout': 20"):
        assert part in sqlite


# A site as it is deployed, on an empty database: what a browser gets over https, and over http.
ASK = """
import django, json; django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("migrate", verbosity=0)
from coalitions.models import User
from coalitions.actions import make_link
from django.test import Client
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
host = {"HTTP_HOST": "milestones.example.org"}
client = Client(enforce_csrf_checks=False, **host)
user = User.objects.create_user("ana@example.org", name="Ana")
def cookies(answer):
    return {name: dict(morsel.items()) for name, morsel in answer.cookies.items()}
def heard(answer):
    return {"status": answer.status_code, "headers": dict(answer.headers), "cookies": cookies(answer)}
print(json.dumps({
    "plain": heard(client.get("/me/")),
    "healthz": heard(client.get("/healthz")),
    "signin": heard(client.get("/signin/", secure=True)),
    "language": heard(client.post("/language/", {"language": "es"}, secure=True)),
    "link": heard(client.post(f"/signin/link/{make_link(user=user)}/", secure=True)),
    "sample": heard(client.post("/signin/sample/", {"as": "lead"}, secure=True)),
    "evil": heard(client.get("/", secure=True, headers={"host": "evil.org"})),
    "missing": heard(client.get("/no/such/page/", secure=True)),
    "forwarded": heard(client.get("/me/", headers={"X-Forwarded-Proto": "https"})),
}))
"""


@pytest.fixture(scope="module")
def deployed():
    import json

    ran = production(["-c", ASK])
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def test_http_is_sent_to_https_and_healthz_is_not(deployed):
    assert deployed["plain"]["status"] == 301
    assert deployed["plain"]["headers"]["Location"] == "https://milestones.example.org/me/"
    assert deployed["healthz"]["status"] == 200
    assert deployed["forwarded"]["status"] == 301, "a header that anybody can send is not believed"


def test_https_is_remembered_for_two_years(deployed):
    for page in ("signin", "language", "missing", "link"):
        header = deployed[page]["headers"]["Strict-Transport-Security"]
        assert header == "max-age=63072000; includeSubDomains; preload"


def test_the_policy_of_production_upgrades_what_is_insecure(deployed):
    policy = {part.strip() for part in deployed["signin"]["headers"]["Content-Security-Policy"].split(";")}
    assert policy == CSP | {"upgrade-insecure-requests"}


@pytest.mark.parametrize(
    "where, name", [("link", "__Host-sessionid"), ("signin", "__Host-csrftoken"), ("language", "__Host-language")]
)
def test_cookies_of_production(deployed, where, name):
    cookie = deployed[where]["cookies"][name]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert cookie["path"] == "/" and not cookie["domain"]


def test_production_has_no_button_for_samples_and_no_other_host(deployed):
    assert deployed["sample"]["status"] == 404 and deployed["evil"]["status"] == 400
    assert deployed["link"]["status"] == 303


# The log


@pytest.mark.parametrize(
    "address",
    ["/signin/link/SECRET/", "/signin/link/SECRET", "/join/SECRET/", "/unsubscribe/SECRET/", "/x?token=SECRET", "/x?a=b&token=SECRET&c=d",
     "GET /signin/link/SECRET/ HTTP/1.1", '"POST /join/SECRET/ HTTP/1.1" 200'],
)  # fmt: skip
def test_the_log_hides_tokens(address):
    for message, arguments in ((address, ()), ("Not Found: %s", (address,)), ("%s %s", ("a", address))):
        record = logging.LogRecord("x", logging.INFO, "x", 1, message, arguments, None)
        assert HideTokens().filter(record) and "SECRET" not in record.getMessage()


def test_every_handler_of_the_log_hides_them():
    for handler in settings.LOGGING["handlers"].values():
        assert "no_tokens" in handler["filters"]
    for logger in settings.LOGGING.get("loggers", {}).values():
        assert not logger.get("handlers"), "a logger with a handler of its own would go past the filter"
    for name in (None, "django", "django.server", "django.request", "allauth"):
        for handler in logging.getLogger(name).handlers:
            if type(handler).__module__.split(".")[0] in ("logging", "django"):
                assert any(isinstance(found, HideTokens) for found in handler.filters), (name, handler)
