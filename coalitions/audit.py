"""One appended line per act."""

from coalitions.models import AuditEvent


def record(verb: str, *, about, by, coalition=None, **details) -> AuditEvent:
    """Append one act, inside the transaction of the change it tells of."""
    return AuditEvent.objects.create(
        verb=verb,
        about=type(about)._meta.model_name if about is not None else "",
        about_id=str(about.pk) if about is not None else "",
        by=by,
        coalition=coalition if coalition is not None else getattr(about, "coalition", None),
        details=details,
    )


def history(about):
    """The acts on one thing, latest first."""
    return AuditEvent.objects.filter(about=type(about)._meta.model_name, about_id=str(about.pk)).select_related("by")
