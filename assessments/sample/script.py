"""The script of the sample: what each invented coalition did, as `fixtures/sample/` tells it. Pure.

One TOML file a coalition. Its notation, quarter by quarter:

    levels  the seven milestones in order, a mark for each of their indicators: 0 to 4 a level, `.` not asked,
            `-` not agreed, `x` does not apply, `_` not recorded, `*` brought forward and not yet confirmed
    share   `levels` names what is shared with its level, `stories` what is shared without: milestones by number,
            own ones by code, and `beyond`
    steps   `then` is what the next quarter says of it: its status and what happened
    people  the first one leads
"""

import tomllib
import uuid
from pathlib import Path

NOT_ASKED, UNTOUCHED, BROUGHT_FORWARD = ".", "_", "*"
NO_LEVEL = {"-": "not_agreed", "x": "does_not_apply"}
OURS = uuid.uuid5(uuid.NAMESPACE_DNS, "sample.example")


def read(folder: Path) -> list[dict]:
    """The scripts of a folder, A to Z by file name."""
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))]


def key(*parts) -> uuid.UUID:
    """The one id of a thing in the sample, the same in every database."""
    return uuid.uuid5(OURS, "/".join(map(str, parts)))


def marks(quarter: dict) -> dict[str, str]:
    """The mark of each indicator that a quarter asks, by code; the coalition's own ones last.

    >>> marks({"levels": "2. .3", "own_levels": {"own-1": "1"}})
    {'1.1': '2', '2.2': '3', 'own-1': '1'}
    """
    found = {
        f"{number}.{place}": mark
        for number, milestone in enumerate(quarter["levels"].split(), start=1)
        for place, mark in enumerate(milestone, start=1)
        if mark != NOT_ASKED
    }
    return found | quarter.get("own_levels", {})
