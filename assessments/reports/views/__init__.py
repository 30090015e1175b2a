"""The reading side's pages, by the names that `assessments/urls.py` uses."""

from assessments.reports.views.coalition import preview, revision
from assessments.reports.views.evaluate import codebook, codebook_file, export, export_file
from assessments.reports.views.results import results, results_milestone
from assessments.reports.views.shared import shared_coalition, shared_file
from assessments.reports.views.states import state

# The page `states` takes the name of the module above, so it comes after it.
# isort: split
from assessments.reports.views.crossing import milestone, milestones, shared_next_steps, states

__all__ = [
    "codebook", "codebook_file", "export", "export_file", "milestone", "milestones", "preview", "results",
    "results_milestone", "revision", "shared_coalition", "shared_file", "shared_next_steps", "state", "states",
]  # fmt: skip
