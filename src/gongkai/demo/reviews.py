"""Documents on their way through the three chains of the seeds: with opinions, a return, a delegation, conditions, a
consultation and secrecy conclusions. All invented; all through the rooms' own actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gongkai.base import clock
from gongkai.demo.places import LY_OFFICE, MENGJIN, PINGDINGSHAN, XIGONG
from gongkai.documents import actions as documents
from gongkai.documents.interpretation.actions import set_plan
from gongkai.documents.models import Document, Edition, Kind
from gongkai.documents.reviewing import KIND, subject_of
from gongkai.organs import actions as staffing
from gongkai.organs import scope
from gongkai.organs.actors import Actor, actors_for
from gongkai.organs.models import Organ, Person, Post, Role
from gongkai.review import actions
from gongkai.review.models import ConsultationReply, ReviewOpinion, ReviewRun, SecrecyConclusion

BODY = "本文件为演示数据，内容系编造，不具有任何效力。"
CLEAR = dict.fromkeys(SecrecyConclusion.QUESTIONS, SecrecyConclusion.Answer.NO.value)
SINCE = dt.date(2015, 1, 1)
MENGJIN_ENDED = dt.date(2021, 3, 17)
BOUND = ((LY_OFFICE, dt.date(2023, 1, 1)), (MENGJIN, dt.date(2021, 1, 1)), (XIGONG, dt.date(2021, 1, 1)))
NOTE = "《中华人民共和国保守国家秘密法实施条例》：先审查、后公开（演示）"
# the post-holders the six steps of T-MJ name by their titles: account, name, role, title
MENGJIN_POSTS = (
    (f"{MENGJIN}-secretary", "钱跟口", Role.OFFICE, "跟口秘书"),
    (f"{MENGJIN}-general", "冯综合", Role.OFFICE, "综合科科长"),
    (f"{MENGJIN}-deputy", "卫县长", Role.LEADER, "主管县长"),
    (f"{MENGJIN}-mayor", "沈县长", Role.LEADER, "县长"),
)
INTERNAL = "内部事务信息，公开属性定为不予公开（条例第十六条第一款）"
ON_REQUEST = "只涉及特定对象，不需要公众广泛知晓（条例第十九条）"


@dataclass(frozen=True)
class Paper:
    """One document to take through the chain. `signers` are accounts or roles, step by step."""

    organ: str
    title: str
    made_on: dt.date
    signers: tuple[str, ...]
    kind: str = Kind.NOTICE.value
    attribute: str = Edition.Attribute.OPEN.value
    reason: str = ""
    facts: tuple[str, ...] = ()
    released: bool = True
    with_organs: tuple[str, ...] = ()
    steps: dict[int, str] = field(default_factory=dict)  # what else happens before a step is signed
    planned: bool = False  # whether a plan of its interpretation is signed with it


_LY = (Role.OFFICE.value, Role.SECRECY.value)
_MJ = (
    f"{MENGJIN}-secretary",
    f"{MENGJIN}-general",
    Role.HEAD.value,
    f"{MENGJIN}-deputy",
    f"{MENGJIN}-mayor",
)
_XG = (Role.OFFICE.value, Role.LEADER.value)
_XG_DOUBTFUL = (Role.OFFICE.value, Role.SECRECY.value, Role.LEADER.value)


def _day(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, day)


PAPERS = (
    Paper(LY_OFFICE, "关于2023年春节期间公园开放时间的通告（演示）", _day(2023, 1, 3), _LY, planned=True),
    Paper(LY_OFFICE, "关于公布政务服务中心春节值班安排的公告（演示）", _day(2023, 1, 4), _LY),
    Paper(LY_OFFICE, "2023年政务公开培训安排（演示）", _day(2023, 1, 5), _LY, kind=Kind.OTHER.value),
    Paper(
        LY_OFFICE,
        "关于调整机关食堂供餐对象的通知（演示）",
        _day(2023, 1, 5),
        _LY,
        attribute=Edition.Attribute.ON_REQUEST.value,
        reason=ON_REQUEST,
        released=False,
    ),
    Paper(
        LY_OFFICE,
        "2023年第一季度机关值班安排（演示）",
        _day(2023, 1, 6),
        _LY,
        kind=Kind.OTHER.value,
        attribute=Edition.Attribute.CLOSED.value,
        reason=INTERNAL,
        released=False,
    ),
    Paper(
        LY_OFFICE,
        "关于城市供水管线改造停水的通告（演示）",
        _day(2023, 1, 9),
        _LY,
        released=False,
        steps={2: "secret"},
    ),
    Paper(MENGJIN, "关于冬季道路交通安全的通告（演示）", _day(2021, 1, 5), _MJ),
    Paper(MENGJIN, "关于调整城区公交线路的公告（演示）", _day(2021, 1, 7), _MJ, steps={2: "return"}),
    Paper(MENGJIN, "关于2021年春节烟花爆竹管理的通告（演示）", _day(2021, 1, 11), _MJ, steps={4: "delegate"}),
    Paper(
        MENGJIN,
        "关于联合开展食品安全检查的通知（演示）",
        _day(2021, 1, 13),
        _MJ,
        with_organs=("孟津县市场监督管理局", "孟津县公安局"),
    ),
    Paper(XIGONG, "关于辖区小学学区划分的公告（演示）", _day(2021, 1, 6), _XG),
    Paper(
        XIGONG,
        "关于老旧小区改造名单的公告（演示）",
        _day(2021, 1, 8),
        _XG_DOUBTFUL,
        steps={1: "doubt", 2: "consult"},
    ),
    Paper(
        XIGONG,
        "关于疫苗接种点调整的通告（演示）",
        _day(2021, 1, 12),
        _XG,
        steps={2: "waiting"},
        released=False,
    ),
)
PLAN: dict[str, Any] = {
    "outline": "一、为什么调整开放时间；二、哪些公园、哪些日期；三、预约和咨询方式（演示）",
    "forms": ["text", "graphic"],
    "ways": "政府网站、政务微信",
    "timing": "咨询较多的，公开后3个工作日内解读",
}
TELEGRAM = "关于做好强降雪天气值守工作的明电（演示）"


def load(organs_by_code: dict[str, Organ], by: Actor) -> None:
    """Bind the three offices, appoint who signs, take the papers through; and the telegram that stays inside (S284)."""
    for code, day in BOUND:
        with clock.on_day(day):
            actions.set_duty(by=by, organ=organs_by_code[code], valid_from=day, kinds=[KIND], note=NOTE)
    for username, name, role, title in MENGJIN_POSTS:
        person = staffing.add_person(by=by, username=username, name=name)
        staffing.appoint(
            by=by,
            person=person,
            organ=organs_by_code[MENGJIN],
            role=role.value,
            valid_from=SINCE,
            valid_to=MENGJIN_ENDED,
            title=title,
        )
    for paper in PAPERS:
        _Way(organs_by_code, paper).go()
    with clock.on_day(_day(2019, 11, 28)):
        telegram = documents.add_document(
            by=by,
            organ=organs_by_code[PINGDINGSHAN],
            kind=Kind.TELEGRAM.value,
            title=TELEGRAM,
            made_on=_day(2019, 11, 28),
            body=BODY,
            attribute=Edition.Attribute.CLOSED.value,
            attribute_reason=INTERNAL,
        )
        documents.close_edition(telegram.editions.get(), by=by)


class _Way:
    """One paper through its chain, a working step a day."""

    def __init__(self, organs_by_code: dict[str, Organ], paper: Paper) -> None:
        self.organs, self.paper = organs_by_code, paper
        self.organ = organs_by_code[paper.organ]
        self.days = _working_days(paper.made_on)
        self.run: ReviewRun
        self.document: Document

    def go(self) -> None:
        self._submit()
        for step, signer in enumerate(self.paper.signers, start=1):
            extra = self.paper.steps.get(step, "")
            if extra == "waiting":
                return
            with clock.on_day(next(self.days)):
                getattr(self, f"_{extra or 'sign'}")(signer)
        with clock.on_day(next(self.days)):
            if not self.run.secrecy.exists():  # a chain without a step of its own for it
                self._conclude()
            if self.paper.released:
                author = self._actor(Role.OFFICE.value, "documents")
                documents.release(self.document, by=author, channel="government_website", on=clock.today())

    def _submit(self) -> None:
        author = Role.HANDLER.value
        paper = self.paper
        with clock.on_day(paper.made_on):
            by = self._actor(author, "documents")
            self.document = documents.add_document(
                by=by,
                organ=self.organ,
                kind=paper.kind,
                title=paper.title,
                made_on=paper.made_on,
                body=BODY,
                attribute=paper.attribute,
                attribute_reason=paper.reason,
            )
            if paper.planned:
                set_plan(self.document.editions.get(), by=by, **PLAN)
            if paper.with_organs:
                documents.set_co_organs(self.document, by=by, names=paper.with_organs)
            word = Edition.Attribute(paper.attribute).label
            self.run = actions.start(
                by=self._actor(author),
                subject=subject_of(self.document.editions.get()),
                facts=paper.facts,
                text=f"建议{word}。{paper.reason}",
            )

    # --- what happens at a step

    def _sign(self, signer: str, text: str = "同意。", raises: tuple[str, ...] = ()) -> None:
        if signer == Role.SECRECY.value:
            self._conclude()
        actions.opine(
            by=self._actor(signer),
            run=self.run,
            opinion=ReviewOpinion.Opinion.AGREE,
            text=text,
            raises=raises,
        )

    def _return(self, signer: str) -> None:
        """Back to the author, who mends the draft and submits anew; the steps before are signed again."""
        actions.return_(by=self._actor(signer), run=self.run, text="首末班时间与附表不一致，请核对。")
        author = self._actor(Role.HANDLER.value, "documents")
        documents.edit_edition(self.document.editions.get(), by=author, body=f"{BODY}首末班时间已核对。")
        actions.resubmit(by=self._actor(Role.HANDLER.value), run=self.run, text="已按意见核对修改。")
        for earlier in self.paper.signers[: self.paper.signers.index(signer)]:
            self._sign(earlier)
        self._sign(signer)

    def _delegate(self, signer: str) -> None:
        """The post-holder is away and lets a colleague sign."""
        holder, colleague = self._person(signer), self._person(Role.LEADER.value)
        post = Post.objects.select_related("organ").get(person=holder, organ=self.organ)
        actions.delegate(
            by=self._actor(signer),
            post=post,
            to=colleague,
            valid_from=clock.today(),
            valid_to=clock.today() + dt.timedelta(days=4),
            reason="外出开会（演示）",
            run=self.run,
        )
        self._sign(Role.LEADER.value, "受托审核，同意。")

    def _doubt(self, signer: str) -> None:
        self._sign(signer, "名单涉及住户，拿不准能否公开，请咨询。", ("doubtful",))

    def _consult(self, signer: str) -> None:
        """Another organ here and one outside are asked, and answer (S270)."""
        asker = self._actor(Role.OFFICE.value)
        asked = actions.consult(
            by=asker,
            run=self.run,
            question="名单中的小区范围由贵单位提供，是否同意公开（演示）",
            organs=[self.organs[f"{XIGONG}-housing"]],
            outside=["西工区国家保密局"],
        )
        for party in asked.parties.all():
            agreed = "" if party.outside else "公布小区名称和改造内容，不公布住户姓名。"
            actions.reply(
                by=asker,
                party=party,
                kind=ConsultationReply.Kind.AGREES_CHANGED if agreed else ConsultationReply.Kind.AGREES,
                agreed_text=agreed,
                text="来函答复（演示）",
            )
        self._sign(signer, "已咨询，按商定的表述公开。")

    def _secret(self, signer: str) -> None:
        """Found to be secret: everybody has signed, and it stays inside."""
        self._conclude(
            SecrecyConclusion.Conclusion.CLOSED,
            answers=CLEAR | {"state_secret": SecrecyConclusion.Answer.YES.value},
            note="附图含管线坐标，属于国家秘密，不得公开（演示）。",
        )
        actions.opine(
            by=self._actor(signer),
            run=self.run,
            opinion=ReviewOpinion.Opinion.AGREE,
            text="按结论不予公开，备案。",
        )

    def _conclude(self, conclusion: str = SecrecyConclusion.Conclusion.OPEN, **more: Any) -> None:
        given = {"answers": CLEAR} | more
        actions.conclude_secrecy(
            by=self._actor(Role.SECRECY.value), run=self.run, conclusion=conclusion, **given
        )

    # --- who

    def _person(self, signer: str) -> Person:
        code = signer if "-" in signer else f"{self.paper.organ}-{signer}"
        return Person.objects.get(username=code)

    def _actor(self, signer: str, register: str = "review") -> Actor:
        known = scope.viewer(self._person(signer), clock.today())
        return next(iter(actors_for(known, register, self.organ.path)))


def _working_days(start: dt.date) -> Iterator[dt.date]:
    """The weekdays after a day; the holidays of the demo's dates lie elsewhere."""
    day = start
    while True:
        day += dt.timedelta(days=1)
        if day.weekday() < 5:
            yield day
