"""Fills an empty database with invented coalitions, to measure on."""

from django.core.management.base import BaseCommand, CommandError

from assessments.sample import generate


class Command(BaseCommand):
    help = "Invent coalitions in any number, to measure on; the same for the same seed. Only beside other samples."

    def add_arguments(self, parser):
        parser.add_argument("--states", type=int, required=True)
        parser.add_argument("--coalitions", type=int, required=True, help="in each state")
        parser.add_argument("--quarters", type=int, required=True, help=f"of each coalition, from {generate.FIRST} on")
        parser.add_argument("--mode", choices=generate.MODES, default="full")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, states, coalitions, quarters, mode, seed, **options):
        asked = {"states": states, "coalitions": coalitions, "quarters": quarters}
        if min(asked.values()) < 1 or quarters > generate.MOST_QUARTERS:
            raise CommandError(f"1 or more of each, and {generate.MOST_QUARTERS} quarters at most.")
        try:
            made = sum(1 for _coalition in generate.generate(**asked, mode=mode, seed=seed))
        except generate.Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{made} sample coalitions with {quarters} quarters each.")
