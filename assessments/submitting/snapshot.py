"""What a revision holds: its body, and the standing of each milestone. Pure: plain facts in, plain rows out.

`body` is what is kept, as canonical JSON, and what pages, files and later quarters read:

    {format, coalition: {id, name, slug, state}, quarter, revision, reason, rubric_version, mode, focus,
     room_sees, sample, release: null or {sha256, rule, ballots: {n_band, sides}},
     milestones: [{number, slug, name, own, focus, set_aside, story, direction, standing, indicators: [...]}],
     beyond, next_steps, looked_back}

Every text of ours is {"en": …, "es": …}; what people wrote is plain text. An indicator that was not asked
stands there with the status `not_asked`. An indicator's `members` is what the release says of it, as it may leave the
coalition (disclosure.outside): no counts, no word of notes; null where members were not asked.

Format 2 added `release`, `direction`, `members` and the standing's `direction_label`. A body of format 1 is a quarter
agreed in a meeting, without them, so readers ask for these four with `.get`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from assessments import disclosure, levels

FORMAT = 2
MEMBERS = ("level", "level_status", "agreement", "n_band", "third_could_not_say", "sides", "sides_status")


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


def suggested(item: Mapping | None, *, defers: bool, has_release: bool) -> dict:
    """What the members' answers to one indicator suggest: of its item in the release, None where it has none.

    `not_rated` where the coalition rated in a meeting only, `not_asked` where the ballot left the question out.
    """
    if item is None:
        missing = levels.NOT_ASKED if has_release else levels.NOT_RATED
        return {"suggested_level": None, "suggested_status": missing, "members": None}
    return {
        "suggested_level": disclosure.suggestion(item, defers=defers),
        "suggested_status": item["level_status"],
        "members": {name: item[name] for name in MEMBERS},
    }


def finished_indicator(indicator: dict, before: dict[int, dict], suggestion: dict, *, set_aside: bool) -> dict:
    """An indicator as it is kept: with its status, what the members suggest, its evidence tag, and if it compares."""
    status = status_of(indicator, set_aside=set_aside)
    outcome = indicator["outcome"]
    if outcome == "agreed" and any(not view["coalition_only"] for view in indicator["different_views"]):
        outcome = "agreed_with_different_view"
    return {
        **indicator,
        **suggestion,
        "outcome": outcome or "none",
        "level": indicator["level"] if status == levels.RATED else None,
        "status": status,
        "comparable": comparable_with_previous(indicator, before),
        "evidence_tag": tag_of(indicator["evidence"]),
    }


def standing_of(milestone: dict, previous: dict | None, quarter_before: str, label_before: str | None) -> dict:
    """What a revision says of one milestone; own indicators are shown there and never counted.

    `label_before` is the direction label of the release of the quarter just before; None where there is none.
    """
    counted = [i for i in milestone["indicators"] if milestone["own"] or not i["own"]]
    result = levels.milestone_level(
        [levels.Rated(i["level"], i["status"], i["core"]) for i in counted],
        set_aside=milestone["set_aside"] is not None,
    )
    core_level = next((i["level"] for i in counted if i["core"]), None)
    now = {**asdict(result), "core_level": core_level, "series": series_of(milestone, previous)}
    tag = tag_of([item for i in milestone["indicators"] for item in i["evidence"]])
    return {
        **now,
        "change": change_between(now, previous and previous["standing"]),
        "change_since": quarter_before if previous else "",
        "direction_label": levels.direction_label(milestone["direction"], label_before, solid=tag == levels.SOLID),
        "evidence_tag": tag,
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


@dataclass(frozen=True)
class MembersSaid:
    """What a quarter's members said, for `body`: its release, and the direction labels of the quarter just before.

    `release` is None where there is none, `defers` names the milestones that suggest the lower side.
    """

    release: Mapping | None = None
    sha256: str = ""
    defers: frozenset[str] = frozenset()
    labels_before: Mapping[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> dict | None:
        """What a body says of the release as a whole."""
        if self.release is None:
            return None
        return {"sha256": self.sha256, "rule": self.release["rule"], "ballots": self.release["ballots"]}

    def of(self, indicator: Mapping, slug: str) -> dict:
        """What members suggest on one indicator of a milestone."""
        items = self.release["indicators"] if self.release else []
        item = next((item for item in items if item["id"] == indicator["id"]), None)
        return suggested(item, defers=slug in self.defers, has_release=self.release is not None)

    def direction(self, slug: str) -> str:
        """The direction label of one milestone, this quarter."""
        return direction_labels(self.release).get(slug, levels.NOT_ASKED)


def direction_labels(release: Mapping | None) -> dict[str, str]:
    """The direction label of each milestone of a release, by slug; empty for no release."""
    return {row["milestone"]: row["label"] for row in release["directions"]} if release else {}


def body(facts: dict, previous: dict | None, said: MembersSaid = MembersSaid()) -> dict:
    """The body of a revision: what is recorded, the body of the last earlier quarter, if any, and what members said."""
    before = indicators_of(previous)
    milestones_before = {m["slug"]: m for m in previous["milestones"]} if previous else {}
    milestones = []
    for recorded in facts["milestones"]:
        slug, aside = recorded["slug"], recorded["set_aside"] is not None
        milestone = {
            **recorded,
            "direction": said.direction(slug),
            "indicators": [
                finished_indicator(i, before, said.of(i, slug), set_aside=aside) for i in recorded["indicators"]
            ],
        }
        milestone["standing"] = standing_of(
            milestone,
            milestones_before.get(slug),
            previous["quarter"] if previous else "",
            said.labels_before.get(slug),
        )
        milestones.append(milestone)
    return {**facts, "format": FORMAT, "release": said.kept, "milestones": milestones}
