"""The files of a report version, for its page."""

from __future__ import annotations

from typing import Any

from django import template

from gongkai.annualreport import queries
from gongkai.annualreport.models import ReportVersion

register = template.Library()


@register.inclusion_tag("desk/reports/prints.html")
def report_prints(version: ReportVersion) -> dict[str, Any]:
    """Word and PDF to download, or why one is missing."""
    from gongkai.desk.reports import prints

    return {"files": prints.offered(version), "draft": version.state not in queries.FINAL}
