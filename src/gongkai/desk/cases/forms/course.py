"""Forms of the course of a case: correction, explanation, inquiries, extension and delay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base.forms import offer
from gongkai.desk.cases.forms.base import (
    CaseForm,
    FilesField,
    choice,
    date,
    line,
    note,
    number,
    words,
)
from gongkai.law.wording import zh_date
from gongkai.requests import facts as f
from gongkai.requests.casefile import CasePage
from gongkai.requests.choices import choices_for
from gongkai.requests.timeline import words as in_words

_TERM_HELP = _("从告知之日的下一个工作日起算；也可以在下面直接指定日期")


class _Notice(CaseForm):
    """A letter to the applicant that sets a term."""

    days = number(_("期限（工作日）"), help_text=_TERM_HELP)
    until = date(_("或者指定期限的最后一天"))
    papers = FilesField(_("告知书等附件"))

    def values(self) -> dict[str, Any]:
        values = super().values()
        if "until" in values:  # a day that was named says more than the days proposed
            values.pop("days", None)
        return values


class AskCorrection(_Notice):
    action = "ask_correction"
    what = words(_("需要补正的内容和方法"), wanted=_("请写明需要补正的内容和方法。"))
    field_order = ("what", "days", "until", "papers")

    def start(self, page: CasePage) -> dict[str, Any]:
        return {"days": choices_for(page.case.organ).correction_days}

    @property
    def hints(self) -> list[str]:
        return [
            _g(
                "补正须一次性告知，收到申请之日起7个工作日内告知的，期限自收到补正之日重新计算（条例第三十条）。"
            )
        ]


class ReceiveCorrection(CaseForm):
    action = "receive_correction"
    text = words(_("补正内容"), help_text=_("或者在下面附上补正材料"))
    papers = FilesField(_("补正材料"))


class ExtendCorrection(_Notice):
    action = "extend_correction"
    papers = None  # type: ignore[assignment]
    reason = words(_("延长的理由"), wanted=_("请写明延长补正期限的理由。"), rows=2)
    field_order = ("reason", "days", "until")


class LapseCorrection(CaseForm):
    action = "lapse_correction"
    danger = True
    note = note(_("查明的情况"))

    @property
    def hints(self) -> list[str]:
        return [_g("办结为“申请人无正当理由逾期不补正，不再处理”（条例第三十条）。")]


class AskExplanation(_Notice):
    action = "ask_explanation"
    what = words(
        _("查明的数量、频次和需要说明的事项"), wanted=_("请写明查明的申请数量、频次和需要说明的事项。")
    )
    field_order = ("what", "days", "until", "papers")

    def start(self, page: CasePage) -> dict[str, Any]:
        return {"days": choices_for(page.case.organ).explanation_days}

    @property
    def hints(self) -> list[str]:
        return [_g("等候说明期间，办理期限照常计算（条例第三十五条）。")]


class ReceiveExplanation(CaseForm):
    action = "receive_explanation"
    text = words(_("申请人说明的理由"), help_text=_("或者在下面附上书面说明"))
    reasonable = forms.TypedChoiceField(
        label=_("理由是否合理"),
        required=False,
        choices=[("", _("还没有判断")), ("yes", _("合理")), ("no", _("不合理"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
    )
    papers = FilesField(_("书面说明"))


class LapseExplanation(CaseForm):
    action = "lapse_explanation"
    note = note()


class Consult(CaseForm):
    action = "consult"
    whom = choice(_("征求谁的意见"), {"third_party": _("第三方"), "organ": _("其他机关")})
    name = line(_("第三方或者机关的名称"), wanted=_("请填写被征求意见的第三方或者机关。"), max_length=200)
    what = words(_("征求意见的事项"))
    served_on = date(_("送达日期"), help_text=_("15个工作日的答复期从送达起算；还不知道的，可以以后补"))
    papers = FilesField(_("征求意见书"))

    @property
    def hints(self) -> list[str]:
        return [
            _g("征求意见所需时间不计入办理期限（条例第三十三条）；征求几家就登记几次，信中不写申请人的身份。")
        ]


class CloseConsultation(CaseForm):
    action = "close_consultation"
    inquiry = forms.TypedChoiceField(label=_("哪一项"), coerce=int)
    reply = choice(_("结果"), f.REPLIES)
    text = words(_("答复的内容"), rows=3)
    papers = FilesField(_("复函等附件"))

    def prepare(self) -> None:
        still_open = [one for one in self.page.inquiries if one.inquiry.is_open]
        offer(self, "inquiry", [(one.inquiry.number, _inquiry_words(one)) for one in still_open])
        self.fields["on"].help_text = _("收到意见的日期")

    @property
    def hints(self) -> list[str]:
        return [_g("期满未回复：其他机关视为同意公开（第三十四条），第三方由本机关依法决定（第三十二条）。")]


def _inquiry_words(one: Any) -> str:
    sent = _g("%(day)s发出") % {"day": zh_date(one.inquiry.sent_on)}
    return "，".join(part for part in (in_words("whom", one.inquiry.whom), one.name, sent) if part)


class ProposeExtension(CaseForm):
    action = "propose_extension"
    days = number(_("延长几个工作日"), required=True, error_messages={"required": _("请填写延长的天数。")})
    reason = words(_("延期的理由"), wanted=_("请写明延期的理由。"), rows=3)

    def start(self, page: CasePage) -> dict[str, Any]:
        return {"days": page.term.rules.max_extension} if page.term and page.term.rules else {}

    @property
    def hints(self) -> list[str]:
        return [_g("由公开工作机构负责人批准，并在到期前告知申请人（条例第三十三条第二款）。")]


class _Decision(CaseForm):
    """The head's decision on a proposal, which stands above the fields."""

    proposal = ""

    @property
    def hints(self) -> list[str]:
        entry = self.page.facts.proposals.get(self.proposal)
        if entry is None:
            return []
        said = [
            _g("延长%(days)s个工作日") % {"days": fact.days} if (fact := _extension(entry)) else "",
            _g("延迟至%(day)s") % {"day": zh_date(delay.until)} if (delay := _delay(entry)) else "",
            getattr(entry.fact, "reason", ""),
        ]
        proposed = _g("%(day)s提出的建议：") % {"day": zh_date(entry.on)}
        return [proposed + "；".join(part for part in said if part)]


