"""The columns of the table documents come and go in (05 §7.3). A header may be written in Chinese or by its key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Column:
    """One column. `lines`: a cell may hold several values, a line each, in step with the other columns of its group."""

    key: str
    header: str
    help: object
    required: bool = False
    lines: bool = False


COLUMNS = (
    Column("organ", "机关", gettext_lazy("代码、现名或者曾用名；联合发文只写主办机关"), required=True),
    Column("kind", "类型", gettext_lazy("如 行政规范性文件、通知公告、政务信息"), required=True),
    Column("title", "标题", gettext_lazy("300 字以内"), required=True),
    Column("made_on", "成文日期", gettext_lazy("如 2019-05-15"), required=True),
    Column("number", "发文字号", gettext_lazy("如 洛政〔2019〕12号；不编号的类型空着")),
    Column("index_no", "索引号", gettext_lazy("旧系统给过的照原样写；空着的，首次公开时按顺序给定")),
    Column("key", "外部标识", gettext_lazy("旧系统里的编号或网址，再次导入时由它认出同一份文件")),
    Column("text", "正文", gettext_lazy("纯文本，一行一段")),
    Column("html", "正文HTML", gettext_lazy("带格式的正文；填了这一列，就不看“正文”列")),
    Column("attribute", "公开属性", gettext_lazy("主动公开（空着也是）、依申请公开、不予公开")),
    Column("attribute_reason", "属性理由", gettext_lazy("不主动公开的必填")),
    Column("theme", "主题分类", gettext_lazy("名称或者代码")),
    Column("genre", "体裁分类", gettext_lazy("名称或者代码")),
    Column("group", "组配分类", gettext_lazy("名称或者代码")),
    Column("summary", "内容概述", gettext_lazy("1000 字以内")),
    Column("keywords", "关键词", gettext_lazy("用空格或者逗号分开")),
    Column("source", "信息来源", gettext_lazy("空着即发文机关")),
    Column("openness", "五公开", gettext_lazy("如 决策公开；结果公开")),
    Column("co_organs", "联合发文机关", gettext_lazy("按顺序，用分号分开")),
    Column("appointments", "任免事项", gettext_lazy("每行一条：姓名 任命 职务"), lines=True),
    Column("effective_on", "实施日期", gettext_lazy("日期")),
    Column("valid_until", "有效期至", gettext_lazy("有效的最后一天")),
    Column(
        "validity", "有效性", gettext_lazy("现行有效（空着也是）、已修改、部分废止、废止、失效"), lines=True
    ),
    Column("changed_on", "效力变化日期", gettext_lazy("修改、废止或者失效从哪天起"), lines=True),
    Column("decided_by", "效力变化依据", gettext_lazy("作出决定的文件"), lines=True),
    Column("change_note", "效力变化说明", gettext_lazy("没有决定文件的失效，写明原因"), lines=True),
    Column("released_on", "公开日期", gettext_lazy("没有公开的空着；几个渠道的，每行一个"), lines=True),
    Column("released_at", "公开时刻", gettext_lazy("如 09:30，可以空着"), lines=True),
    Column("channel", "公开渠道", gettext_lazy("空着即政府网站"), lines=True),
    Column("account", "账号", gettext_lazy("登记过的账号名称，如 平顶山发布"), lines=True),
    Column("form", "形式", gettext_lazy("如 文字、图解、视频"), lines=True),
    Column("link", "载体或网址", gettext_lazy("可以空着"), lines=True),
    Column("copies", "份数", gettext_lazy("线下渠道印发、张贴的份数"), lines=True),
    Column("place", "地点", gettext_lazy("线下渠道的地点"), lines=True),
    Column("events", "场次", gettext_lazy("发布会、广播电视等的场次"), lines=True),
    Column("withdrawn_on", "撤下日期", gettext_lazy("该渠道已撤下的填写"), lines=True),
    Column("withdrawn_why", "撤下原因", gettext_lazy("撤下的必填"), lines=True),
    Column("annexes", "附件", gettext_lazy("附件的文件名，用分号分开；文件放在一个文件夹或者压缩包里")),
    Column("images", "图片版", gettext_lazy("规章图片版的文件名，写法同上")),
    Column("originals", "原件", gettext_lazy("留存不公开的原件，写法同上")),
)
BY_KEY = {column.key: column for column in COLUMNS}
HEADERS = {column.key: column.header for column in COLUMNS}
PROBLEM = "问题"
ROW = "原行号"
# what our own sheets of problems add; taken along, never read
PASSED_OVER = (PROBLEM, ROW)
_KEYS = {name: column.key for column in COLUMNS for name in (column.header, column.key)}
DEFAULT_CHANNEL = "政府网站"


class HeaderError(ValueError):
    """The header as a whole is no good; the text is a sentence."""


def keys_of(titles: Iterable[str], *, organ_given: bool) -> list[str]:
    """The column keys of a header, "" for a column that is passed over. Raises HeaderError."""
    cleaned = [tidy(title) for title in titles]
    keys = [_KEYS.get(title, "") for title in cleaned]
    unknown = [t for t, key in zip(cleaned, keys, strict=True) if t and not key and t not in PASSED_OVER]
    if unknown:
        raise HeaderError(
            _("不认识的列：%(columns)s。请核对表头。") % {"columns": "、".join(unknown[:10])[:200]}
        )
    known = [key for key in keys if key]
    if twice := sorted({HEADERS[key] for key in known if known.count(key) > 1}):
        raise HeaderError(_("表头有重复的列：%(columns)s。") % {"columns": "、".join(twice)})
    if missing := missing_from(known, organ_given=organ_given):
        raise HeaderError(_("表格缺少列：%(columns)s。请用模板的表头。") % {"columns": "、".join(missing)})
    return keys


def missing_from(keys: Iterable[str], *, organ_given: bool) -> list[str]:
    """The headers of required columns that are not among `keys`."""
    there = set(keys) | ({"organ"} if organ_given else set())
    return [column.header for column in COLUMNS if column.required and column.key not in there]


def looks_like_header(titles: Iterable[str]) -> bool:
    """Whether a line holds at least two of our headers."""
    return sum(tidy(title) in _KEYS for title in titles) >= 2


def tidy(title: str) -> str:
    """A header without the marks people add to it."""
    return "".join(title.split()).strip("*＊\ufeff")


def key_of(name: str) -> str | None:
    """The key of a field of a JSON object; None for one we do not know, "" for one passed over."""
    title = tidy(name)
    return "" if title in PASSED_OVER else _KEYS.get(title)
