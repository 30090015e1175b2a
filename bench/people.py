"""P6: a hundred people save at once, in processes as in production."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

from assessments.collecting import ballots
from bench.measuring import against, middle_and_slow
from bench.server import serving

ALONE, EACH, SECONDS = 60, 6, 30  # saves of one person; of each of a hundred, over so many seconds
TOKEN = "b" * 32
MOST_SLOW = 5


class Person:
    """Somebody who answers by HTTP, on a connection of their own."""

    def __init__(self, world, user, port: int):
        ballots.begin(assessment=world.asking, user=user, device=None, voice="parent")
        session = world.client(user).cookies[settings.SESSION_COOKIE_NAME].value
        self.headers = {
            "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN,
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
        }  # fmt: skip
        self.codes = list(world.asking.agreed_ratings.values_list("indicator__code", flat=True))
        self.asking, self.port, self.number = world.asking, port, user.pk

    def save(self, turn: int) -> tuple[int, float]:
        """The status of one answer, and the seconds it took."""
        address = self.asking.url("ballot_question", self.codes[turn % len(self.codes)])
        began = time.perf_counter()
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request("POST", address, urlencode({"level": (self.number + turn) % 5}), self.headers)
            answer = line.getresponse()
            answer.read()
            return answer.status, time.perf_counter() - began
        finally:
            line.close()

    def save_at(self, moments: list[float]) -> list[tuple[int, float]]:
        found = []
        for turn, moment in enumerate(moments):
            time.sleep(max(0.0, moment - time.perf_counter()))
            found.append(self.save(turn))
        return found


def run(world):
    with serving(2) as server:
        people = [Person(world, user, server.port) for user in world.members]
        for person in people[:8]:
            person.save(0)  # every thread has its connection
        alone = [people[0].save(turn) for turn in range(ALONE)]
        spread = random.Random(1)  # noqa: S311  the same moments every time
        now = time.perf_counter()
        moments = [sorted(now + spread.uniform(0, SECONDS) for _turn in range(EACH)) for _person in people]
        within = together(people, moments)
        one_moment = together(people, [[time.perf_counter() + 1]] * len(people))
    middle, _slow = told("one person alone", alone)
    goal = MOST_SLOW if connection.vendor == "postgresql" else None
    told(f"{len(people)} people, {EACH} answers each in {SECONDS} s", within, middle, goal)
    told(f"{len(people)} people in one moment", one_moment, middle)


def together(people: list[Person], moments: list[list[float]]) -> list[tuple[int, float]]:
    """What each person's saves gave, each at its moments."""
    with ThreadPoolExecutor(len(people)) as pool:
        return [one for found in pool.map(Person.save_at, people, moments) for one in found]


def told(what: str, found: list[tuple[int, float]], alone: float | None = None, most: float | None = None):
    """Print how many saves failed and how long they took; the middle one and p95, in milliseconds."""
    wrong = [status for status, _seconds in found if status != 303]
    middle, slow = middle_and_slow([seconds for _status, seconds in found])
    text = f"  P6 {what:40} {len(found):4} saves, {len(wrong)} errors, middle {middle:6.1f} ms, p95 {slow:6.1f} ms"
    if alone:
        text += f" ({slow / alone:.1f} x the middle of one person alone)"
    goals = [f"errors {against(len(wrong), 0)}", *([f"p95 {against(slow / alone, most)}"] if most else [])]
    print(f"{text}  [{'; '.join(goals)}]", flush=True)
    return middle, slow
