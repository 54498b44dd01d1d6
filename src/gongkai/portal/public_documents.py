"""The documents an organ shows the public."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from gongkai.documents import queries
from gongkai.documents.models import Document
from gongkai.organs.models import Organ


def of(organ: Organ, day: dt.date, words: str = "") -> QuerySet[Document]:
    """What `organ` itself shows on `day`, newest first; `words` narrows by title or number."""
    found = queries.public_documents(day).filter(organ=organ)
    if words:
        found = found.filter(Q(title__icontains=words) | Q(number__icontains=words))
    return found.order_by("-first_released_on", "-pk")
