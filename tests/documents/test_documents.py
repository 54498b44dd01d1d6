"""Documents: registering, editions, releases, validity, corrections."""

import datetime as dt
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from gongkai.base import clock
from gongkai.base.models import AuditEntry
from gongkai.documents import actions, queries, verify
from gongkai.documents.models import Document, Edition, Release, Validity, ValidityFact
from gongkai.organs.actors import Actor
from gongkai.organs.models import Role
from gongkai.organs.refusals import Refused
from tests.documents.support import document, released
from tests.support.world import TEST, World

MAR, APR, MAY = dt.date(2019, 3, 1), dt.date(2019, 4, 1), dt.date(2019, 5, 1)


def test_only_the_organs_own_keepers_register(world: World) -> None:
    for home, role in product(("city-edu", "city", "county-b"), Role.values):
        viewer = world.viewer(home, role)
        by = Actor(
            f"staff:{viewer.person_id}", role, viewer.person_id, viewer.grants[0].post_id, viewer=viewer
        )
        if home == "city-edu" and role in ("handler", "office", "head"):
            kept = document(world, "city-edu", by=by)
            assert (kept.entered_by, kept.path) == (by.key, world.organs["city-edu"].path)
        else:
            with pytest.raises(Refused):
                document(world, "city-edu", by=by)
    assert AuditEntry.objects.filter(verb="document.add").count() == Document.objects.count() == 3


def test_nobody_else_may_touch_a_document(world: World) -> None:
    kept, by = released(world, APR), world.actor("city-edu", "head", "documents")
    edition, release = kept.editions.get(), kept.releases.get()
    fact = actions.change_validity(kept, by=TEST, kind="amended", on=MAY, decided_by="甲政〔2019〕9号")
    for attempt in (
        lambda: actions.correct_document(kept, by=by, reason="x", made_on=APR),
        lambda: actions.strike_document(kept, by=by, reason="x"),
        lambda: actions.open_edition(kept, by=by),
        lambda: actions.edit_edition(edition, by=by, title="x"),
        lambda: actions.close_edition(edition, by=by),
        lambda: actions.release(kept, by=by, channel="报刊", on=MAY),
        lambda: actions.withdraw_release(release, by=by, on=MAY, reason="x"),
        lambda: actions.correct_release(release, by=by, on=MAY, reason="x"),
        lambda: actions.void_release(release, by=by, reason="x"),
        lambda: actions.change_validity(kept, by=by, kind="repealed", on=MAY, decided_by="x"),
        lambda: actions.correct_validity(fact, by=by, on=MAY, reason="x"),
        lambda: actions.void_validity(fact, by=by, reason="x"),
    ):
        with pytest.raises(Refused):
            attempt()


@pytest.mark.parametrize(
    "number",
    [
        "洛政〔2019〕12号",
        "孟政办〔2020〕5号",
        "平法政办〔2020〕1号",
        "国办发〔2017〕1047号",
        "甲（乙）发〔1999〕1号",
    ],
)
def test_a_number_is_code_year_and_serial(world: World, number: str) -> None:
    assert document(world, number=number).number == number


@pytest.mark.parametrize(
    "number",
    [
        "洛政[2019]12号",
        "洛政（2019）12号",
        "洛政〔2019〕第12号",
        "洛政〔2019〕012号",
        "洛政〔2019〕12",
        "〔2019〕12号",
        "洛政〔19〕12号",
        "洛政〔2119〕12号",
        "甲市人民政府令第1号",
    ],
)
def test_other_spellings_are_refused_with_what_to_write(world: World, number: str) -> None:
    with pytest.raises(ValidationError, match="〔") as refused:
        document(world, number=number)
    assert list(refused.value.message_dict) == ["number"]


def test_a_number_is_used_once_in_an_organ(world: World) -> None:
    first = document(world, number="甲政〔2019〕1号")
    document(world, "city-edu", number="甲政〔2019〕1号")
    with pytest.raises(ValidationError, match="登记过"):
        document(world, number="甲政〔2019〕1号")
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document(world).pk).update(number="甲政〔2019〕1号")
    actions.strike_document(first, by=TEST, reason="重复登记")
    assert document(world, number="甲政〔2019〕1号").pk
    document(world), document(world)  # several without a number


def test_rules_only_where_the_organ_makes_rules(world: World) -> None:
    assert document(world, kind="rules", number="甲市人民政府令第1号").kind == "rules"
    for code in ("city-edu", "county-a", "town-a1"):
        with pytest.raises(ValidationError, match="规章制定权"):
            document(world, code, kind="rules")
    with pytest.raises(ValidationError, match="规章的编号"):
        document(world, kind="rules", number="令1")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "law"}, "kind"),
        ({"title": " "}, "title"),
        ({"made_on": dt.date(2022, 6, 2)}, "made_on"),
        ({"attribute": "secret"}, "attribute"),
        ({"attribute": "closed"}, "attribute_reason"),
        ({"attribute": "on_request"}, "attribute_reason"),
    ],
)
def test_bad_entries_are_refused_by_field(world: World, changes: dict, field: str) -> None:
    with clock.on_day(dt.date(2022, 6, 1)), pytest.raises(ValidationError) as refused:
        document(world, **changes)
    assert list(refused.value.message_dict) == [field]
    assert not Document.objects.exists()


