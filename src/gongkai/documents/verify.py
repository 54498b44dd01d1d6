"""What `gongkai verify` checks here: the projected columns say what the facts say."""

from __future__ import annotations

from django.db.models import F, Prefetch

from gongkai.documents.models import Document, Edition, Offer
from gongkai.documents.projection import projection_of


def problems() -> list[str]:
    """One sentence per document whose columns do not follow from its facts, none when all do."""
    found = []
    light = Prefetch("editions", Edition.objects.defer("body"))
    documents = Document.objects.prefetch_related(light, "releases", "validity_facts")
    for document in documents.iterator(chunk_size=500):
        expected = projection_of(
            document.editions.all(), document.releases.all(), document.validity_facts.all()
        )
        wrong = [name for name, value in vars(expected).items() if getattr(document, name) != value]
        if wrong:
            found.append(f"政府信息第{document.pk}号的{'、'.join(wrong)}与其记录不符")
    for key in Document.objects.exclude(path=F("organ__path")).values_list("pk", flat=True):
        found.append(f"政府信息第{key}号的路径与所属机关不符")
    found.extend(_offers())
    return found


def _offers() -> list[str]:
    found = []
    for row in Offer.objects.prefetch_related("facts").iterator(chunk_size=500):
        facts = list(row.facts.all())
        over = {fact.supersedes_id for fact in facts}
        last = next((fact for fact in facts if fact.pk not in over and not fact.void), None)
        if (row.outcome, row.decided_on) != ((last.outcome, last.on) if last else ("", None)):
            found.append(f"信息报送第{row.pk}号的结果与其记录不符")
    for key in Offer.objects.exclude(path=F("organ__path")).values_list("pk", flat=True):
        found.append(f"信息报送第{key}号的路径与报送机关不符")
    return found
