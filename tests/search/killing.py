"""``python -m tests.search.killing <kills> <seed>`` in an installation: an indexer is killed again and again while documents are
registered, released, reworded and withdrawn. Afterwards nothing may be missing. Prints what it did; exit status 1 on a loss.

The indexer is a forked process, so that a kill may strike at any moment of its life: opening, reading, writing, committing,
building anew, switching.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time

from gongkai.operating.console import setup_django

LONGEST = 0.4  # seconds an indexer is left alone at most
WORDS = ["供水", "排水", "供热", "节水", "绿化", "停车", "养老", "招生", "就业", "住房"]


def main(kills: int, seed: int) -> int:
    """Kill so often; then catch up once and compare index and database."""
    setup_django()
    from django.db import connections

    from gongkai.search import checking, indexer, place
    from gongkai.search.embedded import Condition

    chance = random.Random(seed)  # noqa: S311
    folder, built = place.folder(), False
    for number in range(1, kills + 1):
        connections.close_all()  # a connection must not be shared with the child
        child = os.fork()
        if child == 0:
            _index()
        if chance.random() < 0.2 and built:
            folder.asked_anew.touch()
        try:
            _work_until(time.monotonic() + chance.uniform(0.0, LONGEST), chance)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        condition = folder.condition()
        if condition is not Condition.WHOLE and (built or condition is not Condition.MISSING):
            print(f"kill {number} left the index {condition.value}")
            return 1
        built = built or condition is Condition.WHOLE
    folder.asked_anew.unlink(missing_ok=True)
    indexer.once()
    problems = list(checking.differences(place.reader()))
    for problem in problems:
        print(problem)
    entries = sum(1 for _ in place.reader().digests())
    left = len(list(folder.path.glob("index-*")))
    print(f"{kills} kills, {entries} entries, {len(problems)} differences, {left} folder")
    return 1 if problems or left != 1 else 0


def _index() -> None:
    """The life of a child: nothing of the parent's is cleaned up when it ends."""
    from gongkai.search import indexer

    indexer.PAUSE = 0.005
    try:
        indexer.until(threading.Event())
    finally:
        os._exit(1)


def _work_until(moment: float, chance: random.Random) -> None:
    while True:
        _one_act(chance)
        if time.monotonic() >= moment:
            return


def _one_act(chance: random.Random) -> None:
    """One act of an office; what the course of a document does not allow is passed over."""
    import datetime as dt

    from gongkai.documents import actions
    from gongkai.documents.models import CURRENT, Document, Release
    from gongkai.organs.actors import system
    from gongkai.organs.models import Organ

    by, day = system("killing"), dt.date(2022, 1, 5)
    act = chance.choice(["new", "new", "release", "release", "withdraw", "reword", "strike"])
    if act == "new":
        title = f"{chance.choice(WORDS)}办法{chance.randrange(10**6)}"
        organ = Organ.objects.get(parent=None)
        actions.add_document(by=by, organ=organ, kind="other", title=title, made_on=day, body=title * 20)
        return
    known = Document.objects.filter(struck_at=None).order_by("-pk")[:40]
    document = chance.choice(list(known) or [None])
    if document is None:
        return
    shown = Release.objects.filter(CURRENT, document=document, until=None).first()
    if act == "release" and shown is None:
        actions.release(document, by=by, channel=chance.choice(["政府网站", "政务微信", "报刊"]), on=day)
    elif act == "withdraw" and shown is not None:
        actions.withdraw_release(shown, by=by, on=dt.date(2022, 2, 1), reason="有误")
    elif act == "reword" and not document.editions.filter(closed=False).exists():
        actions.open_edition(document, by=by, title=f"{chance.choice(WORDS)}新办法", body="新的正文")
    elif act == "strike" and shown is None:
        actions.strike_document(document, by=by, reason="重复")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
