"""Plays what invented coalitions did, quarter by quarter, as rows that nobody has written: for `generate`.

Every quarter goes through what a real one goes through, `disclosure.release` and `snapshot.body`, so that pages and
files read it like any other. What is left out is who did it: there are no people, no ballots and no log.
"""

import hashlib
from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import UUID

from assessments import disclosure, words
from assessments.collecting.keys import keyed
from assessments.drafting.actions import DEFERRING
from assessments.models import (
    BEYOND,
    AgreedRating,
    Assessment,
    Evidence,
    Mode,
    NextStep,
    Packed,
    Release,
    Revision,
    RoomSees,
    Shares,
    Sharing,
    Stage,
    Story,
)
from assessments.quarters import Quarter
from assessments.sample.script import key
from assessments.submitting import facts, packed, snapshot
from assessments.submitting.actions import standings_of
from coalitions.models import Coalition
from milestones.models import Indicator, Rubric
from milestones.texts import canonical

VOICES = ("parent", "provider", "staff", "partner", "other")
NOBODY = "00000000"  # how every id of a pattern begins; who follows it has eight digits of its own there
NOWHERE = "??"


class Questions:
    """What the quarters of one rubric and one mode have in common."""

    def __init__(self, rubric: Rubric, mode: str):
        self.rubric, self.mode = rubric, mode
        self.milestones = list(rubric.milestones.order_by("number"))
        indicators = Indicator.objects.filter(milestone__rubric=rubric, retired=False).select_related("milestone")
        self.indicators: dict[str, list[Indicator]] = {}
        for indicator in indicators.order_by("milestone__number", "position"):
            self.indicators.setdefault(indicator.milestone.slug, []).append(indicator)
        self.asked = [i for found in self.indicators.values() for i in found if mode == Mode.FULL or i.core]
        lineages = facts.lineages(None)
        self.unasked = {
            i.pk: facts.indicator_facts(i, None, lineages) for found in self.indicators.values() for i in found
        }
        self.deferring = [milestone for milestone in self.milestones if milestone.number in DEFERRING]
        self.defers = frozenset(milestone.slug for milestone in self.deferring)


