"""Every page is closed until it is marked open; open are those that the matrix calls public, and ballots, which a
browser may hold without an account."""

import re

import pytest

from tests.authz import ROUTES, patterns, route_of

OPEN = {route_of(name) for name in ROUTES if ROUTES[name]["rule"] in ("public", "rate") and name != "ballot_end_device"}
SAMPLES = {
    "slug": "sample", "quarter": "2026q2", "code": "1.2", "uuid": "8f14e45f-ceea-467f-a5d6-3d2f1c0b9a11", "int": "1",
    "str": "oh", "kind": "svg",
}  # fmt: skip


def sample(pattern: str) -> str:
    """An address that a pattern matches; that there is nothing at it does not matter to a closed page."""
    named = {"quarter": "quarter", "indicator": "code", "figurefile": "kind"}
    filled = re.sub(r"<(\w+):(\w+)>", lambda m: SAMPLES.get(named.get(m[1], m[1])) or SAMPLES[m[2]], pattern)
    return "/" + filled


def is_open(view) -> bool:
    return not getattr(view, "login_required", True)


def test_pages_marked_open_are_those_that_the_matrix_calls_public():
    assert {name for name, _pattern, view in patterns() if is_open(view)} == OPEN


@pytest.mark.django_db
@pytest.mark.parametrize("name, address", [(n, sample(p)) for n, p, view in patterns() if not is_open(view)])
@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_a_page_is_closed_until_marked_open(client, name, address, method):
    answer = getattr(client, method)(address)
    assert answer.status_code == 302 and answer.url == f"/signin/?next={address}"
    assert getattr(client, method)(address, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.django_db
def test_a_new_page_would_be_closed(client, settings):
    settings.ROOT_URLCONF = "tests.forgotten_urls"
    assert client.get("/forgotten/").status_code == 302
