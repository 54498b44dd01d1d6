"""The form of 2021 (国办公开办函〔2021〕30号), used for report years from 2021."""

from __future__ import annotations

from . import parts
from .shape import Block, Column, Form, Line, Row, RowKind, Subheading, Unit

_DOCUMENTS = (
    Column("made_this_year", "本年制发件数"),
    Column("repealed_this_year", "本年废止件数"),
    Column("in_force", "现行有效件数"),
)
_DECISIONS = (Column("decisions", "本年处理决定数量"),)
_FEES = (Column("fee_amount_wan", "本年收费金额（单位：万元，保留4位小数）", Unit.MONEY_WAN),)
_OTHER = ("outcomes", "other")

FMT2021 = Form(
    key="fmt2021",
    first_year=2021,
    last_year=None,
    notice=(
        "《国务院办公厅政府信息与政务公开办公室关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》"
        "（国办公开办函〔2021〕30号）"
    ),
    blocks=(
        Block(
            "art20_1",
            "第二十条第（一）项",
            (Row("rules", "规章"), Row("normative_docs", "行政规范性文件")),
            _DOCUMENTS,
        ),
        Block("art20_5", "第二十条第（五）项", (Row("admin_license", "行政许可"),), _DECISIONS),
        Block(
            "art20_6",
            "第二十条第（六）项",
            (Row("admin_penalty", "行政处罚"), Row("admin_coercion", "行政强制")),
            _DECISIONS,
        ),
        Block("art20_8", "第二十条第（八）项", (Row("admin_fees", "行政事业性收费"),), _FEES),
    ),
    lines=(
        *parts.LINES_BEFORE_OTHER,
        Line("other", "（六）", "其他处理", ("outcomes",), RowKind.GROUP),
        Line(
            "other_correction_lapsed",
            "1.",
            "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            _OTHER,
        ),
        Line(
            "other_fee_unpaid",
            "2.",
            "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            _OTHER,
        ),
        Line("other_misc", "3.", "其他", _OTHER),
        *parts.LINES_AFTER_OTHER,
    ),
    applicants=parts.APPLICANTS,
    remedy_groups=parts.REMEDY_GROUPS,
    remedy_columns=parts.REMEDY_COLUMNS,
    sections=parts.sections(
        (
            Subheading("proactive", "主动公开"),
            Subheading("on_request", "依申请公开"),
            Subheading("management", "政府信息管理"),
            Subheading("platform", "政府信息公开平台建设"),
            Subheading("supervision", "监督保障"),
        )
    ),
)
