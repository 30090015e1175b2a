"""A pytest plugin (-p in pyproject.toml): TEST_DB=postgres tests on PostgreSQL, anything else on SQLite.

A plugin and not a conftest.py, because pytest-django reads the settings before any conftest.py.
"""

import gc
import os

import pytest

os.environ["CONN_MAX_AGE"] = "0"  # a live server's threads keep no connection, or the test database could not go
os.environ.setdefault("DEBUG", "1")  # the settings then have defaults for one machine

if os.environ.get("TEST_DB") != "postgres":
    os.environ.pop("DATABASE_URL", None)  # a developer's own; the test database is in memory
elif not os.environ.get("DATABASE_URL", "").startswith("postgres"):
    from tests import postgres

    # The folder goes in as ?host=, which libpq and django-environ both read; %2F in the host's place only libpq does.
    os.environ["DATABASE_URL"] = f"postgres://postgres@/app?host={postgres.start()}"


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "postgresql: a race that only PostgreSQL can run; SQLite lets one write at a time"
    )
    config.addinivalue_line(
        "markers",
        "any_engine(half): no engine could make a difference; ./run test runs it in this half alone; `both`: in either,"
        " where the rest of a module is run once",
    )


def pytest_collection_modifyitems(config, items):
    """Leave the races to PostgreSQL, and run once, in one of the two halves of `./run test`, what no engine changes."""
    here = "postgres" if os.environ.get("TEST_DB") == "postgres" else "sqlite"
    both_run = hasattr(config, "workerinput")

    def elsewhere(item):
        once = item.get_closest_marker("any_engine")
        if both_run and once:
            return once.args[0] not in (here, "both")
        return here == "sqlite" and item.get_closest_marker("postgresql") is not None

    left_out = {item for item in items if elsewhere(item)}
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish():
    """Code and tests stay until the end: the collector of garbage need not look at them, and may look less often."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """A failure says which database it was on; ./run test has both."""
    report = yield
    report.sections.append(("Database", os.environ.get("TEST_DB", "sqlite")))
    return report
