"""Broken and mutilated files: always an answer, never a crash, in bounded time."""

from __future__ import annotations

import contextlib
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.inspection import NotCleanable, clean, inspect
from tests.inspection import samples

WHOLE = [
    (samples.xlsx(samples.hidden_sheet), "a.xlsx"),
    (samples.xlsx(samples.comment), "a.xlsx"),
    (samples.document(samples.tracked), "a.docx"),
    (samples.document(samples.commented), "a.docx"),
    (samples.pdf(samples.under_a_box, author="Wang"), "a.pdf"),
    (samples.pdf(samples.in_a_form), "a.pdf"),
    (samples.located_jpeg(), "a.jpg"),
    (samples.png(Author="Wang"), "a.png"),
    (samples.ofd(annotated=True), "a.ofd"),
]
SLOWEST = 10.0  # seconds for one of these small files; a hang would be minutes


def answer(data: bytes, name: str) -> None:
    began = time.monotonic()
    inspection = inspect(data, name)
    assert inspection.refused or isinstance(inspection.findings, tuple)
    if inspection.cleanable:
        with contextlib.suppress(NotCleanable):
            assert not inspect(clean(data, name), name).cleanable
    assert time.monotonic() - began < SLOWEST


@pytest.mark.parametrize(("data", "name"), WHOLE, ids=lambda value: value if isinstance(value, str) else "")
def test_mutations_of_whole_files(data: bytes, name: str) -> None:
    chance = random.Random(name)  # noqa: S311 - the same mutations every time
    for _round in range(60):
        changed = bytearray(data)
        for _change in range(chance.randint(1, 8)):
            at = chance.randrange(len(changed))
            match chance.randrange(4):
                case 0:
                    changed[at] = chance.randrange(256)
                case 1:
                    del changed[at : at + chance.randint(1, 40)]
                case 2:
                    changed[at:at] = chance.randbytes(chance.randint(1, 40))
                case _:
                    changed[at:] = changed[at : at + chance.randint(1, 400)]
            if not changed:
                break
        answer(bytes(changed), name)


@pytest.mark.parametrize(("data", "name"), WHOLE, ids=lambda value: value if isinstance(value, str) else "")
def test_files_cut_short(data: bytes, name: str) -> None:
    for part in range(1, 20):
        answer(data[: len(data) * part // 20], name)


NAMES = ("a.pdf", "a.docx", "a.xlsx", "a.ofd", "a.jpg", "a.png", "a.tif", "a.doc", "a.txt", "无扩展名")
STARTS = (
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"II*\x00",
    b"\xd0\xcf\x11\xe0",
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(STARTS), st.binary(max_size=2000), st.sampled_from(NAMES))
def test_any_bytes_under_any_name(start: bytes, rest: bytes, name: str) -> None:
    answer(start + rest, name)


XML = st.recursive(
    st.sampled_from(["", "文字", "&amp;", "<w:t>x</w:t>"]),
    lambda inner: st.builds(
        lambda tag, attribute, body: f"<w:{tag} {attribute}>{body}</w:{tag}>",
        st.sampled_from(
            ["p", "r", "rPr", "ins", "del", "vanish", "shd", "color", "altChunk", "tbl", "commentReference"]
        ),
        st.sampled_from(
            ["", 'w:val="0"', 'w:fill="000000"', 'w:val="000000"', 'w:author="王"', 'hidden="1"']
        ),
        inner,
    ),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(XML)
def test_any_word_document(body: str) -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    root = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    answer(samples.repacked(samples.document(), word__document_dot_xml=root.encode()), "a.docx")
