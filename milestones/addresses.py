"""Addresses that came with a request: the page of this site that one leads to, or none."""

from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000


def page_at(address: str) -> ResolverMatch | None:
    """The page of this site that an address like `/me/?a=b` opens by GET; None for every other text."""
    if not address.startswith("/") or len(address) > LONGEST or not address.isprintable():
        return None
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return None
    try:
        found = resolve(unquote(urlsplit(address).path))
    except (Resolver404, ValueError):
        return None
    return found if "GET" in getattr(found.func, "methods", ()) else None
