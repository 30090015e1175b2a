"""Django's admin as this site uses it, and the rubric in it: draft, edit, publish."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milestones.actions import draft_next, publish
from milestones.answers import see_other
from milestones.models import Descriptor, Finding, Indicator, Level, Milestone, Rubric


def send_to_sign_in(patterns):
    """Let whoever is not signed in go straight to /signin/; the admin's pages each name its own sign-in page."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            send_to_sign_in(pattern.url_patterns)
        elif hasattr(pattern.callback, "login_url"):
            pattern.callback.login_url = reverse_lazy("signin")


class Site(admin.AdminSite):
    """For administrators; to everybody else there is nothing here. Signing in happens at /signin/ alone."""

    site_header = site_title = gettext_lazy("Milestones: administration")
    site_url = "/"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def admin_view(self, view, cacheable=False):
        shown = super().admin_view(view, cacheable)

        def closed(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return shown(request, *args, **kwargs)

        return closed

    def login(self, request, extra_context=None):
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        return redirect("admin:index" if request.user.is_authenticated else "signin")

    def get_urls(self):
        """Without the pages for passwords, which nobody has."""
        passwords = {"password_change", "password_change_done"}
        patterns = [pattern for pattern in super().get_urls() if getattr(pattern, "name", None) not in passwords]
        send_to_sign_in(patterns)
        return patterns

    def has_permission(self, request):
        """Asked many times while a page is built, so kept on the request; never longer."""
        if not hasattr(request, "_administers"):
            request._administers = request.user.is_active and request.user.is_staff
        return request._administers


site = Site(name="admin")


class Plain(admin.ModelAdmin):
    """What may be done is asked of the site once, not of the person for each button."""

    def _may(self, request, obj=None):
        return site.has_permission(request)

    has_view_permission = has_add_permission = has_change_permission = has_module_permission = _may

    def has_delete_permission(self, request, obj=None):
        return False


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


class MilestoneForm(forms.ModelForm):
    """A milestone with its lists one a line."""

    prompts_en = LinesField(label=gettext_lazy("reflection prompts, English"), required=False)
    prompts_es = LinesField(label=gettext_lazy("reflection prompts, Spanish"), required=False)
    evidence_examples_en = LinesField(label=gettext_lazy("evidence examples, English"), required=False)
    evidence_examples_es = LinesField(label=gettext_lazy("evidence examples, Spanish"), required=False)

    class Meta:
        model = Milestone
        fields = ["name_en", "name_es", "definition_en", "definition_es"]


class WhileDraft:
    """Rows of a version: changed while it is a draft, read once it is published; never a coalition's own."""

    path = "rubric"

    def is_draft(self, obj):
        for name in self.path.split("__") if self.path else ():
            obj = getattr(obj, name)
        return obj.published_at is None

    def has_change_permission(self, request, obj=None):
        return site.has_permission(request) and (obj is None or self.is_draft(obj))

    def get_queryset(self, request):
        return super().get_queryset(request).filter(**{f"{self.path}__own" if self.path else "own": False})


class Part(admin.TabularInline):
    """The rows of one thing, edited where it is; they come with the draft, so none is added or taken out."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request, obj=None):
        return site.has_permission(request)

    def has_change_permission(self, request, obj=None):
        return site.has_permission(request)

    def has_add_permission(self, request, obj=None):
        return False


class LevelPart(Part):
    model = Level
    fields = ["value", "name_en", "name_es", "meaning_en", "meaning_es"]
    readonly_fields = ["value"]


class DescriptorPart(Part):
    model = Descriptor
    fields = ["value", "text_en", "text_es"]
    readonly_fields = ["value"]


@admin.register(Rubric, site=site)
class RubricAdmin(WhileDraft, Plain):
    path = ""
    list_display = ["version", "published_at", "continues"]
    fields = ["version", "note_en", "note_es", "continues", "published_at"]
    readonly_fields = ["continues", "published_at"]
    inlines = [LevelPart]
    change_form_template = "admin/rubric.html"
    change_list_template = "admin/rubrics.html"

    def has_add_permission(self, request):
        return False

    def get_urls(self):
        own = [
            path("draft/", site.admin_view(self.draft), name="draft_rubric"),
            path("<int:pk>/publish/", site.admin_view(self.publish), name="publish_rubric"),
        ]
        return own + super().get_urls()

    def draft(self, request):
        """Draft the next version from the current one (POST)."""
        last = Rubric.objects.current()
        if request.method != "POST" or last is None:
            raise Http404
        version = next(
            name for number in range(2, 1000) if not Rubric.objects.filter(version=(name := f"Draft {number}")).exists()
        )
        draft = draft_next(last=last, version=version)
        self.log_addition(request, draft, [{"added": {}}])
        return see_other(reverse("admin:milestones_rubric_change", args=[draft.pk]))

    def publish(self, request, pk):
        """Publish a draft (POST); says what it still lacks."""
        rubric = get_object_or_404(Rubric.objects.shared(), pk=pk)
        if request.method != "POST":
            raise Http404
        try:
            publish(rubric)
            self.log_change(request, rubric, [{"changed": {"fields": ["published_at"]}}])
            messages.success(request, _("This version is published. It cannot change any more."))
        except ValidationError as lacking:
            for sentence in lacking.messages:
                messages.error(request, sentence)
        return see_other(reverse("admin:milestones_rubric_change", args=[pk]))


@admin.register(Milestone, site=site)
class MilestoneAdmin(WhileDraft, Plain):
    form = MilestoneForm
    list_display = ["__str__", "rubric"]
    list_filter = ["rubric"]
    ordering = ["-rubric", "number"]

    def has_add_permission(self, request):
        return False


@admin.register(Indicator, site=site)
class IndicatorAdmin(WhileDraft, Plain):
    path = "milestone__rubric"
    list_display = ["__str__", "core", "retired", "milestone"]
    list_filter = ["milestone__rubric", "milestone__number"]
    list_select_related = ["milestone__rubric"]
    fields = [
        "title_en", "title_es", "question_en", "question_es", "core", "retired", "grounding", "continues", "comparable",
    ]  # fmt: skip
    readonly_fields = ["continues"]
    inlines = [DescriptorPart]

    def has_add_permission(self, request):
        return False


@admin.register(Finding, site=site)
class FindingAdmin(Plain):
    list_display = ["position", "state_code", "milestone_number", "text_en"]
    list_display_links = ["text_en"]

    def has_delete_permission(self, request, obj=None):
        return site.has_permission(request)
