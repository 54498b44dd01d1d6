"""`gongkai rotate-keys new|apply|drop`: replace the encryption key without stopping and without a moment at which a break loses data.

Three steps, because every running process must know the new key before anything is closed with it, and nobody may write
with the old one any more when it is dropped.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gongkai.operating.console import UsageError

if TYPE_CHECKING:
    from django.db.models import Model

BATCH = 200  # rows a transaction: other writers wait no longer than that


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which step."""
    parser.add_argument(
        "step",
        choices=("new", "apply", "drop"),
        metavar="步骤",
        help="new 加入新密钥（随后重启服务）；apply 全部重新加密；drop 核对后删除旧密钥",
    )


def run(args: argparse.Namespace) -> None:
    """Take one step. Raises UsageError when it is not its turn, or when `drop` finds something the new key can't open."""
    from django.conf import settings

    known = len(settings.HOME.keys.encryption)
    if args.step == "new":
        if known > 1:
            raise UsageError("上一次更换尚未完成：重启服务后运行 gongkai rotate-keys apply，再运行 drop。")
        settings.HOME.add_encryption_key()
        print("已加入新密钥。请重启服务，另行备份密钥文件，然后运行 gongkai rotate-keys apply。")
        return
    if known < 2:
        raise UsageError("没有待更换的密钥；先运行 gongkai rotate-keys new。")
    if args.step == "apply":
        print(
            f"已重新加密记录 {renew_columns()} 条、文件 {renew_files()} 个。下一步：gongkai rotate-keys drop。"
        )
        return
    _drop()
    print("旧密钥已删除。请重启服务，并重新做一次备份。")


def renew_columns() -> int:
    """Encrypt every encrypted column of every row anew; returns how many rows."""
    return sum(_renew_batch(model, names, keys) for model, names in _sealed() for keys in _batches(model))


def _renew_batch(model: type[Model], names: list[str], keys: list[Any]) -> int:
    from django.db import connection, transaction

    with transaction.atomic():
        rows = model._base_manager.filter(pk__in=keys).only("pk", *names)
        if connection.features.has_select_for_update:
            rows = rows.select_for_update(of=("self",))
        for row in rows:
            model._base_manager.filter(pk=row.pk).update(**{name: getattr(row, name) for name in names})
    return len(keys)


def _sealed() -> Iterator[tuple[type[Model], list[str]]]:
    from django.apps import apps

    from gongkai.base.fields import Sealed

    for model in apps.get_models():
        if names := [
            field.attname for field in model._meta.local_concrete_fields if isinstance(field, Sealed)
        ]:
            yield model, names


def _batches(model: type[Model]) -> Iterator[list[Any]]:
    last: Any = None
    rows = model._base_manager.order_by("pk").values_list("pk", flat=True)
    while keys := list((rows if last is None else rows.filter(pk__gt=last))[:BATCH]):
        yield keys
        last = keys[-1]


def renew_files() -> int:
    """Encrypt every stored file anew; returns how many."""
    from gongkai.base import files
    from gongkai.base.models import StoredFile

    number = 0
    for number, stored in enumerate(StoredFile.objects.order_by("pk").iterator(chunk_size=BATCH), start=1):  # noqa: B007
        files.renew(stored)
    return number


def _drop() -> None:
    """Forget the old keys, after reading everything with the new one alone; on the first failure they are all kept."""
    from django.conf import settings

    from gongkai.base import crypto, files
    from gongkai.base.models import StoredFile

    place = settings.HOME
    with crypto.only_newest_key():
        try:
            for model, names in _sealed():
                for keys in _batches(model):
                    list(model._base_manager.filter(pk__in=keys).only("pk", *names))
            for stored in StoredFile.objects.defer("name").iterator(chunk_size=BATCH):
                files.read(stored)
        except crypto.Unreadable as error:
            raise UsageError(
                "仍有内容是用旧密钥加密的，旧密钥已保留；请确认服务已重启，再运行 gongkai rotate-keys apply。"
            ) from error
    place.drop_old_encryption_keys()
