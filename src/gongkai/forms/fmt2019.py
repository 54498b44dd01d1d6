"""The trial form of 2019 (国办公开办函〔2019〕60号), used for report years 2019 and 2020."""

from __future__ import annotations

from . import parts
from .shape import Block, Column, Form, Line, Row, Subheading, Unit

_DOCUMENTS = (
    Column("made_this_year", "本年新制作数量"),
    Column("newly_disclosed_this_year", "本年新公开数量"),
    Column("total_disclosed", "对外公开总数量"),
)
_ITEMS = (
    Column("prev_year_items", "上一年项目数量"),
    Column("change_this_year", "本年增/减", Unit.CHANGE),
)
_DECISIONS = (*_ITEMS, Column("decisions", "处理决定数量"))
_PROCUREMENT = (
    Column("procurement_items", "采购项目数量"),
    Column("procurement_amount_wan", "采购总金额（单位：万元，保留4位小数）", Unit.MONEY_WAN),
)

FMT2019 = Form(
    key="fmt2019",
    first_year=2019,
    last_year=2020,
    notice=(
        "《国务院办公厅政府信息与政务公开办公室关于政府信息公开工作年度报告有关事项的通知》"
        "（国办公开办函〔2019〕60号）"
    ),
    blocks=(
        Block(
            "art20_1",
            "第二十条第（一）项",
            (Row("rules", "规章"), Row("normative_docs", "规范性文件")),
            _DOCUMENTS,
        ),
        Block(
            "art20_5",
            "第二十条第（五）项",
            (Row("admin_license", "行政许可"), Row("other_public_services", "其他对外管理服务事项")),
            _DECISIONS,
        ),
        Block(
            "art20_6",
            "第二十条第（六）项",
            (Row("admin_penalty", "行政处罚"), Row("admin_coercion", "行政强制")),
            _DECISIONS,
        ),
        Block("art20_8", "第二十条第（八）项", (Row("admin_fees", "行政事业性收费"),), _ITEMS),
        Block("art20_9", "第二十条第（九）项", (Row("gov_procurement", "政府集中采购"),), _PROCUREMENT),
    ),
    lines=(
        *parts.LINES_BEFORE_OTHER,
        Line("other", "（六）", "其他处理", ("outcomes",)),
        *parts.LINES_AFTER_OTHER,
    ),
    applicants=parts.APPLICANTS,
    remedy_groups=parts.REMEDY_GROUPS,
    remedy_columns=parts.REMEDY_COLUMNS,
    # The notice of 2019 names the contents of part 一 without fixing headings; these are the customary ones.
    sections=parts.sections(
        (
            Subheading("proactive", "主动公开"),
            Subheading("on_request", "依申请公开"),
            Subheading("management", "政府信息管理"),
            Subheading("platform", "平台建设"),
            Subheading("supervision", "监督保障"),
        )
    ),
)
