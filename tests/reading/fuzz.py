"""``python -m tests.reading.fuzz``: mutated reports; nothing may crash, hang, or be blamed on the publisher.

Valid reports are printed and then damaged in two ways. *Structural* damage loses, doubles or moves words, cells, rows and
tags but never changes a figure; since the reports are valid, any publisher's fault found in one is a loss in reading
wrongly blamed, and any figure that differs from the report is read wrong. *Raw* damage changes bytes at random.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import resource
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache

from gongkai.annualreport.rendering import fonts
from gongkai.forms.layout import FORMS
from gongkai.forms.values import State
from gongkai.reading.checking import Verdict, check_report
from gongkai.reading.opening import Unreadable
from gongkai.reading.reader import read_bytes

from . import published
from .render import own, pages, word
from .render import print as printing
from .render.converted import CONVERTED
from .render.damaged import LAYOUTS
from .render.model import Printed, random_report

SECONDS = 5.0
MEGABYTES = 600  # of a process, all libraries and the reports to mutate included
_TEXTS = {**LAYOUTS, **{name: layout for name, layout in CONVERTED.items() if not name.startswith("page_")}}
_PAGES: dict[str, Callable[[Printed], str]] = {
    "plain": lambda printed: pages.plain(printed).decode(),
    "exported": lambda printed: pages.exported(printed).decode("gb18030"),
    **{name: layout for name, layout in CONVERTED.items() if name.startswith("page_")},
}
_POOL = 8 * len(_TEXTS)
_CELL = re.compile(r"<td[^>]*>.*?</td>", re.DOTALL)
_ROW = re.compile(r"<tr[^>]*>.*?</tr>", re.DOTALL)
_SHOWN = re.compile(rb"\((?:\\.|[^\\)])*\) Tj", re.DOTALL)
_RULE = re.compile(rb"n [\d.]+ [\d.]+ m [\d.]+ [\d.]+ l S")
_TAG = re.compile(r"</?(?!td|th|tr)[a-zA-Z][^>]*>")  # a lost tag of a cell is a lost cell


@dataclass
class Outcome:
    """What came of some cases."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def add(self, other: Outcome) -> None:
        self.counts += other.counts
        self.failures += other.failures
        self.slowest = max(self.slowest, other.slowest)


def run_text(seed: int) -> Outcome:
    """One mutated text or page."""
    rng = random.Random(f"text/{seed}")  # noqa: S311
    if seed % 4 == 3:
        return _judge(f"raw text {seed}", _raw(_any_file(rng), rng), None)
    printed, kind, text = _printed_text(rng.randrange(_POOL))
    mutated = (_mutated_page if kind == "html" else _mutated_text)(text, rng)
    return _judge(f"{kind} {seed}", mutated.encode(), printed)


def run_file(seed: int) -> Outcome:
    """One mutated Word document or PDF."""
    rng = random.Random(f"file/{seed}")  # noqa: S311
    printed, docx, pdf = _printed_files(rng.randrange(6))
    if seed % 4 == 0:
        return _judge(f"raw pdf {seed}", _raw(pdf, rng), None)
    if seed % 4 == 1:
        return _judge(f"pdf {seed}", _mutated_pdf(pdf, rng), printed)
    if seed % 4 == 2:
        return _judge(f"raw docx {seed}", _raw_docx(docx, rng), None)
    return _judge(f"docx {seed}", _mutated_docx(docx, rng), printed)


def _judge(name: str, data: bytes, printed: Printed | None) -> Outcome:
    outcome = Outcome(Counter({name.rsplit(" ", 1)[0]: 1}))
    before = _peak()
    start = time.process_time()  # other work on the machine does not count
    try:
        report = read_bytes(data, name)
        findings = check_report(report)
        outcome.counts["read"] += 1
        if printed is not None:
            outcome.failures += _wrong(name, report, findings, printed)
    except Unreadable:
        outcome.counts["refused"] += 1
    except Exception as error:
        outcome.failures.append(f"{name}: {error!r}")
    outcome.slowest = time.process_time() - start
    if _peak() > max(before, MEGABYTES):
        outcome.failures.append(f"{name}: {_peak()} MB")
    if outcome.slowest > SECONDS:
        outcome.failures.append(f"{name}: {outcome.slowest:.1f} s")
    return outcome


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (6 * MEGABYTES * 2**20,) * 2)


