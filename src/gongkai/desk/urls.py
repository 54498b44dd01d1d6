"""The staff workplace. Each room of the desk brings its own addresses; the last line answers for all others."""

from django.urls import include, path, re_path

from gongkai.desk.shell import views as shell

app_name = "desk"
urlpatterns = [
    path("", shell.home, name="home"),
    path("sign-in/", shell.sign_in, name="sign-in"),
    path("sign-out/", shell.sign_out, name="sign-out"),
    path("organ/", shell.choose_organ, name="choose-organ"),
    path("registers/", include("gongkai.desk.register.urls")),
    re_path(r"^.*/$", shell.not_found),
]