class Pattern:
    """The course of one invented coalition over its quarters; any number of coalitions may follow it.

    It belongs to nobody and nowhere: what a revision's body says of its coalition is `coalition_facts`.
    """

    def __init__(self, number: int, questions: Questions, seed):
        self.number, self.questions, self.seed = number, questions, seed
        self.coalition = Coalition(pk=self.id("coalition"), slug=f"pattern-{number}", state_id=NOWHERE, sample=True)
        habits = Random(f"{seed}/{number}")  # noqa: S311  invented on purpose, and the same every time
        self.room_sees = habits.choices(
            (RoomSees.COMPARE_VOICES, RoomSees.SEE_THE_SPREAD, RoomSees.MEETING_ONLY), (6, 3, 2)
        )[0].value
        self.voices = [habits.choice(VOICES) for _one in range(habits.randint(4, 30))]
        self.shares = habits.choices((Shares.LEVEL_AND_STORY, Shares.STORY, Shares.NOTHING), (7, 2, 1))[0].value
        self.members_view = habits.random() < 0.5
        self.last: Revision | None = None
        self.body: dict | None = None
        self.labels: dict[str, str] = {}
        self.steps: list[NextStep] = []
        self.rows: dict[type, list] = {}

    def keep(self, row):
        self.rows.setdefault(type(row), []).append(row)
        return row

    def id(self, *parts) -> UUID:
        return UUID(NOBODY + key("generated", self.number, *parts).hex[len(NOBODY) :])

    def play(self, quarter: Quarter) -> dict[type, list]:
        """The rows of one more quarter: what members answered, what was agreed, submitted and shared of it."""
        self.rows = {}
        self.add(quarter)
        return self.rows

    def add(self, quarter: Quarter):
        self.quarter, self.random = quarter, Random(f"{self.seed}/{self.number}/{quarter}")  # noqa: S311
        self.at = datetime.combine(quarter.end, time(12), UTC)
        self.assessment = self.keep(
            Assessment(
                pk=self.id(quarter), coalition=self.coalition, quarter_text=str(quarter), rubric=self.questions.rubric,
                mode=self.questions.mode, room_sees=self.room_sees, stage=Stage.SUBMITTED,
            )
        )  # fmt: skip
        for milestone in self.questions.deferring:
            self.keep(Assessment.deference.through(assessment=self.assessment, milestone=milestone))
        before = snapshot.indicators_of(self.body)
        levels = {i.pk: self.level_after(before.get(i.pk)) for i in self.questions.asked}
        said = self.members_said(levels)
        recorded = self.recorded(levels, said)
        self.body = snapshot.body(recorded, self.body, said)
        self.labels = snapshot.direction_labels(said.release)
        self.submit()

    def level_after(self, before: dict | None) -> int:
        """The level of a question, mostly that of the quarter before."""
        if before is None or before["level"] is None:
            return self.random.choice((0, 0, 1, 1, 2))
        return min(4, max(0, before["level"] + self.random.choices((-1, 0, 1), (1, 8, 2))[0]))

    def members_said(self, levels: dict[int, int]) -> snapshot.MembersSaid:
        """The release of invented ballots around these levels; nothing for a coalition that rates in meetings."""
        if self.room_sees == RoomSees.MEETING_ONLY:
            return snapshot.MembersSaid()
        compares = self.room_sees == RoomSees.COMPARE_VOICES
        sides = [disclosure.side_of(voice) if compares else None for voice in self.voices]
        body = disclosure.release(
            room_sees=self.room_sees,
            ballots=sides,
            indicators=[
                ({"id": i.pk, "code": i.code, "milestone": i.milestone.slug}, self.answers(levels[i.pk], sides))
                for i in self.questions.asked
            ],
            directions=[(m.slug, self.directions() if self.body else None) for m in self.questions.milestones],
            floors=words.floors(),
        )
        text = canonical({**body, "salt": keyed("salt", self.coalition.pk, str(self.quarter))})
        release = self.keep(
            Release(
                assessment=self.assessment, coalition=self.coalition, quarter_text=str(self.quarter),
                closed_at=self.at - timedelta(days=7), rule=disclosure.RULE, body=text,
                sha256=hashlib.sha256(text.encode()).hexdigest(),
            )
        )  # fmt: skip
        return snapshot.MembersSaid(release.content, release.sha256, self.questions.defers, self.labels)

    def answers(self, level: int, sides: list) -> list[disclosure.Given]:
        found = []
        for side in sides:
            shift = self.random.choices((-1, 0, 1, None, "skip"), (25, 45, 17, 8, 5))[0]
            if shift != "skip":
                found.append(disclosure.Given(None if shift is None else min(4, max(0, level + shift)), side))
        return found

    def directions(self) -> list[str]:
        choices = (disclosure.BACK, disclosure.STAYED, disclosure.FORWARD, "cant_say")
        return self.random.choices(choices, (1, 4, 3, 1), k=len(self.voices))

    def recorded(self, levels: dict[int, int], said: snapshot.MembersSaid) -> dict:
        """The quarter's record as `facts.recorded` would read it back, and the rows that it would read."""
        asked = {i.pk: self.rated(i, levels[i.pk], said) for i in self.questions.asked}
        looked_back = [facts.step_facts(step) for step in self.steps]
        self.steps = [self.next_step()]
        return {
            "coalition": coalition_facts(self.coalition),
            "quarter": str(self.quarter), "revision": 1, "reason": "",
            "rubric_version": self.questions.rubric.version, "mode": self.questions.mode, "focus": [],
            "room_sees": self.room_sees, "sample": True,
            "milestones": [
                {
                    "number": milestone.number, "slug": milestone.slug, "name": facts.both(milestone, "name"),
                    "own": False, "focus": False, "set_aside": None, "story": self.story(milestone),
                    "indicators": [
                        {**self.questions.unasked[i.pk], **asked.get(i.pk, {})}
                        for i in self.questions.indicators.get(milestone.slug, [])
                    ],
                }
                for milestone in self.questions.milestones
            ],
            "beyond": self.story(None),
            "next_steps": [
                {**facts.step_facts(step), "status": NextStep.Status.PLANNED.value, "what_happened": ""}
                for step in self.steps
            ],
            "looked_back": looked_back,
        }  # fmt: skip

    def rated(self, indicator: Indicator, level: int, said: snapshot.MembersSaid) -> dict:
        """What was agreed on one question, as far as it differs from a question that was not asked."""
        outcome = self.random.choices(("agreed", "not_agreed", "does_not_apply"), (95, 4, 1))[0]
        level = level if outcome == "agreed" else None
        suggested = said.of({"id": indicator.pk}, indicator.milestone.slug)["suggested_level"]
        reason = (
            "Sample reason: the meeting heard more." if None not in (level, suggested) and level != suggested else ""
        )
        rating = self.keep(
            AgreedRating(
                pk=self.id(self.quarter, indicator.code), assessment=self.assessment, indicator=indicator,
                outcome=outcome, level=level, reason=reason, confirmed=True, version=2, saved_at=self.at,
            )
        )  # fmt: skip
        evidence = [self.evidence(rating)] if self.random.random() < 0.3 else []
        return {
            "asked": True, "outcome": outcome, "level": level, "reason": reason, "confirmed": True,
            "evidence": [facts.evidence_facts(item) for item in evidence],
        }  # fmt: skip

    def evidence(self, rating: AgreedRating) -> Evidence:
        return self.keep(
            Evidence(
                pk=self.id(self.quarter, rating.indicator.code, "evidence"), rating=rating,
                kind=self.random.choice(Evidence.Kind.values), shows="Sample evidence.",
                voice=self.random.choice(VOICES), dated=self.quarter.start, consent=True,
                visibility=self.random.choice(Evidence.Visibility.values),
            )
        )  # fmt: skip

    def story(self, milestone) -> str:
        if self.random.random() > 0.3:
            return ""
        text = f"Sample story of {self.quarter.label}."
        self.keep(Story(assessment=self.assessment, milestone=milestone, text=text, saved_at=self.at))
        return text

    def next_step(self) -> NextStep:
        kind, status = self.random.choice(NextStep.Kind.values), self.random.choice(("doing", "done", "stopped"))
        return self.keep(
            NextStep(
                pk=self.id(self.quarter, "step"), assessment=self.assessment, kind=kind, text="Sample step.",
                milestone=self.random.choice(self.questions.milestones), owner_name="Sample owner",
                owner_role="Sample role", due_on=self.quarter.next.end, status=status, what_happened="As planned.",
            )
        )  # fmt: skip

    def submit(self):
        """The revision, its standings and, where this coalition shares, the act of sharing."""
        text = canonical(self.body)
        self.last = self.keep(
            Revision(
                pk=self.id(self.quarter, 1), assessment=self.assessment, coalition=self.coalition,
                quarter_text=str(self.quarter), number=1, submitted_at=self.at, body=text, previous=self.last,
                sha256=snapshot.chained_hash(text, self.last.sha256 if self.last else ""),
            )
        )  # fmt: skip
        kept = packed.pack(self.body, sha256=self.last.sha256, submitted_at=self.at)
        self.keep(Packed(revision=self.last, **kept))
        choices = {}
        for standing in standings_of(self.last, self.body):
            is_beyond, shared = standing.slug == BEYOND, self.shares != Shares.NOTHING
            standing.sharing = Shares.STORY.value if is_beyond and shared else self.shares
            standing.members_view = self.members_view and standing.sharing == Shares.LEVEL_AND_STORY
            choices[standing.slug] = standing.sharing
            self.keep(standing)
        if self.shares != Shares.NOTHING:
            act = {"choices": choices, "members_view": self.members_view}
            self.keep(Sharing(revision=self.last, coalition=self.coalition, **act))


def coalition_facts(coalition: Coalition) -> dict:
    """What a revision's body says of its coalition."""
    return {
        "id": str(coalition.pk), "name": coalition.name, "slug": coalition.slug, "state": coalition.state_id
    }  # fmt: skip
