"""What the pages across states are made of, read by the page: so many coalitions A to Z, however many there are.

Every filter but state and page is a condition on what a coalition shares in its own right, as its readers see it: a
story shared alone has no mode and no focus here either.
"""

from collections import Counter
from dataclasses import dataclass

from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Collate, StrIndex

from assessments import levels
from assessments.models import Standing
from assessments.quarters import Quarter
from assessments.reports import crossing, filters, queries, rows
from coalitions.models import State
from milestones.models import Milestone, Rubric

A_PAGE = 60  # coalitions
IN_A_STATE = 6  # coalitions of a state's page, each with its words, its lines and their table
ACCENTS = {
    "áàâãäå": "a", "ç": "c", "éèêë": "e", "íìîï": "i", "ñ": "n", "óòôõö": "o", "úùûü": "u", "ý": "y",
}  # fmt: skip
PLAIN = {accented: plain for letters, plain in ACCENTS.items() for accented in letters}
BINARY = {"postgresql": "C"}


@dataclass(frozen=True)
class Named:
    """A milestone by its name and what it is about."""

    name: str
    definition: str


def milestones() -> dict[str, Named]:
    """The milestones of the version published last, in its order, by slug."""
    current = Rubric.objects.published().order_by("-published_at", "-pk").values("pk")[:1]
    found = Milestone.objects.filter(rubric=Subquery(current)).order_by("number")
    return {row.slug: Named(row.name, row.definition) for row in found}


def places(user) -> list[crossing.Place]:
    """Every state, A to Z, with the number of coalitions there that this reader's memberships reach."""
    there = queries.in_scope(user).filter(state=OuterRef("pk")).order_by().values("state")
    number = Subquery(there.annotate(number=Count("pk")).values("number"))
    found = State.objects.annotate(number=Coalesce(number, 0), sampled=Exists(there.filter(sample=True)))
    all_of_them = (crossing.Place(s.code, s.name, s.row, s.column, s.number, s.sampled) for s in found)
    return sorted(all_of_them, key=lambda place: place.order)


def quarters(user) -> tuple[list[Quarter], list[Quarter]]:
    """Every quarter from the first to the last of which something is shared; and the last one of each coalition."""
    theirs = Standing.objects.shared().filter(coalition=OuterRef("pk")).values("quarter_text")
    found = queries.in_scope(user).annotate(
        first=Subquery(theirs.order_by("quarter_text")[:1]), last=Subquery(theirs.order_by("-quarter_text")[:1])
    )
    found = found.filter(last__isnull=False).order_by().values("last").annotate(begin=Min("first"), number=Count("pk"))
    counted = [(Quarter.parse(row["last"]), Quarter.parse(row["begin"]), row["number"]) for row in found]
    lasts = Counter({last: number for last, _begin, number in counted})
    return rows.span([q for last, begin, _number in counted for q in (begin, last)]), sorted(lasts.elements())


def conditions(chosen: filters.Filters, slugs) -> dict[str, Exists | Q]:
    """What must hold of a coalition to be in a view, by name; `here` is that it shares what the view is about."""
    theirs = Standing.objects.shared().filter(coalition=OuterRef("pk"))
    if chosen.of_quarter:
        theirs = theirs.filter(quarter_text=str(chosen.quarter))
    elif chosen.since:
        theirs = theirs.filter(quarter_text__gte=str(chosen.since))
    named = theirs.filter(slug__in=slugs)
    found = {"here": Exists(named if chosen.of_quarter else named.with_level())}
    if chosen.shared:
        found["shared"] = Exists(named.filter(sharing=filters.SHARED[chosen.shared]))
    if chosen.mode:
        found["mode"] = Exists(theirs.with_level().filter(mode=chosen.mode))
    if chosen.focus:
        found["focus"] = Exists(theirs.with_level().filter(slug=chosen.focus, focus=True))
    if chosen.kind:
        of = named if chosen.milestone else theirs
        found["kind"] = Exists(of.filter(**{f"has_{chosen.kind}": True}))
    if chosen.years:
        found["years"] = Q(working_since__range=chosen.founded)
    return found


def with_steps(chosen: filters.Filters) -> Q:
    """The standings that hold a next step of the chosen kind, of any kind where none is chosen."""
    kinds = [chosen.kind] if chosen.kind else filters.KINDS
    found = Q()
    for kind in kinds:
        found |= Q(**{f"has_{kind}": True})
    return found & Q(slug=chosen.milestone) if chosen.milestone else found


def planning(chosen: filters.Filters) -> dict[str, Exists]:
    """What must hold of a coalition to be in the list of next steps."""
    theirs = Standing.objects.shared().filter(coalition=OuterRef("pk"), quarter_text=str(chosen.quarter))
    here = theirs.filter(slug=chosen.milestone) if chosen.milestone else theirs
    return {"here": Exists(here), "steps": Exists(theirs.filter(with_steps(chosen)))}


@dataclass(frozen=True)
class Found:
    """One coalition of a page, and the names of the conditions that it does not meet."""

    coalition: rows.Coalition
    unmet: frozenset[str]


def coalitions(user, chosen: filters.Filters, of: list[crossing.Place], asked: dict, start: int) -> list[Found]:
    """The coalitions of one page, A to Z by state and name (or the other way), from number `start` on.

    Only those of the states of this page are put in order: how many the states before hold is known.
    """
    here, before = states_of_page(chosen, of, start)
    found = queries.in_scope(user).select_related("state").filter(state__in=here)
    held = {
        f"fits_{name}": ExpressionWrapper(that, output_field=BooleanField()) if isinstance(that, Q) else that
        for name, that in asked.items()
    }
    found = found.annotate(**held).order_by(*alphabet(of))
    if chosen.order == filters.Z_TO_A:
        found = found.reverse()
    return [
        Found(queries.as_coalition(row), frozenset(name for name in asked if not getattr(row, f"fits_{name}")))
        for row in found[start - before : start - before + A_PAGE]
    ]


