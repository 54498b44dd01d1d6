"""Personal names in lists: rows of names as 公示 lists print them. One name in a sentence is not a list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .finding import Finding, Kind, Weight

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳"
    "翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾"
    "尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛"
    "仲虞敖巩明佘池查麻苑迟邝"
)
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "司徒")
_MASKED = re.compile(r"[*×Xx某○〇]")
# Words that look like a name and stand in every second document.
_NOT_NAMES = frozenset(
    re.findall(
        r"\w+",
        "时间 方法 单位 金额 文件 项目 名称 成绩 和谐 安全 全市 全县 全区 明确 成立 连续 时限 向上 方案 申请 任务 高度 施工 "
        "关于 何时 管理 曲线 和平 章程 文化 于此 应当 应急 金融 石油 马路 万元 万人 万亩 项下 路线 房屋 房产 车辆 车型 江苏 江西 "
        "安徽 安排 宁夏 云南 黄河 长江 古城 高新区 高新 高级 高中 文体 文旅 文明 包括 包含 全年 全部 全国 全省 成本 成果 成员 成效 "
        "程序 程度 严格 严重 余额 许可 单价 解读 解释 向前 水利 农业 农村 农民 农田 农机 司法 司机 商务 商业 商品 费用 费率 章节 "
        "党委 党员 党组 党建 党校 宫殿 应付 时代 时期 房间 路灯 路段 游客 游泳 明年 明细 和解 师范 师资 成年 成人 荣誉 贺信 温度 ",
    )
)
_SEPARATED = re.compile(r"[\s、，,；;：:|/\t\u3000]+")
_FEWEST = 4


def find(text: str) -> Iterator[Finding]:
    """Lists of at least four names: names in a row, or rows that each carry one."""
    in_rows: list[str] = []
    last_line = -2
    for number, line in enumerate(text.splitlines()):
        found = _names_in(line)
        if len(found) >= _FEWEST:
            yield _listed(found)
            continue
        if len(found) == 1 or (found and len(line) < 80):
            if number - last_line > 2:
                yield from _flush(in_rows)
            in_rows += found
            last_line = number
    yield from _flush(in_rows)


def _flush(names: list[str]) -> Iterator[Finding]:
    if len(names) >= _FEWEST:
        yield _listed(list(names))
    names.clear()


def _names_in(line: str) -> list[str]:
    """The cells of a line that are full names. Only lines that read like cells count, not sentences."""
    if len(line) > 4000:
        return []
    cells = [cell for cell in _SEPARATED.split(line.strip()) if cell]
    joined, position = [], 0
    while position < len(cells):  # 张 三, as tables space two-character names
        pair = cells[position : position + 2]
        if len(pair) == 2 and len(pair[0]) == len(pair[1]) == 1 and pair[0] in _SURNAMES:
            joined.append("".join(pair))
            position += 2
        else:
            joined.append(cells[position])
            position += 1
    return [cell for cell in joined if is_name(cell)]


def is_name(word: str) -> bool:
    """Whether `word` alone is most likely a Chinese personal name, not masked."""
    if not 2 <= len(word) <= 4 or word in _NOT_NAMES or _MASKED.search(word):
        return False
    if not all("\u4e00" <= character <= "\u9fff" for character in word):
        return False
    if word.startswith(_COMPOUND):
        return len(word) >= 3
    return (
        len(word) <= 3 and word[0] in _SURNAMES and word[-1] not in "局部委办处科室县市区镇乡村省院会站所厂"
    )


def _listed(names: list[str]) -> Finding:
    shown = "、".join(name[0] + "*" * (len(name) - 1) for name in names[:5])
    return Finding(
        Kind.NAMES,
        Weight.WARN,
        f"疑似名单，有{len(names)}个姓名。公示名单请核对依据和必要范围，不需要全名的请遮盖。",
        f"{shown}{'…' if len(names) > 5 else ''}",
    )
