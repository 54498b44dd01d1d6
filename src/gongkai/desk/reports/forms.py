"""The short forms of the report page, and which of the room's actions each one calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.annualreport import actions, cells, queries, sections
from gongkai.annualreport.models import Elimination, ReportVersion, Scope
from gongkai.base import clock
from gongkai.base.forms import offer
from gongkai.desk.register.forms import ActionForm
from gongkai.desk.register.scoped import OrganChoice
from gongkai.desk.reports import given
from gongkai.forms.layout import Form
from gongkai.forms.values import State
from gongkai.organs.actors import Actor
from gongkai.organs.scope import WORK


def _words(label: Any, rows: int = 3, longest: int = 300, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "brief"})
    return forms.CharField(label=label, max_length=longest, widget=widget, **kwargs)


class Plain(forms.Form):
    """A button. `seen` is the last step the person saw: who signs has seen what is signed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, version: ReportVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version

    def take(self, error: ValidationError) -> None:
        """Show the room's refusal beside the field it speaks of, or at the top."""
        messages = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, found in messages.items():
            self.add_error(name if name in self.fields else None, found)


class Edit(Plain):
    section = forms.CharField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, required=False)
    was = forms.CharField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 10}), max_length=sections.LONGEST
    )

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label or _g("文字")


class Link(Plain):
    finding_key = forms.CharField(widget=forms.HiddenInput)


class Accept(Plain):
    finding_key = forms.CharField(widget=forms.HiddenInput)
    reason = _words(_("理由"))


class Eliminate(Plain):
    cell = forms.ChoiceField(label=_("哪一项"))
    amount = forms.CharField(
        label=_("减去多少"),
        max_length=24,
        help_text=_("金额以万元为单位；要加的写负数"),
        widget=forms.TextInput(attrs={"class": "short"}),
    )
    reason = _words(_("理由"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "cell", [("", _g("请选择")), *_cell_choices(queries.form_of(self.version))])


class Revoke(Plain):
    elimination = forms.IntegerField(widget=forms.HiddenInput)
    reason = _words(_("撤销理由"), rows=2)


class Return(Plain):
    reason = _words(_("退回理由"))


class Correct(Plain):
    note = _words(_("更正说明"), help_text=_("说明更正什么、为什么；随更正版一并公布"))


class Note(Correct):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].initial = self.version.correction_note


def _cell_choices(form: Form) -> list[tuple[str, list[tuple[str, str]]]]:
    """The cells that hold a figure of their own, table by table; totals follow."""
    headings = {section.table: section.heading for section in form.sections if section.table}
    groups: dict[str, list[tuple[str, str]]] = {}
    for path in cells.sources(form):
        cell = form.cell(path)
        groups.setdefault(headings[cell.table], []).append((path, cell.label))
    return list(groups.items())


@dataclass(frozen=True)
class Verb:
    """One thing to do with a version: its form, the action it calls, what the page says after it and where it goes.

    `looked` verbs pass on what the person saw, so they are refused when something happened since. `permit` names the
    line of the workflow's table where it is not the verb's own.
    """

    form: type[Plain]
    run: Callable[[Actor, ReportVersion, Mapping[str, Any]], Any]
    done: str | Promise
    anchor: str = ""
    looked: bool = False
    permit: str = ""


def _edit(by: Actor, version: ReportVersion, data: Mapping[str, Any]) -> Any:
    return actions.edit_section(
        by=by,
        version=version,
        section=data["section"],
        key=data["key"],
        text=data["text"],
        seen=data["was"] or None,
    )


def _revoke(by: Actor, version: ReportVersion, data: Mapping[str, Any]) -> Any:
    line = Elimination.objects.filter(pk=data["elimination"], report=version.report_id).first()
    if line is None:
        raise Http404
    return actions.revoke_elimination(by=by, version=version, elimination=line, reason=data["reason"])


