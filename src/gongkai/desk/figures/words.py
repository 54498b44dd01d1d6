"""The words of a measure's register and dimensions."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongkai.base import tallies
from gongkai.base.measures import Measure
from gongkai.law.outcomes import APPLICANT_KINDS, OUTCOMES
from gongkai.remedies.figures import PENDING
from gongkai.remedies.models import Column

# Groups of the overview: the register, or the family it stands for.
GROUPS: tuple[tuple[str, str | Promise], ...] = (
    ("requests", _("依申请公开")),
    ("documents", _("规章和规范性文件")),
    ("channels", _("发布渠道")),
    ("offers", _("信息报送")),
    ("acts", _("行政管理和采购")),
    ("remedies", _("行政复议和行政诉讼")),
    ("leaks", _("保密审查")),
    ("sites", _("网站")),
)
_REGISTERS: Mapping[str, str | Promise] = {
    "requests": _("依申请公开"),
    "documents": _("规章和规范性文件"),
    "channels": _("公开条次"),
    "channels.documents": _("公开信息件数"),
    "offers": _("信息报送"),
    "acts.items": _("权力事项"),
    "acts.decisions": _("处理决定"),
    "acts.fees": _("行政事业性收费"),
    "acts.procurement": _("政府集中采购"),
    "remedies": _("复议诉讼"),
    "leaks": _("泄密事件"),
    "sites": _("网站"),
}
_DIMENSIONS: Mapping[str, str | Promise] = {
    "kind": _("类别"),
    "outcome": _("办理结果"),
    "row": _("事项"),
    "group": _("程序"),
    "column": _("结果"),
    "category": _("渠道类别"),
    "channel": _("渠道"),
    "account": _("账号"),
    "form": _("形式"),
}


def register_title(measure: Measure) -> str:
    """The register whose records the measure counts."""
    return str(_REGISTERS.get(measure.register, measure.register))


def dimension_title(measure: Measure, name: str) -> str:
    """What a dimension tells apart."""
    if name == "kind" and measure.register == "requests":
        return str(_("申请人"))
    if measure.register.startswith("channels") and name in ("kind", "group"):
        return str(_("类型") if name == "kind" else _("组配分类"))
    return str(_DIMENSIONS.get(name, name))


def choices(measure: Measure, name: str) -> list[tuple[str, str]]:
    """The values of a dimension with their words, in the order of the forms."""
    if name == "kind" and measure.register == "requests":
        return [(kind.key, kind.label) for kind in APPLICANT_KINDS.values()]
    if name == "outcome":
        return [(key, outcome.label) for key, outcome in OUTCOMES.items()]
    if name == "column":
        return [*((value, str(label)) for value, label in Column.choices), (PENDING, str(_("尚未审结")))]
    return tallies.choices(measure, name)
