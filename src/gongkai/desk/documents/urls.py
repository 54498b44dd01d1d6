"""The addresses of a document's own pages on the desk; everything else of it stands in its registers."""

from django.urls import path

from gongkai.desk.documents import archive, bulk, comparing, files, interpreting, writing

urlpatterns = [
    path("editions/<int:pk>/write/", writing.write, name="edition-write"),
    path("documents/<int:pk>/compare/", comparing.compare, name="editions-compare"),
    path("documents/<int:pk>/archive/", archive.download, name="document-archive"),
    path("interpretations/checks/", interpreting.checks, name="interpretation-checks"),
    path("attachments/<int:pk>/file/", files.download, name="attachment-file"),
    path("documents/bulk/", bulk.overview, name="documents-bulk"),
    path("documents/bulk/template.xlsx", bulk.template, name="documents-bulk-template"),
    path("documents/bulk/export.<slug:kind>", bulk.export, name="documents-bulk-export"),
    path("documents/bulk/<int:pk>/", bulk.batch, name="documents-batch"),
    path("documents/bulk/<int:pk>/confirm/", bulk.confirm, name="documents-batch-confirm"),
    path("documents/bulk/<int:pk>/stop/", bulk.stop, name="documents-batch-stop"),
    path("documents/bulk/<int:pk>/problems.csv", bulk.problems, name="documents-batch-problems"),
]
