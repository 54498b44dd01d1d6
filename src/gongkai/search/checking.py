"""The index held against the database, and what there is to say about it in a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.base import clock
from gongkai.search import feed
from gongkai.search.embedded import Condition, Folder
from gongkai.search.engine import Reader, State, Unavailable
from gongkai.search.sources import SOURCES

LATE = dt.timedelta(minutes=2)  # the indexer needs less than two seconds

_CONDITIONS = {
    Condition.MISSING: "还没有建立；服务启动后自动建立，也可以运行 gongkai search rebuild",
    Condition.STALE: "由旧版分词建立，可以使用；服务启动后自动重建",
    Condition.FOREIGN: "由其他版本建立，不能使用；服务启动后自动重建",
    Condition.BROKEN: "已损坏，不能使用；服务启动后自动重建",
}


@dataclass(frozen=True)
class Standing:
    """How the index stands: fine, or why not, in one sentence."""

    fine: bool
    sentence: str


def standing(folder: Folder, reader: Reader) -> Standing:
    """Whether there is a whole index of this database that lags by no more than `LATE`. Three queries at most."""
    condition = folder.condition()
    if condition is not Condition.WHOLE:
        return Standing(False, _CONDITIONS[condition])
    try:
        state = reader.state()
    except Unavailable:
        state = None
    if state is None:
        return Standing(False, _CONDITIONS[Condition.BROKEN])
    return _lag(state)


def _lag(state: State) -> Standing:
    if not feed.belongs(state):
        return Standing(False, "不是由现在的数据库建立的；服务启动后自动重建")
    waiting, since = feed.behind(state)
    if since is not None and clock.now() - since > LATE:
        return Standing(False, f"落后 {waiting} 条变更，请确认 gongkai serve 或 gongkai work 正在运行")
    return Standing(True, "最新" if not waiting else f"正在收入 {waiting} 条变更")


def differences(reader: Reader) -> Iterator[str]:
    """One sentence for each entry that is missing, out of date or no longer in the database. Reads everything."""
    kept = dict(reader.digests())
    today = clock.today()
    for source in SOURCES:
        for keys in source.batches():
            for entry in source.load(keys, today):
                digest = kept.pop(entry.key, None)
                if digest is None:
                    yield f"{entry.key} 没有收入索引"
                elif digest != entry.digest:
                    yield f"{entry.key} 在索引中不是最新的内容"
    for key in sorted(kept):
        yield f"{key} 在索引中，但数据库中没有"
