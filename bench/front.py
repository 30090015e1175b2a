"""The site for a web server as it is in production: static files compressed once, pages by the proxy before it."""

import gzip
import os

from django.conf import settings
from whitenoise import WhiteNoise

from milestones.wsgi import application as site

settings.DEBUG = False
STATIC = os.environ.get("BENCH_STATIC")  # a folder of static files with their compressed copies


def compressing(site):
    """What the proxy does: a page goes out as gzip."""

    def answer(environ, start_response):
        kept = {}

        def keep(status, headers, exc_info=None):
            kept.update(status=status, headers=headers)

        body = site(environ, keep)
        headers = {name.lower() for name, _value in kept["headers"]}
        is_page = any(n.lower() == "content-type" and v.startswith("text/html") for n, v in kept["headers"])
        if not is_page or "content-encoding" in headers or "gzip" not in environ.get("HTTP_ACCEPT_ENCODING", ""):
            start_response(kept["status"], kept["headers"])
            return body
        whole = gzip.compress(b"".join(body), 6, mtime=0)
        getattr(body, "close", lambda: None)()
        start_response(
            kept["status"],
            [(n, v) for n, v in kept["headers"] if n.lower() != "content-length"]
            + [("Content-Encoding", "gzip"), ("Content-Length", str(len(whole)))],
        )
        return [whole]

    return answer


application = WhiteNoise(compressing(site), root=STATIC, prefix="static/", max_age=31536000) if STATIC else site
