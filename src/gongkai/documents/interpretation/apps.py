from django.apps import AppConfig


class InterpretationConfig(AppConfig):
    name = "gongkai.documents.interpretation"
    label = "interpretation"
    verbose_name = "政策解读"

    def ready(self) -> None:
        from gongkai.documents import companions
        from gongkai.documents.interpretation import figures  # noqa: F401  (declares the measures)
        from gongkai.documents.interpretation.signed_with import of_edition

        companions.register("interpretation", of_edition)
