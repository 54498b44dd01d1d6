"""Our own print: the Word document and the PDF that Gongkai publishes, and its page with all that is around it."""

from __future__ import annotations

from django.template import Context, engines

from gongkai.annualreport.rendering import docx, pdf
from gongkai.annualreport.rendering.printed import PrintedReport, of_figures
from gongkai.forms.grid import grids
from gongkai.forms.values import BLANK

from .model import Printed

_PAGE = """{% load house %}<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{ printed.title }}</title></head>
<body><header><nav><ul><li><a href="/">首页</a></li><li><a href="/reports/">年报</a></li></ul></nav></header><main>
<h1>{{ printed.title }}</h1><nav class="side-index"><ol>{% for part in printed.parts %}
<li><a href="#{{ part.key }}">{{ part.heading }}</a></li>{% endfor %}<li><a href="#versions">下载和版本</a></li></ol></nav>
<article><p class="official prose">{{ printed.preamble }}</p>
{% for part, tables in parts %}<section id="{{ part.key }}"><h2>{{ part.heading }}</h2>
{% for paragraph in part.paragraphs %}<p class="official prose pre">{{ paragraph.text }}</p>{% endfor %}
{% for grid, caption in tables %}{% statutory_table form grid figures caption links %}{% endfor %}</section>{% endfor %}
</article></main></body></html>"""


def word(report: Printed) -> bytes:
    """The Word document."""
    return docx.render(_printed(report))


def paper(report: Printed) -> bytes:
    """The PDF."""
    return pdf.render(_printed(report))


def page(report: Printed) -> bytes:
    """The page: headings, text, and the tables as the portal's own template tag sets them, every figure a link."""
    printed, form = _printed(report), report.form
    tables = {
        part.key: [(grid, "表") for grid in grids(form, part.table)] if part.table else []
        for part in printed.parts
    }
    context = {
        "printed": printed,
        "parts": [(part, tables[part.key]) for part in printed.parts],
        "form": form,
        "figures": printed.figures,
        "links": {path: f"/cells/{path}/" for path in form.paths},
    }
    return str(engines["django"].from_string(_PAGE).template.render(Context(context))).encode()


def _printed(report: Printed) -> PrintedReport:
    words = {"s1": "\n".join(report.overview), "s5": "\n".join(report.problems)}
    figures = report.figures.replace(dict.fromkeys(report.blank, BLANK))
    return of_figures(report.organ, report.year, figures, words)
