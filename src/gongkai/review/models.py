"""What the review room keeps: chains, runs with their opinions, secrecy conclusions, consultations, delegations, leaks, and
what is re-examined. A run knows its subject by kind, key and the hash of its content, never by a foreign key."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.base.fields import EncryptedJSONField, EncryptedTextField
from gongkai.base.models import AppendOnly, OrganRecord, StoredFile
from gongkai.organs.models import Person, Post, Role
from gongkai.review import course


class ChainTemplate(AppendOnly, OrganRecord):
    """One version of a chain of an organ; with `whole_tree` it also serves those below that have none. The newest version
    counts, unless it says that the chain is no longer used."""

    scope_register = "chains"

    key = models.SlugField(_("代号"), max_length=20)
    version = models.PositiveSmallIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=120)
    kinds = models.JSONField(_("适用于"), default=list, blank=True, help_text="subject kinds; empty for all")
    steps = models.JSONField(_("步骤"))
    whole_tree = models.BooleanField(_("下级也可使用"), default=False)
    retired = models.BooleanField(_("停用"), default=False)
    author = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "key", "version"], name="chain_version_once")
        ]


class ReviewRun(OrganRecord):
    """One way of a subject through a chain. The columns below `started_at` follow from the opinions."""

    scope_register = "review"

    class State(models.TextChoices):
        SIGNING = course.SIGNING, _("审签中")
        AMENDING = course.AMENDING, _("待按意见修改")
        RETURNED = course.RETURNED, _("已退回")
        COMPLETED = course.COMPLETED, _("审签完成")
        REFUSED = course.REFUSED, _("不同意，已终止")
        WITHDRAWN = course.WITHDRAWN, _("已撤回")

    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=60)
    template = models.ForeignKey(ChainTemplate, on_delete=models.PROTECT, related_name="runs")
    facts = models.JSONField(default=list)
    submitter = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("送审人")
    )
    prescreen = EncryptedJSONField(default=list, help_text="findings quote the text")
    started_at = models.DateTimeField(_("送审时间"))

    title = models.CharField(_("标题"), max_length=300)
    subject_hash = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.SIGNING)
    step = models.PositiveSmallIntegerField(_("第几步"), null=True)
    rounds = models.PositiveSmallIntegerField(_("第几轮"), default=1)
    last_seq = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)
    closed_on = models.DateField(_("结束日期"), null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["path", "state"]),
            models.Index(fields=["subject_kind", "subject_key"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_key"],
                condition=Q(closed_on__isnull=True),
                name="one_open_review",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ReviewDelegation(OrganRecord):
    """授权: a post-holder lets another person sign for them, for a time, for all matters or one chain or one run. Revoked
    by `valid_to`; never deleted. (Lending the whole post is a `Delegation` of the organs.)"""

    scope_register = "review"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", verbose_name=_("岗位"))
    to = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("受权人"))
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"))
    chain = models.CharField(_("限于流程"), max_length=20, blank=True, help_text=_("流程代号；空为不限"))
    run = models.ForeignKey(
        ReviewRun,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("限于一件"),
    )
    reason = models.CharField(_("事由"), max_length=200)
    recorded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["to", "valid_to"])]


class ReviewOpinion(AppendOnly):
    """One entry of a run: who said what at which step, when, in which post, for whom. Each hash covers the one before."""

    scope_register = "review"
    scope_path = "run__path"

    class Opinion(models.TextChoices):
        PROPOSE = course.PROPOSE, _("提出")
        AGREE = course.AGREE, _("同意")
        AGREE_CHANGED = course.AGREE_CHANGED, _("修改后同意")
        DISAGREE = course.DISAGREE, _("不同意")
        RETURN = course.RETURN, _("退回")
        AMEND = course.AMEND, _("已按意见修改")
        RESUBMIT = course.RESUBMIT, _("重新送审")
        WITHDRAW = course.WITHDRAW, _("撤回送审")

    run = models.ForeignKey(ReviewRun, on_delete=models.PROTECT, related_name="opinions")
    seq = models.PositiveIntegerField()
    step = models.PositiveSmallIntegerField(_("第几步"))
    step_title = models.CharField(_("步骤"), max_length=120)
    member = models.PositiveSmallIntegerField(default=0)
    opinion = models.CharField(_("意见"), max_length=16, choices=Opinion)
    text = models.CharField(_("意见内容"), max_length=1000, blank=True)
    raised = models.JSONField(default=list, blank=True)
    to_step = models.PositiveSmallIntegerField(null=True, blank=True)
    subject_hash = models.CharField(max_length=64)
    signer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signer_name = models.CharField(_("签署人"), max_length=60)
    post = models.CharField(max_length=60, help_text="as the audit log names it")
    capacity = models.CharField(_("岗位"), max_length=200)
    delegated_from = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    delegated_name = models.CharField(_("授权人"), max_length=60, blank=True)
    delegation = models.ForeignKey(ReviewDelegation, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["run", "seq"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "seq"], name="review_opinion_order")]


class SubmittedDraft(AppendOnly):
    """送审稿: one wording of a run as its signers saw it (S272). The opinions on it carry its `subject_hash`, which `content`
    and `files` give again. `number` counts the wordings of the subject, over all its runs."""

    scope_register = "review"
    scope_path = "run__path"

    run = models.ForeignKey(ReviewRun, on_delete=models.PROTECT, related_name="drafts")
    number = models.PositiveSmallIntegerField(_("第几稿"))
    subject_hash = models.CharField(max_length=64)
    title = models.CharField(_("标题"), max_length=300)
    text: Any = EncryptedTextField(_("正文"))
    told: Any = EncryptedJSONField(default=list, help_text="label and words of what was signed with the text")
    content: Any = EncryptedJSONField(default=dict, help_text="all that the hash covers, but for the files")
    files = models.JSONField(default=list, help_text="SHA-256 of each")
    at = models.DateTimeField(_("送审时间"))

    class Meta:
        ordering: ClassVar = ["run", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "subject_hash"], name="submitted_draft_once"),
            models.UniqueConstraint(fields=["run", "number"], name="submitted_draft_order"),
        ]


class ReviewTask(OrganRecord):
    """Whose turn it is: a projection of the run, filed at the organ of whoever signs, so that their inbox is one range
    look-up. `step` AUTHOR is the author's own turn."""

    scope_register = "review"

    run = models.ForeignKey(ReviewRun, on_delete=models.CASCADE, related_name="tasks")
    step = models.PositiveSmallIntegerField()
    member = models.PositiveSmallIntegerField(default=0)
    role = models.CharField(max_length=12, choices=Role, blank=True)
    title = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField(_("到手日期"))
    due_on = models.DateField(_("应签日期"), null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "step", "member"], name="review_task_once")
        ]
        indexes: ClassVar = [models.Index(fields=["path", "due_on"])]


