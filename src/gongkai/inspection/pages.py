"""A public page held against the norms for government sites (国办发〔2017〕47号, domain 06 §2.3–2.5): header, footer FT1–FT8, meta
tags T1–T10, landmarks and weight.

One checker for every page of every site: it is given the page and what the site's own records say should stand there. Any
site can be asked, not only this one: what is expected and left empty is only asked to be present.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import html as lxml_html

HEAVIEST = 100_000  # bytes of a page without its images
SITE, COLUMN, CONTENT = "site", "column", "content"  # 网站/首页类, 栏目类, 内容页
SITE_TAGS = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN_TAGS = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
CONTENT_TAGS = ("ArticleTitle", "PubDate", "ContentSource")
_RULE_OF = {name: f"T{number}" for number, name in enumerate((*SITE_TAGS, *COLUMN_TAGS, *CONTENT_TAGS), 1)}
_TAGS_OF = {SITE: SITE_TAGS, COLUMN: SITE_TAGS + COLUMN_TAGS, CONTENT: SITE_TAGS + COLUMN_TAGS + CONTENT_TAGS}
_ID_CODE = re.compile(r"(?<![0-9A-Za-z])(?:\d{10}|bm\d{8})(?![0-9A-Za-z])")
_ICP = re.compile(r"[\u4e00-\u9fa5]ICP备\d+号(?:-\d+)?")
_POLICE = re.compile(r"[\u4e00-\u9fa5]公网安备\s?\d{14}号?")
_LABELS = {
    "FT1": "党政机关网站标识",
    "FT2": "“我为政府网站找错”入口",
    "FT3": "网站标识码",
    "FT4": "网站主办单位",
    "FT5": "联系方式",
    "FT6": "ICP备案编号",
    "FT7": "公安机关备案号",
    "FT8": "网站地图",
}


@dataclass(frozen=True)
class Finding:
    """What is wrong with a page: the rule's code and a sentence."""

    rule: str
    words: str

    def __str__(self) -> str:
        return f"{self.rule} {self.words}"


@dataclass(frozen=True)
class Expected:
    """What the records say of the page: its sort, and the values its tags must have; "" asks for presence alone.

    `tags` by name of the tag.
    """

    page: str = SITE
    tags: Mapping[str, str] = field(default_factory=dict)


def check(content: bytes | str, expected: Expected | None = None) -> list[Finding]:
    """Everything a page lacks, in the order of the rules; none when it keeps them all."""
    asked = expected or Expected()
    raw = content.encode() if isinstance(content, str) else content
    page = lxml_html.document_fromstring(raw.decode("utf-8", "replace"))
    return [
        *_header(page),
        *_footer(page),
        *_tags(page, asked),
        *_landmarks(page),
        *_weight(raw),
    ]


def sort_of(content: bytes | str) -> str:
    """What sort of page it says it is: by the tags it carries."""
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
    if 'name="ArticleTitle"' in text:
        return CONTENT
    return COLUMN if 'name="ColumnName"' in text else SITE


# --- 头部标识区 ------------------------------------------------------------------------------------------------------


def _header(page: Any) -> Iterator[Finding]:
    head = _part(page, "header")
    if head is None:
        yield Finding("HD1", "没有头部标识区。")
        return
    name = _meta(page).get("SiteName", [""])[0]
    if not name or name not in _words(head):
        yield Finding("HD1", "头部没有网站名称。")
    if not page.xpath("//form[@role='search'] | //input[@type='search']"):
        yield Finding("HD2", "没有搜索框。")
    if not any("无障碍" in _words(link) or "长者" in _words(link) for link in head.iter("a")):
        yield Finding("HD3", "头部没有无障碍、长者版入口。")


# --- 底部功能区 ------------------------------------------------------------------------------------------------------


