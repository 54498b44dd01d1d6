"""A Word document as bytes that depend on its content alone: no clock, no order of chance."""

from __future__ import annotations

import io
import zipfile

from docx.document import Document

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment a ZIP entry can bear
_FIRST = "[Content_Types].xml"  # programs that look at the first bytes expect it there


def bytes_of(file: Document) -> bytes:
    """The document's bytes, the parts in order of their names."""
    _drop_preview(file)
    made = io.BytesIO()
    file.save(made)
    with zipfile.ZipFile(made) as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    steady = io.BytesIO()
    with zipfile.ZipFile(steady, "w") as out:
        for name in sorted(contents, key=lambda name: (name != _FIRST, name)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            out.writestr(entry, contents[name])
    return steady.getvalue()


def _drop_preview(file: Document) -> None:
    """The library's template brings a picture of itself."""
    relations = file.part.package.rels
    for key in [key for key, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[key]
