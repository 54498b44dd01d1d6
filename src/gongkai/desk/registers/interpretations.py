"""政策解读: the interpretations with their links, the plans, who still owes one, and the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import choice, either, organ, search, since, until
from gongkai.desk.register.forms import form_for, reason_field
from gongkai.desk.registers import interpretation_forms as forms
from gongkai.desk.registers.choosing import settings_of
from gongkai.documents.interpretation import actions, choices, planning, term
from gongkai.documents.interpretation.choices import CHOICES, Rules, explicable
from gongkai.documents.interpretation.linking import FIELDS
from gongkai.documents.interpretation.models import (
    Interpretation,
    InterpretationLink,
    InterpretationPlan,
    InterpretationSettings,
)
from gongkai.documents.kinds import Kind
from gongkai.documents.models import Document
from gongkai.organs import scope
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import Viewer

_GROUP = _("文件")
_SHAPES = {
    term.Status.NOT_DUE: "open",
    term.Status.ON_TIME: "done",
    term.Status.LATE: "soon",
    term.Status.OVERDUE: "over",
    term.Status.UNKNOWN: "unknown",
}


# --- on a document's own page ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Look:
    """What the cells and buttons of a document's page are made of: whether an interpretation is asked for, the newest plan, and
    how the term stands."""

    plan: InterpretationPlan | None
    asked: bool
    term: term.Standing | None


def _look(row: Document) -> _Look:
    """Asked once for one object: a page makes five cells of it."""
    kept = row.__dict__.get("interpretation_look")
    if not isinstance(kept, _Look):
        today = clock.today()
        plan = planning.newest_plan(row)
        asked = choices.asks(row, today)
        standing = term.standings([row], today).get(row.pk) if asked else None
        kept = row.__dict__["interpretation_look"] = _Look(plan, asked, standing)
    return kept


def needs(row: Document) -> Any:
    """Whether the document needs an interpretation, and where it stands."""
    if row.kind == Kind.INTERPRETATION:
        return ""
    look = _look(row)
    if look.plan is not None and look.plan.exempt:
        return _g("不需要：%(why)s") % {"why": look.plan.exempt_reason}
    if not look.asked:
        return _g("没有要求")
    if look.term is None:
        return State("open", _("须解读，文件还没有公开"))
    return State(_SHAPES[look.term.status], look.term.status.value)


def why(row: Document) -> str:
    """The sentence that explains the day, for a document that needs one."""
    found = _look(row).term
    return found.sentence if found is not None else ""


def plan_words(row: Document) -> str:
    """The plan in a line."""
    plan = _look(row).plan
    if plan is None or plan.exempt:
        return ""
    return "；".join([plan.form_words, plan.ways, plan.timing])


def _plan(by: Any, row: Document, data: dict[str, Any]) -> Document:
    edition = row.editions.order_by("-seq").first()
    if edition is None:
        raise Refused(_g("该文件还没有内容。"))
    given = {**data, "forms": data["chosen"]}
    del given["chosen"]
    actions.set_plan(edition, by=by, **given)
    return row


def _planned(row: Document) -> dict[str, Any]:
    plan = _look(row).plan
    if plan is None:
        return {"ways": _g("政府网站"), "timing": _g("与文件同时公开")}
    names = ("outline", "ways", "timing", "first_interpreter", "drafter")
    return {name: getattr(plan, name) for name in names} | {"chosen": plan.forms}


def _own(row: Document) -> Text:
    if row.struck_at is not None:
        return _("该文件的登记已划去。")
    return _("政策解读本身不需要解读。") if row.kind == Kind.INTERPRETATION else ""


def _no_draft(row: Document) -> Text:
    open_ = row.editions.filter(closed=False).exists()
    return _own(row) or ("" if open_ else _("最新一版已定稿，解读方案不能再改。"))


def _not_exempt(row: Document) -> Text:
    plan = _look(row).plan
    return _own(row) or ("" if plan is not None and plan.exempt else _("没有登记为不需要解读。"))


def _marked(row: Document) -> bool:
    return hasattr(row, "important_policy")


def _same(row: Document, _made: Any) -> Document:
    return row


DOCUMENT_FACTS = [
    Column("interpretation_needs", _("政策解读"), value=needs),
    Column("interpretation_why", _("解读期限"), value=why),
    Column("interpretation_plan", _("解读方案"), value=plan_words),
    Column("interpretation_mark", _("重要政策"), value=lambda row: _("是") if _marked(row) else ""),
]
DOCUMENT_PART = Part(
    _("解读"),
    lambda who, row: (
        scope.rows(who, Interpretation.objects.filter(links__document=row, document__struck_at__isnull=True))
        .select_related("document__organ")
        .order_by("document__first_released_on", "pk")
    ),
    [
        Column("document__title", _("标题"), link=True, wide=True),
        Column("form"),
        Column("document__organ__name", _("解读机关")),
        Column("document__first_released_on", _("首次公开")),
    ],
    register="interpretations",
    empty=_("还没有登记解读。"),
)
DOCUMENT_ACTIONS = [
    Action(
        "interpretation-plan",
        _("解读方案"),
        _plan,
        form=forms.Plan,
        initial=_planned,
        refusal=_no_draft,
        explain=_("提纲、形式、途径和时间，随文件一并送审；审签以后再改，须重新送审。"),
    ),
    Action(
        "interpretation-exempt",
        _("登记不需要解读"),
        lambda by, row, data: _same(row, actions.exempt(row, by=by, **data)),
        form=form_for(Document, reason=reason_field(_("不需要解读的理由"))),
        refusal=_own,
        explain=_("文件还没有定稿的，理由随文件一并审签。"),
    ),
    Action(
        "interpretation-needed",
        _("撤销“不需要解读”"),
        lambda by, row, data: actions.lift_exemption(row, by=by),
        refusal=_not_exempt,
    ),
    Action(
        "important",
        _("标为重要政策"),
        lambda by, row, data: _same(row, actions.mark_important(row, by=by, **data)),
        form=form_for(Document, reason=reason_field(_("理由"), required=False)),
        refusal=lambda row: _own(row) or (_("已标为重要政策。") if _marked(row) else ""),
        explain=_("类型本身不要求解读的文件，标了以后也须解读。"),
    ),
    Action(
        "not-important",
        _("取消重要政策"),
        lambda by, row, data: actions.unmark_important(row, by=by),
        refusal=lambda row: _own(row) or ("" if _marked(row) else _("没有标为重要政策。")),
    ),
    Action(
        "interpret",
        _("登记解读"),
        lambda by, row, data: actions.add_interpretation(by=by, documents=[row], **data),
        form=forms.Interpret,
        initial=lambda row: {
            "title": _g("《%(title)s》解读") % {"title": row.title},
            "made_on": clock.today(),
        },
        refusal=_own,
        explain=_("由起草机关登记；登记后照常送审、公开，公开后两个页面互相链接。"),
    ),
]


# --- who owes what ---------------------------------------------------------------------------------------------------


def _hang_standings(who: Viewer, rows: list[Any]) -> None:
    found = term.standings(rows, clock.today())
    for row in rows:
        row.standing = found.get(row.pk)


def _standing(row: Any) -> term.Standing | None:
    if not hasattr(row, "standing"):
        _hang_standings(scope.NOBODY, [row])
    standing: term.Standing | None = row.standing
    return standing


def _status(row: Any) -> State | Text:
    found = _standing(row)
    return "" if found is None else State(_SHAPES[found.status], found.status.value)


def _among(rows: Any) -> Q:
    return Q(pk__in=rows.values("pk"))


def _late() -> Q:
    today = clock.today()
    late = term.interpreted_late(Document.objects.all(), Rules.read().earliest(), today)
    return Q(pk__in=[row.pk for row in late])


DUTIES = Register(
    key="interpretation-duties",
    model=Document,
    title=_("须解读的文件"),
    unit=_("件"),
    group=_GROUP,
    section="documents",
    explain=_("已公开、按设置须解读的文件，解读期限自公开的次日起按工作日计算"),
    label=str,
    order=["-first_released_on", "-pk"],
    narrow=lambda who, rows: rows.filter(choices.required(Rules.read())),
    decorate=_hang_standings,
    columns=[
        Column("title", link=True, wide=True),
        Column("number"),
        Column("organ__name", _("机关")),
        Column("first_released_on", sort="first_released_on"),
        Column("due_on", _("解读期限"), value=lambda row: (found := _standing(row)) and found.due_on),
        Column(
            "interpreted_on",
            _("首次解读"),
            value=lambda row: (found := _standing(row)) and found.interpreted_on,
        ),
        Column("state", _("状态"), value=_status),
    ],
    filters=[
        search("title", "number"),
        organ(),
        choice("kind", choices=explicable),
        since("first_released_on"),
        until("first_released_on"),
        either(
            "status",
            _("状态"),
            {
                "owed": (_("还没有解读"), lambda: _among(term.owing(Document.objects.all(), clock.today()))),
                "overdue": (
                    _("超期未解读"),
                    lambda: _among(term.owing(Document.objects.all(), clock.today(), late=True)),
                ),
                "late": (_("逾期解读"), _late),
            },
        ),
    ],
    related=["organ"],
    facts=[
        Column("document", _("文件"), value=str, record=lambda row: ("documents", row.pk)),
        Column("number"),
        Column("kind"),
        Column("organ__name", _("机关")),
        Column("first_released_on"),
        Column("why", _("解读期限"), value=lambda row: (found := _standing(row)) and found.sentence),
        Column("state", _("状态"), value=_status),
        Column("interpretation_plan", _("解读方案"), value=plan_words),
    ],
    parts=[DOCUMENT_PART],
    actions=[one for one in DOCUMENT_ACTIONS if one.key in ("interpretation-exempt", "interpret")],
    extra_links=[(_("检查互相链接"), reverse_lazy("desk:interpretation-checks"))],
)


# --- the interpretations ---------------------------------------------------------------------------------------------


def _public(row: Interpretation) -> State | Text:
    today, document = clock.today(), row.document
    if document.struck_at is not None:
        return _("已划去")
    if document.first_released_on is None or document.first_released_on > today:
        return State("open", _("未公开"))
    if document.withdrawn_on is not None and document.withdrawn_on <= today:
        return _("已撤下")
    return State("done", _("已公开"))


def _explained(row: Interpretation) -> str:
    return "、".join(link.document.title for link in row.links.all())


def _link(by: Any, row: Interpretation, data: dict[str, Any]) -> Interpretation:
    for document in data["documents"]:
        actions.link(row, by=by, document=document)
    return row


INTERPRETATIONS = Register(
    key="interpretations",
    model=Interpretation,
    title=_("政策解读"),
    unit=_("件"),
    group=_GROUP,
    section="documents",
    explain=_("解读也是文件，照常送审、公开；这里登记它的形式和所解读的文件"),
    label=str,
    order=["-document__made_on", "-pk"],
    narrow=lambda who, rows: rows.prefetch_related("links__document"),
    columns=[
        Column("document__title", _("标题"), link=True, wide=True),
        Column("form"),
        Column("document__organ__name", _("解读机关")),
        Column("explained", _("解读的文件"), value=_explained, wide=True),
        Column("document__first_released_on", _("首次公开")),
        Column("state", _("状态"), value=_public),
    ],
    filters=[
        search("document__title", "topic"),
        choice("form"),
        organ(),
        either(
            "public",
            _("状态"),
            {
                "no": (_("未公开"), Q(document__first_released_on__isnull=True)),
                "yes": (_("公开过"), Q(document__first_released_on__isnull=False)),
                "alone": (_("没有关联文件"), Q(links__isnull=True)),
            },
        ),
    ],
    related=["document__organ"],
    facts=[
        Column("document", _("文件"), record=lambda row: ("documents", row.document_id)),
        Column("document__organ__name", _("解读机关")),
        Column("form"),
        Column("topic"),
        Column("speaker"),
        Column("url"),
        Column("missing", _("还没有写到"), value=lambda row: "、".join(map(str, row.missing))),
        Column("document__first_released_on", _("首次公开")),
        Column("state", _("状态"), value=_public),
    ],
    parts=[
        Part(
            _("解读的文件"),
            lambda who, row: row.links.select_related("document__organ").order_by("pk"),
            [
                Column("document__title", _("标题"), link=True, wide=True),
                Column("document__number", _("发文字号")),
                Column("document__organ__name", _("机关")),
                Column("document__first_released_on", _("首次公开")),
            ],
            register="interpretation-links",
            empty=_("还没有关联文件。"),
        )
    ],
    actions=[
        Action(
            "add",
            _("登记解读"),
            lambda by, row, data: actions.add_interpretation(by=by, **data),
            form=forms.Add,
            new=True,
        ),
        Action(
            "describe",
            _("修改登记"),
            lambda by, row, data: actions.describe_interpretation(row.document, by=by, **data),
            form=forms.Describe,
            initial=lambda row: {name: getattr(row, name) for name in FIELDS},
            explain=_("定稿以后，形式、解读人和链接不能再改。"),
        ),
        Action(
            "link",
            _("关联文件"),
            _link,
            form=forms.Link,
            explain=_("两个页面由此互相链接，不需要在对方那里再登记。"),
        ),
    ],
    extra_links=[(_("检查互相链接"), reverse_lazy("desk:interpretation-checks"))],
)
LINKS = Register(
    key="interpretation-links",
    model=InterpretationLink,
    title=_("解读与文件的关联"),
    unit=_("条"),
    section="documents",
    listed=False,
    label=lambda row: f"{row.interpretation.document.title} → {row.document.title}",
    columns=[
        Column("interpretation__document__title", _("解读"), link=True, wide=True),
        Column("document__title", _("文件"), wide=True),
    ],
    related=["interpretation__document", "document"],
    facts=[
        Column("interpretation", _("解读"), record=lambda row: ("interpretations", row.interpretation_id)),
        Column("document__title", _("文件")),
        Column("document__number", _("发文字号")),
        Column("recorded_at"),
    ],
    actions=[
        Action(
            "unlink",
            _("解除关联"),
            lambda by, row, data: actions.unlink(row, by=by, **data),
            form=form_for(InterpretationLink, reason=reason_field(_("原因"))),
            danger=True,
        )
    ],
)
PLANS = Register(
    key="interpretation-plans",
    model=InterpretationPlan,
    title=_("解读方案"),
    unit=_("份"),
    group=_GROUP,
    section="documents",
    explain=_("提纲、形式、途径、时间，或者不需要解读的理由；在文件的页面上登记，随文件审签"),
    label=lambda row: _g("%(title)s 解读方案") % {"title": row.edition.document.title},
    order=["-recorded_at", "-pk"],
    columns=[
        Column("edition__document__title", _("文件"), link=True, wide=True),
        Column("edition__document__organ__name", _("机关")),
        Column("exempt"),
        Column("forms", _("解读形式"), value=lambda row: row.form_words),
        Column("timing"),
        Column("recorded_at"),
    ],
    filters=[
        search("edition__document__title"),
        organ(),
        choice("exempt", choices=[("True", _("是")), ("False", _("否"))]),
    ],
    related=["edition__document__organ", "drafter"],
    facts=[
        Column(
            "document",
            _("文件"),
            value=lambda row: row.edition.document,
            record=lambda row: ("documents", row.edition.document_id),
        ),
        Column("edition__seq", _("第几版")),
        Column("exempt"),
        Column("exempt_reason"),
        Column("outline"),
        Column("forms", _("解读形式"), value=lambda row: row.form_words),
        Column("ways"),
        Column("timing"),
        Column("first_interpreter"),
        Column("drafter", value=lambda row: row.drafter or row.edition.document.organ),
        Column("recorded_at"),
    ],
)


# --- settings --------------------------------------------------------------------------------------------------------


def _kinds(row: InterpretationSettings) -> str:
    return "、".join(label for key, label in explicable() if key in row.kinds)


SETTINGS = settings_of(
    InterpretationSettings,
    key="interpretation-settings",
    title=_("政策解读设置"),
    explain=_("哪些文件须解读、几个工作日内；没有单独设置的机关用最近上级的，都没有的用缺省值"),
    names=CHOICES,
    columns=[
        Column("kinds", value=_kinds),
        Column("marked"),
        Column("days", number=True),
        Column("since"),
        Column("basis", wide=True),
    ],
    order=["since"],
    run=actions.set_choices,
    fields=forms.settings_fields(),
    initial=lambda: {"since": clock.today()},
    after=_("从所填的日期起按新的设置；以前公开的文件仍按当时的设置计算。"),
)
REGISTERS = (INTERPRETATIONS, DUTIES, PLANS, LINKS, SETTINGS)
