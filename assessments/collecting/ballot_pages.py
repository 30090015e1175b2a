"""What the pages of a ballot show, as plain values: its questions in order, large buttons, one's own answers."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.collecting import ballots
from assessments.collecting.asked import on_the_ballot
from assessments.collecting.mine import MyAnswer, MyBallot
from assessments.models import Assessment, Mode, RoomSees, Voice
from milestones.models import Indicator, Milestone


@dataclass(frozen=True)
class Question:
    """One question of a ballot and its place: `number` of `of`; `first` where its milestone begins."""

    indicator: Indicator
    milestone: Milestone
    number: int
    of: int
    first: bool


@dataclass(frozen=True)
class LargeButton:
    """One large submit button: a level with its number and text, or a voice. `mark` says that it is chosen."""

    name: str
    value: str
    word: str
    number: int | None = None
    text: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Said:
    """One's own answer in words, beside its question."""

    question: Question
    words: str
    number: int | None
    note: str
    ticked: bool


def questions_of(assessment: Assessment) -> list[Question]:
    """The questions of a ballot in order, those of one milestone together."""
    indicators, milestones = on_the_ballot(assessment)
    pairs = [(row, milestone) for milestone in milestones for row in indicators if row.milestone.slug == milestone.slug]
    found: list[Question] = []
    for number, (indicator, milestone) in enumerate(pairs, start=1):
        first = not found or found[-1].milestone.slug != milestone.slug
        found.append(Question(indicator, milestone, number, len(pairs), first))
    return found


def door_to(assessment: Assessment, question: Question) -> str:
    """The address of a question; where there are several a milestone, of the short page before its first."""
    if question.first and assessment.mode != Mode.CORE:
        return assessment.url("ballot_milestone", question.milestone.slug)
    return assessment.url("ballot_question", question.indicator.code)


def after(assessment: Assessment, questions: list[Question], question: Question) -> str:
    """Where one goes on to after answering a question."""
    later = questions[question.number :]
    return door_to(assessment, later[0]) if later else assessment.url("ballot_check")


def before(assessment: Assessment, questions: list[Question], question: Question) -> str:
    """Where the link back of a question leads."""
    if question.first and assessment.mode != Mode.CORE:
        return assessment.url("ballot_milestone", question.milestone.slug)
    return before_milestone(assessment, questions, question)


def before_milestone(assessment: Assessment, questions: list[Question], question: Question) -> str:
    """The question before this one, or the first page of the ballot."""
    if question.number == 1:
        return assessment.url("ballot")
    return assessment.url("ballot_question", questions[question.number - 2].indicator.code)


def to_go_on(assessment: Assessment, questions: list[Question], ballot: MyBallot) -> str:
    """Where somebody goes on who begins or comes back: the first question without an answer, else the last page."""
    waiting = [question for question in questions if question.indicator.pk not in ballot.answers]
    return door_to(assessment, waiting[0]) if waiting else assessment.url("ballot_check")


def level_buttons(assessment: Assessment, indicator: Indicator, chosen: int | None, mark: str) -> list[LargeButton]:
    """The five levels of a question, lowest first; `mark` stands on the one that is chosen."""
    texts = {descriptor.value: descriptor.text for descriptor in indicator.descriptors.all()}
    return [
        LargeButton(
            "level", str(level.value), level.name, level.value, texts.get(level.value, ""),
            mark if level.value == chosen else "",
        )
        for level in assessment.rubric.levels.all()
    ]  # fmt: skip


def voice_buttons(assessment: Assessment, ballot: MyBallot | None) -> list[LargeButton]:
    """The five voices; none where the room does not compare them."""
    if assessment.room_sees != RoomSees.COMPARE_VOICES:
        return []
    chosen = ballot.voice if ballot else ""
    return [
        LargeButton("voice", voice.value, str(voice.label), mark=_("Your answer") if voice == chosen else "")
        for voice in Voice
    ]


def milestone_groups(assessment: Assessment, questions: list[Question], ballot: MyBallot) -> list[dict]:
    """One's own answers by milestone: `milestone`, and `rows` of Said."""
    names = {level.value: level.name for level in assessment.rubric.levels.all()}
    groups: list[dict] = []
    for question in questions:
        if question.first:
            groups.append({"milestone": question.milestone, "rows": []})
        groups[-1]["rows"].append(_said(question, ballot.answers.get(question.indicator.pk), names))
    return groups


def _said(question: Question, answer: MyAnswer | None, names: dict[int, str]) -> Said:
    if answer is None:
        return Said(question, _("Not answered"), None, "", False)
    words = {
        ballots.LEVEL: names.get(answer.level, ""),
        ballots.CANT_SEE: _("I can't see this from where I sit"),
        ballots.SKIP: _("Skipped"),
    }[answer.kind]
    return Said(question, words, answer.level, answer.note, answer.note_ticked)


def own_words(assessment: Assessment, ballot: MyBallot) -> dict:
    """Everything that one's own ballot holds, in words, for its writer to read, print or keep."""
    questions = questions_of(assessment)
    groups = milestone_groups(assessment, questions, ballot)
    directions = dict(ballots.DIRECTIONS)
    for group in groups:
        group["direction"] = directions.get(ballot.directions.get(group["milestone"].pk), "")
    return {
        "assessment": assessment,
        "coalition": assessment.coalition,
        "ballot": ballot,
        "voice": Voice(ballot.voice).label if ballot.voice else "",
        "groups": groups,
        "go_on": to_go_on(assessment, questions, ballot),
    }
