"""P1 and P2: what shared pages cost, against themselves at the first size and against an empty page."""

from django.db import connection

from bench.measuring import Cost, against, costs

RUNS = 15
EMPTY, NOT_MODIFIED = "an empty page", "the table, not modified"
TABLE, STATE = "the table across states", "a state"
PLAIN = (TABLE, STATE)  # those that the goals name
MOST_QUERIES, MOST_CPU, MOST_OF_EMPTY, MOST_NOT_MODIFIED = 10, 1.1, 8, 2


def addresses(world) -> dict[str, tuple]:
    """Who reads which page, by its name."""
    state, across = world.state, "/states/?q=2016q2"
    return {
        EMPTY: (world.funder, "/bench/empty/"),
        TABLE: (world.funder, across),
        f"{TABLE}, evaluator": (world.evaluator, across),
        "the map": (world.funder, f"{across}&view=map&m=cohesion"),
        "the cards": (world.funder, f"{across}&view=cards"),
        "over time, one state": (world.funder, f"/states/?view=trend&states={state}&m=cohesion"),
        "next steps": (world.funder, "/next-steps/?q=2016q2"),
        STATE: (world.funder, f"/states/{state}/"),
        "a coalition": (world.funder, f"/states/{state}/{world.shown.slug}/"),
    }


def not_modified(world):
    """The table again with the ETag it had: the answer is 304."""
    address = addresses(world)[TABLE][1]
    world.get(world.funder, address)()  # brings the token's cookie, which the page hangs on
    tag = world.get(world.funder, address)().headers["ETag"]
    return world.get(world.funder, address, 304, **{"If-None-Match": tag})


def run(world):
    acts = {name: world.get(*asked) for name, asked in addresses(world).items()}
    found = costs({**acts, NOT_MODIFIED: not_modified(world)}, RUNS)
    first = world.at_first("pages", found)
    for name, cost in found.items():
        print(line(name, cost, first[name], found[EMPTY], first[EMPTY]), flush=True)
        if connection.vendor == "postgresql" and (grown := cost.grown(first[name])):
            print(f"     {'':30} more than at first: {grown}")


def line(name: str, cost: Cost, before: Cost, empty: Cost, empty_before: Cost) -> str:
    """One page: CPU is told in empty pages of the same moment, so that a slower moment changes nothing."""
    of_empty, of_empty_before = cost.cpu / empty.cpu, before.cpu / empty_before.cpu
    growth = of_empty / of_empty_before
    told = (
        f"  P1 {name:30} {cost.queries:3} queries ({before.queries} at first)  {cost.work:9,} touched "
        f"({cost.work / max(1, before.work):5.2f} x)  CPU {growth:5.2f} x first, {of_empty:5.1f} x empty, "
        f"{cost.cpu * 1000:6.1f} ms"
    )
    if name in PLAIN:
        told += f"  [queries {against(cost.queries, MOST_QUERIES)}; growth {against(growth, MOST_CPU)}"
        told += f"; P2 {against(of_empty, MOST_OF_EMPTY)}]" if name == TABLE else "]"
    return told + (f"  [P2 {against(of_empty, MOST_NOT_MODIFIED)}]" if name == NOT_MODIFIED else "")
