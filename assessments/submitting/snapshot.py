"""What a revision holds: its body, and the standing of each milestone. Pure: plain facts in, plain rows out.

`body` is what is kept, as canonical JSON, and what pages, files and later quarters read:

    {format, coalition: {id, name, slug, state}, quarter, revision, reason, rubric_version, mode, focus,
     room_sees, sample,
     milestones: [{number, slug, name, own, focus, set_aside, story, standing, indicators: [...]}],
     beyond, next_steps, looked_back}

Every text of ours is {"en": …, "es": …}; what people wrote is plain text. An indicator that was not asked
stands there with the status `not_asked`.
"""

import hashlib
import json
from dataclasses import asdict

from assessments import levels

FORMAT = 1
NO_SUGGESTION = {"suggested_level": None, "suggested_status": levels.NOT_RATED}


def canonical(body: dict) -> str:
    """The one spelling of a body: sorted keys, no spaces, real characters."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def chained_hash(text: str, previous_sha256: str) -> str:
    """SHA-256, in hex, of the revision before (or nothing) and of this body."""
    return hashlib.sha256(f"{previous_sha256}\n{text}".encode()).hexdigest()


def status_of(indicator: dict, *, set_aside: bool) -> str:
    """Whether an indicator has a level, and if not, why."""
    if not indicator["asked"]:
        return levels.NOT_ASKED
    if set_aside:
        return levels.SET_ASIDE
    outcome = indicator["outcome"]
    if outcome in ("agreed", "agreed_with_different_view") and indicator["level"] is not None:
        return levels.RATED
    return {"not_agreed": levels.NOT_AGREED, "does_not_apply": levels.DOES_NOT_APPLY}.get(outcome, levels.NOT_RATED)


def tag_of(evidence: list[dict]) -> str:
    """The evidence tag of some items of evidence."""
    return levels.evidence_tag((item["kind"], item["voice"]) for item in evidence)


def indicators_of(body: dict) -> dict[int, dict]:
    """The asked indicators of a body by their id; empty for no body."""
    milestones = body["milestones"] if body else []
    return {i["id"]: i for m in milestones for i in m["indicators"] if i["asked"]}


def earlier(indicator: dict, before: dict[int, dict]) -> dict | None:
    """The same question in an earlier body, or one marked comparable with it; None where there is none."""
    return next((before[known] for known in indicator["lineage"] if known in before), None)


def comparable_with_previous(indicator: dict, before: dict[int, dict]) -> str:
    """`yes` where the question before is the same or comparable, `no` where it changed, `first` where none was."""
    if earlier(indicator, before):
        return "yes"
    return "no" if indicator["continues"] in before else "first"


def finished_indicator(indicator: dict, before: dict[int, dict], *, set_aside: bool) -> dict:
    """An indicator as it is kept: with its status, its evidence tag, and whether it compares."""
    status = status_of(indicator, set_aside=set_aside)
    outcome = indicator["outcome"]
    if outcome == "agreed" and any(not view["coalition_only"] for view in indicator["different_views"]):
        outcome = "agreed_with_different_view"
    return {
        **indicator,
        **NO_SUGGESTION,
        "outcome": outcome or "none",
        "level": indicator["level"] if status == levels.RATED else None,
        "status": status,
        "comparable": comparable_with_previous(indicator, before),
        "evidence_tag": tag_of(indicator["evidence"]),
    }


def standing_of(milestone: dict, previous: dict | None, quarter_before: str) -> dict:
    """What a revision says of one milestone; own indicators are shown there and never counted."""
    counted = [i for i in milestone["indicators"] if milestone["own"] or not i["own"]]
    result = levels.milestone_level(
        [levels.Rated(i["level"], i["status"], i["core"]) for i in counted],
        set_aside=milestone["set_aside"] is not None,
    )
    core_level = next((i["level"] for i in counted if i["core"]), None)
    now = {**asdict(result), "core_level": core_level, "series": series_of(milestone, previous)}
    return {
        **now,
        "change": change_between(now, previous and previous["standing"]),
        "change_since": quarter_before if previous else "",
        "evidence_tag": tag_of([item for i in milestone["indicators"] for item in i["evidence"]]),
    }


def series_of(milestone: dict, previous: dict | None) -> int:
    """The number of the line of comparable levels: one more than before where a question of the milestone changed."""
    if previous is None:
        return 1
    counts = milestone["own"]  # own questions make the level of an own milestone, and of no other
    before = {i["id"]: i for i in previous["indicators"] if counts or not i["own"]}
    here = [i for i in milestone["indicators"] if counts or not i["own"]]
    same = len(here) == len(before) and all(earlier(i, before) for i in here)
    return previous["standing"]["series"] + (0 if same else 1)


def change_between(now: dict, before: dict | None) -> str:
    """How a milestone moved between two standings: by its level, or by its core indicator's across a core-only one."""
    if before is None:
        return levels.FIRST
    one_is_core_only = levels.CORE_ONLY in (now["rule"], before["rule"]) and now["rule"] != before["rule"]
    level = "core_level" if one_is_core_only else "level"
    if before[level] is None:
        return levels.NOT_COMPARABLE
    return levels.change(now[level], before[level], comparable=now["series"] == before["series"])


def body(facts: dict, previous: dict | None) -> dict:
    """The body of a revision from what is recorded and the body of the last earlier quarter, if any."""
    before = indicators_of(previous)
    milestones_before = {m["slug"]: m for m in previous["milestones"]} if previous else {}
    milestones = []
    for recorded in facts["milestones"]:
        aside = recorded["set_aside"] is not None
        milestone = {
            **recorded,
            "indicators": [finished_indicator(i, before, set_aside=aside) for i in recorded["indicators"]],
        }
        milestone["standing"] = standing_of(
            milestone, milestones_before.get(recorded["slug"]), previous["quarter"] if previous else ""
        )
        milestones.append(milestone)
    return {**facts, "format": FORMAT, "milestones": milestones}
