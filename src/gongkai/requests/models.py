"""依申请公开: what applicants sent, the cases made of it, and everything that happened to them.

A case *is* the list of its actions. The columns marked as projections follow from the actions alone and are written by
`actions.project` in the same transaction; `gongkai verify` recomputes them.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.base.fields import EncryptedBytesField, EncryptedJSONField, PathField
from gongkai.base.models import AppendOnly, OrganRecord, StoredFile


class Submission(OrganRecord):
    """What one applicant sent, unaltered. Everything that tells who they are or what they asked is encrypted.

    `form` holds the fields of art. 29 (applicant_name, id_type, id_number, phone, email, address, agent…,
    info_description, delivery …). The blind indexes find it again by name, id or phone; `applicant_key` groups the
    submissions of one applicant (id number, else name and phone) for the monthly fee count and duplicates.
    """

    scope_register = "cases"

    reference = models.CharField(_("查询号"), max_length=20, unique=True)
    secret_hash = models.CharField(max_length=128)
    token = models.CharField(
        max_length=64, unique=True, help_text="one-time token of the form: a second sending is no second case"
    )
    channel = models.CharField(_("渠道"), max_length=20)
    kind = models.CharField(_("申请人类别"), max_length=30)
    arrived_at = models.DateTimeField(_("到达时间"))
    form = EncryptedJSONField()
    raw = EncryptedBytesField(help_text="original bytes of the form or the clerk's entry")
    raw_sha256 = models.CharField(max_length=64)
    name_index = models.CharField(max_length=32, db_index=True)
    id_index = models.CharField(max_length=32, blank=True, db_index=True)
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)
    applicant_key = models.CharField(max_length=32, db_index=True)
    entered_by = models.CharField(max_length=80, default="applicant")


class Case(OrganRecord):
    """One item (件): the unit of numbering, deadline, outcome and statistics."""

    scope_register = "cases"

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="cases")
    split_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    redo_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="redos")
    content = EncryptedJSONField(
        help_text="what this item asks for, when it is a part of a split submission", null=True
    )
    kind = models.CharField(
        _("申请人类别"), max_length=30, help_text="copied from the submission for grouping"
    )
    arrived_on = models.DateField(_("到达日期"))

    # projections of the actions
    number = models.CharField(_("编号"), max_length=60, null=True, unique=True)
    state = models.CharField(_("状态"), max_length=24, default="submitted")
    handler = models.ForeignKey(
        "organs.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("承办人"),
    )
    first_received_on = models.DateField(_("首次收到"), null=True)
    anchor_on = models.DateField(_("期限起点"), null=True)
    due_on = models.DateField(
        _("到期日"),
        null=True,
        help_text="null while an inquiry is open, unconfirmed, or the year's calendar is not loaded",
    )
    open_inquiries = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(_("办结日期"), null=True)
    outcome = models.CharField(_("办理结果"), max_length=40, blank=True)
    dispatched_on = models.DateField(_("发出日期"), null=True)
    forwarded_on = models.DateField(_("转办日期"), null=True)
    counted = models.BooleanField(
        default=True, help_text="stands in table 3: neither a redo (01 §15) nor the emptied trunk of a split"
    )
    answer_number = models.CharField(_("答复文号"), max_length=80, blank=True)
    proposed = models.CharField(
        max_length=40, null=True, help_text="open proposals: extension, fee, delay; the head decides"
    )
    to_decide = models.CharField(
        max_length=60, null=True, help_text="what waits for somebody's decision: review, approval, proposals"
    )
    wait_until = models.DateField(
        null=True, help_text="last day of the applicant's or the consulted party's term while one runs"
    )
    days_used = models.PositiveSmallIntegerField(
        null=True, help_text="working days from anchor to dispatch or closing"
    )
    last_seq = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["path", "first_received_on"]),
            models.Index(fields=["path", "closed_on", "outcome", "kind"]),
            models.Index(
                fields=["path", "due_on"], name="case_open_due", condition=models.Q(closed_on__isnull=True)
            ),
            models.Index(fields=["path", "state"]),
            models.Index(fields=["path", "forwarded_on"]),
            models.Index(
                fields=["handler", "due_on"], name="case_mine", condition=models.Q(closed_on__isnull=True)
            ),
            models.Index(
                fields=["path", "to_decide"],
                name="case_to_decide",
                condition=models.Q(to_decide__isnull=False),
            ),
            models.Index(
                fields=["path", "wait_until"],
                name="case_waiting",
                condition=models.Q(wait_until__isnull=False),
            ),
        ]


class CaseAction(AppendOnly):
    """One fact of a case. `on` is the day it counts for, `recorded_at` when it was written down.

    `payload` holds codes, dates and numbers; `sealed` everything a person wrote or that names a person.
    """

    scope_register = "cases"
    scope_path = "case__path"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="actions")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    post = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    sealed = EncryptedJSONField(null=True)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "seq"], name="case_action_order")]


class CaseFile(AppendOnly):
    """A file that belongs to an action: the scan, identity evidence, a reply, the answer's annex."""

    scope_register = "files"
    scope_path = "action__case__path"

    class Purpose(models.TextChoices):
        SCAN = "scan", _("申请原件扫描件")
        IDENTITY = "identity", _("身份证明")
        APPLICANT = "applicant", _("申请人补充材料")
        ANSWER = "answer", _("答复附件")
        EVIDENCE = "evidence", _("办理材料")
        SERVICE = "service", _("送达凭证")

    action = models.ForeignKey(CaseAction, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="case_file")
    purpose = models.CharField(max_length=12, choices=Purpose)


