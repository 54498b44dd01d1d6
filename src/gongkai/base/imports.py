"""Imports are all or nothing: every row is tried, every mistake is named by row and column, and only a clean run stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

MOST_ERRORS = 200


@dataclass(frozen=True)
class RowError:
    """One mistake. `column` is the header it was found under, "" when it is the row as a whole."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        where = _("“%(column)s”列") % {"column": self.column} if self.column else ""
        return _("第%(row)d行%(where)s：%(message)s") % {
            "row": self.row,
            "where": where,
            "message": self.message,
        }


@dataclass
class Report:
    """What an import did, or would do: `rows` were good; nothing was kept unless `kept`."""

    rows: int = 0
    errors: list[RowError] = field(default_factory=list)
    kept: bool = False
    cut_short: bool = False

    @property
    def ok(self) -> bool:
        return not self.errors


def run(
    rows: Iterable[tuple[int, dict[str, str]]],
    each: Callable[[int, dict[str, str]], object],
    *,
    dry_run: bool,
    columns: Mapping[str, str] | None = None,
    refusals: tuple[type[Exception], ...] = (),
    finish: Callable[[Report], object] | None = None,
) -> Report:
    """Call `each(number, row)` on every row in one transaction and keep the result only if all went well.

    `each` raises ValidationError (its fields are named through `columns`: field → header), or one of `refusals`.
    `finish` runs after the last row and may add errors. After `MOST_ERRORS` the rest is not tried. Raises TableError
    when the file cannot be read on.
    """
    report = Report()
    with transaction.atomic():
        for number, row in rows:
            if len(report.errors) >= MOST_ERRORS:
                report.cut_short = True
                break
            errors = attempt(number, lambda number=number, row=row: each(number, row), columns, refusals)  # type: ignore[misc]
            report.errors.extend(errors)
            report.rows += not errors
        if finish is not None and not report.cut_short:
            finish(report)
        report.kept = report.ok and not dry_run
        if not report.kept:
            transaction.set_rollback(True)
    return report


def attempt(
    number: int,
    do: Callable[[], object],
    columns: Mapping[str, str] | None = None,
    refusals: tuple[type[Exception], ...] = (),
) -> list[RowError]:
    """`do()` in a savepoint of its own; its errors as row errors, none when it went well."""
    try:
        with transaction.atomic():
            do()
    except ValidationError as error:
        return list(_row_errors(number, error, columns or {}))
    except refusals as refused:
        return [RowError(number, "", str(refused))]
    return []


def _row_errors(number: int, error: ValidationError, columns: Mapping[str, str]) -> Iterable[RowError]:
    if not hasattr(error, "error_dict"):
        yield from (RowError(number, "", message) for message in error.messages)
        return
    for name, messages in error.message_dict.items():
        column = "" if name == NON_FIELD_ERRORS else columns.get(name, name)
        yield from (RowError(number, column, message) for message in messages)
