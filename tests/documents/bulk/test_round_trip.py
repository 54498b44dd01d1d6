"""What goes out comes in again: every format, every fact, the files too."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.base import files
from gongkai.documents import actions, channels
from gongkai.documents import verify as documents_verify
from gongkai.documents.bulk import exporting
from gongkai.documents.bulk.models import OutsideKey
from gongkai.documents.kinds import Kind, rules_of
from gongkai.documents.models import (
    Attachment,
    Document,
    Edition,
    NumberSeries,
    Openness,
    Release,
    ValidityFact,
)
from tests.documents.bulk.support import bring_rows, read
from tests.support.world import TEST, World

pytestmark = pytest.mark.django_db
_DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2019, 12, 31))
# what a person may type; the first character never a blank, which every way of entry strips
_TEXT = (
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=["Cc", "Cs", "Z"], exclude_characters="\ufeff\ufffe\uffff"
        ),
        min_size=1,
        max_size=30,
    )
    .map(str.strip)
    .filter(bool)
)
_AWKWARD = st.sampled_from(
    ["=1+1", "@甲", "'引", "'=1", "+86", "-", "－1", '"甲"', "甲,乙", "a\nb", "%d", "{}"]
)
_WORDS = _TEXT | _AWKWARD


@st.composite
def _rows(draw: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from([kind for kind in Kind if rules_of(kind).public and kind != Kind.PERSONNEL]))
    made_on = draw(_DAYS)
    out = draw(st.lists(st.integers(0, 40), max_size=2, unique=True))
    return {
        "kind": kind.value,
        "title": draw(_WORDS).replace("\n", " "),
        "made_on": made_on,
        "body": f"{made_on.month}月{made_on.day}日　" * rules_of(kind).by_date + draw(_WORDS),
        "summary": draw(st.just("") | _WORDS),
        "openness": draw(st.lists(st.sampled_from(Openness.values), unique=True, max_size=3)),
        "releases": [made_on + dt.timedelta(days=after) for after in sorted(out)],
        "withdrawn": draw(st.booleans()),
        "ended": draw(st.booleans()) and rules_of(kind).validity,
    }


def _register(world: World, number: int, row: dict[str, Any]) -> None:
    document = actions.add_document(
        by=TEST,
        organ=world.organs["city"],
        kind=row["kind"],
        title=row["title"],
        made_on=row["made_on"],
        body=row["body"],
        number=f"甲政〔2018〕{number}号" if rules_of(row["kind"]).numbered else "",
    )
    actions.describe(document, by=TEST, summary=row["summary"], openness=row["openness"])
    OutsideKey.objects.create(document=document, path=document.path, key=f"旧-{number}")
    for place, on in enumerate(row["releases"]):
        fact = actions.release(
            document,
            by=TEST,
            channel=("政府网站", "政府公报")[place],
            on=on,
            carrier="第3期" if place else "",
        )
        if row["withdrawn"] and not place:
            actions.withdraw_release(fact, by=TEST, on=on + dt.timedelta(days=9), reason="改版")
    if row["ended"]:
        actions.change_validity(
            document, by=TEST, kind="repealed", on=dt.date(2021, 1, 1), decided_by="甲政〔2021〕1号"
        )


def _picture() -> list[Any]:
    """Everything the register says, without keys."""
    found = []
    for document in Document.objects.order_by("outside_key__key"):
        plain = {
            field.name: getattr(document, field.attname)
            for field in Document._meta.concrete_fields
            if field.name not in ("id", "recorded_at")
        }
        edition = document.editions.get()
        facts = document.validity_facts.values_list("kind", "on", "decided_by", "note")
        shown = document.releases.order_by("on", "channel", "until").values_list(
            "channel__key", "on", "at", "until", "carrier", "reason"
        )
        papers = edition.attachments.values_list("seq", "role", "title", "file__sha256")
        wording = (edition.title, edition.body, edition.rich, edition.attribute, edition.closed)
        found.append((plain, wording, list(facts), list(shown), list(papers), document.outside_key.key))
    return found


def _empty() -> None:
    for model in (ValidityFact, Release, Attachment, Edition, OutsideKey, Document, NumberSeries):
        rows = model._default_manager.all()
        rows._raw_delete(rows.db)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_rows(), min_size=1, max_size=4), kind=st.sampled_from(exporting.FORMATS))
def test_what_goes_out_comes_in_again(world: World, rows: list[dict[str, Any]], kind: str) -> None:
    for number, row in enumerate(rows, start=1):
        _register(world, number, row)
    before = _picture()
    content = b"".join(exporting.pieces(kind, exporting.lines(Document.objects.order_by("pk"))))
    _empty()
    done = bring_rows(read(content, f"表.{kind}"), organ=world.organs["city"])
    assert (done.counts.taken, done.words) == (len(rows), [])
    assert _picture() == before
    assert documents_verify.problems() == []
    _empty()


def test_files_go_along_in_the_zip(world: World, tmp_path: Path) -> None:
    channels.ensure_shipped_channels()
    document = actions.add_document(
        by=TEST, organ=world.organs["city"], kind="notice", title="公告", made_on=dt.date(2020, 1, 2)
    )
    OutsideKey.objects.create(document=document, path=document.path, key="旧-1")
    edition = document.editions.get()
    for name, content in (("说明：第1稿;甲.txt", "内容".encode()), ("说明.txt", b"other")):
        actions.attach(edition, by=TEST, name=name, content=content)
    actions.attach(edition, by=TEST, name="签批.txt", content=b"signed", role="original")
    actions.release(document, by=TEST, channel="政府网站", on=dt.date(2020, 1, 3))
    rows = Document.objects.order_by("pk")
    packed = tmp_path / "导出.zip"
    packed.write_bytes(
        b"".join(exporting.zip_pieces("csv", exporting.lines(rows), exporting.attachments_of(rows)))
    )
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        table = archive.read("文件.csv")
        assert len(archive.namelist()) == 4
    before = [(one.seq, one.role, files.read(one.file)) for one in Attachment.objects.order_by("seq")]
    _empty()
    done = bring_rows(read(table, "文件.csv"), organ=world.organs["city"], files=packed)
    assert (done.counts.taken, done.counts.attached, done.words) == (1, 3, [])
    roles = [(one.role, files.read(one.file)) for one in Attachment.objects.order_by("seq")]
    assert roles == [(role, content) for _seq, role, content in before]


def test_what_a_cell_cannot_hold_is_not_cut_in_silence(world: World) -> None:
    actions.add_document(
        by=TEST,
        organ=world.organs["city"],
        kind="notice",
        title="长文",
        made_on=dt.date(2020, 1, 2),
        body="字" * 40_000,
    )
    rows = Document.objects.all()
    sheet = b"".join(exporting.pieces("xlsx", exporting.lines(rows)))
    ((_number, cells),) = read(sheet, "表.xlsx")
    _empty()
    done = bring_rows([(2, cells)], organ=world.organs["city"])
    assert "请改用 CSV 或者 JSON" in done.words[0]
    assert not Document.objects.exists()


def test_the_sheet_of_problems_is_brought_again_once_mended(world: World) -> None:
    row = {"organ": "city", "kind": "通知公告", "title": "=1+1", "made_on": "昨天"}
    done = bring_rows([(2, row)], organ=world.organs["city"])
    sheet = b"".join(exporting.problem_pieces(done.batch.problems.all()))
    assert b"'=1+1" in sheet
    assert "成文日期".encode() in sheet
    mended = sheet.replace("昨天".encode(), b"2020-01-02")
    again = bring_rows(read(mended, "问题.csv"), organ=world.organs["city"])
    assert again.counts.taken == 1
    assert Document.objects.get().title == "=1+1"


def test_exporting_asks_no_more_the_more_there_is(world: World, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        _register(
            world,
            number + 1,
            {
                "kind": "notice",
                "title": f"公告{number}",
                "made_on": dt.date(2020, 1, 2),
                "body": "",
                "summary": "",
                "openness": [],
                "releases": [dt.date(2020, 1, 3)],
                "withdrawn": False,
                "ended": False,
            },
        )
    with django_assert_max_num_queries(8):
        assert len(list(exporting.lines(Document.objects.order_by("pk")))) == 30


def test_xlsx_opens_as_a_workbook(world: World) -> None:
    import openpyxl

    content = b"".join(exporting.template())
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["文件", "填写说明"]
    assert book["文件"]["A1"].value == "机关*"
