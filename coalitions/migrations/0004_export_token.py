import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coalitions', '0003_every_voice'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExportToken',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='export_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'export token',
                'verbose_name_plural': 'export tokens',
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('user',), name='one_export_token_in_use')],
            },
        ),
    ]
