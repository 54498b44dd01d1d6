"""双向互联检查: every link between a document and an interpretation that leads nowhere, or only one way."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import attrgetter

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.desk.register import known
from gongkai.desk.registers.interpretations import DUTIES
from gongkai.desk.shell.request import DeskRequest
from gongkai.documents.interpretation import checking
from gongkai.documents.interpretation.checking import Found, Trouble
from gongkai.documents.models import Document
from gongkai.organs import scope

_EXPLAINED = {
    Trouble.ALONE: gettext_lazy("请在解读的登记页上关联所解读的文件。"),
    Trouble.DOCUMENT_GONE: gettext_lazy("请撤下解读，或者改为关联新的文件。"),
    Trouble.INTERPRETATION_GONE: gettext_lazy("须解读的文件，请另行登记解读。"),
    Trouble.ENDED: gettext_lazy("不需要办理，供了解。"),
    Trouble.ONE_WAY: gettext_lazy("请关联两者，或者去掉正文里的链接。"),
    Trouble.EMPTY: gettext_lazy("请补上正文、附件或者链接。"),
}


_ORDER = list(Trouble)
_PAGE = 100


def _place(one: Found) -> int:
    return _ORDER.index(one.trouble)


@require_safe
def checks(request: DeskRequest) -> HttpResponse:
    """The troubles of the documents in scope, by kind."""
    if not known.may_open(request.viewer, DUTIES):
        raise Http404
    found = sorted(checking.troubles(scope.rows(request.focus, Document), clock.today()), key=_place)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    of_each = Counter(one.trouble for one in found)
    context = {
        "section": "documents",
        "crumbs": [
            (reverse("desk:registers"), _("台账")),
            (reverse("desk:register", args=["interpretations"]), _("政策解读")),
            ("", _("检查互相链接")),
        ],
        "groups": [
            (trouble.value, _EXPLAINED[trouble], of_each[trouble], list(lines))
            for trouble, lines in groupby(page, key=attrgetter("trouble"))
        ],
        "page": page,
        "count": sum(one.to_be_mended for one in found),
    }
    return render(request, "desk/documents/interpretation_checks.html", context)
