"""Taking out of a file what can be taken out without changing what a reader sees.

Cleaned: properties, comments, hidden text, hidden sheets nothing refers to, attached files and scripts of a PDF, what a
photograph says about itself. Left to people, because deciding is theirs: tracked changes, hidden rows, covered text,
pivot tables, links, layers. The result is inspected again before it is given out.
"""

from __future__ import annotations

from . import docx, images, ofd, pdf, xlsx
from .files import inspect
from .finding import Finding, Kind, Refusal, Weight
from .kinds import recognise


class NotCleanable(Exception):
    """Nothing could be taken out, or the result would not be right; the text is the sentence for the page."""


_SPOILT = "清理后的文件没有通过复查，没有保留。请用原来的软件处理后重新上传。"


def clean(data: bytes, name: str) -> bytes:
    """The file without what is cleanable in it. Raises NotCleanable."""
    before = inspect(data, name)
    if before.refused:
        raise NotCleanable(before.refused)
    if not before.cleanable:
        raise NotCleanable("这份文件没有可以自动清理的内容。")
    try:
        cleaned = _cleaned(data, name)
    except NotCleanable:
        raise
    except Refusal as refusal:
        raise NotCleanable(str(refusal)) from refusal
    except (Exception, RecursionError, MemoryError) as error:
        raise NotCleanable(_SPOILT) from error
    after = inspect(cleaned, name)
    if after.refused or after.cleanable or _weighty(after.findings) - _weighty(before.findings):
        raise NotCleanable(_SPOILT)
    return cleaned


def _weighty(findings: tuple[Finding, ...]) -> set[Kind]:
    return {finding.kind for finding in findings if finding.weight is Weight.BLOCK}


def _cleaned(data: bytes, name: str) -> bytes:
    kind, package = recognise(data, name)
    if kind == "pdf":
        return pdf.clean(data)
    if kind in ("jpeg", "png"):
        return images.clean(data, kind)
    if package is None:
        raise NotCleanable("这种文件不能自动清理。")
    return {"xlsx": xlsx, "docx": docx, "ofd": ofd}[kind].clean(package)
