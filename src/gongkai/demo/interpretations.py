"""The demo's interpretations of policies: 32 of 2019 and 169 of 2022 at the office of Luoyang, 35 of 2019 in Pingdingshan (S056),
each linked to the documents it explains, in the forms and within the term the reports tell of (S057–S064, S289)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.base import clock
from gongkai.demo.places import LUOYANG, LY_OFFICE, MENGJIN, PINGDINGSHAN
from gongkai.demo.with_documents import BOUND_SINCE, FORMS
from gongkai.documents import actions as documents
from gongkai.documents.interpretation import actions
from gongkai.documents.interpretation.models import Content
from gongkai.documents.models import Document
from gongkai.law.workdays import Calendar
from gongkai.organs import calendars
from gongkai.organs.actors import Actor
from gongkai.organs.models import Organ

IN_2019, IN_2022, AT_PINGDINGSHAN = 32, 169, 35
# Whole trees are bound from these days on; what was issued before has no duty.
TREES = {LUOYANG: dt.date(2022, 1, 1), PINGDINGSHAN: dt.date(2020, 1, 1)}
BASIS = {
    LY_OFFICE: "洛阳市政策解读工作办法（演示）：谁起草、谁解读，文件公开后3日内发布解读",
    MENGJIN: "孟津县政务公开解读回应工作制度（演示）：解读方案随请示一并报送",
}
LATE = 2  # of the office's documents of 2021, so many interpreted late; the last one not yet
# S289: older documents that were explained in 2019, with the organ that drafted them
CIVILISED_CITY, CLEAN_AIR = "创建全国文明城市五年规划", "大气污染防治专项行动方案"
OLDER = (
    (CIVILISED_CITY, "pds-d14", dt.date(2018, 3, 12)),
    (CLEAN_AIR, "pds-d12", dt.date(2018, 6, 25)),
)
TEXT = (
    "一、背景依据：为落实上级部署，结合本地实际制定。\n二、主要内容：明确了工作目标、适用范围和主要措施。\n"
    "三、执行口径和操作方法：由起草机关负责解释，按文件规定的程序办理。\n四、咨询方式：见本机关政府信息公开指南。\n"
    "（演示数据，内容系编造。）"
)
WORDS = {
    "text": "文字解读",
    "graphic": "一图读懂",
    "interview": "在线访谈",
    "briefing": "新闻发布会实录",
    "dialogue": "政策互动问答",
    "video": "视频解读",
}


@dataclass(frozen=True)
class Planned:
    """One interpretation to register: of `document`, in a form, released on a day."""

    document: Document
    form: str
    released_on: dt.date
    topic: str = ""


def load(organs: dict[str, Organ], by: Actor) -> None:
    """Settings, the two older documents, and every interpretation, oldest first."""
    _bind(organs, by)
    older = _older(organs, by)
    calendar = calendars.for_region(organs[LUOYANG].region)
    plan = [
        *_office_in_time(organs[LY_OFFICE], calendar),
        *_office_2022(organs[LY_OFFICE]),
        *_mengjin(organs[MENGJIN], calendar),
        *_pingdingshan(organs[PINGDINGSHAN], older),
    ]
    for planned in sorted(plan, key=lambda one: (one.released_on, one.document.pk, one.form)):
        _register(planned, by)


def _bind(organs: dict[str, Organ], by: Actor) -> None:
    for code, since in {**TREES, **BOUND_SINCE}.items():
        actions.set_choices(
            by=by,
            organ=organs[code],
            kinds=["rules", "normative_docs"],
            marked=True,
            days=3,
            since=since,
            basis=BASIS.get(code, "政策解读工作办法（演示）"),
        )


def _register(planned: Planned, by: Actor) -> None:
    document, form = planned.document, planned.form
    with clock.on_day(planned.released_on):
        row = actions.add_interpretation(
            by=by,
            documents=[document],
            title=f"{WORDS[form]}：{document.title}",
            form=form,
            made_on=min(max(document.made_on, dt.date(planned.released_on.year, 1, 1)), planned.released_on),
            body=TEXT,
            topic=planned.topic,
            contents=Content.values,
        )
        documents.release(row.document, by=by, channel="government_website", on=planned.released_on)


def _older(organs: dict[str, Organ], by: Actor) -> list[Document]:
    """Two policies of Pingdingshan from before 2019, drafted by departments and marked important."""
    made = []
    for title, drafter, day in OLDER:
        with clock.on_day(day):
            document = documents.add_document(
                by=by,
                organ=organs[PINGDINGSHAN],
                kind="other",
                title=f"平顶山市{title}（演示）",
                made_on=day,
                body="本文件为演示数据，内容系编造，不具有任何效力。",
            )
            actions.mark_important(document, by=by, reason="需要公众广泛知晓（演示）")
            actions.set_plan(
                document.editions.get(),
                by=by,
                outline="目标任务、主要措施、公众怎样参与（演示）",
                forms=["text", "graphic", "interview"],
                ways="政府网站、新闻发布会",
                timing="文件公开后分批解读",
                drafter=organs[drafter],
            )
            documents.release(document, by=by, channel="government_website", on=day)
        document.refresh_from_db()
        made.append(document)
    return made


def _of(organ: Organ, kinds: Sequence[str], first: dt.date, last: dt.date) -> list[Document]:
    rows = Document.objects.filter(organ=organ, kind__in=kinds, first_released_on__range=(first, last))
    return list(rows.select_related("organ").order_by("first_released_on", "pk"))


def _soon(document: Document, days: int, calendar: Calendar) -> dt.date:
    """The day a document came out, or so many working days after."""
    released = document.first_released_on or document.made_on
    return calendar.add(released, days) if days else released


def _office_in_time(office: Organ, calendar: Calendar) -> Iterator[Planned]:
    """One interpretation of each document since the office bound itself, with the document or up to three working days
    after; of 2021 some late, and one not yet there."""
    bound = _of(office, ["normative_docs"], BOUND_SINCE[LY_OFFICE], dt.date(2022, 12, 31))
    in_2021 = [one for one in bound if one.made_on.year == 2021]
    late, missing = {one.pk for one in in_2021[-LATE - 1 : -1]}, in_2021[-1].pk
    for number, document in enumerate(bound):
        if document.pk != missing:
            days = 6 if document.pk in late else number % 4
            yield Planned(document, FORMS[number % 2], _soon(document, days, calendar))


def _office_2022(office: Organ) -> Iterator[Planned]:
    """Further forms of what came out in 2022, then of older documents, until there are 169 in the year."""
    new = _of(office, ["normative_docs"], dt.date(2022, 1, 1), dt.date(2022, 12, 31))
    old = _of(office, ["normative_docs"], BOUND_SINCE[LY_OFFICE], dt.date(2021, 12, 31))[:-1]
    further = [
        Planned(document, form, _later(document, round_))
        for round_, form in enumerate(FORMS[2:5])
        for document in new
    ]
    left = IN_2022 - len(new) - len(further)
    explained_again = [
        Planned(document, FORMS[2 + number % 4], dt.date(2022, 2, 7) + dt.timedelta(days=5 * number))
        for number, document in enumerate(old[:left])
    ]
    yield from [*further, *explained_again]


def _later(document: Document, round_: int) -> dt.date:
    """Within the year, a week or more after the document."""
    released = document.first_released_on or document.made_on
    return min(released + dt.timedelta(days=6 + 3 * round_), dt.date(2022, 12, 30))


def _mengjin(mengjin: Organ, calendar: Calendar) -> Iterator[Planned]:
    """One of each document of 2020, in the five forms the county's report names (S063)."""
    rows = _of(mengjin, ["normative_docs"], BOUND_SINCE[MENGJIN], dt.date(2020, 12, 31))
    for number, document in enumerate(rows):
        yield Planned(document, FORMS[number % 5], _soon(document, number % 4, calendar))


def _pingdingshan(city: Organ, older: Sequence[Document]) -> Iterator[Planned]:
    """Of the year's own documents one each; the other articles explain the two older policies (S289)."""
    own = _of(city, ["rules", "normative_docs"], dt.date(2019, 1, 1), dt.date(2019, 12, 31))
    for number, document in enumerate(own):
        released = (document.first_released_on or document.made_on) + dt.timedelta(days=number % 5)
        yield Planned(document, FORMS[number % 2], released, "政策文件")
    for number in range(AT_PINGDINGSHAN - len(own)):
        topic = (CIVILISED_CITY, CLEAN_AIR)[number % 2]
        day = dt.date(2019, 2, 18) + dt.timedelta(days=17 * number)
        yield Planned(older[number % 2], FORMS[number // 2 % len(FORMS)], day, topic)
