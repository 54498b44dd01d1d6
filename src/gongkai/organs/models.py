"""The tree of organs, the people who work there and in which post, and the working-day calendars of the regions."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.base.fields import EncryptedTextField, PathField
from gongkai.base.models import AppendOnly
from gongkai.organs import codes


class Organ(models.Model):
    """An organ, or a unit inside one. `path` is materialised (``0001.0007.``) and never changes; names and links do.

    S001 (市—县—部门/乡镇 tree with level, type, dates, division code, credit code), S003 (internal units).
    """

    scope_register = "organs"
    scope_path: ClassVar[str] = "path"

    class Tier(models.TextChoices):
        CITY = "city", _("市级")
        COUNTY = "county", _("县级")
        TOWNSHIP = "township", _("乡级")
        VILLAGE = "village", _("村级")

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("人民政府")
        DEPARTMENT = "department", _("政府部门")
        OFFICE = "office", _("政府办公厅（室）")
        DISPATCHED = "dispatched", _("派出机关")
        INSTITUTION = "institution", _("事业单位")
        PUBLIC_ENTERPRISE = "public_enterprise", _("公共企事业单位")
        COMMITTEE = "committee", _("村（居）民委员会")
        UNIT = "unit", _("内设机构")

    # Who writes an annual report (art. 49 and local rule): records of all others count for the organ above them.
    REPORTING_KINDS = frozenset(
        {Kind.GOVERNMENT, Kind.DEPARTMENT, Kind.OFFICE, Kind.DISPATCHED, Kind.INSTITUTION}
    )

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    path = PathField(unique=True, editable=False)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("上级"),
    )
    name = models.CharField(_("名称"), max_length=120, help_text=_("现名；由名称记录推出"), db_index=True)
    tier = models.CharField(_("层级"), max_length=12, choices=Tier)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind)
    valid_from = models.DateField(_("成立日期"))
    valid_to = models.DateField(_("撤销日期"), null=True, blank=True, help_text=_("存续的最后一天"))
    region = models.CharField(_("日历地区"), max_length=20, default="CN")
    division_code = models.CharField(
        _("区划代码"), max_length=12, blank=True, validators=[codes.check_division_code]
    )
    credit_code = models.CharField(
        _("统一社会信用代码"), max_length=18, blank=True, validators=[codes.check_credit_code]
    )
    makes_rules = models.BooleanField(
        _("有规章制定权"), default=False, help_text=_("设区的市的人民政府（立法法第九十三条）")
    )
    address = models.CharField(_("地址"), max_length=200, blank=True)
    postcode = models.CharField(_("邮编"), max_length=6, blank=True)
    phones = models.CharField(_("电话"), max_length=80, blank=True, help_text=_("多个号码用顿号隔开"))
    fax = models.CharField(_("传真"), max_length=40, blank=True)
    email = models.CharField(_("电子邮箱"), max_length=120, blank=True)
    office_hours = models.CharField(_("办公时间"), max_length=120, blank=True)
    review_organ = models.CharField(
        _("复议机关"), max_length=120, blank=True, help_text=_("逐机关设置，不推算")
    )
    court = models.CharField(_("管辖法院"), max_length=120, blank=True)
    accepts_requests = models.BooleanField(_("受理政府信息公开申请"), default=True)

    class Meta:
        ordering: ClassVar = ["path"]

    def __str__(self) -> str:
        return self.name

    def existed_on(self, day: dt.date) -> bool:
        """Whether `day` lies between the organ's first and last day, both included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class OrganName(AppendOnly):
    """A name an organ had or has, with dates. A rename is a new dated name; the organ stays the same record.

    An official name holds until the next official one begins; `valid_to` is for short names and aliases only.
    """

    scope_register = "organs"
    scope_path = "organ__path"

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("正式名称")
        SHORT = "short", _("简称")
        ALIAS = "alias", _("别称")

    organ = models.ForeignKey(Organ, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("名称"), max_length=120, db_index=True)
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    valid_from = models.DateField(_("自"), null=True, blank=True)
    valid_to = models.DateField(_("至"), null=True, blank=True)


