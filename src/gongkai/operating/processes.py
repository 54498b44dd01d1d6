"""Keeping a family of processes together: when the parent is gone, however it went, its children go too."""

from __future__ import annotations

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """In a child started by multiprocessing: end at once when the parent dies, even by SIGKILL.

    Without this a killed server would leave workers behind that hold the port. Outside such a child nothing happens.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent,), name="end-with-parent", daemon=True).start()


def _watch(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
