"""The two ways to a ballot without signing in: the link in a mail, the code of the room."""

from hmac import compare_digest

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assessments.collecting import ballots
from assessments.collecting.ballot_forms import JoinCodeForm, tidy
from assessments.collecting.keys import link_token
from assessments.collecting.rater import device_of, hold, let_go, let_go_of_all
from assessments.collecting.wording import minutes
from assessments.models import Assessment, Invitation
from coalitions import actions
from coalitions.models import SigninLink, hash_of
from coalitions.permissions import Permission, can
from coalitions.signin import signed_in
from milestones.answers import is_switching_language, methods, page, read_form, see_other

TYPED = "code"  # /join/code/ asks for the code; it has four letters, so it is none


@login_not_required
@methods("GET", "POST")
def signin_link(request, token):
    """A link from a mail, or one that an operator printed: one button, so that a mail scanner uses nothing up.

    Unknown, expired, revoked, closed or misspelled: one identical 404.
    """
    sending = request.method == "POST" and not is_switching_language(request)
    invitation = live_invitation(token)
    if invitation is not None:
        return start_by_link(request, invitation) if sending else start_page(request, invitation.assessment)
    if sending:
        user = actions.open_link(token=token)
        if user:
            login(request, user)
            return signed_in(request, "")
    elif SigninLink.objects.live(token).exists():
        return page(request, "account/signin_link.html")
    return page(request, "account/old_link.html", status=404)


def live_invitation(token) -> Invitation | None:
    """The invitation whose link this is, while its person belongs here and answers are open."""
    rows = Invitation.objects.filter(token_sha256=hash_of(token), revoked=False, user__is_active=True)
    invitation = rows.select_related("user", "assessment__coalition").first()
    if invitation is None or not compare_digest(token, link_token(invitation)):
        return None
    if not ballots.is_open(invitation.assessment):
        return None
    return invitation if can(invitation.user, Permission.RATE, invitation.assessment.coalition) else None


def start_page(request, assessment, held=False, user=None):
    """What the button begins, and nothing else; two buttons where this phone holds a ballot already.

    `user` is the person signed in here whose ballot it begins: the phone may be in another one's hands.
    """
    context = {
        "held": held,
        "whose": (user.name or user.email) if user else "",
        "assessment": assessment,
        "coalition": assessment.coalition,
        "minutes": minutes(assessment),
    }
    return page(request, "rate/start.html", context)


def start_by_link(request, invitation):
    """Let this browser hold the invited person's ballot; where another one does, say so (409) and nothing of it."""
    assessment = invitation.assessment
    address = assessment.url("ballot")
    if request.user == invitation.user:
        return see_other(address)  # signed in: no browser needs to hold it
    try:
        secret = ballots.hold_by_link(invitation=invitation, device=device_of(request, assessment))
    except ballots.NotCollecting:
        return page(request, "account/old_link.html", status=404)
    if secret is None:
        context = {"assessment": assessment, "coalition": assessment.coalition, "next": address}
        return page(request, "rate/held.html", context, status=409)
    if request.user.is_authenticated:
        logout(request)  # the link is another person's: their ballot, not that of whoever was signed in here
    return hold(see_other(address), assessment, secret)


@login_not_required
@methods("GET", "POST")
def join(request, code):
    """Begin by the code of the room. Wrong, old, closed: one identical 404, with what was typed in its field."""
    if "hand" in request.POST:
        return let_go_of_all(request, see_other(reverse("join", args=[code])))
    if "code" in request.POST and not is_switching_language(request):
        return go_to_typed(request)
    assessment = open_by_code(code)
    if assessment is None:
        context = {"erased": code == TYPED and "erased" in request.GET, "wrong": code != TYPED}
        form = read_form(request, JoinCodeForm) if is_switching_language(request) else None
        form = form or JoinCodeForm(initial={"code": "" if code == TYPED else code[:20]})
        return page(request, "rate/join.html", context, form=form, status=200 if code == TYPED else 404)
    if request.user.is_authenticated and not can(request.user, Permission.RATE):
        raise PermissionDenied
    user = request.user if request.user.is_authenticated else None
    device = device_of(request, assessment)
    if request.method != "POST" or is_switching_language(request):
        return start_page(request, assessment, held=holds_one(assessment, user, device), user=user)
    another = "fresh" in request.POST
    try:
        secret = ballots.hold_by_code(
            assessment=assessment, code=assessment.join_code, user=user, device=None if another else device
        )
    except ballots.NotCollecting:
        return see_other(reverse("join", args=[code]))
    answer = see_other(assessment.url("ballot"))
    return let_go(answer, assessment) if another and secret is None else hold(answer, assessment, secret)


def holds_one(assessment, user, device) -> bool:
    """Whether a ballot was begun in this browser that may be another person's than who comes now."""
    return user is None and ballots.own(assessment, device=device) is not None


def go_to_typed(request):
    """To the page of the code that was typed."""
    form = JoinCodeForm(data=request.POST)
    typed = form.cleaned_data["code"].replace("/", "").strip(". ") if form.is_valid() else ""
    if not typed:
        return page(request, "rate/join.html", form=form, status=422)
    return see_other(reverse("join", args=[tidy(typed) or typed]))


def open_by_code(code: str) -> Assessment | None:
    """The assessment that this code opens at this moment."""
    rows = Assessment.objects.filter(join_code=tidy(code)) if tidy(code) else Assessment.objects.none()
    assessment = rows.select_related("coalition", "rubric").first()
    return assessment if assessment is not None and ballots.is_open(assessment) else None
