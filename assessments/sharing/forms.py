"""The form of sharing: one choice a milestone, nothing shared unless chosen."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Shares
from assessments.sharing.actions import allowed
from milestones.bilingual import pick
from milestones.forms import ExactChoiceField, PlainForm
from milestones.widgets import Radios

BEYOND_NAME = _("Beyond the milestones")


MEMBERS_VIEW = "members_view"


class ShareForm(PlainForm):
    """What to share of a revision. It starts from what is shared of it now; a milestone left out is not shared.

    *Members' view* is asked once, and only where members answered before the meeting.
    """

    number = forms.IntegerField(min_value=1, max_value=9999, widget=forms.HiddenInput)
    members_view = forms.BooleanField(
        label=_("Also show the members' view"),
        help_text=_(
            "With each shared level: the level that the answers suggest, close or wide, how many answered as a band, "
            "the two sides where they can be shown, and where members say it moved. Never counts, never notes."
        ),
        required=False,
    )

    def __init__(self, data=None, *, revision, chosen=None):
        standings = {row.slug: row for row in revision.standings.all()}
        names = {m["slug"]: pick(m["name"]) for m in revision.content["milestones"]}
        self.slugs = sorted(standings, key=lambda slug: (standings[slug].number or 10**3, slug))
        is_shared = any(row.sharing != Shares.NOTHING for row in standings.values())
        initial = {slug: row.sharing for slug, row in standings.items()} if is_shared else {}
        initial[MEMBERS_VIEW] = any(row.members_view for row in standings.values())
        if chosen and any(slug in chosen for slug in self.slugs):
            initial[MEMBERS_VIEW] = chosen.get(MEMBERS_VIEW) == "on"
        initial |= {slug: chosen[slug] for slug in self.slugs if chosen and chosen.get(slug) in Shares.values}
        super().__init__(data, initial={**initial, "number": revision.number})
        if not revision.content.get("release"):
            del self.fields[MEMBERS_VIEW]
        for slug in self.slugs:
            self.fields[slug] = ExactChoiceField(
                label=names.get(slug, BEYOND_NAME),
                choices=[(choice.value, choice.label) for choice in allowed(slug)],
                widget=Radios,
                required=False,
            )

    @property
    def sent(self) -> dict:
        """Revision number, choices and the tick, as the verb takes them."""
        choices = {slug: self.cleaned_data[slug] or Shares.NOTHING for slug in self.slugs}
        members_view = self.cleaned_data.get(MEMBERS_VIEW, False)
        return {"number": self.cleaned_data["number"], "choices": choices, MEMBERS_VIEW: members_view}

    @property
    def milestones(self):
        """The fields of the milestones, in order, Beyond last."""
        return [self[slug] for slug in self.slugs]
