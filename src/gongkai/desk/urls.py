"""The staff workplace. Each room of the desk brings its own addresses; the last line answers for all others."""

from django.urls import include, path, re_path

from gongkai.desk import searching
from gongkai.desk.register import pages as register
from gongkai.desk.registers import calendar_years, column_tree, organ_tree
from gongkai.desk.shell import account
from gongkai.desk.shell import views as shell

app_name = "desk"
urlpatterns = [
    path("", shell.home, name="home"),
    path("sign-in/", shell.sign_in, name="sign-in"),
    path("sign-in/code/", shell.sign_in_code, name="sign-in-code"),
    path("sign-out/", shell.sign_out, name="sign-out"),
    path("organ/", shell.choose_organ, name="choose-organ"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/second-factor/", account.second_factor, name="second-factor"),
    path("account/second-factor/drop/", account.drop_second_factor, name="second-factor-drop"),
    path("account/posts/<int:pk>/delegate/", account.delegate, name="delegate"),
    path("account/delegations/<int:pk>/revoke/", account.revoke, name="revoke"),
    path("search/", searching.search, name="search"),
    path("settings/", register.overview, {"section": "settings"}, name="settings"),
    path("", include("gongkai.desk.cases.urls")),
    path("", include("gongkai.desk.figures.urls")),
    path("", include("gongkai.desk.reports.urls")),
    path("", include("gongkai.desk.library.urls")),
    path("", include("gongkai.desk.rounds.urls")),
    path("", include("gongkai.desk.documents.urls")),
    path("", include("gongkai.desk.review.urls")),
    path("registers/organs/tree/", organ_tree.tree, name="organ-tree"),
    path("registers/columns/tree/", column_tree.tree, name="column-tree"),
    path("registers/calendars/years/", calendar_years.years, name="calendar-years"),
    path("registers/", include("gongkai.desk.register.urls")),
    re_path(r"^.*/$", shell.not_found),
]