def _extension(entry: Any) -> f.ExtensionProposed | None:
    return entry.fact if isinstance(entry.fact, f.ExtensionProposed) else None


def _delay(entry: Any) -> f.DelayProposed | None:
    return entry.fact if isinstance(entry.fact, f.DelayProposed) else None


class ApproveExtension(_Decision):
    action, proposal = "approve_extension", "extension"
    days = number(_("批准延长几个工作日"))
    note = note(_("意见"))

    def start(self, page: CasePage) -> dict[str, Any]:
        entry = page.facts.proposals.get("extension")
        return {"days": fact.days} if entry and (fact := _extension(entry)) else {}


class DeclineExtension(_Decision):
    action, proposal = "decline_extension", "extension"
    note = note(_("意见"))


class ProposeDelay(CaseForm):
    action = "propose_delay"
    until = date(_("延迟到哪一天"), required=True, error_messages={"required": _("请填写明确的答复日期。")})
    reason = words(_("延迟答复的理由"), wanted=_("延迟答复须写明理由。"), rows=3)

    @property
    def hints(self) -> list[str]:
        return [_g("申请理由合理、但数量过大无法在期限内答复的，确定延迟答复的合理期限（条例第三十五条）。")]


class ApproveDelay(_Decision):
    action, proposal = "approve_delay", "delay"
    until = date(_("答复日期"))
    note = note(_("意见"))

    def start(self, page: CasePage) -> dict[str, Any]:
        entry = page.facts.proposals.get("delay")
        return {"until": fact.until} if entry and (fact := _delay(entry)) else {}


class DeclineDelay(_Decision):
    action, proposal = "decline_delay", "delay"
    note = note(_("意见"))
