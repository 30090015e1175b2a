"""The views of this room, for urls.py."""

from assessments.discussing.event_views import event_remove, events  # noqa: F401
from assessments.discussing.evidence_views import evidence, evidence_delete, evidence_file  # noqa: F401
from assessments.discussing.host_views import meeting_host  # noqa: F401
from assessments.discussing.meeting_views import agenda, meeting_screen, print_meeting_sheet  # noqa: F401
from assessments.discussing.next_step_views import next_step_remove, next_steps  # noqa: F401
from assessments.discussing.record_views import (  # noqa: F401
    agreed_rating,
    agreed_rating_save,
    bring_forward,
    different_view,
    different_view_withdraw,
    presence,
)
from assessments.discussing.story_views import story, story_save  # noqa: F401
