"""The people of a roster become members, all of them or none."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from coalitions.actions import grant
from coalitions.models import INSIDE, Coalition, Role
from coalitions.people_csv import Person, cannot_add
from milestones.csv_in import Refused


@dataclass
class Added:
    """Who is new, and who was here already and stays as they are."""

    new: list[Person] = field(default_factory=list)
    here: list[Person] = field(default_factory=list)


@transaction.atomic
def import_people(*, coalition, people: list[Person], by, only_try=False) -> Added:
    """Make members of whoever is not here yet; a repeat changes nothing. Whether somebody has an account makes no
    difference, and nothing of it is said. Refused, and nobody added, where one cannot be. `only_try` keeps nothing.
    """
    Coalition.objects.select_for_update(no_key=True).get(pk=coalition.pk)
    inside = coalition.memberships.filter(role__in=INSIDE)
    here = set(inside.values_list("user__email", flat=True))
    done, problems = Added(), []
    for person in sorted(people, key=lambda person: person.email):  # one order of locks for all
        if person.email in here:
            done.here.append(person)
            continue
        try:
            grant(role=Role.MEMBER, coalition=coalition, email=person.email, name=person.name, by=by)
        except ValidationError:
            problems.append(cannot_add(person))
        done.new.append(person)
    if problems:
        raise Refused(problems)
    if only_try:
        transaction.set_rollback(True)
    done.new.sort(key=lambda person: person.row)
    return done
