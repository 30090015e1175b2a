"""A figure of a page across states: every row says whose it is, and its files say who is left out, and why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments import levels
from assessments.quarters import Quarter
from assessments.reports import filters, rows, sentences
from assessments.reports.figures import Column, Figure, level_said, status_in_files


class Later(Sequence):
    """Rows that are made when a file or a table asks for them, and not for a page that shows them in its own way."""

    def __init__(self, make: Callable[[], list]):
        self.make, self.made = make, None

    def all(self) -> list:
        if self.made is None:
            self.made = self.make()
        return self.made

    def __getitem__(self, at):
        return self.all()[at]

    def __len__(self):
        return len(self.all())


@dataclass(frozen=True, kw_only=True)
class Across(Figure):
    """One figure of many coalitions; `scope` is what it is of, `stem` what its file names begin with."""

    scope: str
    coalition: None = None
    sample: bool = False
    stem: str = "states"
    own_table: bool = True  # whether the page shows the rows as a table of its own below what is drawn
    by: str = ""  # whose words its source names, where not those of what is shared
    left_out: tuple[str, ...] = ()  # said by the files; the page says it in its own place

    note_lines = 0

    @property
    def fixed(self) -> dict:
        return {}

    @property
    def is_sample(self) -> bool:
        return self.sample

    @property
    def whose(self) -> str:
        return self.scope

    @property
    def said_by(self) -> str:
        return self.by or _("what coalitions share")

    @property
    def slug(self) -> str:
        return self.stem

    @property
    def table_rows(self) -> SafeString:
        """The rows of the page's table; written here, since there may be hundreds."""
        return format_html_join(
            "",
            '<tr><th scope="row">{}</th>{}</tr>',
            (
                (cells[0], format_html_join("", "<td>{}</td>", ((cell,) for cell in cells[1:])))
                for _row, cells in self.table
            ),
        )

    @property
    def all_notes(self) -> tuple[str, ...]:
        return (*self.notes, *self.left_out)


def whose_columns() -> tuple[Column, ...]:
    """The columns that say whose a row is and of when; on the page one, the coalition with its state."""
    return (
        Column("state_code"),
        Column("state_name"),
        Column("coalition_name", _("Coalition"), said_whose),
        Column("sample_data"),
        Column("quarter"),
        Column("quarter_start"),
    )


def said_whose(row: Mapping) -> str:
    return f"{row['coalition_name']}, {row['state_name']}"


def of_whom(coalition: rows.Coalition, quarter: Quarter) -> dict:
    """The values of `whose_columns`."""
    return {
        "state_code": coalition.state,
        "state_name": coalition.state_name,
        "coalition_name": coalition.name,
        "sample_data": int(coalition.sample),
        "quarter": str(quarter),
        "quarter_start": quarter.start.isoformat(),
    }


def of_level(level: int | None, status: str, core_only: bool = False) -> dict:
    """The columns of one level, with the rule that made it."""
    rule = levels.NO_RULE if level is None else levels.CORE_ONLY if core_only else levels.LOWER_MEDIAN
    return {
        "level": level,
        "level_name": sentences.level_word(level),
        "level_status": status_in_files(status),
        "level_rule": rule,
        "status": status,
    }


def said_of_level(row: Mapping) -> str:
    """A level in words, with its number and whether one question stands for it; or why there is none."""
    if row["level"] is None:
        return sentences.standing(None, row["status"])
    return f"{level_said(row)}, {_('core only')}" if row["level_rule"] == levels.CORE_ONLY else level_said(row)


def left_out(not_shown: Iterable, chips: Iterable = ()) -> tuple[str, ...]:
    """What a view leaves out, as its files say it: what was chosen, and each coalition that is not shown, by name."""
    chosen = "; ".join(label for label, _url in chips)
    found = [_("Chosen: %(filters)s.") % {"filters": chosen}] if chosen else []
    for part in not_shown:
        names = "; ".join(f"{coalition.name} ({coalition.state_name})" for coalition in part.coalitions)
        found.append(_("Not shown. %(why)s: %(names)s.") % {"why": part.why, "names": names})
    return tuple(found)


def when(quarter: str, page=None) -> str:
    """The quarter, and which page of how many, where there are several."""
    if page is None or not page.has_other_pages():
        return quarter
    of_page = _("Page %(number)s of %(count)s") % {"number": page.number, "count": page.paginator.num_pages}
    return f"{quarter} · {of_page}"


def milestone_columns() -> tuple[Column, ...]:
    return Column("milestone_number"), Column("milestone_slug"), Column("milestone_name")


@dataclass(frozen=True)
class View:
    """What all figures of one view have in common; `names` are the milestones by slug, in their order."""

    chosen: filters.Filters
    names: Mapping[str, str]
    not_shown: Sequence = ()
    chips: Sequence[tuple[str, str]] = ()
    page: object = None
    sample: bool = False
    stem: str = "states"
    earlier: str = ""  # the quarter before, in words
    numbers: dict[str, int] = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "numbers", {slug: at for at, slug in enumerate(self.names, 1)})

    @property
    def slugs(self) -> list[str]:
        return [self.chosen.milestone] if self.chosen.milestone else list(self.names)

    @property
    def milestone(self) -> str:
        """The milestone it is of, in words; empty where it is of all of them."""
        return self.names.get(self.chosen.milestone, "")

    def figure(self, **fields) -> Across:
        """A figure of this view; the rows are made when they are asked for."""
        quarter = self.chosen.quarter if self.chosen.of_quarter else None
        fields = {
            "topic": self.topic(),
            "scope": self.milestone or _("All milestones"),
            "when": when(self.chosen.quarter.label, self.page),
            "quarter": quarter,
            "sample": self.sample,
            "stem": self.stem,
            "left_out": left_out(self.not_shown, self.chips),
            **fields,
        }
        return Across(**{**fields, "rows": Later(fields["rows"])})

    def topic(self) -> str:
        if self.milestone:
            return f"{self.milestone}, {self.chosen.quarter.label}"
        return _("What is shared of %(quarter)s") % {"quarter": self.chosen.quarter.label}

    def of_milestone(self, slug: str) -> dict:
        return {
            "milestone_number": self.numbers.get(slug),
            "milestone_slug": slug,
            "milestone_name": self.names.get(slug, ""),
        }
