"""The addresses of the site and one more: a page with nothing on it, against which the others are held."""

from django.urls import path

from milestones.answers import methods, page
from milestones.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@methods("GET")
def empty(request):
    """The frame that every page has, for whoever is signed in."""
    return page(request, "base.html")


urlpatterns = [path("bench/empty/", empty, name="empty"), *urlpatterns]
