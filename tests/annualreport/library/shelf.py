"""Reports for the library's tests: the published ones, and small ones made to order."""

from __future__ import annotations

from pathlib import Path

from gongkai.annualreport.library import actions, parsing
from gongkai.annualreport.library.models import ReadVersion
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from tests.support.published import REPORTS
from tests.support.world import TEST

LY19, MJ20, XG20, PDS19, LYO22 = sorted(REPORTS.glob("*.txt"))
HONGZE, SHUYANG = REPORTS / "hongze-2023.pdf", REPORTS / "shuyang-drc-2023.html"
PUBLISHED = (LY19, MJ20, XG20, PDS19, LYO22, HONGZE, SHUYANG)

_ROWS = (
    "一、本年新收政府信息公开申请数量",
    "二、上年结转政府信息公开申请数量",
    "三、本年度办理结果 （一）予以公开",
    "（二）部分公开",
    "（三）不予公开 1.属于国家秘密",
)


def county(number: int) -> str:
    """One of a dozen invented counties."""
    return f"{'甲乙丙丁戊己庚辛壬癸子丑'[number]}山县人民政府"


def text(organ: str, year: int, received: int = 10, *, part_one: str = "", part_five: str = "") -> str:
    """A report of the form of 2021 in tab-separated text: `received` applications of natural persons, all granted."""
    return "\n".join(
        [
            f"{organ}{year}年政府信息公开工作年度报告",
            "一、总体情况",
            part_one or "本年度按照条例要求推进各项工作。",
            "二、主动公开政府信息情况",
            "第二十条第（一）项",
            "信息内容\t本年制发件数\t本年废止件数\t现行有效件数",
            "规章\t0\t0\t0",
            "行政规范性文件\t1\t0\t4",
            "第二十条第（五）项",
            "信息内容\t本年处理决定数量",
            "行政许可\t12",
            "第二十条第（六）项",
            "信息内容\t本年处理决定数量",
            "行政处罚\t3",
            "行政强制\t0",
            "第二十条第（八）项",
            "信息内容\t本年收费金额（单位：万元）",
            "行政事业性收费\t0.1300",
            "三、收到和处理政府信息公开申请情况",
            *_applications(received),
            "四、政府信息公开行政复议、行政诉讼情况",
            "行政复议\t行政诉讼",
            "\t".join(["0"] * 15),
            "五、存在的主要问题及改进情况",
            part_five or "主动公开还不够及时。",
            "六、其他需要报告的事项",
            "无",
        ]
    )


def _applications(received: int) -> list[str]:
    from gongkai.forms.layout import form_for

    form = form_for(2022)
    rows = []
    for line in form.lines:
        if line.kind.value == "group":
            rows.append(line.label)
            continue
        number = received if line.key in ("new_received", "granted", "outcome_total") else 0
        rows.append("\t".join([line.label, str(number), "0", "0", "0", "0", "0", str(number)]))
    return rows


def keep(
    library: Organ, content: bytes | str | Path, name: str = "报告.txt", by: Actor = TEST
) -> actions.Kept:
    """Read and keep, as the desk and the command do."""
    if isinstance(content, Path):
        name, content = content.name, content.read_bytes()
    raw = content.encode() if isinstance(content, str) else content
    kept = actions.keep(by=by, library=library, content=raw, parsed=parsing.parse(raw, name), name=name)
    if kept.is_new:
        for one in actions.to_check_again(kept.version):
            actions.check_later(one.pk)
    return actions.Kept(ReadVersion.objects.select_related("report").get(pk=kept.version.pk), kept.is_new)
