"""The pre-screen of texts: what must be found, what must not, and that numbers are never quoted whole."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.inspection import Kind, Weight, prescreen
from gongkai.inspection.finding import MOST_OF_A_KIND, Finding
from gongkai.inspection.numbers import is_bank_card, is_id_card, luhn

ID = "11010519491231002X"


def kinds(text: str, *words: str) -> set[Kind]:
    return {finding.kind for finding in prescreen(text, words)}


@pytest.mark.parametrize(
    "text",
    [
        "机密★20年",
        "绝密★长期\n关于……",
        "秘　密★10年",
        "机 密 ★ ２０年",
        "秘密★",
        "【机密】",
        "（秘密）",
        "密级：秘密",
        "关于……的报告\n  机密  \n",
        "秘密 5年",
        "秘密★启用前",
    ],
)
def test_markings_of_state_secrets_are_found(text: str) -> None:
    found = [one for one in prescreen(text) if one.kind is Kind.STATE_SECRET]
    assert len(found) == 1
    assert found[0].weight is Weight.BLOCK


@pytest.mark.parametrize(
    "text",
    [
        "严格执行保密审查制度，先审查、后公开。",
        "经审查不涉及国家秘密、工作秘密、商业秘密和个人隐私。",
        "泄露商业秘密的，依法承担责任。",
        "《中华人民共和国保守国家秘密法》",
        "机密性、完整性、可用性",
        "国家秘密分为绝密、机密、秘密三级。",
        "保密行政管理部门",
        "内部控制制度；内部审计；内部管理信息",
        "各内设机构内部分工",
        "★★★ 三星级饭店名单",
        "秘密投票的方式",
        "无记名秘密表决",
        "内部事务信息可以不予公开",
    ],
)
def test_ordinary_uses_of_the_words_are_not(text: str) -> None:
    assert not kinds(text) & {Kind.STATE_SECRET, Kind.WORK_SECRET, Kind.INTERNAL}


@pytest.mark.parametrize("text", ["工作秘密\n关于……", "【工作秘密】", "工作秘密★3年"])
def test_markings_of_work_secrets(text: str) -> None:
    assert kinds(text) == {Kind.WORK_SECRET}


@pytest.mark.parametrize(
    "text", ["内部资料 注意保存", "内 部 文 件", "（内部使用）", "仅供内部参考", "内部材料，不得外传"]
)
def test_markings_of_internal_papers(text: str) -> None:
    assert kinds(text) == {Kind.INTERNAL}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"身份证号：{ID}。", Kind.ID_CARD),
        ("身份证 1101 0519 4912 3100 2X", Kind.ID_CARD),
        ("证件１１０１０５１９４９１２３１００２Ｘ", Kind.ID_CARD),
        ("老身份证110105491231002", Kind.ID_CARD),
        ("电话13812345678", Kind.PHONE),
        ("138-1234-5678", Kind.PHONE),
        ("卡号6222021234567890128", Kind.BANK_CARD),
    ],
)
def test_personal_numbers(text: str, kind: Kind) -> None:
    if kind is Kind.BANK_CARD:
        digits = "622202123456789012"
        text = "卡号" + next(digits + check for check in "0123456789" if luhn(digits + check))
    assert kinds(text) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310020",  # checksum
        "110105194913310023",  # no such month
        "统一社会信用代码 11410300005421234X",
        "电话 0379-63912345",
        "12345678901",
        "索引号 11410300005423456A/2022-00012",
        "金额 1,234,567,890.12 元",
        "20220101-20221231",
        "1111111111111111",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert not kinds(text)


def test_names_in_lists() -> None:
    assert kinds("张三、李四、王小明、赵六") == {Kind.NAMES}
    assert kinds("名单：张三、李四、王小明、赵六") == {Kind.NAMES}
    assert kinds("序号\t姓名\t金额\n1\t张三\t200\n2\t李 四\t200\n3\t王小明\t200\n4\t欧阳明月\t200") == {
        Kind.NAMES
    }


@pytest.mark.parametrize(
    "text",
    [
        "张三、李四到会。",
        "教育局、财政局、高新区、江苏省",
        "张*、李**、王某、赵某某",
        "时间 方法 单位 金额",
        "由张三负责全市安全生产工作。\n由李四负责农业农村工作。",
    ],
)
def test_what_is_no_list_of_names(text: str) -> None:
    assert Kind.NAMES not in kinds(text)


def test_sensitive_words_whatever_width_and_spaces() -> None:
    assert kinds("某某征 地ＡＢ方案", "征地AB") == {Kind.WORD}
    assert kinds("征地", "a", "", " ") == set()


@given(st.text(alphabet="张李0123456789X 年★机密秘密内部\n、", max_size=200))
def test_never_a_whole_number_in_a_quote(text: str) -> None:
    for finding in prescreen(text):
        assert not re.search(r"\d{9,}", finding.quote)


@given(st.integers(0, 10**16), st.text(max_size=20), st.text(max_size=20))
def test_every_right_id_is_found_in_any_company(seed: int, before: str, after: str) -> None:
    body = f"410305{1950 + seed % 60}{1 + seed % 12:02d}{1 + seed % 28:02d}{seed % 1000:03d}"
    number = next(body + check for check in "0123456789X" if is_id_card(body + check))
    text = f"{before}，{number}，{after}"
    assert Kind.ID_CARD in kinds(text)
    assert all(number not in finding.quote for finding in prescreen(text))


@given(st.text(alphabet="0123456789", min_size=15, max_size=18))
def test_luhn_has_one_right_check_digit(digits: str) -> None:
    assert sum(luhn(digits + check) for check in "0123456789") == 1


def test_a_bank_card_begins_as_banks_begin() -> None:
    assert not is_bank_card("0000000000000000")


@given(st.text(max_size=3000))
def test_any_text_is_screened(text: str) -> None:
    for finding in prescreen(text, ["敏感"]):
        assert finding.message
        assert Finding.from_data(finding.to_data()) == finding


def test_a_flood_is_counted_not_listed() -> None:
    found = prescreen("\n".join(["13812345678"] * 500))
    assert len(found) == MOST_OF_A_KIND + 1
    assert "480处" in found[-1].message
