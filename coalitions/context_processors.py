"""What every page's frame needs: the one row of links for this person, and whether the data are samples."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from coalitions.models import INSIDE, Role
from coalitions.permissions import held


@dataclass
class Link:
    label: str
    url: str
    current: bool = False


def navigation(request):
    """The navigation, worked out when a page first shows it, and the sample banner."""
    return {"nav": SimpleLazyObject(lambda: links(request)), "sample_data": settings.SAMPLE_DATA}


def links(request) -> list[Link]:
    """The links of this person's roles, kept on the request; none where nobody is signed in."""
    if not hasattr(request, "_links"):
        user = getattr(request, "user", None)
        request._links = mark_current(roles_links(user, request.path), request.path) if is_signed_in(user) else []
    return request._links


def is_signed_in(user) -> bool:
    return user is not None and user.is_authenticated


def mark_current(found: list[Link], path: str) -> list[Link]:
    """Mark the link whose page, or the nearest page above, is the one shown."""
    above = [link for link in found if path.startswith(link.url)]
    if above:
        max(above, key=lambda link: len(link.url)).current = True
    return found


def roles_links(user, path: str) -> list[Link]:
    memberships = held(user)
    roles = {membership.role for membership in memberships}
    found = inside_links(memberships, path)
    if Role.FUNDER in roles:
        found += [
            Link(_("States"), reverse("states")),
            Link(_("Milestones"), reverse("milestones")),
            Link(_("Next steps"), reverse("shared_next_steps")),
            Link(_("How to read this"), reverse("about_reading")),
        ]
    if Role.EVALUATOR in roles:
        found += [
            Link(_("Export"), reverse("export")),
            Link(_("Quarters"), reverse("completeness")),
            Link(_("Codebook"), reverse("codebook")),
            Link(_("States"), reverse("states")),
        ]
    if Role.ADMINISTRATOR in roles:
        found += [Link(_("Administration"), reverse("admin:index")), Link(_("Quarters"), reverse("completeness"))]
    return list({link.url: link for link in found}.values())


def inside_links(memberships, path: str) -> list[Link]:
    """The links of the coalition whose page is shown, or of the person's first one."""
    inside = [membership for membership in memberships if membership.role in INSIDE]
    if not inside:
        return []
    shown = [m for m in inside if path.startswith(f"/c/{m.coalition.slug}/")]
    membership = (shown or inside)[0]
    slug = membership.coalition.slug
    results = Link(_("Results"), reverse("results", args=[slug]))
    if membership.role == Role.MEMBER:
        return [Link(_("Home"), reverse("me")), results, Link(_("My answers"), reverse("my_answers"))]
    found = [
        Link(_("This quarter"), reverse("coalition", args=[slug])),
        results,
        Link(_("People"), reverse("coalition_people", args=[slug])),
    ]
    if any(m.shares for m in memberships if m.role == Role.LEAD):
        found.append(Link(_("States"), reverse("states")))
    return found
