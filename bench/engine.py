"""Measures on one database, at each size asked for; `python -m bench` starts it."""

import argparse
import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milestones.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench.filling import fill  # noqa: E402
from bench.parts import PARTS  # noqa: E402
from bench.world import World  # noqa: E402


def version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return f"{connection.vendor} {cursor.fetchone()[0]}, Django {django.__version__}"


def main():
    reader = argparse.ArgumentParser()
    reader.add_argument("sizes", nargs="+")
    reader.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    asked = reader.parse_args()
    settings.DEBUG = False  # it would keep every query
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ROOT_URLCONF = "bench.urls"
    call_command("migrate", verbosity=0)
    call_command("setup", verbosity=0)
    print(f"\n{version()}")
    world = World()
    for size in asked.sizes:
        print(f"\n{size}: {fill(size)}", flush=True)
        world.size = size
        for name in asked.parts:
            module, when = PARTS[name]
            if when == "each" or size == asked.sizes[-1]:
                import_module(module).run(world)


if __name__ == "__main__":
    main()
