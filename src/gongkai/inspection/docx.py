"""Word documents: tracked changes, comments, hidden and painted-over text, properties, embedded files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from . import office
from .finding import Finding, Kind, Weight
from .package import Package, local

DOCUMENT = "word/document.xml"
_STORY = re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml")
_NOTES = re.compile(r"word/(comments\w*|people)\.xml")
_CHANGES = frozenset({"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"})
_FORMAT_CHANGE = "Change"  # rPrChange, pPrChange, tblPrChange and their like
_MARKERS = frozenset({"commentRangeStart", "commentRangeEnd", "commentReference"})
_BLACK = frozenset({"000000", "black"})
_OFF = frozenset({"0", "false", "off"})
_MOST_TEXT = 400_000


def inspect(package: Package) -> tuple[list[Finding], str]:
    """The findings and the text of body, notes, heads and feet."""
    found = [*office.properties(package), *office.dangers(package)]
    stories = [name for name in package.infos if _STORY.fullmatch(name)]
    hiding = _hiding_styles(package)
    changes: dict[str, int] = {}
    hidden = covered = same = by_style = 0
    text: list[str] = []
    for name in stories:
        for element in package.tree(name).iter():
            tag = local(element)
            if tag in _CHANGES or tag.endswith(_FORMAT_CHANGE):
                author = _attribute(element, "author") or "未署名"
                changes[author] = changes.get(author, 0) + 1
            elif tag == "r":
                run = _text(element)
                if not run.strip():
                    continue
                if _is_hidden(element):
                    hidden += 1
                elif _style(element) in hiding:
                    by_style += 1
                covered += _is_covered(element)
                same += _is_invisible(element)
            elif tag == "altChunk":
                found.append(
                    Finding(Kind.EMBEDDED, Weight.BLOCK, "正文里嵌入了另一份文件，请粘贴为普通文字。")
                )
            elif tag == "p":
                text.append(_text(element))
    found += _said(changes, hidden, by_style, covered, same)
    found += _notes(package)
    return found, "\n".join(text)[:_MOST_TEXT]


def _said(changes: dict[str, int], hidden: int, by_style: int, covered: int, same: int) -> Iterator[Finding]:
    if changes:
        yield Finding(
            Kind.REVISIONS,
            Weight.BLOCK,
            f"有{sum(changes.values())}处修订痕迹没有接受或拒绝，别人能看到修改以前的内容。请逐处接受或拒绝后重新上传。",
            "、".join(f"{author} {count}处" for author, count in list(changes.items())[:3]),
        )
    if hidden:
        yield Finding(
            Kind.HIDDEN_TEXT, Weight.BLOCK, f"有{hidden}段设为“隐藏”的文字，清理时会删去。", cleanable=True
        )
    if by_style:
        yield Finding(
            Kind.HIDDEN_TEXT,
            Weight.BLOCK,
            f"有{by_style}段文字由样式隐藏，请取消隐藏后核对，不公开的请删除。",
        )
    if covered:
        yield Finding(
            Kind.COVERED_TEXT,
            Weight.BLOCK,
            f"有{covered}段文字只用黑色底纹盖住，复制出来仍能看到。请删除文字，改为“■”或者空白。",
        )
    if same:
        yield Finding(Kind.HIDDEN_TEXT, Weight.WARN, f"有{same}段文字与底色相同，看不见，请核对。")


def clean(package: Package) -> bytes:
    """Without properties, comments, and text marked hidden. Tracked changes are the author's to decide."""
    without = {
        *package.names(office.PROPERTIES),
        *(name for name in package.infos if _NOTES.fullmatch(name)),
    }
    changed: dict[str, etree._Element] = {}
    for name in [name for name in package.infos if _STORY.fullmatch(name)]:
        root = package.tree(name)
        doomed = [
            element
            for element in root.iter()
            if local(element) in _MARKERS
            or (local(element) == "r" and _is_hidden(element) and _text(element))
        ]
        for element in doomed:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
        if doomed:
            changed[name] = root
    return office.rewrite(package, without, changed)


def _notes(package: Package) -> Iterator[Finding]:
    if "word/comments.xml" in package:
        count = sum(local(element) == "comment" for element in package.tree("word/comments.xml").iter())
        if count:
            yield Finding(Kind.COMMENTS, Weight.BLOCK, f"有{count}条批注。", cleanable=True)


def _text(element: etree._Element) -> str:
    """What a reader sees: not what was deleted, not field codes."""
    return "".join(part.text or "" for part in element.iter() if local(part) == "t")


def _properties(run: etree._Element) -> etree._Element | None:
    return next((part for part in run if local(part) == "rPr"), None)


def _property(run: etree._Element, name: str) -> etree._Element | None:
    properties = _properties(run)
    if properties is None:
        return None
    return next((part for part in properties if local(part) == name), None)


def _attribute(element: etree._Element | None, name: str) -> str:
    if element is None:
        return ""
    return next((str(v) for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name), "")


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and _attribute(element, "val") not in _OFF


def _is_hidden(run: etree._Element) -> bool:
    return _is_on(_property(run, "vanish"))


def _style(run: etree._Element) -> str:
    return _attribute(_property(run, "rStyle"), "val")


def _hiding_styles(package: Package) -> frozenset[str]:
    """Character styles that hide."""
    if "word/styles.xml" not in package:
        return frozenset()
    hiding = set()
    for style in package.tree("word/styles.xml"):
        if local(style) == "style" and _is_on(_property(style, "vanish")):
            hiding.add(_attribute(style, "styleId"))
    return frozenset(hiding - {""})


def _is_covered(run: etree._Element) -> bool:
    """Black behind, and not white before."""
    colour = _attribute(_property(run, "color"), "val").casefold()
    if colour and colour not in _BLACK and colour != "auto":
        return False
    if _attribute(_property(run, "highlight"), "val") == "black":
        return True
    return _attribute(_property(run, "shd"), "fill").casefold() in _BLACK and colour in _BLACK


def _is_invisible(run: etree._Element) -> bool:
    """Text of the colour of what is behind it; paper is white."""
    colour = _attribute(_property(run, "color"), "val").casefold()
    fill = _attribute(_property(run, "shd"), "fill").casefold()
    lit = _attribute(_property(run, "highlight"), "val")
    if not colour or colour == "auto" or colour in _BLACK:
        return False
    behind = fill if fill and fill != "auto" else ("" if lit and lit != "none" else "ffffff")
    return colour == behind