class SecrecyConclusion(AppendOnly, OrganRecord):
    """保密审查 of one content of a subject; the latest on that content counts."""

    scope_register = "review"

    class Answer(models.TextChoices):
        NO = "no", _("不涉及")
        YES = "yes", _("涉及")
        UNSURE = "unsure", _("拿不准")

    class Conclusion(models.TextChoices):
        OPEN = "open", _("可以公开")
        PARTLY = "partly", _("部分公开（删减）")
        CLOSED = "closed", _("不得公开")
        REFERRED = "referred", _("报请确定")

    PUBLISHABLE: ClassVar = (Conclusion.OPEN, Conclusion.PARTLY)
    QUESTIONS: ClassVar = {
        "state_secret": _("国家秘密"),
        "work_secret": _("工作秘密"),
        "trade_secret": _("商业秘密"),
        "privacy": _("个人隐私"),
        "sensitive": _("敏感事项"),
        "aggregated": _("汇聚、关联后涉密"),
    }
    BASIS: ClassVar = _("《中华人民共和国保守国家秘密法》第三十五条、《保守国家秘密法实施条例》第四十二条")

    run = models.ForeignKey(ReviewRun, on_delete=models.PROTECT, related_name="secrecy")
    subject_hash = models.CharField(max_length=64)
    answers = models.JSONField(_("逐项审查"))
    conclusion = models.CharField(_("结论"), max_length=10, choices=Conclusion)
    basis = models.CharField(_("依据"), max_length=300)
    note = models.CharField(_("说明"), max_length=1000, blank=True)
    redaction = models.CharField(_("删减内容"), max_length=1000, blank=True)
    consulted = models.CharField(_("咨询的部门"), max_length=200, blank=True)
    consulted_reply = models.CharField(_("答复"), max_length=1000, blank=True)
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewer_name = models.CharField(_("审查人"), max_length=60)
    post = models.CharField(max_length=60)
    capacity = models.CharField(_("岗位"), max_length=200)
    on = models.DateField(_("审查日期"))
    at = models.DateTimeField()
    hash = models.CharField(max_length=64)


class Consultation(AppendOnly, OrganRecord):
    """发布协调: other organs are asked before something that concerns them is made public (art. 11)."""

    scope_register = "review"

    run = models.ForeignKey(ReviewRun, on_delete=models.PROTECT, related_name="consultations")
    question = models.CharField(_("征询内容"), max_length=1000)
    asked_on = models.DateField(_("发出日期"))
    due_on = models.DateField(_("请于…前答复"), null=True, blank=True)
    asked_by = models.CharField(_("经办人"), max_length=60)
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()


class ConsultedParty(AppendOnly, OrganRecord):
    """One organ that is asked: filed at that organ when it works here; else at the asking one, with its name."""

    scope_register = "review"

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="parties")
    name = models.CharField(_("被征询机关"), max_length=120)
    outside = models.BooleanField(default=False)


