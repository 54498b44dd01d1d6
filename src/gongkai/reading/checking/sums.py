"""Arithmetic inside the text: parts of a total, what is left, rates, growth (N-SPLIT, N-SUM, N-RATE, N-GROW)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..report import Report
from .clauses import Quantity, Sentence, as_number, quantities
from .counts import new_quantity
from .finding import Finding
from .ledger import Ledger, told

_AMONG = re.compile(r"其中|包括(?!但不限于)")
_OUTCOME = re.compile(r"予以公开|部分公开|不予公开|无法提供|不予处理|其他处理|同意公开")
# A clause with one of these no longer lists parts but tells something new.
_NEW_MATTER = re.compile(
    r"召开|举办|组织|开展|受理|办结|答复|办理|回应|解读|同时|此外|另外?|累计|全年|共计|较上年|较去年|同比"
)
_OWN_LEVEL = re.compile(r"本级|市政府|县政府|区政府|部门|机关")
_LOWER_LEVEL = re.compile(r"及以下|县|区|乡镇|街道|基层|下级")
_REST = re.compile(r"其他|其它|其余")
_KEPT = re.compile(r"(?:现保留|现存|剩余|保留)(?:政务新媒体|新媒体|账号|网站)*(\d+)(?:个|家)")
_CLOSED_BEFORE = re.compile(r"(\d+)(?:个|家)?[^,。;\d]{0,12}?(?:予以|进行)?(?:关停|注销)")
_CLOSED_AFTER = re.compile(r"(?:关停|注销)(?:、|并|和)?(?:关停|注销|整合)?[^,。;、\d]{0,10}(\d+)(?:个|家)")
_COPIES = re.compile(
    r"(\d+)期[^。;]*?每期[^,。;\d]{0,8}(\d+)(?:册|份)[^。;]*?共(?:计)?[^,。;\d]{0,4}(\d+(?:\.\d+)?)(万)?(?:余)?(?:册|份)"
)
_RATE = re.compile(r"([\u4e00-\u9fff]{0,6}率)[^,。;\d]{0,6}?(\d+(?:\.\d+)?)%")
_RECEIVED = re.compile(
    r"(?:收到|受理|接收|接到|转来|转办|征集|收集)[^,。;\d]{0,24}?(\d+)余?(?:件次|件|条|个|份|起|次|项|封|贴|帖)"
)
_HANDLED = re.compile(
    r"(?:办结|答复|回复|办复|采纳|采用|办理|处理|解决|整改)(?:了|的)?[^,。;\d]{0,12}?(\d+)余?(?:件次|件|条|个|份|起|次|项|封|贴|帖)"
)
_CHANNELS = {
    "website": re.compile(r"网站"),
    "wechat": re.compile(r"微信"),
    "weibo": re.compile(r"微博"),
    "gazette": re.compile(r"公报"),
    "other": re.compile(r"其他(?:方式|渠道|形式)"),
}
_PUBLISHED = re.compile(r"(?:公开|发布)")
# A number over all channels counts pieces of any kind: 各类信息, not 政策法规.
_OF_ANY_KIND = re.compile(r"(?:信息|政务信息)(?:共|共计|总计|合计)?$")
_GROWTH = re.compile(
    r"较(?:上年|去年|上一年)(?:度)?(?:同期)?(增长|增加|上升|提高|下降|减少|降低)(\d+(?:\.\d+)?)%"
)


def check_sums(sentences: list[Sentence], ledger: Ledger, previous: Report | None) -> list[Finding]:
    """All findings of these rules."""
    found: list[Finding] = []
    for number, sentence in enumerate(sentences):
        following = sentences[number + 1] if number + 1 < len(sentences) else None
        found.extend(_parts(sentence, following, ledger))
        found.extend(_remainder(sentence, ledger))
        found.extend(_copies(sentence, ledger))
        found.extend(_rates(sentence, ledger))
        found.extend(_growth(sentence, ledger, previous))
    found.extend(_channels(sentences, ledger))
    return found


def _parts(sentence: Sentence, following: Sentence | None, ledger: Ledger) -> Iterator[Finding]:
    """A total, and after 其中 its parts — in the same sentence or at the beginning of the next."""
    among = _AMONG.search(sentence.text)
    if among:
        yield from _compared(sentence, sentence.text[: among.start()], sentence.text[among.end() :], ledger)
    elif following is not None and following.before == sentence.text and following.text.startswith("其中"):
        units = [q.unit for q in sentence.quantities if q.unit not in ("%", "")]
        if len(units) == 1:
            yield from _compared(following, sentence.text, following.text[2:], ledger, sentence)


def _compared(
    sentence: Sentence, before: str, after: str, ledger: Ledger, total_in: Sentence | None = None
) -> Iterator[Finding]:
    if _OUTCOME.search(after):
        return
    for group in after.split(";"):
        parts = list(_listed(group))
        if not parts:
            return
        unit = parts[0][1].unit
        totals = [q for q in quantities(before) if q.unit == unit]
        if not totals or len(parts) < 2 or any(part.unit != unit for _, part in parts):
            return
        total = totals[-1]
        low, high = sum(part.low for _, part in parts), sum(part.high for _, part in parts)
        labels = "".join(label for label, _ in parts)
        complete = bool(_REST.search(labels)) or (
            bool(_OWN_LEVEL.search(parts[0][0])) and bool(_LOWER_LEVEL.search(parts[-1][0]))
        )
        right = total.meets(Decimal(low), Decimal(high))
        if not right and high < total.low and not complete:
            continue  # 其中 may name only some of the parts
        new = new_quantity(total_in or sentence)
        rule = "N-SPLIT" if new is not None and new[0] == total.value else "N-SUM"
        value = sum(part.value for _, part in parts)
        yield told(
            ledger,
            rule,
            sentence,
            f"总数{_shown(total.value)}，各部分（{'、'.join(_shown(part.value) for _, part in parts)}）"
            f"合计{_shown(Decimal(value))}。",
            right,
            expected=as_number(total.value),
            found=as_number(Decimal(value)),
        )


def _listed(text: str) -> Iterator[tuple[str, Quantity]]:
    """The parts of a list: label and quantity, until the list ends."""
    for number, clause in enumerate(re.split(r"[,、。]", text)):
        found = [q for q in quantities(clause) if q.unit != "%"]
        if not found:
            if number and clause and not re.search(r"\d", clause):
                return
            continue
        label = clause[: found[0].start]
        if len(found) > 1 or not found[0].unit or _NEW_MATTER.search(label):
            return
        yield label, found[0]


def _remainder(sentence: Sentence, ledger: Ledger) -> Iterator[Finding]:
    """So many there were, so many were closed, so many are left."""
    kept = _KEPT.search(sentence.text)
    closed = _CLOSED_AFTER.search(sentence.text) or _CLOSED_BEFORE.search(sentence.text)
    if not kept or not closed or kept.start() < closed.start():
        return
    first = next((q for q in sentence.quantities if q.unit in ("个", "家")), None)
    if first is None or first.end > closed.start(1):
        return
    total, gone, left = int(first.value), int(closed[1]), int(kept[1])
    if total > gone:
        yield told(
            ledger,
            "N-SUM",
            sentence,
            f"{total}减去{gone}为{total - gone}，文中保留数为{left}。",
            total - gone == left,
            expected=total - gone,
            found=left,
        )


def _copies(sentence: Sentence, ledger: Ledger) -> Iterator[Finding]:
    if match := _COPIES.search(sentence.text):
        product = int(match[1]) * int(match[2])
        stated = Decimal(match[3]) * (10000 if match[4] else 1)
        step = Decimal(1).scaleb(-len(match[3].partition(".")[2])) * (10000 if match[4] else 1)
        yield told(
            ledger,
            "N-SUM",
            sentence,
            f"{match[1]}期、每期{match[2]}，合计{product}，文中为{_shown(stated)}。",
            abs(stated - product) <= step / 2,
            expected=product,
            found=as_number(stated),
        )


def _rates(sentence: Sentence, ledger: Ledger) -> Iterator[Finding]:
    for piece in sentence.pieces():
        for match in _RATE.finditer(piece):
            handled = list(_HANDLED.finditer(piece, 0, match.start()))
            if not handled:
                continue
            base = list(_RECEIVED.finditer(piece, 0, handled[-1].start()))
            # A rate in between belongs to the figures before it.
            if not base or _RATE.search(piece, base[-1].end(), handled[-1].start()):
                continue
            whole, part = int(base[-1][1]), int(handled[-1][1])
            if whole == 0 or part > whole:
                continue
            printed = match[2]
            stated = Decimal(printed)
            exact = Decimal(100 * part) / whole
            tolerance = Decimal("0.5").scaleb(-len(printed.partition(".")[2]))
            right = abs(exact - stated) <= tolerance
            yield told(
                ledger,
                "N-RATE",
                sentence,
                f"{match[1]}：{part}÷{whole}={exact:.2f}%，文中为{printed}%。",
                right,
                expected=exact.quantize(Decimal("0.01")),
                found=stated,
            )


def _growth(sentence: Sentence, ledger: Ledger, previous: Report | None) -> Iterator[Finding]:
    """Growth of the applications received, when last year's report is at hand."""
    new = new_quantity(sentence)
    before = previous.figures.number("table3.new_received.total") if previous else None
    if new is None or not before:
        return
    match = _GROWTH.search(sentence.text, new[1])
    if match is None or any(new[1] < q.start < match.start() and q.unit != "%" for q in sentence.quantities):
        return
    sign = -1 if match[1] in ("下降", "减少", "降低") else 1
    stated = sign * Decimal(match[2])
    exact = Decimal(100) * (new[0] - Decimal(before)) / Decimal(before)
    tolerance = Decimal("0.5").scaleb(-len(match[2].partition(".")[2]))
    yield told(
        ledger,
        "N-GROW",
        sentence,
        f"上年新收{before}件，本年{new[0]}件，变化{exact:.2f}%，文中为{stated}%。",
        abs(exact - stated) <= tolerance,
        paths=("table3.new_received.total",),
        expected=exact.quantize(Decimal("0.01")),
        found=stated,
    )


