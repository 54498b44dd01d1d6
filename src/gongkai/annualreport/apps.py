from django.apps import AppConfig


class AnnualreportConfig(AppConfig):
    name = "gongkai.annualreport"
    label = "annualreport"
    verbose_name = "年度报告"

    def ready(self) -> None:
        from gongkai.annualreport import queries
        from gongkai.requests.actions import frozen_by

        frozen_by(queries.counts_case)
