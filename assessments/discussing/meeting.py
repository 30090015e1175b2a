"""A meeting as its pages need it: the agenda with what was heard, where the room is, what the screen may say of it."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assessments.collecting import ballots, qr
from assessments.collecting.wording import count_words
from assessments.discussing import agenda
from assessments.discussing.heard import Heard, deferring, heard, release_of
from assessments.models import AgreedRating, Assessment, Meeting, Release, RoomSees, Stage
from milestones.bilingual import LANGUAGES

REASONS = {
    agenda.SIDES_APART: _("The two sides are 2 or more levels apart"),
    agenda.WIDE: _("Wide: a good place to talk"),
    agenda.BLIND_SPOT: _("A third or more could not say."),
    agenda.WORTH_ASKING: _("One level apart: worth asking"),
    agenda.TOO_FEW: _("Too few answered: talk and agree"),
    agenda.QUICK: _("Quick yes?"),
    agenda.IN_MEETING: "",
}


@dataclass(frozen=True)
class Line:
    """One line of the agenda: the point, the rating it is about, and what was heard of it, if anything."""

    point: agenda.Point
    rating: AgreedRating
    heard: Heard | None

    @property
    def code(self) -> str:
        return self.point.code

    @property
    def reason(self) -> str:
        return REASONS[self.point.reason]


def agenda_of(assessment: Assessment) -> list[Line]:
    """What the meeting talks about, in order; milestones that are set aside are left out."""
    aside = set(assessment.set_asides.values_list("milestone__slug", flat=True))
    rows = assessment.agreed_ratings.select_related("indicator__milestone__rubric", "indicator__continues").in_order()
    ratings = {row.indicator.code: row for row in rows if row.indicator.milestone.slug not in aside}
    here = heard(
        release_of(assessment), [row.indicator_id for row in ratings.values()], deferring=deferring(assessment)
    )
    last = Release.objects.last_before(assessment)
    before = {item["id"]: item for item in last.content["indicators"]} if last else {}
    items = []
    for code, rating in ratings.items():
        rating.assessment = assessment
        now = here[rating.indicator_id].item if rating.indicator_id in here else None
        line = rating.indicator.lineage() if before and agenda.lean(now) else ()
        was = next((before[pk] for pk in line if pk in before), None)
        items.append(agenda.Item(code, rating.indicator.milestone.slug, now, was))
    return [
        Line(point, ratings[point.code], here.get(ratings[point.code].indicator_id)) for point in agenda.order(items)
    ]


def steps_of(assessment: Assessment) -> list[str]:
    """The steps of each question; without ballots there is nothing to show."""
    silent = {Meeting.Step.SHOW} if assessment.room_sees == RoomSees.MEETING_ONLY else set()
    return [step.value for step in Meeting.Step if step not in silent]


@dataclass
class Room:
    """Where the meeting of an assessment is: its row, if it has begun, else the question that was asked for."""

    assessment: Assessment
    meeting: Meeting | None
    code: str
    step: str

    @classmethod
    def of(cls, assessment: Assessment, code: str) -> "Room":
        meeting = Meeting.objects.filter(assessment=assessment).select_related("host").first()
        if meeting is None:
            return cls(assessment, None, code, Meeting.Step.READ)
        return cls(assessment, meeting, meeting.code, meeting.step)

    @property
    def version(self) -> int:
        return self.meeting.version if self.meeting else 0

    @property
    def collecting(self) -> bool:
        return self.assessment.stage == Stage.COLLECTING

    @property
    def screen_url(self) -> str:
        """The address of what the projector shows at this moment."""
        there = self.assessment.url("meeting_screen", self.code)
        return there if self.collecting else f"{there}?step={self.step}"

    @property
    def host_url(self) -> str:
        return self.assessment.url("meeting_host", self.code)

    @cached_property
    def count(self) -> dict:
        """While collecting: how many have answered, of how many. Two numbers, and nothing else of the ballots."""
        if not self.collecting:
            return {}
        counted = ballots.counted(self.assessment)
        said = {}
        for language in LANGUAGES:
            with translation.override(language):
                said[language] = count_words(counted)
        return {"answered": counted.answered, "of": counted.of, "words": said}

    @property
    def join(self) -> dict:
        """The address behind the room's code, and its QR code; empty where there is no code."""
        if not self.collecting or not self.assessment.join_code:
            return {}
        address = settings.SITE_URL.rstrip("/") + reverse("join", args=[self.assessment.join_code])
        d, size = qr.path(address)
        return {"address": address, "code": self.assessment.join_code, "d": d, "size": size}

    def state(self, rating: AgreedRating) -> dict:
        """What a script needs to follow: the address to be at, and a version that changes with what is shown there.

        At *Record* that is what was saved and confirmed, and the different views.
        """
        parts = [self.assessment.stage, self.version]
        if self.step == Meeting.Step.RECORD and not self.collecting:
            parts += [rating.version if rating.confirmed else 0, rating.different_views.count()]
        return {"url": self.screen_url, "version": ".".join(map(str, parts)), **self.count}
