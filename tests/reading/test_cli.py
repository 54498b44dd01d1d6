"""``gongkai report read`` and ``check``: lines of JSON, errors in one sentence, folders, standard input."""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import zipfile

import pytest
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from gongkai.law.cli import CourteousParser
from gongkai.reading import cli
from gongkai.reading.checking import privacy
from gongkai.reading.checking.clauses import sentences
from gongkai.reading.reader import read_bytes

from . import published


def call(*arguments: str) -> int:
    parser = CourteousParser(prog="gongkai report")
    cli.add_arguments(parser)
    return cli.run(parser.parse_args(list(arguments), argparse.Namespace()))


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_object_per_line_in_the_agreed_shape(capsys):
    names = [str(published.path(name)) for name in published.SEEDS]
    assert call("read", *names, "--json") == 0
    read = lines(capsys)
    assert [entry["source"] for entry in read] == names
    for name, entry in zip(published.SEEDS, read, strict=True):
        assert {
            "organ",
            "report_year",
            "format",
            "table2",
            "table3",
            "table4",
            "cells",
            "sections",
            "damage",
        } <= set(entry)
        assert published.flat(entry) == published.flat(published.truth(name))
    cell = read[0]["cells"]["table3.rejected_reissue.natural_person"]
    assert cell["state"] == "inferred"
    assert set(cell) == {"state", "value", "at", "proof"}


def test_a_folder_is_walked_and_processes_keep_the_order(tmp_path, capsys):
    for name in ("b", "a", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "报告.txt").write_bytes(published.path("XG20").read_bytes())
    (tmp_path / "a" / "style.css").write_text("td{}")
    assert call("read", str(tmp_path), "--json", "--jobs", "2") == 0
    assert [os.path.relpath(entry["source"], tmp_path)[0] for entry in lines(capsys)] == ["a", "b", "c"]


def test_standard_input(monkeypatch, capsys):
    data = published.path("SY23").read_bytes()
    monkeypatch.setattr(sys, "stdin", argparse.Namespace(buffer=io.BytesIO(data)))
    assert call("read", "-", "--json") == 0
    (entry,) = lines(capsys)
    assert (entry["source"], entry["organ"]) == ("-", "沭阳县发展和改革局")


def encrypted_pdf() -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=pdfencrypt.StandardEncryption("secret", canPrint=0))
    canvas.drawString(100, 100, "locked")
    canvas.save()
    return stream.getvalue()


def zip_bomb() -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(80):
            entry.write(b"\0" * 1024 * 1024)
    return stream.getvalue()


def picture_pdf() -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.rect(100, 100, 200, 200)
    canvas.save()
    return stream.getvalue()


UNREADABLE = {
    "empty.txt": (b"", "空"),
    "blank.txt": (b"\xef\xbb\xbf \r\n", "空"),
    "locked.pdf": (encrypted_pdf(), "加密"),
    "bomb.docx": (zip_bomb(), "炸弹"),
    "locked.docx": (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "加密"),
    "old.doc": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧版"),
    "broken.pdf": (b"%PDF-1.4 nothing", "损坏"),
    "broken.docx": (b"PK\x03\x04 nothing", "损坏"),
    "letter.txt": ("各位同事：会议改在三号。收到请回复。".encode(), "不像"),
    "page.html": (b"<html><body><p>404 Not Found</p></body></html>", "不像"),
    "scan.pdf": (picture_pdf(), "扫描"),
    "scan.png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "扫描"),
    "long.txt": (b"0\n" * 60_000, "过长"),
    "data.txt": (b"\x00\x01\x02" * 400, "无法识别"),
}


def test_what_cannot_be_read_says_why_and_the_others_are_read(tmp_path, capsys):
    for name, (data, _) in UNREADABLE.items():
        (tmp_path / name).write_bytes(data)
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(2 * 1024**3)
    good = str(published.path("LYO22"))
    names = [str(tmp_path / name) for name in UNREADABLE]
    assert call("read", *names, str(huge), str(tmp_path / "missing.txt"), good, "--json") == 2
    *failed, last = lines(capsys)
    assert last["organ"] == "洛阳市人民政府办公室"
    for entry, (_, word) in zip(failed, [*UNREADABLE.values(), (b"", "过大"), (b"", "不存在")], strict=True):
        assert set(entry) == {"source", "error"}
        assert word in entry["error"], entry
        assert entry["error"].endswith("。")
        assert "\n" not in entry["error"]


def test_check_tells_findings_and_what_was_confirmed(capsys):
    assert call("check", str(published.path("HZ23")), "--json") == 0
    (entry,) = lines(capsys)
    faults = [f for f in entry["findings"] if f["verdict"] == "publisher_fault"]
    assert [(f["rule"], f["found"], f["expected"]) for f in faults] == [("T4-SUM", 0, 11), ("T4-SUM", 0, 5)]
    assert faults[0]["mend"] == [{"table4.review.total": 11}]
    assert {f["verdict"] for f in entry["confirmed"]} == {"holds"}


def test_check_for_people(capsys):
    assert call("check", str(published.path("PDS19"))) == 0
    text = capsys.readouterr().out
    assert "[发布错误] N-CARRY" in text
    assert "原文（" in text


@pytest.mark.seed("S124")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_check_quotes_no_applicant_by_name(options, capsys):
    seed = published.path("MJ20")
    report = read_bytes(seed.read_bytes(), seed.name)
    named = {name for one in sentences(report) for name in privacy._names(one.text)}
    assert len(named) > 5
    call("check", str(seed), *options)
    told = capsys.readouterr().out
    assert "某" in told
    assert not [name for name in named if name in told]


def test_check_with_a_previous_report_that_cannot_be_read(tmp_path, capsys):
    assert call("check", str(published.path("PDS19")), "--previous", str(tmp_path / "none")) == 2
    assert "不存在" in capsys.readouterr().err


def test_no_progress_bar_away_from_a_terminal(capsys):
    assert call("read", str(published.path("XG20")), str(published.path("LYO22"))) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("jobs", ["0", "x", "-1", "1000"])
def test_a_wrong_number_of_processes_is_refused(jobs, capsys):
    with pytest.raises(SystemExit) as stopped:
        call("read", "x", "--jobs", jobs)
    assert stopped.value.code == 2
    assert "进程数" in capsys.readouterr().err


@pytest.mark.server
def test_the_console_command_reads_without_django():
    code = (
        "import sys; from gongkai.cli import main; status = main(['report', 'read', sys.argv[1], '--json']); "
        "sys.exit(status or ('django' in sys.modules) * 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(published.path("XG20"))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["organ"] == "西工区人民政府"
