"""The task list of a quarter, from the body that would be submitted. Pure."""

from dataclasses import dataclass

NOT_STARTED, IN_PROGRESS, COMPLETED, BLOCKED = "not-started", "in-progress", "completed", "blocked"


@dataclass(frozen=True)
class Task:
    """One line of the task list: which page it opens, what it is called, and how far it is."""

    page: str
    argument: str
    name: dict | str
    status: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """A milestone with its tasks: its indicators, then its story."""

    milestone: dict
    tasks: list[Task]

    @property
    def set_aside(self):
        return self.milestone["set_aside"]


def rating_status(indicator: dict) -> str:
    """Completed once confirmed, in progress once touched."""
    if indicator["confirmed"]:
        return COMPLETED
    touched = indicator["outcome"] != "none" or indicator["level"] is not None or indicator["reason"]
    return IN_PROGRESS if touched else NOT_STARTED


def written(text: str) -> str:
    """The status of a text that may be left out."""
    return COMPLETED if text else NOT_STARTED


def groups(body: dict) -> list[Group]:
    """The tasks of the record, milestone by milestone; one that was set aside has none."""
    found = []
    for milestone in body["milestones"]:
        tasks = [
            Task("agreed_rating", indicator["code"], indicator["title"], rating_status(indicator), indicator["code"])
            for indicator in milestone["indicators"]
            if indicator["asked"] and milestone["set_aside"] is None
        ]
        found.append(Group(milestone, tasks))
    return found


def confirmed_of(body: dict) -> tuple[int, int]:
    """How many of the asked items are confirmed, and how many there are, set-aside milestones apart."""
    items = [task for group in groups(body) for task in group.tasks]
    return sum(task.status == COMPLETED for task in items), len(items)


def part(done: int, of: int) -> str:
    """The status of a task that is made of several: completed once all are done."""
    if done >= of:
        return COMPLETED
    return IN_PROGRESS if done else NOT_STARTED
