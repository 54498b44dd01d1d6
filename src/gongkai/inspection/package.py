"""Zip packages (Word, Excel, OFD) opened within bounds, and their XML read without entities, DTD or network."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from .finding import Refusal

MOST_PARTS = 10_000
LARGEST_PART = 100 * 1024 * 1024
LARGEST_ALL = 300 * 1024 * 1024
#: A part that unpacks to more than so many times its size, and to more than a little, is no document.
STEEPEST = 300
SMALL = 4 * 1024 * 1024

_BROKEN = "文件已损坏，打不开，请重新生成后再上传。"
_BOMB = "文件解压后过大，疑似压缩炸弹，没有打开。"
_ENTITIES = "文件含有外部实体或者实体声明，正常的办公文件不会有，没有打开。"
_DECLARED = tuple(
    mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)


@dataclass
class Package:
    """The parts of a zip file by name. Use :func:`open_package`."""

    infos: dict[str, zipfile.ZipInfo]
    archive: zipfile.ZipFile
    _unpacked: int = 0
    _trees: dict[str, etree._Element] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.infos

    def names(self, start: str = "", end: str = "") -> list[str]:
        """The parts whose names begin and end so, in order."""
        return [name for name in self.infos if name.startswith(start) and name.endswith(end)]

    def read(self, name: str) -> bytes:
        """A part, within bounds whatever its header claims. Raises Refusal."""
        info = self.infos[name]
        try:
            with self.archive.open(info) as stream:
                content = stream.read(LARGEST_PART + 1)
        except Exception as error:  # the library raises whatever a broken archive makes it stumble over
            raise Refusal(_BROKEN) from error
        self._unpacked += len(content)
        if len(content) > LARGEST_PART or self._unpacked > 3 * LARGEST_ALL:
            raise Refusal(_BOMB)
        return content

    def tree(self, name: str) -> etree._Element:
        """The root element of an XML part. Raises Refusal."""
        if name not in self._trees:
            self._trees[name] = parse(self.read(name))
        return self._trees[name]

    def rows(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """The elements of these tags one by one, forgotten after use, for parts too large to hold. Raises Refusal."""
        content = self.read(name)
        _refuse_declarations(content)
        try:
            for _event, element in etree.iterparse(
                io.BytesIO(content),
                events=("end",),
                tag=tags,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
            ):
                yield element
                element.clear()
        except etree.XMLSyntaxError as error:
            raise Refusal(_BROKEN) from error

    @cached_property
    def relations(self) -> list[Relation]:
        """Every relationship of every part (Office files)."""
        return [relation for name in self.names(end=".rels") for relation in _relations(self, name)]

    def related(self, source: str) -> dict[str, Relation]:
        """The relationships of one part by id."""
        return {relation.key: relation for relation in self.relations if relation.source == source}

    def rewritten(self, without: set[str], replaced: Mapping[str, bytes]) -> bytes:
        """The package without some parts and with others replaced; dates and hosts of the old archive are not kept."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
            for name in self.infos:
                if name in without or name.endswith("/"):
                    continue
                info = zipfile.ZipInfo(name)  # 1980-01-01: when it was packed is nobody's business
                info.compress_type = (
                    zipfile.ZIP_STORED
                    if self.infos[name].compress_type == zipfile.ZIP_STORED
                    else zipfile.ZIP_DEFLATED
                )
                target.writestr(info, replaced.get(name) or self.read(name))
        return written.getvalue()


@dataclass(frozen=True)
class Relation:
    """One relationship: from a part to another (its full name), or outwards."""

    source: str
    key: str
    kind: str
    target: str
    external: bool


def open_package(data: bytes) -> Package:
    """The parts of `data`. Raises Refusal with the one sentence why it is not taken."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        listed = archive.infolist()
    except Exception as error:  # as above
        raise Refusal(_BROKEN) from error
    if len(listed) > MOST_PARTS or sum(info.file_size for info in listed) > LARGEST_ALL:
        raise Refusal(_BOMB)
    infos: dict[str, zipfile.ZipInfo] = {}
    for info in listed:
        if info.flag_bits & 1:
            raise Refusal("文件已加密，不能检查，请去除密码后重新上传。")
        if info.file_size > SMALL and info.file_size > STEEPEST * max(1, info.compress_size):
            raise Refusal(_BOMB)
        parts = info.filename.replace("\\", "/").split("/")
        if info.filename in infos or info.filename.startswith("/") or ".." in parts:
            raise Refusal("压缩包内的文件名不正常，没有打开。")
        infos[info.filename] = info
    if listed and min(info.header_offset for info in listed) != 0:
        raise Refusal("文件前面夹带了别的内容，没有打开。")
    if len(archive.comment) > 512:
        raise Refusal("文件后面夹带了别的内容，没有打开。")
    return Package(infos, archive)


def parse(content: bytes) -> etree._Element:
    """XML without entities, DTD and network. Raises Refusal."""
    _refuse_declarations(content)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refusal(_BROKEN) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refusal(_ENTITIES)
    return root


def written(root: etree._Element) -> bytes:
    """The part's bytes again."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def local(element: etree._Element) -> str:
    """The tag without its namespace; "" for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _refuse_declarations(content: bytes) -> None:
    if any(mark in content for mark in _DECLARED):
        raise Refusal(_ENTITIES)


def _relations(package: Package, name: str) -> Iterator[Relation]:
    folder, _slash, file = name.rpartition("_rels/")
    source = folder + file.removesuffix(".rels")
    for element in package.tree(name):
        if local(element) != "Relationship":
            continue
        target = element.get("Target", "")
        external = element.get("TargetMode", "") == "External"
        yield Relation(
            source=source,
            key=element.get("Id", ""),
            kind=element.get("Type", "").rpartition("/")[2],
            target=target if external else _absolute(folder, target),
            external=external,
        )


def _absolute(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    steps = folder.rstrip("/").split("/") if folder.rstrip("/") else []
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
