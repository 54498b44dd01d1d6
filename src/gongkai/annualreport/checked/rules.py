"""What each check is about, in a few words; the rules themselves stand in `gongkai.forms` and `gongkai.reading.checking`."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongkai.forms.rules import rule_by_id

_NAMES = {
    "N-NEW": _("文中收到的申请数与表三"),
    "N-SPLIT": _("文中分项与总数"),
    "N-DONE": _("文中办结数与表三"),
    "N-OUT": _("文中各类办理结果与表三"),
    "N-CARRY": _("文中结转数与表三"),
    "N-RATE": _("文中的比率按它自己的数重算"),
    "N-GROW": _("文中的增减幅度与上年年报"),
    "N-SUM": _("文中分项相加与总数"),
    "N-DOC": _("文中文件数与表二"),
    "N-FEE": _("文中收费数与表二、表三"),
    "N-LIT": _("文中复议、诉讼与表四"),
    "N-COR": _("文中被纠错的说法与表四"),
    "N-PROC": _("文中采购数与表二"),
    "N-UNIT": _("计数单位"),
    "S-HEAD": _("六个部分是否齐全"),
    "S-TWICE": _("同一标题重复"),
    "S-ORDER": _("六个部分的次序"),
    "S-NEST": _("标题的层级"),
    "S-POINT": _("分点的序号"),
    "S-MEASURE": _("内容放在哪一部分"),
    "S-FIFTH": _("第五部分的内容"),
    "F15": _("重复的段落"),
    "S124": _("公开文本中的申请人姓名"),
    "FORM-YEAR": _("使用哪一年的格式"),
    "FR1": _("数字的写法"),
    "FR5": _("项目名称与格式规定"),
    "READ": _("没有读出的格"),
}


def name(rule: str) -> str:
    """The rule in words; of a rule on the tables its own sentence."""
    if rule in _NAMES:
        return str(_NAMES[rule])
    try:
        return rule_by_id(rule).sentence
    except KeyError:
        return gettext("其他")
