"""The short forms of a run's page, and the room's action behind each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from gongkai.base.forms import offer
from gongkai.desk.register.forms import ActionForm, date_field
from gongkai.desk.register.scoped import ScopedChoice
from gongkai.organs import queries as organs
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ, Person, Post
from gongkai.review import actions
from gongkai.review.chains import FACTS
from gongkai.review.course import AUTHOR
from gongkai.review.models import (
    ConsultationReply,
    ReviewDelegation,
    ReviewOpinion,
    ReviewRun,
    SecrecyConclusion,
)
from gongkai.review.queries import RunPage
from gongkai.review.subjects import Subject

Opinion = ReviewOpinion.Opinion


def _words(
    label: Any, *, required: bool = True, longest: int = 1000, rows: int = 3, help_text: Any = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class RunForm(ActionForm):
    """A form of the run's page; `record` is the page. `run(by)` calls the room's action."""

    record: RunPage
    done: Any = _("已办理。")

    def run(self, by: Actor) -> Any:
        raise NotImplementedError


class Opine(RunForm):
    done = _("意见已签署。")
    opinion = forms.ChoiceField(
        label=_("意见"),
        choices=[
            (one, Opinion(one).label) for one in (Opinion.AGREE, Opinion.AGREE_CHANGED, Opinion.DISAGREE)
        ],
        widget=forms.RadioSelect,
    )
    text = _words(_("意见内容"), required=False, help_text=_("修改后同意的写明改什么，不同意的写明理由"))
    raises = forms.MultipleChoiceField(
        label=_("同时指出"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("后面的步骤随之增减"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        conditions = {step.when.lstrip("!") for step in self.record.course.steps if step.when}
        open_facts = [key for key in FACTS if key in conditions - self.record.course.facts]
        if open_facts:
            offer(self, "raises", [(key, FACTS[key]) for key in open_facts])
        else:
            del self.fields["raises"]

    def run(self, by: Actor) -> Any:
        return actions.opine(by=by, run=self.record.run, **self.cleaned_data)


class Return(RunForm):
    done = _("已退回。")
    to_step = forms.TypedChoiceField(label=_("退回给"), coerce=int)
    text = _words(_("理由"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = {step.order: step.title for step in self.record.course.steps}
        words = {
            order: _g("第%(n)d步　%(title)s") % {"n": order, "title": title} for order, title in steps.items()
        }
        words[AUTHOR] = _g("送审人")
        offer(self, "to_step", [(order, words[order]) for order in self.record.returnable])

    def run(self, by: Actor) -> Any:
        return actions.return_(by=by, run=self.record.run, **self.cleaned_data)


class _Text(RunForm):
    text = _words(_("说明"))
    action: Any

    def run(self, by: Actor) -> Any:
        return type(self).action(by=by, run=self.record.run, **self.cleaned_data)


class Amend(_Text):
    done, action = _("已送回，继续审签。"), staticmethod(actions.amend)
    text = _words(_("怎样修改的"))


class Resubmit(_Text):
    done, action = _("已重新送审。"), staticmethod(actions.resubmit)
    text = _words(_("说明"), help_text=_("怎样修改的，或者为什么没有修改"))


class Withdraw(_Text):
    done, action = _("已撤回，可以修改后再送。"), staticmethod(actions.withdraw)
    text = _words(_("理由"))


class Secrecy(RunForm):
    """Six questions and what follows from them."""

    done = _("保密审查结论已登记。")
    conclusion = forms.ChoiceField(
        label=_("结论"), choices=SecrecyConclusion.Conclusion.choices, widget=forms.RadioSelect
    )
    redaction = _words(_("删减了什么"), required=False, rows=2, help_text=_("部分公开的必填"))
    note = _words(
        _("说明"),
        required=False,
        rows=2,
        help_text=_("不得公开、报请确定的写明理由；初筛有提示的写明核对结果"),
    )
    consulted = forms.CharField(label=_("咨询的部门"), required=False, max_length=200)
    consulted_reply = _words(_("该部门的答复"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = {
            f"q_{key}": forms.ChoiceField(
                label=label, choices=[("", _g("请选择")), *SecrecyConclusion.Answer.choices]
            )
            for key, label in SecrecyConclusion.QUESTIONS.items()
        }
        self.fields = {**questions, **self.fields}

    def take(self, error: ValidationError) -> None:
        if hasattr(error, "error_dict") and "answers" in error.error_dict:
            error = ValidationError(error.message_dict["answers"])
        super().take(error)

    def run(self, by: Actor) -> Any:
        given = dict(self.cleaned_data)
        answers = {key: given.pop(f"q_{key}") for key in SecrecyConclusion.QUESTIONS}
        return actions.conclude_secrecy(by=by, run=self.record.run, answers=answers, **given)


class Consult(RunForm):
    done = _("征询已登记，在本系统办公的机关会在“审签”里看到。")
    names = _words(_("被征询机关"), help_text=_("一行一个；不在本系统办公的，写全称，另行发函"))
    question = _words(_("征询内容"))

    def run(self, by: Actor) -> Any:
        found: list[Organ] = []
        outside: list[str] = []
        for name in dict.fromkeys(
            line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()
        ):
            try:
                found.append(organs.by_any_name(name))
            except ValidationError as error:
                if "多个" in "".join(error.messages):
                    raise ValidationError({"names": error.messages}) from error
                outside.append(name)
        return actions.consult(
            by=by, run=self.record.run, question=self.cleaned_data["question"], organs=found, outside=outside
        )


FORMS: dict[str, type[RunForm]] = {
    "opine": Opine,
    "return": Return,
    "amend": Amend,
    "resubmit": Resubmit,
    "withdraw": Withdraw,
    "conclude_secrecy": Secrecy,
    "consult": Consult,
}


class Submit(ActionForm):
    """Submit a subject to review; `record` is the subject."""

    template = forms.ChoiceField(label=_("审签流程"))
    facts = forms.MultipleChoiceField(
        label=_("情形"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("有的步骤只在这些情形下需要"),
    )
    text = _words(_("送审意见"), required=False, help_text=_("建议的公开属性和理由"))

    record: Subject

    def __init__(self, *args: Any, templates: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.templates = {str(one.pk): one for one in templates}
        offer(self, "template", [(key, one.title) for key, one in self.templates.items()])
        offer(self, "facts", [(key, word) for key, word in FACTS.items() if key not in self.record.facts])


class Reply(ActionForm):
    """A party's answer; `record` is the party."""

    kind = forms.ChoiceField(
        label=_("答复"),
        choices=[
            (one, ConsultationReply.Kind(one).label)
            for one in (
                ConsultationReply.Kind.AGREES,
                ConsultationReply.Kind.AGREES_CHANGED,
                ConsultationReply.Kind.OBJECTS,
            )
        ],
        widget=forms.RadioSelect,
    )
    agreed_text = _words(_("商定的表述"), required=False, longest=2000)
    text = _words(_("说明"), required=False, help_text=_("不同意的写明理由；代为登记的写明来函日期和文号"))
    on = date_field(_("答复日期"), required=False, help_text=_("留空为今天"))


