"""What `gongkai verify` checks here: the projected columns of a site say what its steps say."""

from __future__ import annotations

from django.db.models import F

from gongkai.monitoring.life import project
from gongkai.monitoring.models import Site


def problems() -> list[str]:
    """One sentence per site whose columns do not follow from its steps, none when all do."""
    found = []
    for site in Site.objects.prefetch_related("steps").iterator(chunk_size=200):
        wrong = [
            name for name, value in vars(project(site.steps.all())).items() if getattr(site, name) != value
        ]
        if wrong:
            found.append(f"网站登记第{site.pk}号的{'、'.join(wrong)}与其记录不符")
    for key in Site.objects.exclude(path=F("organ__path")).values_list("pk", flat=True):
        found.append(f"网站登记第{key}号的路径与所属机关不符")
    return found
