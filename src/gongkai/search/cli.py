"""`gongkai search rebuild|status|verify`."""

from __future__ import annotations

import argparse
import sys
import time

SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    parser.add_argument(
        "what",
        choices=("rebuild", "status", "verify"),
        metavar="rebuild|status|verify",
        help="rebuild 重建索引（旧索引继续使用到新索引建成）；status 查看状况；verify 与数据库逐条核对",
    )


def run(args: argparse.Namespace) -> int:
    """Exit status 1 when the index is not what it should be."""
    return {"rebuild": _rebuild, "status": _status, "verify": _verify}[args.what]()


def _rebuild() -> int:
    from gongkai.search import indexer, place
    from gongkai.search.engine import Busy

    began = time.monotonic()
    try:
        indexer.rebuild()
    except Busy as error:
        place.folder().asked_anew.touch()
        print(f"索引由进程 {error} 维护，已请它重建；用 gongkai search status 查看。")
        return 0
    number = sum(1 for _ in place.reader().digests())
    print(f"索引已重建：{number} 条，{time.monotonic() - began:.0f} 秒。")
    return 0


def _status() -> int:
    from gongkai.search import checking, place

    folder, reader = place.folder(), place.reader()
    found = checking.standing(folder, reader)
    print(f"检索索引：{found.sentence}。")
    if folder.current() is not None:
        print(f"位置：{folder.current()}，{folder.size() / 1024**2:.1f} MB。")
    if folder.asked_anew.exists():
        print("已有重建的请求，正在或即将重建。")
    return 0 if found.fine else 1


def _verify() -> int:
    from gongkai.search import checking, place
    from gongkai.search.engine import Unavailable

    try:
        problems = list(checking.differences(place.reader()))
    except Unavailable:
        print("现在没有可用的索引；先运行 gongkai search rebuild。", file=sys.stderr)
        return 2
    for sentence in problems[:SHOWN]:
        print(sentence)
    if len(problems) > SHOWN:
        print(f"…… 另有 {len(problems) - SHOWN} 条")
    print(f"共 {len(problems)} 处与数据库不一致。" if problems else "索引与数据库一致。")
    return 1 if problems else 0
