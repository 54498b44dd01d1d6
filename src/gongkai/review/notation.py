"""A chain as people write it in a box: one line a step. What is written reads back as the same chain.

``步骤名称 | 签署人 | 选项``, the signers parted by ``、``: a role, narrowed by ``/职务``, at another organ by ``@机关代码``; or
``账号:某某``. ``送审人`` as the signer of the first step means that the author does it on submitting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.organs.models import Role
from gongkai.review.chains import ALL, ANY, FACTS, NEEDS, QUORUM, SIGNING_ROLES, Signer, Step

HELP = gettext_lazy(
    "一行一步：步骤名称 | 签署人 | 选项。签署人写岗位（承办人、公开办审核岗、公开办负责人、保密审查岗、分管领导），"
    "可加“/职务”“@机关代码”，几人会签用顿号隔开，指定人员写“账号:某某”；第一步写“送审人”表示随送审提出。"
    "选项用分号隔开：2日；任一人；3人（会签达到人数）；限 拿不准能否公开；除 联合发文；先有 保密审查结论。"
)
AUTHOR = "送审人"
_ROLES = {str(role.label): role.value for role in SIGNING_ROLES}
_SIGNER = re.compile(r"(?P<role>[^/@]+)(?:/(?P<title>[^/@]+))?(?:@(?P<organ>[\w-]+))?")


class Unreadable(Exception):
    """A line that is no step; the text says which and why."""


def read(text: str) -> list[dict[str, Any]]:
    """The steps as data. Raises Unreadable."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [_step(number, line) for number, line in enumerate(lines, start=1)]


def write(steps: Iterable[Step]) -> str:
    """The lines that read back as these steps."""
    return "\n".join(" | ".join(filter(None, (step.title, _signers(step), _options(step)))) for step in steps)


def _step(number: int, line: str) -> dict[str, Any]:
    parts = [part.strip() for part in re.split(r"[|｜]", line)]
    if len(parts) not in (2, 3) or not parts[0]:
        raise Unreadable(_("第%(n)d行应写作：步骤名称 | 签署人 | 选项。") % {"n": number})
    step: dict[str, Any] = {"title": parts[0], "rule": ALL}
    if parts[1] == AUTHOR:
        step["proposes"] = True
    else:
        step["signers"] = [_signer(number, one.strip()) for one in parts[1].split("、") if one.strip()]
    for option in re.split(r"[；;]", parts[2]) if len(parts) == 3 else ():
        if option.strip():
            _option(number, option.strip(), step)
    return step


def _signer(number: int, text: str) -> dict[str, str]:
    if text.startswith(("账号:", "账号：")):
        return {"person": text[3:].strip()}
    found = _SIGNER.fullmatch(text)
    role = _ROLES.get(found["role"].strip()) if found else None
    if found is None or role is None:
        raise Unreadable(
            _("第%(n)d行不认识签署人“%(who)s”，岗位应为：%(all)s。")
            % {"n": number, "who": text, "all": "、".join(_ROLES)}
        )
    return {"role": role, "title": (found["title"] or "").strip(), "organ": found["organ"] or ""}


def _option(number: int, text: str, step: dict[str, Any]) -> None:
    facts = {str(word): key for key, word in FACTS.items()}
    needs = {str(word): key for key, word in NEEDS.items()}
    if found := re.fullmatch(r"(\d{1,3})\s*(?:个工作)?日", text):
        step["days"] = int(found[1])
    elif text == "任一人":
        step["rule"] = ANY
    elif found := re.fullmatch(r"(\d{1,2})\s*人", text):
        step["rule"], step["quorum"] = QUORUM, int(found[1])
    elif (found := re.fullmatch(r"(限|除)\s*(.+)", text)) and found[2] in facts:
        step["when"] = ("!" if found[1] == "除" else "") + facts[found[2]]
    elif (found := re.fullmatch(r"先有\s*(.+)", text)) and found[1] in needs:
        step["needs"] = [*step.get("needs", []), needs[found[1]]]
    else:
        raise Unreadable(_("第%(n)d行不认识选项“%(what)s”。") % {"n": number, "what": text})


def _signers(step: Step) -> str:
    return AUTHOR if step.proposes else "、".join(map(_one, step.signers))


def _one(signer: Signer) -> str:
    if signer.person:
        return f"账号:{signer.person}"
    title = f"/{signer.title}" if signer.title else ""
    return f"{Role(signer.role).label}{title}{f'@{signer.organ}' if signer.organ else ''}"


def _options(step: Step) -> str:
    options = [f"{step.days}日"] if step.days else []
    if step.rule == ANY and len(step.signers) > 1:
        options.append("任一人")
    if step.rule == QUORUM:
        options.append(f"{step.quorum}人")
    if step.when:
        word = FACTS[step.when.lstrip("!")]
        options.append(f"{'除' if step.when[0] == '!' else '限'} {word}")
    options += [f"先有 {NEEDS[need]}" for need in step.needs]
    return "；".join(options)
