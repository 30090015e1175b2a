"""What is still open before an assessment is submitted. Pure: it reads the body that would be kept."""

from dataclasses import dataclass

from assessments import levels
from assessments.submitting.snapshot import earlier, indicators_of

UNCONFIRMED = "unconfirmed"  # blocks
GAP, DIFFERS, JUMP, NOT_YET_SHOWN = "gap", "differs", "jump", "not_yet_shown"  # warn
STRONG = 3


@dataclass(frozen=True)
class Point:
    """One open point: what kind, on which indicator (or milestone), and whether it blocks."""

    kind: str
    milestone: dict
    indicator: dict | None = None

    @property
    def blocks(self) -> bool:
        return self.kind == UNCONFIRMED


def open_points(body: dict, previous: dict | None) -> list[Point]:
    """The open points in the order of the record (decisions.md, section 11).

    An item that was brought forward or edited and not confirmed blocks. An item without an outcome, a level other than
    the members suggest without a reason, a jump of two levels or more without evidence, and Strong or Lasting without
    evidence warn.
    """
    before = indicators_of(previous)
    found = []
    for milestone in body["milestones"]:
        if milestone["set_aside"] is not None:
            continue
        for indicator in milestone["indicators"]:
            if not indicator["asked"]:
                continue
            kind = open_point(indicator, earlier(indicator, before))
            if kind:
                found.append(Point(kind, milestone, indicator))
    return found


def open_point(indicator: dict, was: dict | None) -> str | None:
    """The first thing that is open about one indicator, or None."""
    touched = indicator["outcome"] != "none" or indicator["level"] is not None or indicator["reason"]
    if touched and not indicator["confirmed"]:
        return UNCONFIRMED
    if indicator["status"] == levels.NOT_RATED:
        return GAP
    if differs(indicator) and not indicator["reason"]:
        return DIFFERS
    if indicator["level"] is None or indicator["evidence"]:
        return None
    if levels.is_jump(indicator["level"], was and was["level"]):
        return JUMP
    return NOT_YET_SHOWN if indicator["level"] >= STRONG else None


def differs(indicator: dict) -> bool:
    """Whether the coalition agreed on another level than its members' answers suggest."""
    suggested = indicator.get("suggested_level")
    return None not in (suggested, indicator["level"]) and suggested != indicator["level"]
