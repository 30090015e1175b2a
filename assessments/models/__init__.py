"""The nouns, in the order in which data passes through them; ballots apart, which only two modules may name."""

from assessments.models import ballots  # noqa: F401  a table for Django, a name for nobody
from assessments.models.assessment import (
    AFTER_CLOSE,
    EDGES,
    RECORDING,
    WITH_REVISION,
    Assessment,
    Mode,
    RoomSees,
    SetAside,
    Stage,
    Voice,
)
from assessments.models.invitations import Invitation
from assessments.models.meeting import Meeting
from assessments.models.record import (
    WITH_LEVEL,
    AgreedRating,
    DifferentView,
    Event,
    Evidence,
    NextStep,
    Outcome,
    Story,
)
from assessments.models.release import Note, Release
from assessments.models.revisions import BEYOND, Packed, Revision, Shares, Sharing, Standing

__all__ = [
    "AFTER_CLOSE", "BEYOND", "EDGES", "RECORDING", "WITH_LEVEL", "WITH_REVISION",
    "AgreedRating", "Assessment", "DifferentView", "Event", "Evidence", "Invitation", "Meeting", "Mode",
    "NextStep", "Note", "Outcome", "Packed", "Release", "Revision", "RoomSees", "SetAside", "Shares", "Sharing",
    "Stage", "Standing", "Story", "Voice",
]  # fmt: skip
