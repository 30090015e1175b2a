"""Settings, all from the environment. With DEBUG on, which only a loopback site may have, each has a default.

In production a missing or unsafe variable stops the start with a sentence that says what to set. README,
"Deploy", lists them all.
"""

import sqlite3
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def required(name, explained, in_debug):
    """The variable's text; in DEBUG its default; else a stop with the sentence that explains it."""
    value = env.str(name, default="")
    if value:
        return value
    if DEBUG:
        return in_debug
    raise ImproperlyConfigured(f"{name} is not set. {explained}")


def refuse(wrong, sentence):
    """Stop the start, with a sentence, where a setting would be unsafe."""
    if wrong:
        raise ImproperlyConfigured(sentence)


DEBUG = env.bool("DEBUG", default=False)
SITE_URL = required(
    "SITE_URL", "Set it to the address people use, such as https://milestones.example.org.", "http://127.0.0.1:8000"
).rstrip("/")
refuse(
    DEBUG and urlsplit(SITE_URL).hostname not in ("127.0.0.1", "localhost", "::1"),
    "DEBUG is on and SITE_URL is not this machine. DEBUG shows secrets to visitors: leave it out in production.",
)
refuse(
    not DEBUG and not SITE_URL.startswith("https://"),
    "SITE_URL must start with https://. Without it sign-in codes and sessions could be read on the way.",
)

SECRET_KEY_FILE = env.str("SECRET_KEY_FILE", default="")
refuse(
    SECRET_KEY_FILE and not Path(SECRET_KEY_FILE).is_file(),
    "SECRET_KEY_FILE names a file that is not there. Make it, with 50 or more random characters.",
)
SECRET_KEY = (
    Path(SECRET_KEY_FILE).read_text().strip()
    if SECRET_KEY_FILE
    else required(
        "SECRET_KEY",
        "Set it, or SECRET_KEY_FILE, to 50 or more random characters: "
        'python3 -c "import secrets; print(secrets.token_urlsafe(50))"',
        "only-for-a-demo-on-this-machine-" + "x" * 30,
    )
)
refuse(
    not DEBUG and (len(SECRET_KEY) < 50 or "django-insecure" in SECRET_KEY or "only-for-a-demo" in SECRET_KEY),
    "SECRET_KEY is too short or a known one. Use 50 or more random characters.",
)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
refuse(
    not DEBUG and any(len(key) < 50 for key in SECRET_KEY_FALLBACKS),
    "SECRET_KEY_FALLBACKS holds a key that is too short. Keys that were in use have 50 or more characters.",
)

# Finds a person's ballot while a quarter collects, and makes the links in invitations. Not SECRET_KEY, so that who has
# a copy of the database and of that key still cannot tell whose ballot is whose.
BALLOT_LINK_KEY = required(
    "BALLOT_LINK_KEY",
    "Set it to 50 or more random characters, others than SECRET_KEY.",
    "ballots-of-a-demo-" + "x" * 40,
)
refuse(
    not DEBUG and (len(BALLOT_LINK_KEY) < 50 or BALLOT_LINK_KEY == SECRET_KEY or "of-a-demo" in BALLOT_LINK_KEY),
    "BALLOT_LINK_KEY is too short, a known one, or the same as SECRET_KEY. Use 50 or more other random characters.",
)
# Makes the codes that stand for coalitions in coded files.
EXPORT_PSEUDONYM_KEY = required(
    "EXPORT_PSEUDONYM_KEY", "Set it to 50 or more random characters, others than SECRET_KEY.", "codes-of-a-demo"
)
refuse(
    not DEBUG and (len(EXPORT_PSEUDONYM_KEY) < 50 or EXPORT_PSEUDONYM_KEY in (SECRET_KEY, BALLOT_LINK_KEY)),
    "EXPORT_PSEUDONYM_KEY is too short or the same as another key. Use 50 or more other random characters.",
)
# The floors of the privacy rule: how many answers it takes to show anything, of all and of each side.
MIN_WHOLE, MIN_SIDE = env.int("MIN_WHOLE", default=5), env.int("MIN_SIDE", default=6)
refuse(
    MIN_WHOLE < 5 or MIN_SIDE < 6, "MIN_WHOLE is 5 or more and MIN_SIDE 6 or more: floors are raised, never lowered."
)