def _wrong(name: str, report: object, findings: list, printed: Printed) -> list[str]:  # type: ignore[type-arg]
    failures = [f"{name}: {f.rule} {f.message}" for f in findings if f.verdict is Verdict.FAULT]
    for path, cell in report.cells.items():  # type: ignore[attr-defined]
        if path in printed.form and cell.state is State.KNOWN and cell.number != printed.figures.number(path):
            failures.append(f"{name}: {path} {cell.number} for {printed.figures.number(path)} ({cell.at})")
    return failures[:5]


# reports to mutate


@cache
def _printed_text(number: int) -> tuple[Printed, str, str]:
    rng = random.Random(f"pool/{number}")  # noqa: S311
    printed = random_report(rng, blanks=rng.choice((0, 0, 0, 3)))
    kinds, kind = (_PAGES, "html") if number % 2 else (_TEXTS, "text")
    layout = list(kinds)[number // 2 % len(kinds)]
    return printed, kind, kinds[layout](printed)


@cache
def _printed_files(number: int) -> tuple[Printed, bytes, bytes]:
    rng = random.Random(f"files/{number}")  # noqa: S311
    if number % 2 and not fonts.problem():  # our own print
        printed = random_report(rng, rng.choice(list(FORMS.values())))
        return printed, own.word(printed), own.paper(printed)
    printed = random_report(rng)
    return printed, word.document(printed), printing.ruled(printed)


def _any_file(rng: random.Random) -> bytes:
    name = rng.choice([*published.SEEDS, "SY23", ""])
    return published.path(name).read_bytes() if name else pages.exported(random_report(rng))


# damage that leaves every figure as it is


def _mutated_text(text: str, rng: random.Random) -> str:
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        text = rng.choice(_TEXT_DAMAGE)(text, rng)
    return text


def _lines(text: str, rng: random.Random, change: Callable[[list[str], int], None]) -> str:
    lines = text.split("\n")
    # The tables are the last third; damage there is worth more than in the text.
    change(lines, rng.randrange(len(lines) // 5, len(lines)))
    return "\n".join(lines)


def _drop_line(text: str, rng: random.Random) -> str:
    return _lines(text, rng, lambda lines, at: lines.pop(at))


def _double_line(text: str, rng: random.Random) -> str:
    return _lines(text, rng, lambda lines, at: lines.insert(at, lines[at]))


def _join_lines(text: str, rng: random.Random) -> str:
    return _lines(
        text, rng, lambda lines, at: lines.__setitem__(slice(at, at + 2), [" ".join(lines[at : at + 2])])
    )


def _cut_line(text: str, rng: random.Random) -> str:
    def cut(lines: list[str], at: int) -> None:
        parts = re.split(r"([ \t|]+)", lines[at])
        if len(parts) > 2:
            where = rng.randrange(1, len(parts), 2)
            lines[at : at + 1] = ["".join(parts[:where]), "".join(parts[where + 1 :])]

    return _lines(text, rng, cut)


def _drop_word(text: str, rng: random.Random) -> str:
    def drop(lines: list[str], at: int) -> None:
        parts = re.split(r"([ \t|]+)", lines[at])
        if len(parts) > 2:
            del parts[rng.randrange(0, len(parts), 2)]
            lines[at] = "".join(parts)

    return _lines(text, rng, drop)


def _lose_blank(text: str, rng: random.Random) -> str:
    """Two figures become one, which is none of the report's."""

    def lose(lines: list[str], at: int) -> None:
        gaps = list(re.finditer(r"(?<=\d)[ \t]+(?=\d)", lines[at]))
        if gaps:
            gap = rng.choice(gaps)
            lines[at] = lines[at][: gap.start()] + lines[at][gap.end() :]

    return _lines(text, rng, lose)


def _page_number(text: str, rng: random.Random) -> str:
    words = rng.choice(("- {} -", "第 {} 页", "{}", "{}/9")).format(rng.randrange(1, 12))
    return _lines(text, rng, lambda lines, at: lines.insert(at, words))


def _blank_line(text: str, rng: random.Random) -> str:
    return _lines(text, rng, lambda lines, at: lines.insert(at, rng.choice(("", "\t\t\t", "| | |"))))


def _garble_label(text: str, rng: random.Random) -> str:
    def garble(lines: list[str], at: int) -> None:
        letters = [n for n, letter in enumerate(lines[at]) if "\u4e00" <= letter <= "\u9fff"]
        if letters:
            where = rng.choice(letters)
            lines[at] = lines[at][:where] + rng.choice(("", "口", "□")) + lines[at][where + 1 :]

    return _lines(text, rng, garble)


def _end_early(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    return "\n".join(lines[: rng.randrange(len(lines) // 2, len(lines))])


_TEXT_DAMAGE = (
    _drop_line,
    _double_line,
    _join_lines,
    _cut_line,
    _drop_word,
    _lose_blank,
    _page_number,
    _blank_line,
    _garble_label,
    _end_early,
)


def _mutated_page(text: str, rng: random.Random) -> str:
    """One cell lost, doubled or added; any number of rows and tags.

    A row that lost one cell and gained another looks like a whole one: nobody could tell, so only one cell is touched.
    """
    for number in range(rng.choice((1, 1, 2, 4))):
        pattern = rng.choice((_CELL, _CELL, _ROW, _TAG) if number == 0 else (_ROW, _TAG))
        found = list(pattern.finditer(text))
        if not found:
            break
        match = rng.choice(found)
        piece = match.group()
        if pattern is _TAG:
            # A lost tag may join two figures into one; then it is no longer the same figure.
            change = rng.choice((" ", piece.replace("span", "s"), piece + "<span>"))
        elif pattern is _ROW:
            change = rng.choice(("", piece * 2))
        else:
            blank = "<td></td>"
            change = rng.choice(
                ("", piece * 2, blank + piece, piece.replace("colspan", "x"), piece.replace("rowspan", "y"))
            )
        text = text[: match.start()] + change + text[match.end() :]
    return text


def _mutated_docx(data: bytes, rng: random.Random) -> bytes:
    def mutate(xml: str) -> str:
        for number in range(rng.choice((1, 2, 4))):
            tag = rng.choice(("tc", "tr") if number == 0 else ("tr",))
            found = list(re.finditer(rf"<w:{tag}[ >].*?</w:{tag}>", xml, re.DOTALL))
            if found:
                match = rng.choice(found)
                xml = xml[: match.start()] + rng.choice(("", match.group() * 2)) + xml[match.end() :]
            if rng.random() < 0.3:
                spans = list(re.finditer(r"<w:(?:gridSpan|vMerge)[^>]*/>", xml))
                if spans:
                    match = rng.choice(spans)
                    xml = xml[: match.start()] + xml[match.end() :]
        return xml

    return _rewritten(data, lambda content: mutate(content.decode()).encode())


def _mutated_pdf(data: bytes, rng: random.Random) -> bytes:
    """A word not shown, or some rules not drawn; what is taken out becomes blanks, so that the file stays whole."""
    pattern, most = rng.choice(((_SHOWN, 1), (_RULE, 6), (_RULE, 2)))
    found = [match.span() for match in pattern.finditer(data)]
    for start, end in rng.sample(found, min(rng.randint(1, most), len(found))):
        data = data[:start] + b" " * (end - start) + data[end:]
    return data


def _raw_docx(data: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.5:
        return _raw(data, rng)
    return _rewritten(data, lambda content: _raw(content, rng))


def _rewritten(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == "word/document.xml" else content)
    return stream.getvalue()


def _raw(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 2, 5, 30))):
        at, size = rng.randrange(len(data) + 1), rng.choice((1, 1, 4, 50, 2000))
        way = rng.randrange(5)
        if way == 0:
            data = data[:at] + data[at + size :]
        elif way == 1:
            data = data[:at] + rng.randbytes(size) + data[at + size :]
        elif way == 2:
            data = data[:at] + data[at : at + size] * 3 + data[at + size :]
        elif way == 3:
            data = (
                data[:at]
                + rng.choice(
                    (b"\0", b"<table>", b"\t", b"<td colspan=99999 rowspan=99999>", b"|", b"9" * 400)
                )
                + data[at:]
            )
        elif rng.random() < 0.1:
            data = data[:at]
    return data


def main() -> int:
    """Run the cases asked for on both cores; 1 when any failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.reading.fuzz")
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=3_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--first", type=int, default=0, help="number of the first case: others than last time"
    )
    args = parser.parse_args()
    total = Outcome()
    # An executor says so when one of its processes dies; a pool would wait for ever.
    with ProcessPoolExecutor(args.jobs, initializer=_limit_memory) as pool:
        for work, count in ((run_text, args.texts), (run_file, args.files)):
            cases = range(args.first, args.first + count)
            for done, outcome in enumerate(pool.map(work, cases, chunksize=50), 1):
                total.add(outcome)
                if outcome.failures:
                    print(*outcome.failures, sep="\n", flush=True)
                if done % 500 == 0:
                    sys.stderr.write(f"\r{work.__name__} {done}/{count}, {len(total.failures)} failures")
    print(dict(total.counts), f"slowest {total.slowest:.2f} s", f"{len(total.failures)} failures", sep="; ")
    return 1 if total.failures else 0


if __name__ == "__main__":
    sys.exit(main())