def test_one_edition_is_open_at_a_time(world: World) -> None:
    kept = document(world)
    first = kept.editions.get()
    with pytest.raises(Refused, match="请先定稿"):
        actions.open_edition(kept, by=TEST)
    actions.edit_edition(first, by=TEST, title="关于测试工作的意见", body="正文")
    actions.close_edition(first, by=TEST)
    for refused in (
        lambda: actions.edit_edition(first, by=TEST, title="改"),
        lambda: actions.close_edition(first, by=TEST),
    ):
        with pytest.raises(Refused, match="定稿"):
            refused()
    second = actions.open_edition(kept, by=TEST, title="关于测试工作的意见（修订）")
    kept.refresh_from_db()
    assert (second.seq, second.body, kept.title) == (2, "正文", "关于测试工作的意见（修订）")
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(document=kept, seq=3, title="第三版")


@pytest.mark.parametrize("attribute", ["on_request", "closed"])
def test_only_what_is_open_is_released(world: World, attribute: str) -> None:
    kept = document(world, attribute=attribute, attribute_reason="条例第十六条")
    with pytest.raises(Refused, match="主动公开"):
        actions.release(kept, by=TEST, channel="政府网站", on=APR)
    actions.edit_edition(kept.editions.get(), by=TEST, attribute="open")
    assert actions.release(kept, by=TEST, channel="政府网站", on=APR).edition.closed


def test_an_earlier_edition_does_not_lend_its_attribute_to_the_newest(world: World) -> None:
    kept = released(world, APR)
    actions.open_edition(kept, by=TEST, attribute="closed", attribute_reason="条例第十五条")
    with pytest.raises(Refused, match="主动公开"):
        actions.release(kept, by=TEST, channel="政府公报", on=MAY)
    first = kept.editions.get(seq=1)
    assert actions.release(kept, by=TEST, channel="政府公报", on=MAY, edition=first).edition == first


def test_a_document_is_out_once_its_last_channel_is_withdrawn(world: World) -> None:
    kept = released(world, MAY)
    paper = actions.release(kept, by=TEST, channel="报刊", on=APR)
    web = kept.releases.get(channel__name="政府网站")
    actions.withdraw_release(paper, by=TEST, on=dt.date(2019, 6, 1), reason="停刊")
    kept.refresh_from_db()
    assert (kept.first_released_on, kept.withdrawn_on) == (APR, None)
    gone = actions.withdraw_release(web, by=TEST, on=dt.date(2019, 7, 1), reason="内容有误")
    kept.refresh_from_db()
    assert kept.withdrawn_on == dt.date(2019, 7, 1)
    with pytest.raises(Refused, match="撤下"):
        actions.withdraw_release(gone, by=TEST, on=dt.date(2019, 8, 1), reason="再撤")
    with pytest.raises(Refused, match="最新"):
        actions.withdraw_release(web, by=TEST, on=dt.date(2019, 8, 1), reason="再撤")
    actions.release(kept, by=TEST, channel="政府网站", on=dt.date(2020, 1, 1))
    kept.refresh_from_db()
    assert kept.withdrawn_on is None
    shown = [
        queries.public_documents(day).count()
        for day in (MAR, APR, dt.date(2019, 6, 30), dt.date(2019, 7, 1), dt.date(2020, 1, 1))
    ]
    assert shown == [0, 1, 1, 0, 1]


def test_a_wrong_release_is_corrected_or_taken_back(world: World) -> None:
    kept = released(world, APR)
    right = actions.correct_release(kept.releases.get(), by=TEST, reason="日期录错", on=MAY)
    kept.refresh_from_db()
    assert (kept.first_released_on, Release.objects.count()) == (MAY, 2)
    void = actions.void_release(right, by=TEST, reason="并未发布")
    kept.refresh_from_db()
    assert kept.first_released_on is None
    with pytest.raises(Refused, match="最新"):
        actions.void_release(void, by=TEST, reason="再撤")
    with pytest.raises(ValidationError, match="原因"):
        actions.correct_release(right, by=TEST, reason="")


@pytest.mark.parametrize(
    ("on", "sentence"), [(dt.date(2019, 2, 28), "早于成文"), (dt.date(2022, 6, 2), "晚于今天")]
)
def test_a_release_lies_between_making_and_today(world: World, on: dt.date, sentence: str) -> None:
    with clock.on_day(dt.date(2022, 6, 1)), pytest.raises(ValidationError, match=sentence):
        actions.release(document(world), by=TEST, channel="政府网站", on=on)


