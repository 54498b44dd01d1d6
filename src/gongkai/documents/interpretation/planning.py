"""The plan of an interpretation: written with the draft, signed with it; or the reason why none is needed."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents.common import authorised, log
from gongkai.documents.interpretation.models import Form, ImportantPolicy, InterpretationPlan
from gongkai.documents.kinds import Kind
from gongkai.documents.models import Document, Edition
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused


@transaction.atomic
def set_plan(
    edition: Edition,
    *,
    by: Actor,
    outline: str,
    forms: Sequence[str],
    ways: str,
    timing: str,
    first_interpreter: str = "",
    drafter: Organ | None = None,
) -> InterpretationPlan:
    """Write or change the plan of an open wording: what will be said, in which forms, by which ways, when; who of the
    leaders speaks first; and which organ drafted the document, if not its own (谁起草、谁解读). Raises Refused or
    ValidationError."""
    document, edition = _open(by, edition)
    given = {"outline": outline, "ways": ways, "timing": timing}
    errors = {
        name: _("解读方案要写明提纲、形式、途径和时间。") for name, text in given.items() if not text.strip()
    }
    if not forms:
        errors["forms"] = _("请选择解读形式。")
    elif set(forms) - set(Form.values):
        errors["forms"] = _("请从列出的解读形式中选择。")
    if errors:
        raise ValidationError(errors)
    plan = _plan(edition)
    plan.exempt, plan.exempt_reason = False, ""
    plan.outline, plan.ways, plan.timing = outline.strip(), ways.strip(), timing.strip()
    plan.forms = [form for form in Form.values if form in set(forms)]
    plan.first_interpreter = first_interpreter.strip()
    plan.drafter = drafter if drafter and drafter.pk != document.organ_id else None
    return _keep(by, document, plan, "interpretation.plan")


@transaction.atomic
def exempt(document: Document, *, by: Actor, reason: str) -> InterpretationPlan:
    """Record why a document needs no interpretation: with its open wording, to be signed with it; or afterwards, once the
    wording is final. Raises Refused or ValidationError."""
    document = authorised(by, document)
    _explicable(document)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明不需要解读的理由。")})
    edition = document.editions.order_by("-seq").first()
    if edition is None:
        raise Refused(_("该文件还没有内容。"))
    plan = _plan(edition, afterwards=edition.closed)
    plan.exempt, plan.exempt_reason = True, reason.strip()
    plan.outline, plan.forms, plan.ways, plan.timing = "", [], "", ""
    plan.first_interpreter, plan.drafter = "", None
    return _keep(by, document, plan, "interpretation.exempt")


@transaction.atomic
def lift_exemption(document: Document, *, by: Actor) -> Document:
    """The document needs an interpretation after all. The audit log keeps what was said. Raises Refused."""
    document = authorised(by, document)
    plan = newest_plan(document)
    if plan is None or not plan.exempt:
        raise Refused(_("该文件没有登记为不需要解读。"))
    if plan.edition.closed and not plan.afterwards:
        raise Refused(_("不需要解读的理由已随文件审签，不能撤销；可以直接登记解读。"))
    reason = plan.exempt_reason
    plan.delete()
    log(by, "interpretation.lift_exemption", document, reason=reason)
    return document


@transaction.atomic
def mark_important(document: Document, *, by: Actor, reason: str = "") -> ImportantPolicy:
    """Mark a document as 重要政策: it needs an interpretation although its type alone asks for none. Raises Refused."""
    document = authorised(by, document)
    _explicable(document)
    if ImportantPolicy.objects.filter(document=document).exists():
        raise Refused(_("该文件已标为重要政策。"))
    mark = ImportantPolicy(document=document, reason=reason.strip(), actor=by.key, recorded_at=clock.now())
    mark.clean_fields(exclude=["document"])
    mark.save()
    log(by, "interpretation.mark_important", document)
    return mark


@transaction.atomic
def unmark_important(document: Document, *, by: Actor) -> Document:
    """Take the mark back. Raises Refused."""
    document = authorised(by, document)
    if not ImportantPolicy.objects.filter(document=document).delete()[0]:
        raise Refused(_("该文件没有标为重要政策。"))
    log(by, "interpretation.unmark_important", document)
    return document


def plan_of(edition: Edition) -> InterpretationPlan | None:
    """The plan that holds for a wording: its own, else that of the wording before it."""
    rows = InterpretationPlan.objects.filter(
        edition__document=edition.document_id, edition__seq__lte=edition.seq, afterwards=False
    )
    return rows.select_related("drafter", "edition").order_by("-edition__seq").first()


def newest_plan(document: Document) -> InterpretationPlan | None:
    """What holds for the document today, recorded before or after it was signed."""
    rows = InterpretationPlan.objects.filter(edition__document=document).select_related("drafter", "edition")
    return rows.order_by("-pk").first()


def drafting_organ(document: Document) -> Organ:
    """谁起草、谁解读: the organ the plan in force names as the drafter, else the document's own (S058)."""
    plan = newest_plan(document)
    return plan.drafter if plan is not None and plan.drafter is not None else document.organ


def _open(by: Actor, edition: Edition) -> tuple[Document, Edition]:
    document = authorised(by, edition.document)
    _explicable(document)
    edition = document.editions.get(pk=edition.pk)
    edition.document = document
    if edition.closed:
        raise Refused(_("该版本已定稿，解读方案不能再改；不需要解读的，可以登记理由。"))
    return document, edition


def _explicable(document: Document) -> None:
    if document.kind == Kind.INTERPRETATION:
        raise Refused(_("政策解读本身不需要解读方案。"))


def _plan(edition: Edition, afterwards: bool = False) -> InterpretationPlan:
    known = InterpretationPlan.objects.select_for_update().filter(edition=edition, afterwards=afterwards)
    return known.first() or InterpretationPlan(edition=edition, afterwards=afterwards)


def _keep(by: Actor, document: Document, plan: InterpretationPlan, verb: str) -> InterpretationPlan:
    plan.actor, plan.recorded_at = by.key, clock.now()
    plan.clean_fields(exclude=["edition", "drafter"])
    plan.save()
    log(by, verb, document, edition=plan.edition.seq, afterwards=plan.afterwards, forms=plan.forms)
    return plan
