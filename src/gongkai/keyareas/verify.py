"""What `gongkai verify` checks here: rows stand at their organ's path, and belong to an item of their own organ."""

from __future__ import annotations

from django.db.models import F

from gongkai.keyareas.models import Act, Decision, FeeIncome, PowerItem, Procurement

MODELS: tuple[type[Act], ...] = (PowerItem, Decision, FeeIncome, Procurement)


def problems() -> list[str]:
    """One sentence per damaged row, none when the register is whole."""
    found = []
    for model in MODELS:
        label = model._meta.verbose_name
        for key in model._default_manager.exclude(path=F("organ__path")).values_list("pk", flat=True):
            found.append(f"行政行为台账：{label}第{key}号的路径与所属机关不符")
    for owned in (Decision, FeeIncome):
        strayed = owned._default_manager.filter(item__isnull=False).exclude(item__path=F("path"))
        for key in strayed.values_list("pk", flat=True):
            found.append(f"行政行为台账：{owned._meta.verbose_name}第{key}号挂在别的机关的事项上")
    both = PowerItem.objects.filter(removed_on__lt=F("added_on")).values_list("pk", flat=True)
    found.extend(f"行政行为台账：事项第{key}号的取消日期早于设立日期" for key in both)
    return found
