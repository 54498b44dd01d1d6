"""A seeded sample of ``make fuzz``."""

import pytest

from . import fuzz


@pytest.mark.parametrize("part", range(4))
def test_mutated_texts_and_pages(part):
    total = fuzz.Outcome()
    for seed in range(part * 150, (part + 1) * 150):
        total.add(fuzz.run_text(seed))
    assert total.failures == []
    assert total.counts["read"] > 100


def test_mutated_documents():
    total = fuzz.Outcome()
    for seed in range(24):
        total.add(fuzz.run_file(seed))
    assert total.failures == []
    assert total.counts["read"] > 8
