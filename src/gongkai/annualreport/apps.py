from django.apps import AppConfig


class AnnualreportConfig(AppConfig):
    name = "gongkai.annualreport"
    label = "annualreport"
    verbose_name = "年度报告"

    def ready(self) -> None:
        from gongkai.annualreport import queries
        from gongkai.annualreport.reviewing import ReportSubject
        from gongkai.requests.actions import frozen_by
        from gongkai.review import subjects

        subjects.register(ReportSubject())
        frozen_by(queries.counts_case)
