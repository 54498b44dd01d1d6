from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "gongkai.review"
    label = "review"
    verbose_name = "审签"

    def ready(self) -> None:
        from gongkai.review import figures  # noqa: F401  (declares the measures)
