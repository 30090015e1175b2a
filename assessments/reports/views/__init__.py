"""The reading side's pages, by the names that `assessments/urls.py` uses."""

from assessments.reports.views.coalition import preview, revision
from assessments.reports.views.evaluate import codebook, codebook_file, export, export_file
from assessments.reports.views.report import print_report, print_report_pdf, shared_coalition_pdf, state_pdf
from assessments.reports.views.results import results, results_milestone
from assessments.reports.views.shared import shared_coalition, shared_file
from assessments.reports.views.states import state, states

__all__ = [
    "codebook", "codebook_file", "export", "export_file", "preview", "print_report", "print_report_pdf", "results",
    "results_milestone", "revision", "shared_coalition", "shared_coalition_pdf", "shared_file", "state", "state_pdf",
    "states",
]  # fmt: skip
