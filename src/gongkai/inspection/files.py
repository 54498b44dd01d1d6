"""Looking into one file before it is made public. Never raises: whatever is wrong is said in words."""

from __future__ import annotations

from . import docx, images, ofd, pdf, xlsx
from .finding import Finding, Inspection, Kind, Refusal, Weight, bounded
from .kinds import recognise
from .package import Package

LARGEST = 100 * 1024 * 1024
_UNREADABLE = "文件打不开，可能已经损坏，请重新生成后再上传。"
_OLD = "这种旧格式不能检查有没有隐藏的内容，请另存为 DOCX、XLSX 或者 PDF 后上传。"
_NOT_LOOKED_INTO = {
    "ole": _OLD,
    "rtf": _OLD,
    "pptx": "演示文稿不能检查有没有隐藏的内容，请导出为 PDF 后上传。",
    "zip": "压缩包不能直接公开，请解压后逐个上传。",
    "unknown": "不认识这种文件，不能检查有没有隐藏的内容，请转为 PDF 后上传。",
}


def inspect(data: bytes, name: str) -> Inspection:
    """What `data`, called `name`, holds besides what a reader sees. Files that are hostile, encrypted or not what their
    name says are refused in one sentence."""
    try:
        return _inspect(data, name)
    except Refusal as refusal:
        return Inspection(refused=str(refusal))
    except (Exception, RecursionError, MemoryError):  # a file nobody thought of must not stop the office
        return Inspection(refused=_UNREADABLE)


def _inspect(data: bytes, name: str) -> Inspection:
    if not data:
        raise Refusal("文件是空的，请检查后重新上传。")
    if len(data) > LARGEST:
        raise Refusal(f"文件超过{LARGEST // 1024 // 1024} MB，不能检查，请拆分后上传。")
    kind, package = recognise(data, name)
    if kind in _NOT_LOOKED_INTO:
        return Inspection((Finding(Kind.NOT_INSPECTED, Weight.BLOCK, _NOT_LOOKED_INTO[kind]),))
    found, text = _look(kind, data, package)
    return Inspection(bounded(found), text=text)


def _look(kind: str, data: bytes, package: Package | None) -> tuple[list[Finding], str]:
    if kind == "pdf":
        return pdf.inspect(data)
    if kind == "text":
        return [], _decoded(data)
    if package is None:
        return images.inspect(data, kind)
    return {"xlsx": xlsx, "docx": docx, "ofd": ofd}[kind].inspect(package)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")
