"""What feeds a column, as a form and as a sentence: every rule of it, and room for one more."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base import clock
from gongkai.catalogue import feeds
from gongkai.catalogue.feeds import Rule
from gongkai.desk.register.forms import ActionForm, date_field, reason_field
from gongkai.documents import channels, columns
from gongkai.documents.kinds import Kind, public_choices
from gongkai.documents.models import Channel


class _Codes(forms.CharField):
    """Codes of a value list, parted by blanks or commas."""

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(value)
        return tuple(dict.fromkeys(text.replace("，", " ").replace(",", " ").replace("、", " ").split()))

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, tuple) else value


class RulesForm(ActionForm):
    """The rules of a column (`record`), one below the other; one that is cleared is removed. The rules stand in
    ``cleaned_data`` as `feed`."""

    on = date_field(_("日期"))
    reason = reason_field(_("原因或依据"), required=False)
    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, record: Any, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        present = feeds.load(record.feed)
        offered = _channel_choices(record.path, {key for rule in present for key in rule.channels})
        self._places = [*present, Rule()][: feeds.MOST_RULES]
        rules: dict[str, forms.Field] = {}
        for number, rule in enumerate(self._places, 1):
            said = _g("来源%(n)d") if rule != Rule() else _g("另加来源%(n)d")
            for name, field in _fields(rule, offered).items():
                field.label = f"{said % {'n': number}}：{field.label}"
                rules[f"{name}_{number}"] = field
        self.fields = rules | self.fields
        self.fields["was"].initial = _mark(record)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("was") != _mark(self.record):
            self.add_error(None, _g("打开这一页以后，内容来源已有变更，请重新打开再改。"))
            return given
        rules = [self._rule(number, given) for number in range(1, len(self._places) + 1)]
        said = {"on": given.get("on"), "reason": given.get("reason", "")}
        return {"feed": [rule for rule in rules if rule is not None], **said}

    def _rule(self, number: int, given: Mapping[str, Any]) -> Rule | None:
        """The rule at a place, None where there is none (any more)."""
        rule = Rule(
            **{name: tuple(given.get(f"{name}_{number}") or ()) for name in _NARROWING},
            organs=given.get(f"organs_{number}") or feeds.OWN,
            in_force=bool(given.get(f"in_force_{number}")),
        )
        if rule.kinds or rule.groups or rule.themes:
            for wrong in columns.check_rule(rule):
                at = next(name for name in _NARROWING if wrong in getattr(rule, name))
                self.add_error(f"{at}_{number}", _g("没有这样的代码：%(code)s。") % {"code": wrong})
            return rule
        if rule.in_force or rule.channels:
            words = _g("请至少选定文件类型、组配分类、主题分类中的一项；不要这条来源的，请全部清空。")
            self.add_error(f"kinds_{number}", words)
        return None


_NARROWING = ("kinds", "groups", "themes", "channels")


def _mark(column: Any) -> str:
    """By which a form knows whether the feed is still the one it showed."""
    return json.dumps(column.feed, sort_keys=True)


def _channel_choices(path: str, named: set[str]) -> list[tuple[str, str]]:
    """The channels the organ may use or could, each by its last name, and those a rule names already."""
    found = dict(channels.known([path], clock.today()).order_by("pk").values_list("key", "name"))
    return [*found.items(), *((key, name or key) for key, name in _names(named - set(found)).items())]


def _names(keys: set[str]) -> dict[str, str]:
    rows = Channel.objects.filter(key__in=keys).order_by("valid_from", "pk") if keys else ()
    return dict.fromkeys(sorted(keys), "") | {row.key: row.name for row in rows}


def _fields(rule: Rule, offered: Sequence[tuple[str, str]]) -> dict[str, forms.Field]:
    return {
        "kinds": forms.MultipleChoiceField(
            label=_("文件类型"),
            choices=public_choices,
            initial=rule.kinds,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("都不选即不限"),
        ),
        "groups": _Codes(
            label=_("组配分类代码"),
            initial=rule.groups,
            required=False,
            help_text=_("如 A07 B1；写上级代码即包括其下各类"),
        ),
        "themes": _Codes(
            label=_("主题分类代码"), initial=rule.themes, required=False, help_text=_("如 02 0201")
        ),
        "organs": forms.ChoiceField(
            label=_("哪些机关的"),
            choices=[(feeds.OWN, _("只是本机关的")), (feeds.SUBTREE, _("本机关和全部下级的"))],
            initial=rule.organs,
        ),
        "in_force": forms.BooleanField(label=_("只列现行有效的"), initial=rule.in_force, required=False),
        "channels": forms.MultipleChoiceField(
            label=_("公开渠道"),
            choices=offered,
            initial=rule.channels,
            required=False,
            widget=forms.SelectMultiple(attrs={"size": 4}),
            help_text=_("只列经这些渠道公开的；不选即不限"),
        ),
    }


# --- as a sentence ----------------------------------------------------------------------------------------------------


def feed_words(feed: Sequence[Mapping[str, Any]]) -> str:
    """A feed as a sentence for the register. One query when a rule names channels."""
    rules = feeds.load(feed)
    names = _names({key for rule in rules for key in rule.channels})
    return "；".join(_rule_words(rule, names) for rule in rules) or _g("不自动收入，汇集下级栏目")


def _rule_words(rule: Rule, names: Mapping[str, str]) -> str:
    labels = dict(Kind.choices)
    through = "、".join(names[key] or key for key in rule.channels)
    said = [
        _g("本机关及下级") if rule.organs == feeds.SUBTREE else _g("本机关"),
        "、".join(str(labels.get(kind, kind)) for kind in rule.kinds),
        _g("组配分类 %(codes)s") % {"codes": " ".join(rule.groups)} if rule.groups else "",
        _g("主题 %(codes)s") % {"codes": " ".join(rule.themes)} if rule.themes else "",
        _g("现行有效") if rule.in_force else "",
        _g("经%(channels)s公开") % {"channels": through} if through else "",
    ]
    return "，".join(one for one in said if one)
