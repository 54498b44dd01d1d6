"""The words of the demo's reports: figures as chips, part five from the register of problems where it has something."""

from __future__ import annotations

from gongkai.annualreport import actions, sections
from gongkai.annualreport.models import ReportVersion
from gongkai.forms.layout import form_for
from gongkai.organs.actors import Actor

_DOCS = "table2.art20_1.normative_docs"
_REQUESTS = (
    "{{year}}年新收政府信息公开申请{{table3.new_received.total}}件，上年结转{{table3.carried_in.total}}件；"
    "作出处理{{table3.outcome_total.total}}件，其中予以公开{{table3.granted.total}}件、不予公开{{table3.denied.total}}件、"
    "无法提供{{table3.unable.total}}件；结转下年度继续办理{{table3.carried_out.total}}件（演示文字）。"
)
TEXTS = {
    (
        "s1",
        "proactive",
    ): f"{{{{year}}}}年制发规范性文件{{{{{_DOCS}.made_this_year}}}}件，按照条例规定的范围和时限公开（演示文字）。",
    ("s1", "on_request"): _REQUESTS,
    ("s1", "management"): "公文起草时同步确定公开属性，发布前逐件保密审查（演示文字）。",
    ("s1", "platform"): "政府信息公开专栏由专人维护，栏目每周检查一次（演示文字）。",
    ("s1", "supervision"): "将政府信息公开纳入年度考核，全年没有责任追究情形（演示文字）。",
    ("s5", "problems"): "主动公开还不够及时，基层业务力量不足（演示文字）。",
    ("s5", "improvements"): "已建立月度提醒，分批开展业务培训，下一年继续巩固改进（演示文字）。",
}
GENERAL = "按照条例和上级部署推进，各项工作按计划完成（演示文字）。"


def write(version: ReportVersion, clerk: Actor) -> None:
    """Words in every box. A sentence whose figures are not all known here gives way to a general one."""
    own = any(sections.problems_proposed(version.report).values())
    texts = {
        (place.section, place.key): _known(version, TEXTS[place.section, place.key])
        for place in sections.places(form_for(version.report.year))
        if (place.section, place.key) in TEXTS and not (own and place.section == "s5")
    }
    version = actions.write(by=clerk, version=version, texts=texts)
    if own:
        actions.write_problems(by=clerk, version=version)


def _known(version: ReportVersion, text: str) -> str:
    figures = sections.bound(version)
    return GENERAL if any(piece.lacks for piece in figures.pieces(text)) else text