class ApplicantNotice(models.Model):
    """Something the applicant is told on the tracking page; written by the outbox after the fact it tells of."""

    scope_register = "cases"
    scope_path = "case__path"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    action = models.OneToOneField(CaseAction, on_delete=models.PROTECT, related_name="notice")
    at = models.DateTimeField()
    text = models.CharField(max_length=300)
    read_at = models.DateTimeField(null=True)


class FeeNotice(OrganRecord):
    """收费通知: one notice to one applicant for one month, over one or more cases. Every column is a projection of fee actions."""

    scope_register = "cases"

    number = models.CharField(_("文号"), max_length=80)
    applicant_key = models.CharField(max_length=32, db_index=True)
    month = models.CharField(_("计费月份"), max_length=7)
    issued_on = models.DateField(_("发出日期"))
    served_on = models.DateField(_("送达日期"), null=True)
    pay_due_on = models.DateField(_("缴费截止"), null=True)
    total_yuan = models.PositiveIntegerField(_("应缴（元）"))
    paid_on = models.DateField(_("缴费日期"), null=True)
    paid_yuan = models.PositiveIntegerField(_("实缴（元）"), default=0)
    receipt_number = models.CharField(_("票据号"), max_length=60, blank=True)
    lapsed_on = models.DateField(_("逾期日期"), null=True)
    revoked_on = models.DateField(_("撤回日期"), null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["path", "issued_on"]),
            models.Index(fields=["path", "paid_on"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "number"], name="fee_notice_number")
        ]


class FeeLine(models.Model):
    """One case's price on a notice: its running number in the month, or its pages, and the amount in whole yuan."""

    scope_register = "cases"
    scope_path = "notice__path"

    notice = models.ForeignKey(FeeNotice, on_delete=models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="fee_lines")
    basis = models.CharField(
        max_length=10, choices=[("by_item", _("按件计收")), ("by_volume", _("按量计收"))]
    )
    position = models.PositiveIntegerField(help_text="running number of the case in the applicant's month")
    pages = models.PositiveIntegerField(null=True)
    amount_yuan = models.PositiveIntegerField()


class FeeRefund(models.Model):
    """Counted money paid back on a notice: a projection of the refund facts. Net of a year = paid − refunded in it."""

    scope_register = "cases"
    scope_path = "notice__path"

    notice = models.ForeignKey(FeeNotice, on_delete=models.PROTECT, related_name="refunds")
    path = PathField(editable=False, db_index=True)
    on = models.DateField()
    amount_yuan = models.PositiveIntegerField()
    action = models.OneToOneField(CaseAction, on_delete=models.PROTECT, related_name="fee_refund")


class RequestSettings(OrganRecord):
    """Choices the law leaves to the office; the nearest organ up the tree that set them decides, else the defaults."""

    scope_register = "settings"

    correction_days = models.PositiveSmallIntegerField(_("默认补正期限（工作日）"), default=10)
    explanation_days = models.PositiveSmallIntegerField(_("默认说明理由期限（工作日）"), default=7)
    redo_counts = models.BooleanField(_("重新答复计入表三"), default=False)
    answer_mark = models.CharField(_("答复文号代字"), max_length=40, blank=True)
    charges_fees = models.BooleanField(_("收取信息处理费"), default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organ"], name="request_settings_once")]


class Attempt(models.Model):
    """One use of something that is limited by the hour. `key` is a blind index: no network address is kept.

    Names no scope register: nobody reads it but :mod:`gongkai.requests.limits`.
    """

    purpose = models.CharField(max_length=20)
    key = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["purpose", "key", "at"])]
