"""What the large files need of a revision as one short text: packed once, when it is written, then only read. Pure.

A text is a list in JSON, `HEAD` and then the milestones in the order of the files. A milestone is a list too, `PARTS`:
its standing, each indicator and each item of the release are words with a space between (`STANDING`, `RATING`,
`ITEM`), so that the same words are written out once for thousands of rows. Names and titles of the rubric are not in
it: a published version never changes. A coalition's own are, and so are its reasons.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from assessments import disclosure, levels

FORMAT = 1
HEAD = ("format", "sha256", "submitted_at", "rubric_version", "mode", "room_sees", "rule", "release_sha256", "parts")
PARTS = ("number", "slug", "name", "direction", "standing", "ratings", "items", "titles", "reasons", "many")
STANDING = (
    "level", "status", "rule", "rated", "asked", "change_since", "change", "direction_label", "evidence_tag",
)  # fmt: skip
RATING = (
    "code", "core", "own", "comparable", "outcome", "level", "status", "suggested_level", "suggested_status",
    "different_views", "evidence", "evidence_tag",
)  # fmt: skip
ITEM = ("code", "level", "level_status", "agreement", "n_band", "third_could_not_say", "sides_status")
SIDES = (disclosure.PARENTS_PROVIDERS, disclosure.EVERYONE_ELSE)
EMPTY = "-"


def pack(body: Mapping, *, sha256: str, submitted_at: datetime) -> str:
    """A revision's body as the large files read it."""
    release = body.get("release") or {}
    parts = [part_of(milestone) for milestone in sorted(body["milestones"], key=lambda one: one["number"])]
    head = (
        FORMAT, sha256, submitted_at.isoformat(), body["rubric_version"], body["mode"], body["room_sees"],
        release.get("rule"), release.get("sha256"), parts,
    )  # fmt: skip
    return json.dumps(head, ensure_ascii=False, separators=(",", ":"))


def part_of(milestone: Mapping) -> list:
    """One milestone; `many` says of how many indicators and items, counted in the body."""
    indicators = milestone["indicators"]
    asked = [indicator for indicator in indicators if indicator.get("members")]
    return [
        milestone["number"],
        milestone["slug"],
        milestone["name"] if milestone["own"] else None,
        milestone.get("direction", levels.NOT_ASKED),
        words({"direction_label": levels.NOT_ASKED, **milestone["standing"]}, STANDING),
        [rating_of(indicator) for indicator in indicators],
        [item_of(indicator) for indicator in asked],
        {indicator["code"]: indicator["title"] for indicator in indicators if indicator["own"]},
        {place: indicator["reason"] for place, indicator in enumerate(indicators) if indicator["reason"]},
        [len(indicators), len(asked)],
    ]


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