def _channels(sentences: list[Sentence], ledger: Ledger) -> Iterator[Finding]:
    """A total over all channels, and the channels one by one, wherever the text gives them."""
    by_channel: dict[str, Quantity] = {}
    total: tuple[Sentence, Quantity] | None = None
    for sentence in sentences:
        if sentence.part != "s1":
            continue
        for channels, label, amount in _published(sentence):
            if len(channels) > 1 and total is None and _OF_ANY_KIND.search(label):
                total = (sentence, amount)
            elif len(channels) == 1 and (channels[0] != "other" or total is not None):
                by_channel.setdefault(channels[0], amount)
    if total is None or "other" not in by_channel or len(by_channel) < 2:
        return
    sentence, amount = total
    low, high = sum(q.low for q in by_channel.values()), sum(q.high for q in by_channel.values())
    value = sum(q.value for q in by_channel.values())
    right = amount.meets(Decimal(low), Decimal(high))
    if right or low > amount.high:
        yield told(
            ledger,
            "N-SUM",
            sentence,
            f"文中总数{_shown(amount.value)}，各渠道合计{_shown(Decimal(value))}。",
            right,
            expected=as_number(amount.value),
            found=as_number(Decimal(value)),
        )


def _published(sentence: Sentence) -> Iterator[tuple[list[str], str, Quantity]]:
    """Clauses that tell how many pieces were published through which channels."""
    carried = ""
    for clause in re.split(r"[,;。]", sentence.text):
        found = [q for q in quantities(clause) if q.unit == "条"]
        words = carried + clause
        if found and _PUBLISHED.search(words) and not _AMONG.search(clause):
            label = words[: len(carried) + found[0].start]
            channels = [name for name, pattern in _CHANNELS.items() if pattern.search(label)]
            if channels:
                yield channels, label, found[0]
        carried = "" if found else clause


def _shown(value: Decimal) -> str:
    return format(value.normalize(), "f")
