from typing import Any

from django.apps import AppConfig
from django.apps import apps as current_apps
from django.db.models.signals import post_migrate


class DocumentsConfig(AppConfig):
    name = "gongkai.documents"
    label = "documents"
    verbose_name = "政府信息"

    def ready(self) -> None:
        from gongkai.documents import channel_figures, figures, offer_figures  # noqa: F401  (declares the measures)
        from gongkai.documents.reviewing import EditionSubject
        from gongkai.review import subjects

        subjects.register(EditionSubject())
        post_migrate.connect(_fill_value_lists, sender=self, dispatch_uid="documents.value_lists")


def _fill_value_lists(apps: Any = current_apps, **_signal: Any) -> None:
    """Every database has the shipped value lists, also after `flush`."""
    from gongkai.documents.channels import ensure_shipped_channels
    from gongkai.documents.classifying import ensure_shipped

    for name, ensure in (("Classification", ensure_shipped), ("Channel", ensure_shipped_channels)):
        try:
            model = apps.get_model("documents", name)
        except LookupError:  # migrated back to before there were any
            continue
        ensure(model)
