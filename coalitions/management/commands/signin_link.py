"""Print a one-time link that signs a person in, for an operator whose mail is down."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from coalitions import actions
from coalitions.models import User
from milestones.texts import email_key


class Command(BaseCommand):
    help = "Print a link that signs in the person with this e-mail address, once, within ten minutes."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *, email, **options):
        user = User.objects.filter(email=email_key(email), is_active=True).first()
        if user is None:
            raise CommandError("Nobody with this address can sign in. See create_administrator, or add them first.")
        self.stdout.write(settings.SITE_URL + reverse("signin_link", args=[actions.make_link(user=user)]))
