"""A roster as a CSV: whom it names, or numbered problems. Members only; nobody becomes a lead by a file."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coalitions.models import Role
from milestones.csv_in import Line, Problem, Refused
from milestones.forms import PlainEmailField, PlainTextField

COLUMNS = ("name", "email", "role")
MOST = 500
SENTENCES = {
    "no_name": _("Write a name of at most 120 characters."),
    "no_email": _("Write an e-mail address like name@example.org"),
    "email_twice": _("This address is in row %(row)s already."),
    "no_role": _("Write member. Leads are named on the page “People”."),
    "cannot_add": _("This person cannot be added. Ask the people who run this site."),
}


@dataclass(frozen=True)
class Person:
    """One person of a roster, and the row they stand in."""

    row: int
    name: str
    email: str


def people(lines: Iterable[Line]) -> list[Person]:
    """The people of these rows; Refused with everything that is to change."""
    found, problems, seen = [], [], {}
    for line in lines:
        name, email = kept(line, "name", PlainTextField(max_length=120)), kept(line, "email", PlainEmailField())
        if not name:
            problems.append(line.problem("name", "no_name"))
        if line.cells["role"].strip().casefold() != Role.MEMBER:
            problems.append(line.problem("role", "no_role"))
        if not email:
            problems.append(line.problem("email", "no_email"))
        elif (first := seen.setdefault(without_dots(email), line.number)) != line.number:
            problems.append(line.problem("email", "email_twice", row=first))
        found.append(Person(line.number, name, email))
    if problems:
        raise Refused(problems)
    return found


def kept(line: Line, column: str, field) -> str:
    """A cell as the field would keep it; empty where it would refuse it."""
    try:
        return field.clean(line.cells[column])
    except ValidationError:
        return ""


def without_dots(email: str) -> str:
    """What two spellings of one address share: many mail services read no dots before the @."""
    name, at, host = email.partition("@")
    return name.replace(".", "") + at + host


def cannot_add(person: Person) -> Problem:
    """One person whom the site refuses, in the same words whatever the reason."""
    return Problem(person.row, "email", "cannot_add", person.email)
