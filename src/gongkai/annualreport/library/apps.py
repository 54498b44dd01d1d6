from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "gongkai.annualreport.library"
    label = "library"
    verbose_name = "年报库"

    def ready(self) -> None:
        from gongkai.annualreport.library import worklist

        worklist.register()
