from django.apps import AppConfig


class AnnualreportConfig(AppConfig):
    name = "gongkai.annualreport"
    label = "annualreport"
    verbose_name = "年度报告"
