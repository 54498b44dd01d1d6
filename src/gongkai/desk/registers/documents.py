"""文件: rules and normative documents with their editions, releases and validity."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.desk.register.declare import Action, Column, Part, Register, State, Text
from gongkai.desk.register.filters import choice, either, organ, search, since, until
from gongkai.desk.register.forms import form_for, reason_field
from gongkai.desk.register.sheets import through
from gongkai.desk.registers import document_files, document_forms, interpretations, releases
from gongkai.documents import actions, gate, queries, releasing, timeliness
from gongkai.documents.attachments import lacking_versions
from gongkai.documents.describing import FIELDS, issuers
from gongkai.documents.kinds import rules_of
from gongkai.documents.models import STANDING, Document, Edition, Openness, ValidityFact
from gongkai.documents.releasing import Against
from gongkai.documents.reviewing import KIND

_GROUP = _("文件")
_TERM = {
    timeliness.Status.NOT_DUE: "open",
    timeliness.Status.ON_TIME: "done",
    timeliness.Status.LATE: "soon",
    timeliness.Status.OVERDUE: "over",
}


def _validity(row: Document) -> State | Text:
    today = clock.today()
    if row.struck_at is not None:
        return _("已划去")
    if row.ended_on is not None and row.ended_on <= today:
        return _("不再有效")
    return State("open", _("有效"))


def _public(row: Document) -> State | Text:
    today = clock.today()
    if row.first_released_on is None or row.first_released_on > today:
        return _("未公开")
    if row.withdrawn_on is not None and row.withdrawn_on <= today:
        return _("已撤下")
    return State("done", _("已公开"))


def _openness(row: Document) -> str:
    return "、".join(str(Openness(tag).label) for tag in row.openness)


def _writing(row: Edition) -> Any:
    words = _g("查看正文") if row.closed else _g("编辑正文")
    return format_html('<a href="{}">{}</a>', reverse("desk:edition-write", args=[row.pk]), words)


def _archive(row: Document) -> Any:
    return format_html(
        '<a href="{}">{}</a>', reverse("desk:document-archive", args=[row.pk]), _g("导出归档包")
    )


def _comparing(row: Document) -> Any:
    if row.editions.count() < 2:
        return ""
    return format_html('<a href="{}">{}</a>', reverse("desk:editions-compare", args=[row.pk]), _g("比较版本"))


def _term(row: Document) -> State | Text:
    """Where the document stands with the twenty working days of article 26."""
    found = timeliness.of_document(row, clock.today())
    return "" if found is None else State(_TERM[found.status], found.status.value)


def _due(row: Document) -> Any:
    found = timeliness.of_document(row, clock.today())
    return "" if found is None else found.sentence


def _appointments(row: Document) -> str:
    return "；".join(
        f"{one.person} {one.get_action_display()} {one.position}" for one in row.appointments.all()
    )


def _versions(row: Document) -> Any:
    """For 规章: whether text and page-image version are both there (S053)."""
    if not rules_of(row.kind).image:
        return ""
    found: Any = lacking_versions(Document.objects.filter(pk=row.pk)).first()
    if found is None:
        return State("done", _("文字版、图片版齐全")) if row.ended_on is None else ""
    words = [_g("缺文字版")] if found.lacks_text else []
    return State("soon", "、".join([*words, *([_g("缺图片版")] if found.lacks_image else [])]))


def _numbered(row: Document) -> Any:
    if not rules_of(row.kind).numbered:
        return _("这类文件不编发文字号。")
    return _struck(row) or (_("该文件已有发文字号。") if row.number else "")


def _appointing(row: Document) -> Any:
    if not rules_of(row.kind).appointments:
        return _("只有人事任免类文件登记任免事项。")
    return _struck(row) or (_("该文件已公开。") if row.first_released_on else "")


def _struck(row: Document) -> Any:
    return _("该文件的登记已划去。") if row.struck_at else ""


def _against(row: Document) -> Against:
    """What speaks against making it public today; asked once for a page."""
    kept = row.__dict__
    if "against" not in kept:
        kept["against"] = releasing.against(row, _newest(row), clock.today())
    return cast(Against, kept["against"])


def _releasing(row: Document) -> Any:
    """Why it cannot be made public. Of what may be recorded late the action judges the day."""
    late = _against(row).review and gate.may_come_late(row)
    return _struck(row) or _said(row, _against(row)._replace(review="") if late else _against(row))


def _planning(row: Document) -> Any:
    """Why it cannot be made public from today on."""
    return _struck(row) or _said(row, _against(row))


def _said(row: Document, against: Against) -> Any:
    """In words; where the review is what is missing, with the way to it."""
    newest = _newest(row)
    if newest is None or not against.review:
        return "".join(against)
    return format_html(
        '{} <a href="{}">{}</a>',
        "".join(against),
        reverse("desk:review-submit", args=[KIND, newest.pk]),
        _g("去送审、看审签"),
    )


def _newest(row: Document) -> Edition | None:
    return row.editions.order_by("seq").last()


def _ended(row: Document) -> Any:
    if not rules_of(row.kind).validity:
        return _("这类文件不登记效力变化。")
    return _struck(row) or (_("该文件已登记废止或失效。") if row.ended_on else "")


def _today_not_ended() -> Q:
    return Q(ended_on__isnull=True) | Q(ended_on__gt=clock.today())


def _same(row: Document, _made: Any) -> Document:
    """The page to show next is the document's own."""
    return row


