"""States, people, coalitions and memberships in Django's admin; its writes go through the verbs."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coalitions import actions, audit
from coalitions.models import INSIDE, Coalition, Membership, Pledge, State, User
from coalitions.zones import zone_choices
from milestones.admin import Plain, site
from milestones.answers import Conflict
from milestones.forms import ExactChoiceField, PlainEmailField, PlainTextField
from milestones.texts import email_key


@admin.register(State, site=site)
class StateAdmin(Plain):
    list_display = ["name_en", "code", "kind"]
    search_fields = ["name_en", "code"]


class CoalitionForm(forms.ModelForm):
    name = PlainTextField(label=_("name"), max_length=120)
    time_zone = ExactChoiceField(label=_("time zone"), choices=zone_choices)
    about = PlainTextField(label=_("who they are, in their words"), max_length=2000, lines=6, required=False)
    thanks = PlainTextField(label=_("how they thank people for their time"), max_length=1000, lines=3, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices(self.instance.time_zone)

    class Meta:
        model = Coalition
        fields = ["name", "slug", "state", "time_zone", "working_since", "about", "thanks"]

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and "time_zone" in self.changed_data and "time_zone" in cleaned:
            actions.check_time_zone_may_change(self.instance)
        return cleaned


@admin.register(Coalition, site=site)
class CoalitionAdmin(Plain):
    form = CoalitionForm
    list_display = ["name", "state", "slug"]
    list_filter = ["state"]
    search_fields = ["name"]
    fields = ["name", "slug", "state", "time_zone", "working_since", "about", "thanks"]
    prepopulated_fields = {"slug": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        """An address that people have been given stays, and so does the state that submitted quarters name."""
        return ["slug", "state"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        verb = "edit_coalition" if change else "create_coalition"
        audit.record(verb, about=obj, by=request.user, coalition=obj, changed=sorted(form.changed_data))


def is_asked_now(person: User) -> bool:
    """Whether a coalition to which this person belongs takes answers; its assessments are nouns of the app above."""
    return person.memberships.filter(coalition__assessments__stage="collecting").exists()


class PersonForm(forms.ModelForm):
    email = PlainEmailField(label=_("e-mail"))
    name = PlainTextField(label=_("name"), max_length=120, required=False)

    class Meta:
        model = User
        fields = ["email", "name", "language", "is_active"]

    def clean_email(self):
        """A ballot is found by its writer's address too: changed meanwhile, it would be lost and a second one begun."""
        email = self.cleaned_data["email"]
        if self.instance.pk and email_key(email) != self.instance.email and is_asked_now(self.instance):
            raise ValidationError(
                _("Answers are open in a coalition of theirs. Change the address after they close; until then a lead"
                  " can add the new address.")
            )  # fmt: skip
        return email


@admin.register(User, site=site)
class UserAdmin(Plain):
    form = PersonForm
    ordering = ["email"]
    list_display = ["email", "name", "is_active"]
    search_fields = ["email", "name"]
    list_filter = ["is_active", "memberships__role"]

    def save_model(self, request, obj, form, change):
        if not change or {"email", "is_active"} & set(form.changed_data):
            obj.set_unusable_password()  # a new one, so that every session of this account ends
        super().save_model(request, obj, form, change)
        if change and {"email", "is_active"} & set(form.changed_data):
            actions.end_export_tokens(user=obj, by=request.user)  # who had the account may still hold the link
        audit.record("edit_person" if change else "add_person", about=obj, by=request.user)
        if change and "email" in form.changed_data:
            for coalition in Coalition.objects.filter(memberships__user=obj, memberships__role__in=INSIDE).distinct():
                audit.record("change_address", about=obj, by=request.user, coalition=coalition, person=obj.pk)


class MembershipForm(forms.ModelForm):
    organisation = PlainTextField(label=_("organisation"), max_length=120, required=False)

    class Meta:
        model = Membership
        fields = ["user", "role", "coalition", "organisation"]

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk is None and cleaned.get("user") and cleaned.get("role"):
            actions.check_one_kind(cleaned["user"], cleaned["role"])
        return cleaned


@admin.register(Membership, site=site)
class MembershipAdmin(Plain):
    form = MembershipForm
    ordering = ["user__email", "pk"]
    list_display = ["user", "role", "coalition", "organisation"]
    list_filter = ["role"]
    list_select_related = ["user", "coalition"]
    search_fields = ["user__email", "user__name", "coalition__name"]
    autocomplete_fields = ["user", "coalition"]
    actions = None

    def get_readonly_fields(self, request, obj=None):
        """Of a membership there is, only the organisation changes: another role is another membership."""
        return ["user", "role", "coalition"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return site.has_permission(request)

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            audit.record("edit_membership", about=obj, by=request.user, coalition=obj.coalition)
            return
        granted = actions.grant(
            user=obj.user, role=obj.role, coalition=obj.coalition, organisation=obj.organisation, by=request.user
        )
        obj.pk = granted.pk

    def delete_model(self, request, obj):
        actions.remove(membership=obj, by=request.user)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except Conflict as refused:
            messages.error(request, refused.message)
            return self.response_post_save_change(request, None)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refused:  # found under the lock, after the form was right
            messages.error(request, " ".join(refused.messages))
            return self.response_post_save_change(request, None)


@admin.register(Pledge, site=site)
class PledgeAdmin(Plain):
    list_display = ["user", "accepted_at"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
