"""The cast: Ana leads, Ben is a member, Fay funds, Eve evaluates, Ada administers, Sam is a stranger."""

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as examples

from coalitions import outbox
from coalitions.models import Role
from tests import factories

# A busy machine is no failure: nothing here is timed, by hypothesis neither.
UNTIMED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
examples.register_profile("untimed", deadline=None, suppress_health_check=UNTIMED)
examples.load_profile("untimed")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Before PostgreSQL drops the test database, whoever is still connected to it is sent away."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(autouse=True)
def nothing_kept():
    """What a process keeps is of one database; each test has its own."""
    caches["process"].clear()


@pytest.fixture(autouse=True)
def in_english():
    """A test that switches the language leaves it as it was for the next."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def rubric(db):
    return factories.rubric()


@pytest.fixture
def coalition(rubric):
    return factories.coalition()


@pytest.fixture
def ana(coalition):
    return factories.person(Role.LEAD, coalition, name="Ana")


@pytest.fixture
def ben(coalition):
    return factories.person(Role.MEMBER, coalition, name="Ben")


@pytest.fixture
def fay(db):
    return factories.person(Role.FUNDER, name="Fay", organisation="Sample Fund")


@pytest.fixture
def eve(db):
    return factories.person(Role.EVALUATOR, name="Eve")


@pytest.fixture
def ada(db):
    return factories.person(Role.ADMINISTRATOR, name="Ada")


@pytest.fixture
def sam(db):
    return factories.person(name="Sam")


@pytest.fixture
def mail_goes_out(monkeypatch):
    """Mail goes out as soon as it is written: a test's transaction never ends, so what waits for its end never comes."""
    monkeypatch.setattr(outbox, "_send_soon", outbox.send_due)


@pytest.fixture
def as_user(client):
    """The test client, signed in as somebody."""

    def sign_in(user):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
