"""How fast published reports are read, beside the bare parsers on the same files, and how much memory many of them take."""

from __future__ import annotations

import io
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
from lxml import etree

from bench.results import Result, rates
from gongkai.reading.reader import read_bytes
from tests.reading.render import pages, word
from tests.reading.render import print as printing
from tests.reading.render.damaged import LAYOUTS
from tests.reading.render.model import Printed, random_report
from tests.support.published import REPORTS

_NONE = "-"
_MIXED = (1_000, 10_000)  # the memory of both tells whether it grows with their number


def measure(runs: int) -> Iterator[Result]:
    """Reports per second by kind of file, each beside its bare parser; then many files with two processes."""
    for kind, (render, bare, count) in _KINDS.items():
        files = [render(random_report(random.Random(f"bench/{number}"))) for number in range(count)]  # noqa: S311
        yield _compared(f"reports read, {kind}", files, bare, runs)
    page = (REPORTS / "shuyang-drc-2023.html").read_bytes()
    yield _compared("a published page of 85 kB", [page] * 20, _bare_html, runs)
    yield from _many()


def _compared(what: str, files: list[bytes], bare: Callable[[bytes], object], runs: int) -> Result:
    """Both by turns, so that what else the machine does meets both alike."""
    _rate(read_bytes, files)
    pairs = [(_rate(read_bytes, files), _rate(bare, files)) for _ in range(runs)]
    ratio = statistics.median(parser / ours for ours, parser in pairs)
    return _beside(rates(_NONE, what, len(files), [ours for ours, _ in pairs]), ratio)


def _beside(result: Result, ratio: float) -> Result:
    return Result(
        result.database,
        result.what,
        result.size,
        result.unit,
        result.median,
        result.worst,
        result.runs,
        against=f"{ratio:.1f}× the bare parser's time",
    )


def _rate(work: Callable[[bytes], object], files: list[bytes]) -> float:
    start = time.process_time()
    for data in files:
        work(data)
    return len(files) / (time.process_time() - start)


def _bare_html(data: bytes) -> object:
    root = etree.fromstring(data, etree.HTMLParser())
    return "".join(root.itertext())


def _bare_docx(data: bytes) -> object:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(etree.fromstring(archive.read("word/document.xml")).itertext())


def _bare_pdf(data: bytes) -> object:
    import pdfplumber

    pypdfium2.PdfDocument(data).close()
    with pdfplumber.open(io.BytesIO(data)) as document:
        return [(page.extract_text(), page.extract_tables()) for page in document.pages]


def _bare_text(data: bytes) -> object:
    return data.decode().split()


def _tabs(report: Printed) -> bytes:
    return LAYOUTS["tabs"](report).encode()


_KINDS: dict[str, tuple[Callable[[Printed], bytes], Callable[[bytes], object], int]] = {
    "HTML": (pages.exported, _bare_html, 60),
    "DOCX": (word.document, _bare_docx, 12),
    "PDF": (printing.ruled, _bare_pdf, 6),
    "text": (_tabs, _bare_text, 60),
}


def _many() -> Iterator[Result]:
    """Mixed files through the command with two processes: files per second and peak memory, for few and for many."""
    kinds = [
        ("html", pages.exported),
        ("txt", _tabs),
        ("html", pages.plain),
        ("txt", _tabs),
        ("docx", word.document),
    ]
    made = [
        (suffix, render(random_report(random.Random(f"many/{number}"))))  # noqa: S311
        for number in range(10)
        for suffix, render in kinds
    ]
    made += [("pdf", printing.ruled(random_report(random.Random("many/pdf"))))]  # noqa: S311
    for count in _MIXED:
        with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
            for number in range(count):
                # One in a hundred is a PDF: they take most of the time there is.
                suffix, data = made[-1] if number % 100 == 99 else made[number % (len(made) - 1)]
                Path(folder, f"{number:05d}.{suffix}").write_bytes(data)
            start = time.perf_counter()
            with Path(os.devnull).open("wb") as nothing:
                subprocess.run(
                    [sys.executable, "-m", "gongkai.cli", "report", "read", folder, "--json", "--jobs", "2"],
                    stdout=nothing,
                    check=True,
                )
            seconds = time.perf_counter() - start
        # The largest process so far; the few come first.
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        yield rates(_NONE, f"{count:,} mixed files, --jobs 2", count, [count / seconds])
        yield Result(_NONE, "peak memory of one process there", count, "MB", peak, peak, 1)
