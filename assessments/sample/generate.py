"""Invented coalitions in any number, for measuring: the same for the same numbers and the same seed.

Some patterns are played (`playing`), and each coalition follows one of them: its rows are those of the pattern under
ids of its own, its revisions say its own name and are chained by their own hashes. So ten million ratings take minutes,
and every one of them is as it would be had its coalition been played by itself. Each coalition is a sample and says so.
"""

from collections.abc import Iterable, Iterator

from django.db import transaction

from assessments.models import (
    AgreedRating,
    Assessment,
    Evidence,
    Mode,
    NextStep,
    Packed,
    Release,
    Revision,
    Sharing,
    Standing,
    Story,
)
from assessments.quarters import Quarter
from assessments.sample import bulk
from assessments.sample.playing import NOBODY, Pattern, Questions, coalition_facts
from assessments.submitting import snapshot
from coalitions.audit import record
from coalitions.models import Coalition, State
from milestones.models import Finding, Rubric
from milestones.texts import canonical

FIRST = Quarter(2016, 1)
MOST_QUARTERS = 160
MODES = (Mode.CORE.value, Mode.FULL.value)
PATTERNS = 60  # as many as a page across states has coalitions
SAMPLE = "Invented for measuring."
# In the order in which the tables lean on one another.
WRITTEN = (
    Assessment, Assessment.deference.through, Release, AgreedRating, Evidence, Story, NextStep, Revision, Packed,
    Standing, Sharing,
)  # fmt: skip
SIGNED = (Revision, Packed)  # what the coalition's own name and hashes stand in: a row a quarter


class Refused(RuntimeError):
    """Nothing is generated here, and why: real coalitions are here, or other ones, or there is no rubric yet."""


def generate(*, states: int, coalitions: int, quarters: int, mode=Mode.FULL, seed=1) -> Iterator[Coalition]:
    """So many coalitions in each of so many states, with so many quarters each; those that are there grow to it.

    Each comes out when all of it is written. States that the source does not name come first, A to Z by code.
    """
    if Coalition.objects.filter(sample=False).exists():
        raise Refused("This database holds coalitions that are not samples. Generate into another one.")
    rubric = Rubric.objects.current()
    if rubric is None:
        raise Refused("There is no rubric yet. Run setup first.")
    questions = Questions(rubric, mode)
    for number, followers in by_pattern(states, coalitions).items():
        course = Course(Pattern(number, questions, seed), quarters)
        for code, one in followers:
            yield follow(course, code, one)


def by_pattern(states: int, coalitions: int) -> dict[int, list[tuple[str, int]]]:
    """The coalitions asked for, each its state's code and its number there, by the pattern that they follow.

    Which one that is hangs on the two alone, so that those of one state, and the first of all states, are unlike.
    """
    named = set(Finding.objects.values_list("state_code", flat=True))
    alphabet = sorted(State.objects.values_list("code", flat=True))
    found: dict[int, list[tuple[str, int]]] = {}
    for code in sorted(alphabet, key=lambda code: (code in named, code))[:states]:
        for number in range(1, coalitions + 1):
            found.setdefault((alphabet.index(code) + number) % PATTERNS, []).append((code, number))
    return found


class Course:
    """One pattern over so many quarters, as rows to be written again and again."""

    def __init__(self, pattern: Pattern, quarters: int):
        self.id = str(pattern.coalition.pk)
        self.about = canonical(coalition_facts(pattern.coalition))
        self.quarters: list[dict[type, list[list]]] = []
        for step in range(quarters):
            rows = pattern.play(FIRST + step)
            self.quarters.append({model: [bulk.values(row) for row in rows[model]] for model in rows})


class Columns:
    """Which columns of a table say whose row it is."""

    def __init__(self, model):
        fields = list(enumerate(bulk.columns(model)))
        self.ids = [at for at, field in fields if bulk.holds_id(field)]
        self.states = [at for at, field in fields if field.related_model is State]

    def of(self, rows: Iterable[list], digits: str, code: str) -> Iterator[list]:
        """The same rows, as those of another coalition."""
        for row in rows:
            row = row.copy()
            for at in self.ids:
                if row[at] is not None:
                    row[at] = digits + row[at][len(NOBODY) :]
            for at in self.states:
                row[at] = code
            yield row


COLUMNS = {model: Columns(model) for model in WRITTEN}
BODY, HASH = ([field.name for field in bulk.columns(Revision)].index(name) for name in ("body", "sha256"))
OWN = [field.name for field in bulk.columns(Packed)].index("own")


@transaction.atomic
def follow(course: Course, code: str, number: int) -> Coalition:
    """One coalition with all quarters of a course: made where it is missing, continued where it has fewer."""
    digits = f"{code.encode().hex()}{number:04x}"
    coalition = coalition_of(course, code, number, digits)
    there = coalition.assessments.count()
    new = course.quarters[there:]
    if not new:
        return coalition
    of_quarters = {
        model: [row for quarter in course.quarters for row in COLUMNS[model].of(quarter[model], digits, code)]
        for model in SIGNED
    }
    sign(*of_quarters.values(), course.about, coalition, digits)
    revisions = of_quarters[Revision]
    if there and revisions[there - 1][HASH] != last_hash(coalition):
        raise Refused(f"{coalition} has other quarters than these: of another mode, of another seed, or of people.")
    for model in WRITTEN:
        rows = (row for quarter in new for row in quarter.get(model, ()))
        bulk.write(model, of_quarters[model][there:] if model in SIGNED else COLUMNS[model].of(rows, digits, code))
    record("generate", about=coalition, by=None)
    return coalition


def coalition_of(course: Course, code: str, number: int, digits: str) -> Coalition:
    """The coalition itself, under an id that begins with its own digits."""
    defaults = {
        "name": f"Sample {code} {number:03}", "slug": f"sample-{code.lower()}-{number}", "sample": True,
        "state_id": code, "about": SAMPLE, "working_since": 2000 + number % 16,
    }  # fmt: skip
    return Coalition.objects.get_or_create(pk=course.id.replace(NOBODY, digits, 1), defaults=defaults)[0]


def sign(revisions: list[list], packed: list[list], about: str, coalition: Coalition, digits: str):
    """Write the coalition and its ids into the bodies of its revisions, and chain these by their hashes."""
    own, before = canonical(coalition_facts(coalition)), ""
    for row, pack in zip(revisions, packed, strict=True):
        row[BODY] = row[BODY].replace(about, own).replace(f'"id":"{NOBODY}-', f'"id":"{digits}-')
        of_pattern, row[HASH] = row[HASH], snapshot.chained_hash(row[BODY], before)
        pack[OWN] = pack[OWN].replace(of_pattern, row[HASH], 1)
        before = row[HASH]


def last_hash(coalition: Coalition) -> str:
    return Revision.objects.filter(coalition=coalition).order_by("quarter_text", "number").last().sha256
