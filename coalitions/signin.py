"""Signing in: the code that comes by e-mail (allauth's machinery under our addresses), and where it leads."""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.internal.cryptokit import compare_user_code
from allauth.core.ratelimit import consume
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from coalitions.models import Role, User
from milestones.addresses import page_at
from milestones.answers import see_other
from milestones.bilingual import language
from milestones.texts import email_key

NEVER_NEXT = {"signin", "signin_code", "signin_link", "signin_sample", "signout", "healthz"}
LANDINGS = [
    (Role.LEAD, lambda membership: membership.coalition.get_absolute_url()),
    (Role.MEMBER, lambda membership: members_landing(membership.user)),
    (Role.FUNDER, lambda membership: reverse("states")),
    (Role.EVALUATOR, lambda membership: reverse("export")),
    (Role.ADMINISTRATOR, lambda membership: reverse("admin:index")),
]


def open_for(user) -> list:
    """The assessments whose answers are open for this person; the app above finds them (OPEN_FOR)."""
    return import_string(settings.OPEN_FOR)(user)


def members_landing(user) -> str:
    """The one ballot that is open, or the page that lists what is."""
    running = open_for(user)
    return running[0].url("ballot") if len(running) == 1 else reverse("me")


def landing(user) -> str:
    """Where a person arrives after signing in: what their first role is about."""
    memberships = list(user.memberships.select_related("coalition").order_by("pk"))
    for role, address in LANDINGS:
        for membership in memberships:
            if membership.role == role:
                return address(membership)
    return reverse("me")


def allowed_next(address: str) -> str:
    """The address, where it is a page of this site that one may be sent on to; else nothing."""
    found = page_at(address or "")
    return address if found and not found.namespaces and found.url_name not in NEVER_NEXT else ""


def send_code(request, email: str) -> bool:
    """Send a code to an address, or to an unknown one a mail that says so; False when too many were asked for.

    Nothing that the person sees tells an address with an account from one without.
    """
    if not consume(request, action="request_login_code", key=email):
        return False
    user = User.objects.filter(email=email, is_active=True).first()
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=email)
    request.session["signin_email"] = email
    return True


def sign_in_with_code(request, code: str) -> bool:
    """Sign in whoever types the code that was sent; False for any other, an old or a used one. Tries are counted.

    A code is good for the account only while it has the address that the code went to: else whoever may correct
    addresses could take a code to their own mailbox, and an account with it.
    """
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    process = LoginCodeVerificationProcess.resume(stage) if stage else None
    if process is None or process.user is None or email_key(process.state.get("email") or "") != process.user.email:
        return False
    if not compare_user_code(actual=code, expected=process.code):
        process.record_invalid_attempt()
        return False
    process.finish(None)
    return request.user.is_authenticated


def signed_in(request, address):
    """On to the page they came for, or to where their role begins; what signing in kept is forgotten.

    Who never chose a language keeps the one of the page they signed in on.
    """
    if not request.user.language:
        request.user.keep_language(language())
    for name in ("signin_email", "signin_next"):
        request.session.pop(name, None)
    return see_other(allowed_next(address) or landing(request.user))
