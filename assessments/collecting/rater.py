"""Whose ballot a request is about: the right to it, and the cookie of the browser that holds it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone

from assessments.collecting import ballots
from assessments.collecting.mine import MyBallot
from assessments.models import AFTER_CLOSE, Assessment, RoomSees, Stage
from coalitions.models import Role, User
from coalitions.permissions import Permission, can, memberships
from milestones.answers import page, see_other, typed_context

# A lead may move the deadline later, and who came by code has nothing but this cookie: it outlives the deadline. The
# ballot does not, and without it the cookie opens nothing.
SPARE = timedelta(days=31)


@dataclass(frozen=True)
class Rater:
    """Who asks for a ballot of this assessment: the signed-in person, the browser's secret, and the ballot found."""

    assessment: Assessment
    user: User | None
    device: str | None
    ballot: MyBallot | None
    is_member: bool

    @property
    def has_begun(self) -> bool:
        """Whether there is a ballot, with its voice where the room compares voices: before that nothing is asked."""
        asks_voice = self.assessment.room_sees == RoomSees.COMPARE_VOICES
        return self.ballot is not None and bool(self.ballot.voice or not asks_voice)

    @property
    def keys(self) -> dict:
        """What the verbs of `ballots` find the ballot by."""
        return {"assessment": self.assessment, "user": self.user, "device": self.device}


class SignInFirst(Exception):
    """Neither signed in nor in a browser that holds a ballot: 302 to signing in, 401 for a script."""


def cookie_name(assessment: Assessment) -> str:
    """The name of the cookie in which a browser keeps its secret for one assessment."""
    return f"{'__Host-' if settings.SESSION_COOKIE_SECURE else ''}ballot-{assessment.pk.hex[:12]}"


def device_of(request, assessment: Assessment) -> str | None:
    """The secret that this browser has for an assessment, if any."""
    return request.COOKIES.get(cookie_name(assessment)) or None


def hold(answer: HttpResponse, assessment: Assessment, secret: str | None) -> HttpResponse:
    """Let the browser that gets this answer hold the ballot; without a secret nothing is set."""
    if secret:
        answer.set_cookie(
            cookie_name(assessment), secret, expires=assessment.deadline + SPARE, path="/",
            secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
        )  # fmt: skip
    return answer


def let_go(answer: HttpResponse, assessment: Assessment) -> HttpResponse:
    """Let the browser forget its secret."""
    answer.delete_cookie(cookie_name(assessment), path="/", samesite="Lax")
    return answer


def let_go_of_all(request, answer: HttpResponse) -> HttpResponse:
    """Let the browser forget every ballot it holds: the phone goes to another person."""
    for name in request.COOKIES:
        if name.removeprefix("__Host-").startswith("ballot-"):
            answer.delete_cookie(name, path="/", samesite="Lax")
    return answer


def rater_of(request, slug: str, quarter) -> Rater:
    """Who asks: somebody who rates in this coalition, or a browser (or person) with a ballot of this quarter.

    SignInFirst for a visitor without one; 404 for somebody signed in who has nothing to do here, and alike where
    there is no such coalition or quarter.
    """
    rows = Assessment.objects.filter(coalition__slug=slug, quarter_text=str(quarter))
    assessment = rows.select_related("coalition", "rubric").first()
    user = request.user if request.user.is_authenticated else None
    if assessment is not None:
        device = device_of(request, assessment)
        ballot = ballots.own(assessment, user=user, device=device)
        is_member = user is not None and can(user, Permission.RATE, assessment.coalition)
        # After close no ballot is left to recognize a browser by: whoever comes with a cookie is told so.
        held_one = device and user is None and assessment.stage != Stage.DRAFT and not ballots.is_open(assessment)
        # A signed-in person who does not belong here has a ballot by the code of the room, or none any more.
        theirs = ballot is not None and (user is None or ballot.channel == "code")
        if is_member or theirs or held_one:
            return Rater(assessment, user, device, ballot, is_member)
    if user is not None:
        raise Http404
    raise SignInFirst


def known(view):
    """Send whoever is neither signed in nor holds a ballot to signing in, before anything else is asked.

    Who asks is kept on the request; None for somebody signed in who has nothing to do here.
    """

    @wraps(view)
    def checked(request, slug, quarter, **kwargs):
        try:
            request.rater = rater_of(request, slug, quarter)
        except SignInFirst:
            return sign_in_first(request)
        except Http404:
            request.rater = None
        return view(request, slug, quarter, **kwargs)

    return checked


def for_raters(view):
    """Hand a view the Rater of a `known` request in place of coalition and quarter.

    While answers are not taken the answer is 409, in words, with what was typed.
    """

    @wraps(view)
    def checked(request, slug, quarter, **kwargs):
        rater = request.rater
        if rater is None:
            raise Http404
        if not ballots.is_open(rater.assessment):
            return not_taken(request, rater)
        try:
            return view(request, rater, **kwargs)
        except ballots.NotCollecting as refused:
            return not_taken(request, rater, refused.message)

    return checked


def sign_in_first(request) -> HttpResponse:
    """302 to signing in and back here; 401 for a script, which says so in its page."""
    if wants_json(request) or request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())


def not_taken(request, rater: Rater, message: str = "") -> HttpResponse:
    """409: not open yet, a meeting only, or closed and deleted; what was typed is given back."""
    assessment = Assessment.objects.select_related("coalition").get(pk=rater.assessment.pk)
    context = {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "is_member": rater.is_member,
        "still_open": ballots.is_open(assessment),
        "message": message,
        **typed_context(request),
    }
    if rater.is_member:
        leads = assessment.coalition.memberships.filter(role=Role.LEAD, user__is_active=True).select_related("user")
        context["leads"] = [str(lead.user) for lead in leads.order_by("user__name", "pk")]
    context["words"] = [request.POST[name].strip() for name in ("note", "beyond") if request.POST.get(name, "").strip()]
    return page(request, "rate/not_taken.html", context, status=409)


def wants_json(request) -> bool:
    """Whether our own script asks, and not a form."""
    return request.headers.get("Accept", "").startswith("application/json")


def on_to(request, address: str) -> HttpResponse:
    """303 after a write; for our own script the address to go to."""
    return JsonResponse({"next": address}) if wants_json(request) else see_other(address)


def open_for(user) -> list[Assessment]:
    """The assessments whose answers are open for this person, in the coalitions where they rate."""
    rows = Assessment.objects.filter(
        stage=Stage.COLLECTING,
        deadline__gte=timezone.now(),
        coalition__in=memberships(user, Permission.RATE).values("coalition"),
    )
    return list(rows.select_related("coalition", "rubric").order_by("coalition__name_key", "quarter_text"))


def is_over(assessment: Assessment) -> bool:
    """Whether answers were asked and are closed, or past their deadline."""
    late = assessment.stage == Stage.COLLECTING and not ballots.is_open(assessment)
    return assessment.has_ballots and (late or assessment.stage in AFTER_CLOSE)
