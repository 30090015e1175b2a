"""The reading side's pages, by the names that `assessments/urls.py` uses."""

from assessments.reports.views.coalition import preview, revision
from assessments.reports.views.evaluate import codebook, codebook_file, export, export_file
from assessments.reports.views.quarters import completeness, together
from assessments.reports.views.results import results, results_milestone
from assessments.reports.views.shared import shared_coalition, shared_file
from assessments.reports.views.states import state, states

__all__ = [
    "codebook", "codebook_file", "completeness", "export", "export_file", "preview", "results", "results_milestone",
    "revision", "shared_coalition", "shared_file", "state", "states", "together",
]  # fmt: skip
