"""Types of document and their rules, catalogue data, value lists, joint issue, appointments."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from gongkai.base.models import AuditEntry
from gongkai.documents import actions, classifying, describing, queries
from gongkai.documents.describing import Filled
from gongkai.documents.kinds import RULES, Kind, public_choices
from gongkai.documents.models import Classification, Document
from gongkai.organs.actors import system
from gongkai.organs.refusals import Refused
from gongkai.organs.scope import rows
from tests.documents.support import document, released
from tests.support.world import TEST, World

APR = dt.date(2019, 4, 1)
CLOSED = {"attribute": "closed", "attribute_reason": "条例第十六条第一款（内部工作流程）"}


def test_every_type_has_its_rules_and_the_two_statutory_keys_stay() -> None:
    assert set(RULES) == set(Kind)
    assert [kind.value for kind in Kind][:3] == ["rules", "normative_docs", "other"]
    assert max(len(kind.value) for kind in Kind) <= 20
    assert "telegram" not in dict(public_choices())


@pytest.mark.seed("S284")
def test_a_telegram_is_never_open_and_only_seen_inside(world: World) -> None:
    with pytest.raises(ValidationError, match="只能是不予公开"):
        document(world, kind="telegram", title="关于防汛值守的明电")
    with pytest.raises(ValidationError, match="法定理由"):
        document(world, kind="telegram", attribute="closed")
    kept = document(
        world, kind="telegram", title="关于防汛值守的明电", number="甲政明电〔2019〕1号", **CLOSED
    )
    with pytest.raises(ValidationError, match="只能是不予公开"):
        actions.edit_edition(kept.editions.get(), by=TEST, attribute="open")
    with pytest.raises(Refused, match="主动公开"):
        actions.release(kept, by=TEST, channel="政府网站", on=APR)
    assert not queries.public_documents(dt.date(2030, 1, 1)).exists()
    assert rows(world.viewer("city", "handler"), Document).filter(kind="telegram").exists()
    assert not rows(world.viewer("city-edu", "handler"), Document).filter(kind="telegram").exists()


def test_an_open_document_does_not_become_a_telegram(world: World) -> None:
    kept = document(world, kind="notice")
    with pytest.raises(ValidationError, match="只能是不予公开"):
        actions.correct_document(kept, by=TEST, reason="类型录错", kind="telegram")
    kept.refresh_from_db()
    assert kept.kind == "notice"


def test_what_is_not_numbered_or_not_in_force_says_so(world: World) -> None:
    with pytest.raises(ValidationError, match="不编发文字号"):
        document(world, kind="chronicle", number="甲政〔2019〕1号")
    with pytest.raises(Refused, match="不登记效力"):
        actions.change_validity(document(world, kind="notice"), by=TEST, kind="expired", on=APR, note="届满")


def test_personnel_names_person_post_and_action_before_release(world: World) -> None:
    kept = document(world, kind="personnel", title="关于张某任职的通知")
    with pytest.raises(Refused, match="任免事项"):
        actions.release(kept, by=TEST, channel="政府网站", on=APR)
    lines = describing.parse_appointments("张某 任命 市教育局局长\n\n李某，免去，市教育局局长职务")
    actions.set_appointments(kept, by=TEST, lines=lines)
    actions.release(kept, by=TEST, channel="政府网站", on=APR)
    assert [(one.person, one.action, one.position) for one in kept.appointments.all()] == [
        ("张某", "appointed", "市教育局局长"),
        ("李某", "removed", "市教育局局长职务"),
    ]
    with pytest.raises(Refused, match="已公开"):
        actions.set_appointments(kept, by=TEST, lines=lines)
    with pytest.raises(Refused, match="人事任免"):
        actions.set_appointments(document(world), by=TEST, lines=lines)


def test_a_line_that_is_no_appointment_is_named() -> None:
    with pytest.raises(ValidationError, match="第2行"):
        describing.parse_appointments("张某 任命 局长\n李某 调任 局长")
    assert describing.parse_appointments("张某 免去 局长") == [Filled("张某", "removed", "局长")]


@pytest.mark.seed("S023")
def test_only_the_lead_of_a_joint_document_proposes_its_attribute(world: World) -> None:
    kept = document(world, title="关于联合整治的通知")
    actions.set_co_organs(kept, by=TEST, names=["甲市教育局", "乙市供电公司", "甲市教育局"])
    co_organs = list(kept.co_organs.all())
    assert [(one.name, one.organ) for one in co_organs] == [
        ("甲市教育局", world.organs["city-edu"]),
        ("乙市供电公司", None),
    ]
    assert describing.issuers(kept) == ["甲市人民政府", "甲市教育局", "乙市供电公司"]
    edition = kept.editions.get()
    for role in ("handler", "office", "head"):
        with pytest.raises(Refused):
            actions.edit_edition(
                edition,
                by=world.actor("city-edu", role, "documents"),
                attribute="on_request",
                attribute_reason="条例第十六条",
            )
    lead = world.actor("city", "handler", "documents")
    assert actions.edit_edition(edition, by=lead, attribute="on_request", attribute_reason="条例第十六条")
    with pytest.raises(ValidationError, match="主办机关"):
        actions.set_co_organs(kept, by=TEST, names=["甲市人民政府"])


def test_catalogue_data_is_kept_with_what_it_was_before(world: World) -> None:
    kept = document(world)
    theme = Classification.objects.get(scheme="theme", code="0201")
    actions.describe(
        kept,
        by=TEST,
        theme=theme,
        summary=" 说明公开工作。 ",
        keywords="政务公开 年报",
        effective_on=dt.date(2019, 5, 1),
        valid_until=dt.date(2024, 4, 30),
        openness=["decision", "result"],
    )
    kept.refresh_from_db()
    assert (kept.theme, kept.summary, kept.openness) == (theme, "说明公开工作。", ["decision", "result"])
    actions.describe(kept, by=TEST, summary="")
    detail = AuditEntry.objects.filter(verb="document.describe").order_by("pk").last()
    assert detail is not None
    assert detail.detail == {
        "before": {"summary": "说明公开工作。"},
        "fields": ["summary"],
    }


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"effective_on": dt.date(2019, 2, 1)}, "effective_on"),
        ({"valid_until": dt.date(2019, 2, 1)}, "valid_until"),
        ({"openness": ["all"]}, "openness"),
        ({"keywords": "字" * 201}, "keywords"),
    ],
)
def test_wrong_catalogue_data_is_refused_by_field(world: World, data: dict, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.describe(document(world), by=TEST, **data)
    assert list(refused.value.message_dict) == [field]


def test_a_theme_is_no_genre_and_a_stranger_may_not_describe(world: World) -> None:
    kept, theme = document(world), Classification.objects.filter(scheme="theme").first()
    with pytest.raises(ValidationError, match="对应的分类表"):
        actions.describe(kept, by=TEST, genre=theme)
    with pytest.raises(Refused):
        actions.describe(kept, by=world.actor("city-edu", "head", "documents"), summary="x")


def test_value_lists_ship_and_are_versioned(world: World) -> None:
    assert classifying.ensure_shipped() == 0, "shipped with the migration, and again without a second copy"
    day = dt.date(2022, 1, 1)
    assert classifying.in_use(day, "theme").filter(parent__isnull=True).count() == 22
    assert classifying.in_use(day, "group").filter(code__startswith="A", parent__isnull=False).count() == 15
    old = Classification.objects.get(scheme="theme", code="17")
    new = actions.add_classification(
        by=TEST, scheme="theme", code="17", name="民政、乡村振兴、救灾", valid_from=dt.date(2021, 6, 1)
    )
    old.refresh_from_db()
    assert old.valid_to == dt.date(2021, 5, 31)
    assert list(classifying.in_use(day, "theme").filter(code="17")) == [new]
    with pytest.raises(ValidationError, match="已有分类"):
        actions.add_classification(
            by=TEST, scheme="theme", code="17", name="x", valid_from=dt.date(2020, 1, 1)
        )
    actions.end_classification(new, by=TEST, on=day)
    with pytest.raises(Refused, match="使用到"):
        actions.end_classification(new, by=TEST, on=day)
    with pytest.raises(Refused):
        actions.add_classification(
            by=world.actor("county-a", "handler", "documents"),
            scheme="theme",
            code="99",
            name="x",
            valid_from=day,
        )


def test_the_review_binds_what_will_be_read(world: World) -> None:
    from gongkai.documents.reviewing import subject_of

    kept = released(world, APR)
    before = subject_of(kept.editions.get()).digest
    actions.describe(kept, by=system("test"), keywords="年报")
    assert subject_of(kept.editions.get()).digest == before, "how it is filed is not what is read"
