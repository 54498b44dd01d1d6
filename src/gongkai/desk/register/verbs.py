"""The audit log's verbs in words. The test of this module walks the rooms' sources, so that a new verb is not forgotten."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.law.procedure import ACTIONS
from gongkai.remedies.models import StepKind

_THINGS = {
    "organ": gettext_lazy("机关"),
    "post": gettext_lazy("任职"),
    "person": gettext_lazy("人员"),
    "delegation": gettext_lazy("委托"),
    "calendaryear": gettext_lazy("工作日历"),
    "tally": gettext_lazy("填报数字"),
    "coverage": gettext_lazy("台账方式"),
    "document": gettext_lazy("文件"),
    "poweritem": gettext_lazy("权力事项"),
    "decision": gettext_lazy("处理决定"),
    "feeincome": gettext_lazy("收费记录"),
    "procurement": gettext_lazy("采购项目"),
    "proceeding": gettext_lazy("复议诉讼案件"),
    "case": gettext_lazy("申请"),
    "submission": gettext_lazy("申请表"),
    "reportversion": gettext_lazy("年报"),
    "readversion": gettext_lazy("读取的年报"),
    "externalorgan": gettext_lazy("外部机关"),
    "intake": gettext_lazy("年报导入"),
    "population": gettext_lazy("人口数"),
    "resultrule": gettext_lazy("结果归类"),
    "requestsettings": gettext_lazy("依申请公开设置"),
    "remedysettings": gettext_lazy("表四计数口径"),
    "reportsettings": gettext_lazy("年报没有内容时的写法"),
    "problem": gettext_lazy("问题"),
    "round": gettext_lazy("报送"),
    "duty": gettext_lazy("单位报送"),
    "sheet": gettext_lazy("统计报表"),
    "roundsettings": gettext_lazy("年报报送期限"),
    "signinattempt": gettext_lazy("登录"),
    "reviewrun": gettext_lazy("审签"),
    "reviewdelegation": gettext_lazy("审签授权"),
    "reviewsettings": gettext_lazy("审签设置"),
    "chaintemplate": gettext_lazy("审签流程"),
    "consultedparty": gettext_lazy("征询意见"),
    "fileinspection": gettext_lazy("文件检查"),
    "withheld": gettext_lazy("未主动公开信息"),
    "leakincident": gettext_lazy("泄密事件"),
}
_VERBS = {
    "review.propose": gettext_lazy("送审"),
    "review.agree": gettext_lazy("签署同意"),
    "review.agree_changed": gettext_lazy("签署修改后同意"),
    "review.disagree": gettext_lazy("签署不同意"),
    "review.return": gettext_lazy("退回"),
    "review.amend": gettext_lazy("按意见修改后送回"),
    "review.resubmit": gettext_lazy("重新送审"),
    "review.withdraw": gettext_lazy("撤回送审"),
    "review.conclude_secrecy": gettext_lazy("作出保密审查结论"),
    "review.consult": gettext_lazy("征询其他机关"),
    "review.reply": gettext_lazy("答复征询"),
    "review.delegate": gettext_lazy("授权他人签署"),
    "review.revoke_delegation": gettext_lazy("撤回授权"),
    "review.inspect_file": gettext_lazy("检查文件"),
    "review.clean_file": gettext_lazy("清理文件"),
    "review.withhold": gettext_lazy("登记未主动公开"),
    "review.reexamine": gettext_lazy("评估未主动公开的信息"),
    "review.set_choices": gettext_lazy("修改审签设置"),
    "chain.save": gettext_lazy("设置审签流程"),
    "leak.report": gettext_lazy("登记泄密事件"),
    "leak.follow_up": gettext_lazy("登记泄密事件的处理"),
    "organ.create": gettext_lazy("新增机关"),
    "organ.edit": gettext_lazy("修改机关资料"),
    "organ.rename": gettext_lazy("更名"),
    "organ.alias": gettext_lazy("登记别称"),
    "organ.succeed": gettext_lazy("承继"),
    "organ.close": gettext_lazy("撤销机关"),
    "person.add": gettext_lazy("新增人员"),
    "person.password": gettext_lazy("修改密码"),
    "person.activate": gettext_lazy("启用账号"),
    "person.deactivate": gettext_lazy("停用账号"),
    "person.sign_in": gettext_lazy("登录"),
    "person.sign_in_failed": gettext_lazy("登录失败"),
    "person.totp": gettext_lazy("验证动态口令"),
    "person.totp_failed": gettext_lazy("动态口令不对"),
    "person.totp_enrol": gettext_lazy("绑定动态口令"),
    "person.totp_drop": gettext_lazy("解除动态口令"),
    "post.appoint": gettext_lazy("任命"),
    "post.end": gettext_lazy("离任"),
    "post.delegate": gettext_lazy("委托他人"),
    "post.revoke": gettext_lazy("撤回委托"),
    "calendar.load": gettext_lazy("载入工作日历"),
    "tally.record": gettext_lazy("填报"),
    "tally.supersede": gettext_lazy("更正填报"),
    "coverage.set": gettext_lazy("登记台账方式"),
    "coverage.close": gettext_lazy("结束台账方式"),
    "document.add": gettext_lazy("登记文件"),
    "document.correct": gettext_lazy("更正登记"),
    "document.strike": gettext_lazy("划去文件"),
    "document.release": gettext_lazy("登记公开"),
    "document.withdraw": gettext_lazy("撤下"),
    "document.correct_release": gettext_lazy("更正公开记录"),
    "document.void_release": gettext_lazy("撤销公开记录"),
    "document.archive": gettext_lazy("导出归档包"),
    "document.describe": gettext_lazy("填写著录信息"),
    "document.co_organs": gettext_lazy("登记联合发文机关"),
    "document.appointments": gettext_lazy("登记任免事项"),
    "document.number": gettext_lazy("编发文字号"),
    "document.index_no": gettext_lazy("保留原索引号"),
    "document.plan_release": gettext_lazy("安排定时发布"),
    "document.cancel_plan": gettext_lazy("取消定时发布"),
    "document.plan_failed": gettext_lazy("定时发布没有办成"),
    "edition.write": gettext_lazy("修改正文"),
    "edition.attach": gettext_lazy("添加附件"),
    "edition.detach": gettext_lazy("去掉附件"),
    "edition.clean": gettext_lazy("清理附件"),
    "series.open": gettext_lazy("设立发文字号系列"),
    "series.close": gettext_lazy("停用发文字号系列"),
    "series.explain_gap": gettext_lazy("说明缺号"),
    "classification.add": gettext_lazy("增加分类"),
    "classification.end": gettext_lazy("停用分类"),
    "edition.open": gettext_lazy("新建一版"),
    "edition.edit": gettext_lazy("修改版本"),
    "edition.close": gettext_lazy("定稿"),
    "validity.change": gettext_lazy("登记效力变化"),
    "validity.correct": gettext_lazy("更正效力记录"),
    "validity.void": gettext_lazy("撤销效力记录"),
    "proceeding.link": gettext_lazy("关联申请或复议"),
    "result_rule.set_column": gettext_lazy("改计入的栏"),
    "remedies.set_count_basis": gettext_lazy("设置表四计数口径"),
    "requests.set_choices": gettext_lazy("修改依申请公开设置"),
    "reports.set_silence": gettext_lazy("设置年报没有内容时的写法"),
    "rounds.opened": gettext_lazy("开始报送"),
    "rounds.deadline": gettext_lazy("调整报送期限"),
    "rounds.included": gettext_lazy("列入报送名单"),
    "rounds.reminded": gettext_lazy("催报"),
    "rounds.submitted": gettext_lazy("报送"),
    "rounds.returned": gettext_lazy("退回报送"),
    "rounds.accepted": gettext_lazy("接收"),
    "rounds.closed": gettext_lazy("结束报送"),
    "rounds.reopened": gettext_lazy("重新开放报送"),
    "rounds.cancelled": gettext_lazy("撤销报送"),
    "rounds.set_local": gettext_lazy("设置年报报送期限"),
    "sheets.define": gettext_lazy("新建统计报表"),
    "sheets.end": gettext_lazy("停用统计报表"),
    "problem.add": gettext_lazy("登记问题"),
    "problem.measure": gettext_lazy("拟定措施"),
    "problem.progress": gettext_lazy("记录整改进展"),
    "problem.result": gettext_lazy("记录整改结果"),
    "problem.carried": gettext_lazy("结转下年"),
    "problem.closed": gettext_lazy("整改完成"),
    "problem.struck": gettext_lazy("划去问题"),
    "problem.correct": gettext_lazy("更正整改记录"),
    "problem.withdraw": gettext_lazy("撤回整改记录"),
    "submission.reset_secret": gettext_lazy("重设查询密码"),
    "case.supersede": gettext_lazy("更正"),
    "case.submit": gettext_lazy("收到申请"),
    "case.part": gettext_lazy("由拆分产生"),
    "case.redone": gettext_lazy("由重新办理产生"),
    "case.annul": gettext_lazy("撤销记录"),
    "library.keep": gettext_lazy("读取入库"),
    "library.claim": gettext_lazy("认领"),
    "library.match": gettext_lazy("对应到本平台的机关"),
    "library.unmatch": gettext_lazy("取消对应"),
    "library.reread": gettext_lazy("按原件重新读取"),
    "library.intake": gettext_lazy("导入报告"),
    "library.population": gettext_lazy("登记人口数"),
    "report.open": gettext_lazy("开始编制"),
    "report.recompile": gettext_lazy("重新汇总"),
    "report.edit": gettext_lazy("修改文字"),
    "report.submit": gettext_lazy("送审"),
    "report.return": gettext_lazy("退回"),
    "report.sign": gettext_lazy("签发"),
    "report.print": gettext_lazy("制作存档文件"),
    "report.publish": gettext_lazy("公布"),
    "report.correct": gettext_lazy("开始更正"),
    "report.import": gettext_lazy("导入年报"),
    "report.accept": gettext_lazy("接受问题并说明"),
    "report.reopen": gettext_lazy("取消接受"),
}
_ACTS = ("poweritem", "decision", "feeincome", "procurement")
_DEEDS = {
    "add": gettext_lazy("登记"),
    "import": gettext_lazy("批量导入"),
    "remove": gettext_lazy("取消"),
    "strike": gettext_lazy("划去"),
}


def thing(label: str) -> str:
    """A model's label (``keyareas.decision``) as the thing it is."""
    name = label.rpartition(".")[2]
    return str(_THINGS.get(name, name))


def said(verb: str) -> str:
    """``poweritem.strike`` → 划去权力事项. A verb that has no words yet is shown as it is kept."""
    if verb in _VERBS:
        return str(_VERBS[verb])
    subject, _dot, deed = verb.partition(".")
    if subject in _ACTS and deed in _DEEDS:
        return _("%(deed)s%(thing)s") % {"deed": _DEEDS[deed], "thing": _THINGS[subject]}
    if subject == "proceeding" and deed in StepKind.values:
        return str(StepKind(deed).label)
    if subject == "case" and deed in ACTIONS:
        return ACTIONS[deed].label
    return verb


def knows(verb: str) -> bool:
    """Whether the verb has words."""
    return said(verb) != verb
