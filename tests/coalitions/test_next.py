"""Which addresses may be followed after signing in or switching language: rows 44 to 47 of the catalogue."""

import pytest

from coalitions.signin import allowed_next
from milestones.addresses import page_at

ELSEWHERE = [
    "//evil.org", "///evil.org", "\\\\evil.org", "/\\evil.org", "https:evil.org", "https://evil.org/me/",
    "javascript:alert(1)", "data:text/html,x", "/a%0d%0aSet-Cookie:x=1", "/me/\r\nSet-Cookie: x=1", "/me/\0",
    "/" + "a" * 20000, "me/", "", "/no/such/page/", "//[", "/%2f%2fevil.org", "http://[::1", "/me/\ud800",
]  # fmt: skip


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_address_leads_elsewhere(address):
    assert page_at(address) is None and allowed_next(address) == ""


@pytest.mark.parametrize(
    "address", ["/signout/", "/admin/", "/admin/login/", "/signin/", "/signin/code/", "/signin/link/x/", "/language/"]
)
def test_some_pages_of_ours_are_never_next(address):
    assert allowed_next(address) == ""


@pytest.mark.parametrize("address", ["/me/", "/me/?a=b#c", "/c/ohio/people/?page=2", "/about/", "/pledge/"])
def test_pages_of_ours_may_be_next(address):
    assert allowed_next(address) == address
