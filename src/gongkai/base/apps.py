from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "gongkai.base"
    label = "base"
    verbose_name = "底座"
