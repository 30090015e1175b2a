"""What stands in each kind of message. A writer gives a Letter, or None where the message no longer applies.

Writers run at the moment of sending, so that nobody is told of what is over. No message holds a person's name, one
person's answer or a count. The secret of an invitation's link is made here and stored nowhere but as a hash.
"""

from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.collecting import actions as collecting
from assessments.collecting import ballots
from assessments.collecting.wording import minutes
from assessments.models import Assessment, Invitation, Revision, Stage
from assessments.words import LEVELS
from coalitions.letters import NEWS, REMINDERS, Words, letter, site
from coalitions.models import INSIDE
from coalitions.outbox import Letter
from milestones.bilingual import language, pick

A_CODE_LIVES = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)


def day_of(day: date) -> str:
    """A day without its year, in the reader's language: July 8, 8 de julio."""
    return date_format(day, "MONTH_DAY_FORMAT")


def short_day(day: date) -> str:
    """The same for a subject, with its month cut short in English: Sept. 30."""
    return date_format(day, "N j") if language() == "en" else day_of(day)


def about(assessment: Assessment) -> dict:
    """What most messages say of an assessment."""
    return {
        "coalition": assessment.coalition.name,
        "quarter": assessment.quarter.label,
        "minutes": minutes(assessment),
        "day": day_of(assessment.closes_on) if assessment.closes_on else "",
        "short_day": short_day(assessment.closes_on) if assessment.closes_on else "",
        "floor": settings.MIN_WHOLE,
    }


def belongs(mail, assessment: Assessment) -> bool:
    """Whether the person is still a lead or member of the coalition."""
    return assessment.coalition.memberships.filter(user=mail.user, role__in=INSIDE).exists()


def invitation_of(mail) -> Invitation | None:
    """The invitation a message is about, while its person may answer and wants such mail; else None.

    A link that was asked for again is not an unasked reminder: it goes also to who stopped those.
    """
    rows = Invitation.objects.select_related("assessment__coalition", "user")
    found = rows.filter(pk=mail.about["invitation"], user=mail.user, revoked=False).first()
    asked_again = mail.kind == "invitation" and found is not None and found.generation > 1
    if found is None or not (mail.user.reminders or asked_again) or not ballots.is_open(found.assessment):
        return None
    return found if belongs(mail, found.assessment) else None


def assessment_of(mail) -> Assessment | None:
    """The assessment a message is about, for somebody who still belongs to it and wants news; else None."""
    found = Assessment.objects.select_related("coalition").filter(pk=mail.about["assessment"]).first()
    return found if found and mail.user.news and belongs(mail, found) else None


def _with_link(invitation, write) -> Letter | None:
    """A message whose button opens the ballot; None where a newer link was sent meanwhile."""
    token = collecting.keep_link(invitation=invitation)
    if token is None:
        return None
    return letter(
        write, user=invitation.user, coalition=invitation.assessment.coalition,
        address=site(reverse("signin_link", args=[token])), kind=REMINDERS,
    )  # fmt: skip


def yours_alone() -> str:
    """What to know of the link in an invitation."""
    return _("This link is for you alone. It works on one phone or computer: the one where you press Start.")


def invitation(mail) -> Letter | None:
    """The link to one's ballot; None where it was taken back, or another was sent since."""
    found = invitation_of(mail)
    if found is None or mail.key not in (None, f"invitation:{found.pk}:{found.generation}"):
        return None

    def words():
        facts = about(found.assessment)
        return Words(
            subject=_("Your voice: %(minutes)s minutes, open until %(short_day)s") % facts,
            before=[
                _("%(coalition)s asks how you see its work this quarter, %(quarter)s.") % facts,
                _("It takes about %(minutes)s minutes. You need no password.") % facts,
                _("You can answer until %(day)s.") % facts,
            ],
            button=_("Start"),
            after=[
                _(
                    "We never show your name with your answers. With fewer than %(floor)s answers we show nothing."
                    " Funders see only what we share."
                )
                % facts,
                yours_alone(),
            ],
        )

    return _with_link(found, words)


def reminder(mail) -> Letter | None:
    """The same link again; None for who has sent their answers by now, and where the next reminder was queued since."""
    found = invitation_of(mail)
    if found is None or found.assessment.reminded > mail.about["round"] or not ballots.still_waiting(found):
        return None

    def words():
        facts = about(found.assessment)
        return Words(
            subject=_("Your voice: open until %(short_day)s") % facts,
            before=[
                _("%(coalition)s takes answers for %(quarter)s until %(day)s.") % facts,
                _("It takes about %(minutes)s minutes. It is your choice.") % facts,
                _("Have you begun? Your answers count once you send them, on the last page."),
                _(
                    "Did you answer on paper, or by the code of the room? Then you are done. Those answers carry no"
                    " name, so we cannot tell."
                ),
            ],
            button=_("Start or continue"),
            after=[yours_alone()],
        )

    return _with_link(found, words)


def deadline(mail) -> Letter | None:
    """Answers stay open until a later day; None where it moved once more, or answers are closed."""
    found = assessment_of(mail)
    if found is None or not ballots.is_open(found) or (mail.key and str(found.closes_on) not in mail.key):
        return None

    def words():
        facts = about(found)
        return Words(
            subject=_("Answers stay open until %(short_day)s") % facts,
            before=[
                _("%(coalition)s gives more time for %(quarter)s.") % facts,
                _("You can answer, or change your answers, until %(day)s.") % facts,
            ],
            button=_("Open my answers"),
            after=[_("On another phone or computer, sign in with this e-mail address.")],
        )

    address = site(found.url("ballot"))
    return letter(words, user=mail.user, coalition=found.coalition, address=address, kind=NEWS)


