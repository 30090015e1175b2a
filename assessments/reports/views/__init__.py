"""The reading side's pages, by the names that `assessments/urls.py` uses."""

from assessments.reports.views.coalition import preview, revision
from assessments.reports.views.evaluate import codebook, codebook_file, export, export_file
from assessments.reports.views.figures import results_figure, shared_figure
from assessments.reports.views.results import results, results_milestone
from assessments.reports.views.shared import shared_coalition, shared_file
from assessments.reports.views.states import state, states

__all__ = [
    "codebook", "codebook_file", "export", "export_file", "preview", "results", "results_milestone", "revision",
    "results_figure", "shared_coalition", "shared_figure", "shared_file", "state", "states",
]  # fmt: skip