ALLOWED_HOSTS = (
    required("ALLOWED_HOSTS", "Set it to the host names of the site, with commas between.", "127.0.0.1,localhost,[::1]")
    .replace(" ", "")
    .split(",")
)
refuse("*" in ALLOWED_HOSTS, "ALLOWED_HOSTS may not hold *: name the hosts.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[] if DEBUG else [SITE_URL])
refuse(
    not DEBUG and not all(origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS),
    "CSRF_TRUSTED_ORIGINS may hold https addresses only.",
)

# Sample data signs anybody in with one button, so only a site that nobody else can reach may have it.
SAMPLE_DATA = env.bool("SAMPLE_DATA", default=DEBUG)
refuse(
    SAMPLE_DATA and not DEBUG,
    "SAMPLE_DATA lets anybody sign in with one button. It goes with DEBUG, on one machine, and not in production.",
)

INSTALLED_APPS = [
    "milestones",
    "coalitions",
    "assessments",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
]
MIDDLEWARE = [
    "milestones.middleware.Headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    *([] if DEBUG else ["whitenoise.middleware.WhiteNoiseMiddleware"]),  # in DEBUG runserver serves static files
    "milestones.middleware.RefuseMalformed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "milestones.middleware.SignInRequired",
    "milestones.middleware.Language",
    "milestones.middleware.IdleSession",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "milestones.middleware.Conflicts",
]
ROOT_URLCONF = "milestones.urls"
WSGI_APPLICATION = "milestones.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "coalitions.context_processors.navigation",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# WAL only where SQLite's WAL-reset bug is mended; see README, "Decisions".
WAL_IS_SAFE = sqlite3.sqlite_version_info >= (3, 51, 3) or any(
    mended <= sqlite3.sqlite_version_info < (3, mended[1] + 1) for mended in ((3, 50, 7), (3, 44, 6))
)
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"].endswith("sqlite3"):
    if DATABASE["NAME"] != ":memory:":
        Path(DATABASE["NAME"]).touch(mode=0o600)  # only we may read it
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode={'WAL' if WAL_IS_SAFE else 'DELETE'};"
        "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
    }
else:
    DATABASE["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASE["CONN_HEALTH_CHECKS"] = True
    DATABASE.setdefault("OPTIONS", {})
    if not DEBUG:
        DATABASE["OPTIONS"].setdefault("sslmode", "verify-full")
    DATABASE["OPTIONS"]["options"] = (
        f"-c statement_timeout={0 if sys.argv[1:2] == ['migrate'] else 5000} -c lock_timeout=3000 "
        "-c idle_in_transaction_session_timeout=30000 -c jit=off "
        "-c random_page_cost=1.1"  # of a disk without a needle: with the default a page reads whole tables
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},  # what any process can count again
}

AUTH_USER_MODEL = "coalitions.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict] = []
LOGIN_URL = "signin"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "coalitions.adapter.ClosedSignUp"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
TRUSTED_PROXY_HOPS = env.int("TRUSTED_PROXY_HOPS", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_HOPS
if TRUSTED_PROXY_HOPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

EMAIL_URL = required(
    "EMAIL_URL", "Set it to the mail server, such as smtp+tls://user:password@mail.example.org:587.", "consolemail://"
)
refuse(
    not DEBUG and not EMAIL_URL.startswith(("smtp+tls://", "smtp+ssl://", "smtps://")),
    "EMAIL_URL must be a mail server reached with TLS (smtp+tls:// or smtp+ssl://): sign-in codes travel by it.",
)
vars().update(env.email_url_config(EMAIL_URL))
if vars()["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "coalitions.smtp.Backend"  # the same, and it knows whether a message was handed over
EMAIL_TIMEOUT = 10
MAIL_WRITERS = "assessments.mails.WRITERS"  # what to write in a message, by its kind
OPEN_FOR = "assessments.collecting.rater.open_for"  # the quarters whose answers are open for a person
# With DEBUG mail goes out as soon as its transaction is done; in production `manage.py due` sends it.
MAIL_AT_ONCE = env.bool("MAIL_AT_ONCE", default=DEBUG)
DEFAULT_FROM_EMAIL = required(
    "DEFAULT_FROM_EMAIL", "Set it to the address mail comes from.", "Milestones <milestones@localhost>"
)
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default=DEFAULT_FROM_EMAIL)

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "milestones" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("EVIDENCE_FOLDER", default=str(BASE_DIR / "evidence-files")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
EVIDENCE_MAX_MB = env.int("EVIDENCE_MAX_MB", default=10)
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 1

SESSION_COOKIE_AGE = SESSION_ABSOLUTE = env.int("SESSION_ABSOLUTE", default=14 * 24 * 3600)
SESSION_IDLE = env.int("SESSION_IDLE", default=12 * 3600)
SESSION_IDLE_ADMINISTRATOR = 30 * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "milestones.views.csrf_failure"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
if not DEBUG:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=63072000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        **({} if DEBUG else {"upgrade-insecure-requests": True}),
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_tokens": {"()": "milestones.logs.HideTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["no_tokens"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
