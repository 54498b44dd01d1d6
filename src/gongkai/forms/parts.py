"""What both statutory forms share: the columns and most lines of table 3, table 4, the six headings."""

from __future__ import annotations

from .shape import Column, Line, RemedyGroup, RowKind, Section, Subheading

ORGANISATIONS = "法人或其他组织"

APPLICANTS = (
    Column("natural_person", "自然人"),
    Column("commercial_enterprise", "商业企业", group=ORGANISATIONS),
    Column("research_institution", "科研机构", group=ORGANISATIONS),
    Column("public_welfare_org", "社会公益组织", group=ORGANISATIONS),
    Column("legal_service_org", "法律服务机构", group=ORGANISATIONS),
    Column("other_org", "其他", group=ORGANISATIONS),
    Column("total", "总计"),
)

# Captions printed on the tables beside the labels of rows and columns.
CONTENT_CAPTION = "信息内容"
APPLICANT_CAPTION = "申请人情况"
CORNER_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"

_IN = ("outcomes",)
_DENIED = ("outcomes", "denied")
_UNABLE = ("outcomes", "unable")
_REJECTED = ("outcomes", "rejected")

LINES_BEFORE_OTHER = (
    Line("new_received", "一、", "本年新收政府信息公开申请数量"),
    Line("carried_in", "二、", "上年结转政府信息公开申请数量"),
    Line("outcomes", "三、", "本年度办理结果", kind=RowKind.GROUP),
    Line("granted", "（一）", "予以公开", _IN),
    Line("partially_granted", "（二）", "部分公开（区分处理的，只计这一情形，不计其他情形）", _IN),
    Line("denied", "（三）", "不予公开", _IN, RowKind.GROUP),
    Line("denied_state_secret", "1.", "属于国家秘密", _DENIED),
    Line("denied_law_prohibited", "2.", "其他法律行政法规禁止公开", _DENIED),
    Line("denied_security_stability", "3.", "危及“三安全一稳定”", _DENIED),
    Line("denied_third_party", "4.", "保护第三方合法权益", _DENIED),
    Line("denied_internal_affairs", "5.", "属于三类内部事务信息", _DENIED),
    Line("denied_process_info", "6.", "属于四类过程性信息", _DENIED),
    Line("denied_enforcement_file", "7.", "属于行政执法案卷", _DENIED),
    Line("denied_admin_query", "8.", "属于行政查询事项", _DENIED),
    Line("unable", "（四）", "无法提供", _IN, RowKind.GROUP),
    Line("unable_not_held", "1.", "本机关不掌握相关政府信息", _UNABLE),
    Line("unable_needs_creation", "2.", "没有现成信息需要另行制作", _UNABLE),
    Line("unable_unclear_after_correction", "3.", "补正后申请内容仍不明确", _UNABLE),
    Line("rejected", "（五）", "不予处理", _IN, RowKind.GROUP),
    Line("rejected_petition", "1.", "信访举报投诉类申请", _REJECTED),
    Line("rejected_duplicate", "2.", "重复申请", _REJECTED),
    Line("rejected_publication", "3.", "要求提供公开出版物", _REJECTED),
    Line("rejected_excessive", "4.", "无正当理由大量反复申请", _REJECTED),
    Line("rejected_reissue", "5.", "要求行政机关确认或重新出具已获取信息", _REJECTED),
)

LINES_AFTER_OTHER = (
    Line("outcome_total", "（七）", "总计", _IN, RowKind.SUM),
    Line("carried_out", "四、", "结转下年度继续办理"),
)

REMEDY_GROUPS = (
    RemedyGroup("review", "行政复议"),
    RemedyGroup("litigation_direct", "行政诉讼", "未经复议直接起诉"),
    RemedyGroup("litigation_after_review", "行政诉讼", "复议后起诉"),
)

REMEDY_COLUMNS = (
    Column("upheld", "结果维持"),
    Column("corrected", "结果纠正"),
    Column("other", "其他结果"),
    Column("pending", "尚未审结"),
    Column("total", "总计"),
)


def sections(overview: tuple[Subheading, ...]) -> tuple[Section, ...]:
    """The six parts, in order (条例 art. 50); ``overview`` are the sub-headings of 一、总体情况."""
    return (
        Section("s1", "一、总体情况", subheadings=overview),
        Section("s2", "二、主动公开政府信息情况", table="table2"),
        Section("s3", "三、收到和处理政府信息公开申请情况", table="table3"),
        Section("s4", "四、政府信息公开行政复议、行政诉讼情况", table="table4"),
        Section(
            "s5",
            "五、存在的主要问题及改进情况",
            subheadings=(Subheading("problems", "存在的主要问题"), Subheading("improvements", "改进情况")),
        ),
        Section("s6", "六、其他需要报告的事项"),
    )
