"""Which versions were filed through a match: until now that followed from the printed name."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    versions = apps.get_model("library", "ReadVersion").objects
    for external in apps.get_model("library", "ExternalOrgan").objects.filter(matched__isnull=False):
        filed = versions.filter(
            organ=external.organ_id, report__subject=external.matched_id, printed_organ=external.name
        )
        filed.update(filed_by_match=external)


class Migration(migrations.Migration):
    dependencies = [("library", "0002_matches_and_attempts")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
