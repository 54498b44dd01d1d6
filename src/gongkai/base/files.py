"""Files as they came: hashed, encrypted on disk under a random name, opened only through a StoredFile row."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import clock, crypto
from gongkai.base.models import StoredFile

LARGEST = 10 * 1024 * 1024
# What an office receives and sends; anything a browser would run is absent on purpose.
ACCEPTED = {
    ".pdf": "application/pdf",
    ".ofd": "application/ofd",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".wps": "application/vnd.ms-works",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".txt": "text/plain",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".zip": "application/zip",
}
# A published document kept as found: never shown by a browser, only saved.
PUBLISHED = "application/octet-stream"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_MAGIC = {
    ".pdf": (b"%PDF-",),
    ".doc": (_OLE, b"{\\rtf"),
    ".wps": (_OLE, _ZIP),
    ".xls": (_OLE,),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".tif": (b"II*\x00", b"MM\x00*"),
    ".tiff": (b"II*\x00", b"MM\x00*"),
    ".docx": (_ZIP,),
    ".xlsx": (_ZIP,),
    ".zip": (_ZIP, b"PK\x05\x06"),
    ".ofd": (_ZIP,),
}
_TEXT_MARKS = (b"\xff\xfe", b"\xfe\xff")  # UTF-16; any other text holds no zero byte


def store(organ: Any, name: str, content: bytes) -> StoredFile:
    """Keep `content` for `organ`. Raises ValidationError with a sentence for the page when it is not acceptable."""
    check(name, content)
    return register(organ, name, write(content), ACCEPTED[Path(plain_name(name)).suffix.lower()])


def keep_published(organ: Any, name: str, content: bytes) -> StoredFile:
    """Keep a published document for `organ` as it was found, whatever its kind; it may only be handed out as a download.

    What it is was judged by whoever could read it, so its name decides nothing.
    """
    return register(organ, name, write(content), PUBLISHED)


@dataclass(frozen=True)
class Written:
    """A file on disk that no record names yet."""

    key: str
    size: int
    sha256: str


def write(content: bytes) -> Written:
    """Encrypt and write, before the transaction that registers it: that may take a while, and the database has one
    writer. Whoever does not register it discards it."""
    key = secrets.token_hex(24)
    _write(location(key), crypto.seal(content))
    return Written(key, len(content), hashlib.sha256(content).hexdigest())


def discard(written: Written) -> None:
    """Nobody registered it."""
    location(written.key).unlink(missing_ok=True)


def register(organ: Any, name: str, written: Written, media_type: str) -> StoredFile:
    """Name a written file as one of `organ`'s."""
    return StoredFile.objects.create(
        organ=organ,
        key=written.key,
        name=plain_name(name),
        media_type=media_type,
        size=written.size,
        sha256=written.sha256,
        stored_at=clock.now(),
    )


def check(name: str, content: bytes) -> None:
    """Refuse what is empty, too large, of another kind than its name says, or of a kind we do not take."""
    suffix = Path(plain_name(name)).suffix.lower()
    if suffix not in ACCEPTED:
        raise ValidationError(
            _("不能接收“%(kind)s”类型的文件；可以上传 PDF、OFD、Word、WPS、Excel、图片、文本或 ZIP。")
            % {"kind": suffix or _("没有扩展名")}
        )
    if not content:
        raise ValidationError(_("文件是空的，请检查后重新选择。"))
    if len(content) > LARGEST:
        raise ValidationError(_("文件超过 10 MB，请压缩或拆分后上传。"))
    if suffix in _MAGIC and not content.startswith(_MAGIC[suffix]):
        raise ValidationError(_("文件内容与扩展名“%(kind)s”不符，请另存后重新上传。") % {"kind": suffix})
    if suffix == ".txt" and b"\0" in content and not content.startswith(_TEXT_MARKS):
        raise ValidationError(_("文件不是文本，请核对后重新选择。"))


def plain_name(name: str) -> str:
    """The last part of a name as any system would send it, without control and direction marks; at most 200 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}).strip()
    stem, dot, kind = shown.rpartition(".")
    return f"{stem[: 199 - len(kind)]}{dot}{kind}" if dot and len(kind) < 20 else shown[:200]


def read(stored: StoredFile) -> bytes:
    """The plain bytes. Raises FileNotFoundError or crypto.Unreadable; see :func:`damage` for a check."""
    return crypto.unseal(location(stored.key).read_bytes())


def renew(stored: StoredFile) -> None:
    """Encrypt the file anew under the newest key. Raises as :func:`read`."""
    _write(location(stored.key), crypto.seal(read(stored)))


def damage(stored: StoredFile) -> str | None:
    """Why the stored file is not whole, or None."""
    try:
        content = read(stored)
    except FileNotFoundError:
        return "文件缺失"
    except crypto.Unreadable:
        return "文件无法解密或被改动"
    return None if hashlib.sha256(content).hexdigest() == stored.sha256 else "文件内容与登记的哈希不符"


def extension(stored: StoredFile) -> str:
    """A file extension for downloads, from the media type: the uploaded name may hold personal data."""
    return next((s for s, kind in ACCEPTED.items() if kind == stored.media_type), None) or (
        mimetypes.guess_extension(stored.media_type) or ".bin"
    )


def location(key: str) -> Path:
    """Where the ciphertext of `key` lies."""
    return Path(settings.HOME.files) / key[:2] / key


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    partial.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)  # the name, too, must survive loss of power
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
