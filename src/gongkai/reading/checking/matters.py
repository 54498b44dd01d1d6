"""Sentences on documents, fees, reviews, suits and procurement (N-DOC, N-FEE, N-UNIT, N-LIT, N-COR, N-PROC)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gongkai.forms.findings import Severity
from gongkai.forms.values import Number, wan_from_yuan

from .clauses import Sentence, is_by_channel, is_other_period, is_partial
from .finding import Finding
from .ledger import Ledger, told

_DOCUMENT = re.compile(r"(规章|规范性文件)(?:共|共计|达|有|为)?(\d+)余?(?:部|件|份|个|篇)")
_NOT_COUNTED = re.compile(r"解读|审查|审核|备案|清理|修订|修改|评估|合法性|征求|征集|移交|报送")
_IN_FORCE, _REPEALED = re.compile(r"有效|现行|收录"), re.compile(r"废止|失效")
_VALID = re.compile(r"有效|现行")
_MADE = re.compile(r"制定|制发|印发|出台|制作|起草")
_DISCLOSED = re.compile(r"公开|公布|发布")

_FEE = re.compile(r"收取[^,。;\d]{0,26}?(?:处理费|费用|费)[^,。;\d]{0,6}?(\d+(?:\.\d+)?)(万元|元)")
_NOTICES = re.compile(r"(?:收费通知(?:书|单)?》?(?:共|共计)?(\d+)余?份|(\d+)份[^,。;\d]{0,12}收费通知)")
_PAYERS = re.compile(r"(\d+)(?:名|位|个)申请人[^,。;\d]{0,14}缴")
_SPLIT = re.compile(r"拆分[^。;]{0,20}?(\d+)件")
_BAND = re.compile(r"(\d+)-(\d+)件[^。;]{0,20}?(\d+)元/件")

_REVIEW, _SUIT = re.compile(r"复议"), re.compile(r"诉讼|应诉")
_NONE = re.compile(
    r"(?:未(?!经)(?:发生|出现|产生|收到|有)?|没有(?:发生|出现|收到)?|无(?!正当))(?=[^,。;]{0,26}(?:复议|诉讼))"
)
_OF_ONE = re.compile(r"行政(复议|诉讼)(?:案件|申请|案)?(?:共|共计|为)?(\d+)(?:件|起|宗|例)")
_OF_BOTH = re.compile(
    r"(\d+)(?:件|起|宗|例)(?:[^,。;、\d]|\d{4}年){0,30}?行政(复议|诉讼)(?:案件)?(?:(?:和|、|及|与|或)行政(复议|诉讼))?"
)
_BOTH_FIRST = re.compile(r"行政复议(?:和|、|及|与)行政诉讼(?:案件)?(?:共|共计|合计)?(\d+)(?:件|起|宗|例)")
# What sentences speak of: in words, and the groups of table 4.
_GROUPS = {
    "复议": ("行政复议", ("review",)),
    "诉讼": ("行政诉讼", ("litigation_direct", "litigation_after_review")),
    "直接起诉": ("行政诉讼（未经复议直接起诉）", ("litigation_direct",)),
    "复议后起诉": ("行政诉讼（复议后起诉）", ("litigation_after_review",)),
}
_WAYS = ("直接起诉", "复议后起诉")
_HEARING = re.compile(r"审理|受理|办理|代理|应诉|出庭|审结|裁决")
_OF_THESE = re.compile(r"[,(]?其中[^;。]{0,20}信息公开")
_NEVER = re.compile(r"(?:避免了|避免|未|没有|无|未曾)[^。;]{0,26}?(?:被纠错|纠错|被纠正|被撤销|败诉|被责令)")
_PLAN = re.compile(r"下一步|下步|将|力争|争取|努力|确保|坚决")

_PROCUREMENT = re.compile(
    r"(?:预算|项目|合同|采购|中标)[^,。;、\d]{0,6}金额[^,。;、\d]{0,4}(\d+(?:\.\d+)?)(万元|亿元)"
)
_PROCUREMENT_CELL = "table2.art20_9.gov_procurement.procurement_amount_wan"
_FEE_CELL = "table2.art20_8.admin_fees.fee_amount_wan"


def check_matters(sentences: list[Sentence], ledger: Ledger) -> list[Finding]:
    """All findings of these rules."""
    found: list[Finding] = []
    for sentence in sentences:
        if sentence.part != "s5":
            found.extend(_documents(sentence, ledger))
            found.extend(_fee(sentence, ledger))
            found.extend(_suits(sentence, ledger))
            found.extend(_corrected(sentence, ledger))
            found.extend(_procurement(sentence, ledger))
    found.extend(_notices(sentences, ledger))
    found.extend(_bands(sentences, ledger))
    return found


def _documents(sentence: Sentence, ledger: Ledger) -> Iterator[Finding]:
    for match in _DOCUMENT.finditer(sentence.text):
        before = sentence.text[: match.start()]
        clause = re.split(r"[,;、和及]", before)[-1]
        verbs = clause + before[-24:] if not _says_what(clause) else clause
        if _NOT_COUNTED.search(clause) or is_other_period(before, ledger.report.year):
            continue
        column = _column(verbs, ledger)
        if not column:
            continue
        row = "rules" if match[1] == "规章" else "normative_docs"
        path = f"table2.art20_1.{row}.{column}"
        table = ledger.number(path)
        if table is None:
            continue
        count = int(match[2])
        label = ledger.form.cell(path).label
        yield told(
            ledger,
            "N-DOC",
            sentence,
            f"文中{match[1]}{count}件，表二“{label}”为{table}。",
            count == table,
            paths=(path,),
            expected=table,
            found=count,
            doubt=is_partial(before, ledger.report) or _may_differ(column, clause),
        )


def _may_differ(column: str, clause: str) -> bool:
    """Whether the text may count something else than the column: what one channel carries, or all that is in force."""
    if column == "newly_disclosed_this_year":
        return is_by_channel(clause)
    return column == "total_disclosed" or (column == "in_force" and not _VALID.search(clause))


def _says_what(text: str) -> bool:
    return any(p.search(text) for p in (_IN_FORCE, _REPEALED, _MADE, _DISCLOSED, _NOT_COUNTED))


def _column(words: str, ledger: Ledger) -> str:
    new = ledger.form.key == "fmt2021"
    if _REPEALED.search(words):
        return "repealed_this_year" if new else ""
    if _IN_FORCE.search(words):
        return "in_force" if new else "total_disclosed"
    if _MADE.search(words):
        return "made_this_year"
    if _DISCLOSED.search(words):
        return "" if new else "newly_disclosed_this_year"
    return ""


def _fee(sentence: Sentence, ledger: Ledger) -> Iterator[Finding]:
    table = ledger.number(_FEE_CELL)
    if table is None or "信息公开" not in sentence.before + sentence.text:
        return
    for match in _FEE.finditer(sentence.text):
        if is_other_period(sentence.text[: match.start()], ledger.report.year):
            continue
        amount = Decimal(match[1]) if match[2] == "万元" else wan_from_yuan(Decimal(match[1]))
        yield told(
            ledger,
            "N-FEE",
            sentence,
            f"文中收取处理费{match[1]}{match[2]}（{amount}万元），表二本年收费金额为{table}万元，应不少于前者。",
            amount <= table,
            paths=(_FEE_CELL,),
            expected=amount,
            found=table,
        )


def _notices(sentences: list[Sentence], ledger: Ledger) -> Iterator[Finding]:
    """Notices less payers are the applications closed for an unpaid fee, if a notice is for one application."""
    paths = ("table3.other_fee_unpaid.total",)
    unpaid = ledger.number(*paths)
    if unpaid is None:
        return
    for sentence in sentences:
        notices, payers = _NOTICES.search(sentence.text), _PAYERS.search(sentence.text)
        if not notices or not payers:
            continue
        left = int(notices[1] or notices[2]) - int(payers[1])
        message = f"收费通知{notices[1] or notices[2]}份，{payers[1]}名申请人缴费，未缴费{left}份；表三逾期未缴费不再处理{unpaid}件。"
        if left != unpaid:
            message += "份与件口径不同（一份通知可含几件）的，请说明。"
        yield told(
            ledger,
            "N-FEE",
            sentence,
            message,
            left == unpaid,
            paths=paths,
            expected=left,
            found=unpaid,
            doubt=True,
        )


def _bands(sentences: list[Sentence], ledger: Ledger) -> Iterator[Finding]:
    """So many items by the band the text quotes must give the fee it tells; and the unit counted must be said."""
    for number, sentence in enumerate(sentences):
        split = _SPLIT.search(sentence.text)
        if not split:
            continue
        items = int(split[1])
        registered = ledger.number("table3.new_received.total")
        yield told(
            ledger,
            "N-UNIT",
            sentence,
            f"文中按拆分后计{items}件，表三本年新收为{registered}件；请注明表中以拆分前还是拆分后的件计数。",
            False,
            doubt=True,
            severity=Severity.INFORMATION,
        )
        for other in sentences[number : number + 3]:
            band, fee = _BAND.search(other.text), _FEE.search(other.text)
            if band and fee and int(band[1]) <= items <= int(band[2]):
                expected = (items - int(band[1]) + 1) * int(band[3])
                found = Decimal(fee[1]) * (10000 if fee[2] == "万元" else 1)
                yield told(
                    ledger,
                    "N-FEE",
                    other,
                    f"{items}件中第{band[1]}件起每件{band[3]}元，应为{expected}元，文中为{fee[1]}{fee[2]}。",
                    found == expected,
                    expected=expected,
                    found=found,
                )


def _suits(sentence: Sentence, ledger: Ledger) -> Iterator[Finding]:
    for piece in sentence.pieces():
        if not (_REVIEW.search(piece) or _SUIT.search(piece)):
            continue
        first = re.search(r"\d+(?:件|起|宗|例)|复议|诉讼", piece)
        if is_other_period(piece[: first.start()] if first else "", ledger.report.year):
            continue
        done = set()
        for match in _NONE.finditer(piece):
            clause = re.split(r"[,。;]", piece[match.start() :])[0]
            if re.search(r"纠错|纠正|撤销|败诉", clause):
                continue
            for group, pattern in (("复议", _REVIEW), ("诉讼", _SUIT)):
                if pattern.search(clause):
                    done.add(group)
                    yield from _compared(sentence, ledger, group, 0, clause)
        for match in _BOTH_FIRST.finditer(piece):
            done |= {"复议", "诉讼"}
            yield from _together(sentence, ledger, int(match[1]), match.group())
        for match in _OF_ONE.finditer(piece):
            group = _way(match, piece)
            if group not in done and not _OF_THESE.match(piece, match.end()):
                done.add(group)
                yield from _compared(
                    sentence, ledger, group, int(match[2]), match.group(), _may_be_any(match, piece)
                )
        for match in _OF_BOTH.finditer(piece):
            groups = {match[2], match[3]} - {None}
            if groups & done:
                continue
            done |= groups
            if len(groups) == 2:
                yield from _together(sentence, ledger, int(match[1]), match.group())
            else:
                yield from _compared(sentence, ledger, match[2], int(match[1]), match.group())


def _way(match: re.Match[str], piece: str) -> str:
    """复议 or 诉讼, the latter with the way there when the words beside it tell."""
    near = re.split(r"[,;、]", piece[: match.start()])[-1] + re.split(r"[,;、]", piece[match.end() :])[0]
    if match[1] == "诉讼":
        return next((way for way in _WAYS if way in near), "诉讼")
    return match[1]


def _may_be_any(match: re.Match[str], piece: str) -> bool:
    """An office that hears cases tells of all of them, not only of those about disclosure."""
    before = piece[: match.end()]
    return "公开" not in before and bool(_HEARING.search(re.split(r"[,;]", before)[-1]))


def _compared(
    sentence: Sentence, ledger: Ledger, group: str, count: int, words: str, any_matter: bool = False
) -> Iterator[Finding]:
    paths, table = _remedies(ledger, group)
    if table is not None:
        yield told(
            ledger,
            "N-LIT",
            sentence,
            f"文中“{words}”，表四{_GROUPS[group][0]}合计{table}件。",
            count == table,
            paths=paths,
            expected=table,
            found=count,
            doubt=any_matter or is_partial(sentence.text.partition(words)[0], ledger.report),
        )


def _together(sentence: Sentence, ledger: Ledger, count: int, words: str) -> Iterator[Finding]:
    """Reviews and suits told in one number: both must have happened, and the number be theirs together or each."""
    review_paths, reviews = _remedies(ledger, "复议")
    suit_paths, suits = _remedies(ledger, "诉讼")
    if reviews is None or suits is None:
        return
    right = (
        reviews > 0 and suits > 0 and count in (reviews + suits, reviews) if count else reviews == suits == 0
    )
    yield told(
        ledger,
        "N-LIT",
        sentence,
        f"文中“{words}”，表四行政复议{reviews}件、行政诉讼{suits}件。",
        right,
        paths=(*review_paths, *suit_paths),
        expected=reviews + suits,
        found=count,
    )


def _remedies(ledger: Ledger, group: str) -> tuple[tuple[str, ...], Number | None]:
    """The cells of reviews or suits and their number: the totals, or the results where they add up to more."""
    groups = _GROUPS[group][1]
    columns = [column.key for column in ledger.form.remedy_columns]
    paths = tuple(f"table4.{key}.{column}" for key in groups for column in columns)
    totals = ledger.number(*(path for path in paths if path.endswith(".total")))
    results = ledger.number(*(path for path in paths if not path.endswith(".total")))
    if totals is None or results is None:
        return paths, None
    return paths, max(totals, results)


def _corrected(sentence: Sentence, ledger: Ledger) -> Iterator[Finding]:
    for piece in sentence.pieces():
        match = _NEVER.search(piece)
        if (
            not match
            or not (_REVIEW.search(piece) or _SUIT.search(piece))
            or _PLAN.search(piece[: match.end()])
        ):
            continue
        paths = tuple(f"table4.{group.key}.corrected" for group in ledger.form.remedy_groups)
        corrected = ledger.number(*paths)
        if corrected is not None:
            yield told(
                ledger,
                "N-COR",
                sentence,
                f"文中说没有被纠错的情形，表四结果纠正合计{corrected}件。",
                corrected == 0,
                paths=paths,
                expected=corrected,
                found=0,
            )


def _procurement(sentence: Sentence, ledger: Ledger) -> Iterator[Finding]:
    table = ledger.number(_PROCUREMENT_CELL)
    if table is None or "政府采购" not in sentence.text:
        return
    for match in _PROCUREMENT.finditer(sentence.text):
        amount = Decimal(match[1]) * (10000 if match[2] == "亿元" else 1)
        yield told(
            ledger,
            "N-PROC",
            sentence,
            f"文中采购金额{match[1]}{match[2]}，表二采购总金额{table}万元；口径不同的应当说明。",
            amount == table,
            paths=(_PROCUREMENT_CELL,),
            expected=table,
            found=amount,
            doubt=True,
        )