def _footer(page: Any) -> Iterator[Finding]:
    foot = _part(page, "footer")
    if foot is None:
        yield Finding("FT0", "没有底部功能区。")
        return
    text = _words(foot)
    links = [(_said(link), link.get("href", "")) for link in foot.iter("a")]
    code = _meta(page).get("SiteIDCode", [""])[0]
    kept = {
        "FT1": any("党政机关" in said and href for said, href in links),
        "FT2": any("找错" in said and href for said, href in links),
        "FT3": bool(_ID_CODE.search(text)) and (not code or code in text),
        "FT4": bool(re.search(r"主办(?:单位)?[：:]\s*\S", text)),
        "FT5": bool(re.search(r"(?:联系方式|联系电话|电话|邮箱)[：:]\s*\S", text)),
        "FT6": any(_ICP.search(said) and href for said, href in links),
        "FT7": any(_POLICE.search(said) and href for said, href in links),
        "FT8": any("地图" in said and href for said, href in links),
    }
    for rule, there in kept.items():
        if not there:
            yield Finding(rule, f"底部缺少{_LABELS[rule]}，或者格式不对。")


def _said(link: Any) -> str:
    """What a link says: its text, and the words that stand for its images."""
    images = " ".join(image.get("alt", "") for image in link.iter("img"))
    return f"{_words(link)} {images} {link.get('title', '')} {link.get('aria-label', '')}"


# --- 网页标签 --------------------------------------------------------------------------------------------------------


def _tags(page: Any, asked: Expected) -> Iterator[Finding]:
    found = _meta(page)
    for name in _TAGS_OF[asked.page]:
        rule, values = _RULE_OF[name], found.get(name, [])
        if not values or not values[0].strip():
            yield Finding(rule, f"缺少标签 {name}，或者内容为空。")
        elif len(values) > 1:
            yield Finding(rule, f"标签 {name} 重复。")
        elif (wanted := asked.tags.get(name, "")) and values[0] != wanted:
            yield Finding(rule, f"标签 {name} 的内容“{values[0]}”与登记的“{wanted}”不符。")
        else:
            yield from _form(page, name, values[0])
    for name, values in found.items():
        if name in _RULE_OF and name not in _TAGS_OF[asked.page]:
            yield Finding(_RULE_OF[name], f"这类网页不应有标签 {name}（{values[0]}）。")


def _form(page: Any, name: str, value: str) -> Iterator[Finding]:
    rule = _RULE_OF[name]
    if name == "SiteIDCode" and not _ID_CODE.fullmatch(value):
        yield Finding(rule, f"网站标识码“{value}”不是10位数字。")
    if name == "PubDate" and not _is_moment(value):
        yield Finding(rule, f"发布时间“{value}”应写作 2022-12-30 09:05。")
    if name == "ArticleTitle":
        titles = [_words(one) for one in page.iter("h1")]
        if _plain(value) not in [_plain(title) for title in titles]:
            yield Finding(rule, f"标签 ArticleTitle“{value}”与网页上的标题不同。")


def _is_moment(text: str) -> bool:
    try:
        return dt.datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M") == text
    except ValueError:
        return False


def _meta(page: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in page.iter("meta"):
        if tag.get("name"):
            found.setdefault(tag.get("name"), []).append(tag.get("content", ""))
    return found


# --- the rest --------------------------------------------------------------------------------------------------------


def _landmarks(page: Any) -> Iterator[Finding]:
    if page.get("lang", "").lower() not in ("zh-cn", "zh", "zh-hans", "zh-hans-cn"):
        yield Finding("PG1", "网页没有注明语言。")
    if len(list(page.iter("h1"))) != 1:
        yield Finding("PG2", "网页应有一个、且只有一个主标题。")
    if _part(page, "main") is None:
        yield Finding("PG3", "没有标明正文区域。")
    titles = [_words(one) for one in page.xpath("//head/title")]
    if not titles or not titles[0]:
        yield Finding("PG4", "没有网页标题。")
    if not page.xpath("//a[starts-with(@href, '#')]"):
        yield Finding("PG5", "没有跳到正文的链接。")
    outside = page.xpath(
        "//script[starts-with(@src, 'http')] | //link[@rel='stylesheet'][starts-with(@href, 'http')]"
    )
    if outside:
        yield Finding("PG6", "网页载入了别的网站的脚本或者样式。")


def _weight(raw: bytes) -> Iterator[Finding]:
    if len(raw) > HEAVIEST:
        yield Finding("PG7", f"网页有{len(raw) // 1000} KB，超过{HEAVIEST // 1000} KB。")


def _part(page: Any, tag: str) -> Any:
    return next(page.iter(tag), None)


def _words(element: Any) -> str:
    return re.sub(r"\s+", " ", str(element.text_content())).strip()


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)
