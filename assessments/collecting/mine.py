"""One's own ballot, and the count of all, as plain values. Pure."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class MyAnswer:
    """One's own answer to one indicator: its kind (`level`, `cant_see`, `skip`), the level, the note and its tick."""

    kind: str
    level: int | None = None
    note: str = ""
    note_ticked: bool = False


@dataclass(frozen=True)
class MyBallot:
    """One's own ballot as plain values: `answers` by indicator id, `directions` (choices) by milestone id."""

    id: uuid.UUID
    voice: str
    channel: str
    sent: bool
    beyond: str = ""
    beyond_ticked: bool = False
    answers: Mapping[int, MyAnswer] = field(default_factory=dict)
    directions: Mapping[int, str] = field(default_factory=dict)
    on_this_device: bool = False
    on_another_device: bool = False

    @property
    def is_begun(self) -> bool:
        """Whether a voice was chosen, or anything answered."""
        return bool(self.voice or self.answers or self.sent)


@dataclass(frozen=True)
class Counted:
    """Two numbers that may be seen while collecting, and how many of the ballots came by code and on paper."""

    invited: int
    answered: int
    by_code: int
    on_paper: int

    @property
    def of(self) -> int:
        """How many could have answered: who was invited, and who came by code or on paper."""
        return max(self.invited + self.by_code + self.on_paper, self.answered)
