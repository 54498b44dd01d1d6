from django.apps import AppConfig


class RenderingConfig(AppConfig):
    name = "gongkai.annualreport.rendering"
    label = "rendering"
    verbose_name = "年度报告文件"

    def ready(self) -> None:
        from gongkai.annualreport.rendering import prints
        from gongkai.base import outbox

        outbox.handles(prints.TOPIC)(prints.carry_out)
