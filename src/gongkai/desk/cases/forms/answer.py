"""Forms of the answer, from the draft to the file, and of the ways a case ends without one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base.forms import offer
from gongkai.desk.cases.forms.base import (
    SHOWN,
    WAYS,
    CaseForm,
    FilesField,
    choice,
    date,
    line,
    note,
    number,
    words,
)
from gongkai.law.outcomes import GROUPS, OUTCOMES, Outcome
from gongkai.requests import actions
from gongkai.requests import facts as f
from gongkai.requests.casefile import CasePage
from gongkai.requests.models import CaseFile


def _outcomes() -> list[Any]:
    """The outcomes an answer can have, by group; those that follow from a closing record are none of them."""
    grouped = [
        (label, [(o.key, o.label) for o in OUTCOMES.values() if o.group == group and not o.by_closing])
        for group, label in GROUPS.items()
    ]
    return [("", _("请选择")), *grouped]


class Draft(CaseForm):
    """The draft asks for what its outcome needs; the outcome is chosen first."""

    action = "draft"
    again = _("按这个结果更新下面各项")
    outcome = forms.ChoiceField(
        label=_("办理结果"), choices=_outcomes, error_messages={"required": _("请选择办理结果。")}
    )
    sub_reason = choice(_("具体情形"), {}, required=False)
    article = line(_("法律依据"))
    reason = words(_("理由"))
    search_record = words(_("检索记录"), help_text=_("检索人、检索范围、关键词和日期"), rows=3)
    earlier_answer = line(_("此前答复的文号和日期"))
    text = words(_("答复正文"), rows=8)
    papers = FilesField(_("给申请人的附件"), help_text=_("每个不超过 10 MB，可以一次选多个；请最后再选"))
    keep_files = forms.BooleanField(label=_("保留前一稿的附件"), required=False, initial=True)

    def start(self, page: CasePage) -> dict[str, Any]:
        draft = page.draft
        if draft is None:
            return {}
        names = ("outcome", "sub_reason", "article", "reason", "search_record", "earlier_answer", "text")
        return {name: getattr(draft, name) for name in names}

    def prepare(self) -> None:
        self.fields["on"].label = _g("拟稿日期")
        if self.page.draft is None or not any(x.purpose == CaseFile.Purpose.ANSWER for x in self.page.files):
            del self.fields["keep_files"]
        chosen = self.chosen
        for name in self._not_needed(chosen):
            self.fields.pop(name, None)
        if chosen is None:
            return
        if "sub_reason" in self.fields:
            listed = [("", _g("请选择")), *chosen.sub_reasons.items()]
            offer(self, "sub_reason", listed)
        if not self.is_bound and self.initial.get("article", "") in ("", self._proposed_before()):
            self.initial["article"] = chosen.article

    @property
    def chosen(self) -> Outcome | None:
        """The outcome the fields are shown for."""
        return OUTCOMES.get(str(self["outcome"].value() or ""))

    @property
    def needs_more(self) -> bool:
        return self.chosen is None

    @property
    def shown_for(self) -> str:
        return self.chosen.key if self.chosen else ""

    def _proposed_before(self) -> str:
        """The article that came with the outcome the form was last shown for."""
        before = OUTCOMES.get(str(self.initial.get(SHOWN, "")))
        return before.article if before else ""

    def _not_needed(self, chosen: Outcome | None) -> list[str]:
        if chosen is None:
            return [
                "keep_files",
                "sub_reason",
                "article",
                "reason",
                "search_record",
                "earlier_answer",
                "text",
                "papers",
                "on",
            ]
        return [
            name
            for name, needed in (
                ("sub_reason", bool(chosen.sub_reasons)),
                ("search_record", "not_exist" in chosen.sub_reasons),
                ("earlier_answer", chosen.key == "rejected_duplicate"),
            )
            if not needed
        ]

    @property
    def hints(self) -> list[str]:
        """What the paper must have before it may be submitted."""
        chosen = self.chosen
        if chosen is None:
            return [_g("先选办理结果，再更新下面需要填写的各项。")]
        blank = f.Drafted(outcome=chosen.key, replaces="—")
        return actions.draft_lacks(self.page.facts, blank, has_annexes=True)

    def values(self) -> dict[str, Any]:
        values = super().values()
        if "keep_files" in self.fields:
            values["keep_files"] = self.cleaned_data["keep_files"]
        return values


class SubmitDraft(CaseForm):
    action = "submit_draft"
    note = note(_("给审核人的话"))


class ReviewDraft(CaseForm):
    action = "review_draft"
    note = note(_("审核意见"))


class ReturnDraft(CaseForm):
    action = "return_draft"
    note = words(_("需要修改的地方"), wanted=_("请写明退回修改的意见。"), rows=3)


class ApproveDraft(CaseForm):
    action = "approve_draft"
    note = note(_("批示"))


class Answer(CaseForm):
    action = "answer"
    number = line(_("答复文号"), max_length=80, help_text=_("不填则自动编号"))
    papers = FilesField(_("盖章的答复书"))

    @property
    def hints(self) -> list[str]:
        return [_g("作出答复后，办理结果和日期即行确定，计入年度报告；期限算到发出之日。")]


class Dispatch(CaseForm):
    action = "dispatch"
    way = choice(_("发出方式"), WAYS)
    note = note(_("单号等备注"))

    def start(self, page: CasePage) -> dict[str, Any]:
        return {"way": page.form.get("delivery_way", "website")}

    @property
    def hints(self) -> list[str]:
        return [
            _g("发出后，申请人在“查进度”里可以看到答复、下载附件；答复内容不能再改，只能另行作出替代答复。")
        ]


class Serve(CaseForm):
    action = "serve"
    way = choice(_("送达方式"), WAYS)
    receiver = line(_("签收人"), max_length=100)
    note = note()
    papers = FilesField(_("送达凭证"))

    def start(self, page: CasePage) -> dict[str, Any]:
        sent = [entry.fact for entry in page.facts.entries if entry.kind == "dispatch"]
        return {"way": getattr(sent[-1], "way", "website")} if sent else {}


class Archive(CaseForm):
    action = "archive"
    note = note()


class Withdraw(CaseForm):
    action = "withdraw"
    danger = True
    reason = words(_("申请人撤回的情况"), rows=3, help_text=_("或者在下面附上申请人的书面材料"))
    papers = FilesField(_("书面材料"))


class Lapse(CaseForm):
    action = "lapse"
    danger = True
    sub_reason = choice(_("情形"), OUTCOMES["other_misc"].sub_reasons, initial="other")
    reason = words(_("不再处理的理由"), wanted=_("请写明不再处理的理由。"), rows=3)


class Redo(CaseForm):
    action = "redo"
    order = line(_("责令重新办理的决定或者判决"), wanted=_("请填写责令重新办理的决定或者判决。"))
    served_on = date(_("决定送达本机关的日期"), help_text=_("新的期限自这一天起算；不填为下面的日期"))
    days = number(_("决定指定的期限（工作日）"), help_text=_("没有指定的不填，按20个工作日"), max_value=1000)
    papers = FilesField(_("决定书、判决书"))
