"""An index that no question asks for, and that led SQLite through all of a milestone, goes. The one by which files find
their revisions names the assessment too: whether it asked its members, and which revision is its last, without a row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0006_packed")]

    operations = [
        migrations.AlterField(
            model_name="standing", name="slug", field=models.SlugField(db_index=False, max_length=60)
        ),
        migrations.RemoveIndex("revision", "revisions_in_order"),
        migrations.AddIndex(
            "revision",
            models.Index(
                fields=["coalition", "quarter_text", "number", "submitted_at", "assessment", "id"],
                name="revisions_in_order",
            ),
        ),
    ]
