"""The addresses of a document's own pages on the desk; everything else of it stands in its registers."""

from django.urls import path

from gongkai.desk.documents import archive, comparing, files, interpreting, writing

urlpatterns = [
    path("editions/<int:pk>/write/", writing.write, name="edition-write"),
    path("documents/<int:pk>/compare/", comparing.compare, name="editions-compare"),
    path("documents/<int:pk>/archive/", archive.download, name="document-archive"),
    path("interpretations/checks/", interpreting.checks, name="interpretation-checks"),
    path("attachments/<int:pk>/file/", files.download, name="attachment-file"),
]
