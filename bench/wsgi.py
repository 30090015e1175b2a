"""The site for a web server, without what DEBUG keeps of every query."""

from django.conf import settings

from milestones.wsgi import application

__all__ = ["application"]
settings.DEBUG = False
