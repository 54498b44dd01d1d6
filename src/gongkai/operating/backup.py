"""`gongkai backup FILE`: database, files and keys of a running installation, as of one moment.

The tar holds ``database.sqlite3`` or ``database.dump``, ``files/…`` as they lie on disk (encrypted) and ``manifest.json``
with the hash of everything. The keys go into ``FILE.keys`` beside it, to be kept apart: neither tells anything alone.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from gongkai.operating.console import UsageError

FORMAT = 1
MANIFEST, KEYS = "manifest.json", "keys.json"
SQLITE, POSTGRESQL = "database.sqlite3", "database.dump"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and whether the keys travel inside."""
    parser.add_argument(
        "file", type=Path, metavar="文件", help="备份文件，如 gongkai-2026-11-20.tar；不能已存在"
    )
    parser.add_argument("--with-keys", action="store_true", help="把密钥放进备份文件（默认另存为 文件.keys）")


def run(args: argparse.Namespace) -> None:
    """Write the backup; it appears under its name only when it is complete. Raises UsageError."""
    from django.conf import settings

    target: Path = args.file
    keys = keys_beside(target)
    for path in (target, keys):
        if path.exists():
            raise UsageError(f"{path} 已存在，请换一个文件名。")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"文件夹 {target.absolute().parent} 不存在。")
    if not settings.HOME.exists:
        raise UsageError(f"{settings.HOME.path} 还不是数据目录，没有可备份的内容。")
    partial = target.with_name(target.name + ".part")
    try:
        with _private(partial) as handle:
            number = write(handle, with_keys=args.with_keys)
        if not args.with_keys:
            with _private(keys) as handle:
                handle.write(settings.HOME.keys_file.read_bytes())
        partial.rename(target)
    except BaseException:
        keys.unlink(missing_ok=True)
        raise
    finally:
        partial.unlink(missing_ok=True)
    print(f"已备份到 {target}（文件 {number} 个，{target.stat().st_size / 1024**2:.1f} MB）。")
    print(
        "密钥在备份文件内，请按涉密要求保管。"
        if args.with_keys
        else f"密钥另存为 {keys}，请与备份分开保管；恢复时需要。"
    )


def keys_beside(target: Path) -> Path:
    """Where the keys of the backup `target` are kept when they are not inside."""
    return target.with_name(target.name + ".keys")


def write(handle: IO[bytes], *, with_keys: bool) -> int:
    """Write the tar to `handle`; returns how many files of cases it holds."""
    from django.conf import settings
    from django.db import connection

    from gongkai.base import files

    with tempfile.TemporaryDirectory(dir=settings.HOME.path, prefix=".backup-") as scratch:
        snapshot = Path(scratch) / (SQLITE if connection.vendor == "sqlite" else POSTGRESQL)
        stored = (
            _snapshot_sqlite(snapshot) if connection.vendor == "sqlite" else _snapshot_postgresql(snapshot)
        )
        with tarfile.open(fileobj=handle, mode="w") as tar:
            hashes = {snapshot.name: _add(tar, snapshot.name, snapshot)}
            for (
                key
            ) in stored:  # every row's file was on disk before the row was committed, and files never change
                hashes[f"files/{key[:2]}/{key}"] = _add(tar, f"files/{key[:2]}/{key}", files.location(key))
            if with_keys:
                hashes[KEYS] = _add(tar, KEYS, settings.HOME.keys_file)
            manifest = {
                "format": FORMAT,
                "gongkai": version("gongkai"),
                "made_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                "made_as": settings.HOME.made_as,
                "keys": hashlib.sha256(settings.HOME.keys_file.read_bytes()).hexdigest(),
                "sha256": hashes,
            }
            _add_bytes(tar, MANIFEST, json.dumps(manifest, indent=1).encode())
    return len(stored)


def _snapshot_sqlite(target: Path) -> list[str]:
    """Copy the database in one read transaction: writers go on writing meanwhile."""
    from django.db import connection

    connection.ensure_connection()
    copy = sqlite3.connect(target)
    try:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        return [key for (key,) in copy.execute("SELECT key FROM base_storedfile ORDER BY id")]
    finally:
        copy.close()


def _snapshot_postgresql(target: Path) -> list[str]:
    """pg_dump and the list of files read the same exported snapshot. Raises UsageError when pg_dump cannot."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        postgresql_tool("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
        cursor.execute("SELECT key FROM base_storedfile ORDER BY id")
        return [key for (key,) in cursor.fetchall()]


def postgresql_tool(name: str, *options: str) -> None:
    """Run a PostgreSQL client program on our database; the password goes by environment. Raises UsageError."""
    from django.db import connection

    if shutil.which(name) is None:
        raise UsageError(f"找不到 {name}；请安装与服务器同版本的 PostgreSQL 客户端程序。")
    arguments, environment = connection.settings_dict, dict(os.environ)
    given = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    environment |= {variable: str(arguments[key]) for variable, key in given.items() if arguments[key]}
    done = subprocess.run([name, "--no-password", *options], env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise UsageError(f"{name} 失败：{' '.join(done.stderr.split())[:400]}")


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file only its owner may read, on disk for good when the block ends."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        yield handle
        handle.flush()
        os.fsync(handle.fileno())


class _Hashing(io.RawIOBase):
    """Reads through, hashing what goes by."""

    def __init__(self, inner: IO[bytes]) -> None:
        self.inner, self.digest = inner, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.inner.read(size)
        self.digest.update(chunk)
        return chunk


def _add(tar: tarfile.TarFile, name: str, path: Path) -> str:
    """Add one file; returns its hash. A missing file is left to `verify`, not hidden: UsageError names it."""
    try:
        with path.open("rb") as handle:
            reader: Any = _Hashing(handle)
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = path.stat().st_size, 0o600
            tar.addfile(entry, reader)
            return reader.digest.hexdigest()
    except FileNotFoundError as error:
        raise UsageError(f"缺少文件 {path}，备份中止；先运行 gongkai verify 查明原因。") from error


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))
