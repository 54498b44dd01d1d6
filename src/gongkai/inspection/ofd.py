"""OFD (GB/T 33190): properties, annotations, attachments, objects that are not shown."""

from __future__ import annotations

from lxml import etree

from .finding import Finding, Kind, Weight
from .package import Package, local, written

ROOT = "OFD.xml"
_TELLING = {"Author": "作者", "Subject": "主题", "Abstract": "摘要", "Keyword": "关键词", "Title": "标题"}
_CLEANED = frozenset({*_TELLING, "Keywords", "CustomDatas", "Cover"})
_MOST_TEXT = 400_000


def inspect(package: Package) -> tuple[list[Finding], str]:
    """The findings and the text."""
    signed = bool(_elements(package, ROOT, "Signatures"))
    found: list[Finding] = []
    said = [
        f"{_TELLING[local(element)]}：{value}"
        for element in _info(package)
        if local(element) in _TELLING and (value := (element.text or "").strip())
    ]
    custom = any(local(element) == "CustomData" for element in _info(package))
    if said or custom:
        found.append(
            Finding(
                Kind.METADATA,
                Weight.WARN,
                "文件属性里写着编制人等信息。",
                "；".join(said)[:200],
                cleanable=not signed,
            )
        )
    notes = unseen = attached = 0
    text: list[str] = []
    for name in package.names(end=".xml"):
        for element in package.tree(name).iter():
            tag = local(element)
            if tag == "Annot" and element.get("Type") != "Link":
                notes += 1
            elif tag == "Attachment":
                attached += 1
            elif tag == "TextCode" and element.text:
                text.append(element.text)
            unseen += tag.endswith("Object") and element.get("Visible") in ("false", "0")
    if notes:
        found.append(
            Finding(Kind.COMMENTS, Weight.BLOCK, f"有{notes}处批注或标注，请在版式软件中删除后重新生成。")
        )
    if attached:
        found.append(Finding(Kind.EMBEDDED, Weight.BLOCK, f"带有{attached}个附件文件，请删除后重新生成。"))
    if unseen:
        found.append(Finding(Kind.HIDDEN_TEXT, Weight.BLOCK, f"有{unseen}个不显示的对象，请删除后重新生成。"))
    if signed:
        found.append(Finding(Kind.METADATA, Weight.NOTE, "文件带有电子签章，不能代为清理。"))
    return found, "\n".join(text)[:_MOST_TEXT]


def clean(package: Package) -> bytes:
    """Without what the properties say of people."""
    root = package.tree(ROOT)
    for element in list(_info(package)):
        parent = element.getparent()
        if local(element) in _CLEANED and parent is not None:
            parent.remove(element)
    return package.rewritten(set(), {ROOT: written(root)})


def _info(package: Package) -> list[etree._Element]:
    return [element for info in _elements(package, ROOT, "DocInfo") for element in info.iter()]


def _elements(package: Package, name: str, tag: str) -> list[etree._Element]:
    return [element for element in package.tree(name).iter() if local(element) == tag]
