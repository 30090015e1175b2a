"""What is deleted asks nothing of the ballot tables; the database refuses where a ballot hangs on it. No table changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0007_indexes"), ("milestones", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="ballot",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="assessments.assessment"
            ),
        ),
        migrations.AlterField(
            model_name="answer",
            name="indicator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="milestones.indicator"
            ),
        ),
        migrations.AlterField(
            model_name="direction",
            name="milestone",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="milestones.milestone"
            ),
        ),
    ]
