from typing import Any

from django.apps import AppConfig
from django.apps import apps as current_apps
from django.db.models.signals import post_migrate


class RemediesConfig(AppConfig):
    name = "gongkai.remedies"
    label = "remedies"
    verbose_name = "复议诉讼"

    def ready(self) -> None:
        from gongkai.remedies import figures  # noqa: F401  (declares the measures)

        post_migrate.connect(_fill_result_rules, sender=self, dispatch_uid="remedies.result_rules")


def _fill_result_rules(apps: Any = current_apps, **_signal: Any) -> None:
    """Every database has the kinds of result of the law, also after `flush`."""
    from gongkai.remedies.results import ensure_defaults

    try:
        model = apps.get_model("remedies", "ResultRule")
    except LookupError:  # migrated back to nothing
        return
    ensure_defaults(model)
