"""The addresses of the house: the portal at the root, the desk under /desk/."""

from django.urls import include, path

urlpatterns = [
    path("desk/", include("gongkai.desk.urls")),
    path("", include("gongkai.portal.urls")),
]
handler400 = "gongkai.portal.views.refusing.bad_request"
