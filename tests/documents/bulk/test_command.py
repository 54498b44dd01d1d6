"""``gongkai documents`` as an operator uses it: processes, files, exit statuses; killed anywhere and started again."""

from __future__ import annotations

import csv
import io
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.documents.bulk.support import csv_of
from tests.operating.conftest import Installation

ROWS = 2_400


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one organ, made once."""
    home = tmp_path_factory.mktemp("bulk") / "home"
    Installation(home).do("init", "--organ", "甲市人民政府", "--organ-code", "city")
    return home


@pytest.fixture
def installation(made: Path, tmp_path: Path) -> Installation:
    shutil.copytree(made, tmp_path / "home")
    return Installation(tmp_path / "home")


def _table(path: Path, count: int = ROWS) -> Path:
    rows = [
        {
            "organ": "city",
            "kind": "政务信息",
            "title": f"信息第{number}号",
            "made_on": "2021-03-01",
            "text": "正文" * 20,
            "released_on": "2021-03-02",
        }
        for number in range(1, count + 1)
    ]
    path.write_bytes(csv_of(rows))
    return path


_LOOK = """
from collections import Counter
from gongkai.base.models import AuditEntry
from gongkai.documents import verify
from gongkai.documents.models import Document, Edition, Release
titles = Counter(Document.objects.values_list("title", flat=True))
numbers = sorted(Document.objects.values_list("index_no", flat=True))
entries = AuditEntry.objects.filter(verb="document.import").count()
print(len(titles), max(titles.values(), default=0), Edition.objects.count(), Release.objects.count(), entries)
print(numbers == [f"{n.split('-')[0]}-{place:05d}" for place, n in enumerate(numbers, start=1)])
print(verify.problems())
"""


def test_killed_anywhere_and_started_again_nothing_is_lost_or_doubled(
    installation: Installation, tmp_path: Path
) -> None:
    table = _table(tmp_path / "表.csv")
    chance = random.Random(20211)  # noqa: S311
    kills = 0
    for _attempt in range(8):
        process = subprocess.Popen(
            installation.command("documents", "import", str(table)),
            env=installation.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        reached = _wait_for_some(installation, process, chance)
        if not reached:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
    assert kills >= 2, "the table must be long enough to be cut off"
    done = installation.run("documents", "import", str(table))
    assert done.returncode == 0, done.stderr
    found = installation.python(_LOOK).splitlines()
    assert found == [f"{ROWS} 1 {ROWS} {ROWS} {ROWS}", "True", "[]"]
    again = installation.do("documents", "import", str(table))
    assert f"已有{ROWS}件" in again


def _wait_for_some(
    installation: Installation, process: subprocess.Popen[bytes], chance: random.Random
) -> bool:
    """Until the register has grown, and then a moment more; False when the process ended first."""
    import sqlite3

    base = installation.home / "gongkai.sqlite3"
    with sqlite3.connect(f"file:{base}?mode=ro", uri=True) as connection:
        before = connection.execute("SELECT count(*) FROM documents_document").fetchone()[0]
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline:
            now = connection.execute("SELECT count(*) FROM documents_document").fetchone()[0]
            if now > before:
                pause = time.monotonic() + chance.random() * 0.15
                while time.monotonic() < pause and process.poll() is None:
                    pass
                return process.poll() is None
    return False


def test_from_template_to_register_and_back(installation: Installation, tmp_path: Path) -> None:
    template = tmp_path / "空表.xlsx"
    assert "带 * 的列必填" in installation.do("documents", "import", str(template), "--template")
    folder = tmp_path / "附件"
    folder.mkdir()
    (folder / "说明.txt").write_text("内容")
    table = tmp_path / "表.csv"
    good = {"kind": "通知公告", "title": "公告一", "made_on": "2021-03-01", "annexes": "说明.txt"}
    table.write_bytes(csv_of([good, {**good, "title": "公告二", "made_on": "昨天"}]))
    asked = ("documents", "import", str(table), "--organ", "city", "--files", str(folder))
    problems = tmp_path / "问题.csv"
    tried = installation.run(*asked, "--dry-run", "--problems", str(problems))
    assert (tried.returncode, "没有写入" in tried.stdout) == (2, True)
    lines = list(csv.DictReader(io.StringIO(problems.read_text("utf-8-sig"))))
    assert [(line["原行号"], line["标题"]) for line in lines] == [("3", "公告二")]
    done = installation.run(*asked, "--problems", str(problems))
    assert (done.returncode, "已导入1件" in done.stdout) == (2, True)
    problems.write_text(problems.read_text("utf-8").replace("昨天", "2021-03-02"), "utf-8")
    none = tmp_path / "没有问题.csv"
    (tmp_path / "好.csv").write_bytes(csv_of([{**good, "annexes": ""}]))
    for more in ((), ("--dry-run",)):
        installation.do(
            "documents", "import", str(tmp_path / "好.csv"), "--organ", "city", "--problems", str(none), *more
        )
        assert not none.exists()
    mended = installation.do("documents", "import", str(problems), "--organ", "city", "--files", str(folder))
    assert "附件1个" in mended
    out = tmp_path / "全部.zip"
    assert "已导出 2 件" in installation.do("documents", "export", str(out))
    for name in ("全部.csv", "全部.xlsx", "全部.jsonl"):
        installation.do("documents", "export", str(tmp_path / name), "--kind", "通知公告")
        again = installation.do("documents", "import", str(tmp_path / name), "--files", str(out))
        assert "已有2件" in again


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "没有.csv"), "找不到文件 没有.csv。"),
        (("import", "{table}", "--files", "没有"), "找不到附件 没有。"),
        (("import", "{table}", "--organ", "没有局"), "没有找到名为“没有局”的机关，请核对名称或者改用代码。"),
        (("export", "a.doc"), "a.doc 的扩展名应是 .csv、.xlsx、.jsonl 或者 .zip。"),
        (("export", "a.csv", "--since", "昨天"), "“昨天”不是日期，请写作 2019-05-15。"),
        (("export", "a.csv", "--kind", "怪"), "没有“怪”这一类文件。"),
    ],
)
def test_refusals_are_one_sentence(
    installation: Installation, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    table = _table(tmp_path / "表.csv", 1)
    asked = [word.format(table=table) for word in words]
    assert installation.refusal("documents", *asked) == sentence
