"""Reads past quarters out of rows: what each agreed, or numbered problems. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessments import levels
from assessments.importing import past
from assessments.importing.past import Agreed, Past
from assessments.quarters import Quarter
from milestones.csv_in import Line, Problem, Refused
from milestones.texts import clean_text, is_blank

CORE, FOCUS, FULL = MODES = ("core", "focus", "full")
FOCUS_SIZE = 2
LONGEST = {"reason": 2000, "set_aside_reason": 500}


@dataclass(frozen=True)
class Question:
    """One question that a version asks, or that the coalition added."""

    milestone: str
    core: bool = False
    own: bool = False


@dataclass(frozen=True)
class Known:
    """What a file may speak of: the questions by version and code, those of the coalition's own, and until when."""

    versions: Mapping[str, Mapping[str, Question]]
    own: Mapping[str, Question]
    current: Quarter  # the quarter it is now where the coalition lives: past are those before it


def past_quarters(lines: Iterable[Line], known: Known) -> list[Past]:
    """The quarters of these rows, in order of time; Refused with everything that is to change."""
    by_quarter: dict[str, list[Line]] = {}
    problems = []
    for line in lines:
        quarter, problem = quarter_of(line, known.current)
        if problem:
            problems.append(problem)
        else:
            by_quarter.setdefault(quarter, []).append(line)
    found = []
    for quarter in sorted(by_quarter):
        read = Reading(quarter, by_quarter[quarter], known)
        problems += read.problems
        found.append(read)
    if problems:
        raise Refused(problems)
    return [read.past() for read in found]


def quarter_of(line: Line, current: Quarter) -> tuple[str, Problem | None]:
    """The quarter of a row in its stored form, or what is wrong with it."""
    try:
        quarter = Quarter.parse(word(line, "quarter"))
    except ValueError:
        return "", line.problem("quarter", "no_quarter")
    if quarter >= current:
        return "", line.problem("quarter", "not_past")
    return str(quarter), None


def word(line: Line, column: str) -> str:
    """A cell that holds a code: without outer space, in small letters."""
    return line.cells[column].strip().casefold()


class Reading:
    """The rows of one quarter while they are read: what they say, and what is to change in them."""

    def __init__(self, quarter: str, lines: list[Line], known: Known):
        self.quarter, self.lines, self.first = quarter, lines, lines[0]
        self.problems: list[Problem] = []
        self.agreed: list[Agreed] = []
        self.set_aside: dict[str, str] = {}
        self.focus: tuple[str, ...] = ()
        self.mode = self.same("mode", word)
        self.version = self.same("rubric_version", lambda line, column: line.cells[column].strip())
        if self.mode not in MODES:
            self.problems.append(self.first.problem("mode", "no_mode"))
        if self.version not in known.versions:
            self.problems.append(self.first.problem("rubric_version", "no_version"))
        self.questions = {**known.own, **known.versions.get(self.version, {})}
        if not self.problems:
            self.read_rows()
        if not self.problems:
            self.check_asked()
            self.check_set_aside()

    def past(self) -> Past:
        """The quarter, of rows without problems."""
        where = {one.code: self.questions[one.code].milestone for one in self.agreed}
        return Past(
            self.quarter, self.mode, self.version, self.first.number, tuple(self.agreed), self.set_aside, self.focus,
            where,
        )  # fmt: skip

    def same(self, column: str, reader) -> str:
        """What every row of the quarter says in this column; a problem in each that says something else."""
        wanted = reader(self.first, column)
        self.problems += [line.problem(column, "differs") for line in self.lines if reader(line, column) != wanted]
        return wanted

    def read_rows(self):
        """What was agreed, row by row."""
        seen: dict[str, int] = {}
        for line in self.lines:
            code = word(line, "indicator_code")
            if code not in self.questions:
                self.problems.append(line.problem("indicator_code", "no_question"))
            elif code in seen:
                self.problems.append(line.problem("indicator_code", "question_twice", row=seen[code]))
            else:
                seen[code] = line.number
                self.read_row(line, code)

    def read_row(self, line: Line, code: str):
        level, outcome, status = word(line, "level"), word(line, "outcome"), word(line, "level_status")
        aside = self.text(line, "set_aside_reason")
        status = status or (
            levels.SET_ASIDE if aside
            else levels.RATED if level
            else levels.NOT_AGREED if outcome == past.NOT_AGREED
            else levels.NOT_RATED
        )  # fmt: skip
        usual = past.OUTCOMES_OF.get(status, (past.NO_OUTCOME,))
        outcome = outcome or usual[0]
        bad = [
            line.problem(column, problem)
            for column, problem, is_bad in (
                ("level_status", "no_status", status not in past.STATUSES),
                ("outcome", "no_outcome", outcome not in past.OUTCOMES),
                ("level", "no_level", level not in ("", "0", "1", "2", "3", "4")),
            )
            if is_bad
        ]
        if not bad and (status == levels.RATED) != bool(level):
            bad.append(line.problem("level", "level_missing" if status == levels.RATED else "level_too_many"))
        if not bad and outcome not in usual:
            bad.append(line.problem("outcome", "outcome_differs"))
        if not bad and (status == levels.SET_ASIDE) != bool(aside):
            bad.append(line.problem("set_aside_reason", "reason_without_aside" if aside else "aside_without_reason"))
        self.problems += bad
        number = int(level) if level and not bad else None
        self.agreed.append(Agreed(code, outcome, number, status, self.text(line, "reason")))
        if aside:
            slug = self.questions[code].milestone
            if self.set_aside.setdefault(slug, aside) != aside:
                self.problems.append(line.problem("set_aside_reason", "other_reason"))

    def text(self, line: Line, column: str) -> str:
        """A text as it is kept; a problem where it is too long."""
        text = clean_text(line.cells[column])
        text = "" if is_blank(text) else text.strip()
        if len(text) > LONGEST[column]:
            self.problems.append(line.problem(column, "text_too_long", over=len(text) - LONGEST[column]))
        return text

    def check_asked(self):
        """Whether the rows are the questions that the mode asks, no fewer and no others of the version."""
        of_version = {code: question for code, question in self.questions.items() if not question.own}
        asked = {one.code for one in self.agreed if one.code in of_version}
        more = {of_version[code].milestone for code in asked if not of_version[code].core}
        if self.mode == FOCUS:
            self.focus = tuple(sorted(more))
            if len(more) != FOCUS_SIZE:
                self.problems.append(self.first.problem("mode", "no_focus"))
                return
        wanted = {
            code
            for code, question in of_version.items()
            if question.core or self.mode == FULL or (self.mode == FOCUS and question.milestone in more)
        }
        number = {word(line, "indicator_code"): line for line in self.lines}
        for code in sorted(asked - wanted):
            self.problems.append(number[code].problem("indicator_code", "not_asked"))
        if wanted - asked:
            missing = ", ".join(sorted(wanted - asked))
            self.problems.append(self.first.problem("indicator_code", "question_missing", codes=missing))

    def check_set_aside(self):
        """A milestone is set aside whole: each of its questions says so."""
        line_of = {word(line, "indicator_code"): line for line in self.lines}
        for one in self.agreed:
            if self.questions[one.code].milestone in self.set_aside and one.status != levels.SET_ASIDE:
                self.problems.append(line_of[one.code].problem("level_status", "aside_in_part"))
