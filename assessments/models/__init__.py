"""The nouns, in the order in which data passes through them."""

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
)
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
from assessments.models.revisions import BEYOND, Revision, Shares, Sharing, Standing

__all__ = [
    "AFTER_CLOSE", "BEYOND", "EDGES", "RECORDING", "WITH_LEVEL", "WITH_REVISION",
    "AgreedRating", "Assessment", "DifferentView", "Event", "Evidence", "Mode", "NextStep", "Outcome",
    "Revision", "RoomSees", "SetAside", "Shares", "Sharing", "Stage", "Standing", "Story",
]  # fmt: skip
