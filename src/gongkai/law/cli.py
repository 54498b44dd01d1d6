"""``gongkai law due`` and ``gongkai law fee``: the law's answers on the command line, without a database.

The caller brings the clock; bad input ends with status 2 and one Chinese sentence on standard error.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any, NoReturn

from .document_guards import extension_problem
from .fees import Fee, explain_items, explain_pages
from .regulations import rules_on
from .terms import Consultation, Correction, Extension, FeeNotice, Line, Term, TermFacts, compute
from .wording import zh_date
from .workdays import Calendar

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,9}")


class BadInput(ValueError):
    """What the person typed cannot be used; the text is the one sentence shown."""


class CourteousParser(argparse.ArgumentParser):
    """An argument parser that answers a mistake with one Chinese sentence and status 2."""

    def __init__(self, *, add_help: bool = True, **options: Any) -> None:
        super().__init__(add_help=False, **{"allow_abbrev": False, **options})
        self._positionals.title = "命令"
        self._optionals.title = "选项"
        if add_help:
            self.add_argument("-h", "--help", action="help", help="显示本说明后退出")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "用法：", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(_one_sentence(_in_chinese(message)) + "\n")
        raise SystemExit(2)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the parser of ``gongkai law`` its two commands."""
    commands = parser.add_subparsers(
        title="命令", dest="law_command", metavar="命令", required=True, parser_class=CourteousParser
    )
    _add_due(
        commands.add_parser("due", help="推算答复期限", description="推算一件申请的答复期限并说明依据。")
    )
    _add_fee(commands.add_parser("fee", help="计算信息处理费", description="计算信息处理费并列出计算过程。"))


def run(args: argparse.Namespace) -> int:
    """Carry out a parsed command; returns the exit status.

    ``args.clock`` is a function that gives today's date, asked only where ``--today`` is not given.
    """
    try:
        text = _due(args) if args.law_command == "due" else _fee(args)
    except (ValueError, LookupError) as problem:
        sys.stderr.write(_one_sentence(str(problem)) + "\n")
        return 2
    print(text)
    return 0


def main(arguments: Sequence[str], today: date) -> int:
    """The commands on their own, as ``python -m gongkai.law`` runs them."""
    parser = CourteousParser(prog="gongkai law", description="推算答复期限和信息处理费。")
    add_arguments(parser)
    return run(parser.parse_args(arguments, argparse.Namespace(clock=lambda: today)))


# what is asked


