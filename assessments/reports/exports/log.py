"""Who took which file away, when and with which filters: a line for each coalition in it, for it to read."""

from django.db import transaction

from assessments.reports.exports.filters import Filters
from assessments.reports.exports.select import InFile
from coalitions.models import AuditEvent

VERB = "export"
AT_ONCE = 500  # lines held in memory


def record_export(*, name: str, filters: Filters, coalitions: list[InFile], by):
    """One act for each coalition in the file; for a file without rows, one that names none."""
    name = f"coded-{name}" if filters.coded else name
    details = {"file": name, "filters": filters.asked(), "language": filters.lang}
    if not coalitions:
        AuditEvent.objects.create(verb=VERB, about="", by=by, details={**details, "revisions": 0})
        return
    with transaction.atomic():
        for start in range(0, len(coalitions), AT_ONCE):
            AuditEvent.objects.bulk_create(
                AuditEvent(
                    verb=VERB,
                    coalition_id=found.coalition_id,
                    about="coalition",
                    about_id=str(found.coalition_id),
                    by=by,
                    details={**details, "revisions": found.revisions},
                )
                for found in coalitions[start : start + AT_ONCE]
            )
