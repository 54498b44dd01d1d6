from typing import Any

from django.db import migrations


def show_public_titles(apps: Any, schema_editor: Any) -> None:
    """A document's title is now that of its newest public edition: a draft begun since shows in no list."""
    from gongkai.documents.projection import projection_of

    document_model = apps.get_model("documents", "Document")
    drafts = document_model.objects.filter(editions__closed=False, releases__isnull=False).distinct()
    for document in drafts.iterator():
        expected = projection_of(
            document.editions.defer("body", "rich"), document.releases.all(), [], document.title
        ).title
        if document.title != expected:
            document_model.objects.filter(pk=document.pk).update(title=expected)


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_catalogue_data_numbers_files")]

    operations = [migrations.RunPython(show_public_titles, migrations.RunPython.noop)]
