from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "gongkai.requests"
    label = "requests"
    verbose_name = "依申请公开"

    def ready(self) -> None:
        from gongkai.organs import calendars
        from gongkai.requests import figures, notices, recompute  # noqa: F401  register measures and handler

        calendars.year_loaded.connect(recompute.after_calendar, dispatch_uid="requests.due-dates")
