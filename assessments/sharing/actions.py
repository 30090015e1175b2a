"""What leaves the coalition, milestone by milestone; and taking it back."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import guards
from assessments.models import BEYOND, WITH_REVISION, Revision, Shares, Sharing, Stage, Standing
from coalitions import audit
from milestones.answers import Conflict


def allowed(slug: str) -> tuple[Shares, ...]:
    """What may be chosen for a milestone; Beyond the milestones has no level to share."""
    return (Shares.NOTHING, Shares.STORY) if slug == BEYOND else tuple(Shares)


@transaction.atomic
def share(*, assessment, number, choices: dict[str, str], members_view=False, by) -> Sharing | None:
    """Share the last revision as chosen, by slug of milestone; what is not named is not shared.

    A milestone of an earlier revision stays shared until this one shares it or it is withdrawn. A repeat
    changes nothing and answers None; another revision number is a Conflict.
    """
    assessment = guards.lock(assessment, Stage.SUBMITTED)
    revision = assessment.revisions.order_by("-number").first()
    if revision.number != number:
        raise Conflict(_("Somebody submitted this quarter again meanwhile. Look at the preview again."))
    standings = {standing.slug: standing for standing in revision.standings.all()}
    wanted = {slug: Shares(choices.get(slug, Shares.NOTHING)) for slug in standings}
    for slug, sharing in wanted.items():
        if sharing not in allowed(slug):
            raise ValueError(f"{sharing} is no choice for {slug}")
    if all(
        (standings[s].sharing, standings[s].members_view) == (wanted[s], _ticks(wanted[s], members_view))
        for s in wanted
    ):
        return None
    earlier = Standing.objects.of(assessment).exclude(revision=revision)
    earlier.filter(slug__in=[slug for slug in wanted if wanted[slug] != Shares.NOTHING]).unshare()
    for slug, sharing in wanted.items():
        Standing.objects.filter(pk=standings[slug].pk).share(
            sharing=sharing, members_view=_ticks(sharing, members_view)
        )
    return _act(assessment, revision, wanted, members_view, by, "share")


def _ticks(sharing, members_view) -> bool:
    return members_view and sharing == Shares.LEVEL_AND_STORY


def _act(assessment, revision, choices, members_view, by, verb) -> Sharing:
    act = Sharing.objects.create(
        revision=revision,
        coalition=assessment.coalition,
        choices={slug: str(sharing) for slug, sharing in choices.items()},
        members_view=members_view,
        withdrawn=verb == "withdraw",
        by=by,
    )
    audit.record(
        verb, about=assessment, by=by, revision=revision.number, choices=act.choices, members_view=members_view
    )
    return act


@transaction.atomic
def withdraw(*, assessment, by) -> Sharing | None:
    """Take back all that is shared of a quarter, of every revision; None where nothing was."""
    assessment = guards.lock(assessment, *WITH_REVISION)
    shared = Standing.objects.of(assessment).shared()
    if not shared.exists():
        return None
    revision = Revision.objects.filter(assessment=assessment).order_by("-number").first()
    shared.unshare()
    return _act(assessment, revision, {}, False, by, "withdraw")
