"""From the cells of a row to what they say: days, words of choices, lines in step. Knows no database beyond two look-ups."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from gongkai.base.tables import parse_date
from gongkai.documents import describing, richtext
from gongkai.documents.bulk.columns import DEFAULT_CHANNEL, HEADERS
from gongkai.documents.bulk.reading import LARGEST_CELL, TOO_LONG
from gongkai.documents.describing import Filled
from gongkai.documents.kinds import Kind
from gongkai.documents.models import Attachment, Classification, Edition, Openness, Release, Validity
from gongkai.organs.models import Organ

_SEVERAL = re.compile(r"[;；、\n]+")
_FILES = re.compile(r"[;；\n]+")
_TIME = re.compile(r"(\d{1,2})[:：时](\d{2})(?:[:：]\d{2})?分?")
_UNSAFE = re.compile(
    r"<\s*(?:script|iframe|object|embed|form|svg)\b|\son[a-z]+\s*=|javascript:", re.IGNORECASE
)
_NOTHING = ("—", "-", "－", "无")  # stands where a line of a group is blank
CUT = "【正文过长，未导出：请改用 CSV 或者 JSON】"
LEFT_OUT = "【内容过长，这里没有保留：请从原来的表格补上】"
_RELEASE = (
    "released_on",
    "released_at",
    "channel",
    "account",
    "form",
    "link",
    "copies",
    "place",
    "events",
    "withdrawn_on",
    "withdrawn_why",
)
ROLES = {
    "annexes": Attachment.Role.ANNEX,
    "images": Attachment.Role.IMAGE,
    "originals": Attachment.Role.ORIGINAL,
}


@dataclass(frozen=True)
class Change:
    """One change of validity, as the row says."""

    kind: str
    on: dt.date
    decided_by: str = ""
    note: str = ""


@dataclass(frozen=True)
class Shown:
    """One release, as the row says, and its withdrawal."""

    channel: str
    on: dt.date
    at: dt.time | None = None
    account: str = ""
    form: str = ""
    carrier: str = ""
    copies: int | None = None
    place: str = ""
    events: int | None = None
    until: dt.date | None = None
    reason: str = ""


@dataclass
class Draft:
    """A row as understood. `notes`: what was left out of it."""

    row: int
    organ: Organ
    kind: str
    title: str
    made_on: dt.date
    number: str = ""
    index_no: str = ""
    key: str = ""
    body: str = ""
    rich: str = ""
    attribute: str = Edition.Attribute.OPEN
    attribute_reason: str = ""
    catalogue: dict[str, Any] = field(default_factory=dict)
    co_organs: tuple[str, ...] = ()
    appointments: tuple[Filled, ...] = ()
    changes: tuple[Change, ...] = ()
    releases: tuple[Shown, ...] = ()
    files: tuple[tuple[str, str], ...] = ()  # role and name
    notes: tuple[str, ...] = ()


class Lookups(Protocol):
    """What cells name. Both raise ValidationError with a sentence."""

    def organ(self, text: str) -> Organ: ...

    def classification(self, scheme: str, text: str) -> Classification: ...


class Wrong(Exception):
    """Everything that is wrong with a row: sentences by column header."""

    def __init__(self, found: list[str]) -> None:
        super().__init__("；".join(found))
        self.words = "；".join(dict.fromkeys(found))


def draft(number: int, row: Mapping[str, str], look: Lookups) -> Draft:
    """What the row says. Raises Wrong with every mistake in it, not only the first."""
    return _Reader(number, row, look).draft()


class _Reader:
    def __init__(self, number: int, row: Mapping[str, str], look: Lookups) -> None:
        self._number, self._row, self._look = number, row, look
        self._wrong: list[str] = []
        self._notes: list[str] = []

    def draft(self) -> Draft:
        for key, text in self._row.items():
            if text == TOO_LONG:
                self._say(
                    key,
                    _("超过 %(most)d 万字，没有读取；大段内容请作为附件") % {"most": LARGEST_CELL // 10_000},
                )
            elif text.startswith(LEFT_OUT):
                self._say(key, _("问题表中没有保留原来的内容，请补上"))
        if self._wrong:
            raise Wrong(self._wrong)
        organ = self._organ()
        kind = self._of("kind", _choice(Kind))
        made_on = self._of("made_on", parse_date)
        for key, found in (
            ("kind", kind),
            ("title", self._text("title")),
            ("made_on", made_on),
        ):
            if not found and not self._row.get(key):
                self._say(key, _("没有填写"))
        body, rich = self._body()
        attribute = self._of("attribute", _choice(Edition.Attribute)) or Edition.Attribute.OPEN
        catalogue = self._catalogue()
        changes, releases = self._changes(), self._releases()
        appointments = self._of("appointments", _appointments) or ()
        if self._wrong or organ is None:
            raise Wrong(self._wrong)
        return Draft(
            row=self._number,
            organ=organ,
            kind=kind,
            title=self._text("title"),
            made_on=made_on,
            number=self._text("number"),
            index_no=self._text("index_no"),
            key=self._text("key"),
            body=body,
            rich=rich,
            attribute=attribute,
            attribute_reason=self._text("attribute_reason"),
            catalogue=catalogue,
            co_organs=tuple(dict.fromkeys(_parts(_SEVERAL, self._text("co_organs")))),
            appointments=tuple(appointments),
            changes=changes,
            releases=releases,
            files=tuple(
                (role, name) for key, role in ROLES.items() for name in _parts(_FILES, self._text(key))
            ),
            notes=tuple(self._notes),
        )

    def _organ(self) -> Organ | None:
        """The one the cell names, or the one given for the whole table."""
        try:
            return self._look.organ(self._text("organ"))
        except ValidationError as error:
            self._say("organ", "".join(error.messages))
            return None

    def _text(self, key: str) -> str:
        return self._row.get(key, "").strip()

    def _of(self, key: str, read: Callable[[str], Any]) -> Any:
        """What `read` makes of a cell."""
        return self._read(key, self._text(key), read)

    def _read(self, key: str, text: str, read: Callable[[str], Any]) -> Any:
        """What `read` makes of a text of a column; None for a blank one and for one that is wrong, which is then said."""
        if not text:
            return None
        try:
            return read(text)
        except ValidationError as error:
            self._say(key, "".join(error.messages))
        except ValueError as error:
            self._say(key, str(error))
        return None

    def _say(self, key: str, words: str) -> None:
        self._wrong.append(f"{HEADERS[key]}：{words.rstrip('。')}")

    def _body(self) -> tuple[str, str]:
        html = self._text("html")
        if self._text("text").startswith(CUT) or html.startswith(CUT):
            self._say("text", _("导出时正文过长没有带出，请改用 CSV 或者 JSON 导出"))
            return "", ""
        if not html:
            return self._text("text").replace("\r\n", "\n"), ""
        try:
            cleaned = richtext.clean(html)
        except ValidationError as error:
            self._say("html", "".join(error.messages))
            return "", ""
        self._notes.extend(cleaned.told)
        if _UNSAFE.search(html):
            self._notes.append(_("去掉了正文中的脚本等不安全内容。"))
        return cleaned.text, cleaned.html

    def _catalogue(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for scheme in ("theme", "genre", "group"):
            found[scheme] = self._of(scheme, partial(self._look.classification, scheme))
        for key in ("summary", "keywords", "source"):
            found[key] = self._text(key)
        for key in ("effective_on", "valid_until"):
            found[key] = self._of(key, parse_date)
        found["openness"] = self._of("openness", _openness) or []
        return {key: value for key, value in found.items() if value}

    def _changes(self) -> tuple[Change, ...]:
        kinds, days, by, notes = (
            self._lines(key) for key in ("validity", "changed_on", "decided_by", "change_note")
        )
        found = []
        for place in range(max(map(len, (kinds, days, by, notes)), default=0)):
            word, day = _at(kinds, place), _at(days, place)
            if not word and not day:
                continue
            kind = self._read("validity", word, _choice(Validity))
            on = self._read("changed_on", day, parse_date)
            if kind == Validity.IN_FORCE and not day:
                continue
            if kind == Validity.IN_FORCE:
                self._say("validity", _("现行有效的不填变化日期"))
            elif kind is None and word == "":
                self._say("validity", _("填了变化日期，没有写是哪一种变化"))
            elif kind is not None and not day:
                self._say("changed_on", _("没有填写从哪天起"))
            elif kind is not None and on is not None:
                found.append(Change(kind, on, _at(by, place), _at(notes, place)))
        return tuple(found)

    def _releases(self) -> tuple[Shown, ...]:
        lines = {key: self._lines(key) for key in _RELEASE}
        found = []
        for place in range(max(map(len, lines.values()), default=0)):
            at = {key: _at(lines[key], place) for key in _RELEASE}
            if not at["released_on"]:
                if any(at.values()):
                    self._say("released_on", _("填了公开渠道等，没有写公开日期"))
                continue
            on = self._read("released_on", at["released_on"], parse_date)
            time = self._read("released_at", at["released_at"], _time)
            until = self._read("withdrawn_on", at["withdrawn_on"], parse_date)
            if until is not None and not at["withdrawn_why"]:
                self._say("withdrawn_why", _("已撤下的请写明原因"))
            if on is not None:
                found.append(
                    Shown(
                        channel=at["channel"] or DEFAULT_CHANNEL,
                        on=on,
                        at=time,
                        account=at["account"],
                        form=self._read("form", at["form"], _choice(Release.Form)) or "",
                        carrier=at["link"],
                        copies=self._read("copies", at["copies"], _whole),
                        place=at["place"],
                        events=self._read("events", at["events"], _whole),
                        until=until,
                        reason=at["withdrawn_why"] if until else "",
                    )
                )
        return tuple(found)

    def _lines(self, key: str) -> list[str]:
        text = self._row.get(key, "").strip(" \t")
        return [line.strip() for line in text.split("\n")] if text.strip() else []


def _at(lines: list[str], place: int) -> str:
    found = lines[place] if place < len(lines) else ""
    return "" if found in _NOTHING else found


def _parts(between: re.Pattern[str], text: str) -> list[str]:
    return [part for part in (one.strip() for one in between.split(text)) if part]


@cache
def _choice(choices: type[TextChoices]) -> Callable[[str], str]:
    known = {str(name): str(one.value) for one in choices for name in (one.value, one.label)}

    def read(text: str) -> str:
        if text not in known:
            words = "、".join(str(one.label) for one in choices)
            raise ValueError(
                _("没有“%(text)s”这一项，可以写 %(words)s") % {"text": text[:20], "words": words}
            )
        return known[text]

    return read


def _openness(text: str) -> list[str]:
    read = _choice(Openness)
    return list(dict.fromkeys(map(read, _parts(_SEVERAL, text.replace("，", ";").replace(",", ";")))))


def _appointments(text: str) -> list[Filled]:
    return describing.parse_appointments(text)


def _whole(text: str) -> int:
    digits = text.replace(",", "").replace("，", "")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(_("“%(text)s”不是整数") % {"text": text[:20]})
    return int(digits)


def _time(text: str) -> dt.time:
    found = _TIME.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        return dt.time(int(found[1]), int(found[2]))
    except ValueError:
        raise ValueError(_("“%(text)s”不是时刻，请写作 09:30") % {"text": text[:20]}) from None
