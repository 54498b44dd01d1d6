"""`gongkai work`: carries out what the outbox owes, seals the audit log and keeps the search index up. `serve` starts one; more
may run beside it, one of which writes the index."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
import time

PAUSE = 2.0  # seconds between two looks when nothing is due; messages are also tried right after their commit
TIDY_EVERY = 3600.0  # seconds
log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--once`` does what is due now and ends."""
    parser.add_argument("--once", action="store_true", help="只执行一轮后结束")


def run(args: argparse.Namespace) -> None:
    """Work until stopped by SIGTERM or SIGINT, or one round with ``--once``."""
    if args.once:
        done, sealed = one_round()
        tidy()
        print(f"完成任务 {done} 项，封存审计记录 {sealed} 条，{_index_once()}。")
        return
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    indexing = threading.Thread(target=_index_until, args=(stop,), name="indexing")
    indexing.start()
    until(stop)
    indexing.join()


def _index_once() -> str:
    from gongkai.search import indexer
    from gongkai.search.engine import Busy

    try:
        indexer.once()
    except Busy:
        return "检索索引由另一进程维护"
    return "检索索引已更新"


def _index_until(stop: threading.Event) -> None:
    """A thread of its own: what takes long here keeps no message waiting, nor the other way round."""
    from gongkai.search import indexer

    indexer.until(stop)


def one_round() -> tuple[int, int]:
    """Release what is due, drain and seal once; returns releases and messages done, and entries sealed."""
    from gongkai.base import audit, outbox
    from gongkai.documents import scheduling

    return scheduling.carry_out_due() + outbox.drain(), audit.seal_waiting()


def tidy() -> None:
    """What was brought and nobody came back for goes: sheets and files that wait, rows kept for mending."""
    from gongkai.annualreport.library.stash import stash as reports
    from gongkai.desk.register.importing import stash as sheets
    from gongkai.documents.bulk import batches

    for stash in (sheets, reports, batches.stash):
        stash.sweep()
    batches.forget_old()


def until(stop: threading.Event) -> None:
    """Round after round until `stop`. A database out of reach is waited for, not died of."""
    from django.db import DatabaseError, close_old_connections

    tidied = time.monotonic() - TIDY_EVERY
    while not stop.is_set():
        try:
            done, _ = one_round()
            if time.monotonic() >= tidied + TIDY_EVERY:
                tidy()
                tidied = time.monotonic()
        except DatabaseError as error:
            log.error("worker round failed: %s", type(error).__name__)
            done = 0
        close_old_connections()
        if not done:
            stop.wait(PAUSE)
