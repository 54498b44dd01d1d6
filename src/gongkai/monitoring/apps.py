from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "gongkai.monitoring"
    label = "monitoring"
    verbose_name = "网站登记"

    def ready(self) -> None:
        from gongkai.base import hosts
        from gongkai.monitoring import (
            figures,  # noqa: F401  (declares the measures)
            hosting,
        )

        hosts.also(hosting.hosts)
