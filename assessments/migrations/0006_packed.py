"""Revisions written before are packed from their frozen bodies.

The packing is that of the code, not a copy: what is packed must be what the files read, whichever format that is.
"""

import json

import django.db.models.deletion
from django.db import migrations, models

from assessments.submitting.packed import pack

AT_ONCE = 200


def keep(apps, schema_editor):
    Revision, Packed = (apps.get_model("assessments", name) for name in ("Revision", "Packed"))
    revisions = list(Revision.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(revisions), AT_ONCE):
        rows = Revision.objects.filter(pk__in=revisions[start : start + AT_ONCE])
        Packed.objects.bulk_create(
            Packed(revision_id=pk, **pack(json.loads(body), sha256=sha256, submitted_at=at))
            for pk, body, sha256, at in rows.values_list("pk", "body", "sha256", "submitted_at")
        )


class Migration(migrations.Migration):

    dependencies = [("assessments", "0005_what_standings_keep")]

    operations = [
        migrations.RemoveIndex("revision", "revisions_in_order"),
        migrations.AddIndex(
            "revision",
            models.Index(
                fields=["coalition", "quarter_text", "number", "submitted_at", "id"], name="revisions_in_order"
            ),
        ),
        migrations.AddIndex(
            "standing", models.Index(fields=["revision", "slug", "sharing"], name="sharing_of_a_revision")
        ),
        migrations.CreateModel(
            name="Packed",
            fields=[
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="packed",
                        serialize=False,
                        to="assessments.revision",
                    ),
                ),
                ("form", models.TextField()),
                ("own", models.TextField()),
                ("ratings", models.TextField()),
                ("items", models.TextField()),
                ("standings", models.TextField()),
                ("reasons", models.TextField()),
            ],
            options={"verbose_name": "packed revision", "verbose_name_plural": "packed revisions"},
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
