"""Every action on a case and its form. Which of them stand open, to whom and when, the procedure alone decides."""

from __future__ import annotations

from gongkai.desk.cases.forms import answer, course, fees, receipt, records
from gongkai.desk.cases.forms.base import AGAIN, SHOWN, CaseForm
from gongkai.desk.cases.forms.entry import Entry

# An application that does not exist yet has a page of its own (``Entry``); all others act on a case.
FORMS: dict[str, type[CaseForm]] = {
    form.action: form
    for form in (
        receipt.Contact,
        receipt.Confirm,
        receipt.Forward,
        receipt.Accept,
        receipt.Assign,
        receipt.Split,
        course.AskCorrection,
        course.ReceiveCorrection,
        course.ExtendCorrection,
        course.LapseCorrection,
        course.AskExplanation,
        course.ReceiveExplanation,
        course.LapseExplanation,
        course.Consult,
        course.CloseConsultation,
        course.ProposeExtension,
        course.ApproveExtension,
        course.DeclineExtension,
        fees.ProposeFee,
        fees.ApproveFee,
        fees.DeclineFee,
        fees.RevokeFee,
        fees.RecordPayment,
        fees.Refund,
        fees.LapseFee,
        course.ProposeDelay,
        course.ApproveDelay,
        course.DeclineDelay,
        answer.Draft,
        answer.SubmitDraft,
        answer.ReviewDraft,
        answer.ReturnDraft,
        answer.ApproveDraft,
        answer.Answer,
        answer.Dispatch,
        answer.Serve,
        answer.Archive,
        answer.Withdraw,
        answer.Lapse,
        answer.Redo,
        records.Attach,
        records.Supersede,
    )
}

__all__ = ["AGAIN", "FORMS", "SHOWN", "CaseForm", "Entry"]
