"""Every channel written as text becomes a row of the table: a shipped one by its code or name, else one of that name."""

from django.db import migrations

from gongkai.documents.channels import SHIPPED_FROM, ensure_shipped_channels


def fill(apps, schema_editor):
    channel = apps.get_model("documents", "Channel")
    ensure_shipped_channels(channel)
    known = {}
    for row in channel.objects.all():
        known[row.key] = known[row.name] = row
    for kind in ("Release", "ReleasePlan"):
        model = apps.get_model("documents", kind)
        for text in model.objects.order_by().values_list("channel_text", flat=True).distinct():
            name = text.strip() or "其他"
            row = known.get(name)
            if row is None:
                row = known[name] = channel.objects.create(
                    key=f"earlier-{channel.objects.count() + 1}",
                    name=name,
                    category="other",
                    valid_from=SHIPPED_FROM,
                )
            model.objects.filter(channel_text=text).update(channel=row)


def back(apps, schema_editor):
    for name in ("Release", "ReleasePlan"):
        model = apps.get_model("documents", name)
        for row in apps.get_model("documents", "Channel").objects.all():
            model.objects.filter(channel=row).update(channel_text=row.name[:40])


class Migration(migrations.Migration):

    dependencies = [("documents", "0005_channels")]

    operations = [migrations.RunPython(fill, back)]
