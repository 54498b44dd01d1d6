"""栏目: the tree of columns with its versions and standards, guides, profiles, and how far every unit's platform stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai import readiness
from gongkai.base import clock
from gongkai.catalogue import actions, feeds, queries, statements
from gongkai.catalogue.models import (
    Column as Named,
)
from gongkai.catalogue.models import (
    Directive,
    GuideVersion,
    Inapplicable,
    Pick,
    PlatformDuty,
    ProfileVersion,
)
from gongkai.catalogue.statutory import LABELS
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import choice, organ, search
from gongkai.desk.register.forms import ActionForm, date_field, form_for, reason_field
from gongkai.desk.register.scoped import OrganChoice, ScopedChoice, ScopedKey
from gongkai.documents import columns
from gongkai.documents.classifying import in_use
from gongkai.documents.kinds import Kind, public_choices
from gongkai.documents.models import Document
from gongkai.organs import scope
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.scope import VIEW, Viewer

_GROUP = _("栏目")
_ON = _("日期")


# --- the feed as a form -----------------------------------------------------------------------------------------------


class _Codes(forms.CharField):
    """Codes of a value list, parted by blanks or commas."""

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(value)
        return tuple(dict.fromkeys(text.replace("，", " ").replace(",", " ").replace("、", " ").split()))


class _Feed(ActionForm):
    """The first rule of a column; what a second one adds is kept."""

    kinds = forms.MultipleChoiceField(
        label=_("文件类型"),
        choices=public_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选即不限"),
    )
    groups = _Codes(
        label=_("组配分类代码"), required=False, help_text=_("如 A07 B1；写上级代码即包括其下各类")
    )
    themes = _Codes(label=_("主题分类代码"), required=False, help_text=_("如 02 0201"))
    organs = forms.ChoiceField(
        label=_("哪些机关的"),
        choices=[(feeds.OWN, _("只是本机关的")), (feeds.SUBTREE, _("本机关和全部下级的"))],
    )
    in_force = forms.BooleanField(label=_("只列现行有效的"), required=False)
    on = date_field(_ON)
    reason = reason_field(_("原因或依据"), required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for name, scheme in (("groups", "group"), ("themes", "theme")):
            codes = given.get(name) or ()
            known = set(in_use(clock.today(), scheme).filter(code__in=codes).values_list("code", flat=True))
            if strange := [code for code in codes if code not in known]:
                self.add_error(name, _g("没有这样的分类代码：%(codes)s。") % {"codes": "、".join(strange)})
        return given


def _set_feed(by: Actor, row: Named, data: dict[str, Any]) -> None:
    on, reason = data.pop("on"), data.pop("reason")
    rules = [*_rules(data), *feeds.load(row.feed)[1:]]
    actions.set_feed(row, by=by, feed=rules, on=on, reason=reason)


def _rules(data: Mapping[str, Any]) -> list[feeds.Rule]:
    rule = feeds.Rule(
        kinds=tuple(data["kinds"]),
        groups=data["groups"],
        themes=data["themes"],
        organs=data["organs"],
        in_force=data["in_force"],
    )
    return [rule] if rule.kinds or rule.groups or rule.themes else []


def _present_feed(row: Named) -> dict[str, Any]:
    rule = next(iter(feeds.load(row.feed)), feeds.Rule())
    return {
        "kinds": list(rule.kinds),
        "groups": " ".join(rule.groups),
        "themes": " ".join(rule.themes),
        "organs": rule.organs,
        "in_force": rule.in_force,
    }


def feed_words(feed: Sequence[Mapping[str, Any]]) -> str:
    """A feed as a sentence for the register."""
    return "；".join(_rule_words(rule) for rule in feeds.load(feed)) or _g("不自动收入，汇集下级栏目")


def _rule_words(rule: feeds.Rule) -> str:
    labels = dict(Kind.choices)
    said = [
        _g("本机关及下级") if rule.organs == feeds.SUBTREE else _g("本机关"),
        "、".join(str(labels.get(kind, kind)) for kind in rule.kinds),
        _g("组配分类 %(codes)s") % {"codes": " ".join(rule.groups)} if rule.groups else "",
        _g("主题 %(codes)s") % {"codes": " ".join(rule.themes)} if rule.themes else "",
        _g("现行有效") if rule.in_force else "",
        _g("经指定渠道公开") if rule.channels else "",
    ]
    return "，".join(one for one in said if one)


# --- columns ----------------------------------------------------------------------------------------------------------


def _same_organ(who: Viewer, record: Named | None) -> Any:
    rows = scope.rows(who, Named).filter(state=Named.State.OPEN)
    return rows.filter(organ=record.organ).exclude(pk=record.pk) if record else rows


def _owners(who: Viewer, record: Named) -> Any:
    inside = Organ.objects.filter(parent=record.organ) | Organ.objects.filter(pk=record.organ_id)
    units = Organ.objects.filter(kind=Organ.Kind.UNIT, parent__parent=record.organ)
    return inside | units


def _parent_field() -> ScopedChoice:
    return ScopedChoice(
        Named, label=_("上级栏目"), rows=_same_organ, order="path", required=False, empty_label=_("没有上级")
    )


def _state(row: Named) -> State | Text:
    kind = {Named.State.OPEN: "open", Named.State.ARCHIVED: "done"}.get(Named.State(row.state), "unknown")
    return State(kind, row.get_state_display())


def _fresh(row: Named) -> State | Text:
    """Whether it showed something new within its cycle; `decorate` brings the newest day."""
    newest: dt.date | None = getattr(row, "newest", None)
    if row.state != Named.State.OPEN or row.update_days is None:
        return newest.isoformat() if newest else "—"
    since = (clock.today() - (newest or row.opened_on)).days
    if since <= row.update_days:
        return State("done", newest.isoformat() if newest else _g("刚开设"))
    if newest is None:
        return State("over", _g("没有内容"))
    return State("over", _g("%(days)s天没有更新") % {"days": since})


def _decorate(who: Viewer, rows: list[Named]) -> None:
    days = columns.last_days({str(row.pk): columns.sources([row]) for row in rows}, clock.today())
    for row in rows:
        row.newest = days[str(row.pk)]  # type: ignore[attr-defined]


def _closed(row: Named) -> Text:
    return "" if row.state == Named.State.OPEN else _("该栏目已归档或者撤销，请先恢复。")


def _not_topic(row: Named) -> Text:
    return _closed(row) or ("" if row.kind == Named.Kind.TOPIC else _("只有专题专栏可以归档。"))


def _standing(row: Named) -> Text:
    return _("该栏目正在开设。") if row.state == Named.State.OPEN else ""


def _documents(who: Viewer, record: Any) -> Any:
    return scope.rows(who, Document)


_WHEN = {"on": date_field(_ON), "reason": reason_field(_("原因或依据"), required=False)}
_WHY = {"on": date_field(_ON), "reason": reason_field(_("原因或依据"))}

COLUMNS = Register(
    key="columns",
    model=Named,
    title=_("栏目"),
    unit=_("个"),
    group=_GROUP,
    section="documents",
    explain=_("本机关网站的栏目：名称、层次、内容来源、责任单位和更新周期；每次变更都留有日期"),
    label=lambda row: row.title,
    order=["path", "order", "pk"],
    columns=[
        Column("title", link=True, wide=True),
        Column("parent__title", _("上级栏目")),
        Column("kind"),
        Column("organ__name", _("机关")),
        Column("owner__name", _("责任单位")),
        Column("update_days", number=True),
        Column("newest", _("最近更新"), value=_fresh),
        Column("state", value=_state),
    ],
    filters=[search("title", "description", "slug"), choice("kind"), choice("state"), organ()],
    related=["organ", "parent", "owner"],
    decorate=_decorate,
    facts=[
        Column("organ__name", _("机关")),
        Column("slug"),
        Column("parent", record=lambda row: ("columns", row.parent_id) if row.parent_id else None),
        Column("kind"),
        Column("description"),
        Column("keywords"),
        Column("feed", value=lambda row: feed_words(row.feed)),
        Column("order", number=True),
        Column("front", number=True),
        Column("owner__name", _("责任单位")),
        Column("responsible"),
        Column("update_days", number=True),
        Column("opened_on"),
        Column("closed_on"),
        Column("state", value=_state),
    ],
    parts=[
        Part(
            _("历次变更"),
            lambda who, row: row.versions.select_related("parent").order_by("-seq"),
            [
                Column("on"),
                Column("change"),
                Column("title"),
                Column("parent__title", _("上级栏目")),
                Column("reason", wide=True),
            ],
        ),
        Part(
            _("下级栏目"),
            lambda who, row: scope.rows(who, Named).filter(parent=row).order_by("order", "pk"),
            [Column("title", link=True), Column("kind"), Column("state", value=_state)],
            register="columns",
            empty=_("没有下级栏目。"),
        ),
        Part(
            _("手工收入的文件"),
            lambda who, row: row.picks.select_related("document").order_by("-on", "-pk"),
            [
                Column("document__title", _("标题"), link=True, wide=True),
                Column("on"),
                Column("until"),
            ],
            register="column-picks",
            empty=_("没有手工收入的文件。"),
        ),
    ],
    actions=[
        Action(
            "add",
            _("开设栏目"),
            lambda by, row, data: actions.add_column(by=by, **data),
            form=form_for(
                Named,
                "organ",
                "slug",
                "title",
                "kind",
                "description",
                "keywords",
                "parent",
                parent=_parent_field(),
                on=date_field(_("开设日期")),
                reason=reason_field(_("原因或依据"), required=False),
            ),
            new=True,
        ),
        Action(
            "rename",
            _("更名"),
            lambda by, row, data: actions.rename_column(row, by=by, **data),
            form=form_for(Named, "title", **_WHEN),
            initial=lambda row: {"title": row.title},
            refusal=_closed,
        ),
        Action(
            "feed",
            _("调整内容来源"),
            _set_feed,
            form=_Feed,
            initial=_present_feed,
            refusal=_closed,
            explain=_(
                "符合条件的文件一公开就列入，撤下就不再列；什么都不选，就只汇集下级栏目和手工收入的文件。"
            ),
        ),
        Action(
            "move",
            _("移动"),
            lambda by, row, data: actions.move_column(row, by=by, **data),
            form=form_for(Named, "parent", "order", parent=_parent_field(), **_WHEN),
            initial=lambda row: {"parent": row.parent_id, "order": row.order},
            refusal=_closed,
        ),
        Action(
            "standard",
            _("修改栏目规范"),
            lambda by, row, data: actions.set_standard(row, by=by, **data),
            form=form_for(
                Named,
                "owner",
                "responsible",
                "update_days",
                owner=ScopedChoice(
                    Organ,
                    label=_("责任单位"),
                    rows=_owners,
                    order="path",
                    required=False,
                    empty_label=_("未定"),
                ),
                **_WHEN,
            ),
            initial=lambda row: {
                "owner": row.owner_id,
                "responsible": row.responsible,
                "update_days": row.update_days,
            },
            refusal=_closed,
        ),
        Action(
            "edit",
            _("修改说明"),
            lambda by, row, data: actions.edit_column(row, by=by, **data),
            form=form_for(Named, "kind", "description", "keywords", "order", "front", **_WHEN),
            initial=lambda row: {
                name: getattr(row, name) for name in ("kind", "description", "keywords", "order", "front")
            },
            refusal=_closed,
        ),
        Action(
            "pick",
            _("收入文件"),
            lambda by, row, data: _picked(actions.pick(row, by=by, **data)),
            form=form_for(
                Pick,
                document=ScopedKey(
                    Document,
                    "index_no",
                    label=_("文件的索引号"),
                    rows=_documents,
                    missing=_("没有找到索引号为“%(text)s”的文件。"),
                    max_length=80,
                ),
                on=date_field(_("收入日期")),
            ),
            refusal=_closed,
        ),
        Action(
            "archive",
            _("归档"),
            lambda by, row, data: actions.archive_column(row, by=by, **data),
            form=form_for(Named, **_WHY),
            refusal=_not_topic,
            explain=_("归档的专题仍可查阅，注明归档时间，不再更新。"),
        ),
        Action(
            "retire",
            _("撤销"),
            lambda by, row, data: actions.retire_column(row, by=by, **data),
            form=form_for(Named, **_WHY),
            refusal=_closed,
            danger=True,
            explain=_("文件不受影响，只是不再在这个栏目列出；网址说明栏目已撤销。"),
        ),
        Action(
            "reopen",
            _("恢复"),
            lambda by, row, data: actions.reopen_column(row, by=by, **data),
            form=form_for(Named, **_WHY),
            refusal=_standing,
        ),
    ],
    extra_links=[(_("按树查看"), reverse_lazy("desk:column-tree"))],
)


def _picked(row: Pick) -> Named:
    return row.column


PICKS = Register(
    key="column-picks",
    model=Pick,
    title=_("手工收入栏目的文件"),
    unit=_("件"),
    section="documents",
    listed=False,
    label=lambda row: row.document.title,
    columns=[
        Column("document__title", _("标题"), link=True, wide=True),
        Column("column__title", _("栏目")),
        Column("on"),
        Column("until"),
    ],
    filters=[organ()],
    related=["document", "column"],
    facts=[
        Column("document", _("文件"), value=lambda row: row.document.title),
        Column("column", _("栏目"), record=lambda row: ("columns", row.column_id)),
        Column("on"),
        Column("until"),
    ],
    actions=[
        Action(
            "unpick",
            _("移出栏目"),
            lambda by, row, data: actions.unpick(row, by=by, **data),
            form=form_for(Pick, on=date_field(_("移出日期"))),
            refusal=lambda row: _("该文件已移出。") if row.until else "",
        )
    ],
)


# --- what an organ says of itself ---------------------------------------------------------------------------------------

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
        known: Any = Organ._meta.get_field("name" if name == "leader" else name)
        self.label = _("负责人") if name == "leader" else known.verbose_name
        self.text = text
        self.pk = None


def _guide_behind(row: GuideVersion) -> Sequence[Text]:
    newest = queries.guide(row.organ, clock.today())
    if newest is None or newest.pk != row.pk:
        return [_("这是以前的版本。")]
    present = statements.facts_of(row.organ, clock.today())
    changed = [_Said(name, "").label for name in present if row.facts.get(name, "") != present[name]]
    if not changed:
        return []
    return [_g("发布以后，%(what)s有变化，请修订指南。") % {"what": "、".join(map(str, changed))}]


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
    on = date_field(_ON)
    reason = reason_field(_("修订原因"), required=False)


def _publish_profile(by: Actor, row: None, data: dict[str, Any]) -> ProfileVersion:
    lines = [line for line in data.pop("leaders").splitlines() if line.strip()]
    leaders = [
        dict(zip(statements.LEADER_FIELDS, line.replace(",", "，").split("，", 2), strict=False))
        for line in lines
    ]
    return actions.publish_profile(by=by, leaders=leaders, **data)


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
    actions=[Action("publish", _("发布机构简介"), _publish_profile, form=_Profile, new=True)],
)


# --- platforms ----------------------------------------------------------------------------------------------------------


def _below(who: Viewer, record: Any) -> Any:
    return scope.organs_for(who, "columns", VIEW).exclude(kind=Organ.Kind.UNIT)


def _progress(row: PlatformDuty) -> State | Text:
    found: readiness.Standing | None = getattr(row, "standing", None)
    if row.launched_on is not None:
        return State("done", _g("已投入使用"))
    if not row.organ.existed_on(clock.today()):
        return _g("机关已撤销")
    if row.due_on < clock.today():
        return State("over", _g("逾期"))
    return State(
        "done" if found and found.ready else "open", _g("已备齐") if found and found.ready else _g("筹备中")
    )


def _filled(row: PlatformDuty) -> str:
    found: readiness.Standing | None = getattr(row, "standing", None)
    if found is None:
        return "—"
    lacking = sum(one.weight == readiness.RED for one in found.findings)
    said = _g("%(filled)s/%(all)s 项") % {"filled": found.filled, "all": found.required}
    return said + (_g("，缺 %(n)s 处") % {"n": lacking} if lacking else "")


def _look(who: Viewer, rows: list[PlatformDuty]) -> None:
    found = readiness.standings([row.organ for row in rows], clock.today())
    for row, one in zip(rows, found, strict=True):
        row.standing = one  # type: ignore[attr-defined]


class _Lacking:
    """A line of the checklist."""

    pk = None

    def __init__(self, rule: str, state: State, words: str) -> None:
        self.rule, self.state, self.words = rule, state, words


def _checklist(who: Viewer, row: PlatformDuty) -> list[_Lacking]:
    found = readiness.standing(row.organ, clock.today())
    words = {readiness.RED: ("over", _g("须补齐")), readiness.YELLOW: ("soon", _g("请核对"))}
    lines = [_Lacking(one.rule, State(*words[one.weight]), one.words) for one in found.findings]
    return lines or [_Lacking("P1—P6", State("done", _g("备齐")), _g("各栏目都有内容，指南是最新的。"))]


PLATFORMS = Register(
    key="platforms",
    model=PlatformDuty,
    title=_("公开平台建设"),
    unit=_("个"),
    group=_GROUP,
    section="documents",
    explain=_("各单位的政府信息公开平台：期限、四个法定栏目和各项内容是否齐备"),
    label=lambda row: _g("%(organ)s公开平台") % {"organ": row.organ.name},
    order=["path"],
    columns=[
        Column("organ__name", _("单位"), link=True, wide=True),
        Column("due_on"),
        Column("launched_on"),
        Column("filled", _("法定内容"), value=_filled),
        Column("state", _("状态"), value=_progress),
    ],
    filters=[organ()],
    related=["organ"],
    decorate=_look,
    facts=[
        Column("organ__name", _("单位")),
        Column("due_on"),
        Column("basis"),
        Column("launched_on"),
    ],
    parts=[
        Part(
            _("检查清单"),
            _checklist,
            [Column("rule", _("规则")), Column("state", _("结论")), Column("words", _("说明"), wide=True)],
        )
    ],
    actions=[
        Action(
            "deadline",
            _("定期限"),
            lambda by, row, data: actions.set_deadline(by=by, **data),
            form=form_for(
                PlatformDuty,
                above=OrganChoice(label=_("由哪个机关定")),
                organ=ScopedChoice(Organ, label=_("单位"), rows=_below, order="path"),
                due_on=date_field(_("期限")),
                basis=forms.CharField(label=_("依据"), max_length=200),
            ),
            new=True,
        ),
        Action(
            "launch",
            _("登记投入使用"),
            lambda by, row, data: actions.launch(row, by=by, **data),
            form=form_for(PlatformDuty, on=date_field(_("投入使用日期"))),
            refusal=lambda row: _("该平台已投入使用。") if row.launched_on else "",
        ),
    ],
)


def _item_label(row: Inapplicable) -> str:
    known = LABELS.get(row.code)
    return f"{row.code} {known.short}" if known else row.code


def _item_choices() -> list[tuple[str, str]]:
    return [(code, f"{code} {item.short}") for code, item in LABELS.items()]


INAPPLICABLE = Register(
    key="inapplicable",
    model=Inapplicable,
    title=_("不涉及的公开内容"),
    unit=_("项"),
    group=_GROUP,
    section="documents",
    explain=_("本机关确实没有的法定公开内容，写明理由，公开页上照实说明"),
    label=_item_label,
    order=["path", "code"],
    columns=[
        Column("item", _("内容"), value=_item_label, link=True, wide=True),
        Column("organ__name", _("机关")),
        Column("reason", wide=True),
        Column("on"),
        Column("until"),
    ],
    filters=[search("code", "reason"), organ()],
    related=["organ"],
    facts=[
        Column("organ__name", _("机关")),
        Column("code"),
        Column("reason"),
        Column("on"),
        Column("until"),
    ],
    actions=[
        Action(
            "mark",
            _("标明不涉及"),
            lambda by, row, data: actions.mark_inapplicable(by=by, **data),
            form=form_for(
                Inapplicable,
                "organ",
                "code",
                "reason",
                "on",
                code=forms.ChoiceField(label=_("法定公开内容"), choices=_item_choices),
            ),
            new=True,
        ),
        Action(
            "restore",
            _("恢复公开"),
            lambda by, row, data: actions.mark_applicable(row, by=by, **data),
            form=form_for(Inapplicable, on=date_field(_("恢复日期"))),
            refusal=lambda row: _("这一项已恢复公开。") if row.until else "",
        ),
    ],
)

DIRECTIVES = Register(
    key="directives",
    model=Directive,
    title=_("要求下级公开的内容"),
    unit=_("项"),
    group=_GROUP,
    section="documents",
    explain=_("法定内容之外，上级机关要求公开的内容（条例第二十二条），写明依据"),
    label=lambda row: row.title,
    order=["path", "on", "pk"],
    columns=[
        Column("title", link=True, wide=True),
        Column("code"),
        Column("organ__name", _("要求的机关")),
        Column("document", wide=True),
        Column("on"),
        Column("until"),
    ],
    filters=[search("title", "document"), organ()],
    related=["organ"],
    facts=[
        Column("organ__name", _("要求的机关")),
        Column("title"),
        Column("code"),
        Column("document"),
        Column("on"),
        Column("until"),
    ],
    actions=[
        Action(
            "require",
            _("要求公开"),
            lambda by, row, data: actions.require_item(by=by, **data),
            form=form_for(Directive, "organ", "code", "title", "document", "on", "until"),
            new=True,
        )
    ],
)
REGISTERS = (COLUMNS, PICKS, GUIDES, PROFILES, PLATFORMS, INAPPLICABLE, DIRECTIVES)
