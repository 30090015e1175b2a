"""Pages for signing in and out. No answer tells an address with an account from one without."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from coalitions import actions
from coalitions.forms import CodeForm, SignInForm
from coalitions.models import Role, SigninLink, User
from coalitions.signin import allowed_next, landing, send_code, sign_in_with_code
from milestones.answers import is_switching_language, methods, page, read_form, see_other


@login_not_required
@methods("GET", "POST")
def signin(request):
    """Ask for the address; a code is mailed to it."""
    if request.user.is_authenticated:
        return redirect(allowed_next(request.GET.get("next", "")) or landing(request.user))
    form = read_form(request, SignInForm, initial={"next": request.GET.get("next", "")})
    context = {"samples": Role.choices if settings.SAMPLE_DATA else []}
    if not form.is_valid():
        return page(request, "account/signin.html", context, form=form)
    request.session["signin_next"] = allowed_next(form.cleaned_data["next"])
    try:
        sent = send_code(request, form.cleaned_data["email"])
    except OSError:  # the mail server; smtplib's errors are OSErrors too
        form.add_error(None, _("We cannot send mail at this moment. Try again in a few minutes."))
        return page(request, "account/signin.html", context, form=form, status=503)
    if not sent:
        form.add_error(None, _("Many codes were asked for. Wait a minute, then try again."))
        return page(request, "account/signin.html", context, form=form, status=429)
    return see_other(reverse("signin_code"))


@login_not_required
@methods("GET", "POST")
def signin_code(request):
    """Take the code. Wrong, old, used or of another address: one message, and a button for a new one."""
    if request.user.is_authenticated:
        return redirect(landing(request.user))
    context = {"email": request.session.get("signin_email", ""), "next": request.session.get("signin_next", "")}
    if request.method != "POST" and not context["email"]:
        return redirect("signin")
    form = read_form(request, CodeForm)
    if form.is_valid():
        if sign_in_with_code(request, form.cleaned_data["code"]):
            return signed_in(request, context["next"])
        form.refuse()
    return page(request, "account/signin_code.html", context, form=form)


def signed_in(request, address):
    """On to the page they came for, or to where their role begins; what signing in kept is forgotten."""
    for name in ("signin_email", "signin_next"):
        request.session.pop(name, None)
    return see_other(allowed_next(address) or landing(request.user))


@login_not_required
@methods("GET", "POST")
def signin_link(request, token):
    """A link that an operator printed: the page has one button, so that a mail scanner uses nothing up."""
    if request.method == "POST" and not is_switching_language(request):
        user = actions.open_link(token=token)
        if user:
            login(request, user)
            return signed_in(request, "")
    elif SigninLink.objects.live(token).exists():
        return page(request, "account/signin_link.html")
    return page(request, "account/old_link.html", status=404)


@login_not_required
@methods("POST")
def signin_sample(request):
    """One button for each kind of sample person, on a site with sample data only."""
    if not settings.SAMPLE_DATA or request.POST.get("as") not in Role.values:
        raise Http404
    address = f"{request.POST['as']}@sample.example"
    login(request, get_object_or_404(User, email=address, sample=True, is_active=True))
    return signed_in(request, request.POST.get("next", ""))


@login_not_required
@methods("POST")
def signout(request):
    """End the session, and let the browser forget what it kept of these pages."""
    logout(request)
    answer = see_other(reverse("home"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
