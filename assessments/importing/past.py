"""The file of past quarters: its columns, and a revision as its rows. Pure.

One row per question asked of a quarter. What is written of one's own quarters is what can be read in again, to the
letter; a row that leaves `outcome` and `level_status` empty means what its level says.
"""

from dataclasses import dataclass, field

from assessments import levels

COLUMNS = (
    "quarter", "mode", "rubric_version", "indicator_code", "outcome", "level", "level_status", "reason",
    "set_aside_reason",
)  # fmt: skip
AGREED, WITH_DIFFERENT_VIEW, NOT_AGREED, NO_OUTCOME = "agreed", "agreed_with_different_view", "not_agreed", "none"
OUTCOMES = (AGREED, WITH_DIFFERENT_VIEW, NOT_AGREED, NO_OUTCOME)
STATUSES = (levels.RATED, levels.NOT_AGREED, levels.DOES_NOT_APPLY, levels.SET_ASIDE, levels.NOT_RATED)
OUTCOMES_OF = {levels.RATED: (AGREED, WITH_DIFFERENT_VIEW), levels.NOT_AGREED: (NOT_AGREED,)}  # of others: none


@dataclass(frozen=True)
class Agreed:
    """What a quarter agreed on one question."""

    code: str
    outcome: str
    level: int | None
    status: str
    reason: str = ""


@dataclass(frozen=True)
class Past:
    """One past quarter as a file has it; `row` is its first row, `set_aside` the reasons by slug of milestone."""

    quarter: str
    mode: str
    version: str
    row: int
    agreed: tuple[Agreed, ...]
    set_aside: dict[str, str] = field(default_factory=dict)
    focus: tuple[str, ...] = ()
    milestone_of: dict[str, str] = field(default_factory=dict)  # the slug, by code

    def rows(self) -> set[tuple]:
        """Its rows as the file would have them, in no order."""
        return {
            (
                self.quarter, self.mode, self.version, one.code, one.outcome, one.level, one.status, one.reason,
                self.set_aside.get(self.milestone_of[one.code], ""),
            )
            for one in self.agreed
        }  # fmt: skip

    @property
    def rated(self) -> int:
        """How many of its questions have a level."""
        return sum(one.level is not None for one in self.agreed)


def rows_of(body: dict) -> list[tuple]:
    """The rows of one revision's body (submitting/snapshot.py), in the order of the record."""
    found = []
    for milestone in sorted(body["milestones"], key=lambda milestone: milestone["number"]):
        for indicator in milestone["indicators"]:
            if not indicator["asked"]:
                continue
            status = indicator["status"]
            outcome = indicator["outcome"] if status in OUTCOMES_OF else NO_OUTCOME
            found.append(
                (
                    body["quarter"], body["mode"], body["rubric_version"], indicator["code"], outcome,
                    indicator["level"], status, indicator["reason"], milestone["set_aside"] or "",
                )
            )  # fmt: skip
    return found
