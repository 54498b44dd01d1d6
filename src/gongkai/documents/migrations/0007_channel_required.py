import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("documents", "0006_channels_filled")]

    operations = [
        migrations.AlterField(
            model_name='release',
            name='channel',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='documents.channel', verbose_name='渠道'),
        ),
        migrations.AlterField(
            model_name='releaseplan',
            name='channel',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.channel', verbose_name='渠道'),
        ),
        migrations.AlterField(
            model_name='release', name='channel_text', field=models.CharField(default='', max_length=40)
        ),
        migrations.AlterField(
            model_name='releaseplan', name='channel_text', field=models.CharField(default='', max_length=40)
        ),
        migrations.RemoveField(model_name='release', name='channel_text'),
        migrations.RemoveField(model_name='releaseplan', name='channel_text'),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(fields=['on', 'channel'], name='documents_r_on_771448_idx'),
        ),
    ]
