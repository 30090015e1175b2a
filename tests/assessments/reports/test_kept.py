"""What a process keeps of all coalitions is never older than the last act, nor another reader's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.reports import freshness
from coalitions.models import Role, State
from tests import factories
from tests.assessments.reports.made import text
from tests.assessments.reports.test_explorer import sharing, tile

pytestmark = pytest.mark.django_db
MAP = "/states/?view=map"


def map_of(client, code):
    return tile(text(client.get(MAP)), code)


@pytest.fixture
def ohio(rubric):
    for code in ("IA", "OH"):
        factories.state(code)
    return sharing("Sample Ohio", "OH", 2)


def test_every_act_is_on_the_map_at_once(ohio, as_user, fay):
    client = as_user(fay)
    assert map_of(client, "IA")[0] == ""
    iowa = sharing("Sample Iowa", "IA", 2)
    assert map_of(client, "IA")[0] == "tile-shared"
    lead = factories.person(Role.LEAD, iowa)
    factories.share(iowa.assessments.get(), "story", by=lead)
    assert map_of(client, "IA")[0] == "tile-story"


def test_without_the_log_the_map_would_be_old(ohio, as_user, fay, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(freshness, "log", lambda request: ())
    client = as_user(fay)
    before = map_of(client, "IA")
    sharing("Sample Iowa", "IA", 2)
    assert map_of(client, "IA") == before


def test_a_reader_of_one_coalition_gets_no_count_of_another_s(ohio, as_user, fay):
    iowa = sharing("Sample Iowa", "IA", 2)
    narrow = factories.person(Role.FUNDER, iowa, organisation="Sample Fund")
    assert map_of(as_user(fay), "OH")[0] == "tile-shared"
    assert map_of(as_user(narrow), "OH")[0] == "" and map_of(as_user(narrow), "IA")[0] == "tile-shared"
    assert map_of(as_user(fay), "OH")[0] == "tile-shared"


def test_names_are_in_the_language_of_who_reads(ohio, as_user, fay):
    client = as_user(fay)
    State.objects.filter(code="OH").update(name_en="New Mexico", name_es="Nuevo México")
    assert "New Mexico" in text(client.get(MAP))
    client.cookies["django_language"] = "es"
    assert "Nuevo México" in text(client.get(MAP))


def test_a_second_look_counts_nothing(ohio, as_user, fay):
    client = as_user(fay)
    client.get("/states/")
    many = []
    for _look in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(MAP)
        many.append(len(asked))
    assert many[1] == many[0] - 1  # what states sum up to; /states/ has counted the rest
