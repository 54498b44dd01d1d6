"""Signing orders the prints; they are kept with their hash, never made twice, and never stand in the way of signing."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from gongkai import cli
from gongkai.annualreport import actions
from gongkai.annualreport.models import ReportVersion
from gongkai.annualreport.rendering import docx, fonts, pdf, prints, verify
from gongkai.annualreport.rendering.models import Print
from gongkai.base import clock, files, outbox
from gongkai.base.models import AuditEntry, OutboxMessage, StoredFile
from gongkai.operating import health
from gongkai.organs import scope
from gongkai.organs.refusals import Refused
from tests.annualreport.flow import draft, publish, reporter, sign_off, wrote
from tests.annualreport.records import case, keep_all
from tests.support.typefaces import need_chinese
from tests.support.world import TEST, World

DAY = dt.date(2023, 1, 25)


@pytest.fixture
def kept(world: World) -> World:
    keep_all(world.organs["city"])
    case(world.organs["city-edu"], received=dt.date(2022, 5, 5), closed=dt.date(2022, 5, 20))
    return world


@pytest.fixture
def fontless(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine on which nobody has installed a Chinese typeface."""
    found = fonts.installed("", system=False)
    monkeypatch.setattr(fonts, "installed", lambda folder="", system=True: found)
    return monkeypatch


def test_a_signed_version_is_printed_once_and_kept_with_its_hash(kept: World) -> None:
    need_chinese()
    version = publish(kept, "city-edu", 2022)
    assert not Print.objects.exists()  # nothing is made before the signature is committed
    outbox.drain()
    there = prints.of_version(version)
    assert sorted(there) == ["docx", "pdf"]
    for wanted, renderer in (("docx", docx), ("pdf", pdf)):
        made = there[wanted]
        content = prints.content(made)
        assert content == renderer.render(prints.printed_report(version))
        assert (made.sha256, made.size) == (hashlib.sha256(content).hexdigest(), len(content))
        assert made.renderer.startswith(f"{prints.EDITION} / ")
        assert made.file.organ_id == version.report.organ_id
        assert prints.file_name(version, wanted) == f"甲市教育局2022年政府信息公开工作年度报告.{wanted}"
    assert AuditEntry.objects.filter(verb="report.print", subject_id=str(version.pk)).count() == 2
    for message in OutboxMessage.objects.filter(topic=prints.TOPIC):
        prints.carry_out(message.payload)
    assert Print.objects.count() == StoredFile.objects.count() == 2
    assert list(verify.problems()) == []


def test_what_is_not_signed_has_no_archived_file(kept: World) -> None:
    version = draft(kept, "city-edu", 2022)
    with pytest.raises(Refused, match="签发以后才有存档文件"):
        prints.make(by=TEST, version=version, wanted="docx")
    assert not Print.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_correction_has_files_of_its_own_and_the_old_ones_stay(kept: World) -> None:
    need_chinese()
    first = publish(kept, "city-edu", 2022)
    outbox.drain()
    before = {made.format: prints.content(made) for made in prints.of_version(first).values()}
    case(kept.organs["city-edu"], received=dt.date(2022, 6, 6), closed=dt.date(2022, 6, 20))
    office, leader = (reporter(kept, "city-edu", role) for role in ("office", "leader"))
    with clock.on_day(DAY):
        second = actions.open_correction(by=office, report=first.report, note="漏计一件申请")
        second = actions.submit(by=office, version=wrote(second, office))
        second = actions.sign(by=leader, version=second)
    outbox.drain()
    new = prints.of_version(second)
    assert sorted(new) == ["docx", "pdf"]
    assert {made.format: prints.content(made) for made in prints.of_version(first).values()} == before
    assert prints.content(new["docx"]) != before["docx"]
    assert prints.file_name(second, "pdf").endswith("（第2版）.pdf")
    found = prints.of_versions([first, second])
    assert [sorted(found[one.pk]) for one in (first, second)] == [["docx", "pdf"]] * 2