class Succession(AppendOnly):
    """`successor` continues `predecessor` from a day on: it sees and works on the predecessor's records."""

    scope_register = "organs"
    scope_path = "successor__path"

    class Kind(models.TextChoices):
        MERGER = "merger", _("合并")
        MOVE = "move", _("划转")
        CONVERSION = "conversion", _("改设")
        ABOLITION = "abolition", _("撤销")

    predecessor = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="inheritances")
    kind = models.CharField(_("方式"), max_length=12, choices=Kind)
    on = models.DateField(_("日期"))
    document = models.CharField(_("依据文件"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once")
        ]


class PersonManager(BaseUserManager["Person"]):
    """People are found by their account name."""


class Person(AbstractBaseUser):
    """Somebody who works with the system. What they may do follows from their posts alone."""

    scope_register = "people"
    scope_path = "posts__organ__path"

    username = models.CharField(
        _("账号"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()]
    )
    name = models.CharField(_("姓名"), max_length=60)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(
        _("须改密码"), default=False, help_text=_("密码是别人设的，登录后先改")
    )
    totp_secret = EncryptedTextField(_("动态口令密钥"), null=True, blank=True)
    totp_step = models.PositiveBigIntegerField(
        _("动态口令时段"), default=0, help_text=_("最近用过的时段，口令只能用一次")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class SignInAttempt(models.Model):
    """One try to sign in, kept for a day to slow down guessing. Account and address only as blind indexes.

    Of staff and of the public's accounts, each in a realm of its own. Not scoped: nobody reads it but
    :mod:`gongkai.organs.signin`.
    """

    account = models.CharField(max_length=32)
    address = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField(db_index=True)
    succeeded = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "at"]),
            models.Index(fields=["address", "at"]),
        ]


class Role(models.TextChoices):
    """The roles of the procedure table (gongkai.law.procedure)."""

    HANDLER = "handler", _("承办人")
    OFFICE = "office", _("公开办审核岗")
    HEAD = "head", _("公开办负责人")
    SECRECY = "secrecy", _("保密审查岗")
    LEADER = "leader", _("分管领导")
    SUPERVISOR = "supervisor", _("监督岗")
    AUDITOR = "auditor", _("审计岗")
    OPERATOR = "operator", _("运维岗")


class Post(models.Model):
    """A dated role of a person at an organ. Ended by setting `valid_to`; never deleted."""

    scope_register = "people"
    scope_path = "organ__path"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts", verbose_name=_("人员"))
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="posts", verbose_name=_("机关"))
    role = models.CharField(_("岗位"), max_length=12, choices=Role)
    title = models.CharField(_("职务"), max_length=60, blank=True)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.organ.name} {self.get_role_display()}"


class Delegation(models.Model):
    """A post-holder's recorded authorisation of another person to act in that post for a time. Revoked by `valid_to`."""

    scope_register = "people"
    scope_path = "post__organ__path"

    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="delegations", verbose_name=_("岗位")
    )
    to = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="delegated", verbose_name=_("受托人")
    )
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"))
    reason = models.CharField(_("事由"), max_length=200)
    recorded_by = models.ForeignKey(
        Person,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("由系统任务登记的为空"),
    )
    recorded_at = models.DateTimeField()


class CalendarYear(models.Model):
    """One region's working-day calendar of one year, as loaded: days off and extra working days, with their source."""

    scope_register = "calendars"
    scope_path = ""  # calendars are common to all organs

    region = models.CharField(_("地区"), max_length=20, default="CN")
    year = models.PositiveSmallIntegerField(_("年份"))
    off_days = models.JSONField(_("放假日"), help_text=_("工作日中的放假日，日期列表"))
    extra_workdays = models.JSONField(_("调休上班日"), help_text=_("周末中的上班日，日期列表"))
    source = models.CharField(_("依据"), max_length=200, blank=True)
    version = models.CharField(_("数据版本"), max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "year"], name="one_calendar_a_year")
        ]
