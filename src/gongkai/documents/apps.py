from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "gongkai.documents"
    label = "documents"
    verbose_name = "政府信息"

    def ready(self) -> None:
        from gongkai.documents import figures  # noqa: F401  (declares the measures)
        from gongkai.documents.reviewing import EditionSubject
        from gongkai.review import subjects

        subjects.register(EditionSubject())
