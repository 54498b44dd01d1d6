"""The organs as the tree they form."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.desk.register import pages
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import queries


def tree(request: DeskRequest) -> HttpResponse:
    """Every organ in scope that stands today, below the one it belongs to: one query."""
    register = pages.opened(request, "organs")
    context = {
        "section": register.section,
        "register": register,
        "crumbs": [*pages.crumbs(register, inner=True), ("", _("机关树"))],
        "nodes": queries.tree(request.focus, clock.today()),
    }
    return render(request, "desk/registers/organ_tree.html", context)