def _own_posts(who: Any, record: Any) -> Any:
    ids = [grant.post_id for grant in who.grants if grant.delegated_from is None]
    return Post.objects.filter(pk__in=ids).select_related("organ").order_by("organ__path", "role")


def _colleagues(who: Any, record: Any) -> Any:
    found = Person.objects.none()
    for post in _own_posts(who, record):
        found = found | organs.colleagues(post)
    return found.distinct()


def _open_runs(who: Any, record: Any) -> Any:
    from gongkai.organs import scope

    return scope.rows(who, ReviewRun).filter(closed_on__isnull=True)


class Authorise(ActionForm):
    """Let a colleague sign for one of one's own posts."""

    post = ScopedChoice(Post, label=_("岗位"), rows=_own_posts)
    to = ScopedChoice(Person, label=_("受权人"), rows=_colleagues, order="name")
    valid_from = date_field(_("自"))
    valid_to = date_field(_("至"))
    chain = forms.SlugField(
        label=_("只限一个流程"), required=False, max_length=20, help_text=_("填流程代号；留空为全部流程")
    )
    run = ScopedChoice(
        ReviewRun, label=_("只限一件"), rows=_open_runs, order="-pk", required=False, empty_label=_("不限")
    )
    reason = forms.CharField(
        label=_("事由"), max_length=ReviewDelegation._meta.get_field("reason").max_length
    )
