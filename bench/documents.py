"""A register of documents with titles, numbers and texts, written in bulk: words as frequent as in a language, few of them very."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import rjieba
from django.db import transaction

from bench.city import City
from bench.copying import Row, Table
from gongkai.base import clock
from gongkai.documents.channels import WEBSITE
from gongkai.documents.models import Channel, Document, Edition, Kind, Release

BATCH = 5_000
WORDS_IN_A_TEXT = 220
_FIRST, _DAYS = dt.date(2010, 1, 1), 4_700
_LETTERS = (
    "市政府公开信息工作管理办法通知规定实施意见方案安全生产环境保护城乡建设住房保障教育卫生医疗社会事业发展经济"
    "农业水利交通运输文化旅游科技人才就业养老服务项目资金预算决算审计监督检查处罚许可登记备案审批标准质量食品药品"
    "土地规划征收补偿拆迁改造道路桥梁河道森林绿化污染防治节能减排能源电力燃气供水排水供热停车公共租赁贷款税费价格"
    "企业投资招商引资开放合作贸易海关港口物流邮政通信网络数据平台系统技术创新研究大学学校学生招收录取考试培训"
)


@dataclass(frozen=True)
class Vocabulary:
    """Real words of two characters; the n-th is about n times rarer than the first."""

    words: tuple[str, ...]
    weights: tuple[float, ...]

    @classmethod
    def made(cls) -> Vocabulary:
        """Every pair of common characters that the dictionary knows, in an order that is the same everywhere."""
        known = rjieba.Jieba()
        letters = sorted(set(_LETTERS))
        words = [
            first + second for first, second in product(letters, repeat=2) if known.has_word(first + second)
        ]
        random.Random(7).shuffle(words)  # noqa: S311
        return cls(tuple(words), tuple(1 / (place + 3) for place in range(len(words))))


class Writer:
    """Writes documents, each released on the day it was made. The same every time."""

    def __init__(self, city: City) -> None:
        self._organs = [office.organ for office in city.offices]
        self._chance = random.Random(11)  # noqa: S311
        self.vocabulary = Vocabulary.made()
        self._tables = Table(Document), Table(Edition), Table(Release)

    def fill(self, size: int) -> None:
        """Write so many, a batch to a transaction."""
        for start in range(0, size, BATCH):
            with transaction.atomic():
                self._write(range(start, min(start + BATCH, size)))

    def _write(self, serials: range) -> None:
        documents, editions, releases = self._tables
        firsts = [table.first_key() for table in self._tables]
        rows = list(self._rows(serials, *firsts))
        documents.insert([row[0] for row in rows])
        editions.insert([row[1] for row in rows])
        releases.insert([row[2] for row in rows])

    def _rows(
        self, serials: range, document: int, edition: int, release: int
    ) -> Iterator[tuple[Row, Row, Row]]:
        documents, editions, releases = self._tables
        website = Channel.objects.get(key=WEBSITE).pk
        for place, serial in enumerate(serials):
            organ = self._organs[self._chance.randrange(len(self._organs))]
            day = _FIRST + dt.timedelta(days=self._chance.randrange(_DAYS))
            words = self._chance.choices(self.vocabulary.words, self.vocabulary.weights, k=WORDS_IN_A_TEXT)
            title = f"关于{''.join(words[:4])}的{self._chance.choice(('通知', '意见', '办法', '批复'))}"
            body = "，".join("".join(words[at : at + 8]) for at in range(4, len(words), 8)) + "。"
            now = dt.datetime.combine(day, dt.time(9), clock.SHANGHAI)
            yield (
                documents.row(
                    {
                        "id": document + place,
                        "organ_id": organ.pk,
                        "path": organ.path,
                        "kind": Kind.NORMATIVE if serial % 3 else Kind.OTHER,
                        "number": f"测政〔{day.year}〕{serial + 1}号",
                        "made_on": day,
                        "entered_by": "system:bench",
                        "recorded_at": now,
                        "title": title,
                        "first_released_on": day,
                    },
                    {},
                ),
                editions.row(
                    {
                        "id": edition + place,
                        "document_id": document + place,
                        "seq": 1,
                        "title": title,
                        "body": body,
                        "closed": True,
                    },
                    {},
                ),
                releases.row(
                    {
                        "id": release + place,
                        "document_id": document + place,
                        "edition_id": edition + place,
                        "channel_id": website,
                        "on": day,
                        "actor": "system:bench",
                        "recorded_at": now,
                    },
                    {},
                ),
            )
