"""What goes with the demo's documents before they are released: the page image of a rule (S053), and the plan of the
interpretation where the organ had bound itself to one by then (S059, S062)."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from importlib.resources import files

from gongkai.demo.places import LUOYANG, LY_OFFICE, MENGJIN
from gongkai.demo.plan_documents import NORMATIVE, RULES, PlannedDocument
from gongkai.documents import actions as documents
from gongkai.documents.interpretation import actions as interpretations
from gongkai.documents.models import Attachment, Classification, Document
from gongkai.organs.actors import Actor

# Since when the organ interprets what it issues: what is released from that day on needs a plan and an interpretation.
# The office began so that of its 40 documents of 2019 the last 32 were bound (S056, S057).
BOUND_SINCE = {LY_OFFICE: dt.date(2019, 3, 20), MENGJIN: dt.date(2020, 1, 1)}
THEMES = {  # 主题分类 of the topics; of the two organs whose columns the reports tell of
    "优化营商环境": "02",
    "城市更新": "10",
    "大气污染防治": "10",
    "义务教育招生": "11",
    "城乡居民养老保险": "15",
    "农村饮水安全": "06",
    "既有住宅加装电梯": "10",
    "公共租赁住房管理": "10",
    "道路交通安全": "16",
    "食品小作坊管理": "09",
    "文物保护": "12",
    "政务数据共享": "0201",
}
FORMS = ("text", "graphic", "interview", "briefing", "dialogue", "video")  # S063
_ORDER = re.compile(r"第(\d+)号$")


def image_name(planned: PlannedDocument) -> str | None:
    """The file of a rule's page image; None for what has none: only Luoyang's library is complete."""
    found = _ORDER.search(planned.number)
    if planned.kind != RULES or planned.organ != LUOYANG or found is None:
        return None
    return f"{found[1]}.pdf"


def bound(planned: PlannedDocument) -> bool:
    """Whether the document needs an interpretation."""
    since = BOUND_SINCE.get(planned.organ)
    return since is not None and planned.kind == NORMATIVE and planned.released_on >= since


def before_release(document: Document, planned: PlannedDocument, by: Actor) -> None:
    """Classify a document, attach and plan what goes with it, while its wording is open."""
    if planned.organ in (LUOYANG, LY_OFFICE):
        code = next(code for topic, code in THEMES.items() if planned.title.startswith(topic))
        documents.describe(document, by=by, theme=_theme(code))
    edition, name = document.editions.get(), image_name(planned)
    if name is not None:
        content = files("gongkai.demo").joinpath("data", "rule-images", name).read_bytes()
        documents.attach(
            edition,
            by=by,
            name=name,
            content=content,
            role=Attachment.Role.IMAGE,
            title=f"{planned.title}（图片版）",
        )
    if bound(planned):
        serial = document.pk % len(FORMS)
        interpretations.set_plan(
            edition,
            by=by,
            outline="一、制定背景和依据；二、主要内容和核心举措；三、执行口径和操作方法；四、咨询方式（演示）",
            forms=sorted({"text", FORMS[serial]}),
            ways="政府网站政策解读专栏、政务微信",
            timing="与文件同时公开，最迟公开后3个工作日内",
            first_interpreter="市政府办公室主要负责人（演示）" if planned.organ == LY_OFFICE else "",
        )


@cache
def _theme(code: str) -> Classification:
    return Classification.objects.get(scheme=Classification.Scheme.THEME, code=code)
