"""Names of the year's applicants in a text that is going to be public (S124, F13).

Nothing is decrypted: every stretch of the text that could be a name is looked up by the keyed index under which the
register finds an applicant, among the applications of the report's own organs only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import rjieba
from django.db.models import Q

from gongkai.base import crypto
from gongkai.base.measures import Period
from gongkai.figures.tree import Tree, any_within
from gongkai.reading.checking.privacy import hide_names
from gongkai.requests.models import Case

from .models import Scope
from .surnames import COMPOUND, EVERYDAY, SURE

_DOTS = "·•・"  # between the parts of a name; the register has it as it was typed
_DOT = re.compile(f"[{_DOTS}]")
_RUN = re.compile(rf"[〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af{_DOTS}]{{2,}}")
_DOTTED = range(4, 21)
# Words of offices, which a name by which an application was made may repeat.
_OFFICIAL = re.compile(
    r"政府|公开|信息|工作|管理|服务|申请|答复|建设|水平|质量|规划|行政|政务|法律|文件|财政|办理|平台"
)
_BESIDE = re.compile(r"(?:的|等|向|就|提出)?(?:申请|来信|投诉|举报)|先生|女士")
_CALLED = re.compile(r"先生|女士|的(?:申请|来信|投诉|举报)")
_CALLS = re.compile(r"(?:申请人|市民|村民|居民|当事人)(?:为|是)?$")
_ASKS = re.compile(r"申请|来信|投诉|举报|市民|村民|居民|当事人")
_SURE_ORGANISATION = 8
_ORGANISATION = re.compile(r"公司|合作社|养殖场|工厂|商店|事务所|协会|企业|中心|研究院|研究所|基金会|商会")
_PERSON = (2, 3, 4)
_LONGEST_ORGANISATION, _SHORTEST_ORGANISATION = 24, 5
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Named:
    """A name found in a text: where, and how long."""

    start: int
    end: int


def place_of(tree: Tree, scope: str) -> Q:
    """The applications of the organ itself, or of everything that the report consolidates."""
    if scope == Scope.OWN:
        return Q(path__in=tree.paths_of(tree.root))
    return any_within("path", tree.prefixes)


def named(
    texts: Iterable[str], place: Q, year: int, vocabulary: Iterable[str] = ()
) -> dict[str, list[Named]]:
    """Where each text names somebody whose application was open in the year. A query per some hundred stretches. What
    stands in the `vocabulary` of the form names nobody."""
    printed = "\n".join(vocabulary)
    wanted: dict[str, list[tuple[str, Named]]] = {}
    for text in texts:
        for found in _candidates(text):
            stretch = text[found.start : found.end]
            if stretch not in printed:
                for typed in _typed(stretch):
                    wanted.setdefault(crypto.blind("name", typed), []).append((text, found))
    hits: dict[str, list[Named]] = {}
    for index in _known(wanted, place, Period.year(year)):
        for text, found in wanted[index]:
            hits.setdefault(text, []).append(found)
    return {text: _longest(found) for text, found in hits.items()}


def masked(text: str, found: Iterable[Named]) -> str:
    """The text with each name reduced to its first character: 张某某."""
    for name in found:
        text = f"{text[: name.start + 1]}{'某' * (name.end - name.start - 1)}{text[name.end :]}"
    return text


def certain(sentence: str, name: Named) -> bool:
    """Whether a stretch of a sentence is meant as a name. Anybody may apply under a name that is a word, and must not
    block a report with it."""
    if hide_names(sentence)[name.start : name.end] != sentence[name.start : name.end]:
        return True
    text = sentence[name.start : name.end]
    if _OFFICIAL.search(text) and not _ORGANISATION.search(text):
        return _is_called_one(sentence, name) and _stands_alone(sentence, name, text)
    if _DOT.search(text):
        return True
    if _ORGANISATION.search(text):
        return len(text) >= _SURE_ORGANISATION
    return _is_person(sentence, name, text)


def _is_called_one(sentence: str, name: Named) -> bool:
    """Whether the words around say that a person is meant: a name may be made of an office's words, as 高建设 is."""
    return bool(_CALLED.match(sentence, name.end) or _CALLS.search(sentence[: name.start]))


def _is_person(sentence: str, name: Named, text: str) -> bool:
    if not _stands_alone(sentence, name, text):
        return False
    words = list(_words(sentence))
    if (name.start, name.end) in words:
        return bool(_BESIDE.match(sentence, name.end))
    if text[0] in EVERYDAY and (name.start + _family(text), name.end) in words and len(text) > 2:
        return False  # 于 and 公开
    return len(text) > 2 or bool(_ASKS.search(sentence))


def _stands_alone(sentence: str, name: Named, text: str) -> bool:
    """Whether it begins with a surname, and is no part of longer words."""
    if _family(text) == 1 and text[0] not in SURE | EVERYDAY:
        return False
    bounds = {start for start, _end in _words(sentence)} | {len(sentence)}
    return name.start in bounds and name.end in bounds


def _family(text: str) -> int:
    return 2 if text[:2] in COMPOUND and len(text) > 2 else 1


def _words(sentence: str) -> Iterator[tuple[int, int]]:
    at = 0
    for word in rjieba.cut(sentence, False):
        yield at, at + len(word)
        at += len(word)


def _typed(stretch: str) -> Iterable[str]:
    """The ways in which the register may have it."""
    return [_DOT.sub(dot, stretch) for dot in _DOTS] if _DOT.search(stretch) else [stretch]


def _known(indexes: Iterable[str], place: Q, period: Period) -> Iterator[str]:
    open_in_year = Q(arrived_on__lte=period.end) & (
        Q(closed_on__isnull=True) | Q(closed_on__gte=period.start)
    )
    cases = Case.objects.filter(place & open_in_year)
    asked, column = list(indexes), "submission__name_index"
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        yield from cases.filter(**{f"{column}__in": some}).values_list(column, flat=True).distinct()


def _candidates(text: str) -> Iterator[Named]:
    """Every stretch of two to four characters, and what could be the name of an organisation."""
    for run in _RUN.finditer(text):
        for start in range(run.start(), run.end() - 1):
            for length in _PERSON:
                if start + length <= run.end():
                    yield Named(start, start + length)
            if _DOT.search(run.group()):
                for length in _DOTTED:
                    end = start + length
                    if end <= run.end() and _DOT.search(text, start + 1, end - 1) and length not in _PERSON:
                        yield Named(start, end)
        for kind in _ORGANISATION.finditer(text, run.start(), run.end()):
            first = max(run.start(), kind.end() - _LONGEST_ORGANISATION)
            for start in range(first, kind.end() - _SHORTEST_ORGANISATION + 1):
                yield Named(start, kind.end())


def _longest(found: list[Named]) -> list[Named]:
    """Of names inside one another only the longest, in the order of the text."""
    kept: list[Named] = []
    for one in sorted(found, key=lambda name: (name.start - name.end, name.start)):
        if not any(other.start < one.end and one.start < other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda name: name.start)
