"""The addresses of the work on requests."""

from django.urls import path, re_path

from gongkai.desk.cases import entry, export, files, page, papers, worklist

urlpatterns = [
    path("today/", worklist.today, name="today"),
    path("cases/", worklist.listing, name="requests"),
    re_path(r"^cases/export\.(?P<kind>csv|xlsx)$", export.export, name="case-export"),
    path("cases/new/", entry.new, name="case-new"),
    path("cases/<int:pk>/", page.case, name="case"),
    path("cases/<int:pk>/files/<int:file_id>/", files.download, name="case-file"),
    path("cases/<int:pk>/<slug:kind>/", papers.paper, name="case-paper"),
]
