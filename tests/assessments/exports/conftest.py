"""The cast of these modules: that of a module's own world, where it has made one (worlds.py)."""

import pytest

from coalitions.models import Coalition, Role, User
from tests import factories


@pytest.fixture(scope="module")
def made_once():
    """Nothing; a module that writes its world once says so in its place."""


@pytest.fixture
def coalition(made_once, rubric):
    return Coalition.objects.filter(slug="sample-buckeye-coalition").first() or factories.coalition()


@pytest.fixture
def ana(coalition):
    return User.objects.filter(name="Ana").first() or factories.person(Role.LEAD, coalition, name="Ana")