_CHANGE = form_for(ValidityFact, "kind", "on", "decided_by", "note")
_WORDING = ("title", "body", "attribute", "attribute_reason")
_ADD = Action(
    "add",
    _("登记文件"),
    lambda by, row, data: actions.add_document(by=by, **data),
    form=form_for(
        Document,
        "organ",
        "kind",
        "title",
        "number",
        "made_on",
        body=forms.CharField(label=_("正文"), widget=forms.Textarea, required=False),
        attribute=forms.ChoiceField(label=_("公开属性"), choices=Edition.Attribute.choices),
        attribute_reason=forms.CharField(
            label=_("属性理由"), max_length=200, required=False, help_text=_("不主动公开的，写明法定理由")
        ),
    ),
    new=True,
)
DOCUMENTS = Register(
    key="documents",
    model=Document,
    title=_("文件"),
    unit=_("件"),
    group=_GROUP,
    section="documents",
    explain=_("规章、规范性文件和其他各类文件；制发、公开、修改、废止各有日期，表二由此计数"),
    label=str,
    order=["-made_on", "-pk"],
    columns=[
        Column("title", link=True, wide=True),
        Column("number"),
        Column("kind"),
        Column("organ__name", _("机关")),
        Column("made_on", sort="made_on"),
        Column("first_released_on", sort="first_released_on"),
        Column("public", _("公开"), value=_public),
        Column("validity", _("效力"), value=_validity),
    ],
    filters=[
        search("title", "number", "index_no"),
        choice("kind"),
        organ(),
        since("made_on"),
        until("made_on"),
        either(
            "standing",
            _("状态"),
            {
                "yes": (_("登记有效"), STANDING),
                "force": (_("现行有效"), lambda: STANDING & _today_not_ended()),
                "ended": (_("已废止或失效"), lambda: STANDING & ~_today_not_ended()),
                "no": (_("已划去"), ~STANDING),
            },
            initial="yes",
        ),
        either(
            "term",
            _("公开时限"),
            {
                "overdue": (
                    _("超期未公开"),
                    lambda: Q(pk__in=timeliness.overdue(Document.objects.all(), clock.today()).values("pk")),
                )
            },
        ),
        either(
            "expiry",
            _("有效期"),
            {
                "90": (
                    _("90 日内届满"),
                    lambda: Q(pk__in=timeliness.expiring(Document.objects.all(), clock.today(), 90)),
                ),
                "30": (
                    _("30 日内届满"),
                    lambda: Q(pk__in=timeliness.expiring(Document.objects.all(), clock.today(), 30)),
                ),
                "past": (
                    _("已届满，尚未处理"),
                    lambda: Q(pk__in=timeliness.expired(Document.objects.all(), clock.today())),
                ),
            },
        ),
        either(
            "versions",
            _("规章"),
            {"lacking": (_("缺文字版或图片版"), lambda: Q(pk__in=lacking_versions(Document.objects.all())))},
        ),
    ],
    related=["organ"],
    facts=[
        Column("index_no"),
        Column("number"),
        Column("kind"),
        Column("issuers", _("发文机关"), value=lambda row: "、".join(issuers(row))),
        Column("theme"),
        Column("genre"),
        Column("group"),
        Column("keywords"),
        Column("summary"),
        Column("openness", value=_openness),
        Column("source"),
        Column("made_on"),
        Column("effective_on"),
        Column("valid_until"),
        Column("first_released_on"),
        Column("withdrawn_on"),
        Column("ended_on"),
        Column("public", _("公开"), value=_public),
        Column(
            "validity",
            _("今日效力"),
            value=lambda row: (
                _validity(row) if row.struck_at else queries.validity_on(row, clock.today()).label
            ),
        ),
        Column("term", _("公开时限"), value=_term),
        Column("due", _("应公开日期"), value=_due),
        Column("appointments", _("任免事项"), value=_appointments),
        Column("versions", _("文字版和图片版"), value=_versions),
        *interpretations.DOCUMENT_FACTS,
        Column("compare", _("版本比较"), value=_comparing),
        Column("archive", _("归档"), value=_archive),
        Column("recorded_at"),
    ],
    parts=[
        Part(
            _("版本"),
            lambda who, row: row.editions.order_by("-seq"),
            [
                Column("seq", _("第几版"), link=True),
                Column("title"),
                Column("attribute"),
                Column("closed"),
            ],
            register="editions",
        ),
        Part(
            _("公开"),
            lambda who, row: row.releases.select_related("superseded_by", "channel", "account").order_by(
                "-on", "-pk"
            ),
            [
                Column("on", link=True),
                Column("channel"),
                Column("account"),
                Column("form"),
                Column("until"),
                Column("carrier"),
                Column("state", _("状态"), value=releases.fact_state),
            ],
            register="releases",
            empty=_("还没有公开。"),
        ),
        Part(
            _("定时发布"),
            lambda who, row: row.plans.select_related("channel").order_by("-at", "-pk"),
            [
                Column("at", link=True),
                Column("channel"),
                Column("state", value=releases.plan_state),
                Column("why", wide=True),
            ],
            register="release-plans",
            empty=_("没有安排定时发布。"),
        ),
        Part(
            _("效力变化"),
            lambda who, row: row.validity_facts.select_related("superseded_by").order_by("-on", "-pk"),
            [
                Column("on", link=True),
                Column("kind"),
                Column("decided_by"),
                Column("note"),
                Column("state", _("状态"), value=releases.fact_state),
            ],
            register="validity",
            empty=_("没有修改、废止或者失效的记录。"),
        ),
        interpretations.DOCUMENT_PART,
    ],
    actions=[
        _ADD,
        Action(
            "release",
            _("登记公开"),
            lambda by, row, data: actions.release(row, by=by, **data),
            form=releases.ReleaseForm,
            bulk=True,
            refusal=_releasing,
            explain=_("公开的是最新一版，公开后该版定稿。在几个渠道公开的，一个渠道登记一次。"),
        ),
        Action(
            "withdraw",
            _("全部撤下"),
            lambda by, row, data: _same(row, actions.withdraw_everywhere(row, by=by, **data)),
            form=releases.WithdrawForm,
            danger=True,
            refusal=lambda row: (
                _struck(row)
                or ("" if row.first_released_on and not row.withdrawn_on else _("没有可以撤下的公开。"))
            ),
            explain=_(
                "从全部渠道撤下。只撤下一个渠道的，在那条公开记录上办理：其他渠道仍公开的，公众仍能看到。"
            ),
        ),
        Action(
            "plan",
            _("定时发布"),
            lambda by, row, data: actions.plan_release(row, by=by, **data),
            form=releases.PlanForm,
            refusal=_planning,
            explain=_("到时由后台任务发布最新一版；到时不符合发布条件的，不发布并写明原因。"),
        ),
        Action(
            "validity",
            _("登记效力变化"),
            lambda by, row, data: actions.change_validity(row, by=by, **data),
            form=_CHANGE,
            bulk=True,
            refusal=_ended,
            explain=_("修改、部分废止、废止、失效，从生效日期起计。"),
        ),
        Action(
            "edition",
            _("新建一版"),
            lambda by, row, data: actions.open_edition(row, by=by),
            refusal=_struck,
            explain=_("从最后一版的内容开始修改。"),
        ),
        Action(
            "describe",
            _("填写著录信息"),
            lambda by, row, data: actions.describe(row, by=by, **data),
            form=document_forms.Describe,
            initial=lambda row: {name: getattr(row, name) for name in FIELDS},
            refusal=_struck,
            explain=_("主题、体裁、概述、实施日期、有效期等，公开页面上的“政府信息公开目录”由此生成。"),
        ),
        Action(
            "number",
            _("编发文字号"),
            lambda by, row, data: _same(row, actions.allot_number(row, by=by, **data)),
            form=document_forms.Allot,
            refusal=_numbered,
            explain=_("按成文年份给出系列的下一个号，给定后不收回。"),
        ),
        Action(
            "joint",
            _("联合发文"),
            lambda by, row, data: _same(row, actions.set_co_organs(row, by=by, **data)),
            form=document_forms.Joint,
            initial=lambda row: {"names": "\n".join(issuers(row)[1:])},
            refusal=_struck,
            explain=_("公开属性由主办机关提出，也就是登记这份文件的机关。"),
        ),
        Action(
            "appoint",
            _("登记任免事项"),
            lambda by, row, data: _same(row, actions.set_appointments(row, by=by, **data)),
            form=document_forms.Appoint,
            initial=lambda row: {
                "lines": "\n".join(
                    f"{one.person} {one.get_action_display()} {one.position}"
                    for one in row.appointments.all()
                )
            },
            refusal=_appointing,
        ),
        *interpretations.DOCUMENT_ACTIONS,
        Action(
            "index",
            _("保留原索引号"),
            lambda by, row, data: actions.keep_index_no(row, by=by, **data),
            form=form_for(Document, "index_no"),
            refusal=lambda row: _struck(row) or (_("该文件已有索引号。") if row.index_no else ""),
            explain=_("旧系统给过的索引号照原样保留；没有的，首次公开时自动给定。"),
        ),
        Action(
            "correct",
            _("更正登记"),
            lambda by, row, data: actions.correct_document(row, by=by, **data),
            form=form_for(Document, "kind", "number", "made_on", reason=reason_field(_("更正原因"))),
            initial=lambda row: {name: getattr(row, name) for name in ("kind", "number", "made_on")},
            refusal=_struck,
            explain=_("更正前后的内容都留在经过里。"),
        ),
        Action(
            "strike",
            _("划去"),
            lambda by, row, data: actions.strike_document(row, by=by, **data),
            form=form_for(Document, reason=reason_field(_("划去原因"))),
            bulk=True,
            danger=True,
            refusal=_struck,
            explain=_("用于重复或者误登的文件：划去后仍可查阅，不再计数。"),
        ),
    ],
    importer=through(_ADD, "documents"),
    extra_links=[(_("批量导入和导出"), reverse_lazy("desk:documents-bulk"))],
)
EDITIONS = Register(
    key="editions",
    model=Edition,
    title=_("文件版本"),
    unit=_("版"),
    section="documents",
    listed=False,
    label=lambda row: f"{row.document.title}（第 {row.seq} 版）",
    columns=[
        Column("title", link=True, wide=True),
        Column("seq", _("第几版")),
        Column("attribute"),
        Column("closed"),
    ],
    related=["document"],
    facts=[
        Column("document", _("文件"), record=lambda row: ("documents", row.document_id)),
        Column("seq", _("第几版")),
        Column("attribute"),
        Column("attribute_reason"),
        Column("closed"),
        Column("write", _("正文"), value=_writing),
        Column("body", _("文字")),
    ],
    parts=[
        Part(
            _("附件"),
            lambda who, row: row.attachments.select_related("file", "edition"),
            [
                Column("title", link=True, wide=True),
                Column("role"),
                Column("inspected", _("检查"), value=document_files.inspected),
                Column("download", _("下载"), value=document_files.download_link),
            ],
            register="attachments",
            empty=_("没有附件。"),
        ),
    ],
    actions=[
        Action(
            "attach",
            _("添加附件"),
            document_files.attach,
            form=document_files.Attach,
            refusal=lambda row: _("该版本已定稿，附件不能再改。") if row.closed else "",
        ),
        Action(
            "review",
            _("送审"),
            lambda by, row, data: None,
            page=lambda row: reverse("desk:review-submit", args=[KIND, row.pk]),
            explain=_("按本机关的审签流程逐级审查；已经在审的，打开看走到哪一步。"),
        ),
        Action(
            "edit",
            _("修改标题和公开属性"),
            lambda by, row, data: actions.edit_edition(row, by=by, **data),
            form=form_for(Edition, *_WORDING),
            initial=lambda row: {name: getattr(row, name) for name in _WORDING},
            refusal=lambda row: _("该版本已定稿，不能再改。") if row.closed else "",
        ),
        Action(
            "close",
            _("定稿"),
            lambda by, row, data: actions.close_edition(row, by=by),
            refusal=lambda row: _("该版本已经定稿。") if row.closed else "",
        ),
    ],
)
VALIDITY = Register(
    key="validity",
    model=ValidityFact,
    title=_("文件效力记录"),
    unit=_("条"),
    section="documents",
    listed=False,
    label=lambda row: f"{row.document.title}　{row.get_kind_display()}",
    columns=[
        Column("document__title", _("文件"), link=True, wide=True),
        Column("kind"),
        Column("on"),
        Column("decided_by"),
        Column("state", _("状态"), value=releases.fact_state),
    ],
    filters=[organ(), choice("kind"), since("on"), until("on")],
    related=["document", "superseded_by"],
    facts=[
        Column("document", _("文件"), record=lambda row: ("documents", row.document_id)),
        Column("kind"),
        Column("on"),
        Column("decided_by"),
        Column("note"),
        Column("state", _("状态"), value=releases.fact_state),
    ],
    actions=[
        Action(
            "correct",
            _("更正"),
            lambda by, row, data: actions.correct_validity(row, by=by, **data),
            form=form_for(ValidityFact, "kind", "on", "decided_by", reason=reason_field(_("更正原因"))),
            initial=lambda row: {name: getattr(row, name) for name in ("kind", "on", "decided_by")},
            refusal=releases.fact_over,
        ),
        Action(
            "void",
            _("撤销这条记录"),
            lambda by, row, data: actions.void_validity(row, by=by, **data),
            form=form_for(ValidityFact, reason=reason_field(_("撤销原因"))),
            danger=True,
            refusal=releases.fact_over,
            explain=_("用于实际没有发生的变化：该文件恢复原来的效力。"),
        ),
    ],
)
REGISTERS = (DOCUMENTS, EDITIONS, VALIDITY)
