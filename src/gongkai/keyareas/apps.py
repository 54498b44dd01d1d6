from django.apps import AppConfig


class KeyareasConfig(AppConfig):
    name = "gongkai.keyareas"
    label = "keyareas"
    verbose_name = "行政行为台账"

    def ready(self) -> None:
        from gongkai.keyareas import figures  # noqa: F401  (declares the measures)