def test_a_document_ends_once(world: World) -> None:
    kept = document(world)
    actions.change_validity(kept, by=TEST, kind="amended", on=APR, decided_by="甲政〔2019〕9号")
    actions.change_validity(kept, by=TEST, kind="partly_repealed", on=MAY, decided_by="甲政〔2019〕10号")
    end = actions.change_validity(
        kept, by=TEST, kind="repealed", on=dt.date(2030, 1, 1), decided_by="甲政〔2019〕11号"
    )
    with pytest.raises(Refused, match="更正"):
        actions.change_validity(kept, by=TEST, kind="expired", on=MAY, note="有效期届满")
    with pytest.raises(ValidationError, match="不再有效"):
        actions.change_validity(kept, by=TEST, kind="amended", on=dt.date(2030, 1, 1), decided_by="x")
    days = (MAR, APR, MAY, dt.date(2029, 12, 31), dt.date(2030, 1, 1))
    assert [queries.validity_on(kept, day) for day in days] == [
        Validity.IN_FORCE,
        Validity.AMENDED,
        Validity.PARTLY_REPEALED,
        Validity.PARTLY_REPEALED,
        Validity.REPEALED,
    ]
    moved = actions.correct_validity(end, by=TEST, reason="生效日期录错", on=dt.date(2020, 1, 1))
    kept.refresh_from_db()
    assert kept.ended_on == dt.date(2020, 1, 1)
    actions.void_validity(moved, by=TEST, reason="决定被撤回")
    kept.refresh_from_db()
    assert (kept.ended_on, ValidityFact.objects.count()) == (None, 5)
    with pytest.raises(Refused, match="最新"):
        actions.correct_validity(end, by=TEST, reason="又改", on=MAY)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "in_force", "decided_by": "x"}, "kind"),
        ({"kind": "repealed"}, "decided_by"),
        ({"kind": "amended", "note": "有效期届满"}, "decided_by"),
        ({"kind": "expired"}, "decided_by"),
        ({"kind": "repealed", "decided_by": "x", "on": dt.date(2019, 2, 28)}, "on"),
    ],
)
def test_a_change_needs_its_ground(world: World, changes: dict, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.change_validity(document(world), by=TEST, **({"on": MAY} | changes))
    assert list(refused.value.message_dict) == [field]


def test_registration_is_corrected_with_a_trace(world: World) -> None:
    kept = released(world, APR)
    actions.correct_document(
        kept, by=TEST, reason="成文日期录错", made_on=dt.date(2019, 2, 1), number="甲政〔2019〕3号"
    )
    kept.refresh_from_db()
    assert (kept.made_on, kept.number) == (dt.date(2019, 2, 1), "甲政〔2019〕3号")
    detail = AuditEntry.objects.get(verb="document.correct").detail
    assert detail["before"] == {"made_on": "2019-03-01", "number": ""}
    with pytest.raises(ValidationError, match="不能晚于已登记"):
        actions.correct_document(kept, by=TEST, reason="改", made_on=MAY)
    with pytest.raises(ValidationError, match="原因"):
        actions.correct_document(kept, by=TEST, reason=" ", made_on=MAR)


def test_a_struck_document_is_over(world: World) -> None:
    kept = document(world)
    actions.strike_document(kept, by=TEST, reason="重复登记")
    with pytest.raises(Refused, match="划去"):
        actions.release(kept, by=TEST, channel="政府网站", on=APR)
    assert not queries.register_rows(world.viewer("city", "head")).exists()


def test_the_timeline_shows_corrected_entries_as_taken_back(world: World, django_assert_num_queries) -> None:
    kept = released(world, APR)
    actions.correct_release(kept.releases.get(), by=TEST, reason="日期录错", on=MAY)
    actions.change_validity(kept, by=TEST, kind="expired", on=dt.date(2020, 1, 1), note="有效期届满")
    with django_assert_num_queries(2):
        lines = [(event.on, str(event.what), event.taken_back) for event in queries.timeline(kept)]
    assert lines == [
        (MAR, "成文", False),
        (APR, "公开", True),
        (MAY, "公开", False),
        (dt.date(2020, 1, 1), "失效", False),
    ]


def test_lists_stay_in_scope(world: World, django_assert_num_queries) -> None:
    document(world), document(world, "city-edu"), document(world, "county-a")
    auditor, clerk = world.viewer("city", "auditor"), world.viewer("city-edu", "handler")
    with django_assert_num_queries(1):
        assert len({row.organ.name for row in queries.register_rows(auditor)}) == 3
    assert queries.register_rows(clerk).get().organ == world.organs["city-edu"]


def test_verify_recomputes_the_columns(world: World, django_assert_num_queries) -> None:
    for _ in range(3):
        released(world, APR)
    with django_assert_num_queries(7):
        assert verify.problems() == []
    broken = Document.objects.first()
    assert broken is not None
    Document.objects.filter(pk=broken.pk).update(ended_on=MAY, path=world.organs["city-edu"].path)
    assert verify.problems() == [
        f"政府信息第{broken.pk}号的ended_on与其记录不符",
        f"政府信息第{broken.pk}号的路径与所属机关不符",
    ]
