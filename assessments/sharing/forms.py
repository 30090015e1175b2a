"""The form of sharing: one choice a milestone, nothing shared unless chosen."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Shares
from assessments.sharing.actions import allowed
from milestones.bilingual import pick
from milestones.forms import ExactChoiceField, PlainForm
from milestones.widgets import Radios

BEYOND_NAME = _("Beyond the milestones")


class ShareForm(PlainForm):
    """What to share of a revision. It starts from what is shared of it now; a milestone left out is not shared."""

    number = forms.IntegerField(min_value=1, max_value=9999, widget=forms.HiddenInput)

    def __init__(self, data=None, *, revision, chosen=None):
        standings = {row.slug: row for row in revision.standings.all()}
        names = {m["slug"]: pick(m["name"]) for m in revision.content["milestones"]}
        self.slugs = sorted(standings, key=lambda slug: (standings[slug].number or 10**3, slug))
        is_shared = any(row.sharing != Shares.NOTHING for row in standings.values())
        initial = {slug: row.sharing for slug, row in standings.items()} if is_shared else {}
        initial |= {slug: chosen[slug] for slug in self.slugs if chosen and chosen.get(slug) in Shares.values}
        super().__init__(data, initial={**initial, "number": revision.number})
        for slug in self.slugs:
            self.fields[slug] = ExactChoiceField(
                label=names.get(slug, BEYOND_NAME),
                choices=[(choice.value, choice.label) for choice in allowed(slug)],
                widget=Radios,
                required=False,
            )

    @property
    def sent(self) -> dict:
        """Revision number and choices, as the verb takes them."""
        choices = {slug: self.cleaned_data[slug] or Shares.NOTHING for slug in self.slugs}
        return {"number": self.cleaned_data["number"], "choices": choices}

    @property
    def milestones(self):
        """The fields of the milestones, in order, Beyond last."""
        return [self[slug] for slug in self.slugs]
