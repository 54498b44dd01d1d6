"""Short ways to import tables in tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gongkai.documents.bulk import attached, batches, reading
from gongkai.documents.bulk.columns import HEADERS
from gongkai.documents.bulk.importing import Import, Trouble
from gongkai.documents.bulk.models import Batch
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from tests.support.world import TEST

PLAIN = {"organ": "city", "kind": "政务信息", "title": "市政府召开常务会议", "made_on": "2021-03-01"}


def csv_of(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Rows by column key as a CSV file with Chinese headers."""
    listed = list(rows)
    keys = list(dict.fromkeys(key for row in listed for key in row))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([HEADERS.get(key, key) for key in keys])
    writer.writerows([[row.get(key, "") for key in keys] for row in listed])
    return out.getvalue().encode()


def numbered(rows: Iterable[Mapping[str, str]]) -> list[tuple[int, dict[str, str]]]:
    """Rows as a reader would give them."""
    return [(number, dict(row)) for number, row in enumerate(rows, start=2)]


class Done:
    """What came of an import."""

    def __init__(self, job: Import, troubles: list[Trouble], batch: Batch | None) -> None:
        self.counts, self.troubles, self.batch = job.counts, troubles, batch

    @property
    def words(self) -> list[str]:
        return [one.words for one in self.troubles]


def bring(
    rows: Iterable[Mapping[str, str]],
    *,
    organ: Organ,
    by: Actor = TEST,
    files: Path | None = None,
    trial: bool = False,
    default: bool = False,
) -> Done:
    """Import rows (or only try to)."""
    return bring_rows(numbered(rows), organ=organ, by=by, files=files, trial=trial, default=default)


def bring_rows(
    rows: Any,
    *,
    organ: Organ,
    by: Actor = TEST,
    files: Path | None = None,
    trial: bool = False,
    default: bool = False,
) -> Done:
    batch = None if trial else batches.begin(by=by, organ=organ, name="表.csv", sha256="0" * 64)
    troubles: list[Trouble] = []
    with attached.opened(files) as source:
        job = Import(by=by, organ=organ if default else None, files=source, batch=batch, tell=troubles.append)
        try:
            job.run(rows)
        finally:
            job.close()
    if batch is not None:
        batches.finish(batch)
    return Done(job, troubles, batch)


def read(content: bytes, name: str, **options: Any) -> list[reading.Row]:
    return list(reading.read(lambda: io.BytesIO(content), name, **options))
