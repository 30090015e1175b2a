"""Coalitions with ballots for the crawl of every page: one that collects, and some whose answers are closed."""

from assessments.collecting import actions as collecting
from assessments.collecting import ballots, close
from assessments.collecting.keys import link_token
from assessments.collecting.rater import cookie_name
from assessments.models import Assessment, Invitation, Meeting
from assessments.quarters import Quarter
from coalitions.letters import stop_token
from coalitions.models import Role, hash_of
from milestones.models import Milestone
from tests import factories

BEFORE, NOW = Quarter(2026, 3), Quarter(2026, 4)
LONG = "We met on the second Tuesday and https://example.org/a-very-long-address/that/does/not/break/anywhere/at/all"
SINCE = {"setting_the_table": "forward", "cohesion": "back", "financing": "stayed"}


def coalition(name, at, who, **fields):
    """A coalition with a lead and a member, who join `who` under its name."""
    made = factories.coalition(f"Sample {name} Coalition", at, **fields)
    who[f"{name} lead"] = factories.person(Role.LEAD, made, name="Lía")
    who[f"{name} member"] = factories.person(Role.MEMBER, made, name="Mel")
    return made


def collecting_now(who) -> dict:
    """River collects, after a quarter that is closed: some answered, one types paper, one came by the code.

    What stands in braces in an address, and the cookie of the browser that came by the code.
    """
    river = coalition("River", "GA", who)
    lead, member = who["River lead"], who["River member"]
    factories.submitted(river, by=lead, quarter=BEFORE)
    assessment = factories.collecting_assessment(river, by=lead, quarter=NOW, mode="focus",
                                                 focus=Milestone.objects.filter(slug__in=["cohesion", "financing"]))  # fmt: skip
    factories.ballot(assessment, 2, user=member, notes={"1.2": LONG}, beyond=LONG, cohesion="back")
    factories.ballot(assessment, {"1.2": 0}, sent=False)
    who["helper"] = factories.person(Role.MEMBER, river, name="Hal")
    collecting.name_helper(assessment=assessment, user=who["helper"], by=lead)
    who["not begun"] = factories.person(Role.MEMBER, river, name="Nuria")
    secret = ballots.hold_by_code(assessment=assessment, code=assessment.join_code, user=None, device=None)
    ballots.begin(assessment=assessment, user=None, device=secret, voice="parent")
    ballots.save_last_page(assessment=assessment, user=None, device=secret, directions={}, beyond="",
                           beyond_ticked=False, send=True)  # fmt: skip
    collecting.invite(assessment=assessment, people_to_add=[("nell@example.org", "")], by=lead)
    invitation = assessment.invitations.get(user__email="nell@example.org")
    token = link_token(invitation)
    Invitation.objects.filter(pk=invitation.pk).update(token_sha256=hash_of(token))
    return {"join": assessment.join_code, "link": token, "stop": stop_token(member, "reminders"),
            "cookie": {"name": cookie_name(assessment), "value": secret}}  # fmt: skip


def closed_quarters(who):
    """Answers that are closed: 12 with a quarter before them that is shared, 10 in a spread, 4, and none at all."""
    delta = coalition("Delta", "GA", who)
    lead = who["Delta lead"]
    shared = closed(delta, lead, BEFORE, [1] * 6, [3] * 6)
    for code in shared.agreed_ratings.values_list("indicator__code", flat=True):
        factories.rate(shared, code, 2, by=lead, reason="We counted the seats.")
    factories.submit(shared, by=lead)
    shared.refresh_from_db()
    factories.share(shared, by=lead, members_view=True)
    closed(delta, lead, NOW, [1, 1, 2, 2, 3, 4], [3, 3, 3, 4, 4, 4])
    prairie = coalition("Plain", "GA", who)
    closed(prairie, who["Plain lead"], NOW, range(5), range(5), room_sees="see_the_spread")
    few = coalition("Hollow", "GA", who)
    closed(few, who["Hollow lead"], NOW, [1, 2], [2, 3])


def closed(there, lead, quarter, parents, others, **fields):
    """An assessment that is closed, with ticked notes and directions in every ballot."""
    assessment = factories.collecting_assessment(there, by=lead, quarter=quarter, **fields)
    for voice, levels in (("provider", parents), ("partner", others)):
        for level in levels:
            said = {"1.2": level, "2.1": "c", "3.2": 4 - level, "4.1": "s"}
            codes = assessment.agreed_ratings.values_list("indicator__code", flat=True)
            answers = {code: said.get(code, level) for code in codes}
            factories.ballot(assessment, answers, voice=voice, notes={"1.2": LONG}, beyond=LONG, **SINCE)
    close.close(assessment=assessment, by=lead)
    assessment.refresh_from_db()
    return assessment


def move_meeting(lead, slug, step):
    """Put the screen of a coalition's meeting on a step of 1.2."""
    assessment = Assessment.objects.get(coalition__slug=slug, quarter_text=str(NOW))
    Meeting.objects.update_or_create(assessment=assessment, defaults={"code": "1.2", "step": step, "host": lead})
