"""Releases from a table: a row for each release of a document, or for a month's count of what nobody recorded one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import imports, tables
from gongkai.base.imports import Report
from gongkai.documents import channel_tallies, queries
from gongkai.documents.channel_figures import VALUES
from gongkai.documents.kinds import Kind
from gongkai.documents.models import STANDING, Document, Release
from gongkai.documents.releasing import release
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.refusals import Refused

CHANNEL, DOCUMENT, ORGAN, ACCOUNT, ON, AT = "渠道", "文件", "机关代码", "账号", "公开日期", "公开时刻"
CARRIER, FORM, COPIES, PLACE, EVENTS = "载体或网址", "形式", "份数", "地点", "场次"
MONTH, NUMBER, KIND, GROUP, NOTE = "月份", "条次", "类型", "组配分类", "说明"
REQUIRED = (CHANNEL,)
OPTIONAL = (
    DOCUMENT, ORGAN, ON, AT, ACCOUNT, CARRIER, FORM, COPIES, PLACE, EVENTS, MONTH, NUMBER, KIND, GROUP,
    NOTE,
)  # fmt: skip
COLUMNS = {
    "channel": CHANNEL,
    "document": DOCUMENT,
    "organ": ORGAN,
    "account": ACCOUNT,
    "on": ON,
    "at": AT,
    "carrier": CARRIER,
    "form": FORM,
    "copies": COPIES,
    "place": PLACE,
    "events": EVENTS,
    "month": MONTH,
    "releases": NUMBER,
    "kind": KIND,
    "group": GROUP,
    "note": NOTE,
}


def import_releases(rows: Iterable[tables.Row], *, by: Actor, dry_run: bool) -> Report:
    """Record a release, or a count, per row of a table as `base.tables.read` gives it; all rows or none.

    文件 is a document's number, index number or whole title; without it the row is a count of 机关代码 in 月份. Channels,
    accounts and forms are written by name. Documents and organs are found only where `by` may work.
    """
    job = _Import(by)
    return imports.run(rows, job.take, dry_run=dry_run, columns=COLUMNS, refusals=(Refused,))


class _Import:
    """One table: what the person may name, and in which post they act where."""

    def __init__(self, by: Actor) -> None:
        self.by = by
        self.viewer = scope.SYSTEM if by.is_machine else (by.viewer or scope.NOBODY)
        self.actors: dict[str, Actor] = {}

    def take(self, _number: int, row: dict[str, str]) -> None:
        if row.get(DOCUMENT):
            self._release(row)
        else:
            self._count(row)

    def _release(self, row: dict[str, str]) -> None:
        document = self._document(row[DOCUMENT], row.get(ORGAN, ""))
        on = _day(row.get(ON, ""))
        if on is None:
            raise ValidationError({"on": _("请填写公开日期。")})
        if row.get(NUMBER) or row.get(MONTH):
            raise ValidationError({"document": _("写了“文件”的是一次公开，不再写“月份”“条次”。")})
        release(
            document,
            by=self._actor(document.path),
            channel=row[CHANNEL],
            on=on,
            at=_time(row.get(AT, "")),
            carrier=row.get(CARRIER, ""),
            account=row.get(ACCOUNT, ""),
            form=_choice("form", Release.Form.choices, row.get(FORM, "")),
            copies=_whole("copies", row.get(COPIES, "")),
            place=row.get(PLACE, ""),
            events=_whole("events", row.get(EVENTS, "")),
        )

    def _count(self, row: dict[str, str]) -> None:
        organ = scope.organs_for(self.viewer, "documents", scope.WORK).filter(code=row.get(ORGAN, "")).first()
        if organ is None:
            raise ValidationError({"organ": _("没有写“文件”的行是按数填报，请写本机关的代码和月份。")})
        try:
            period = channel_tallies.month(row.get(MONTH, ""))
        except ValueError as error:
            raise ValidationError({"month": str(error)}) from error
        channel_tallies.count_releases(
            by=self._actor(organ.path),
            organ=organ,
            channel=row[CHANNEL],
            period=period,
            releases=_whole("releases", row.get(NUMBER, "")),
            copies=_whole("copies", row.get(COPIES, "")),
            events=_whole("events", row.get(EVENTS, "")),
            account=row.get(ACCOUNT, ""),
            kind=_choice("kind", Kind.choices, row.get(KIND, "")),
            form=_choice("form", Release.Form.choices, row.get(FORM, "")),
            group=_choice("group", VALUES["group"](), row.get(GROUP, "")),
            note=row.get(NOTE, ""),
        )

    def _document(self, text: str, organ: str) -> Document:
        rows = scope.rows(self.viewer, Document, scope.WORK).filter(STANDING)
        if organ:
            rows = rows.filter(organ__code=organ)
        try:
            return queries.named(rows, text)
        except ValidationError as error:
            several = error.code == "several"
            also = _("也可以写明机关代码。") if several else _("也可能不在您的办理范围内。")
            raise ValidationError({"document": "".join([*error.messages, also])}) from None

    def _actor(self, path: str) -> Actor:
        """The person in the post that reaches that organ."""
        if self.by.is_machine:
            return self.by
        if path not in self.actors:
            found = actors_for(self.viewer, "documents", path)
            self.actors[path] = found[0] if found else self.by
        return self.actors[path]


def _day(text: str) -> dt.date | None:
    try:
        return tables.parse_date(text)
    except ValueError as error:
        raise ValidationError({"on": str(error)}) from error


def _time(text: str) -> dt.time | None:
    if not text:
        return None
    try:
        return dt.time.fromisoformat(text.replace("：", ":").zfill(5))
    except ValueError:
        raise ValidationError({"at": _("“%(text)s”不是时刻，请写成 09:30。") % {"text": text[:20]}}) from None


def _choice(field: str, choices: Iterable[tuple[str, object]], text: str) -> str:
    if not text:
        return ""
    for value, label in choices:
        if text in (value, str(label)):
            return value
    raise ValidationError({field: _("“%(text)s”不在可选的范围内。") % {"text": text[:20]}})


def _whole(field: str, text: str) -> int | None:
    digits = text.replace(",", "").replace("，", "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit()):
        raise ValidationError({field: _("“%(text)s”不是整数。") % {"text": text[:20]}})
    return int(digits)
