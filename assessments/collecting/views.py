"""The pages of collecting, as urls.py names them."""

from assessments.collecting.ballot_views import (
    ballot,
    ballot_check,
    ballot_done,
    ballot_end_device,
    ballot_erase,
    ballot_milestone,
    ballot_question,
    my_answers,
)
from assessments.collecting.lead_views import (
    close,
    collecting_open,
    deadline,
    helper,
    invite,
    invite_resend,
    invite_revoke,
    join_code,
    progress,
)
from assessments.collecting.link_views import join, signin_link
from assessments.collecting.paper_views import paper, print_tally, print_worksheet

__all__ = [
    "ballot", "ballot_check", "ballot_done", "ballot_end_device", "ballot_erase", "ballot_milestone",
    "ballot_question", "close", "collecting_open", "deadline", "helper", "invite", "invite_resend", "invite_revoke",
    "join", "join_code", "my_answers", "paper", "print_tally", "print_worksheet", "progress", "signin_link",
]  # fmt: skip
