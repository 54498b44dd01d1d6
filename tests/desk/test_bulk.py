"""Documents by the table, on the desk: tried, confirmed, done in the background, taken away; each within one's reach."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.base import outbox, tables
from gongkai.base.models import AuditEntry
from gongkai.documents.bulk import batches
from gongkai.documents.bulk.models import Batch
from gongkai.documents.models import Attachment, Document
from gongkai.organs.models import Post
from tests.documents.bulk.support import PLAIN, csv_of, read
from tests.documents.support import document
from tests.support.world import World

SignIn = Callable[[str], Client]
_HERE = "desk:documents-bulk"
_GOOD = {key: text for key, text in PLAIN.items() if key != "organ"}
_WRONG = {**_GOOD, "title": "错的", "made_on": "昨天"}


def _upload(world: World, rows: list[dict[str, str]], files: bytes | None = None) -> dict[str, Any]:
    given: dict[str, Any] = {
        "organ": world.organs["city-office"].pk,
        "table": SimpleUploadedFile("表.csv", csv_of(rows)),
    }
    if files is not None:
        given["attachments"] = SimpleUploadedFile("附件.zip", files)
    return given


def test_from_the_upload_to_the_register(
    world: World, sign_in: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    client = sign_in("city-office-handler")
    assert "没有写公开日期的，作为草稿导入" in client.get(reverse(_HERE)).content.decode()
    page = client.post(reverse(_HERE), _upload(world, [_GOOD, _WRONG]), follow=True)
    words = page.content.decode()
    assert "已预检，等待确认" in words
    assert "导入这 1 件" in words
    assert "成文日期：“昨天”不是日期" in words
    assert not Document.objects.exists()
    batch = Batch.objects.get()
    sheet = client.get(reverse("desk:documents-batch-problems", args=[batch.pk]))
    ((_number, cells),) = read(b"".join(sheet), "问题.csv", organ_given=True)
    assert cells["title"] == "错的"
    client.post(reverse("desk:documents-batch-confirm", args=[batch.pk]))
    assert not Document.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert outbox.drain() == 1
    done = client.get(reverse("desk:documents-batch", args=[batch.pk])).content.decode()
    assert "已完成" in done
    kept = Document.objects.get()
    assert (kept.organ.code, kept.entered_by) == ("city-office", batch.author)
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")][-3:] == [
        "batch.begin",
        "batch.confirm",
        "document.import",
    ]
    batch.refresh_from_db()
    with pytest.raises(FileNotFoundError), batches.stash.taken(batch.table):
        pass


def test_files_come_in_a_zip_and_wait_for_the_worker(world: World, sign_in: SignIn) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("子/说明.txt", "内容")
    client = sign_in("city-office-handler")
    given = _upload(world, [{**_GOOD, "annexes": "说明.txt"}], packed.getvalue())
    page = client.post(reverse(_HERE), given, follow=True)
    assert "正在逐行核对" in page.content.decode()
    outbox.drain()
    batch = Batch.objects.get()
    assert (batch.state, batch.taken, batch.attached) == ("checked", 1, 1)
    client.post(reverse("desk:documents-batch-confirm", args=[batch.pk]))
    outbox.drain()
    assert Attachment.objects.get().title == "说明"


def test_a_long_table_takes_turns(world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai.documents.bulk.importing.CHUNK", 2)
    rows = [{**_GOOD, "title": f"信息{n}"} for n in range(5)]
    client = sign_in("city-office-handler")
    client.post(reverse(_HERE), _upload(world, rows))
    batch = Batch.objects.get()
    client.post(reverse("desk:documents-batch-confirm", args=[batch.pk]))
    batches.work_on(batch.pk, seconds=0)
    batch.refresh_from_db()
    assert (batch.state, batch.taken, Document.objects.count()) == ("running", 2, 2)
    while Batch.objects.get().running:
        batches.work_on(batch.pk, seconds=0)
    assert Document.objects.count() == 5
    batches.work_on(batch.pk)  # a message that came late
    assert Document.objects.count() == 5


def test_it_stops_when_asked_and_when_the_post_is_lost(world: World, sign_in: SignIn) -> None:
    client = sign_in("city-office-handler")
    client.post(reverse(_HERE), _upload(world, [_GOOD]))
    first = Batch.objects.get()
    client.post(reverse("desk:documents-batch-stop", args=[first.pk]))
    assert client.post(reverse("desk:documents-batch-confirm", args=[first.pk])).status_code == 403
    client.post(reverse(_HERE), _upload(world, [_GOOD]))
    second = Batch.objects.order_by("pk").last()
    assert second is not None
    client.post(reverse("desk:documents-batch-confirm", args=[second.pk]))
    Post.objects.filter(person=world.people["city-office-handler"]).delete()
    outbox.drain()
    second.refresh_from_db()
    assert (second.state, "已不在" in second.note, Document.objects.count()) == ("stopped", True, 0)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("表.doc", b"x", "请选择 .csv"),
        ("表.csv", b"", "空"),
        ("表.csv", "标题,奇怪\n甲,乙\n".encode(), "没有找到表头"),
        ("表.xlsx", b"PK\x03\x04x", "损坏"),
    ],
)
def test_what_is_no_table_is_said(
    world: World, sign_in: SignIn, name: str, content: bytes, words: str
) -> None:
    given = {"organ": world.organs["city-office"].pk, "table": SimpleUploadedFile(name, content)}
    page = sign_in("city-office-handler").post(reverse(_HERE), given, follow=True)
    if name.endswith(".xlsx"):  # whatever its size, the worker opens it
        outbox.drain()
        page = sign_in("city-office-handler").get(page.request["PATH_INFO"])
    assert words in page.content.decode()
    assert not Document.objects.exists()


def test_others_batches_and_documents_stay_theirs(world: World, sign_in: SignIn) -> None:
    sign_in("city-office-handler").post(reverse(_HERE), _upload(world, [_GOOD, _WRONG]))
    batch = Batch.objects.get()
    stranger = sign_in("city-edu-handler")
    for name in ("documents-batch", "documents-batch-problems"):
        assert stranger.get(reverse(f"desk:{name}", args=[batch.pk])).status_code == 404
    for name in ("documents-batch-confirm", "documents-batch-stop"):
        assert stranger.post(reverse(f"desk:{name}", args=[batch.pk])).status_code == 404
    onlooker = sign_in("city-supervisor")
    assert onlooker.get(reverse("desk:documents-batch", args=[batch.pk])).status_code == 200
    assert onlooker.post(reverse("desk:documents-batch-confirm", args=[batch.pk])).status_code == 403
    assert onlooker.post(reverse(_HERE), _upload(world, [_GOOD])).status_code == 403
    assert Batch.objects.get().state == "checked"


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx"])
def test_the_register_goes_out_as_far_as_one_sees_it(
    world: World, sign_in: SignIn, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document(world, "city-office", title="办公室的")
    document(world, "city-edu", title="教育局的", kind="notice")
    address = reverse("desk:documents-bulk-export", args=[kind])
    seen = {}
    for who in ("city-office-handler", "city-supervisor"):
        answer = sign_in(who).get(address)
        found = read(b"".join(answer), f"表.{kind}")
        seen[who] = {row["title"] for _number, row in found}
    assert seen == {
        "city-office-handler": {"办公室的"},
        "city-supervisor": {"办公室的", "教育局的"},
    }
    narrowed = sign_in("city-supervisor").get(address, {"kind": "notice"})
    assert [row["title"] for _number, row in read(b"".join(narrowed), f"表.{kind}")] == ["教育局的"]
    assert AuditEntry.objects.filter(verb="documents.export").count() == 3
    with monkeypatch.context() as patched:
        patched.setattr(tables, "XLSX_MOST", 1)
        refused = sign_in("city-supervisor").get(address)
        assert refused.status_code == (403 if kind == "xlsx" else 200)
        assert kind != "xlsx" or "超过1件，请改用CSV" in refused.content.decode()
    packed = sign_in("city-supervisor").get(address, {"files": "1"})
    with zipfile.ZipFile(io.BytesIO(b"".join(packed))) as archive:
        assert archive.namelist() == [f"文件.{kind}"]
