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


def test_only_who_may_see_the_document_takes_its_package(world: World) -> None:
    kept = document(world)
    with pytest.raises(Refused):
        archiving.package(kept, by=world.actor("city-edu", "head", "documents"))
