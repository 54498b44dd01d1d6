"""Web pages: a plain one, and one as Word and content systems make them."""

from __future__ import annotations

from html import escape

from gongkai.forms.grid import Grid, GridCell, grids

from .model import Printed


def plain(report: Printed) -> bytes:
    """A clean page in UTF-8."""
    body = [f"<h1>{report.title}</h1>"]
    for section in report.form.sections:
        body.append(f"<h2>{section.heading}</h2>")
        body += [f"<p>{escape(line)}</p>" for line in _text(report, section.key)]
        if section.table:
            body += [_table(report, grid) for grid in grids(report.form, section.table)]
    return (
        f"<!doctype html><html><head><meta charset=utf-8></head><body>{''.join(body)}</body></html>".encode()
    )


def exported(report: Printed) -> bytes:
    """As exported from Word into a content system: layout tables, split spans, navigation, GBK, split tables."""
    rng = report.rng
    body = [f"<p class=MsoTitle><b>{_torn(report.title, rng)}</b></p>"]
    for section in report.form.sections:
        body.append(f"<p class=MsoNormal><font face='黑体'>{_torn(section.heading, rng)}</font></p>")
        body += [f"<p>&nbsp;&nbsp;{_torn(line, rng)}<o:p></o:p></p>" for line in _text(report, section.key)]
        for grid in grids(report.form, section.table) if section.table else ():
            parts = [grid]
            if section.table == "table3" and rng.random() < 0.5:
                cut = rng.randint(4, 6)
                parts = [grid[:cut], grid[cut:]] if cut == 5 else [grid]
            body += [f"<div align=center>{_table(report, part, messy=True)}</div>" for part in parts]
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>政府信息公开</title>'
        "<style>td{border:1px solid}</style><script>var table='<table><tr><td>99</td></tr></table>';</script>"
        "</head><body><table width=100%><tr><td><ul><li>首页</li><li>政务公开</li><li>2</li></ul></td></tr>"
        "<tr><td><table><tr><td>索引号</td><td>0143/2024-2</td></tr><tr><td>名称</td>"
        f"<td>{report.title}</td></tr></table></td></tr><tr><td>{''.join(body)}</td></tr>"
        "<tr><td>版权所有 联系电话 0379-12345678</td></tr></table></body></html>"
    )
    return page.encode("gb18030")


def _text(report: Printed, key: str) -> tuple[str, ...]:
    return {"s1": report.overview, "s5": report.problems, "s6": ("无",)}.get(key, ())


def _table(report: Printed, grid: Grid, messy: bool = False) -> str:
    lines = "".join("<tr>" + "".join(_cell(report, cell, messy) for cell in line) + "</tr>" for line in grid)
    return f"<table border=1><tbody>{lines}</tbody></table>"


def _cell(report: Printed, cell: GridCell, messy: bool) -> str:
    text = report.text(cell.path) if cell.path else cell.text
    spans = "".join(
        f" {name}={value}"
        for name, value in (("rowspan", cell.rowspan), ("colspan", cell.colspan))
        if value > 1
    )
    if not messy:
        return f"<td{spans}>{escape(text)}</td>"
    inner = _torn(text, report.rng) if text else "<o:p>&nbsp;</o:p>"
    return f"<td{spans} style='x'><p class=MsoNormal align=center>\n  {inner}</p></td>"


def _torn(text: str, rng: object) -> str:
    """A text cut into spans, as editing in Word leaves it."""
    assert hasattr(rng, "randint")
    if len(text) < 2:
        return f"<span>{escape(text)}</span>"
    cut = rng.randint(1, len(text) - 1)
    return f"<span lang=EN-US>{escape(text[:cut])}</span><span>{escape(text[cut:])}<o:p></o:p></span>"
