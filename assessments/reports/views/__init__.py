"""The reading side's pages, by the names that `assessments/urls.py` uses."""

from assessments.reports.views.coalition import preview, revision
from assessments.reports.views.evaluate import (
    codebook,
    codebook_file,
    codebook_markdown,
    export,
    export_token,
    export_token_revoke,
    own_files,
)
from assessments.reports.views.figures import (
    milestone_figure,
    next_steps_figure,
    results_figure,
    shared_figure,
    states_figure,
    together_figure,
)
from assessments.reports.views.quarters import completeness, together
from assessments.reports.views.report import print_report, print_report_pdf, shared_coalition_pdf, state_pdf
from assessments.reports.views.results import results, results_milestone
from assessments.reports.views.shared import shared_coalition, shared_file
from assessments.reports.views.states import state
from assessments.reports.views.taking import (
    export_by_link,
    export_file,
    export_package,
    export_package_by_link,
    own_file,
)

# The page `states` takes the name of the module above, so it comes after it.
# isort: split
from assessments.reports.views.crossing import milestone, milestones, shared_next_steps, states

__all__ = [
    "codebook", "codebook_file", "codebook_markdown", "completeness", "export", "export_by_link", "export_file",
    "export_package", "export_package_by_link", "export_token", "export_token_revoke", "milestone",
    "milestone_figure", "milestones", "next_steps_figure", "own_file", "own_files", "preview", "print_report",
    "print_report_pdf", "results", "results_figure", "results_milestone", "revision", "shared_coalition",
    "shared_coalition_pdf", "shared_figure", "shared_file", "shared_next_steps", "state", "state_pdf", "states",
    "states_figure", "together", "together_figure",
]  # fmt: skip
