"""New records into their table by one prepared statement: several times faster than statements built for forty rows each.

Keys are taken from the table's own sequence first, so that records can name each other before they are written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models


def insert(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Give unsaved records their keys and write them, in the caller's transaction. Raises IntegrityError."""
    if not rows:
        return
    for row, key in zip(rows, _keys(model, len(rows)), strict=True):
        row.pk = key
    fields = model._meta.concrete_fields
    values = [
        tuple(_stored(model, field.attname, getattr(row, field.attname)) for field in fields) for row in rows
    ]
    quote = connection.ops.quote_name
    columns, marks = ", ".join(quote(str(field.column)) for field in fields), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", values)  # noqa: S608
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _keys(model: type[models.Model], count: int) -> Sequence[int]:
    """The next keys of the table. On SQLite the transaction that is open is the only writer."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [int(key) for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        return range((last[0] if last else 0) + 1, (last[0] if last else 0) + 1 + count)


def _stored(model: type[models.Model], name: str, value: Any) -> Any:
    kind = type(value)
    if value is None or kind is str or kind is int or kind is bool:
        return value
    if isinstance(value, dt.date | dt.time):
        return _stored_once(model, name, value)
    return model._meta.get_field(name.removesuffix("_id")).get_db_prep_save(value, connection)  # type: ignore[union-attr]


@lru_cache(maxsize=4096)
def _stored_once(model: type[models.Model], name: str, value: Any) -> Any:
    return model._meta.get_field(name).get_db_prep_save(value, connection)  # type: ignore[union-attr]
