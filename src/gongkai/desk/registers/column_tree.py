"""The columns of the organs in reach as the trees they form."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gongkai.catalogue import queries
from gongkai.catalogue.models import Column
from gongkai.desk.register import pages
from gongkai.desk.shell.request import DeskRequest
from gongkai.organs import scope
from gongkai.organs.models import Organ

MOST_ORGANS = 40


def tree(request: DeskRequest) -> HttpResponse:
    """Every organ's columns below one another: one query for the organs, one for each organ that has some."""
    register = pages.opened(request, "columns")
    held = scope.rows(request.focus, Column).order_by().values("organ")
    organs = Organ.objects.filter(pk__in=held).order_by("path")[:MOST_ORGANS]
    context = {
        "section": register.section,
        "register": register,
        "crumbs": [*pages.crumbs(register, inner=True), ("", _("栏目树"))],
        "trees": [(organ, queries.tree(organ, retired=True)) for organ in organs],
    }
    return render(request, "desk/registers/column_tree.html", context)
