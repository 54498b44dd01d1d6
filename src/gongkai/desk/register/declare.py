"""What a register is made of. These declarations hold no rules: they name columns, filters and the rooms' actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from gongkai.organs.actors import Actor
from gongkai.organs.scope import COMMON, WORK, Viewer

if TYPE_CHECKING:
    from gongkai.base.imports import Report
    from gongkai.desk.register.filters import FilterSpec
    from gongkai.desk.register.forms import ActionForm

Text = str | Promise


@dataclass(frozen=True)
class State:
    """A word of state with its shape; `kind` is open, soon, over, done or unknown."""

    kind: str
    word: Text


@dataclass(frozen=True)
class Column:
    """One column of a list, or one line of a record.

    `name` is an attribute or a look-up across relations (``item__name``); `value` computes it instead. The title is the
    model field's unless given. `sort` is the look-up to order by and is given only where an index serves it. `link`
    leads to the record; `record` leads to another one: (register key, its primary key).
    """

    name: str
    title: Text = ""
    sort: str = ""
    value: Callable[[Any], Any] | None = None
    link: bool = False
    number: bool = False
    record: Callable[[Any], tuple[str, Any] | None] | None = None
    wide: bool = False

    def of(self, row: Any) -> Any:
        """The value as Python has it; choices as their words."""
        if self.value is not None:
            return self.value(row)
        *way, last = self.name.split("__")
        for step in way:
            row = getattr(row, step)
            if row is None:
                return None
        display = getattr(row, f"get_{last}_display", None)
        return display() if display is not None else getattr(row, last)

    @property
    def tight(self) -> bool:
        """Whether its values are short and stay on one line."""
        short = self.name.endswith(("_on", "_at", "_from", "_to", "state", "number", "column"))
        return not self.wide and (self.number or short or bool(self.sort) or self.link)

    def title_for(self, model: type[Model]) -> Text:
        if self.title:
            return self.title
        found: Any = model
        try:
            for step in self.name.split("__"):
                field_ = found._meta.get_field(step)
                found = field_.related_model
        except (FieldDoesNotExist, AttributeError):
            raise LookupError(f"column {self.name} of {model.__name__} needs a title") from None
        return field_.verbose_name


@dataclass(frozen=True)
class Part:
    """A table on a record's page: what belongs to the record. `register` makes each line lead to its own record.

    `rows` gets the viewer and the record; what lies beyond the record's own organ must go through `scope.rows`. Of a part
    that may be long, the first `most` are shown; the others are in its register.
    """

    title: Text
    rows: Callable[[Viewer, Any], QuerySet[Any] | Sequence[Any]]
    columns: Sequence[Column]
    register: str = ""
    most: int | None = None
    empty: Text = ""


@dataclass(frozen=True)
class Action:
    """One verb of the room, on the desk. `do(by, row, data)` calls the room's function and nothing else; it returns the
    record to show next, or None for the same one.

    `refusal(row)` is the reason beside the greyed button, "" when it can be done. `new` actions have no row: their place
    is the chosen organ, or what is common to all with `common`. `page` leads to a page of its own instead of a form here.
    `register` is the scope register that is asked for `verb`, where it is not the one of the rows.
    """

    key: str
    title: Text
    do: Callable[[Actor, Any, dict[str, Any]], Any]
    form: type[ActionForm] | None = None
    verb: str = WORK
    register: str = ""
    new: bool = False
    common: bool = False
    bulk: bool = False
    danger: bool = False
    explain: Text = ""
    initial: Callable[[Any], Mapping[str, Any]] = lambda row: {}
    refusal: Callable[[Any], Text] = lambda row: ""
    done: Text = ""
    page: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Importer:
    """A sheet people bring. `load(by, name, content, dry_run)` is the room's import: all or nothing."""

    load: Callable[[Actor, str, bytes, bool], Report]
    required: Sequence[Text]
    optional: Sequence[Text] = ()
    template: Callable[[], bytes] | None = None
    verb: str = WORK
    explain: Text = ""


@dataclass(frozen=True)
class Register:
    """A register on the desk. `key` is its address, `unit` its measure word (件、条、个), `section` its place in the
    navigation. An unlisted register has record pages but no door of its own on the overview.

    `related` and `narrow` bring what columns need into the same queries; `decorate` hangs on a page of rows what only
    one query for all of them can tell. `notices` stand above the list, `warnings` above a record.
    """

    key: str
    model: type[Model]
    title: Text
    unit: Text
    columns: Sequence[Column]
    label: Callable[[Any], str]
    filters: Sequence[FilterSpec] = ()
    order: Sequence[str] = ("-pk",)
    related: Sequence[str] = ()
    narrow: Callable[[Viewer, QuerySet[Any]], QuerySet[Any]] = lambda who, rows: rows
    decorate: Callable[[Viewer, list[Any]], object] = lambda who, rows: None
    facts: Sequence[Column] = ()
    parts: Sequence[Part] = ()
    actions: Sequence[Action] = ()
    importer: Importer | None = None
    warnings: Callable[[Any], Sequence[Text]] = lambda row: ()
    notices: Callable[[Viewer], Sequence[Text]] = lambda who: ()
    section: str = "registers"
    group: Text = ""
    explain: Text = ""
    listed: bool = True
    exported: bool = True
    extra_links: Sequence[tuple[Text, Text]] = field(default_factory=tuple)

    @property
    def scope_register(self) -> str:
        return str(self.model.scope_register)  # type: ignore[attr-defined]

    @property
    def is_common(self) -> bool:
        """Whether its rows belong to the whole installation rather than to one organ."""
        return self.model.scope_path == COMMON  # type: ignore[attr-defined]

    def action(self, key: str) -> Action | None:
        return next((action for action in self.actions if action.key == key), None)

    @property
    def new_actions(self) -> list[Action]:
        return [action for action in self.actions if action.new]

    @property
    def row_actions(self) -> list[Action]:
        return [action for action in self.actions if not action.new]

    @property
    def bulk_actions(self) -> list[Action]:
        return [action for action in self.actions if action.bulk]
