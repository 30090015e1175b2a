"""P5: what saving one answer or one agreed rating costs, for a lead who administers too as for anybody."""

import time

from bench.measuring import against, costs, middle_and_slow
from bench.pages import EMPTY, addresses

RUNS, SAVES = 25, 300
MOST_QUERIES, MOST_CPU = 10, 15


class Rating:
    """One agreed rating, saved again and again, each time on the version before."""

    def __init__(self, world, user, code: str):
        rating = world.recording.agreed_ratings.get(indicator__code=code)
        self.client, self.flip = world.client(user), rating.level or 0
        self.version, self.address = rating.version, world.recording.url("agreed_rating_save", code)

    def __call__(self):
        self.flip += 1
        sent = {"version": self.version, "outcome": "agreed", "level": self.flip % 5, "reason": ""}
        assert self.client.post(self.address, sent).status_code == 200
        self.version += 1


class Answer:
    """One answer of one's own ballot, changed again and again."""

    def __init__(self, world, user, code: str):
        self.client, self.flip = world.client(user), 0
        self.address = world.asking.url("ballot_question", code)
        assert self.client.post(world.asking.url("ballot"), {"voice": "parent"}).status_code == 303

    def __call__(self):
        self.flip += 1
        assert self.client.post(self.address, {"level": str(self.flip % 5)}).status_code == 303


def run(world):
    acts = {
        "an agreed rating": Rating(world, world.lead, "1.1"),
        "the same by an administrator": Rating(world, world.both, "1.2"),
        "an answer": Answer(world, world.members[0], "1.1"),
    }
    found = costs({EMPTY: world.get(*addresses(world)[EMPTY]), **acts}, RUNS)
    first = world.at_first("saves", found)
    for name in acts:
        cost, before = found[name], first[name]
        growth = (cost.cpu / found[EMPTY].cpu) / (before.cpu / first[EMPTY].cpu)
        print(
            f"  P5 {name:30} {cost.queries:3} queries ({before.queries} at first)  {cost.work:9,} touched "
            f"({cost.work / max(1, before.work):5.2f} x)  CPU {growth:5.2f} x first, {cost.cpu * 1000:6.1f} ms"
            f"  [queries {against(cost.queries, MOST_QUERIES)}; ms {against(cost.cpu * 1000, MOST_CPU)}]",
            flush=True,
        )
    many(world, acts["an agreed rating"])


def many(world, save):
    """So many saves one after another, on the clock."""
    spent = []
    for _save in range(SAVES):
        began = time.perf_counter()
        save()
        spent.append(time.perf_counter() - began)
    middle, slow = middle_and_slow(spent)
    first = world.at_first("many saves", {"middle": middle})["middle"]
    print(
        f"  P5 {f'{SAVES} saves, on the clock':30} middle {middle:.1f} ms ({middle / first:.2f} x first), "
        f"p95 {slow:.1f} ms ({slow / middle:.1f} x the middle)",
        flush=True,
    )
