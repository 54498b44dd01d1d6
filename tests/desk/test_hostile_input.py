"""Hostile input over HTTP, at the desk's own forms: refused or cleaned, said so in a sentence, and nothing kept of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.base.models import StoredFile
from gongkai.documents import writing
from gongkai.documents.models import Document, Edition
from tests.documents.support import document
from tests.inspection import samples
from tests.inspection.test_files import ENTITY, bomb, packed_bomb
from tests.support.world import World

MEGABYTE = 1024 * 1024
PASTE = "粘贴" * (50 * MEGABYTE // 6)


@pytest.fixture
def draft(world: World) -> Edition:
    return document(world, "city-edu", title="招生办法", body="第一条 就近入学").editions.get()


@pytest.fixture
def handler(sign_in: Callable[[str], Client], draft: Edition) -> Client:
    return sign_in("city-edu-handler")


def write(client: Client, draft: Edition, body: str, form: str = "html", **more: Any) -> Any:
    given = {"title": "招生办法", "body": body, "format": form, "seen": writing.seal_of(draft)}
    return client.post(reverse("desk:edition-write", args=[draft.pk]), given, **more)


def attach(client: Client, draft: Edition, name: str, content: bytes) -> Any:
    given = {"file": SimpleUploadedFile(name, content), "role": "annex", "title": ""}
    return client.post(reverse("desk:register-act", args=["editions", draft.pk, "attach"]), given)


def words(answer: Any) -> str:
    return str(answer.content.decode())


def kept(draft: Edition) -> str:
    draft.refresh_from_db()
    return f"{draft.title}{draft.rich}{draft.body}"


def test_a_paste_of_fifty_megabytes_is_refused_in_the_editor(handler: Client, draft: Edition) -> None:
    for form in ("html", "text"):
        answer = write(handler, draft, PASTE, form)
        assert answer.status_code == 413
        assert "没有保存" in words(answer)
        assert "10 MB" in words(answer)
    assert kept(draft) == "招生办法第一条 就近入学"


def test_and_on_every_other_form(handler: Client, world: World) -> None:
    given = {
        "organ": world.organs["city-edu"].pk,
        "kind": "notice",
        "title": "x",
        "made_on": "2022-06-01",
        "attribute": "open",
        "body": PASTE,
    }
    before = Document.objects.count()
    answer = handler.post(reverse("desk:register-create", args=["documents", "add"]), given)
    assert answer.status_code == 413
    assert "没有保存" in words(answer)
    assert "12 MB" in words(answer)
    assert Document.objects.count() == before


@pytest.mark.parametrize(
    "script",
    [
        "<script>steal()</script>",
        "<img src=x onerror=steal()>",
        "<p onclick='steal()'>甲</p>",
        '<a href="javascript:steal()">甲</a>',
        '<a href="data:text/html,<script>steal()</script>">甲</a>',
        "<svg onload=steal()><animate onbegin=steal()></svg>",
        "<iframe srcdoc='<script>steal()</script>'></iframe>",
        '<math><mtext><style><!--</style><img title="--&gt;&lt;img src=1 onerror=steal()&gt;"></mtext></math>',
        "<p style=\"background:url('javascript:steal()')\">甲</p>",
        "<form action=//evil><button formaction=javascript:steal()>甲</button></form>",
    ],
)
def test_script_in_rich_text_is_cleaned(handler: Client, draft: Edition, script: str) -> None:
    answer = write(handler, draft, f"<p>前</p>{script}<p>后</p>", follow=True)
    assert answer.status_code == 200
    assert "草稿已保存。" in words(answer)
    stood = kept(draft)
    assert "前" in stood
    assert "后" in stood
    for page in (stood, words(answer).partition("<main")[2]):
        for forbidden in (
            "<script>steal",
            "onerror=",
            "onclick=",
            "onload=",
            "javascript:",
            "<iframe",
            "<svg",
            "<form action=//",
        ):
            assert forbidden not in page.replace("&lt;", ""), forbidden


def test_a_table_of_ten_thousand_rows_is_refused_and_told_where_it_belongs(
    handler: Client, draft: Edition
) -> None:
    table = "<table>" + "<tr><td>1</td><td>道路</td></tr>" * 10_000 + "</table>"
    answer = write(handler, draft, table)
    assert answer.status_code == 422
    assert "10000行" in words(answer)
    assert "附件" in words(answer)
    assert kept(draft) == "招生办法第一条 就近入学"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", samples.repacked(samples.document(), word__document_dot_xml=ENTITY), "实体"),
        ("a.xlsx", samples.repacked(samples.xlsx(), xl__worksheets__sheet1_dot_xml=ENTITY), "实体"),
        ("a.docx", packed_bomb(), "压缩炸弹"),
        ("a.xlsx", bomb(), "压缩炸弹"),
        ("a.pdf", samples.pdf() + samples.document(), "既是 PDF 又是压缩包"),
        ("a.jpg", samples.jpeg() + samples.packed(a="x"), "既是图片又是压缩包"),
        ("a.png", samples.jpeg(), "不符"),
        ("a.pdf", b"x" * (11 * MEGABYTE), "10 MB"),
    ],
    ids=[
        "entity-docx",
        "entity-xlsx",
        "bomb-docx",
        "bomb-xlsx",
        "polyglot-pdf",
        "polyglot-jpg",
        "disguised",
        "large",
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence_and_not_kept(
    handler: Client, draft: Edition, name: str, content: bytes, said: str
) -> None:
    answer = attach(handler, draft, name, content)
    assert answer.status_code == 422
    assert said in words(answer)
    assert not draft.attachments.exists()
    assert not StoredFile.objects.exists()


def test_a_workbook_of_ten_thousand_rows_is_taken_and_looked_through(handler: Client, draft: Edition) -> None:
    def long(book: Any) -> None:
        for number in range(10_000):
            book.active.append([number, f"第{number}行"])
        book.active.row_dimensions[9_000].hidden = True

    assert attach(handler, draft, "长表.xlsx", samples.xlsx(long)).status_code == 302
    page = handler.get(reverse("desk:register-record", args=["attachments", draft.attachments.get().pk]))
    assert "有隐藏内容，须处理" in words(page)
