"""All figures of one coalition's page, by name."""

from collections.abc import Mapping

from assessments.reports import figures_levels, figures_steps, figures_time, figures_voices, heard_rows, rows
from assessments.reports.figures import Figure
from assessments.reports.page import CoalitionPage


def of_page(page: CoalitionPage, heard: heard_rows.Page | None = None) -> dict[str, Figure]:
    """The figures of a page; inside, who took part and the two sides come from what was heard."""
    voices = figures_voices.of_heard(heard, page.coalition) if heard else figures_voices.of_page(page)
    found = [figures_levels.of_page(page), voices, figures_steps.of_page(page), figures_time.of_page(page)]
    return {name: figure for part in found for name, figure in part.items()}


def of_heard(heard: heard_rows.Page, coalition: rows.Coalition) -> dict[str, Figure]:
    """The figures of a closed quarter whose record is not submitted yet."""
    return figures_voices.of_heard(heard, coalition)


def named(found: Mapping[str, Figure], name: str) -> Figure | None:
    """The figure with this name in its address."""
    return next((figure for figure in found.values() if figure.name == name), None)
