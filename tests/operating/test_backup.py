"""A backup taken while people work, restored elsewhere, is whole; what is not whole is refused."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import tarfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.operating.conftest import Installation
from tests.operating.portal_client import Applicant
from tests.operating.server import serving

pytestmark = pytest.mark.server
Nowhere = Callable[[str], Installation]
STORE = (
    "from gongkai.base import files; from gongkai.organs.models import Organ;"
    "stored = [files.store(Organ.objects.get(code='city'), f'{n}.pdf', b'%PDF-1.7 ' + bytes([n])) for n in range(3)];"
    "print(stored[0].key)"
)


@pytest.fixture
def with_files(installation: Installation) -> Installation:
    installation.python(STORE)
    installation.do("work", "--once")
    return installation


def test_a_backup_taken_while_serving_is_whole_elsewhere(
    with_files: Installation, nowhere: Nowhere, tmp_path: Path, free_port: int
) -> None:
    backup, elsewhere = tmp_path / "b.tar", nowhere("elsewhere")
    applicants = [Applicant(free_port, "city", f"申请人{number}") for number in range(12)]
    before, go_on = applicants[:4], threading.Event()
    with serving(with_files, free_port) as server:
        acknowledged = []
        for applicant in applicants:
            applicant.fill_in()
        acknowledged = [applicant.send() for applicant in before]

        def keep_sending() -> int:
            for applicant in applicants[4:]:
                applicant.send()
                go_on.set()
            return len(applicants[4:])

        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(keep_sending)
            assert go_on.wait(timeout=60)
            with_files.do("backup", str(backup))
            assert sending.result(timeout=120) == 8
        assert server.stop() == 0
    printed = elsewhere.do("restore", str(backup))
    assert "gongkai verify" in printed
    assert "全部完整" in elsewhere.do("verify")
    restored = json.loads(
        elsewhere.python(
            "import json; from gongkai.requests.models import Submission; from gongkai.base import files;"
            "from gongkai.base.models import StoredFile;"
            "assert [files.read(f)[:5] for f in StoredFile.objects.all()] == [b'%PDF-'] * 3;"
            "print(json.dumps([[s.reference, s.form['applicant_name']] for s in Submission.objects.all()]))"
        )
    )
    assert set(acknowledged) <= {reference for reference, _ in restored}
    assert {name for _, name in restored} <= {applicant.name for applicant in applicants}
    with serving(elsewhere, free_port) as server:
        assert server.get("/") == 200
        assert server.stop() == 0


def test_keys_travel_apart_unless_asked_otherwise(
    with_files: Installation, nowhere: Nowhere, tmp_path: Path
) -> None:
    apart, inside = tmp_path / "apart.tar", tmp_path / "inside.tar"
    with_files.do("backup", str(apart))
    with_files.do("backup", str(inside), "--with-keys")
    keys = tmp_path / "apart.tar.keys"
    assert not (tmp_path / "inside.tar.keys").exists()
    assert keys.read_bytes() == (with_files.home / "keys.json").read_bytes()
    for path in (apart, inside, keys):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secret = json.loads(keys.read_text())["encryption"][0].encode()
    assert secret not in apart.read_bytes()
    assert secret in inside.read_bytes()

    keys.rename(tmp_path / "safe.keys")
    assert "用 --keys 指明" in nowhere("one").refusal("restore", str(apart))
    assert not nowhere("one").home.exists()
    nowhere("one").do("restore", str(apart), "--keys", str(tmp_path / "safe.keys"))
    nowhere("two").do("restore", str(inside))
    for name in ("one", "two"):
        assert "全部完整" in nowhere(name).do("verify")
        assert stat.S_IMODE((nowhere(name).home / "keys.json").stat().st_mode) == 0o600

    other = nowhere("other")
    other.do("init")
    wrong = str(other.home / "keys.json")
    assert "不配套" in nowhere("three").refusal("restore", str(apart), "--keys", wrong)
    assert not nowhere("three").home.exists()


def test_nothing_is_ever_overwritten(with_files: Installation, nowhere: Nowhere, tmp_path: Path) -> None:
    backup = tmp_path / "b.tar"
    with_files.do("backup", str(backup))
    assert "已存在" in with_files.refusal("backup", str(backup))
    assert "不是空目录" in with_files.refusal("restore", str(backup))
    assert "不存在" in with_files.refusal("backup", str(tmp_path / "no" / "such" / "b.tar"))
    assert "全部完整" in with_files.do("verify")


def test_a_damaged_or_foreign_archive_is_refused_and_leaves_nothing(
    with_files: Installation, nowhere: Nowhere, tmp_path: Path
) -> None:
    backup = tmp_path / "b.tar"
    with_files.do("backup", str(backup), "--with-keys")
    whole = backup.read_bytes()
    half = len(whole) // 2
    damaged = {
        "cut": whole[:half],
        "flipped": whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :],
        "not-a-tar": b"hello",
        "escaping": _with_member(whole, "../../evil"),
        "added": _with_member(whole, f"files/aa/{'a' * 48}"),
    }
    for name, content in damaged.items():
        (tmp_path / f"{name}.tar").write_bytes(content)
        place = nowhere(name)
        place.refusal("restore", str(tmp_path / f"{name}.tar"))
        assert not place.home.exists(), name
    assert not (tmp_path.parent / "evil").exists()
    assert "找不到备份文件" in nowhere("none").refusal("restore", str(tmp_path / "none.tar"))


def _with_member(whole: bytes, name: str) -> bytes:
    """The same archive with one more file at its end."""
    archive = io.BytesIO(whole)
    with tarfile.open(fileobj=archive, mode="a") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"evil"))
    return archive.getvalue()


def test_verify_finds_lost_and_altered_files(with_files: Installation) -> None:
    files = sorted(path for path in (with_files.home / "files").rglob("*") if path.is_file())
    files[0].unlink()
    files[1].write_bytes(files[1].read_bytes()[:-4] + b"AAA=")
    left_over = files[2].with_name("f" * 48)
    left_over.write_bytes(b"an upload that was cut off")
    os.utime(left_over, (0, 0))
    done = with_files.run("verify")
    assert done.returncode == 1
    assert "另有 1 个没有登记的文件" in done.stdout
    assert "文件缺失" in done.stdout
    assert "文件无法解密或被改动" in done.stdout
    assert "共发现 2 个问题。" in done.stdout


def test_a_backup_with_a_lost_file_is_not_called_a_backup(with_files: Installation, tmp_path: Path) -> None:
    shutil.rmtree(next(path for path in (with_files.home / "files").iterdir() if path.is_dir()))
    assert "备份中止" in with_files.refusal("backup", str(tmp_path / "b.tar"))
    assert list(tmp_path.glob("b.tar*")) == []
