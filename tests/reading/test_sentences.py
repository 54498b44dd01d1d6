"""The verdict on every sentence of the list, and nothing else said about it."""

from dataclasses import replace

import pytest

from gongkai.reading.checking import check_report
from gongkai.reading.report import Paragraph

from . import published
from .sentences import SENTENCES


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: f"{sentence.rule}-{sentence.text[:24]}")
def test_verdict(sentence):
    report = replace(
        published.report(sentence.report),
        paragraphs={sentence.part: (Paragraph(sentence.text, "第1段"),)},
    )
    told = [finding for finding in check_report(report) if finding.quote]
    verdicts = {finding.verdict.value for finding in told if finding.rule == sentence.rule}
    # A sentence with several figures may be right in one of them: the worst verdict counts.
    worst = verdicts - {"holds"} or verdicts
    assert worst == ({sentence.verdict} if sentence.verdict else set())
    assert not [f for f in told if f.rule != sentence.rule and f.verdict.value == "publisher_fault"]


def test_there_are_enough_of_them():
    assert len({sentence.text for sentence in SENTENCES}) >= 30
    assert {s.verdict for s in SENTENCES} == {"publisher_fault", "doubt", "holds", None}


def test_every_finding_on_a_sentence_quotes_it_with_its_place():
    for name in published.FILES:
        for finding in check_report(published.report(name)):
            if finding.rule.startswith("N-"):
                assert finding.quote
                assert finding.at
