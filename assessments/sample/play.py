"""Plays the script of the sample through the verbs that people's pages use, each coalition whole or not at all."""

from collections.abc import Iterator

from django.db import transaction

from assessments.discussing import actions as discussing
from assessments.discussing import evidence_actions, step_actions
from assessments.drafting import actions as drafting
from assessments.models import BEYOND, Assessment, Outcome, Revision, RoomSees, Shares, Stage
from assessments.quarters import Quarter
from assessments.sample import voting
from assessments.sample.script import BROUGHT_FORWARD, NO_LEVEL, UNTOUCHED, key, marks
from assessments.sharing import actions as sharing
from assessments.submitting import actions as submitting
from coalitions import actions
from coalitions.models import Coalition, Role, State, User
from milestones.models import Milestone, Rubric

READERS = [
    ("funder", "Frances Sample", {"role": Role.FUNDER, "organisation": "Sample Fund"}),
    ("evaluator", "Evan Sample", {"role": Role.EVALUATOR, "organisation": "Sample Evaluation Workshop"}),
    ("administrator", "Adele Sample", {"role": Role.ADMINISTRATOR}),
]


def play_missing(scripts: list[dict]) -> Iterator[Coalition]:
    """Every coalition of the scripts that is not there yet, as soon as it is; and those who read them all."""
    for script in scripts:
        if not Coalition.objects.filter(pk=key(script["slug"])).exists():
            yield play(script)
    with transaction.atomic():
        for address, name, role in READERS:
            if not User.objects.filter(email=f"{address}@sample.example").exists():
                actions.grant(user=person(address, name), by=None, **role)


def person(address: str, name: str, language: str = "en") -> User:
    return User.objects.create_user(f"{address}@sample.example", name, language=language, sample=True)


@transaction.atomic
def play(script: dict) -> Coalition:
    """One coalition with its people, its events and all its quarters."""
    coalition = actions.create_coalition(
        id=key(script["slug"]),
        sample=True,
        state=State.objects.get(pk=script["state"]),
        by=None,
        **{name: script[name] for name in ("name", "slug", "time_zone", "working_since", "about", "thanks")},
    )
    cast = {}
    for number, (address, name, _voice) in enumerate(script["people"]):
        cast[name] = person(address, name, script["language"])
        role = Role.MEMBER if number else Role.LEAD
        actions.grant(user=cast[name], role=role, coalition=coalition, by=None)
    if "also_leads" in script:
        also = User.objects.get(email=f"{script['also_leads']}@sample.example")
        actions.grant(user=also, role=Role.LEAD, coalition=coalition, by=None)
    voices = {name: voice for _address, name, voice in script["people"]}
    for number, event in enumerate(script["events"]):
        step_actions.add_event(
            coalition=coalition,
            key=key(script["slug"], "event", number),
            happened_on=event["on"],
            words=event["words"],
            by=next(iter(cast.values())),
        )
    last_steps = {}
    for quarter in script["quarters"]:
        last_steps = Play(coalition, quarter, cast, voices).run(last_steps)
    return coalition


