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


@pytest.mark.parametrize("seed", [19256, 30284, 31117, 49822, 54233, 57381, 64734, 69918, 70790, 89104])
def test_what_once_was_read_wrong(seed):
    """A row of a page with a cell left blank and another doubled: as many figures as columns, one place on. And the number
    of a page, with its dashes, on the line of a row that was cut, or below one whose figures ran together: as many words
    as columns. And a line printed twice where the next has lost its label."""
    assert fuzz.run_text(seed).failures == []
