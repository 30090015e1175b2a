"""Make a person an administrator."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from coalitions import actions
from coalitions.models import Role
from milestones.forms import PlainEmailField


class Command(BaseCommand):
    help = "Make the person with this e-mail address an administrator. They sign in with a code sent to it."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    def handle(self, *, email, name, **options):
        try:
            email = PlainEmailField().clean(email)
            actions.grant(email=email, name=name, role=Role.ADMINISTRATOR, by=None)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(f"{email} is an administrator now.")
