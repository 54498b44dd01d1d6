from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "gongkai.requests"
    label = "requests"
    verbose_name = "依申请公开"

    def ready(self) -> None:
        from gongkai.organs import calendars
        from gongkai.requests import figures, notices, recompute  # noqa: F401  register measures and handler
        from gongkai.requests.reviewing import AnswerSubject
        from gongkai.review import subjects

        subjects.register(AnswerSubject())

        calendars.year_loaded.connect(recompute.after_calendar, dispatch_uid="requests.due-dates")