def states_of_page(chosen: filters.Filters, of: list[crossing.Place], start: int) -> tuple[list[str], int]:
    """The states that the page from number `start` on reaches into, and how many coalitions stand before the first."""
    asked = [place for place in of if not chosen.states or place.code in chosen.states]
    found, before, passed = [], 0, 0
    for place in reversed(asked) if chosen.order == filters.Z_TO_A else asked:
        if passed + place.coalitions <= start:
            before += place.coalitions
        elif passed < start + A_PAGE:
            found.append(place.code)
        passed += place.coalitions
    return found, before


class Plain(Func):
    """A text without its accents."""

    def as_sql(self, compiler, connection, **extra):
        sql, params = compiler.compile(self.source_expressions[0])
        for accented, plain in PLAIN.items():
            sql = f"REPLACE({sql}, '{accented}', '{plain}')"
        return sql, params

    def as_postgresql(self, compiler, connection, **extra):
        sql, params = compiler.compile(self.source_expressions[0])
        return f"TRANSLATE({sql}, '{''.join(PLAIN)}', '{''.join(PLAIN.values())}')", params


def alphabet(of: list[crossing.Place]) -> list:
    """What orders coalitions as `rows.Coalition.order` does: by state in the reader's language, then by name."""
    in_order = Value(filters.BETWEEN.join(place.code for place in of))
    return [StrIndex(in_order, F("state")).asc(), *by_name()]


def by_name() -> list:
    """What orders the coalitions of one state, accents and capitals apart."""
    binary = BINARY.get(connection.vendor, "BINARY")
    return [Collate(Plain(F("name_key")), binary).asc(), Collate(F("slug"), binary).asc()]


def of_state(user, code: str):
    """The coalitions of one state that this reader's memberships reach, A to Z, with the first and last quarter of
    which each shares something."""
    theirs = Standing.objects.shared().filter(coalition=OuterRef("pk")).values("quarter_text")
    found = queries.in_scope(user).filter(state=code).select_related("state")
    return found.annotate(
        first=Subquery(theirs.order_by("quarter_text")[:1]), last=Subquery(theirs.order_by("-quarter_text")[:1])
    ).order_by(*by_name())


def numbers_of(coalitions) -> tuple[int, int]:
    """How many coalitions of a state there are in a reader's scope, and how many of them share something."""
    found = coalitions.order_by().aggregate(
        number=Count("pk"), sharing=Count("pk", filter=Q(last__isnull=False))
    )  # fmt: skip
    return found["number"], found["sharing"]


def shared(of: list[rows.Coalition], **fields):
    """The standings that these coalitions share; they are of a page, and so within its reader's memberships."""
    return Standing.objects.shared().filter(coalition__in=[c.id for c in of], **fields)


def quarter_rows(chosen: filters.Filters, of: list[rows.Coalition]) -> list[rows.Row]:
    """What these coalitions share of the chosen quarter and the one before."""
    text = [str(quarter) for quarter in (chosen.quarter, rows.quarter_before(chosen.quarter)) if quarter]
    named = {"slug": chosen.milestone} if chosen.milestone else {"own": False}
    return rows.outside(queries.as_rows(shared(of, quarter_text__in=text, **named)))


def lines(chosen: filters.Filters, of: list[rows.Coalition]) -> list[rows.Row]:
    """What these coalitions share of the chosen milestone over the quarters, from the chosen one on."""
    since = {"quarter_text__gte": str(chosen.since)} if chosen.since else {}
    return rows.outside(queries.as_rows(shared(of, slug=chosen.milestone, **since)))


def sums(user, chosen: filters.Filters, slugs, asked: dict) -> dict[str, crossing.Sum]:
    """What is shared in each state in the chosen quarter, by those coalitions that meet the conditions."""
    fitting = queries.in_scope(user)
    for that in asked.values():
        fitting = fitting.filter(that)
    found = Standing.objects.shared().filter(
        coalition__in=fitting.order_by().values("pk"), quarter_text=str(chosen.quarter), slug__in=slugs
    )
    level = Q(sharing=rows.LEVEL_AND_STORY)
    found = found.order_by().values("coalition__state").annotate(
        some=Count("coalition", distinct=True),
        with_level=Count("coalition", distinct=True, filter=level),
        only_level=Max("level", filter=level),
        only_status=Max("level_status", filter=level),
    )  # fmt: skip
    return {
        row["coalition__state"]: crossing.Sum(
            row["some"], row["with_level"], row["only_level"], row["only_status"] or levels.NOT_SHARED
        )
        for row in found
    }


def steps(chosen: filters.Filters, of: list[rows.Coalition]) -> list[tuple[object, str, dict]]:
    """The next steps that these coalitions share of the chosen quarter: coalition's id, slug of milestone, the step."""
    found = shared(of, quarter_text=str(chosen.quarter)).filter(with_steps(chosen)).order_by("number", "slug")
    kinds = [chosen.kind] if chosen.kind else filters.KINDS
    return [
        (coalition, slug, step)
        for coalition, slug, all_steps in found.values_list("coalition_id", "slug", "steps")
        for step in all_steps
        if step["kind"] in kinds
    ]
