"""What an inspection finds, and how it is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

#: Findings of one kind shown at most; the rest is counted in a last line.
MOST_OF_A_KIND = 20


class Weight(StrEnum):
    """`block`: not to be published like this. `warn`: a person must look. `note`: worth knowing."""

    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"


class Kind(StrEnum):
    """What was found. The word for the page is :attr:`label`."""

    STATE_SECRET = "state_secret"  # noqa: S105 - a kind of finding
    WORK_SECRET = "work_secret"  # noqa: S105 - as above
    INTERNAL = "internal"
    ID_CARD = "id_card"
    PHONE = "phone"
    BANK_CARD = "bank_card"
    NAMES = "names"
    WORD = "word"
    METADATA = "metadata"
    COMMENTS = "comments"
    REVISIONS = "revisions"
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_CELLS = "hidden_cells"
    HIDDEN_TEXT = "hidden_text"
    COVERED_TEXT = "covered_text"
    HIDDEN_LAYER = "hidden_layer"
    PIVOT_CACHE = "pivot_cache"
    EXTERNAL_LINK = "external_link"
    DEFINED_NAME = "defined_name"
    EMBEDDED = "embedded"
    MACRO = "macro"
    SCRIPT = "script"
    LOCATION = "location"
    NOT_INSPECTED = "not_inspected"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Kind.STATE_SECRET: "国家秘密标志",
    Kind.WORK_SECRET: "工作秘密标志",
    Kind.INTERNAL: "内部资料标志",
    Kind.ID_CARD: "身份证件号码",
    Kind.PHONE: "手机号码",
    Kind.BANK_CARD: "银行卡号",
    Kind.NAMES: "名单中的姓名",
    Kind.WORD: "敏感词",
    Kind.METADATA: "文件属性",
    Kind.COMMENTS: "批注",
    Kind.REVISIONS: "修订痕迹",
    Kind.HIDDEN_SHEET: "隐藏的工作表",
    Kind.HIDDEN_CELLS: "隐藏的行或列",
    Kind.HIDDEN_TEXT: "隐藏的文字",
    Kind.COVERED_TEXT: "被遮盖的文字",
    Kind.HIDDEN_LAYER: "隐藏的图层",
    Kind.PIVOT_CACHE: "数据透视表缓存",
    Kind.EXTERNAL_LINK: "外部链接",
    Kind.DEFINED_NAME: "定义的名称",
    Kind.EMBEDDED: "嵌入的文件",
    Kind.MACRO: "宏",
    Kind.SCRIPT: "脚本",
    Kind.LOCATION: "拍摄地点",
    Kind.NOT_INSPECTED: "未能检查",
}


@dataclass(frozen=True)
class Finding:
    """One thing found. `quote` is the place as it reads, masked where it holds a personal number; `where` says where in
    the file; `cleanable`: :func:`gongkai.inspection.clean` takes it out."""

    kind: Kind
    weight: Weight
    message: str
    quote: str = ""
    where: str = ""
    cleanable: bool = False

    @property
    def label(self) -> str:
        return self.kind.label

    def to_data(self) -> dict[str, Any]:
        """Plain values, for keeping."""
        return {name: str(value) if name in _ENUMS else value for name, value in asdict(self).items()}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Finding:
        """Back from :meth:`to_data`."""
        return cls(**{**data, "kind": Kind(data["kind"]), "weight": Weight(data["weight"])})


_ENUMS = ("kind", "weight")


@dataclass(frozen=True)
class Inspection:
    """The result for one file. `refused` is the one sentence why the file is not taken at all, else ""; `text` is what a
    reader sees in it (bounded), for the pre-screen."""

    findings: tuple[Finding, ...] = ()
    refused: str = ""
    text: str = ""

    @property
    def blocked(self) -> bool:
        """Whether the file must not be published as it is."""
        return bool(self.refused) or any(finding.weight is Weight.BLOCK for finding in self.findings)

    @property
    def cleanable(self) -> bool:
        """Whether cleaning would take something out."""
        return not self.refused and any(finding.cleanable for finding in self.findings)

    @property
    def mends(self) -> bool:
        """Whether cleaning alone would make the file fit for publishing."""
        return self.cleanable and all(
            finding.cleanable for finding in self.findings if finding.weight is Weight.BLOCK
        )


def bounded(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """At most so many of a kind; the rest as one line that counts them, as weighty as the weightiest of them."""
    kept: dict[Kind, list[Finding]] = {}
    rest: dict[Kind, list[Finding]] = {}
    for finding in findings:
        shown = kept.setdefault(finding.kind, [])
        (shown if len(shown) < MOST_OF_A_KIND else rest.setdefault(finding.kind, [])).append(finding)
    found: list[Finding] = []
    for kind, shown in kept.items():
        found += shown
        if more := rest.get(kind):
            found.append(_rest(kind, more))
    return tuple(found)


def _rest(kind: Kind, more: Sequence[Finding]) -> Finding:
    weight = next(w for w in Weight if any(finding.weight is w for finding in more))
    cleanable = all(finding.cleanable for finding in more)
    return Finding(kind, weight, f"另有{len(more)}处“{kind.label}”。", cleanable=cleanable)


class Refusal(Exception):
    """The file is not taken; the text is the one sentence why."""
