"""机关: the tree of organs, their names and successions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock, tables
from gongkai.base.imports import Report
from gongkai.desk.register.declare import Action, Column, Importer, Part, Register, State, Text
from gongkai.desk.register.filters import choice, either, organ, search
from gongkai.desk.register.forms import ActionForm, date_field, form_for
from gongkai.desk.register.scoped import OrganChoice, ScopedChoices
from gongkai.organs import actions, imports, scope
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, OrganName, Succession
from gongkai.organs.scope import MANAGE, Viewer

_PROFILE = actions.PROFILE


def _standing() -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today())


def _named(text: str) -> Q:
    """Found by any name the organ ever had."""
    return Q(pk__in=OrganName.objects.filter(name__icontains=text).values("organ"))


def _state(row: Organ) -> State | Text:
    if row.valid_to is not None and row.valid_to < clock.today():
        return _("已撤销")
    return State("open", _("在册"))


def _closed(row: Organ) -> Any:
    return _("该机关已撤销。") if row.valid_to else ""


def _add(by: Actor, row: None, data: dict[str, Any]) -> Organ:
    return actions.create_organ(by=by, **data)


def _load(by: Actor, name: str, content: bytes, dry_run: bool) -> Report:
    sheet = imports.ORGANS
    rows = tables.read(content, name, required=sheet.required, optional=sheet.optional)
    return imports.import_organs(rows, by, dry_run)


def _successions(who: Viewer, row: Organ) -> Any:
    links = Succession.objects.filter(Q(predecessor=row) | Q(successor=row))
    return links.select_related("predecessor", "successor").order_by("on", "pk")


class _Succeed(ActionForm):
    predecessors = ScopedChoices(
        Organ,
        label=_("被承继的机关"),
        help_text=_("可多选；它们的记录从这一天起由本机关接着办"),
        rows=lambda who, record: (
            scope.organs_for(who, "organs", MANAGE).exclude(kind=Organ.Kind.UNIT).exclude(pk=record.pk)
        ),
        order="path",
    )
    kind = forms.ChoiceField(label=_("方式"), choices=Succession.Kind.choices)
    on = date_field(_("承继日期"))
    document = forms.CharField(label=_("依据文件"), max_length=200, required=False)


ORGANS = Register(
    key="organs",
    model=Organ,
    title=_("机关"),
    unit=_("个"),
    group=_("机构与人员"),
    explain=_("机关树、名称沿革、承继关系和联系方式"),
    label=str,
    order=["path"],
    columns=[
        Column("name", link=True, sort="name", wide=True),
        Column("code", sort="code"),
        Column("kind"),
        Column("tier"),
        Column("parent__name", _("上级")),
        Column("valid_from"),
        Column("valid_to", _("状态"), value=_state),
    ],
    filters=[
        search("name", "code", also=_named),
        choice("kind"),
        choice("tier"),
        organ(),
        either(
            "standing",
            _("状态"),
            {"yes": (_("在册"), _standing), "no": (_("已撤销"), lambda: ~_standing())},
        ),
    ],
    related=["parent"],
    facts=[
        Column("code"),
        Column("kind"),
        Column("tier"),
        Column("parent", record=lambda row: ("organs", row.parent_id) if row.parent_id else None),
        Column("valid_from"),
        Column("valid_to"),
        *(Column(name) for name in _PROFILE),
    ],
    parts=[
        Part(
            _("名称沿革"),
            lambda who, row: row.names.order_by("valid_from", "pk"),
            [
                Column("name", _("名称")),
                Column("kind", _("种类")),
                Column("valid_from", _("自")),
                Column("valid_to", _("至")),
            ],
        ),
        Part(
            _("承继关系"),
            _successions,
            [
                Column("on", _("日期")),
                Column("predecessor__name", _("被承继")),
                Column("successor__name", _("承继者")),
                Column("kind", _("方式")),
                Column("document", _("依据文件")),
            ],
            empty=_("没有合并、划转、改设或者撤销的记录。"),
        ),
        Part(
            _("下级机关和内设机构"),
            lambda who, row: scope.rows(who, Organ).filter(parent=row),
            [Column("name", link=True), Column("kind"), Column("valid_to", _("状态"), value=_state)],
            register="organs",
            empty=_("没有下级机关。"),
        ),
    ],
    actions=[
        Action(
            "add",
            _("新增机关"),
            _add,
            form=form_for(
                Organ,
                "parent",
                "code",
                "name",
                "kind",
                "tier",
                "valid_from",
                "division_code",
                "credit_code",
                parent=OrganChoice(label=_("上级"), units=True),
            ),
            verb=MANAGE,
            new=True,
            explain=_("机关在树上的位置登记后不再改变；改隶、合并用“承继”办理。"),
        ),
        Action(
            "edit",
            _("修改联系方式和设置"),
            lambda by, row, data: actions.edit_profile(by=by, organ=row, **data),
            form=form_for(Organ, *_PROFILE),
            verb=MANAGE,
            initial=lambda row: {name: getattr(row, name) for name in _PROFILE},
        ),
        Action(
            "rename",
            _("更名"),
            lambda by, row, data: actions.rename(by=by, organ=row, **data),
            form=form_for(
                Organ, name=forms.CharField(label=_("新名称"), max_length=120), on=date_field(_("启用日期"))
            ),
            verb=MANAGE,
            refusal=_closed,
            explain=_("旧名称留在沿革里，此前的文件和报告仍用当时的名称。"),
        ),
        Action(
            "alias",
            _("登记简称或别称"),
            lambda by, row, data: actions.add_alias(by=by, organ=row, **data),
            form=form_for(
                OrganName,
                "name",
                "kind",
                "valid_from",
                "valid_to",
                kind=forms.ChoiceField(
                    label=_("种类"),
                    choices=[c for c in OrganName.Kind.choices if c[0] != OrganName.Kind.OFFICIAL],
                ),
            ),
            verb=MANAGE,
        ),
        Action(
            "succeed",
            _("承继其他机关"),
            lambda by, row, data: actions.succeed(by=by, successor=row, **data),
            form=_Succeed,
            verb=MANAGE,
            refusal=_closed,
            explain=_("合并、划转、改设、撤销都这样登记：被承继的机关到前一天为止，记录都保留。"),
        ),
        Action(
            "close",
            _("撤销"),
            lambda by, row, data: actions.close_organ(by=by, organ=row, **data),
            form=form_for(Organ, on=date_field(_("最后一天"))),
            verb=MANAGE,
            refusal=_closed,
            danger=True,
            explain=_("没有承继者的撤销。此后只有上级机关能查阅它的记录。"),
        ),
    ],
    importer=Importer(
        load=_load,
        required=imports.ORGANS.required,
        optional=imports.ORGANS.optional,
        template=imports.ORGANS.template,
        verb=MANAGE,
        explain=_("代码已有的机关只更新联系方式等资料。"),
    ),
    extra_links=[(_("按树查看"), reverse_lazy("desk:organ-tree"))],
)
REGISTERS = (ORGANS,)