def _add_due(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--received", type=_date, required=True, metavar="日期", help="收到申请之日，如 2026-03-02")
    add(
        "--consult",
        type=_interval,
        action="append",
        default=[],
        metavar="起:止",
        help="征求第三方意见的起止日期，可以重复；只写“起:”表示尚未结束",
    )
    add(
        "--consult-organ",
        type=_interval,
        action="append",
        default=[],
        metavar="起:止",
        help="征求其他机关意见的起止日期，写法同上",
    )
    add(
        "--extend",
        type=_number("延期的工作日数"),
        metavar="天数",
        help="批准延期的工作日数，计入最后一次期限",
    )
    add("--correction-asked", type=_date, metavar="日期", help="告知补正之日")
    add("--corrected", type=_date, metavar="日期", help="收到补正后的申请之日")
    add("--paid", type=_date, metavar="日期", help="完成缴费之日")
    add("--today", type=_date, metavar="日期", help="以哪一天为今天，默认为当天")
    add("--json", action="store_true", help="以 JSON 输出")


def _add_fee(parser: argparse.ArgumentParser) -> None:
    units = parser.add_mutually_exclusive_group(required=True)
    units.add_argument("--items", type=_number("件数"), metavar="件数", help="同一申请人一个自然月内的件数")
    units.add_argument("--pages", type=_number("页数"), metavar="页数", help="一件申请的页数")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")


def _date(text: str) -> date:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期“{_shown(text)}”无效，请写成 2026-03-02 的形式。") from None


def _interval(text: str) -> tuple[date, date | None]:
    start_text, colon, end_text = text.partition(":")
    if not colon:
        message = f"起止日期“{_shown(text)}”无效，请写成 2026-03-09:2026-03-20，尚未结束的写成 2026-03-09:。"
        raise argparse.ArgumentTypeError(message)
    start, end = _date(start_text), _date(end_text) if end_text else None
    if end is not None and end < start:
        message = f"起止日期“{_shown(text)}”无效，结束日期不能早于开始日期。"
        raise argparse.ArgumentTypeError(message)
    return start, end


def _number(name: str) -> Any:
    def convert(text: str) -> int:
        if not _NUMBER.fullmatch(text):
            raise argparse.ArgumentTypeError(f"{name}“{_shown(text)}”无效，请写成不超过9位的整数。")
        number = int(text)
        if number < 0:
            raise argparse.ArgumentTypeError(f"{name}不能为负数。")
        return number

    return convert


# what is answered


def _due(args: argparse.Namespace) -> str:
    term = compute(_facts(args), Calendar.shipped(), args.today or args.clock())
    if term.missing_year is not None:
        raise BadInput(f"{term.missing_year}年的工作日历尚未导入，无法推算期限。")
    if args.json:
        return _as_json(
            {
                "due": term.due.isoformat() if term.due else None,
                "at_least": term.at_least,
                "days_used": term.days_used,
                "days_left": term.days_left,
                "explanation": [line.as_dict() for line in term.explanation],
                "violations": [line.as_dict() for line in term.violations],
                "calendar": term.calendar,
            }
        )
    return _term_text(term)


def _facts(args: argparse.Namespace) -> TermFacts:
    received: date = args.received
    for day, what in (
        (args.correction_asked, "告知补正的日期"),
        (args.corrected, "收到补正的日期"),
        (args.paid, "缴费日期"),
    ):
        if day is not None and day < received:
            raise BadInput(f"{what}不能早于收到申请的日期{zh_date(received)}。")
    if args.extend and (problem := extension_problem(args.extend, rules_on(received).max_extension)):
        raise BadInput(problem)
    consultations = [Consultation(start, end, "third_party") for start, end in args.consult]
    consultations += [Consultation(start, end, "organ") for start, end in args.consult_organ]
    asked_or_given = args.correction_asked or args.corrected
    return TermFacts(
        received=received,
        corrections=(Correction(args.correction_asked, args.corrected),) if asked_or_given else (),
        consultations=tuple(consultations),
        extensions=(Extension(args.extend),) if args.extend else (),
        fee_notices=(FeeNotice(paid=args.paid),) if args.paid else (),
    )


def _term_text(term: Term) -> str:
    due = zh_date(term.due) if term.due else "未定"
    parts = [f"答复期限：{'至少至' if term.at_least else ''}{due}", _count_text(term)]
    parts += ["", "说明："] + [_numbered(i, line) for i, line in enumerate(term.explanation, 1)]
    if term.violations:
        parts += ["", "不符合规定之处："] + [_numbered(i, line) for i, line in enumerate(term.violations, 1)]
    sources = (term.calendar or {}).get("years", {})
    parts += ["", "工作日历：" + "；".join(f"{year}年，{source}" for year, source in sources.items())]
    return "\n".join(parts)


def _count_text(term: Term) -> str:
    left = term.days_left or 0
    ahead = f"还有{left}个工作日" if left >= 0 else f"已超期{-left}个工作日"
    return f"已用{term.days_used}个工作日，{ahead}。"


def _numbered(number: int, line: Line) -> str:
    return f"{number}. {line.text}（{line.article}）"


def _fee(args: argparse.Namespace) -> str:
    fee: Fee = explain_items(args.items) if args.items is not None else explain_pages(args.pages)
    if args.json:
        return _as_json({"amount_yuan": fee.amount_yuan, "lines": [line.as_dict() for line in fee.lines]})
    lines = [f"{number}. {line.text}（{line.article}）" for number, line in enumerate(fee.lines, 1)]
    return "\n".join([f"信息处理费：{fee.amount_yuan}元", "", "计算过程：", *lines])


def _as_json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


# mistakes in words


def _in_chinese(message: str) -> str:
    """Argparse's own complaint as a Chinese sentence; our own texts pass through."""
    option, _, detail = message.removeprefix("argument ").partition(": ")
    if re.search(r"[\u4e00-\u9fff]", detail) and detail.endswith("。"):
        return detail
    named = re.sub(r"^-\w/", "", option)
    if message.startswith("the following arguments are required: "):
        return f"缺少必需的参数：{detail}。"
    if message.startswith("one of the arguments "):
        return "请在 --items 与 --pages 中选用一个。" if "--items" in message else f"缺少参数：{message}。"
    if message.startswith("unrecognized arguments: "):
        return f"不认识的参数：{_shown(detail)}。"
    if detail.startswith("not allowed with argument "):
        return f"参数 {named} 与 {detail.removeprefix('not allowed with argument ')} 只能选用一个。"
    if detail.startswith("expected "):
        return f"参数 {named} 缺少取值。"
    if detail.startswith("ignored explicit argument"):
        return f"参数 {named} 不带取值。"
    if "invalid choice" in detail:
        choice = re.search(r"invalid choice: (.*) \(choose from", detail)
        return f"没有“{_shown(choice.group(1).strip(chr(39))) if choice else named}”这一命令。"
    return f"参数有误：{_shown(message)}。"


def _shown(text: str) -> str:
    """What was typed, made safe to repeat in one line."""
    clean = "".join(c if c.isprintable() and not "\ud800" <= c <= "\udfff" else "?" for c in text)
    return clean if len(clean) <= 40 else clean[:39] + "…"


def _one_sentence(text: str) -> str:
    return " ".join(text.split())
