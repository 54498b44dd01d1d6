"""`gongkai restore FILE`: put a backup into a home that does not exist yet. Everything is checked before the home counts."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gongkai import home
from gongkai.operating.backup import FORMAT, KEYS, MANIFEST, POSTGRESQL, SQLITE, keys_beside, postgresql_tool
from gongkai.operating.console import UsageError, setup_django

_MEMBERS = re.compile(
    rf"(?:{SQLITE}|{POSTGRESQL}|{KEYS}|{MANIFEST}|files/[0-9a-f]{{2}}/[0-9a-f]{{48}})".replace(".", r"\.")
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which backup, and where its keys are."""
    parser.add_argument("file", type=Path, metavar="文件", help="gongkai backup 生成的备份文件")
    parser.add_argument("--keys", type=Path, metavar="文件", help="密钥文件（默认为 备份文件.keys）")


def run(args: argparse.Namespace) -> None:
    """Restore into GONGKAI_HOME and, for PostgreSQL, into the empty database of GONGKAI_DATABASE_URL.

    Raises UsageError; a failed restore leaves no home behind.
    """
    place = home.current()
    _require_empty(place.path)
    if not args.file.is_file():
        raise UsageError(f"找不到备份文件 {args.file}。")
    with _scratch(place.path) as scratch:
        manifest = _unpack(args.file, scratch)
        _bring_keys(args, manifest, scratch)
        (scratch / "files").mkdir(exist_ok=True)
        for name in ("files", KEYS):
            (scratch / name).rename(place.path / name)
        place.marker.write_text(json.dumps({"made_as": manifest["made_as"]}), "utf-8")
        setup_django()
        _fill_database(scratch)
    _tell(place, manifest)


def _require_empty(path: Path) -> None:
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UsageError(f"{path} 不是空目录；恢复只写入空的数据目录，请另设 GONGKAI_HOME。")


@contextmanager
def _scratch(path: Path) -> Iterator[Path]:
    """A folder inside the future home; with everything else of the attempt it goes when the attempt fails."""
    existed = path.exists()
    try:
        scratch = path / ".restore"
        scratch.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise UsageError(f"不能写入 {path}：{error.strerror}。") from error
    try:
        yield scratch
    except BaseException:
        for child in path.iterdir():
            shutil.rmtree(child) if child.is_dir() else child.unlink()
        if not existed:
            path.rmdir()
        raise
    shutil.rmtree(scratch)


def _unpack(file: Path, scratch: Path) -> dict[str, Any]:
    """Extract and hash every member, then hold the hashes against the manifest. Raises UsageError."""
    found: dict[str, str] = {}
    try:
        with tarfile.open(file) as tar:
            for member in tar:
                if not member.isreg() or not _MEMBERS.fullmatch(member.name):
                    raise UsageError(f"备份中有不认识的内容：{member.name}。")
                found[member.name] = _extract(tar, member, scratch / member.name)
        manifest: dict[str, Any] = json.loads((scratch / MANIFEST).read_text("utf-8"))
        expected: dict[str, str] = manifest["sha256"]
        made_as, made_format = manifest["made_as"], manifest["format"]
    except (tarfile.TarError, OSError, ValueError, LookupError, TypeError) as error:
        raise UsageError(f"{file} 不是完整的 gongkai 备份文件。") from error
    if made_format != FORMAT or made_as not in home.ENVIRONMENTS:
        raise UsageError("备份由其他版本的 gongkai 生成，请用生成它的版本恢复后再升级。")
    del found[MANIFEST]
    if wrong := sorted(
        name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)
    ):
        raise UsageError(f"备份与清单不符（{len(wrong)} 处，如 {wrong[0]}），文件可能损坏。")
    return manifest


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> str:
    source = tar.extractfile(member)
    if source is None:
        raise tarfile.ReadError(member.name)
    digest = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as handle:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            handle.write(chunk)
    if member.name == KEYS:
        target.chmod(0o600)
    return digest.hexdigest()


def _bring_keys(args: argparse.Namespace, manifest: dict[str, Any], scratch: Path) -> None:
    """The keys from inside the backup, from ``--keys`` or from beside it. Raises UsageError when they don't belong to it."""
    inside, beside = scratch / KEYS, args.keys or keys_beside(args.file)
    if not inside.exists():
        if not beside.is_file():
            raise UsageError(f"备份不含密钥，也找不到 {beside}；请用 --keys 指明密钥文件。")
        inside.touch(mode=0o600)
        inside.write_bytes(beside.read_bytes())
    if hashlib.sha256(inside.read_bytes()).hexdigest() != manifest["keys"]:
        raise UsageError(f"密钥文件 {beside} 与这份备份不配套。")


def _fill_database(scratch: Path) -> None:
    """Put the snapshot where the settings look for it. Raises UsageError when it is of the other kind or taken."""
    from django.db import connection

    snapshot = scratch / (SQLITE if connection.vendor == "sqlite" else POSTGRESQL)
    if not snapshot.exists():
        raise UsageError(
            "备份来自另一种数据库；请核对 GONGKAI_DATABASE_URL（SQLite 不设，PostgreSQL 写空库的地址）。"
        )
    if connection.vendor == "sqlite":
        target = Path(connection.settings_dict["NAME"])
        if target.exists():
            raise UsageError(f"数据库文件 {target} 已存在，恢复不会覆盖它。")
        shutil.move(snapshot, target)
        return
    if connection.introspection.table_names():
        raise UsageError("GONGKAI_DATABASE_URL 指向的数据库不是空库；请先建一个空库。")
    postgresql_tool(
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={connection.settings_dict['NAME']}",
        str(snapshot),
    )


def _tell(place: home.Home, manifest: dict[str, Any]) -> None:
    from gongkai.operating import migrate

    print(f"已恢复到 {place.path}（备份于 {manifest['made_at']}，{manifest['made_as']} 环境）。")
    if waiting := migrate.unapplied():
        print(f"数据库结构有 {len(waiting)} 项待升级，请运行 gongkai migrate。")
    print("请运行 gongkai verify 核对。")
