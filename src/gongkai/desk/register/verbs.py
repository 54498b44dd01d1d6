"""The audit log's verbs in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_THINGS = {
    "organ": gettext_lazy("机关"),
    "post": gettext_lazy("岗位"),
    "person": gettext_lazy("人员"),
    "delegation": gettext_lazy("委托"),
    "succession": gettext_lazy("承继关系"),
    "calendar": gettext_lazy("工作日历"),
    "tally": gettext_lazy("填报数字"),
    "coverage": gettext_lazy("台账方式"),
    "document": gettext_lazy("文件"),
    "poweritem": gettext_lazy("权力事项"),
    "decision": gettext_lazy("处理决定"),
    "feeincome": gettext_lazy("收费记录"),
    "procurement": gettext_lazy("采购项目"),
}
_DEEDS = {
    "add": gettext_lazy("登记"),
    "create": gettext_lazy("新建"),
    "record": gettext_lazy("填报"),
    "set": gettext_lazy("设置"),
    "load": gettext_lazy("载入"),
    "import": gettext_lazy("批量导入"),
    "appoint": gettext_lazy("任命"),
    "remove": gettext_lazy("取消"),
    "strike": gettext_lazy("划去"),
    "supersede": gettext_lazy("更正"),
    "close": gettext_lazy("终止"),
}


def thing(label: str) -> str:
    """A model's label (``keyareas.decision``) as the thing it is."""
    name = label.rpartition(".")[2]
    return str(_THINGS.get(name, name))


def said(verb: str) -> str:
    """``poweritem.strike`` → 划去权力事项. A verb that has no words yet is shown as it is kept."""
    thing, _dot, deed = verb.partition(".")
    if thing in _THINGS and deed in _DEEDS:
        return _("%(deed)s%(thing)s") % {"deed": _DEEDS[deed], "thing": _THINGS[thing]}
    return verb
