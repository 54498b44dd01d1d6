"""The data dictionary: every column of the exports, every cell of the forms, every state, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gongkai.base.tables import csv_bytes
from gongkai.forms.shape import Form, Unit

from .indicators import all_cells, forms_of

UNITS: Mapping[Unit, str] = {Unit.COUNT: "件（项）", Unit.CHANGE: "项（可为负）", Unit.MONEY_WAN: "万元"}
HEADER = ["类别", "名称", "含义", "单位或类型", "适用年度"]

_HEAD: tuple[tuple[str, str, str], ...] = (
    ("organ", "text", "报告机关的名称：本平台公布的为报告上的名称，读取的为归入时的名称"),
    ("organ_code", "text", "本平台机关的代码；外部机关为空"),
    ("year", "integer", "报告年度（统计期限为该年1月1日至12月31日）"),
    (
        "form",
        "text",
        "报告实际使用的表格：fmt2019＝国办公开办函〔2019〕60号，fmt2021＝国办公开办函〔2021〕30号",
    ),
    ("origin", "text", "read＝从已发布的报告读出，published＝本平台公布的报告"),
    ("version", "integer", "第几版；同一机关同一年度再次读到不同的文件为新的一版"),
    ("source", "text", "来源：文件名、网址；本平台公布的为“机关代码/年度/版本”"),
    ("sha256", "text", "原件（或公布版本内容）的校验值"),
)
_LONG: tuple[tuple[str, str, str], ...] = (
    *_HEAD,
    ("cell", "text", "单元格代码，见“单元格”各行"),
    ("row", "text", "行名称"),
    ("column", "text", "列名称"),
    ("unit", "text", "单位"),
    ("state", "text", "状态，见“状态”各行"),
    ("value", "decimal", "数值；不知道的为空，不是0"),
    ("at_least", "decimal", "不知道全部时，已知部分之和（至少）"),
    ("proof", "text", "推定的依据：由哪条勾稽关系得出"),
)
_WIDE: tuple[tuple[str, str, str], ...] = (
    *_HEAD,
    ("not_read", "text", "不是直接读出的单元格及其状态，如 table3.granted.total=blank；各项以分号隔开"),
)
LONG_COLUMNS = [(name, kind) for name, kind, _meaning in _LONG]
WIDE_COLUMNS = [(name, kind) for name, kind, _meaning in _WIDE]
_STATES = (
    ("read", "印在报告上并已读出的数；本平台公布的报告为由记录统计出的数"),
    ("blank", "报告上这一格是空的（或印“/”“—”“无”）；不等于0"),
    ("inferred", "没有读出，但由勾稽关系唯一确定；依据见 proof"),
    ("unread", "有内容但没有读出"),
    ("unknown", "没有记录可以得出，不知道"),
)
_KINDS = {"text": "文字", "integer": "整数", "decimal": "数"}


def rows() -> Iterator[list[str]]:
    """The dictionary line by line, in the order of :data:`HEADER`."""
    for shape, columns in (("列（长表）", _LONG), ("列（宽表）", _WIDE)):
        for name, kind, meaning in columns:
            yield [shape, name, meaning, _KINDS[kind], ""]
    for state, meaning in _STATES:
        yield ["状态", state, meaning, "", ""]
    for cell in all_cells():
        years = "、".join(_years(form) for form in forms_of(cell.path))
        yield ["单元格", cell.path, cell.label, UNITS[cell.unit], years]


def _years(form: Form) -> str:
    return f"{form.first_year}年起" if form.last_year is None else f"{form.first_year}—{form.last_year}年"


def csv_stream() -> Iterator[bytes]:
    """The dictionary as a CSV file in pieces."""
    return csv_bytes(HEADER, rows())


def write(out: Path) -> None:
    """The dictionary as a CSV file."""
    with out.open("wb") as stream:
        for piece in csv_stream():
            stream.write(piece)