VERBS: Mapping[str, Verb] = {
    "recompile": Verb(
        Plain,
        lambda by, version, data: actions.recompile(by=by, version=version),
        _("已按现在的记录重新汇总。"),
    ),
    "edit": Verb(Edit, _edit, _("文字已保存。")),
    "link": Verb(
        Link,
        lambda by, version, data: actions.link_figure(
            by=by, version=version, finding_key=data["finding_key"]
        ),
        _("已换成联动数，以后随数据变动。"),
        permit="edit",
    ),
    "problems": Verb(
        Plain,
        lambda by, version, data: actions.write_problems(by=by, version=version),
        _("台账里的问题和整改情况已写入第五部分，请再读一遍。"),
        "s5",
        permit="edit",
    ),
    "accept": Verb(
        Accept,
        lambda by, version, data: actions.accept_finding(
            by=by, version=version, finding_key=data["finding_key"], reason=data["reason"]
        ),
        _("理由已记下；这几个数不变，理由就一直有效。"),
        "findings",
    ),
    "eliminate": Verb(
        Eliminate,
        lambda by, version, data: actions.eliminate(
            by=by, version=version, cell=data["cell"], amount=data["amount"], reason=data["reason"]
        ),
        _("调整项已加上，报告已重新汇总。"),
        "eliminations",
    ),
    "revoke": Verb(Revoke, _revoke, _("调整项已撤销，报告已重新汇总。"), "eliminations"),
    "submit": Verb(
        Plain,
        lambda by, version, data: actions.submit(by=by, version=version),
        _("已送领导审签。"),
        looked=True,
    ),
    "return": Verb(
        Return,
        lambda by, version, data: actions.return_report(by=by, version=version, reason=data["reason"]),
        _("已退回修改。"),
        looked=True,
    ),
    "sign": Verb(
        Plain,
        lambda by, version, data: actions.sign(by=by, version=version),
        _("已签发。数和文字从此固定，可以公布了。"),
        looked=True,
    ),
    "publish": Verb(
        Plain,
        lambda by, version, data: actions.publish(by=by, version=version),
        _("已公布，网址永久有效。"),
        looked=True,
    ),
    "correct": Verb(
        Correct,
        lambda by, version, data: actions.open_correction(by=by, report=version.report, note=data["note"]),
        _("更正版已按现在的记录汇总，原来的版本保持不变。"),
    ),
    "note": Verb(
        Note,
        lambda by, version, data: actions.reword_correction(by=by, version=version, note=data["note"]),
        _("更正说明已改写。"),
        permit="edit",
    ),
}


class Import(ActionForm):
    """A whole report from outside, as a file or pasted."""

    organ = OrganChoice(label=_("机关"), register="reports", verb=WORK)
    year = forms.IntegerField(
        label=_("年度"), min_value=2019, widget=forms.NumberInput(attrs={"class": "short"})
    )
    scope = forms.ChoiceField(
        label=_("范围"),
        choices=[("", _("按机关类型：政府汇总，其他为本机关")), *Scope.choices],
        required=False,
    )
    null = forms.ChoiceField(
        label=_("数据中的空值（null）是"),
        choices=[
            (State.UNREAD.value, _("没有识别出来")),
            (State.BLANK.value, _("原表空白")),
            (State.UNKNOWN.value, _("未知")),
        ],
    )
    source = forms.CharField(
        label=_("来源"), max_length=200, help_text=_("例如：某某政府门户网站2020年1月公布的报告")
    )
    file = forms.FileField(
        label=_("报告文件"),
        required=False,
        widget=forms.FileInput(attrs={"accept": given.ACCEPT}),
        help_text=_("公布的网页、Word、PDF、文本，或者三张表的数据（JSON）；读不出的格按未知计，不按0计"),
    )
    text = forms.CharField(
        label=_("或者粘贴"),
        required=False,
        max_length=given.LARGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10, "class": "code", "spellcheck": "false"}),
        help_text=_("报告全文，或者三张表的数据：report_year、table2、table3、table4"),
    )

    sure = forms.BooleanField(label=_("已核对：这份报告就是所选机关、所填年度的"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "year" in data and data["year"] > clock.today().year:
            self.add_error("year", _g("%(year)s年度尚未开始。") % {"year": data["year"]})
        data["tables"] = found = self._tables(data)
        if found and "organ" in data and not data.get("sure") and (why := given.doubt(found, data["organ"])):
            self.add_error("sure", _g("%(why)s，请核对；确实无误的，勾选后再导入。") % {"why": why})
        return data

    def _tables(self, data: Mapping[str, Any]) -> dict[str, Any] | None:
        """The tables, from the file or the box; None when there is a problem, which is said."""
        file, text, year = data.get("file"), data.get("text", ""), data.get("year")
        if bool(file) == bool(text):
            self.add_error("file", _g("请选择文件或者粘贴数据，二者选一。"))
            return None
        try:
            return given.of_file(file, year) if file else given.tables(text.encode(), year)
        except given.NotTaken as problem:
            self.add_error("file" if file else "text", str(problem))
            return None
