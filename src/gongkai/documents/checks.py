"""What must hold of a document, its wording, its releases and the changes of its validity, whoever brings them: the actions
one at a time, the bulk import by the hundred. Nothing here asks the database."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gongkai.base import clock
from gongkai.documents.kinds import Kind, rules_of
from gongkai.documents.models import ENDINGS, Document, Edition, Release, Validity, ValidityFact
from gongkai.documents.numbers import check_number
from gongkai.organs.models import Organ
from gongkai.organs.refusals import Refused


def check_record(document: Document) -> None:
    """How a document is registered, apart from numbers others have. Raises ValidationError by field."""
    document.clean_fields(exclude=["organ", "path", "theme", "genre", "group"])
    if document.made_on > clock.today():
        raise ValidationError({"made_on": _("成文日期不能晚于今天。")})
    if document.kind == Kind.RULES and not document.organ.makes_rules:
        raise ValidationError({"kind": _("本机关没有规章制定权（立法法第九十三条），不能登记规章。")})
    if document.number and not rules_of(document.kind).numbered:
        raise ValidationError({"number": _("%(kind)s不编发文字号。") % {"kind": document.get_kind_display()}})
    if document.number:
        check_number(document.number, document.kind)


def number_taken(number: str) -> ValidationError:
    """The organ has another document of that number."""
    return ValidationError({"number": _("发文字号%(number)s已登记过。") % {"number": number}})


def number_of_another(number: str, keeper: Organ) -> ValidationError:
    """The number is of a series another organ keeps."""
    words = _("%(number)s属于%(organ)s的发文字号系列；原件已在库中的请直接引用，不另存一份。")
    return ValidationError({"number": words % {"number": number, "organ": keeper.name}})


def check_edition(edition: Edition) -> None:
    """A wording and its openness. Raises ValidationError by field."""
    edition.clean_fields(exclude=["document"])
    if edition.attribute != Edition.Attribute.OPEN and not edition.attribute_reason:
        raise ValidationError({"attribute_reason": _("不主动公开的，请写明法定理由。")})
    if edition.attribute != Edition.Attribute.CLOSED and not rules_of(edition.document.kind).public:
        raise ValidationError(
            {
                "attribute": _("%(kind)s只能是不予公开，并写明理由。")
                % {"kind": edition.document.get_kind_display()}
            }
        )


def check_openness(document: Document, edition: Edition | None, *, names_posts: bool) -> Edition:
    """The wording, if it may be made public; `names_posts`: who is appointed to what is registered. Raises Refused."""
    if edition is None or edition.attribute != Edition.Attribute.OPEN:
        raise Refused(_("该文件的公开属性不是主动公开，不能发布。"))
    if rules_of(document.kind).appointments and not names_posts:
        raise Refused(_("人事任免请先登记任免事项（姓名、任命或免去、职务），再发布。"))
    return edition


def check_release(document: Document, fact: Release) -> None:
    """The days of a release, and what was given out. Raises ValidationError by field."""
    fact.clean_fields(exclude=["document", "edition", "supersedes", "onward", "channel", "account"])
    for name in ("copies", "events"):
        if getattr(fact, name) == 0:
            raise ValidationError({name: _("没有的不填；填写的应大于零。")})
    if fact.on > clock.today():
        raise ValidationError({"on": _("公开日期不能晚于今天。")})
    if fact.on < document.made_on:
        raise ValidationError({"on": _("公开日期不能早于成文日期。")})
    if fact.until is not None and fact.until < fact.on:
        raise ValidationError({"until": _("撤下日期不能早于公开日期。")})


def check_change(document: Document, fact: ValidityFact, ended_on: dt.date | None) -> None:
    """A change of validity; `ended_on`: the day another change ends the document. Raises Refused or ValidationError."""
    if not rules_of(document.kind).validity:
        raise Refused(_("%(kind)s不登记效力变化。") % {"kind": document.get_kind_display()})
    if fact.on < document.made_on:
        raise ValidationError({"on": _("生效日期不能早于成文日期。")})
    if not fact.decided_by and (fact.kind != Validity.EXPIRED or not fact.note):
        raise ValidationError(
            {"decided_by": _("请填写作出决定的文件；有效期届满等自然失效的，请在说明中写明。")}
        )
    if ended_on is None:
        return
    if fact.kind in ENDINGS:
        raise Refused(_("该文件已登记废止或失效；日期或种类有误的，请用“更正”。"))
    if fact.on >= ended_on:
        raise ValidationError({"on": _("该文件自%(day)s起已不再有效。") % {"day": ended_on.isoformat()}})
