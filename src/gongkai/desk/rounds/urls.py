"""The addresses of collecting."""

from django.urls import path

from gongkai.desk.rounds import collecting, listing, owed, sheets

urlpatterns = [
    path("rounds/", listing.rounds, name="rounds"),
    path("rounds/open/", listing.open_round, name="round-open"),
    path("rounds/sheets/new/", sheets.new, name="sheet-new"),
    path("rounds/sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("rounds/sheets/<int:pk>/open/", sheets.open_period, name="sheet-open"),
    path("rounds/sheets/<int:pk>/end/", sheets.end, name="sheet-end"),
    path("rounds/duties/<int:pk>/", owed.duty, name="duty"),
    path("rounds/duties/<int:pk>/do/<slug:verb>/", owed.act, name="duty-act"),
    path("rounds/duties/<int:pk>/fill/", owed.fill, name="duty-fill"),
    path("rounds/duties/<int:pk>/counted/", owed.counted, name="duty-counted"),
    path("rounds/duties/<int:pk>/figures/<int:place>/", owed.figure, name="duty-figure"),
    path("rounds/<int:pk>/", collecting.round_, name="round"),
    path("rounds/<int:pk>/do/<slug:verb>/", collecting.act, name="round-act"),
    path("rounds/<int:pk>/chosen/<slug:verb>/", collecting.act_on_chosen, name="round-chosen"),
    path("rounds/<int:pk>/export.xlsx", collecting.export, name="round-export"),
]
