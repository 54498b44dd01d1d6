"""The public site."""

from django.urls import path

from gongkai.portal.views import apply, check, columns, documents, home, organs, pages, reports, search, track

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("d/<int:pk>/", documents.document, name="document"),
    path("d/<int:pk>/files/<int:number>/<str:name>", documents.document_file, name="document-file"),
    path("policies/", documents.overview, name="policies"),
    path("policies/<slug:kind>/", documents.column, name="policy-column"),
    path("policies/<slug:kind>/feed.xml", documents.feed, name="policy-feed"),
    path("search/", search.search, name="search"),
    path("o/", organs.organs, name="organs"),
    path("o/<slug:code>/", organs.organ, name="organ"),
    path("o/<slug:code>/guide/", organs.organ_guide, name="organ-guide"),
    path("o/<slug:code>/rules/", organs.organ_rules, name="organ-rules"),
    path("o/<slug:code>/content/", organs.organ_content, name="organ-content"),
    path("o/<slug:code>/content/<slug:item>/", columns.item, name="organ-item"),
    path("o/<slug:code>/guide/<int:seq>/", columns.old_guide, name="organ-guide-version"),
    path("o/<slug:code>/profile/", columns.profile, name="organ-profile"),
    path("o/<slug:code>/columns/", columns.tree, name="organ-columns"),
    path("o/<slug:code>/gathered/", columns.gathered, name="organ-gathered"),
    path("o/<slug:code>/c/<slug:slug>/", columns.column, name="column"),
    path("o/<slug:code>/c/<slug:slug>/feed.xml", columns.feed, name="column-feed"),
    path("o/<slug:code>/reports/", organs.organ_reports, name="organ-reports"),
    path("o/<slug:code>/apply/", apply.apply, name="apply"),
    path("apply/", apply.where, name="apply-where"),
    path("track/", track.track, name="track"),
    path("track/lost/", track.lost, name="track-lost"),
    path("track/leave/", track.leave, name="track-leave"),
    path("track/case/<int:pk>/<slug:verb>/", track.act, name="track-act"),
    path("track/files/<int:pk>/", track.download, name="track-file"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<slug:code>/<int:year>/", reports.report, name="report"),
    path("reports/<slug:code>/<int:year>/v<int:number>/", reports.version, name="report-version"),
    path("reports/<slug:code>/<int:year>/v<int:number>/<str:name>", reports.download, name="report-download"),
    path("reports/<slug:code>/<int:year>/v<int:number>/cells/<str:cell>/", reports.cell, name="report-cell"),
    path("check/", check.check, name="check"),
    path("check/json/", check.download, name="check-json"),
    path("reading/<slug:mode>/<slug:to>/", pages.switch_reading, name="reading"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("site-map/", pages.site_map, name="site-map"),
    path("sitemap.xml", pages.sitemap_xml, name="sitemap-xml"),
    path("sitemap-documents-<int:number>.xml", documents.sitemap, name="sitemap-documents"),
    path("robots.txt", pages.robots, name="robots"),
]
