"""What allauth asks of the site: nobody signs up by themselves, and mails carry our address."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language


class ClosedSignUp(DefaultAccountAdapter):
    """Accounts are made by leads and administrators; signing in is all that allauth does here."""

    def is_open_for_signup(self, request):
        return False

    def add_message(self, *args, **kwargs):
        """Our pages say themselves what happened."""

    def send_mail(self, template_prefix, email, context):
        """A mail in two languages, the reader's first, with addresses from SITE_URL and never from the request."""
        tongues = ["es", "en"] if (get_language() or "en").startswith("es") else ["en", "es"]
        super().send_mail(template_prefix, email, {**context, "tongues": tongues, "site_url": settings.SITE_URL})

    def respond_user_inactive(self, request, user):
        return HttpResponseRedirect(reverse("signin"))
