"""What feeds a column, as data: each rule narrows the documents in every way it names, and a column shows what any of its
rules brings. Which keys a rule may name is the documents' business; here it is only shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OWN, SUBTREE = "own", "subtree"
MOST_RULES = 6


@dataclass(frozen=True)
class Rule:
    """`kinds`: types of document. `groups`, `themes`: codes of 组配分类 and 主题分类; an entry above stands for those below
    it. `organs`: the organ's own documents or those of all below it too. `in_force`: only what is in force. `channels`:
    keys of channels it was released through; empty is any. What is empty narrows nothing, but one of the first three is given."""

    kinds: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    organs: str = OWN
    in_force: bool = False
    channels: tuple[str, ...] = ()

    def dump(self) -> dict[str, Any]:
        """As a column keeps it."""
        plain = {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }
        return {name: value for name, value in plain.items() if value}


def load(feed: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """A column's feed as rules."""
    return tuple(_rule(one) for one in feed)


def _rule(kept: Mapping[str, Any]) -> Rule:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
    }
    return Rule(**values)


def check(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """The rules as a column may keep them. Raises ValidationError."""
    given = list(rules)
    if len(given) > MOST_RULES:
        raise ValidationError({"feed": _("一个栏目最多%(most)d条来源。") % {"most": MOST_RULES}})
    for rule in given:
        if rule.organs not in (OWN, SUBTREE):
            raise ValidationError({"organs": _("请选择本机关或者本机关及下级。")})
        if not (rule.kinds or rule.groups or rule.themes):
            raise ValidationError({"kinds": _("请至少选定文件类型、组配分类、主题分类中的一项。")})
    return [rule.dump() for rule in given]
