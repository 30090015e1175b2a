"""The one row of links: what each role finds there, and that it costs two queries at most."""

import pytest
from django.test import RequestFactory

from coalitions.context_processors import links, navigation
from coalitions.models import Membership, Role
from tests import factories

pytestmark = pytest.mark.django_db


def labels(user, path="/about/"):
    request = RequestFactory().get(path)
    request.user = user
    return [(link.label, link.current) for link in links(request)]


def words(user, path="/about/"):
    return [label for label, _current in labels(user, path)]


def test_each_role_finds_its_work(ana, ben, fay, eve, ada, sam):
    assert words(ana) == ["This quarter", "Results", "People"]
    assert words(ben) == ["Home", "Results", "My answers"]
    assert words(fay) == ["States", "Milestones", "Next steps", "How to read this"]
    assert words(eve) == ["Export", "Quarters", "Codebook", "States"]
    assert words(ada) == ["Administration", "Quarters"]
    assert words(sam) == []


def test_a_lead_finds_states_once_the_coalition_shares(coalition, ana):
    factories.share(factories.submitted(coalition, by=ana), by=ana)
    assert words(ana)[-1] == "States"


def test_the_nearest_page_above_is_the_current_one(coalition, ana):
    path = f"/c/{coalition.slug}/people/add/"
    assert labels(ana, path) == [("This quarter", False), ("Results", False), ("People", True)]
    assert labels(ana, f"/c/{coalition.slug}/history/")[0] == ("This quarter", True)


def test_who_is_in_two_coalitions_gets_the_links_of_the_one_shown(coalition, ana, rubric):
    other = factories.coalition("Sample Hoosier Coalition", at="IN")
    Membership.objects.create(user=ana, role=Role.MEMBER, coalition=other)
    assert words(ana, f"/c/{other.slug}/results/") == ["Home", "Results", "My answers"]


def test_it_costs_one_query_and_only_once(ana, django_assert_num_queries):
    request = RequestFactory().get("/about/")
    request.user = ana
    with django_assert_num_queries(1):
        assert list(navigation(request)["nav"]) == list(navigation(request)["nav"])


def test_a_request_without_a_person_has_no_links():
    assert not navigation(RequestFactory().get("/"))["nav"]
