"""A page whose author forgot to say who may see it (tests/test_closed_by_default.py)."""

from django.http import HttpResponse
from django.urls import path

from milestones.urls import urlpatterns as ours

urlpatterns = [*ours, path("forgotten/", lambda request: HttpResponse("open"))]