def test_a_machine_without_typefaces_signs_and_prints_later(
    kept: World, fontless: pytest.MonkeyPatch
) -> None:
    version = sign_off(kept, "city-edu", 2022)
    assert version.state == ReportVersion.State.SIGNED
    outbox.drain()
    there = prints.of_version(version)
    assert sorted(there) == ["docx"]
    ((wanted, reason),) = prints.missing(version, there)
    assert wanted == "pdf"
    assert reason.startswith("没有找到中文宋体或仿宋字体")
    waiting = OutboxMessage.objects.get(topic=prints.TOPIC, done_at__isnull=True)
    assert (waiting.payload["format"], waiting.error) == ("pdf", "NoFont")
    fontless.undo()
    need_chinese()
    waiting.due_at = clock.machine_now()
    waiting.save()
    outbox.drain()
    assert sorted(prints.of_version(version)) == ["docx", "pdf"]
    assert prints.missing(version, prints.of_version(version)) == []


def test_the_command_makes_what_is_missing_and_says_what_there_is(
    kept: World, capsys: pytest.CaptureFixture[str], tmp_path
) -> None:
    need_chinese()
    version = sign_off(kept, "city-edu", 2022)
    assert cli.main(["report", "print", "city-edu", "2022", "--to", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    for made in Print.objects.all():
        assert made.sha256 in printed
        assert (tmp_path / "out" / prints.file_name(version, made.format)).read_bytes() == prints.content(
            made
        )
    assert Print.objects.count() == 2
    assert cli.main(["report", "print", "甲市教育局", "2022"]) == 0
    assert Print.objects.count() == 2
    assert cli.main(["report", "print", "city-edu", "2021"]) == 2
    assert "没有已签发的报告" in capsys.readouterr().err
    assert cli.main(["report", "print", "无此机关", "2022"]) == 2


def test_the_command_says_when_there_is_no_typeface(
    kept: World, capsys: pytest.CaptureFixture[str], fontless: pytest.MonkeyPatch
) -> None:
    sign_off(kept, "city-edu", 2022)
    assert cli.main(["report", "print", "city-edu", "2022"]) == 1
    told = capsys.readouterr()
    assert "没有找到中文宋体或仿宋字体" in told.err
    assert ".docx" in told.out
    assert list(Print.objects.values_list("format", flat=True)) == ["docx"]


def test_health_names_the_missing_typeface_as_a_notice(db: None, fontless: pytest.MonkeyPatch) -> None:
    (told,) = [one for one in health.findings() if one.subject == "字体"]
    assert told.level == health.NOTICE
    assert told.sentence.startswith("没有找到中文宋体或仿宋字体")
    fontless.undo()
    need_chinese()
    (told,) = [one for one in health.findings() if one.subject == "字体"]
    assert told.level == health.FINE


def test_verify_sees_every_change_of_an_archived_file(kept: World) -> None:
    version = sign_off(kept, "city-edu", 2022)
    made = prints.make(by=TEST, version=version, wanted="docx")
    whole = files.location(made.file.key).read_bytes()
    assert list(verify.problems()) == []
    Print.objects.filter(pk=made.pk).update(sha256="0" * 64)
    assert any("登记的校验值或大小前后不一" in one for one in verify.problems())
    assert any("与存档时的校验值不符" in one for one in verify.problems())
    Print.objects.filter(pk=made.pk).update(sha256=made.sha256)
    files.location(made.file.key).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert any("缺失，或内容与存档时的校验值不符" in one for one in verify.problems())
    with pytest.raises(prints.Damaged):
        prints.content(Print.objects.get())
    files.location(made.file.key).unlink()
    (problem,) = verify.problems()
    assert problem.startswith("甲市教育局2022年度报告第1版的 Word 文件缺失")


def test_a_print_is_never_changed_or_deleted(kept: World) -> None:
    made = prints.make(by=TEST, version=sign_off(kept, "city-edu", 2022), wanted="docx")
    with pytest.raises(TypeError, match="append-only"):
        made.save()
    with pytest.raises(TypeError, match="append-only"):
        made.delete()


def test_prints_are_seen_by_whom_the_report_is_seen_by(kept: World) -> None:
    made = prints.make(by=TEST, version=sign_off(kept, "city-edu", 2022), wanted="docx")
    assert scope.rows(kept.viewer("city-edu", "office"), Print).get() == made
    assert not scope.rows(kept.viewer("city-office", "handler"), Print).exists()
    with pytest.raises(ImproperlyConfigured):
        scope.rows(kept.viewer("city-edu", "office"), OutboxMessage)


@override_settings(FONTS="/nowhere")
def test_a_folder_that_is_not_there_is_no_folder(kept: World) -> None:
    need_chinese()
    assert prints.missing(sign_off(kept, "city-edu", 2022), {})[1][1].startswith("正在生成")
