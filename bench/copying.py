"""Rows into a table as fast as the database takes them, with every value as the model's field would store it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

Row = tuple[Any, ...]


class Table:
    """One model's table. Keys are given by the caller: `first_key` is the first free one."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        fields = model._meta.concrete_fields
        self._names = [field.attname for field in fields]
        self._columns = [connection.ops.quote_name(str(field.column)) for field in fields]
        self._defaults = {field.attname: field.get_default() for field in fields}
        self._day = lru_cache(maxsize=4096)(self._stored)

    def first_key(self) -> int:
        """One more than the last key in use."""
        last = self.model._default_manager.aggregate(last=models.Max("pk"))["last"]
        return int(last or 0) + 1

    def ready(self, name: str, value: Any) -> Any:
        """A value as the field stores it: for `stored` in :meth:`row`, when many rows share it."""
        return self._stored(name, value)

    def row(self, given: dict[str, Any], stored: dict[str, Any]) -> Row:
        """One row: what the caller prepared stands in `stored`, the rest in `given` or is the field's default."""
        return tuple(
            stored[name] if name in stored else self._value(name, given.get(name, self._defaults[name]))
            for name in self._names
        )

    def insert(self, rows: Sequence[Row]) -> None:
        """Write the rows, in the transaction that is open."""
        table, columns = connection.ops.quote_name(self.model._meta.db_table), ", ".join(self._columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                for statement in connection.ops.sequence_reset_sql(no_style(), [self.model]):
                    cursor.execute(statement)
            else:
                marks = ", ".join(["%s"] * len(self._columns))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    def _value(self, name: str, value: Any) -> Any:
        if value is None or type(value) in (str, int, bool):
            return value
        return self._day(name, value) if isinstance(value, dt.date) else self._stored(name, value)

    def _stored(self, name: str, value: Any) -> Any:
        return self.model._meta.get_field(name.removesuffix("_id")).get_db_prep_save(value, connection)  # type: ignore[union-attr]
