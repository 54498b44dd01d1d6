"""What Word and Excel files have in common: properties, macros, embedded files, links outwards — and taking parts out."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from .finding import Finding, Kind, Weight
from .package import Package, local, written

PROPERTIES = "docProps/"
_TELLING = {
    "creator": "作者",
    "lastModifiedBy": "最后保存者",
    "manager": "经理",
    "company": "单位",
    "keywords": "关键词",
    "description": "备注",
    "subject": "主题",
    "category": "类别",
    "hyperlinkBase": "链接基础",
}
_TELLING_FOLDED = {name.casefold(): label for name, label in _TELLING.items()}
# attached templates, linked pictures and objects: paths of the office's own shares
_HARMLESS_LINKS = ("hyperlink",)


def properties(package: Package) -> Iterator[Finding]:
    """Author, company and the like, custom properties, and the preview picture."""
    said = []
    for name in (f"{PROPERTIES}core.xml", f"{PROPERTIES}app.xml"):
        if name in package:
            said += [
                f"{label}：{text}"
                for element in package.tree(name).iter()
                if (label := _TELLING_FOLDED.get(local(element).casefold()))
                and (text := (element.text or "").strip())
            ]
    if said:
        yield Finding(
            Kind.METADATA,
            Weight.WARN,
            "文件属性里写着编制人、单位等信息。",
            "；".join(said)[:200],
            cleanable=True,
        )
    if f"{PROPERTIES}custom.xml" in package and len(package.tree(f"{PROPERTIES}custom.xml")):
        yield Finding(Kind.METADATA, Weight.WARN, "文件带有自定义属性。", cleanable=True)
    if package.names(f"{PROPERTIES}thumbnail"):
        yield Finding(
            Kind.METADATA, Weight.WARN, "文件带有首页预览图，可能是修改以前的样子。", cleanable=True
        )


def dangers(package: Package) -> Iterator[Finding]:
    """Macros, embedded files, controls, links outwards."""
    if package.names(end="vbaProject.bin") or package.names(end="vbaData.xml"):
        yield Finding(Kind.MACRO, Weight.BLOCK, "文件带有宏，请另存为不带宏的格式。")
    embedded = [name for name in package.infos if "/embeddings/" in name or "/activeX/" in name]
    if embedded:
        yield Finding(
            Kind.EMBEDDED,
            Weight.BLOCK,
            f"文件里嵌入了{len(embedded)}个别的文件或控件，请删除，或者粘贴为图片。",
            where=embedded[0],
        )
    outwards = {
        relation.target
        for relation in package.relations
        if relation.external and relation.kind not in _HARMLESS_LINKS
    }
    if outwards:
        yield Finding(
            Kind.EXTERNAL_LINK,
            Weight.BLOCK,
            "文件链接到外部的模板、图片或数据，请断开链接。",
            sorted(outwards)[0][:120],
        )


def rewrite(package: Package, without: set[str], changed: dict[str, etree._Element]) -> bytes:
    """The file without some parts: their entries in the list of content types and all relationships to them go too,
    and elements that pointed at them by a relationship."""
    replaced = {name: written(root) for name, root in changed.items()}
    gone = without | {_rels_of(name) for name in without}
    for name in package.names(end=".rels"):
        if name not in gone:
            replaced[name] = _without_relations(package, name, without)
    types = package.tree("[Content_Types].xml")
    for element in list(types):
        if element.get("PartName", "").lstrip("/") in without:
            types.remove(element)
    replaced["[Content_Types].xml"] = written(types)
    return package.rewritten(gone, replaced)


def _rels_of(name: str) -> str:
    folder, _slash, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def _without_relations(package: Package, name: str, without: set[str]) -> bytes:
    root = package.tree(name)
    lost = {
        relation.key
        for relation in package.relations
        if _rels_of(relation.source) == name and not relation.external and relation.target in without
    }
    for element in list(root):
        if element.get("Id") in lost:
            root.remove(element)
    return written(root)
