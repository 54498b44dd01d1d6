"""Forms of the information processing fee, with the price worked out before anybody decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.base.forms import offer
from gongkai.desk.cases.forms.base import CaseForm, choice, date, line, note, number, words
from gongkai.organs import calendars
from gongkai.organs.actors import Actor
from gongkai.requests import actions, casefile, fees, load
from gongkai.requests.actions import steps
from gongkai.requests.casefile import CasePage
from gongkai.requests.models import Case


class ProposeFee(CaseForm):
    action = "propose_fee"
    again = _("先算一算")
    basis = choice(_("计费方式"), fees.BASES)
    pages = number(_("页数"), help_text=_("按量计收时填写"))
    reason = words(_("收费的理由"), wanted=_("请写明收费的理由。"), rows=3)

    @property
    def hints(self) -> list[str]:
        by_item = casefile.fee_quote(self.page.case)
        if by_item is None:
            return [_g("本件不在计费之列。")]
        said = [
            _g("本件是该申请人本月第%(place)s件，按件计收为%(amount)s元。")
            % {"place": by_item.position, "amount": by_item.amount}
        ]
        if pages := _whole(self["pages"].value()):
            by_volume = casefile.fee_quote(self.page.case, fees.BY_VOLUME, pages)
            if by_volume is not None:
                said.append(
                    _g("按量计收%(pages)s页为%(amount)s元。") % {"pages": pages, "amount": by_volume.amount}
                )
        said.append(_g("收费是权力不是义务，由公开工作机构负责人决定。"))
        return said


def _whole(text: Any) -> int | None:
    return int(text) if str(text or "").isdecimal() and 0 < int(text) < 10_000_000 else None


class ApproveFee(CaseForm):
    """One notice over the chosen cases of the applicant and month that wait for the same decision."""

    action = "approve_fee"
    cases = forms.MultipleChoiceField(
        label=_("列入这份通知的件"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择收费的件。")},
    )
    served_on = date(_("送达日期"), help_text=_("自送达次日起20个工作日内缴纳；还不知道的，可以以后补"))
    number = line(_("通知文号"), max_length=80, help_text=_("不填则自动编号"))
    note = note(_("意见"))

    def prepare(self) -> None:
        found = _same_notice(self.page, self.by)
        self._waiting = {str(case.pk): case for case, _price in found}
        offer(self, "cases", [(str(case.pk), _priced(case, price)) for case, price in found])
        self.fields["cases"].initial = [str(case.pk) for case, price in found if price and price.amount]

    @property
    def hints(self) -> list[str]:
        entry = self.page.facts.proposals.get("fee")
        reason = getattr(entry.fact, "reason", "") if entry else ""
        return [_g("提出收费的理由：%(reason)s") % {"reason": reason}] if reason else []

    def others(self) -> list[Case]:
        return [self._waiting[key] for key in self.cleaned_data["cases"]]

    def run(self) -> Any:
        values = self.values()
        del values["cases"]
        return actions.approve_fee(self.others(), by=self.by, **values)


def _same_notice(page: CasePage, by: Actor) -> list[tuple[Case, fees.Price | None]]:
    """The cases of this applicant and month whose proposed fee `by` may approve now, with what each would cost."""
    received, today = page.case.first_received_on, clock.today()
    found = []
    for case in (page.case, *page.same_applicant):
        if received is None or case.first_received_on is None or not case.proposed:
            continue
        facts, calendar = load.case_facts(case), calendars.for_region(page.case.organ.region)
        same = fees.month_of(case.first_received_on) == fees.month_of(received)
        if same and steps.refusal("approve_fee", by, case, facts, calendar, today) is None:
            proposal = facts.proposals["fee"].fact
            basis, pages = getattr(proposal, "basis", fees.BY_ITEM), getattr(proposal, "pages", None)
            found.append((case, casefile.fee_quote(case, basis, pages)))
    return found


def _priced(case: Case, price: fees.Price | None) -> str:
    if price is None:
        return str(case.number)
    how = _g("%(pages)s页，按量") % {"pages": price.pages} if price.pages else _g("按件")
    return _g("%(number)s：本月第%(place)s件，%(how)s计收%(amount)s元") % {
        "number": case.number,
        "place": price.position,
        "how": how,
        "amount": price.amount,
    }


class DeclineFee(CaseForm):
    action = "decline_fee"
    note = note(_("意见"))


class RevokeFee(CaseForm):
    action = "revoke_fee"
    danger = True
    reason = words(_("撤销的理由"), wanted=_("请写明撤销收费通知的理由。"), rows=3)

    @property
    def hints(self) -> list[str]:
        return [_g("同一份通知上待缴费的件都恢复办理，期限照原来的计算。")]


class RecordPayment(CaseForm):
    action = "record_payment"
    amount_yuan = number(_("实缴金额（元）"), required=True)
    receipt_number = line(_("票据号"), max_length=60)
    payment_code = line(_("缴款识别码"), max_length=60)
    hold = forms.BooleanField(label=_("逾期或者未缴足，只登记为待退付"), required=False)

    def start(self, page: CasePage) -> dict[str, Any]:
        return {"amount_yuan": page.facts.fee.approved.total} if page.facts.fee else {}

    def prepare(self) -> None:
        self.fields["on"].help_text = _("缴费日期；期限自次日起重新计算")


class Refund(CaseForm):
    action = "refund"
    amount_yuan = number(_("退付金额（元）"))
    reason = words(_("退付的理由"), wanted=_("请写明退付的理由。"), rows=2)

    def start(self, page: CasePage) -> dict[str, Any]:
        owed = [item.refundable for item in page.facts.fees.values() if item.refundable]
        return {"amount_yuan": owed[-1]} if owed else {}


class LapseFee(CaseForm):
    action = "lapse_fee"
    danger = True
    note = note(_("查明的情况"))

    @property
    def hints(self) -> list[str]:
        return [_g("同一份通知上待缴费的件都办结为“逾期未缴费，不再处理”。")]
