"""The addresses of the library of read reports."""

from django.urls import path

from gongkai.desk.library import beside, copied, importing, jumps, report, shelf, taking, years

urlpatterns = [
    path("library/", shelf.reports, name="library"),
    path("library/unclaimed/", shelf.unclaimed, name="library-unclaimed"),
    path("library/import/", importing.give, name="library-import"),
    path("library/intakes/<int:pk>/", importing.intake, name="library-intake"),
    path("library/versions/<int:pk>/", report.version, name="library-version"),
    path("library/versions/<int:pk>/claim/", report.claim, name="library-claim"),
    path("library/versions/<int:pk>/reread/", report.reread, name="library-reread"),
    path("library/versions/<int:pk>/original/", report.original, name="library-original"),
    path("library/organs/<slug:key>/", years.organ, name="library-organ"),
    path("library/organs/<slug:key>/match/", years.match, name="library-match"),
    path("library/organs/<slug:key>/unmatch/", years.unmatch, name="library-unmatch"),
    path("library/compare/", beside.compare, name="library-compare"),
    path("library/compare/export.csv", beside.export, name="library-compare-export"),
    path("library/outliers/", jumps.outliers, name="library-outliers"),
    path("library/alike/", copied.alike, name="library-alike"),
    path("library/alike/<slug:section>/<slug:one>/<slug:other>/", copied.pair, name="library-pair"),
    path("library/export/", taking.take, name="library-export"),
    path("library/export/<slug:shape>.<slug:kind>", taking.download, name="library-download"),
    path("library/dictionary.csv", taking.dictionary, name="library-dictionary"),
]
