"""A coalition's history in words: one sentence for each act, and who may read what it shares."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coalitions.models import Role, User
from milestones.models import Milestone

# One sentence a verb; the apps above name the acts that are theirs. %(who)s did it, %(person)s is whom it was about.
SENTENCES = {
    "grant": gettext_lazy("%(who)s added %(person)s as %(role)s"),
    "remove": gettext_lazy("%(who)s removed %(person)s, %(role)s"),
    "change_role": gettext_lazy("%(who)s made %(person)s %(role)s"),
    "change_address": gettext_lazy("%(who)s changed the e-mail address of %(person)s"),
    "create_coalition": gettext_lazy("%(who)s set up this coalition"),
    "edit_coalition": gettext_lazy("%(who)s changed the coalition's settings"),
    "open_quarter": gettext_lazy("%(who)s opened the quarter %(quarter)s"),
    "edit_draft": gettext_lazy("%(who)s changed how the quarter is asked"),
    "start_meeting": gettext_lazy("%(who)s started recording what was agreed"),
    "delete_draft": gettext_lazy("%(who)s deleted the draft of %(quarter)s"),
    "set_aside": gettext_lazy("%(who)s set a milestone aside: %(milestone)s"),
    "take_up_again": gettext_lazy("%(who)s took a milestone up again: %(milestone)s"),
    "add_own_milestone": gettext_lazy("%(who)s added a milestone of the coalition's own"),
    "add_own_indicator": gettext_lazy("%(who)s added a question of the coalition's own"),
    "retire_own_indicator": gettext_lazy("%(who)s retired a question of the coalition's own"),
    "open_collecting": gettext_lazy("%(who)s opened the quarter for answers"),
    "invite": gettext_lazy("%(who)s invited %(person)s to answer"),
    "invite_again": gettext_lazy("%(who)s had a new link sent to %(person)s"),
    "revoke_invitation": gettext_lazy("%(who)s took back the invitation of %(person)s"),
    "name_helper": gettext_lazy("%(who)s named %(person)s to type in answers from paper"),
    "thank_helper": gettext_lazy("%(who)s ended the typing from paper by %(person)s"),
    "type_paper": gettext_lazy("%(who)s typed in one set of answers from paper"),
    "make_join_code": gettext_lazy("%(who)s made a new code for the room"),
    "move_deadline": gettext_lazy("%(who)s moved the day on which answers close to a later one"),
    "close": gettext_lazy("%(who)s closed the answers; they were deleted"),
    "host_meeting": gettext_lazy("%(who)s began to host the meeting"),
    "save_agreed_rating": gettext_lazy("%(who)s recorded an agreed rating"),
    "bring_forward": gettext_lazy("%(who)s brought last quarter's rating forward"),
    "keep_theirs": gettext_lazy("%(who)s kept what somebody else had written"),
    "add_different_view": gettext_lazy("%(who)s added a different view"),
    "withdraw_different_view": gettext_lazy("%(who)s withdrew a different view"),
    "add_evidence": gettext_lazy("%(who)s added evidence"),
    "remove_evidence": gettext_lazy("%(who)s removed evidence"),
    "save_story": gettext_lazy("%(who)s saved a story"),
    "save_next_step": gettext_lazy("%(who)s saved a next step"),
    "remove_next_step": gettext_lazy("%(who)s removed a next step"),
    "look_back": gettext_lazy("%(who)s looked back at a next step"),
    "add_event": gettext_lazy("%(who)s added an event"),
    "remove_event": gettext_lazy("%(who)s removed an event"),
    "submit": gettext_lazy("%(who)s submitted revision %(revision)s"),
    "reopen": gettext_lazy("%(who)s reopened revision %(revision)s"),
    "share": gettext_lazy("%(who)s chose what is shared of revision %(revision)s"),
    "withdraw": gettext_lazy("%(who)s stopped sharing revision %(revision)s"),
    "export": gettext_lazy("%(who)s took away the file %(file)s"),
    "import_quarters": gettext_lazy("%(who)s imported past quarters"),
}
WITH_REASON = {"reopen", "set_aside"}  # acts that carry a reason, for those who read the record
NOT_A_COALITIONS = {
    "accept_pledge", "close_account", "edit_membership", "edit_person", "make_signin_link", "open_signin_link",
    "make_export_token", "revoke_export_token", "generate",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    at: datetime
    text: str
    words: str = ""


def name_of(user: User | None) -> str:
    """A person's name as a history shows it; a closed account has none."""
    if user is None:
        return _("The site")
    return str(user)


def milestone_names(events) -> dict[str, str]:
    """The names, in the reader's language, of the milestones that these acts name by slug."""
    slugs = {event.details["milestone"] for event in events if event.details.get("milestone")}
    rows = Milestone.objects.filter(slug__in=slugs).order_by("pk") if slugs else ()
    return {row.slug: row.name for row in rows}


def sentence(event, people: dict, milestones: dict) -> str:
    """One act in words; an act without a sentence of its own is named by its verb."""
    details = event.details
    form = SENTENCES.get(event.verb)
    if form is None:
        return f"{name_of(event.by)}: {event.verb.replace('_', ' ')}"
    roles = dict(Role.choices)
    quarter = str(details.get("quarter", ""))
    return form % {
        "who": name_of(event.by),
        "person": name_of(people.get(details.get("person"))) if details.get("person") in people else _("somebody"),
        "role": roles.get(details.get("role"), ""),
        "quarter": f"{quarter[:4]} {quarter[4:]}",
        "milestone": milestones.get(details.get("milestone"), ""),
        "revision": details.get("revision", ""),
        "file": details.get("file", ""),
    }


def lines(events, *, with_words: bool) -> list[Line]:
    """The acts as sentences; what people wrote beside them only for readers of the record."""
    events = list(events)
    milestones = milestone_names(events)
    people = User.objects.in_bulk({event.details["person"] for event in events if "person" in event.details})
    return [
        Line(
            at=event.at,
            text=sentence(event, people, milestones),
            words=beside(event, with_words),
        )
        for event in events
    ]


def beside(event, with_words: bool) -> str:
    """What stands beside an act: the filters of a file, and its reason for those who read the record."""
    if event.verb == "export":
        return ", ".join(f"{name}: {value}" for name, value in event.details.get("filters", {}).items())
    return event.details.get("reason", "") if with_words and event.verb in WITH_REASON else ""
