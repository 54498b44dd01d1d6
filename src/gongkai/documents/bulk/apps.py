from django.apps import AppConfig


class BulkConfig(AppConfig):
    name = "gongkai.documents.bulk"
    label = "bulk"
    verbose_name = "文件批量导入"

    def ready(self) -> None:
        from gongkai.documents.bulk import batches

        batches.register()
