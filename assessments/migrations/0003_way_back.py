"""The way back from *Every voice*: a quarter that collects loses its ballots, and goes on as one rated in a meeting."""

from django.db import migrations


def rate_in_a_meeting(apps, schema_editor):
    collecting = apps.get_model("assessments", "Assessment").objects.filter(stage="collecting")
    collecting.update(stage="discussing", room_sees="meeting_only")


class Migration(migrations.Migration):

    dependencies = [("assessments", "0002_every_voice")]

    operations = [migrations.RunPython(migrations.RunPython.noop, rate_in_a_meeting)]
