"""What a file is by its content, and whether its name says the same."""

from __future__ import annotations

from pathlib import PurePosixPath

from .finding import Refusal
from .package import Package, open_package

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (OLE, "ole"),
    (b"{\\rtf", "rtf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_INSIDE = (
    ("xl/workbook.xml", "xlsx"),
    ("word/document.xml", "docx"),
    ("OFD.xml", "ofd"),
    ("ppt/presentation.xml", "pptx"),
)
# what a name may hold
_EXPECTED = {
    ".pdf": {"pdf"},
    ".jpg": {"jpeg"},
    ".jpeg": {"jpeg"},
    ".png": {"png"},
    ".tif": {"tiff"},
    ".tiff": {"tiff"},
    ".xlsx": {"xlsx"},
    ".xlsm": {"xlsx"},
    ".docx": {"docx"},
    ".docm": {"docx"},
    ".ofd": {"ofd"},
    ".pptx": {"pptx"},
    ".zip": {"zip"},
    ".doc": {"ole", "rtf"},
    ".xls": {"ole"},
    ".ppt": {"ole"},
    ".wps": {"ole", "docx"},
    ".et": {"ole", "xlsx"},
    ".txt": {"text"},
    ".csv": {"text"},
}


def recognise(data: bytes, name: str) -> tuple[str, Package | None]:
    """The kind, and the opened package if it is one. Raises Refusal when the name says something else."""
    kind, package = _by_content(data)
    expected = _EXPECTED.get(PurePosixPath(name.replace("\\", "/")).suffix.lower())
    if kind == "ole" and b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in data:
        raise Refusal("文件已加密，不能检查，请去除密码后重新上传。")
    if expected is not None and kind not in expected:
        raise Refusal("文件内容与扩展名不符，请另存为正确的格式后重新上传。")
    return kind, package


def _by_content(data: bytes) -> tuple[str, Package | None]:
    kind = next((kind for start, kind in _STARTS if data.startswith(start)), "")
    if kind == "zip":
        package = open_package(data)
        return next((inside for part, inside in _INSIDE if part in package), "zip"), package
    if kind:
        return kind, None
    return ("text" if _is_text(data) else "unknown"), None


def _is_text(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\0" not in data[:65536] and b"%PDF-" not in data[:1024]
