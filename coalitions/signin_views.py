"""Pages for signing in and out. No answer tells an address with an account from one without."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from coalitions.forms import CodeForm, SignInForm
from coalitions.models import Role, User
from coalitions.signin import allowed_next, landing, send_code, sign_in_with_code, signed_in
from milestones.answers import methods, page, read_form, see_other


@login_not_required
@methods("GET", "POST")
def signin(request):
    """Ask for the address; a code is mailed to it, through the outbox: no mail server is waited for here."""
    if request.user.is_authenticated:
        return redirect(allowed_next(request.GET.get("next", "")) or landing(request.user))
    form = read_form(request, SignInForm, initial={"next": request.GET.get("next", "")})
    context = {"samples": Role.choices if settings.SAMPLE_DATA else []}
    if not form.is_valid():
        return page(request, "account/signin.html", context, form=form)
    request.session["signin_next"] = allowed_next(form.cleaned_data["next"])
    if not send_code(request, form.cleaned_data["email"]):
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
