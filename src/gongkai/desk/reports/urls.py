"""The addresses of the annual reports."""

from django.urls import path

from gongkai.desk.reports import cell, importing, listing, page, prints, writing

urlpatterns = [
    path("reports/", listing.reports, name="reports"),
    path("reports/open/", listing.open_report, name="report-open"),
    path("reports/import/", importing.import_report, name="report-import"),
    path("reports/<int:pk>/", page.current, name="report"),
    path("reports/<int:pk>/v<int:number>/", page.version, name="report-version"),
    path("reports/<int:pk>/v<int:number>/do/<slug:verb>/", page.act, name="report-act"),
    path("reports/<int:pk>/v<int:number>/write/<str:place>/", writing.box, name="report-write"),
    path("reports/<int:pk>/v<int:number>/cells/<str:cell>/", cell.cell, name="report-cell"),
    path("reports/<int:pk>/v<int:number>/print/<slug:kind>/", prints.download, name="report-print"),
]
