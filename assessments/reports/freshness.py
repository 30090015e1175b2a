"""The ETag of shared pages: it differs whenever what the reader would see may differ.

Every act that changes a shared page (sharing, submitting, reopening, roles, settings, events) appends to the log
of acts, and what administrators change appends to the admin's log. So the newest entries of both stand for all of it.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.db.models import Max, Subquery
from django.utils.translation import get_language

from coalitions.models import AuditEvent

WINDOW = 100  # entries: one that another transaction was slower to write still shows, in its place
REACH, STEP = 5_000, 1_000  # entries of any kind: how far back a page looks for its window; and how it counts past that
DRAWN_FROM = ("templates", "assessments", "coalitions", "milestones", "fixtures")
# Acts inside a coalition that no shared page shows: an answer of 304 must not tell that somebody is at work.
NOT_SEEN = (
    "open_quarter", "edit_draft", "start_meeting", "delete_draft", "set_aside", "take_up_again", "add_own_milestone",
    "add_own_indicator", "retire_own_indicator", "save_agreed_rating", "bring_forward", "keep_theirs",
    "add_different_view", "withdraw_different_view", "add_evidence", "remove_evidence", "save_story", "save_next_step",
    "remove_next_step", "look_back", "export", "make_signin_link", "open_signin_link", "accept_pledge",
    "open_collecting", "invite", "invite_again", "revoke_invitation", "name_helper", "thank_helper", "type_paper",
    "make_join_code", "move_deadline", "close", "host_meeting", "change_address", "import_quarters",
    "make_export_token",
    "revoke_export_token",
)  # fmt: skip
KINDS = {".py", ".html", ".mo", ".json", ".typ", ".svg"}


@cache
def code() -> float:
    """When the code, texts and templates of this installation last changed."""
    found = (path for name in DRAWN_FROM for path in (Path(settings.BASE_DIR) / name).rglob("*"))
    return max(path.stat().st_mtime for path in found if path.suffix in KINDS)


def acts() -> tuple[list[tuple[int, int | None]], int]:
    """The newest entries of the log of acts that a page may show, each with the newest of the admin's; and how far the
    log has come, in steps of `STEP`, where there are fewer than a window of them within reach.

    Exports and saves by the hundred thousand are not read through for it: what falls out of reach is many steps old.
    """
    newest = Subquery(AuditEvent.objects.order_by("-pk").values("pk")[:1])
    admin = LogEntry.objects.order_by("-pk").values("pk")[:1]
    near = AuditEvent.objects.filter(pk__gt=newest - REACH).exclude(verb__in=NOT_SEEN).order_by("-pk")
    rows = list(near.annotate(admin=Subquery(admin), newest=newest).values_list("pk", "admin", "newest")[:WINDOW])
    found = [row[:2] for row in rows]
    if len(rows) == WINDOW:
        return found, 0
    if rows:
        last = rows[0][2]
    else:  # the admin's log stands beside no entry of ours
        last = AuditEvent.objects.aggregate(last=Max("pk"))["last"] or 0
        found = [(0, LogEntry.objects.aggregate(last=Max("pk"))["last"])]
    return found, last // STEP if last > REACH else 0


def log(request) -> tuple:
    """`acts()`, read once for each request."""
    if not hasattr(request, "acts"):
        request.acts = acts()
    return request.acts


def fingerprint(request, *args, **kwargs) -> str:
    """The ETag of one shared page for one reader."""
    seen = (
        request.user.pk,
        str(request.user),
        request.get_full_path(),
        get_language(),
        settings.SAMPLE_DATA,
        request.COOKIES.get(settings.CSRF_COOKIE_NAME),
        len(get_messages(request)),
        log(request),
        code(),
    )
    return f'"{hashlib.sha256(repr(seen).encode()).hexdigest()[:32]}"'
