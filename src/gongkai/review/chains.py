"""What a chain of signatures is made of: steps in order, who signs each, and when a step is passed over.

A chain is kept as plain data in a version that is never changed; :func:`read` turns it into these shapes and says what is
wrong with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.organs.models import Role

MOST_STEPS = 20
MOST_SIGNERS = 12
SIGNING_ROLES = (Role.HANDLER, Role.OFFICE, Role.HEAD, Role.SECRECY, Role.LEADER)

# What a subject may say of itself, and a signer may add; a step can depend on one of them.
FACTS = {
    "doubtful": gettext_lazy("拿不准能否公开"),
    "joint": gettext_lazy("联合发文"),
    "not_open": gettext_lazy("拟不主动公开"),
    "policy": gettext_lazy("政策性文件"),
    "other_organs": gettext_lazy("涉及其他机关"),
}
ANY, ALL, QUORUM = "any", "all", "quorum"
RULES = {ANY: gettext_lazy("任一人"), ALL: gettext_lazy("全部"), QUORUM: gettext_lazy("达到人数")}
SECRECY, CONSULTATION = "secrecy", "consultation"
NEEDS = {SECRECY: gettext_lazy("保密审查结论"), CONSULTATION: gettext_lazy("征询意见的答复")}


@dataclass(frozen=True)
class Signer:
    """Who gives one signature: a role at an organ or internal unit (`organ` by code; "" is the subject's own), narrowed by
    the title of the post, or a person by account."""

    role: str = ""
    organ: str = ""
    title: str = ""
    person: str = ""

    @property
    def words(self) -> str:
        """The signer as the sheet names them."""
        if self.title:
            return self.title
        return str(Role(self.role).label) if self.role else self.person


@dataclass(frozen=True)
class Step:
    """One step. `proposes`: done by the author on submitting, and only the first can be. `when` names a fact without
    which the step is passed over (``!joint``: with which). `days` are working days to sign in, 0 for no term."""

    order: int
    title: str
    signers: tuple[Signer, ...] = ()
    rule: str = ALL
    quorum: int = 0
    when: str = ""
    days: int = 0
    proposes: bool = False
    needs: tuple[str, ...] = field(default=())

    def applies(self, facts: Iterable[str]) -> bool:
        """Whether the step is taken, given what is known of the subject."""
        if not self.when:
            return True
        negated = self.when.startswith("!")
        return (self.when.lstrip("!") in set(facts)) is not negated

    def wanted(self) -> int:
        """How many signatures make the step complete."""
        return {ANY: 1, ALL: len(self.signers)}.get(self.rule, self.quorum)

    @property
    def condition(self) -> str:
        """The condition in words, "" for none."""
        if not self.when:
            return ""
        fact = FACTS[self.when.lstrip("!")]
        return _("不属于“%(fact)s”时") % {"fact": fact} if self.when[0] == "!" else str(fact)

    @property
    def who(self) -> str:
        """Who signs, in words."""
        if self.proposes:
            return _("送审人")
        names = "、".join(signer.words for signer in self.signers)
        if len(self.signers) < 2:
            return names
        rule = _("达到%(n)d人") % {"n": self.quorum} if self.rule == QUORUM else RULES[self.rule]
        return _("%(names)s会签（%(rule)s）") % {"names": names, "rule": rule}


def read(data: Any) -> tuple[Step, ...]:
    """The steps kept as data. Raises ValidationError that names the step."""
    if not isinstance(data, list) or not data:
        raise ValidationError({"steps": _("审签流程至少要有一步。")})
    if len(data) > MOST_STEPS:
        raise ValidationError({"steps": _("审签流程最多%(n)d步。") % {"n": MOST_STEPS}})
    steps = tuple(_step(order, one) for order, one in enumerate(data, start=1))
    if not any(not step.proposes and not step.when for step in steps):
        raise ValidationError({"steps": _("至少要有一步是每件都须由别人签署的。")})
    return steps


def write(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Plain data again."""
    return [{name: value for name, value in asdict(step).items() if name != "order"} for step in steps]


def _step(order: int, one: Any) -> Step:
    try:
        signers = tuple(Signer(**signer) for signer in one.get("signers", ()))
        step = Step(
            **{
                **{name: value for name, value in one.items() if name != "order"},
                "order": order,
                "signers": signers,
                "needs": tuple(one.get("needs", ())),
            }
        )
    except (TypeError, AttributeError) as error:
        raise ValidationError({"steps": _("第%(n)d步的写法不对。") % {"n": order}}) from error
    if problem := _problem(step):
        raise ValidationError({"steps": _("第%(n)d步：%(why)s") % {"n": order, "why": problem}})
    return step


def _problem(step: Step) -> str:
    checks: tuple[tuple[bool, str], ...] = (
        (not isinstance(step.title, str) or not step.title.strip(), _("请写明这一步的名称。")),
        (step.rule not in RULES, _("会签方式不对。")),
        (bool(step.when) and step.when.lstrip("!") not in FACTS, _("条件不对。")),
        (bool(set(step.needs) - set(NEEDS)), _("前提不对。")),
        (not isinstance(step.days, int) or not 0 <= step.days <= 60, _("期限应为0至60个工作日。")),
        (step.proposes and step.order != 1, _("只有第一步可以由送审人提出。")),
        (step.proposes and bool(step.signers), _("由送审人提出的一步，不另写签署人。")),
        (step.proposes and bool(step.when), _("由送审人提出的一步不能附条件。")),
        (not step.proposes and not step.signers, _("请写明由谁签署。")),
        (len(step.signers) > MOST_SIGNERS, _("一步最多%(n)d人会签。") % {"n": MOST_SIGNERS}),
        (
            step.rule == QUORUM
            and not (isinstance(step.quorum, int) and 1 <= step.quorum <= len(step.signers)),
            _("会签人数应在1和签署人总数之间。"),
        ),
    )
    found = next((words for wrong, words in checks if wrong), "")
    return found or next((problem for signer in step.signers if (problem := _signer_problem(signer))), "")


def _signer_problem(signer: Signer) -> str:
    if not signer.role and not signer.person:
        return _("签署人应为岗位或者人员。")
    if signer.role and signer.role not in {role.value for role in SIGNING_ROLES}:
        return _("“%(role)s”不能签署。") % {"role": signer.role}
    return ""


@cache
def shipped() -> Mapping[str, Mapping[str, Any]]:
    """The chains that come with the software, by key: title, where they are from, steps."""
    text = resources.files("gongkai.review").joinpath("data", "chains.json").read_text("utf-8")
    return {one["key"]: one for one in json.loads(text)}
