"""清理: every document in force that an organ made up to a day is looked at again; each gets a conclusion, and closing the
round writes what was decided into the documents' validity (05 §9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from gongkai.base import audit, clock
from gongkai.documents.kinds import RULES
from gongkai.documents.models import STANDING, CleanUp, CleanUpItem, Document, Validity
from gongkai.documents.validity import change_validity
from gongkai.organs import authority
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused

Conclusion = CleanUpItem.Conclusion
_ENDS = {Conclusion.REPEAL: Validity.REPEALED, Conclusion.EXPIRE: Validity.EXPIRED}


@transaction.atomic
def open_clean_up(*, by: Actor, organ: Organ, title: str, cut_off: dt.date, kind: str = "") -> CleanUp:
    """Begin a round over the organ's documents in force that were made up to `cut_off`, of one type or of all that have a
    validity. Raises Refused or ValidationError."""
    authority.require(by, authority.WORK, "documents", organ.path)
    if cut_off > clock.today():
        raise ValidationError({"cut_off": _("清理的截止日期不能晚于今天。")})
    kinds = [kind] if kind else [key for key, rules in RULES.items() if rules.validity]
    if not all(key in RULES and RULES[key].validity for key in kinds):
        raise ValidationError({"kind": _("这类文件不登记效力，不需要清理。")})
    chosen = Document.objects.filter(STANDING, path=organ.path, kind__in=kinds, made_on__lte=cut_off).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=clock.today())
    )
    keys = list(chosen.order_by("made_on", "pk").values_list("pk", flat=True))
    if not keys:
        raise Refused(_("截止日期以前没有现行有效的文件，不需要清理。"))
    if CleanUp.objects.filter(path=organ.path, closed_on__isnull=True).exists():
        raise Refused(_("本机关有一次清理正在进行，请先办结。"))
    round_ = CleanUp(
        organ=organ, path=organ.path, title=title.strip(), cut_off=cut_off, opened_on=clock.today()
    )
    round_.clean_fields(exclude=["organ", "path"])
    round_.save()
    CleanUpItem.objects.bulk_create(CleanUpItem(clean_up=round_, document_id=key) for key in keys)
    _log(by, "clean_up.open", round_, documents=len(keys), cut_off=cut_off.isoformat())
    return round_


@transaction.atomic
def conclude(item: CleanUpItem, *, by: Actor, conclusion: str, note: str = "") -> CleanUpItem:
    """What is to become of one document; may be changed until the round is closed. Raises Refused or ValidationError."""
    round_ = _open(item.clean_up, by)
    item = round_.items.select_related("document").get(pk=item.pk)
    item.conclusion, item.note, item.concluded_by = conclusion, note.strip(), by.key
    item.clean_fields(exclude=["clean_up", "document"])
    if not item.conclusion:
        raise ValidationError({"conclusion": _("请选择清理结论。")})
    if conclusion in (Conclusion.AMEND, Conclusion.EXPIRE) and not item.note:
        raise ValidationError({"note": _("修改、失效的，请写明理由。")})
    item.save(update_fields=["conclusion", "note", "concluded_by"])
    _log(by, "clean_up.conclude", round_, document=item.document_id, conclusion=conclusion)
    return item


@transaction.atomic
def close_clean_up(round_: CleanUp, *, by: Actor, on: dt.date, decided_by: str) -> CleanUp:
    """Close the round with the decision that announces its result: repeals and expiries take effect on `on`. Raises Refused
    while a document is without conclusion."""
    round_ = _open(round_, by)
    left = round_.items.filter(conclusion="").count()
    if left:
        raise Refused(_("还有%(n)d件没有清理结论。") % {"n": left})
    if not decided_by.strip():
        raise ValidationError({"decided_by": _("请填写公布清理结果的文件。")})
    for item in round_.items.select_related("document").order_by("pk"):
        end = _ENDS.get(Conclusion(item.conclusion))
        if end is not None and item.document.ended_on is None:
            change_validity(
                item.document, by=by, kind=end, on=on, decided_by=decided_by, note=item.note or round_.title
            )
    round_.closed_on, round_.decided_by = clock.today(), decided_by.strip()
    round_.save(update_fields=["closed_on", "decided_by", "path"])
    _log(by, "clean_up.close", round_, on=on.isoformat(), decided_by=round_.decided_by)
    return round_


def result(round_: CleanUp) -> dict[str, int]:
    """How many documents got which conclusion; "" counts those without. One query."""
    found = dict.fromkeys(["", *Conclusion.values], 0)
    rows: Sequence[tuple[str, int]] = list(
        round_.items.order_by()
        .values_list("conclusion")
        .annotate(n=Count("pk"))
        .values_list("conclusion", "n")
    )
    return found | dict(rows)


def _open(round_: CleanUp, by: Actor) -> CleanUp:
    authority.require(by, authority.WORK, "documents", round_.path)
    round_ = CleanUp.objects.select_for_update(of=("self",)).select_related("organ").get(pk=round_.pk)
    if round_.closed_on is not None:
        raise Refused(_("这次清理已于%(day)s办结。") % {"day": round_.closed_on.isoformat()})
    return round_


def _log(by: Actor, verb: str, round_: CleanUp, **detail: object) -> None:
    audit.record(actor=by.key, post=by.post, verb=verb, subject=round_, path=round_.path, detail=detail)