class Play:
    """One quarter of one coalition."""

    def __init__(self, coalition: Coalition, quarter: dict, cast: dict[str, User], voices: dict[str, str]):
        self.coalition, self.quarter, self.cast, self.voices = coalition, quarter, cast, voices
        self.lead = next(iter(cast.values()))
        rubric = Milestone.objects.filter(rubric=Rubric.objects.current())
        self.ours = {str(milestone.number): milestone for milestone in rubric}

    def run(self, last_steps: dict) -> dict:
        """All of the quarter, as far as the script goes; what was planned, for the next quarter to look back at."""
        self.open()
        if "room_sees" in self.quarter:
            self.assessment = voting.collect(self.assessment, self.quarter, self.cast, self.lead)
        elif "levels" in self.quarter:
            self.assessment = drafting.start_meeting(assessment=self.assessment, by=self.lead)
        if self.assessment.stage != Stage.DRAFT:
            self.look_back(last_steps)
            self.record(self.quarter, "1")
        planned = self.plan()
        if "submitted_at" in self.quarter:
            self.hand_in(self.quarter, 1)
        if "reopened" in self.quarter:
            self.correct(self.quarter["reopened"])
        return planned

    def key(self, *parts):
        return key(self.coalition.slug, self.quarter["quarter"], *parts)

    def open(self):
        quarter = self.quarter
        self.assessment: Assessment = drafting.open_quarter(
            coalition=self.coalition,
            quarter=Quarter.parse(quarter["quarter"]),
            mode=quarter["mode"],
            focus=[self.ours[str(number)] for number in quarter.get("focus", [])],
            meets_on=voting.day(self.coalition, quarter, "meets"),
            room_sees=quarter.get("room_sees", RoomSees.MEETING_ONLY),
            closes_on=voting.open_until(self.coalition, quarter),
            by=self.lead,
        )
        for own in quarter.get("own_milestones", []):
            drafting.add_own_milestone(assessment=self.assessment, by=self.lead, **own)
        for own in quarter.get("own_indicators", []):
            fields = {**own, "milestone": self.milestone(own["milestone"])}
            drafting.add_own_indicator(assessment=self.assessment, by=self.lead, **fields)
        for name, reason in quarter.get("set_aside", {}).items():
            drafting.set_aside(assessment=self.assessment, milestone=self.milestone(name), reason=reason, by=self.lead)

    def milestone(self, name: str) -> Milestone | None:
        """A milestone by its number or, of the coalition's own, its code; None is Beyond the milestones."""
        if name == BEYOND:
            return None
        own = Milestone.objects.filter(rubric=self.coalition.own_rubric_id)
        return self.ours.get(name) or own.get(slug=name)

    def look_back(self, planned: dict):
        """What came of the last quarter's steps, as the script says with each."""
        for step in step_actions.last_steps(self.assessment):
            status, what_happened = planned[step.pk]
            step_actions.look_back(
                assessment=self.assessment,
                key=step.pk,
                version=step.version,
                status=status,
                what_happened=what_happened,
                by=self.lead,
            )

    def record(self, part: dict, name: str):
        """What one part of the script, the quarter or its correction, says was agreed."""
        ratings = self.assessment.agreed_ratings.select_related("assessment__coalition", "indicator")
        ratings = {rating.indicator.code: rating for rating in ratings}
        views = part.get("views", [])
        for code, mark in marks(part).items() if "levels" in part else part.get("marks", {}).items():
            if mark == BROUGHT_FORWARD:
                self.bring_forward(ratings[code])
            elif mark != UNTOUCHED:
                differs = any(view["on"] == code for view in views)
                self.agree(ratings[code], mark, part.get("reasons", {}).get(code, ""), differs)
        for number, evidence in enumerate(part.get("evidence", [])):
            self.show(ratings[evidence["on"]], evidence, self.key("evidence", name, number))
        for number, view in enumerate(views):
            signed = self.cast.get(view.get("signed", ""))
            discussing.add_different_view(
                rating=ratings[view["on"]],
                key=self.key("view", name, number),
                text=view["text"],
                signed=signed is not None,
                coalition_only=view.get("coalition_only", False),
                by=signed,
            )
        for of, text in part.get("stories", {}).items():
            self.tell(self.milestone(of), text)

    def agree(self, rating, mark: str, reason: str, differs: bool):
        outcome = NO_LEVEL.get(mark) or (Outcome.WITH_DIFFERENT_VIEW if differs else Outcome.AGREED)
        discussing.save_agreed_rating(
            rating=rating,
            version=rating.version,
            outcome=str(outcome),
            level=int(mark) if mark.isdigit() else None,
            reason=reason,
            confirm=True,
            by=self.lead,
        )

    def bring_forward(self, rating):
        last = Revision.objects.last_before(self.assessment)
        item = last.asked(rating.indicator.lineage())
        discussing.bring_forward(
            rating=rating, version=rating.version, item=item, quarter=last.quarter_text, by=self.lead
        )

    def show(self, rating, evidence: dict, of):
        evidence_actions.add_evidence(
            rating=rating,
            key=of,
            kind=evidence["kind"],
            voice=evidence["voice"],
            shows=evidence["shows"],
            dated=evidence.get("dated"),
            link=evidence.get("link", ""),
            file_type="",
            visibility="may_be_shared" if evidence.get("shared") else "coalition_only",
            consent=evidence["kind"] == "story",
            by=self.lead,
        )

    def tell(self, milestone, text: str):
        told = self.assessment.stories.filter(milestone=milestone).first()
        discussing.save_story(
            assessment=self.assessment,
            milestone=milestone,
            version=told.version if told else 1,
            text=text,
            by=self.lead,
        )

    def plan(self) -> dict:
        planned = {}
        for number, step in enumerate(self.quarter.get("steps", [])):
            saved = step_actions.save_next_step(
                assessment=self.assessment,
                key=self.key("step", number),
                version=0,
                kind=step["kind"],
                text=step["text"],
                milestone=self.milestone(step["on"]),
                owner_name=step["owner"],
                owner_role=self.voices[step["owner"]],
                due_on=step["due_on"],
                by=self.lead,
            )
            planned[saved.pk] = step.get("then", ["planned", ""])
        return planned

    def hand_in(self, part: dict, number: int):
        """Submit; then share, and take back, what the script says."""
        submitting.submit(
            assessment=self.assessment, number=number, despite_warnings=True, by=self.lead, at=part["submitted_at"]
        )
        if "share" in part:
            sharing.share(
                assessment=self.assessment,
                number=number,
                choices=self.choices(part["share"]),
                members_view=part["share"].get("members_view", False),
                by=self.lead,
            )
        if part.get("withdrawn"):
            sharing.withdraw(assessment=self.assessment, by=self.lead)

    def choices(self, share: dict) -> dict[str, str]:
        known = {number: milestone.slug for number, milestone in self.ours.items()}
        named = {"levels": Shares.LEVEL_AND_STORY, "stories": Shares.STORY}
        return {known.get(name, name): what for part, what in named.items() for name in share.get(part, "").split()}

    def correct(self, part: dict):
        """Reopen with a reason and record again; revision 2 where the script dates it."""
        submitting.reopen(assessment=self.assessment, number=1, reason=part["reason"], by=self.lead)
        self.record(part, "2")
        if "submitted_at" in part:
            self.hand_in(part, 2)
