"""Sentences of reports, paraphrased, corrected or made wrong, with the verdict a careful reader would give.

Written before the rules. Each stands in part 一 (or the part named) of a published report in place of its own text, so
that the tables are those of that report. ``None``: the rule has nothing to say.
"""

from __future__ import annotations

from typing import NamedTuple

FAULT, DOUBT, HOLDS = "publisher_fault", "doubt", "holds"


class Sentence(NamedTuple):
    report: str
    text: str
    rule: str
    verdict: str | None
    part: str = "s1"


# The tables. PDS19: 702 new, 11 carried in, 364/2/115/44/17/170, 712 in all, 1 carried out; 58 reviews, 63 + 14 suits,
# 9 corrected; 86 documents made, 90 disclosed, 169 in all, 2 rules. XG20: 13 new, 13 done, 1 review, no suit. LYO22: 95 new,
# 8 carried in, 92 done, 11 carried out, 12/10/5/47/3/15; 3 reviews, 2 + 13 suits, none corrected; 120 documents in force,
# no rules, 0.13万元, 11 unpaid. LY19: 915 new, 87 corrected. HZ23: 21 new, 21 done, 5 documents in force.
SENTENCES = [
    # received
    Sentence("LY19", "2019年，全市各级行政机关共收到政府信息公开申请915件。", "N-NEW", HOLDS),
    Sentence("LY19", "2019年，全市各级行政机关共收到政府信息公开申请951件。", "N-NEW", FAULT),
    Sentence("LY19", "全年新收各类政府信息公开申请共计９１５件，均登记在册。", "N-NEW", HOLDS),
    Sentence("LY19", "本年度受理依申请公开915宗。", "N-NEW", HOLDS),
    Sentence("LY19", "全市共收到916件政府信息公开申请，同比有所下降。", "N-NEW", FAULT),
    Sentence("LY19", "2018年，全市共收到政府信息公开申请1412件。", "N-NEW", None),
    Sentence("LY19", "市政府办公室全年收到政府信息公开申请120件。", "N-NEW", DOUBT),
    Sentence("LY19", "市长电子信箱共收到网民来信5111件。", "N-NEW", None),
    Sentence("LYO22", "全年收到政府信息公开申请95件，其中通过网络提出的60件。", "N-NEW", HOLDS),
    Sentence("XG20", "2020年我区未收到政府信息公开申请。", "N-NEW", FAULT),
    # parts of a total
    Sentence(
        "LY19", "全市共收到政府信息公开申请915件，其中市政府及部门257件，区县及以下658件。", "N-SPLIT", HOLDS
    ),
    Sentence(
        "LY19", "全市共收到政府信息公开申请915件，其中市政府及部门257件，区县及以下685件。", "N-SPLIT", FAULT
    ),
    Sentence(
        "LY19", "全年主动公开信息38.6万余条，其中市本级10.5万余条，区县及以下28.1万余条。", "N-SUM", HOLDS
    ),
    Sentence(
        "LY19",
        "发布交易信息12195条，其中政府采购项目6317条，建设工程5414条，产权交易117条，土地出让347条。",
        "N-SUM",
        HOLDS,
    ),
    Sentence("PDS19", "全市现有政务新媒体126个，其中微信103个，微博17个，客户端16个。", "N-SUM", FAULT),
    Sentence("PDS19", "主动公开各类信息1038条，其中重点领域信息250条。", "N-SUM", None),
    Sentence("LY19", "清理政务新媒体583个，关停注销284个，保留299个。", "N-SUM", HOLDS),
    Sentence("LY19", "清理政务新媒体583个，关停注销284个，保留309个。", "N-SUM", FAULT),
    # done
    Sentence("PDS19", "全年受理政府信息公开申请702件，办结701件。", "N-DONE", HOLDS),
    Sentence("PDS19", "全年受理政府信息公开申请702件，办结712件（含上年结转）。", "N-DONE", HOLDS),
    Sentence("PDS19", "全年受理政府信息公开申请702件，办结650件。", "N-DONE", FAULT),
    Sentence("LYO22", "共受理政府信息公开申请95件，已办结84件。", "N-DONE", HOLDS),
    Sentence("LYO22", "共受理政府信息公开申请95件，已办结85件。", "N-DONE", DOUBT),
    Sentence("XG20", "受理依申请公开政府信息13件，均已按时答复。", "N-DONE", HOLDS),
    Sentence("LYO22", "收到申请公开政府信息的申请95件，已全部办结。", "N-DONE", DOUBT),
    # outcomes
    Sentence("PDS19", "收到申请702件，其中予以公开364件、部分公开2件、不予公开115件。", "N-OUT", HOLDS),
    Sentence("PDS19", "收到申请702件，其中予以公开346件、部分公开2件、不予公开115件。", "N-OUT", FAULT),
    Sentence(
        "LYO22",
        "申请办理结果为：予以公开12件，部分公开10件，无法提供47件，不予处理3件，其他处理15件。",
        "N-OUT",
        HOLDS,
    ),
    Sentence("LYO22", "在政府信息公开申请的答复中，不予公开8件。", "N-OUT", FAULT),
    # carried over
    Sentence("PDS19", "受理政府信息公开申请702件，结转下年度继续办理的1件。", "N-CARRY", HOLDS),
    Sentence("PDS19", "受理政府信息公开申请702件，结转上年度继续办理1件。", "N-CARRY", FAULT),
    Sentence("PDS19", "受理政府信息公开申请702件，上年结转11件。", "N-CARRY", HOLDS),
    Sentence("PDS19", "受理政府信息公开申请702件，结转至2020年办理1件。", "N-CARRY", HOLDS),
    Sentence("LYO22", "受理政府信息公开申请95件，结转下年度7件。", "N-CARRY", FAULT),
    # rates
    Sentence("PDS19", "收到网民留言912件，办结901件，办结率98.8%。", "N-RATE", HOLDS),
    Sentence("PDS19", "收到网民留言912件，办结901件，办结率99.8%。", "N-RATE", FAULT),
    Sentence("LY19", "收到来信5111件，回复5109件，回复率达99.96%。", "N-RATE", HOLDS),
    Sentence("LY19", "全年抽查网站312个，合格率达到98%。", "N-RATE", None),
    # documents
    Sentence("LYO22", "平台收录现行有效行政规范性文件120件。", "N-DOC", HOLDS),
    Sentence("LYO22", "平台收录现行有效规章48部。", "N-DOC", FAULT),
    Sentence("PDS19", "全年共制定规范性文件86件。", "N-DOC", HOLDS),
    Sentence("PDS19", "全年解读规范性文件35件。", "N-DOC", None),
    Sentence("HZ23", "全年制发规范性文件3件，均已公开。", "N-DOC", FAULT),
    # fees
    Sentence("LYO22", "全年收取政府信息公开信息处理费1300元。", "N-FEE", HOLDS, "s6"),
    Sentence("LYO22", "全年收取政府信息公开信息处理费13000元。", "N-FEE", FAULT, "s6"),
    Sentence("LYO22", "共发出收费通知12份，1名申请人缴纳了费用。", "N-FEE", HOLDS, "s6"),
    Sentence("LYO22", "共发出收费通知10份，1名申请人缴纳了费用。", "N-FEE", DOUBT, "s6"),
    # reviews and suits
    Sentence("XG20", "全年因政府信息公开发生行政复议1件，未发生行政诉讼。", "N-LIT", HOLDS),
    Sentence("XG20", "发生1起涉及政府信息公开的行政复议和行政诉讼。", "N-LIT", FAULT),
    Sentence("XG20", "全年未发生因政府信息公开引起的行政复议和行政诉讼。", "N-LIT", FAULT),
    Sentence("HZ23", "没有发生针对政府信息公开的行政诉讼。", "N-LIT", FAULT),
    Sentence("PDS19", "全年政府信息公开行政复议58件、行政诉讼77件。", "N-LIT", HOLDS),
    Sentence("PDS19", "杜绝因工作不到位引发的行政复议或行政诉讼。", "N-LIT", None, "s5"),
    Sentence("LYO22", "答复工作更加规范，行政复议和行政诉讼中没有被纠错的情形。", "N-COR", HOLDS),
    Sentence("PDS19", "加强沟通协调，避免了行政复议和诉讼中被纠错。", "N-COR", FAULT),
    Sentence("PDS19", "下一步将加强沟通，力争行政复议和诉讼不被纠错。", "N-COR", None, "s5"),
    # added later, from looking for what the rules might miss
    Sentence("LY19", "市长信箱收到群众来信5111封，已办结5109封，办结率为98%。", "N-RATE", FAULT),
    Sentence("LY19", "行政复议、行政诉讼案件未出现被纠错情况。", "N-COR", FAULT),
    Sentence("LY19", "全年印发政府公报12期，每期印发3000册，共计3.8万册。", "N-SUM", FAULT),
    Sentence(
        "PDS19", "全市受理政府信息公开申请702件，结转下一年度继续办理1件，办结701件。", "N-CARRY", HOLDS
    ),
    Sentence("PDS19", "依申请公开方面，予以公开365件。", "N-OUT", FAULT),
    Sentence("PDS19", "因政府信息公开引发的行政复议58件，行政诉讼63件。", "N-LIT", FAULT),
    Sentence("PDS19", "共有政务新媒体126个，包括微信103个、微博17个、客户端6个。", "N-SUM", HOLDS),
    Sentence("XG20", "2020年没有因政府信息公开被提起行政诉讼的情况。", "N-LIT", HOLDS),
    Sentence("XG20", "发生行政复议1起，行政诉讼1起。", "N-LIT", FAULT),
    Sentence(
        "XG20",
        "全区通过政府门户网站、微信公众号发布各类公开信息4799余条。微信公众号公开信息3300余条，其他方式公开信息461余条。"
        "通过政府门户网站主动公开各类信息1038条。",
        "N-SUM",
        HOLDS,
    ),
    Sentence("LYO22", "目前平台收录现行有效规章0部、现行有效行政规范性文件120件。", "N-DOC", HOLDS),
    Sentence("MJ20", "全县共收到政府信息公开申请64件，其中县政府办处理16件。", "N-NEW", HOLDS),
    Sentence("MJ20", "申请人王强就征地补偿提出了信息公开申请。", "S124", FAULT),
    Sentence("MJ20", "申请人应当就补正事项说明情况，公民、法人提出申请均依法答复。", "S124", None),
    Sentence("HZ23", "全年无政府信息公开行政复议、行政诉讼。", "N-LIT", FAULT),
    # added later, from looking for what the rules might blame wrongly
    Sentence("PDS19", "网上受理政府信息公开申请690件，当面受理12件。", "N-NEW", DOUBT),
    Sentence("PDS19", "全年通过网络、信函等方式共收到政府信息公开申请702件。", "N-NEW", HOLDS),
    Sentence("PDS19", "累计受理政府信息公开申请5000余件。", "N-NEW", DOUBT),
    Sentence("PDS19", "全年累计受理政府信息公开申请720件。", "N-NEW", FAULT),
    Sentence("PDS19", "近三年共受理政府信息公开申请2100件。", "N-NEW", None),
    Sentence("PDS19", "全市行政机关共办理政府信息公开申请713件（含上年结转11件）。", "N-CARRY", HOLDS),
    Sentence("PDS19", "清理历年规范性文件，保留现行有效规范性文件210件。", "N-DOC", DOUBT),
    Sentence("PDS19", "全年在政府网站发布规范性文件35件。", "N-DOC", DOUBT),
    Sentence("PDS19", "全年共公开规范性文件90件。", "N-DOC", HOLDS),
    Sentence("LYO22", "2022年制发行政规范性文件28件，废止118件。", "N-DOC", HOLDS),
    Sentence("LYO22", "2022年制发行政规范性文件118件。", "N-DOC", FAULT),
    Sentence("LYO22", "政府网站政策文件库收录行政规范性文件95件。", "N-DOC", DOUBT),
    Sentence("PDS19", "发生涉及政府信息公开的行政诉讼案件63起（未经复议直接起诉）。", "N-LIT", HOLDS),
    Sentence("PDS19", "涉及政府信息公开的行政诉讼案件中，复议后起诉的行政诉讼41件。", "N-LIT", FAULT),
    Sentence("PDS19", "全市共审理行政复议案件320件，其中涉及政府信息公开58件。", "N-LIT", None),
    Sentence("PDS19", "全年共办理行政复议案件320件、行政应诉案件150件。", "N-LIT", DOUBT),
    Sentence("PDS19", "全年办理政府信息公开行政复议案件85件。", "N-LIT", FAULT),
    Sentence("LYO22", "全年收到政府信息公开申请95件，其中网络申请60件，信函申请35件。", "N-SPLIT", HOLDS),
    Sentence("PDS19", "收到网民留言912条，已回复911条，回复率99.9%。", "N-RATE", HOLDS),
    Sentence("PDS19", "举办政府信息公开培训班12期，培训702人次。", "N-NEW", None),
]
