"""What `gongkai verify` checks here: the projected columns and the rows of table 4 say what the steps say."""

from __future__ import annotations

from django.db.models import F

from gongkai.remedies.course import OutOfCourse
from gongkai.remedies.models import Proceeding, Respondent, ResultRule
from gongkai.remedies.projection import proceeding_values, respondent_values, standing_of


def problems() -> list[str]:
    """One sentence per proceeding whose columns do not follow from its steps, none when all do."""
    found = []
    columns = dict(ResultRule.objects.values_list("code", "column"))
    for proceeding in Proceeding.objects.prefetch_related("steps", "respondents").iterator(chunk_size=500):
        try:
            standing = standing_of(proceeding)
        except OutOfCourse as error:
            found.append(f"复议诉讼第{proceeding.pk}号的步骤次序不成立：{error}")
            continue
        values = proceeding_values(standing, columns)
        if wrong := [name for name, value in values.items() if getattr(proceeding, name) != value]:
            found.append(f"复议诉讼第{proceeding.pk}号的{'、'.join(wrong)}与其步骤不符")
        wanted = respondent_values(standing, columns)
        kept = {(row.organ_id, row.round): row for row in proceeding.respondents.all()}
        if set(kept) != set(wanted) or any(
            getattr(kept[key], name) != value for key, row in wanted.items() for name, value in row.items()
        ):
            found.append(f"复议诉讼第{proceeding.pk}号的被申请人、被告记录与其步骤不符")
    for model, label in ((Proceeding, "复议诉讼"), (Respondent, "被申请人、被告")):
        strayed = model._default_manager.exclude(path=F("organ__path")).values_list("pk", flat=True)
        found.extend(f"{label}第{key}号的路径与所属机关不符" for key in strayed)
    return found
