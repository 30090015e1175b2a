"""Who asks, in every part of the bench, and how."""

from functools import cached_property

from django.db.models import Count
from django.test import Client

from assessments.models import Assessment
from coalitions.models import Coalition, Membership, Role, User
from tests import factories

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PEOPLE = 100


class World:
    """The cast: readers; a lead who records; the same who administers too; a hundred members who answer.

    `first` keeps what the first size cost, by part and name; `size` is the one that is there now.
    """

    def __init__(self):
        self.size, self.first = "", {}
        recording, asking = (
            factories.coalition(f"Sample of the bench, {name}", slug=f"bench-{name}", sample=True)
            for name in ("recording", "asking")
        )
        self.lead = factories.person(Role.LEAD, recording, name="Ana")
        self.both = factories.person(Role.LEAD, recording, name="Ada")
        Membership.objects.create(user=self.both, role=Role.ADMINISTRATOR)
        self.funder = factories.person(Role.FUNDER, name="Fay")
        self.evaluator = factories.person(Role.EVALUATOR, name="Eve")
        factories.submitted(recording, by=self.lead, mode="full")
        self.recording = factories.discussing_assessment(
            recording, by=self.lead, quarter=factories.QUARTER.next, mode="full"
        )
        self.host = factories.person(Role.LEAD, asking, name="Ida")
        self.asking = factories.collecting_assessment(asking, by=self.host, mode="full")
        self.members = self.join(asking)
        self.clients: dict[User, Client] = {}

    def join(self, coalition) -> list[User]:
        people = User.objects.bulk_create(
            User(email=f"member.{number}@example.org", name=f"Member {number}") for number in range(PEOPLE)
        )
        Membership.objects.bulk_create(Membership(user=user, role=Role.MEMBER, coalition=coalition) for user in people)
        return people

    def client(self, user) -> Client:
        """A browser in which this person is signed in."""
        if user not in self.clients:
            self.clients[user] = Client()
            self.clients[user].force_login(user, backend=BACKEND)
        return self.clients[user]

    def get(self, user, address, status=200, **headers):
        """The act of reading one page."""

        def act():
            answer = self.client(user).get(address, headers=headers)
            assert answer.status_code == status, (address, answer.status_code)
            return answer

        return act

    def at_first(self, part: str, found: dict) -> dict:
        """What this part cost at the first size; what is found now, where this is the first."""
        return self.first.setdefault(part, found)

    def lead_of_generated(self) -> tuple[User, Assessment]:
        """The lead of a generated coalition that asked its members, and the last of its quarters."""
        last = Assessment.objects.filter(coalition__slug__startswith="sample-", release__isnull=False)
        last = last.filter(mode="full").select_related("coalition").order_by("-quarter_text", "coalition__slug").first()
        email = f"lead.of.{last.coalition.slug}@example.org"
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, name="Lee")
            Membership.objects.create(user=user, role=Role.LEAD, coalition=last.coalition)
        return user, last

    @cached_property
    def state(self) -> str:
        """The state that holds most generated coalitions at the first size; its page is measured at each."""
        counted = Coalition.objects.filter(slug__startswith="sample-").order_by().values("state")
        return counted.annotate(number=Count("pk")).order_by("-number", "state").first()["state"]

    @cached_property
    def shown(self) -> Coalition:
        """A coalition of that state that shares its levels."""
        found = Coalition.objects.filter(state=self.state, slug__startswith="sample-")
        return found.filter(standings__sharing="level_and_story").order_by("slug").first()
