from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "gongkai.figures"
    label = "figures"
    verbose_name = "数据"
