"""Every address of the site, by app; apps are named, not imported."""

from django.urls import include, path

from milestones import views
from milestones.admin import site

handler400 = "milestones.views.bad_request"
handler403 = "milestones.views.forbidden"
handler404 = "milestones.views.not_found"
handler500 = "milestones.views.server_error"

urlpatterns = [
    path("about/", views.about, name="about"),
    path("about/milestones/", views.about_milestones, name="about_milestones"),
    path("about/reading/", views.about_reading, name="about_reading"),
    path("privacy/who-sees-what/", views.who_sees_what, name="who_sees_what"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("contact/", views.contact, name="contact"),
    path("language/", views.language, name="language"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("coalitions.urls")),
    path("", include("assessments.urls")),
    path("admin/", site.urls),
]