def results_of(assessment: Assessment) -> str:
    """The whole address of the coalition's results."""
    return site(reverse("results", args=[assessment.coalition.slug]))


def closed(mail) -> Letter | None:
    """Answers are closed and deleted; everybody sees the results from the same moment on."""
    found = assessment_of(mail)
    if found is None:
        return None

    def words():
        facts = about(found)
        meeting = [_("We talk about them on %(day)s.") % {"day": day_of(found.meets_on)}] if found.meets_on else []
        return Words(
            subject=_("Answers are closed. See the results"),
            before=[
                _("Answers are closed and deleted. Nobody can look up one person's answers, not even you."),
                _("Leads and members of %(coalition)s see the results for %(quarter)s from the same moment on.")
                % facts,
                *meeting,
            ],
            button=_("See the results"),
            after=[_("Thank you to everybody who answered.")],
        )

    return letter(words, user=mail.user, coalition=found.coalition, address=results_of(found), kind=NEWS)


def submitted(mail) -> Letter | None:
    """What we heard, what we did: of each milestone what the answers suggested and what was agreed, and what is next.

    None where a later revision replaced this one.
    """
    found = Revision.objects.select_related("assessment__coalition").filter(pk=mail.about["revision"]).first()
    if found is None or not mail.user.news or not belongs(mail, found.assessment):
        return None
    if found.assessment.revisions.filter(number__gt=found.number).exists():
        return None

    def words():
        facts = about(found.assessment) | {"number": found.number, "reason": found.content.get("reason", "")}
        corrected = _("This is revision %(number)s. It was opened again for this reason: %(reason)s") % facts
        return Words(
            subject=_("What we heard, what we did: %(quarter)s") % facts,
            before=[
                _("%(coalition)s finished its record for %(quarter)s.") % facts,
                *([corrected] if facts["reason"] else []),
            ],
            sections=[*heard_and_done(found.content), *next_steps(found.content)],
            button=_("See the results"),
            after=[
                _(
                    "Funders see only what we share. Evaluators get the levels we agree on and a summary."
                    " Nobody gets one person's answers."
                )
            ],
        )

    coalition = found.assessment.coalition
    return letter(words, user=mail.user, coalition=coalition, address=results_of(found.assessment), kind=NEWS)


def heard_and_done(body: dict) -> list[tuple[str, list[str]]]:
    """A heading for each milestone that was asked or set aside, and a line for each of its questions."""
    sections = []
    for milestone in body["milestones"]:
        asked = [row for row in milestone["indicators"] if row.get("asked")]
        if milestone.get("set_aside"):
            aside = {"reason": milestone["set_aside"]}
            lines = [_("Set aside this quarter. Our choice, because: %(reason)s") % aside]
        else:
            lines = [f"{pick(row['title'])}. {suggested(row)}{agreed(row)}" for row in asked]
        if lines:
            sections.append((pick(milestone["name"]), lines))
    return sections


def suggested(row: dict) -> str:
    """What the answers to one question suggest; nothing where it was not asked on ballots."""
    level = row.get("suggested_level")
    if level is not None:
        return _("The answers suggested: %(level)s.") % {"level": LEVELS[level]} + " "
    return _("Too few people answered to show this.") + " " if row.get("suggested_status") == "too_few" else ""


def agreed(row: dict) -> str:
    """What was agreed on one question."""
    if row.get("level") is not None:
        noted = " " + _("A different view is noted.") if row.get("outcome") == "agreed_with_different_view" else ""
        return _("We agreed: %(level)s.") % {"level": LEVELS[row["level"]]} + noted
    words = {"not_agreed": _("We did not agree on a level."), "does_not_apply": _("It does not apply now.")}
    return words.get(row.get("status"), _("We did not rate it."))


def next_steps(body: dict) -> list[tuple[str, list[str]]]:
    """What we will try, with its day and without its owner; nothing where there are no next steps."""
    steps = [
        _("%(step)s (by %(day)s)") % {"step": step["text"], "day": day_of(date.fromisoformat(step["due_on"]))}
        for step in body.get("next_steps", [])
    ]
    return [(_("What we will do next"), steps)] if steps else []


def reopened(mail) -> Letter | None:
    """The record is open again, with the reason; None where it was submitted since."""
    found = assessment_of(mail)
    if found is None or found.stage != Stage.REOPENED:
        return None
    number = mail.about["number"]

    def words():
        facts = about(found) | {"reason": mail.about["reason"], "number": number}
        return Words(
            subject=_("The record for %(quarter)s is open again") % facts,
            before=[
                _("%(coalition)s opened its record for %(quarter)s again, to change it.") % facts,
                _("The reason: %(reason)s") % facts,
                _("Revision %(number)s stays readable. Nobody is asked to answer again.") % facts,
            ],
            button=_("Read revision %(number)s") % facts,
        )

    address = site(found.url("revision", number))
    return letter(words, user=mail.user, coalition=found.coalition, address=address, kind=NEWS)


def code(mail) -> Letter | None:
    """The words of a sign-in mail, made when it was asked for; None where the code in it is dead."""
    if timezone.now() - mail.made_at > A_CODE_LIVES:
        return None
    return Letter(mail.about["subject"], mail.about["text"])


WRITERS = {
    **{writer.__name__: writer for writer in (invitation, reminder, deadline, closed, submitted, reopened)},
    **dict.fromkeys(["signin_code", "unknown_account"], code),
}