class ConsultationReply(AppendOnly):
    """What a party answered, or that it kept silent past the term. The latest counts."""

    scope_register = "review"
    scope_path = "party__path"

    class Kind(models.TextChoices):
        AGREES = "agrees", _("同意公开")
        AGREES_CHANGED = "agrees_changed", _("按商定文本公开")
        OBJECTS = "objects", _("不同意公开")
        SILENT = "silent", _("逾期未答复")

    party = models.ForeignKey(ConsultedParty, on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(_("答复"), max_length=16, choices=Kind)
    text = models.CharField(_("答复内容"), max_length=1000, blank=True)
    agreed_text = models.CharField(_("商定的表述"), max_length=2000, blank=True)
    on = models.DateField(_("答复日期"))
    by_name = models.CharField(_("登记人"), max_length=60)
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()


class FileInspection(AppendOnly, OrganRecord):
    """What was found in a stored file before release; the file never changes, so neither does this."""

    scope_register = "review"

    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    refused = models.CharField(max_length=200, blank=True)
    findings = EncryptedJSONField(default=list)
    blocked = models.BooleanField()
    cleanable = models.BooleanField()
    inspected_at = models.DateTimeField()


class LeakIncident(AppendOnly, OrganRecord):
    """泄密事件: something was public that must not have been. An entry made by mistake is taken back by a follow-up."""

    scope_register = "leaks"

    class Matter(models.TextChoices):
        STATE_SECRET = "state_secret", _("国家秘密")
        WORK_SECRET = "work_secret", _("工作秘密")
        TRADE_SECRET = "trade_secret", _("商业秘密")
        PRIVACY = "privacy", _("个人隐私")

    matter = models.CharField(_("涉及"), max_length=14, choices=Matter)
    happened_on = models.DateField(_("发生日期"))
    discovered_on = models.DateField(_("发现日期"))
    summary = models.CharField(_("情况"), max_length=1000, help_text=_("不要写泄露的内容本身"))
    measures = models.CharField(_("补救措施"), max_length=1000, blank=True)
    recorded_by = models.CharField(_("登记人"), max_length=60)
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["path", "discovered_on"])]


class LeakFollowUp(AppendOnly):
    """What was done about it."""

    scope_register = "leaks"
    scope_path = "incident__path"

    class Kind(models.TextChoices):
        REPORT = "report", _("报告")
        REMEDY = "remedy", _("补救")
        HANDLE = "handle", _("处理")
        CLOSE = "close", _("办结")
        VOID = "void", _("撤销登记")

    incident = models.ForeignKey(LeakIncident, on_delete=models.PROTECT, related_name="follow_ups")
    kind = models.CharField(_("事项"), max_length=10, choices=Kind)
    on = models.DateField(_("日期"))
    text = models.CharField(_("内容"), max_length=1000)
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()


class Withheld(OrganRecord):
    """Something that is not 主动公开: looked at again from time to time (art. 18). `next_due_on` and `ended_on` follow from
    the re-examinations."""

    scope_register = "review"

    class Attribute(models.TextChoices):
        ON_REQUEST = "on_request", _("依申请公开")
        CLOSED = "closed", _("不予公开")

    subject_kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=60)
    title = models.CharField(_("标题"), max_length=300)
    attribute = models.CharField(_("公开属性"), max_length=12, choices=Attribute)
    reason = models.CharField(_("理由"), max_length=200)
    since = models.DateField(_("自"))
    next_due_on = models.DateField(_("下次评估"), null=True, blank=True)
    ended_on = models.DateField(_("转主动公开日期"), null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["path", "next_due_on"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_key"],
                condition=Q(ended_on__isnull=True),
                name="withheld_once",
            )
        ]


class Reexamination(AppendOnly):
    """One look at it again."""

    scope_register = "review"
    scope_path = "withheld__path"

    class Conclusion(models.TextChoices):
        KEEP = "keep", _("维持")
        OPEN = "open", _("转为主动公开")
        ON_REQUEST = "on_request", _("转为依申请公开")

    withheld = models.ForeignKey(Withheld, on_delete=models.PROTECT, related_name="examinations")
    on = models.DateField(_("评估日期"))
    conclusion = models.CharField(_("结论"), max_length=12, choices=Conclusion)
    reason = models.CharField(_("理由"), max_length=500)
    reviewer_name = models.CharField(_("评估人"), max_length=60)
    actor = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()


class ReviewDuty(AppendOnly, OrganRecord):
    """先审查、后公开 as a rule the office is bound by, from a day on: for the organ and everything below (see review.duty). What
    was made public before that day stands. A later record of the same organ replaces an earlier one."""

    scope_register = "chains"

    valid_from = models.DateField(_("自"))
    required = models.BooleanField(
        _("公开前须经审签"), default=True, help_text=_("不勾选，即从这一天起不要求")
    )
    kinds = models.JSONField(
        _("适用于"), default=list, blank=True, help_text="of the subjects; empty for all"
    )
    note = models.CharField(_("依据"), max_length=200)
    author = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["path", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.organ.name} {self.valid_from}"


class ReviewSettings(OrganRecord):
    """Choices of the office; the nearest organ up the tree that set them decides, else the defaults."""

    scope_register = "settings"

    sensitive_words = models.TextField(_("敏感词"), blank=True, help_text=_("一行一个，只作提示"))
    reexamine_months = models.PositiveSmallIntegerField(_("不公开信息每几个月评估一次"), default=12)
    consult_days = models.PositiveSmallIntegerField(_("征询其他机关的答复期限（工作日）"), default=5)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organ"], name="review_settings_once")]
