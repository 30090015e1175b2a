"""What the large files need of a revision as a few short texts: packed once, when it is written, then only read. Pure.

`form` is what thousands of revisions have in common, as JSON: `FORM`, and of each milestone `PART`. `own` is what no
other has, in the words of `OWN`. `ratings`, `items` and `standings` are a line for each indicator, each item of the
release and each milestone: words with a space between (`RATING`, `ITEM`, `STANDING`), so that the same line is written
out once for thousands of rows. `reasons` are a coalition's own words, by the number of their line. Names and titles of
the rubric are in none: a published version never changes. A coalition's own are in its form.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from assessments import disclosure, levels

FORMAT = 1
FORM = ("format", "rubric_version", "mode", "room_sees", "rule", "parts")
PART = ("number", "slug", "name", "titles", "ratings", "items")
OWN = ("sha256", "submitted_at", "release_sha256")
STANDING = (
    "level", "status", "rule", "rated", "asked", "change_since", "change", "direction_label", "evidence_tag",
    "direction",
)  # fmt: skip
RATING = (
    "code", "core", "own", "comparable", "outcome", "level", "status", "suggested_level", "suggested_status",
    "different_views", "evidence", "evidence_tag",
)  # fmt: skip
ITEM = ("code", "level", "level_status", "agreement", "n_band", "third_could_not_say", "sides_status")
SIDES = (disclosure.PARENTS_PROVIDERS, disclosure.EVERYONE_ELSE)
EMPTY = "-"


def pack(body: Mapping, *, sha256: str, submitted_at: datetime) -> dict[str, str]:
    """A revision's body as the large files read it: the fields of a Packed."""
    release = body.get("release") or {}
    milestones = sorted(body["milestones"], key=lambda milestone: milestone["number"])
    indicators = [indicator for milestone in milestones for indicator in milestone["indicators"]]
    form = (
        FORMAT, body["rubric_version"], body["mode"], body["room_sees"], release.get("rule"),
        [part_of(milestone) for milestone in milestones],
    )  # fmt: skip
    own = {
        "sha256": sha256,
        "submitted_at": submitted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "release_sha256": release.get("sha256"),
    }
    reasons = {place: one["reason"] for place, one in enumerate(indicators) if one["reason"]}
    return {
        "form": as_json(form),
        "own": words(own, OWN),
        "ratings": "\n".join(rating_of(indicator) for indicator in indicators),
        "items": "\n".join(item_of(indicator) for indicator in indicators if indicator.get("members")),
        "standings": "\n".join(standing_of(milestone) for milestone in milestones),
        "reasons": as_json(reasons) if reasons else "",
    }


def as_json(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def part_of(milestone: Mapping) -> list:
    """What a form says of one milestone: a coalition's own name and titles, and how many lines there are of it."""
    indicators = milestone["indicators"]
    return [
        milestone["number"],
        milestone["slug"],
        milestone["name"] if milestone["own"] else None,
        {indicator["code"]: indicator["title"] for indicator in indicators if indicator["own"]},
        len(indicators),
        sum(bool(indicator.get("members")) for indicator in indicators),
    ]


def standing_of(milestone: Mapping) -> str:
    """What the revision says of one milestone, in the words of `STANDING`."""
    direction = milestone.get("direction", levels.NOT_ASKED)
    return words({"direction_label": levels.NOT_ASKED, **milestone["standing"], "direction": direction}, STANDING)


def rating_of(indicator: Mapping) -> str:
    """What was agreed on one indicator, in the words of `RATING`."""
    views = sum(not view["coalition_only"] for view in indicator["different_views"])
    return words({**indicator, "different_views": views, "evidence": len(indicator["evidence"])}, RATING)


def item_of(indicator: Mapping) -> str:
    """What the release says of one indicator: the words of `ITEM`, and the levels of the two sides where shown."""
    members = indicator["members"]
    sides = members["sides"] or {}
    return f"{words({**members, 'code': indicator['code']}, ITEM)} {words(sides, SIDES if sides else ())}".rstrip()


def words(values: Mapping, names) -> str:
    """Values as words: numbers as digits, booleans as 0 and 1, nothing as a dash."""
    return " ".join(EMPTY if values[name] in (None, "") else word(values[name]) for name in names)


def word(value) -> str:
    return value if isinstance(value, str) else str(int(value))


# Back again


def number(text: str) -> int | None:
    return None if text == EMPTY else int(text)


def same(text: str) -> str:
    return "" if text == EMPTY else text


READ: dict[str, Callable] = dict.fromkeys(
    ("level", "rated", "asked", "core", "own", "suggested_level", "third_could_not_say", *SIDES), number
)


def read(text: str, names) -> dict:
    """Values from words."""
    return {name: READ.get(name, same)(word) for name, word in zip(names, text.split(" "), strict=True)}


def rating(text: str) -> dict:
    """An indicator as a body has it, as far as the large files read it; views and evidence are as many as they were."""
    found = read(text, RATING)
    found["different_views"] = [{"coalition_only": False}] * int(found["different_views"])
    found["evidence"] = [{}] * int(found["evidence"])
    return found


def item(text: str) -> dict:
    """An indicator as a body has it, as far as the file of releases reads it."""
    given = text.split(" ", len(ITEM))
    members = read(" ".join(given[: len(ITEM)]), ITEM)
    code = members.pop("code")
    sides = read(given[-1], SIDES) if len(given) > len(ITEM) else None
    return {"code": code, "members": {**members, "sides": sides}}


def standing(text: str) -> dict:
    """A standing as a body has it, as far as the files read it."""
    return read(text, STANDING)
