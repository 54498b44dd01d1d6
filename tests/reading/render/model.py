"""A report to print: figures of a random valid form, some cells left blank, and the words around the tables."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from decimal import Decimal

from gongkai.forms.derive import derive
from gongkai.forms.figures import CellContent, Figures
from gongkai.forms.layout import FORMS, Form, RowKind, Unit

ORGANS = ("青石市人民政府", "临河县自然资源局", "白塔区人民政府办公室", "云岭镇人民政府")
OVERVIEW = (
    "{year}年，我机关认真贯彻落实《中华人民共和国政府信息公开条例》，不断加大公开力度，各项工作取得新的进展。",
    "（一）主动公开。全年通过政府网站发布各类信息{a}条，政务新媒体发布信息{b}条，解读政策文件{c}件。",
    "（二）依申请公开。进一步规范办理流程，依法依规答复申请人，没有超过期限答复的情形。",
    "（三）政府信息管理。完善信息发布审核制度，坚持先审后发，确保信息安全。",
    "（四）平台建设。优化政府网站栏目设置，清理无人维护的账号，改进检索功能。",
    "（五）监督保障。组织业务培训{d}次，参加人员{e}人次。",
)
PROBLEMS = (
    "存在的主要问题：一是公开内容还不够全面，二是工作人员业务能力有待提高。",
    "改进情况：下一步将加强业务培训，完善工作制度，进一步提高公开质量。",
)


# Some publishers print the form of 2021 with one row （六）其他处理 instead of three below it.
ONE_OTHER_ROW = replace(
    FORMS["fmt2021"],
    lines=tuple(
        replace(line, kind=RowKind.DATA) if line.key == "other" else line
        for line in FORMS["fmt2021"].lines
        if "other" not in line.path
    ),
)


@dataclass(frozen=True)
class Printed:
    """A report to print. ``blank`` holds the paths left empty; ``figures`` what would stand there."""

    organ: str
    year: int
    figures: Figures
    blank: frozenset[str] = frozenset()
    overview: tuple[str, ...] = ()
    problems: tuple[str, ...] = PROBLEMS
    rng: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311

    @property
    def form(self) -> Form:
        return self.figures.form

    @property
    def title(self) -> str:
        return f"{self.organ}{self.year}年政府信息公开工作年度报告"

    def text(self, path: str) -> str:
        """A cell as printed: "" where it is blank, four decimals for money."""
        if path in self.blank:
            return ""
        number = self.figures.number(path)
        return format(number, ".4f") if isinstance(number, Decimal) else str(number)


def random_report(rng: random.Random, form: Form | None = None, blanks: int = 0) -> Printed:
    """A valid report: every identity holds, most cells are 0, some numbers are large."""
    form = form or rng.choice([*FORMS.values(), *FORMS.values(), ONE_OTHER_ROW])
    figures = _figures(rng, form)
    year = rng.choice((2019, 2020)) if form.key == "fmt2019" else rng.choice((2021, 2022, 2023, 2024))
    if rng.random() < 0.1:  # the form of the wrong year
        year = 2021 if form.key == "fmt2019" else 2020
    numbers = {name: rng.randint(1, 9000) for name in "abcde"}
    return Printed(
        rng.choice(ORGANS),
        year,
        figures,
        frozenset(rng.sample(form.paths, blanks)),
        tuple(line.format(year=year, **numbers) for line in OVERVIEW),
        rng=rng,
    )


def _figures(rng: random.Random, form: Form) -> Figures:
    def number() -> int:
        return rng.choice((0, 0, 0, 0, 0, 1, 1, 2, 3, rng.randint(0, 60), rng.randint(0, 2000)))

    columns = [column.key for column in form.applicants if column.key != "total"]
    quiet = {column for column in columns if column != "natural_person" and rng.random() < 0.4}
    cells: dict[str, CellContent] = {}
    for cell in form.cells():
        column = cell.path.rpartition(".")[2]
        if cell.unit is Unit.MONEY_WAN:
            cells[cell.path] = Decimal(rng.choice((0, 1300, rng.randint(0, 10**10)))).scaleb(-4)
        elif cell.unit is Unit.CHANGE:
            cells[cell.path] = rng.randint(-50, 80)
        elif cell.table == "table2":
            cells[cell.path] = rng.choice((0, number(), rng.randint(0, 1500000)))
        elif column != "total":
            cells[cell.path] = 0 if column in quiet else number()
    for column in columns:
        done = sum(cells[f"table3.{line.key}.{column}"] for line in form.leaves())  # type: ignore[misc]
        done += cells[f"table3.carried_out.{column}"]  # type: ignore[operator]
        carried_in = min(cells[f"table3.carried_in.{column}"], done)  # type: ignore[type-var]
        cells[f"table3.carried_in.{column}"] = carried_in
        cells[f"table3.new_received.{column}"] = done - carried_in  # type: ignore[operator]
        del cells[f"table3.outcome_total.{column}"]
    for path in list(cells):
        row, _, column = path.rpartition(".")
        if column == "total_disclosed":
            cells[path] += cells[f"{row}.newly_disclosed_this_year"]  # type: ignore[operator]
        elif column == "change_this_year":
            cells[path] = max(cells[path], -cells[f"{row}.prev_year_items"])  # type: ignore[type-var, operator]
    return derive(Figures(form, cells))
