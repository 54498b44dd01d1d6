"""同步审签: the plan is part of what is signed with a document, and what an interpretation shows beyond its text is too."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents.companions import Companion
from gongkai.documents.interpretation.choices import asks
from gongkai.documents.interpretation.models import Interpretation, InterpretationPlan
from gongkai.documents.interpretation.planning import plan_of
from gongkai.documents.kinds import Kind
from gongkai.documents.models import Edition


def of_edition(edition: Edition) -> Companion | None:
    """What goes with a wording: of an interpretation its form, speaker and address; of a document its plan, or that it
    lacks one (S059). What is not to be public needs none."""
    if edition.document.kind == Kind.INTERPRETATION:
        return _interpretation(edition)
    plan = plan_of(edition)
    if plan is not None:
        return _plan(plan)
    if edition.attribute != Edition.Attribute.OPEN or not asks(edition.document, clock.today()):
        return None
    return Companion(
        lacking=(
            _("这份文件须有解读方案，或者写明不需要解读的理由，才能送审（同步起草、同步审签、同步公开）。"),
        )
    )


def _plan(plan: InterpretationPlan) -> Companion:
    if plan.exempt:
        return Companion({"exempt": plan.exempt_reason}, ((_("不需要解读"), plan.exempt_reason),))
    told = (
        (_("解读提纲"), plan.outline),
        (_("解读形式"), plan.form_words),
        (_("解读途径"), plan.ways),
        (_("解读时间"), plan.timing),
        (_("第一解读人"), plan.first_interpreter),
        (_("起草机关"), plan.drafter.name if plan.drafter else ""),
    )
    content = {
        "outline": plan.outline,
        "forms": plan.forms,
        "ways": plan.ways,
        "timing": plan.timing,
        "first_interpreter": plan.first_interpreter,
        "drafter": plan.drafter.code if plan.drafter else "",  # its name may change; what was signed does not
    }
    return Companion(content=content, told=tuple(one for one in told if one[1]))


def _interpretation(edition: Edition) -> Companion | None:
    row = Interpretation.objects.filter(document=edition.document_id).first()
    if row is None:
        return None
    told = (
        (_("解读形式"), str(row.get_form_display())),
        (_("解读人"), row.speaker),
        (_("视频或者原文链接"), row.url),
    )
    content = {"form": row.form, "speaker": row.speaker, "url": row.url}
    return Companion(content=content, told=tuple(one for one in told if one[1]))
