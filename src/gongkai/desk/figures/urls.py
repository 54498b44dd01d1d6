"""The addresses of the figures browser."""

from django.urls import path

from gongkai.desk.figures import pages

urlpatterns = [
    path("figures/", pages.overview, name="figures"),
    path("figures/<str:key>/", pages.measure, name="figure"),
    path("figures/<str:key>/records/", pages.records, name="figure-records"),
    path("figures/<str:key>/export.csv", pages.export, name="figure-export"),
]
