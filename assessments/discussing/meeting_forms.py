"""What the host's phone sends."""

from django import forms

from assessments.models import Meeting
from milestones.forms import ExactChoiceField, PlainForm


class MoveForm(PlainForm):
    """One move of the meeting: from the step the page showed, as it was read."""

    act = ExactChoiceField(choices=[(act, act) for act in ("next", "back", "go", "take_over")])
    step = ExactChoiceField(choices=Meeting.Step.choices)
    version = forms.IntegerField(min_value=0, max_value=10**9)
