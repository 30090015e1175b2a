"""The script of the sample: what each invented coalition did, as `fixtures/sample/` tells it. Pure.

One TOML file a coalition. Its notation, quarter by quarter:

    levels  the seven milestones in order, a mark for each of their indicators: 0 to 4 a level, `.` not asked,
            `-` not agreed, `x` does not apply, `_` not recorded, `*` brought forward and not yet confirmed
    share   `levels` names what is shared with its level, `stories` what is shared without: milestones by number,
            own ones by code, and `beyond`; `members_view = true` shares the members' view with the levels
    steps   `then` is what the next quarter says of it: its status and what happened
    people  the first one leads; `also_leads` is the address of a person of an earlier file who leads here too

A quarter that asked for ballots:

    room_sees       `compare_voices` or `see_the_spread`; without it the coalition rated in a meeting only
    closes_on       the day on which answers closed; or `closes_in_days`, counted from the day the sample is loaded:
                    10 is a quarter that collects now, -3 one that closed three days ago
    meets_in_days   likewise, in place of `meets_on`
    ballots         the ballots that were sent, one a line: the voice, the seven milestones as in `levels`, and after
                    a bar a direction for each milestone. Voices: P parent, C child care provider, S staff, A partner,
                    O other; `-` where the room sees the spread. Marks: 0 to 4 a level, `c` can't see, `s` skip,
                    `.` not asked. Directions: f forward, = stayed, b back, ? can't say, `.` left out.
                    A ballot is somebody's by the code of the room, or by their link where a name and a colon stand
                    before it. The coalition's own questions are left out
    begun           ballots that were begun and not sent
    paper           ballots on paper, typed in by the person whom `helper` names
    notes           pairs of an indicator (or `beyond`) and a note that its writer let the coalition read
    private_notes   likewise, for the writer alone: nobody reads them, and they are erased at close
"""

import tomllib
import uuid
from dataclasses import dataclass, field
from pathlib import Path

NOT_ASKED, UNTOUCHED, BROUGHT_FORWARD = ".", "_", "*"
NO_LEVEL = {"-": "not_agreed", "x": "does_not_apply"}
VOICES = {"P": "parent", "C": "provider", "S": "staff", "A": "partner", "O": "other", "-": ""}
DIRECTIONS = {"f": "forward", "=": "stayed", "b": "back", "?": "cant_say"}
ANSWERS, CANT_SEE, SKIP = "01234cs", "c", "s"
SIZES = (4, 4, 4, 4, 4, 4, 3)  # how many indicators each milestone has
ON_BEYOND = "beyond"
OURS = uuid.uuid5(uuid.NAMESPACE_DNS, "sample.example")


@dataclass
class Sheet:
    """One invented ballot as the script writes it: `marks` by indicator, `directions` by number of the milestone.

    `notes`: a text and whether it is ticked, by indicator or `beyond`. `who` is empty for somebody by code.
    """

    voice: str
    marks: dict[str, str]
    directions: dict[int, str]
    who: str = ""
    notes: dict[str, tuple[str, bool]] = field(default_factory=dict)


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
    return by_code(quarter["levels"].split()) | quarter.get("own_levels", {})


def by_code(milestones: list[str]) -> dict[str, str]:
    """The marks of what is asked, by the code of the indicator."""
    return {
        f"{number}.{place}": mark
        for number, milestone in enumerate(milestones, start=1)
        for place, mark in enumerate(milestone, start=1)
        if mark != NOT_ASKED
    }


def sheet(line: str) -> Sheet:
    """One line of `ballots`, `begun` or `paper`; ValueError, with the line, for anything that is none.

    >>> found = sheet("Wade Sample: C .2.. c... s... .3.. ...1 ...1 1.. | f=b?...")
    >>> found.who, found.voice, found.marks["2.1"], found.marks["4.2"], found.directions
    ('Wade Sample', 'provider', 'c', '3', {1: 'forward', 2: 'stayed', 3: 'back', 4: 'cant_say'})
    >>> sheet("P .2.. 5... 2... .3.. ...1 ...1 1..")
    Traceback (most recent call last):
    ...
    ValueError: not a ballot: 'P .2.. 5... 2... .3.. ...1 ...1 1..'
    """
    who, _colon, rest = line.rpartition(":")
    given, _bar, said = rest.partition("|")
    letter, *milestones = given.split() or [""]
    found = by_code(milestones)
    ways = said.strip()
    if (
        letter not in VOICES
        or tuple(map(len, milestones)) != SIZES
        or not set(found.values()) <= set(ANSWERS)
        or len(ways) not in (0, len(SIZES))
        or not set(ways) <= {*DIRECTIONS, NOT_ASKED}
    ):
        raise ValueError(f"not a ballot: {line!r}")
    directions = {number: DIRECTIONS[way] for number, way in enumerate(ways, start=1) if way != NOT_ASKED}
    return Sheet(VOICES[letter], found, directions, who.strip())


def sheets(quarter: dict, name: str = "ballots") -> list[Sheet]:
    """The ballots of a quarter that stand under a name; those that were sent carry its notes.

    ValueError where they do not ask the same, where the voice goes not with what the room sees, or where nobody
    answered what a note is on.
    """
    found = [sheet(line) for line in quarter.get(name, "").splitlines() if line.strip()]
    if len({tuple(each.marks) for each in found}) > 1:
        raise ValueError(f"{quarter['quarter']}: the ballots do not ask the same")
    if any(bool(each.voice) != (quarter["room_sees"] == "compare_voices") for each in found):
        raise ValueError(f"{quarter['quarter']}: a voice is asked where voices are compared, and nowhere else")
    if name == "ballots":
        notes = [(*note, True) for note in quarter.get("notes", [])]
        notes += [(*note, False) for note in quarter.get("private_notes", [])]
        for number, (on, text, ticked) in enumerate(notes):
            writer(found, on, number).notes[on] = (text, ticked)
    return found


def writer(found: list[Sheet], on: str, start: int) -> Sheet:
    """Whose a note is: the first, from one of them on, who was asked about it and wrote nothing on it yet."""
    start %= len(found) or 1
    for each in found[start:] + found[:start]:
        if on not in each.notes and (on == ON_BEYOND or on in each.marks):
            return each
    raise ValueError(f"nobody is left to write a note on {on}")
