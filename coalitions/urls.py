"""Addresses of signing in, of people and of coalitions' settings."""

from django.urls import path

from coalitions import roster_views, signin_views, views

urlpatterns = [
    path("signin/", signin_views.signin, name="signin"),
    path("signin/code/", signin_views.signin_code, name="signin_code"),
    path("signin/sample/", signin_views.signin_sample, name="signin_sample"),
    path("signout/", signin_views.signout, name="signout"),
    path("me/", views.me, name="me"),
    path("me/settings/", views.my_settings, name="my_settings"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("pledge/", views.pledge, name="pledge"),
    path("c/<slug:slug>/people/", views.coalition_people, name="coalition_people"),
    path("c/<slug:slug>/people/add/", views.person_add, name="person_add"),
    path("c/<slug:slug>/people/import/", roster_views.import_people, name="import_people"),
    path("c/<slug:slug>/people/import/template.csv", roster_views.people_template, name="people_template"),
    path("c/<slug:slug>/people/<int:pk>/role/", views.person_role, name="person_role"),
    path("c/<slug:slug>/people/<int:pk>/remove/", views.person_remove, name="person_remove"),
    path("c/<slug:slug>/history/", views.coalition_history, name="coalition_history"),
    path("c/<slug:slug>/settings/", views.coalition_edit, name="coalition_edit"),
    # The same pages under the names by which allauth's code asks for them.
    path("signin/", signin_views.signin, name="account_login"),
    path("signin/", signin_views.signin, name="account_signup"),
    path("signin/code/", signin_views.signin_code, name="account_confirm_login_code"),
]
