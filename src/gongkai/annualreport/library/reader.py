"""One file read for a library in a process of its own: ``python -m gongkai.annualreport.library.reader``. No Django here.

Like ``gongkai.reading.confined``, whose limits it takes; the answer is the reading as it is kept.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from gongkai.forms.values import State
from gongkai.reading.confined import answer_stream, confine

from .parsing import BROKEN, Before, NotKept, Parsed, parse

FILE = "file"


def main() -> None:
    """Read from standard input, answer on standard output."""
    answers = answer_stream()
    asked = json.loads(sys.stdin.buffer.readline())
    confine(asked["seconds"], asked["memory"], scans=True)
    content = sys.stdin.buffer.read(asked["sizes"][FILE])
    answers.write(json.dumps(_answer(content, asked), ensure_ascii=False).encode("utf-8", "replace"))
    answers.flush()


def _answer(content: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return asdict(parse(content, asked["source"], before_of(asked["before"])))
    except NotKept as problem:
        return {"error": str(problem)}
    except MemoryError:
        return {"error": BROKEN}


def before_record(before: Before | None) -> dict[str, Any] | None:
    """Last year's report as it goes into the process."""
    return None if before is None else {**asdict(before), "doubtful": sorted(before.doubtful)}


def before_of(record: dict[str, Any] | None) -> Before | None:
    """The same on the other side."""
    return None if record is None else Before(**{**record, "doubtful": frozenset(record["doubtful"])})


def parsed_of(answer: dict[str, Any]) -> Parsed:
    """The reading that came back."""
    counts = {State(name): count for name, count in answer["counts"].items()}
    return Parsed(**{**answer, "counts": counts, "doubtful": tuple(answer["doubtful"])})


if __name__ == "__main__":
    main()
