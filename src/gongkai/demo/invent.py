"""Invented applicants and contents. Every name says that it is one; numbers are of no real person or firm."""

from __future__ import annotations

from typing import Any

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
SUBJECTS = (
    "城中村改造项目补偿安置方案",
    "征收土地公告及补偿标准",
    "建设项目环境影响评价批复",
    "国有土地上房屋征收决定",
    "建设用地规划许可证及附图",
    "义务教育阶段学区划分依据",
    "保障性住房分配名册（去除个人信息）",
    "道路改造工程立项和验收文件",
    "食品安全监督抽检结果",
    "集体土地征收社会稳定风险评估报告",
    "公交线路调整的论证材料",
    "污水处理厂提标改造投资计划",
)
ENTERPRISES = {
    "commercial_enterprise": "演示商贸有限公司",
    "research_institution": "演示城市研究院",
    "public_welfare_org": "演示环境公益中心",
    "legal_service_org": "演示律师事务所",
    "other_org": "演示业主委员会",
}


def application(kind: str, serial: int) -> dict[str, Any]:
    """The form of one invented application."""
    form = {
        "applicant_name": applicant_name(kind, serial),
        "id_type": "id_card" if kind == "natural_person" else "credit_code",
        "id_number": f"DEMO{serial:014d}",
        "phone": f"000-{serial:08d}",
        "address": f"演示路{serial}号",
        "info_description": f"申请公开{SUBJECTS[serial % len(SUBJECTS)]}（演示申请，内容系编造）。",
        "delivery_form": "electronic",
        "delivery_way": "website",
    }
    if kind != "natural_person":
        form["contact_person"] = applicant_name("natural_person", serial)
    return form


def applicant_name(kind: str, serial: int) -> str:
    """A name nobody bears: a surname and 演示 with a number, or an invented body."""
    if kind == "natural_person":
        return f"{SURNAMES[serial % len(SURNAMES)]}演示{serial}"
    return f"{ENTERPRISES[kind]}{serial}"
