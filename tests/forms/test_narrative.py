"""The sentences that follow from data."""

from __future__ import annotations

import pytest

from gongkai.forms.layout import FORMS, form_for
from gongkai.forms.narrative import (
    EMPTY,
    contact_block,
    fee_sentence,
    part_text,
    parts_sentence,
    period_sentence,
    preamble,
    report_title,
)


def test_the_title() -> None:
    assert report_title("洛阳市人民政府", 2019) == "洛阳市人民政府2019年政府信息公开工作年度报告"


@pytest.mark.seed("S262")
@pytest.mark.parametrize("organ", ["洛阳市人民政府", "平顶山市人民政府"])
def test_the_period_is_the_calendar_year(organ: str) -> None:
    assert "统计期限为2019年1月1日至2019年12月31日。" in preamble(organ, 2019, form_for(2019))
    assert period_sentence(2024) == "本报告中所列数据的统计期限为2024年1月1日至2024年12月31日。"


@pytest.mark.seed("S263")
def test_the_basis_is_the_regulation_and_the_notice_of_the_form() -> None:
    text = preamble("平顶山市人民政府", 2019, form_for(2019), consolidated=True)
    assert text.startswith("本报告依据《中华人民共和国政府信息公开条例》（国务院令第711号）")
    assert "政府信息公开工作年度报告有关事项的通知》（国办公开办函〔2019〕60号）" in text
    later = preamble("洛阳市人民政府办公室", 2022, form_for(2022))
    assert "《中华人民共和国政府信息公开条例》" in later
    assert "（国办公开办函〔2021〕30号）" in later
    assert "60号" not in later


def test_the_preamble_names_author_parts_and_contact() -> None:
    contact = contact_block("市府大楼", "467099", ["0375-2662809"])
    text = preamble(
        "洛阳市人民政府",
        2019,
        form_for(2019),
        compiled_by="洛阳市人民政府办公室",
        consolidated=True,
        contact=contact,
    )
    assert "由洛阳市人民政府办公室汇总洛阳市人民政府" in text
    assert text.endswith(contact)
    own = preamble("洛阳市人民政府办公室", 2022, form_for(2022))
    assert "由洛阳市人民政府办公室编制。" in own
    assert "汇总" not in own


def test_the_six_parts_are_named_in_order() -> None:
    for form in FORMS.values():
        assert parts_sentence(form) == (
            "报告全文由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、"
            "政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六部分组成。"
        )


def test_the_contact_block_of_pingdingshan() -> None:
    text = contact_block(
        "市委市府办公大楼1638房间", "467099", ["0375-2662809", "2662330"], office="平顶山市政府政务公开办公室"
    )
    assert text == (
        "如有疑问或意见建议，请与平顶山市政府政务公开办公室联系"
        "（地址：市委市府办公大楼1638房间，邮编：467099，电话：0375-2662809，2662330）。"
    )


def test_what_is_not_known_of_the_contact_is_left_out() -> None:
    assert contact_block("", "", ["0379-1"]) == "如有疑问或意见建议，请与本机关联系（电话：0379-1）。"
    assert contact_block("", "", []) == ""


@pytest.mark.seed("S265")
@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_part_says_so(text: str) -> None:
    assert part_text(text) == "无" == EMPTY


def test_a_part_with_text_is_printed() -> None:
    assert part_text(" 另有一事。\n") == "另有一事。"


class TestFees:
    def test_before_the_fee_rules_there_was_no_standard(self) -> None:
        assert (
            fee_sentence(0, 0, 0, 0, 2019) == "2019年尚未出台政府信息公开申请的相关收费标准，不存在收费情况。"
        )
        assert fee_sentence(None, None, None, None, 2020).startswith("2020年尚未出台")

    def test_zero_is_reported_explicitly(self) -> None:
        text = fee_sentence(0, 0, 0, 0, 2023)
        assert "没有" in text
        assert text.endswith("收取信息处理费0元。")

    def test_notices_payers_items_and_money_have_their_own_units(self) -> None:
        """LYO22: 10 notices, one payer, 23 items, 1300 yuan."""
        text = fee_sentence(
            10, 1, 23, 1300, 2022, notified_yuan=14300, paid_into="洛阳市财政局非税收入财政专户"
        )
        assert text == (
            "按照《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）规定，2022年向政府信息公开申请人共发送"
            "收费通知10份，通知收费总金额14300元。1名申请人按通知要求缴费，其申请合理拆分后共计23件，"
            "实际收取信息处理费1300元，缴入洛阳市财政局非税收入财政专户。"
        )

    def test_notices_that_nobody_paid(self) -> None:
        assert fee_sentence(2, 0, None, 0, 2022).endswith("没有申请人缴费，实际收取信息处理费0元。")

    @pytest.mark.parametrize("known", [(None, 1, 1300), (10, None, 1300), (10, 1, None)])
    def test_unknown_is_not_zero(self, known: tuple[int | None, int | None, int | None]) -> None:
        notices, payers, amount = known
        text = fee_sentence(notices, payers, 23, amount, 2022)
        assert "暂不能统计" in text
        assert "0元" not in text
