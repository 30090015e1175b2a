"""An index that no question asks for, and that led SQLite through all of a milestone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0006_packed")]

    operations = [
        migrations.AlterField(
            model_name="standing", name="slug", field=models.SlugField(db_index=False, max_length=60)
        ),
    ]
