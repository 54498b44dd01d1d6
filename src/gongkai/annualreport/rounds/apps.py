from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "gongkai.annualreport.rounds"
    label = "rounds"
    verbose_name = "报送"

    def ready(self) -> None:
        from gongkai.annualreport import compile
        from gongkai.annualreport.rounds import queries

        compile.accepted_by(queries.acceptances)
