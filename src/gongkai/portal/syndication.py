"""A list as RSS, for readers who follow it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed

from gongkai.base import clock
from gongkai.documents.models import Document

MOST = 30


def summary(row: Document) -> str:
    """What a feed says of a document: its summary, or who issued it under which number."""
    return row.summary or f"{row.organ.name} {row.number}".strip()


def rss(
    request: HttpRequest,
    *,
    title: str,
    path: str,
    description: str,
    rows: Iterable[Document],
    said: Callable[[Document], str] = summary,
) -> HttpResponse:
    """The documents as a feed, each with the day it came out; `path` is the page the feed belongs to."""
    made = Rss201rev2Feed(
        title=title,
        link=request.build_absolute_uri(path),
        description=description,
        language="zh-cn",
        feed_url=request.build_absolute_uri(),
    )
    for row in rows:
        address = request.build_absolute_uri(reverse("portal:document", args=[row.pk]))
        made.add_item(
            title=row.title,
            link=address,
            description=said(row),
            unique_id=address,
            author_name=row.organ.name,
            pubdate=dt.datetime.combine(row.first_released_on or row.made_on, dt.time(), clock.SHANGHAI),
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")
