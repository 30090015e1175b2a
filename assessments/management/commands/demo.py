"""Everything a look at the app needs: tables, states, rubric, findings and, with SAMPLE_DATA, sample coalitions."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from assessments.models import Stage
from assessments.sample import play, script
from coalitions.models import Role, User

SCRIPTS = settings.BASE_DIR / "fixtures" / "sample"


class Command(BaseCommand):
    help = (
        "Make the database and load what ships with the app; with SAMPLE_DATA, sample coalitions too. Safe to repeat."
    )

    def handle(self, **options):
        call_command("migrate", verbosity=0)
        call_command("setup")
        if settings.SAMPLE_DATA:
            self.load_sample()

    def load_sample(self):
        for coalition in play.play_missing(script.read(SCRIPTS)):
            quarters = coalition.assessments.count()
            self.stdout.write(f"{coalition.name}, {coalition.state.name_en}: {quarters} quarters")
        self.stdout.write(f"Sign in at {settings.SITE_URL}/signin/ as one of these, with one button:")
        for role, label in Role.choices:
            user = User.objects.filter(email=f"{role}@sample.example", sample=True).first()
            if user:
                where = ", ".join(self.places(user))
                self.stdout.write(f"  {label}: {user.name}, {user.email}" + (f", {where}" if where else ""))

    def places(self, user) -> list[str]:
        """Where a person belongs; with each coalition the quarters that are not submitted."""
        found = []
        for membership in user.memberships.select_related("coalition").order_by("pk"):
            if membership.coalition:
                running = membership.coalition.assessments.exclude(stage=Stage.SUBMITTED).order_by("quarter_text")
                stages = [f"{assessment.quarter.label} {assessment.stage}" for assessment in running]
                found.append(f"{membership.coalition} ({', '.join(stages)})" if stages else str(membership.coalition))
            elif membership.organisation:
                found.append(membership.organisation)
        return found
