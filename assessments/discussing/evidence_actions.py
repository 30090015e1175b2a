"""Evidence is added to what was agreed, and taken out again."""

from django.core.files.storage import default_storage
from django.db import transaction

from assessments import guards
from assessments.discussing.saving import was_removed
from assessments.models import RECORDING, Evidence, Revision, Stage
from coalitions import audit

EVIDENCE_STAGES = (Stage.COLLECTING, *RECORDING)


@transaction.atomic
def add_evidence(*, rating, key, file=None, by, **fields) -> Evidence:
    """One thing that backs a rating; a repeat of the form adds it once. `file` has been examined (`files.py`)."""
    assessment = guards.lock(rating.assessment, *EVIDENCE_STAGES)
    if was_removed("remove_evidence", about=rating, evidence=str(key)):
        raise guards.KeyReused(key)
    evidence, is_new = guards.once(Evidence, key, rating=rating, **fields)
    if not is_new and not _is_same_file(evidence.file, file):
        raise guards.KeyReused(key)
    if is_new:
        evidence.added_by = by
        if file:
            evidence.file.save(file.name, file, save=False)
        evidence.save()
        audit.record("add_evidence", about=rating, by=by, coalition=assessment.coalition, evidence=str(evidence.pk))
    return evidence


@transaction.atomic
def remove_evidence(*, rating, key, by) -> bool:
    """Take a piece of evidence out of the record; revisions that hold it, and their files, keep it.

    Whether there is, or was, such a piece: a repeat changes nothing.
    """
    assessment = guards.lock(rating.assessment, *EVIDENCE_STAGES)
    evidence = rating.evidence.filter(pk=key).first()
    if evidence is None:
        return was_removed("remove_evidence", about=rating, evidence=str(key))
    audit.record(
        "remove_evidence", about=rating, by=by, coalition=assessment.coalition, evidence=str(key), shows=evidence.shows
    )
    name = evidence.file.name
    evidence.delete()
    if name and not _is_kept(name, assessment.coalition):
        transaction.on_commit(lambda: default_storage.delete(name))
    return True


def _is_same_file(kept, sent) -> bool:
    """Whether a form that arrived again carries the file that it brought the first time."""
    if not kept or not sent:
        return not kept and not sent
    sent.seek(0)
    with kept.open() as there:
        return there.read() == sent.read()


def _is_kept(name, coalition) -> bool:
    """Whether another piece of evidence or a revision still holds this file."""
    return (
        Evidence.objects.filter(file=name).exists()
        or Revision.objects.filter(coalition=coalition, body__contains=name).exists()
    )
