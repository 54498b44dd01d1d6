"""`gongkai demo --full`: what the demo otherwise counts by the month stands in the register one by one.

Each monthly count of releases is taken back, and as many documents come in its place through the bulk import: same organ,
channel, account, type, form and month, so that every figure stays what it is. An organ's year is one transaction: a run
that was cut off goes on with the next, and a second run finds nothing to do.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.db import transaction

from gongkai import home
from gongkai.base import audit, clock
from gongkai.base.fields import within
from gongkai.base.models import Tally
from gongkai.base.tallies import UNTOLD
from gongkai.documents.bulk import batches
from gongkai.documents.bulk.importing import Import
from gongkai.documents.channel_tallies import DOCUMENTS, RELEASES
from gongkai.documents.kinds import Kind, rules_of
from gongkai.documents.models import Account
from gongkai.organs import tallies
from gongkai.organs.actors import Actor, system
from gongkai.organs.models import Organ

FROM = dt.date(2019, 1, 1)  # the year before is known by its total only, as in the report
REASON = "改为逐条登记（演示全量数据）"
BODY = (
    "本信息为演示数据，内容系编造，不具有任何效力。\n"
    "会议传达学习了上级有关文件精神，听取了前一阶段工作情况汇报，研究部署了下一步重点任务。\n"
    "会议要求，各有关单位要压实责任、细化措施、加强协作，按时间节点推进各项工作落实。"
)
_TOPICS = (
    "优化营商环境", "城市更新", "大气污染防治", "义务教育招生", "安全生产", "防汛抗旱", "乡村振兴", "食品安全",
    "文物保护", "政务服务", "重点项目建设", "秋冬季森林防火", "农民工工资支付", "老旧小区改造", "河湖管理",
    "公共卫生", "就业创业", "养老服务", "交通秩序整治", "科技创新",
)  # fmt: skip
_SHAPES = {
    Kind.NEWS: ("{organ}召开{topic}工作推进会", "{organ}开展{topic}专项检查", "{organ}：{topic}工作见成效", "我市{topic}工作综述"),
    Kind.NOTICE: ("关于{topic}有关事项的公告", "关于开展{topic}工作的通知", "{topic}公示"),
    Kind.OTHER: ("{organ}关于做好{topic}工作的函", "关于成立{topic}工作专班的通知"),
    Kind.LIST: ("{topic}事项清单", "{topic}责任清单"),
    Kind.LEGISLATION: ("{topic}有关法规",),
    Kind.MEETING: ("{organ}研究{topic}工作会议",),
    Kind.PERSONNEL: ("关于任免职务的通知",),
}  # fmt: skip
_PLAIN = ("{organ}{topic}工作信息",)


@dataclass
class _Paper:
    """One document to come, with its releases."""

    kind: str
    group: str
    releases: list[tuple[dt.date, str, str, str]] = field(default_factory=list)  # day, channel, account, form


def expand(say: Callable[[str], None] = print, below: str = "", only: int = 0) -> int:
    """Bring the full volume, for the organs below the path `below` and the year `only` if they are given; returns how many
    documents came."""
    came = 0
    with clock.on_day(dt.date.fromisoformat(home.DEMO_DATE)):
        found = [one for one in _counts(below) if only in (0, one.period_from.year)]
        years = [
            (path, year, list(rows))
            for (path, year), rows in groupby(found, lambda one: (one.path, one.period_from.year))
        ]
        for place, (_path, year, rows) in enumerate(years, start=1):
            came += _one_year(system("demo"), rows[0].organ, year, rows)
            audit.seal_waiting()
            say(f"  {rows[0].organ.name}{year}年（{place}/{len(years)}），累计 {came:,} 件")
    return came


def _counts(below: str) -> list[Tally]:
    rows = Tally.objects.filter(
        measure__in=(RELEASES, DOCUMENTS),
        period_from__gte=FROM,
        value__gt=0,
        superseded_by__isnull=True,
    )
    if below:
        rows = rows.filter(within("path", below))
    return list(rows.select_related("organ").order_by("path", "period_from__year", "period_from", "pk"))


@transaction.atomic
def _one_year(by: Actor, organ: Organ, year: int, counts: list[Tally]) -> int:
    for count in counts:
        tallies.supersede_tally(count, by=by, value=None, reason=REASON)
    papers = _papers([one for one in counts if one.measure == RELEASES])
    distinct = sum(int(one.value or 0) for one in counts if one.measure == DOCUMENTS)
    if distinct:
        papers = _joined(papers, distinct)
    mark = hashlib.sha256(f"{organ.path}{year}".encode()).hexdigest()
    batch = batches.begin(by=by, organ=organ, name=f"演示全量-{organ.code}-{year}.csv", sha256=mark)
    job = Import(by=by, organ=organ, batch=batch)
    job.run(enumerate(_rows(organ, year, papers), start=2))
    if job.counts.taken != len(papers):
        words = batch.problems.values_list("words", flat=True).first()
        raise RuntimeError(f"{organ.code} {year}: {job.counts.taken} of {len(papers)} documents; {words!s}")
    batches.finish(batch)
    return job.counts.taken


def _papers(counts: list[Tally]) -> list[_Paper]:
    """A document for every release counted, spread over the count's days."""
    told = {(one.dimensions["channel"], one.dimensions.get("kind", UNTOLD)) for one in counts}
    names = {str(pk): name for pk, name in Account.objects.values_list("pk", "name")}
    found = []
    for one in counts:
        dims = {name: "" if value == UNTOLD else value for name, value in one.dimensions.items()}
        kind = dims.get("kind") or (Kind.LIST if (dims["channel"], Kind.NEWS) in told else Kind.NEWS)
        days = (one.period_to - one.period_from).days + 1
        account, number = names.get(dims.get("account", ""), ""), int(one.value or 0)
        for place in range(number):
            day = one.period_from + dt.timedelta(days=place * days // number)
            release = (day, dims["channel"], account, dims.get("form", ""))
            found.append(_Paper(str(kind), dims.get("group", ""), [release]))
    return found


def _joined(papers: list[_Paper], distinct: int) -> list[_Paper]:
    """So many documents and no more: what is over comes out as another channel's release of one that is there."""
    papers = sorted(papers, key=lambda one: (one.kind != Kind.NEWS, one.releases[0][1]))
    kept, over = papers[:], len(papers) - distinct
    plain = [one for one in papers if one.kind == Kind.NEWS and not one.group]
    channels = sorted({one.releases[0][1] for one in plain})
    first = [one for one in plain if one.releases[0][1] == channels[0]]
    others = [one for one in plain if one.releases[0][1] != channels[0]]
    if over < 0 or over > min(len(first), len(others)):
        raise RuntimeError(f"{len(papers)} releases cannot be those of {distinct} documents")
    gone = set()
    for paper, again in zip(first, others[:over], strict=False):
        paper.releases.extend(again.releases)
        gone.add(id(again))
    return [one for one in kept if id(one) not in gone]


def _rows(organ: Organ, year: int, papers: list[_Paper]) -> Iterator[dict[str, str]]:
    short = organ.name.removesuffix("人民政府")
    for number, paper in enumerate(papers, start=1):
        shapes = _SHAPES.get(Kind(paper.kind), _PLAIN)
        topic = _TOPICS[number * 7 % len(_TOPICS)]
        title = shapes[number % len(shapes)].format(organ=short, topic=topic)
        releases = sorted(paper.releases)
        row = {
            "kind": paper.kind,
            "title": f"{title}（{year}年演示第{number}号）",
            "made_on": releases[0][0].isoformat(),
            "key": f"full-{year}-{number}",
            "text": BODY,
            "group": paper.group,
            "released_on": "\n".join(day.isoformat() for day, *_rest in releases),
            "channel": "\n".join(channel for _day, channel, *_rest in releases),
            "account": "\n".join(account or "—" for *_rest, account, _form in releases),
            "form": "\n".join(form or "—" for *_rest, form in releases),
        }
        if rules_of(paper.kind).appointments:
            row["appointments"] = f"演示人员{number} 任命 演示市第{number}局副局长"
        yield {key: text for key, text in row.items() if text and text != "—"}
