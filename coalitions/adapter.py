"""What allauth asks of the site: nobody signs up by themselves, and mails carry our address and wait in the outbox."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from coalitions import outbox


class ClosedSignUp(DefaultAccountAdapter):
    """Accounts are made by leads and administrators; signing in is all that allauth does here."""

    def is_open_for_signup(self, request):
        return False

    def add_message(self, *args, **kwargs):
        """Our pages say themselves what happened."""

    def send_mail(self, template_prefix, email, context):
        """A mail in two languages, the reader's first, with addresses from SITE_URL and never from the request.

        It goes through the outbox, to the address alone, whether or not an account has it: no answer takes longer
        for the one or the other.
        """
        tongues = ["es", "en"] if (get_language() or "en").startswith("es") else ["en", "es"]
        context = {**context, "tongues": tongues, "site_url": settings.SITE_URL}
        message = self.render_mail(template_prefix, email, context)
        kind = "unknown_account" if "unknown_account" in template_prefix else "signin_code"
        outbox.post(kind, address=email, urgent=True, subject=message.subject, text=message.body)

    def respond_user_inactive(self, request, user):
        return HttpResponseRedirect(reverse("signin"))
