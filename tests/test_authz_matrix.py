"""Who may do what, asked of every route: each person, in each situation, with each method (tests/authz_matrix.yaml)."""

import pytest
from django.db import transaction

from tests.authz import MATRIX, ROUTES, World, dump, patterns, route_of, wrong_cells

pytestmark = pytest.mark.django_db
IN_MEMORY = {"BACKEND": "django.core.files.storage.InMemoryStorage"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The world of the matrix, built once for the module inside one transaction."""
    from django.conf import settings
    from django.test import override_settings

    with override_settings(STORAGES={**settings.STORAGES, "default": IN_MEMORY}), django_db_blocker.unblock():
        with transaction.atomic():
            yield World()
            transaction.set_rollback(True)


def test_the_matrix_has_every_route_and_no_other():
    there = {name for name, _pattern, _view in patterns()}
    assert {route_of(name) for name in ROUTES} == there


@pytest.mark.parametrize("name", [name for name in ROUTES if "@" not in name])
def test_the_matrix_has_the_methods_of_the_view(name):
    view = next(view for found, _pattern, view in patterns() if found == name)
    assert {method for method in ("GET", "POST") if method in ROUTES[name]} == view.methods


@pytest.mark.parametrize("name", ROUTES)
def test_every_cell(world, name):
    before = dump()
    assert list(wrong_cells(world, [name])) == []
    assert dump() == before
