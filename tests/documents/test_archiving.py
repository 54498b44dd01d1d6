"""The archive package: everything that was kept, and sums that hold."""

import datetime as dt
import hashlib
import io
import json
import zipfile

import pytest

from gongkai.base import clock
from gongkai.base.models import AuditEntry
from gongkai.documents import actions, archiving
from gongkai.documents.models import Document
from gongkai.organs.refusals import Refused
from gongkai.review import actions as reviewing
from tests.documents.support import document
from tests.review import support as signing
from tests.support.world import TEST, World

APR = dt.date(2019, 4, 1)


def _opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_package_holds_editions_files_releases_and_sums(world: World) -> None:
    kept = document(world, title="供水<办法>", body="第一条 甲")
    actions.attach(kept.editions.get(), by=TEST, name="说明.txt", content="附件内容".encode())
    actions.release(kept, by=TEST, channel="政府网站", on=APR)
    second = actions.open_edition(kept, by=TEST)
    actions.write(second, by=TEST, title="供水办法（修订）", html="<p>第一条 乙</p>")
    packed = _opened(archiving.package(kept, by=world.actor("city", "office", "documents")))
    assert packed["第1版/正文.txt"].decode() == "供水<办法>\n\n第一条 甲\n"
    assert "<p>第一条 乙</p>" in packed["第2版/正文.html"].decode()
    assert "<title>供水&lt;办法&gt;</title>" in packed["第1版/正文.html"].decode()
    annex = next(name for name in packed if name.startswith("第1版/附件1-"))
    assert packed[annex].decode() == "附件内容"
    record = json.loads(packed["文件.json"])
    assert [one["channel"] for one in record["releases"]] == ["政府网站"]
    assert [one["attribute"] for one in record["editions"]] == ["open", "open"]
    verbs = [entry["verb"] for entry in json.loads(packed["经过.json"])]
    assert verbs == ["document.add", "edition.attach", "document.release", "edition.open", "edition.write"]
    sums = dict(reversed(line.split("  ")) for line in packed.pop("SHA256SUMS.txt").decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in packed.items()}
    assert AuditEntry.objects.filter(verb="document.archive").count() == 1


@pytest.mark.seed("S272")
def test_opinions_signatures_and_final_attribute_go_to_the_archives(world: World) -> None:
    with clock.on_day(signing.DAY):
        run = signing.sign(world, signing.started(world), "office", "head", "leader")
        kept = Document.objects.get(organ=world.organs["city-edu"])
        packed = _opened(archiving.package(kept, by=world.actor("city-edu", "office", "documents")))
    assert run.state == "completed"
    sheet = json.loads(packed["第1版/审查单1.json"])
    signed = [one for one in sheet["signatures"] if one["opinion"] == "同意"]
    assert [one["step"] for one in signed] == ["办公室审核", "负责人审核", "领导审定"]
    assert all(one["signer"] and one["at"] and one["hash"] and one["text"] == "意见" for one in signed)
    assert json.loads(packed["文件.json"])["editions"][0]["attribute"] == "open"


@pytest.mark.seed("S272")
def test_the_wording_first_submitted_goes_to_the_archives_beside_the_mended_one(world: World) -> None:
    city = "city-edu"
    with clock.on_day(signing.DAY):
        run = signing.sign(world, signing.started(world, body="第一条 初稿"), "office")
        kept = Document.objects.get(organ=world.organs[city])
        reviewing.return_(by=signing.actor(world, city, "head"), run=run, text="请核对")
        actions.attach(kept.editions.get(), by=TEST, name="说明.txt", content="附件内容".encode())
        closed = {"attribute": "on_request", "attribute_reason": "条例第十九条"}
        actions.edit_edition(kept.editions.get(), by=TEST, body="第一条 改稿", **closed)
        reviewing.resubmit(by=signing.actor(world, city, "handler"), run=run, text="已改")
        signing.sign(world, run, "office", "head", "leader")
        packed = _opened(archiving.package(kept, by=world.actor(city, "office", "documents")))
    first, second = packed["第1版/送审稿1.txt"].decode(), packed["第1版/送审稿2.txt"].decode()
    assert "关于道路施工的通告" in first
    assert "第一条 初稿" in first
    assert "公开属性：主动公开\n" in first
    assert "第一条 改稿" in second
    assert "公开属性：依申请公开：条例第十九条" in second
    assert [name for name in packed if name.startswith("第1版/送审稿1-")] == []
    annex = next(name for name in packed if name.startswith("第1版/送审稿2-附件1-"))
    assert packed[annex].decode() == "附件内容"
    sheet = json.loads(packed["第1版/审查单1.json"])
    assert [(one["number"], "初稿" in one["text"]) for one in sheet["drafts"]] == [(1, True), (2, False)]
    assert [one["draft"] for one in sheet["signatures"]] == [1, 1, 1, 2, 2, 2, 2]


def test_where_a_withdrawn_release_leads_goes_to_the_archives(world: World) -> None:
    kept, instead = document(world), document(world, title="新的办法")
    actions.release(kept, by=TEST, channel="政府网站", on=APR)
    actions.release(instead, by=TEST, channel="政府网站", on=APR)
    later = APR + dt.timedelta(days=1)
    actions.withdraw_everywhere(kept, by=TEST, on=later, reason="有新的", onward=instead)
    record = json.loads(_opened(archiving.package(kept, by=TEST))["文件.json"])
    assert [one["onward"] for one in record["releases"] if one["until"]] == [instead.pk]


def test_only_who_may_see_the_document_takes_its_package(world: World) -> None:
    kept = document(world)
    with pytest.raises(Refused):
        archiving.package(kept, by=world.actor("city-edu", "head", "documents"))
