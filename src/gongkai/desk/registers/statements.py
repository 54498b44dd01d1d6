"""What organs say of themselves: 政府信息公开指南 and 机构简介, as published versions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.catalogue import actions, queries, statements
from gongkai.catalogue.models import GuideVersion, ProfileVersion
from gongkai.desk.register.declare import Action, Column, Part, Register, Text
from gongkai.desk.register.filters import organ
from gongkai.desk.register.forms import ActionForm, date_field, form_for, reason_field
from gongkai.desk.register.scoped import OrganChoice

_GROUP = _("栏目")

GUIDES = Register(
    key="guides",
    model=GuideVersion,
    title=_("政府信息公开指南"),
    unit=_("版"),
    group=_GROUP,
    section="documents",
    explain=_("每次修订发布一版，带上当时的地址、电话和负责人；机构信息变了，这里会提醒修订"),
    label=lambda row: _g("%(organ)s指南第%(seq)s版") % {"organ": row.organ.name, "seq": row.seq},
    order=["-on", "-pk"],
    columns=[
        Column("organ__name", _("机关"), link=True, wide=True),
        Column("seq", _("版次"), number=True),
        Column("on"),
        Column("reason", wide=True),
    ],
    filters=[organ()],
    related=["organ"],
    facts=[
        Column("organ__name", _("机关")),
        Column("seq", _("版次"), number=True),
        Column("on"),
        Column("reason"),
        Column("classes"),
        Column("access"),
    ],
    parts=[
        Part(
            _("指南所载的机构信息"),
            lambda who, row: [_Said(name, str(text)) for name, text in row.facts.items()],
            [Column("label", _("项目")), Column("text", _("内容"), wide=True)],
        )
    ],
    warnings=lambda row: _guide_behind(row),
    actions=[
        Action(
            "publish",
            _("发布指南"),
            lambda by, row, data: actions.publish_guide(by=by, **data),
            form=form_for(
                GuideVersion,
                "organ",
                "classes",
                "access",
                "on",
                "reason",
                classes=forms.CharField(
                    label=_("信息的分类和编排体系"),
                    initial=statements.CLASSES,
                    widget=forms.Textarea,
                    max_length=2000,
                ),
                access=forms.CharField(
                    label=_("获取方式"), initial=statements.ACCESS, widget=forms.Textarea, max_length=2000
                ),
            ),
            new=True,
            explain=_("机构名称、地址、时间、电话、传真、邮箱和负责人取自机关资料和机构简介。"),
        )
    ],
)


class _Said:
    """One line of what a guide says."""

    def __init__(self, name: str, text: str) -> None:
        self.label, self.text = statements.LABELS.get(name, name), text
        self.pk = None


def _guide_behind(row: GuideVersion) -> Sequence[Text]:
    newest = queries.guide(row.organ, clock.today())
    if newest is None or newest.pk != row.pk:
        return [_("这是以前的版本。")]
    changed = statements.changed(row, statements.facts_of(row.organ, clock.today()))
    if not changed:
        return []
    what = "、".join(str(statements.LABELS[name]) for name in changed)
    return [_g("发布以后，%(what)s有变化，请修订指南。") % {"what": what}]


class _Profile(ActionForm):
    organ = OrganChoice(label=_("机关"))
    functions = forms.CharField(label=_("机关职能"), widget=forms.Textarea, max_length=6000)
    leaders = forms.CharField(
        label=_("负责人"),
        widget=forms.Textarea,
        required=False,
        help_text=_("每行一位：姓名，职务，分工"),
        max_length=3000,
    )
    on = date_field(_("日期"))
    reason = reason_field(_("修订原因"), required=False)

    def clean_leaders(self) -> list[dict[str, str]]:
        """A line each; behind the second comma all is 分工, with whatever commas it has."""
        lines = [line for line in self.cleaned_data["leaders"].splitlines() if line.strip()]
        return [
            dict(zip(statements.LEADER_FIELDS, re.split("[，,]", line, maxsplit=2), strict=False))
            for line in lines
        ]


PROFILES = Register(
    key="profiles",
    model=ProfileVersion,
    title=_("机构简介"),
    unit=_("版"),
    group=_GROUP,
    section="documents",
    explain=_("职能和负责人；地址、电话、内设机构取自机关资料，各机关的简介一个样式"),
    label=lambda row: _g("%(organ)s简介第%(seq)s版") % {"organ": row.organ.name, "seq": row.seq},
    order=["-on", "-pk"],
    columns=[
        Column("organ__name", _("机关"), link=True, wide=True),
        Column("seq", _("版次"), number=True),
        Column("on"),
        Column("reason", wide=True),
    ],
    filters=[organ()],
    related=["organ"],
    facts=[
        Column("organ__name", _("机关")),
        Column("on"),
        Column("reason"),
        Column("functions"),
        Column(
            "leaders",
            value=lambda row: "；".join(
                f"{one['name']}（{one['post']}）{one['duties']}" for one in row.leaders
            ),
        ),
    ],
    actions=[
        Action(
            "publish",
            _("发布机构简介"),
            lambda by, row, data: actions.publish_profile(by=by, **data),
            form=_Profile,
            new=True,
        )
    ],
)

REGISTERS = (GUIDES, PROFILES)
