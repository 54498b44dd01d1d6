"""The addresses of every register."""

from django.urls import path, re_path

from gongkai.desk.register import doing, export, importing, pages

urlpatterns = [
    path("", pages.overview, name="registers"),
    path("<slug:key>/", pages.listing, name="register"),
    re_path(r"^(?P<key>[-\w]+)/export\.(?P<kind>csv|xlsx)$", export.export, name="register-export"),
    path("<slug:key>/new/<slug:action>/", doing.create, name="register-create"),
    path("<slug:key>/bulk/<slug:action>/", doing.bulk, name="register-bulk"),
    path("<slug:key>/import/", importing.preview, name="register-import"),
    path("<slug:key>/import/errors.csv", importing.errors, name="register-import-errors"),
    path("<slug:key>/import/template.xlsx", importing.template, name="register-import-template"),
    path("<slug:key>/import/confirm/", importing.confirm, name="register-import-confirm"),
    path("<slug:key>/<int:pk>/", pages.record, name="register-record"),
    path("<slug:key>/<int:pk>/<slug:action>/", doing.act, name="register-act"),
]
