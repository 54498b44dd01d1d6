"""Sentences of the report that follow from data: title, preamble with basis and period, contact, fees, "无".

The wording is that of published reports; figures come from the caller, never from here.
"""

from __future__ import annotations

from collections.abc import Iterable

from .shape import Form
from .values import Number

# Printed where a part has nothing to report.
EMPTY = "无"

REGULATION = "《中华人民共和国政府信息公开条例》（国务院令第711号）"
FEE_RULES = "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"

# The fee rules are in force from 2021-01-01; before that no standard existed to charge by.
FIRST_FEE_YEAR = 2021


def report_title(organ: str, year: int) -> str:
    """The title every report carries."""
    return f"{organ}{year}年政府信息公开工作年度报告"


def basis_sentence(form: Form) -> str:
    """On what the report rests: the Regulation and the notice that prescribes the form."""
    return f"依据{REGULATION}和{form.notice}有关要求"


def period_sentence(year: int) -> str:
    """The statistical period: always the calendar year."""
    return f"本报告中所列数据的统计期限为{year}年1月1日至{year}年12月31日。"


def parts_sentence(form: Form) -> str:
    """The six parts the report consists of, in order."""
    headings = (section.heading.partition("、")[2] for section in form.sections)
    # 顿号 separates the parts here, so inside a heading it gives way.
    return f"报告全文由{'、'.join(heading.replace('、', '和') for heading in headings)}六部分组成。"


def preamble(
    organ: str,
    year: int,
    form: Form,
    *,
    compiled_by: str = "",
    consolidated: bool = False,
    contact: str = "",
) -> str:
    """The paragraph before 一、总体情况: basis, author, parts, period, and the contact sentence if one is given.

    ``compiled_by`` is the office that drew the report up, by default the organ itself; ``consolidated`` says that it
    sums up all units below.
    """
    author = compiled_by or organ
    made = (
        f"由{author}汇总{organ}及所属各单位、各下级政府政府信息公开工作情况编制"
        if consolidated
        else f"由{author}编制"
    )
    return f"本报告{basis_sentence(form)}，{made}。{parts_sentence(form)}{period_sentence(year)}{contact}"


def contact_block(address: str, postcode: str, phones: Iterable[str], *, office: str = "") -> str:
    """Where questions and opinions go; what is not given is left out, and nothing at all gives ""."""
    numbers = "，".join(phone for phone in phones if phone)
    given = [
        f"{name}：{text}" for name, text in (("地址", address), ("邮编", postcode), ("电话", numbers)) if text
    ]
    if not given:
        return ""
    return f"如有疑问或意见建议，请与{office or '本机关'}联系（{'，'.join(given)}）。"


def fee_sentence(
    notices: int | None,
    payers: int | None,
    split_items: int | None,
    amount_yuan: Number | None,
    year: int,
    *,
    notified_yuan: Number | None = None,
    paid_into: str = "",
) -> str:
    """What part 六 says about information processing fees in the year.

    ``notices`` in 份, ``payers`` in 名, ``split_items`` in 件 (what the payers' applications were split into; 0 or
    None: not said), ``amount_yuan`` really collected, ``notified_yuan`` the sum of all notices, ``paid_into`` the
    account. Before 2021 no standard existed. If notices, payers or amount are unknown the sentence says so.
    """
    if year < FIRST_FEE_YEAR and not notices and not amount_yuan:
        return f"{year}年尚未出台政府信息公开申请的相关收费标准，不存在收费情况。"
    if notices is None or payers is None or amount_yuan is None:
        return f"{year}年政府信息公开信息处理费的收费记录不完整，收费情况暂不能统计。"
    if notices == 0 and amount_yuan == 0:
        return f"{year}年，本机关没有依据{FEE_RULES}向申请人发出收费通知，收取信息处理费0元。"
    total = f"，通知收费总金额{notified_yuan}元" if notified_yuan is not None else ""
    sentence = f"按照{FEE_RULES}规定，{year}年向政府信息公开申请人共发送收费通知{notices}份{total}。"
    if payers == 0:
        return f"{sentence}没有申请人缴费，实际收取信息处理费{amount_yuan}元。"
    split = f"其申请合理拆分后共计{split_items}件，" if split_items else ""
    into = f"，缴入{paid_into}" if paid_into else ""
    return f"{sentence}{payers}名申请人按通知要求缴费，{split}实际收取信息处理费{amount_yuan}元{into}。"


def part_text(text: str) -> str:
    """The text of a part, or 无 where there is none."""
    return text.strip() or EMPTY
