"""The door for a web server."""

import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milestones.settings")


class Request(WSGIRequest):
    """A request that decodes nothing in the charset it names: `RefuseMalformed` answers 400 to all but UTF-8.

    Django's own reads the address in that charset at once, and one such as rot13 ends in an error before any answer.
    """

    def _set_content_type_params(self, meta):
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


application = get_wsgi_application()
application.request_class = Request
