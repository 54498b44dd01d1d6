"""The forms as they are really printed: also a form of 2021 whose （六）其他处理 is one row with figures."""

from __future__ import annotations

from dataclasses import replace

from gongkai.forms.layout import FORMS, Form, RowKind

_OTHER = "other"

FMT2019: Form = FORMS["fmt2019"]
FMT2021: Form = FORMS["fmt2021"]

# Same key: it is the form of 2021, printed with fewer rows; the identities follow from the rows it has.
FMT2021_ONE_OTHER: Form = replace(
    FMT2021,
    lines=tuple(
        replace(line, kind=RowKind.DATA) if line.key == _OTHER else line
        for line in FMT2021.lines
        if _OTHER not in line.path
    ),
)
